//! Read, compare, and write only what differs.

use crate::catalog::{Operation, Product};
use crate::error::{Error, Result, Status};

use super::check;
use super::log::Level;
use super::message::{CallbackConfig, NOTHING, config_body};
use super::response::{Change, Response};
use super::retry::Call;

/// How often another host may change the configuration between our reading and our writing before we give up.
const ROUNDS: u32 = 4;

/// Makes the configuration what it should be.
pub(super) fn ensure(
    call: &mut Call<'_>,
    product: Product,
    url: &str,
    commands: &[&str],
) -> Result<Response> {
    let body = config_body(url, commands);
    let mut maybe_ours = false;
    let mut round = 1;
    loop {
        let found = find(call)?;
        let operation = match &found {
            Some(found) if is_same(found, url, commands) => {
                return Ok(unchanged(found.clone(), maybe_ours));
            }
            Some(_) if product.has(Operation::Update) => Operation::Update,
            _ => Operation::Set,
        };
        let outcome = call.send(operation, &body);
        maybe_ours |= outcome.ambiguous;
        match outcome.result {
            Ok(reply) => {
                let change = if found.is_some() { Change::Updated } else { Change::Created };
                return Ok(Response { report: reply.report, change, previous: found });
            }
            Err(error) if is_race(&error, operation) && round < ROUNDS => {
                let text = "another host changed the configuration meanwhile: reading it again";
                call.log(Level::Info, operation, || text.to_owned());
                round += 1;
            }
            Err(error) => return Err(error),
        }
    }
}

/// The configuration is as asked for; after a write whose end is not known, perhaps by our own doing.
fn unchanged(found: CallbackConfig, maybe_ours: bool) -> Response {
    let report = found.report.clone();
    match maybe_ours {
        true => Response { report, change: Change::Written, previous: None },
        false => Response { report, change: Change::Unchanged, previous: Some(found) },
    }
}

fn is_race(error: &Error, operation: Operation) -> bool {
    matches!(
        (operation, error.status()),
        (Operation::Set, Status::AlreadyExists) | (Operation::Update, Status::NotFound)
    )
}

fn find(call: &mut Call<'_>) -> Result<Option<CallbackConfig>> {
    match get(call) {
        Ok(found) => Ok(Some(found)),
        Err(error) if error.status() == Status::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// Reads the configuration. [`Status::NotFound`] if there is none, whichever way Tencent says so.
pub(super) fn get(call: &mut Call<'_>) -> Result<CallbackConfig> {
    let reply = call.send(Operation::Get, NOTHING).result?;
    let found = reply.config().map_err(|error| {
        let message = call.about(Operation::Get, error.message());
        Error::new(error.status(), message).with_report(error.report().clone())
    })?;
    found.ok_or_else(|| {
        let message = call.about(Operation::Get, "there is no callback configuration: set one");
        Error::new(Status::NotFound, message).with_report(reply.report)
    })
}

/// Whether a configuration is the one asked for.
pub(super) fn is_same(found: &CallbackConfig, url: &str, commands: &[&str]) -> bool {
    let listed = found.commands.iter().map(String::as_str);
    found.url == url && check::same_commands(listed, commands.iter().copied())
}
