//! What became of a world's events.

use std::time::Duration;

use serde::Serialize;

use super::disorder::{Delivery, Room};
use super::world::Event;
use crate::delivery::tally::{Example, Outcome, Tally};

/// What became of one event that was sent.
pub struct Verdict<'a> {
    pub room: &'a Room,
    pub event: &'a Event,
    pub outcome: Outcome,
    pub retries: u64,
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
    #[serde(flatten)]
    pub tally: Tally,
    pub retries: u64,
}

/// How many events are sent how.
#[derive(Debug, Default, Serialize)]
pub struct Counts {
    pub duplicates: usize,
    pub reordered: usize,
    pub late: usize,
    pub lost: usize,
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
        let Verdict { room, event, outcome, retries } = verdict;
        self.retries += retries;
        self.tally.take(outcome, || Example {
            command: event.word.to_owned(),
            room: room.id.clone(),
            event_time_ms: event.time_ms,
        });
    }

    /// What can be said only at the end.
    pub fn finish(&mut self, took: Duration, interrupted: bool) {
        self.tally.finish(took, interrupted);
    }

    /// Why it is not a success, if it is not.
    pub fn failure(&self) -> Option<String> {
        self.tally.failure()
    }
}
