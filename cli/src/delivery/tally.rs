//! What became of many events, and how a person reads it.

use std::fmt::Display;
use std::time::Duration;

use anstyle::Style;
use serde::Serialize;

use super::{Lost, Reply};
use crate::failure::Result;
use crate::terminal::{self, BAD, FAINT, GOOD, NAME, Styled};

/// Kinds of wrong replies that are told apart.
const MOST_KINDS: usize = 10;

/// What became of one event that was sent.
pub enum Outcome {
    /// In time; what is wrong with the reply, if anything.
    Answered { latency: Duration, check: std::result::Result<(), String> },
    /// Not in time.
    Late,
    /// Nobody listens.
    Refused,
    /// No reply for another reason.
    Lost(String),
}

impl Outcome {
    /// What a sending came to, as `judge` sees the reply.
    pub fn of(
        sent: std::result::Result<Reply, Lost>,
        judge: impl FnOnce(&Reply) -> std::result::Result<(), String>,
    ) -> Outcome {
        match sent {
            Ok(reply) => Outcome::Answered { latency: reply.latency, check: judge(&reply) },
            Err(lost) if lost.was_late() => Outcome::Late,
            Err(lost) if lost.was_refused() => Outcome::Refused,
            Err(lost) => Outcome::Lost(lost.to_string()),
        }
    }
}

/// What became of all of them; in JSON as its fields say.
#[derive(Debug, Default, Serialize)]
pub struct Tally {
    /// Whether Ctrl-C ended it early.
    pub interrupted: bool,
    pub sent: usize,
    pub right: usize,
    /// Replies that did not come within 2 s.
    pub late: usize,
    /// Connections that were refused.
    pub refused: usize,
    /// Wrong replies, and none.
    pub wrong: usize,
    pub wrong_kinds: Vec<WrongKind>,
    pub latency_ms: Latency,
    pub seconds: f64,
    pub events_per_second: f64,
    #[serde(skip)]
    latencies: Vec<Duration>,
}

/// What was wrong, how often, and with which event first.
#[derive(Debug, Serialize)]
pub struct WrongKind {
    pub what: String,
    pub count: usize,
    pub first: Example,
}

#[derive(Debug, Serialize)]
pub struct Example {
    pub command: String,
    /// The room or call.
    pub room: String,
    pub event_time_ms: u64,
}

/// Of the replies that came.
#[derive(Debug, Default, Serialize)]
pub struct Latency {
    pub p50: f64,
    pub p90: f64,
    pub p99: f64,
    pub max: f64,
}

impl Tally {
    pub fn take(&mut self, outcome: Outcome, example: impl FnOnce() -> Example) {
        self.sent += 1;
        match outcome {
            Outcome::Answered { latency, check } => {
                self.latencies.push(latency);
                match check {
                    Ok(()) => self.right += 1,
                    Err(what) => self.take_wrong(what, example),
                }
            }
            Outcome::Late => self.late += 1,
            Outcome::Refused => self.refused += 1,
            Outcome::Lost(what) => self.take_wrong(what, example),
        }
    }

    fn take_wrong(&mut self, what: String, example: impl FnOnce() -> Example) {
        self.wrong += 1;
        if let Some(kind) = self.wrong_kinds.iter_mut().find(|kind| kind.what == what) {
            kind.count += 1;
        } else if self.wrong_kinds.len() < MOST_KINDS {
            self.wrong_kinds.push(WrongKind { what, count: 1, first: example() });
        }
    }

    /// What can be said only at the end.
    pub fn finish(&mut self, took: Duration, interrupted: bool) {
        self.interrupted = interrupted;
        self.seconds = took.as_secs_f64();
        if self.seconds > 0.0 {
            self.events_per_second = self.sent as f64 / self.seconds;
        }
        self.wrong_kinds.sort_by_key(|kind| std::cmp::Reverse(kind.count));
        self.latencies.sort_unstable();
        self.latency_ms = Latency {
            p50: percentile(&self.latencies, 50),
            p90: percentile(&self.latencies, 90),
            p99: percentile(&self.latencies, 99),
            max: percentile(&self.latencies, 100),
        };
    }

    /// Why it is not a success, if it is not.
    pub fn failure(&self) -> Option<String> {
        let not_right = self.sent - self.right;
        if not_right > 0 {
            Some(format!("{not_right} of {} events were not answered rightly", self.sent))
        } else if self.interrupted {
            Some("ended early: not all events were sent".to_owned())
        } else if self.sent == 0 {
            Some("nothing was sent".to_owned())
        } else {
            None
        }
    }

    /// Writes it as a small table, with a row of the caller's before the latencies.
    pub fn show(&self, before_latency: impl FnOnce() -> Result<()>) -> Result<()> {
        let rate = self.events_per_second;
        row("sent", format_args!("{} in {:.1} s, {rate:.0}/s", self.sent, self.seconds))?;
        row(
            "right",
            Styled(if self.right == self.sent { GOOD } else { Style::new() }, self.right),
        )?;
        bad_row("late", self.late, "replies did not come within 2 s")?;
        bad_row("refused", self.refused, "connections")?;
        bad_row("wrong", self.wrong, "replies")?;
        for kind in &self.wrong_kinds {
            row("", format_args!("{} x {}", kind.count, kind.what))?;
            row("", Styled(FAINT, format_args!("  first {}", kind.first.command)))?;
            row("", Styled(FAINT, format_args!("  of {}", kind.first.room)))?;
        }
        before_latency()?;
        let latency = &self.latency_ms;
        row(
            "latency",
            format_args!(
                "p50 {:.1} ms, p90 {:.1} ms, p99 {:.1} ms, max {:.1} ms",
                latency.p50, latency.p90, latency.p99, latency.max
            ),
        )
    }
}

/// One row of such a table.
pub fn row(name: &str, text: impl Display) -> Result<()> {
    terminal::line(format_args!("{} {text}", Styled(NAME, format_args!("{name:<8}"))))
}

/// The row of a count of something bad.
fn bad_row(name: &str, count: usize, of_what: &str) -> Result<()> {
    match count {
        0 => row(name, count),
        _ => row(name, format_args!("{} {of_what}", Styled(BAD, count))),
    }
}

/// In milliseconds: the least that so many percent do not exceed.
fn percentile(sorted: &[Duration], percent: usize) -> f64 {
    let rank = (sorted.len() * percent).div_ceil(100);
    let value = sorted.get(rank.saturating_sub(1)).copied().unwrap_or_default();
    (value.as_secs_f64() * 1_000_000.0).round() / 1000.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_percentile_is_the_least_value_that_so_many_do_not_exceed() {
        let sorted: Vec<_> = (1..=100).map(Duration::from_millis).collect();
        let of = |percent| percentile(&sorted, percent);
        assert_eq!((of(50), of(90), of(99), of(100)), (50.0, 90.0, 99.0, 100.0));
        assert_eq!(percentile(&sorted[..1], 50), 1.0);
        assert_eq!(percentile(&[], 99), 0.0);
    }
}
