//! What was answered: a table by group, and how each case that went wrong can be run alone.

use serde_json::json;
use tc_callback::catalog::{Command, Product};

use super::case::Kind;
use crate::failure::{Failure, Result};
use crate::fault::{self, Expected};
use crate::target::Destination;
use crate::terminal::{self, BAD, FAINT, GOOD, NAME, Styled};

/// Cases without a reply after which there is no point in going on: each takes two seconds.
const PATIENCE: usize = 3;

/// How one case went with one event.
pub struct Outcome {
    kind: Kind,
    command: Command,
    /// A status or a word for each request.
    got: Vec<String>,
    wrong: Option<String>,
    /// Whether nobody listens any more.
    pub is_gone: bool,
    /// Whether a request got no reply in time.
    pub timed_out: bool,
}

impl Outcome {
    pub fn new(kind: Kind, command: Command) -> Outcome {
        Outcome { kind, command, got: Vec::new(), wrong: None, is_gone: false, timed_out: false }
    }

    pub fn is_right(&self) -> bool {
        self.wrong.is_none()
    }

    pub fn add(&mut self, got: String, judged: std::result::Result<(), String>) {
        self.got.push(got);
        if let (None, Err(wrong)) = (&self.wrong, judged) {
            let number = self.got.len();
            self.wrong =
                Some(if number == 1 { wrong } else { format!("request {number}: {wrong}") });
        }
    }
}

/// All outcomes.
pub struct Report {
    destinations: Vec<Destination>,
    is_signed: bool,
    outcomes: Vec<Outcome>,
    left_out: Vec<(&'static str, &'static str)>,
    /// Why it ended before all was sent.
    stopped: Option<String>,
}

impl Report {
    pub fn new(is_signed: bool) -> Report {
        Report {
            destinations: Vec::new(),
            is_signed,
            outcomes: Vec::new(),
            left_out: Vec::new(),
            stopped: None,
        }
    }

    pub fn add_destination(&mut self, destination: Destination) {
        self.destinations.push(destination);
    }

    /// Takes an outcome, and says whether it makes sense to go on.
    pub fn add(&mut self, outcome: Outcome) -> bool {
        let is_gone = outcome.is_gone;
        self.outcomes.push(outcome);
        let (sent, last) = (self.outcomes.len(), self.outcomes.iter().rev());
        if is_gone {
            self.stopped = Some(match sent {
                1 => "the connection was refused: is the server running there?".to_owned(),
                _ => format!(
                    "nothing listens there any more: the server ended after {} cases",
                    sent - 1
                ),
            });
        } else if last.take_while(|outcome| outcome.timed_out).count() == PATIENCE {
            self.stopped = Some(format!("no reply {PATIENCE} times in a row: given up"));
        }
        self.stopped.is_none()
    }

    pub fn leave_out(&mut self, what: &'static str, why: &'static str) {
        self.left_out.push((what, why));
    }

    /// Where a product's events go.
    pub fn url(&self, product: Product) -> &str {
        let found = self.destinations.iter().find(|destination| destination.product == product);
        found.map_or("", |destination| destination.url.as_str())
    }

    fn wrong(&self) -> impl Iterator<Item = (&Outcome, &str)> {
        self.outcomes.iter().filter_map(|outcome| Some((outcome, outcome.wrong.as_deref()?)))
    }

    pub fn print(&self, is_quiet: bool) -> Result<()> {
        if !is_quiet {
            self.print_table()?;
        }
        self.print_wrong()?;
        if !is_quiet {
            for (what, why) in &self.left_out {
                terminal::line(Styled(FAINT, format_args!("left out: {what}: {why}")))?;
            }
        }
        self.conclude(is_quiet)
    }

    fn print_table(&self) -> Result<()> {
        let mut group = "";
        terminal::line(Styled(
            FAINT,
            format_args!(
                "  {:<22} {:>6}  {:<11} {:<16} judged",
                "case", "events", "expected", "got"
            ),
        ))?;
        for row in self.outcomes.chunk_by(|one, next| one.kind.name == next.kind.name) {
            let Some(Outcome { kind, .. }) = row.first() else { continue };
            if kind.group != group {
                group = kind.group;
                terminal::line(Styled(NAME, group))?;
            }
            let wrong = row.iter().filter(|outcome| outcome.wrong.is_some()).count();
            let judged = match wrong {
                0 => Styled(GOOD, "right".to_owned()),
                wrong if wrong == row.len() => Styled(BAD, "wrong".to_owned()),
                wrong => Styled(BAD, format!("wrong {wrong}")),
            };
            terminal::line(format_args!(
                "  {:<22} {:>6}  {:<11} {:<16} {judged}",
                kind.name,
                row.len(),
                kind.expected(),
                got(row)
            ))?;
            if kind.is_open() {
                terminal::line(Styled(FAINT, format_args!("      {}", kind.about)))?;
            }
        }
        terminal::line("")
    }

