//! What became of a world's events.

use std::time::Duration;

use serde::Serialize;

use super::disorder::{Delivery, Room};
use super::world::Event;

/// Kinds of wrong replies that are told apart.
const MOST_KINDS: usize = 10;

/// What became of one event that was sent.
pub struct Verdict<'a> {
    pub room: &'a Room,
    pub event: &'a Event,
    pub outcome: Outcome,
    pub retries: u64,
}

pub enum Outcome {
    /// In time; what is wrong with the reply, if anything.
    Answered { latency: Duration, check: Result<(), String> },
    /// Not in time.
    Late,
    /// Nobody listens.
    Refused,
    /// No reply for another reason.
    Lost(String),
}

/// The report; in JSON as its fields say.
#[derive(Debug, Default, Serialize)]
pub struct Report {
    pub scenario: String,
    pub seed: u64,
    pub rooms: usize,
    /// Events of the world.
    pub events: usize,
    pub disorder: Counts,
    /// Events whose command is not registered, so that they are not sent.
    pub not_registered: usize,
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
    pub retries: u64,
    pub latency_ms: Latency,
    pub seconds: f64,
    pub events_per_second: f64,
    #[serde(skip)]
    latencies: Vec<Duration>,
}

/// How many events are sent how.
#[derive(Debug, Default, Serialize)]
pub struct Counts {
    pub duplicates: usize,
    pub reordered: usize,
    pub late: usize,
    pub lost: usize,
}

/// What was wrong, how often, and where first.
#[derive(Debug, Serialize)]
pub struct WrongKind {
    pub what: String,
    pub count: usize,
    pub first: Example,
}

#[derive(Debug, Serialize)]
pub struct Example {
    pub command: &'static str,
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

impl Report {
    pub fn new(scenario: &str, seed: u64, rooms: &[Room]) -> Report {
        let posts = || rooms.iter().flat_map(|room| &room.posts);
        let count = |delivery| posts().filter(|post| post.delivery == delivery).count();
        Report {
            scenario: scenario.to_owned(),
            seed,
            rooms: rooms.len(),
            events: rooms.iter().map(|room| room.events.len()).sum(),
            disorder: Counts {
                duplicates: count(Delivery::Duplicate),
                reordered: count(Delivery::Reordered),
                late: count(Delivery::Late),
                lost: count(Delivery::Lost),
            },
            ..Report::default()
        }
    }

    pub fn take(&mut self, verdict: Verdict<'_>) {
        self.sent += 1;
        self.retries += verdict.retries;
        match verdict.outcome {
            Outcome::Answered { latency, check } => {
                self.latencies.push(latency);
                match check {
                    Ok(()) => self.right += 1,
                    Err(what) => self.take_wrong(what, verdict.room, verdict.event),
                }
            }
            Outcome::Late => self.late += 1,
            Outcome::Refused => self.refused += 1,
            Outcome::Lost(what) => self.take_wrong(what, verdict.room, verdict.event),
        }
    }

    fn take_wrong(&mut self, what: String, room: &Room, event: &Event) {
        self.wrong += 1;
        if let Some(kind) = self.wrong_kinds.iter_mut().find(|kind| kind.what == what) {
            kind.count += 1;
        } else if self.wrong_kinds.len() < MOST_KINDS {
            let (command, room) = (event.word, room.id.clone());
            let first = Example { command, room, event_time_ms: event.time_ms };
            self.wrong_kinds.push(WrongKind { what, count: 1, first });
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
