//! The client and its five calls.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use crate::catalog::{Operation, Product};
use crate::error::{Error, Result, Status};
use crate::fork::PerProcess;

use super::cancel::{Cancel, Cancels};
use super::check;
use super::ensure;
use super::message::{CallbackConfig, NOTHING, config_body};
use super::options::Options;
use super::response::{Change, Response};
use super::retry::{Call, Outcome, maybe_done};
use super::settings::{self, Settings};
use super::state::State;
use super::tls::Tls;
use super::url::check_callback_url;

/// Configures callbacks over Tencent's REST API.
///
/// Any number of threads may use one client at once. Each call blocks its thread until its deadline at most. A client made
/// before `fork` works in the child: there it opens its own connections, and counts its own requests against the rate limit.
pub struct Client {
    shared: Arc<Shared>,
    timeout: Duration,
    cancels: Cancels,
}

/// What a client and those made of it by [`Client::with_timeout_ms`] and [`Client::with_cancel`] have in common.
struct Shared {
    settings: Settings,
    state: PerProcess<State>,
}

impl Client {
    /// Checks the options. Nothing is sent and no thread is started.
    ///
    /// # Errors
    /// [`Status::InvalidOption`] with the name of the setter at fault.
    pub fn new(options: Options) -> Result<Client> {
        let settings = Settings::new(options)?;
        if settings.ca_file.is_some() || settings.crl_file.is_some() {
            Tls::new(&settings)?;
        }
        let timeout = settings.timeout;
        let shared = Arc::new(Shared { settings, state: PerProcess::new() });
        Ok(Client { shared, timeout, cancels: Cancels::default() })
    }

    /// The same client with an earlier deadline for its calls: 1 to 3600000 ms; this one's own holds if that is earlier still. They
    /// share connections, rate limit and UserSig; it costs next to nothing, and either may be dropped first.
    ///
    /// # Errors
    /// [`Status::InvalidArgument`] if it is out of its range.
    pub fn with_timeout_ms(&self, timeout_ms: u64) -> Result<Client> {
        let timeout = settings::timeout("timeout_ms", timeout_ms)
            .map_err(|error| Error::new(Status::InvalidArgument, error.message()))?;
        Ok(self.derived(timeout.min(self.timeout), self.cancels.clone()))
    }

    /// The same client, whose calls another thread can give up; those that could give up this one's still can. They share
    /// connections, rate limit and UserSig; it costs next to nothing, and any of the three may be dropped first.
    ///
    /// Once `cancel` is requested, a call that is under way and any that is begun fail with [`Status::Cancelled`]. Waits end within
    /// 50 ms: for a name, a connection, an answer, the rate limit or the next attempt. What an attempt has sent may have been
    /// carried out all the same.
    pub fn with_cancel(&self, cancel: &Cancel) -> Client {
        self.derived(self.timeout, self.cancels.and(cancel))
    }

    fn derived(&self, timeout: Duration, cancels: Cancels) -> Client {
        Client { shared: Arc::clone(&self.shared), timeout, cancels }
    }

    /// `set_callback`: writes a configuration. For Conference it creates one and fails with [`Status::AlreadyExists`] if there
    /// is one ([`Change::Created`]); for Call it replaces any other ([`Change::Written`]).
    ///
    /// If Tencent says that one exists after an attempt whose end is not known, and it is the one asked for, that is success.
    ///
    /// # Errors
    /// Before anything is sent: [`Status::InvalidUrl`], [`Status::EmptyCommandList`], [`Status::UnknownCommand`],
    /// [`Status::UnsupportedOperation`]. Then any status from 200 to 399; the report tells what Tencent said.
    pub fn set_callback(&self, product: Product, url: &str, commands: &[&str]) -> Result<Response> {
        self.check_write(product, Operation::Set, url, commands)?;
        let mut call = self.call(product)?;
        let outcome = call.send(Operation::Set, &config_body(url, commands));
        match outcome.result {
            Ok(_) if product.set_overwrites() => outcome.into_response(Change::Written),
            Err(error) if error.status() == Status::AlreadyExists && outcome.ambiguous => {
                match ensure::get(&mut call) {
                    Ok(found) if ensure::is_same(&found, url, commands) => Ok(Response {
                        report: found.report,
                        change: Change::Written,
                        previous: None,
                    }),
                    Err(unread) if unread.status() != Status::NotFound => Err(maybe_done(unread)),
                    _ => Err(error),
                }
            }
            _ => outcome.into_response(Change::Created),
        }
    }

    /// `update_callback`: replaces a configuration. Only Conference has it.
    ///
    /// # Errors
    /// As [`Client::set_callback`]; [`Status::NotFound`] if there is no configuration.
    pub fn update_callback(
        &self,
        product: Product,
        url: &str,
        commands: &[&str],
    ) -> Result<Response> {
        self.check_write(product, Operation::Update, url, commands)?;
        let outcome = self.call(product)?.send(Operation::Update, &config_body(url, commands));
        outcome.into_response(Change::Updated)
    }

    /// `get_callback`: reads the configuration.
    ///
    /// # Errors
    /// [`Status::NotFound`] if there is none; else as [`Client::set_callback`].
    pub fn get_callback(&self, product: Product) -> Result<CallbackConfig> {
        check::operation(product, Operation::Get)?;
        ensure::get(&mut self.call(product)?)
    }

    /// `delete_callback`: deletes the configuration. It is no error if there is none: then [`Change::Unchanged`].
    ///
    /// # Errors
    /// As [`Client::set_callback`].
    pub fn delete_callback(&self, product: Product) -> Result<Response> {
        check::operation(product, Operation::Delete)?;
        let outcome = self.call(product)?.send(Operation::Delete, NOTHING);
        match &outcome.result {
            Err(error) if error.status() == Status::NotFound => Ok(Response {
                report: error.report().clone(),
                change: if outcome.ambiguous { Change::Deleted } else { Change::Unchanged },
                previous: None,
            }),
            _ => outcome.into_response(Change::Deleted),
        }
    }

    /// Makes the configuration what it should be: reads it, compares it, and writes only if it differs. What a deployment calls.
    ///
    /// Lists are equal in any order, and under older words for the same command. Hosts that do this at the same time all
    /// succeed. All of it happens within the one deadline.
    ///
    /// # Errors
    /// As [`Client::set_callback`].
    pub fn ensure_callback(
        &self,
        product: Product,
        url: &str,
        commands: &[&str],
    ) -> Result<Response> {
        self.check_write(product, Operation::Set, url, commands)?;
        ensure::ensure(&mut self.call(product)?, product, url, commands)
    }

    fn call(&self, product: Product) -> Result<Call<'_>> {
        let Shared { settings, state } = &*self.shared;
        let state = state.get_or_init(|| State::new(settings)).ok_or(Error::OUT_OF_MEMORY)?;
        Ok(Call::new(settings, state, product, self.timeout, self.cancels.clone()))
    }

    fn check_write(
        &self,
        product: Product,
        operation: Operation,
        url: &str,
        commands: &[&str],
    ) -> Result<()> {
        check::operation(product, operation)?;
        check_callback_url("the callback URL", url)?;
        check::commands(product, commands, self.shared.settings.allow_unknown_commands)
    }
}

impl Outcome {
    fn into_response(self, change: Change) -> Result<Response> {
        self.result.map(|reply| Response { report: reply.report, change, previous: None })
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Client")
            .field("sdk_app_id", &self.shared.settings.sdk_app_id)
            .field("endpoint", &self.shared.settings.endpoint)
            .finish_non_exhaustive()
    }
}
