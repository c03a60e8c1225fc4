//! `tc-callback trigger --torture`: every event with every fault that it can have, and each answer judged. A check of any back
//! end, whatever it is made with.

mod case;
mod report;

use serde_json::json;
use tc_callback::catalog::{Command, Product};

use crate::delivery::{Query, Sender, Signed};
use crate::failure::{Failure, Result};
use crate::fault::{Answer, Draft};
use crate::progress::Progress;
use crate::sample;
use crate::target::{Destination, Target};
use crate::terminal::{self, NAME, Styled};
use crate::{clock, json::Node};
use case::{Kind, Step};
use report::Outcome;
pub use report::Report;

/// Which cases.
pub struct Torture {
    /// The one event, or all.
    pub command: Option<Command>,
    /// Groups and names; none is all.
    pub only: Vec<String>,
}

impl Torture {
    fn kinds(&self) -> Result<Vec<Kind>> {
        let is = |kind: &Kind, text: &String| kind.group == text || kind.name == text;
        for text in &self.only {
            if !Kind::all().any(|kind| is(&kind, text)) {
                let groups = case::groups().join(", ");
                return Err(Failure::usage(format!(
                    "--only {text}: no such group or case; groups: {groups}; all: `tc-callback trigger --torture --list`"
                )));
            }
        }
        let wanted = |kind: &Kind| self.only.is_empty() || self.only.iter().any(|o| is(kind, o));
        Ok(Kind::all().filter(wanted).collect())
    }

    /// Tells what there is.
    pub fn list(&self, is_json: bool) -> Result<()> {
        let kinds = self.kinds()?;
        if is_json {
            let cases: Vec<_> = kinds
                .iter()
                .map(|kind| {
                    json!({
                        "group": kind.group,
                        "case": kind.name,
                        "expected": kind.expected(),
                        "about": kind.about,
                    })
                })
                .collect();
            return terminal::json(&cases);
        }
        let mut group = "";
        for kind in kinds {
            if kind.group != group {
                group = kind.group;
                terminal::line(Styled(NAME, group))?;
            }
            terminal::line(format_args!(
                "  {:<22} {:<7} {}",
                kind.name,
                kind.expected(),
                kind.about
            ))?;
        }
        Ok(())
    }

    /// Sends all of it to where the events go.
    pub fn run(
        &self,
        target: &Target,
        token: Option<&str>,
        shows_progress: bool,
    ) -> Result<Report> {
        let kinds = self.kinds()?;
        let mut events = Vec::new();
        let mut report = Report::new(token.is_some());
        for product in Product::all() {
            let is_wanted = |command: &Command| self.command.is_none_or(|one| one == *command);
            let commands: Vec<Command> = product.commands().filter(is_wanted).collect();
            if commands.is_empty() {
                continue;
            }
            let destination = target.find(product)?;
            for command in commands {
                if destination.takes(command) {
                    events.push((command, draft(command, &destination, token)?));
                } else {
                    report.leave_out(command.word(), "it is not registered");
                }
            }
            report.add_destination(destination);
        }
        let mut progress = Progress::new(kinds.len() * events.len(), shows_progress);
        for kind in kinds {
            if kind.needs_token() && token.is_none() {
                report.leave_out(kind.name, "it needs a token: TC_TOKEN or --token-file");
                continue;
            }
            for (command, draft) in &events {
                let Ok(steps) = kind.steps(draft) else { continue };
                let url = report.url(command.listed_under()).to_owned();
                let outcome = deliver(kind, *command, &steps, &url)?;
                progress.step(outcome.is_right());
                if !report.add(outcome) {
                    progress.end();
                    return Ok(report);
                }
            }
        }
        progress.end();
        Ok(report)
    }
}

/// The event as the vendor sends it.
fn draft(command: Command, destination: &Destination, token: Option<&str>) -> Result<Draft> {
    let mut body =
        Node::parse(sample::of(command).unwrap_or_default()).map_err(Failure::operation)?;
    body.set("EventTime", Node::Scalar(clock::now_ms().to_string()))?;
    let query = Query {
        sdk_app_id: destination.sdk_app_id,
        word: command.word(),
        client_ip: "127.0.0.1",
        platform: "RESTAPI",
        signed: token.map_or(Signed::No, Signed::With),
    };
    Ok(Draft::new(command, &query, body))
}

/// Sends one case on a connection of its own.
fn deliver(kind: Kind, command: Command, steps: &[Step], url: &str) -> Result<Outcome> {
    let sender = Sender::new();
    let mut outcome = Outcome::new(kind, command);
    for step in steps {
        let sent = step.draft.write(url).send(&sender);
        let (got, answer) = match &sent {
            Ok(reply) => (
                reply.status.to_string(),
                Answer::Replied { status: reply.status, body: &reply.body },
            ),
            Err(lost) if lost.was_closed() => (lost.word().to_owned(), Answer::Closed),
            Err(lost) => {
                outcome.is_gone = lost.was_refused();
                outcome.timed_out = lost.was_late();
                (lost.word().to_owned(), Answer::Lost(lost.to_string()))
            }
        };
        outcome.add(got, step.expected.judge(&answer));
        if outcome.is_gone || outcome.timed_out {
            break;
        }
    }
    Ok(outcome)
}