    /// One entry for each mistake: what it was for the first event, and how many more had it.
    fn print_wrong(&self) -> Result<()> {
        let wrong: Vec<_> = self.wrong().collect();
        let same = |one: &(&Outcome, &str), next: &(&Outcome, &str)| {
            one.0.kind.name == next.0.kind.name && one.1 == next.1
        };
        for (index, mistakes) in wrong.chunk_by(same).enumerate() {
            let [(outcome, why), more @ ..] = mistakes else { continue };
            if index == 0 {
                terminal::line(Styled(BAD, "Answered wrongly:"))?;
            }
            let kind = outcome.kind;
            terminal::line(format_args!("  {}: {why}", Styled(NAME, kind.name)))?;
            terminal::line(Styled(FAINT, format_args!("      sent: {}", kind.about)))?;
            terminal::line(format_args!("      {}", self.command_line(outcome)))?;
            if !more.is_empty() {
                let others = more.len();
                let noun = if others == 1 { "event" } else { "events" };
                terminal::line(Styled(FAINT, format_args!("      and {others} more {noun}")))?;
            }
        }
        if wrong.is_empty() { Ok(()) } else { terminal::line("") }
    }

    fn conclude(&self, is_quiet: bool) -> Result<()> {
        let (all, wrong) = (self.outcomes.len(), self.wrong().count());
        if let Some(why) = &self.stopped {
            return Err(Failure::operation(why));
        }
        if wrong > 0 {
            return Err(Failure::operation(format!(
                "{wrong} of {all} cases were answered wrongly"
            )));
        }
        if all == 0 {
            return Err(Failure::operation("nothing was sent"));
        }
        match is_quiet {
            true => Ok(()),
            false => terminal::line(format_args!("{} all {all} cases", Styled(GOOD, "right:"))),
        }
    }

    /// How to run a case alone, with the environment of this run.
    fn command_line(&self, outcome: &Outcome) -> String {
        let (kind, word) = (outcome.kind, outcome.command.word());
        let url = self.url(outcome.command.listed_under());
        let what = match kind.fault() {
            Some(fault) => fault::option(fault.name),
            None if kind.is_plain() => return format!("tc-callback trigger {word} --to {url}"),
            None => format!("--torture --only {}", kind.name),
        };
        let expect = match kind.fault().map(|fault| fault.expected) {
            Some(Expected::Refused) => " --expect 4xx",
            Some(Expected::Either | Expected::EitherOrClosed) => " --expect 200,4xx",
            Some(Expected::Accepted) | None => "",
        };
        format!("tc-callback trigger {word} {what}{expect} --to {url}")
    }

    pub fn print_json(&self) -> Result<()> {
        let cases: Vec<_> = self
            .outcomes
            .iter()
            .map(|outcome| {
                json!({
                    "group": outcome.kind.group,
                    "case": outcome.kind.name,
                    "event": outcome.command.word(),
                    "expected": outcome.kind.expected(),
                    "got": outcome.got,
                    "right": outcome.wrong.is_none(),
                    "wrong": outcome.wrong,
                    "about": outcome.kind.about,
                    "command": self.command_line(outcome),
                })
            })
            .collect();
        let left_out: Vec<_> =
            self.left_out.iter().map(|(what, why)| json!({ "what": what, "why": why })).collect();
        terminal::json(&json!({
            "signed": self.is_signed,
            "complete": self.stopped.is_none(),
            "right": self.outcomes.len() - self.wrong().count(),
            "wrong": self.wrong().count(),
            "cases": cases,
            "left_out": left_out,
        }))?;
        self.conclude(true)
    }
}

/// The answers of several events in short: `403`, or `403 x9, 200 x1`.
fn got(row: &[Outcome]) -> String {
    let mut counts: Vec<(String, usize)> = Vec::new();
    for outcome in row {
        let mut answers = outcome.got.clone();
        answers.dedup();
        let answers = answers.join(", ");
        match counts.iter_mut().find(|(found, _)| *found == answers) {
            Some((_, count)) => *count += 1,
            None => counts.push((answers, 1)),
        }
    }
    match counts.as_slice() {
        [(only, _)] => only.clone(),
        several => {
            let told: Vec<String> =
                several.iter().map(|(answers, count)| format!("{answers} x{count}")).collect();
            told.join(", ")
        }
    }
}
