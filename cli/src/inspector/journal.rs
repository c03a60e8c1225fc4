//! What happened, the newest of it: bounded, numbered, and told to those who listen.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde::Serialize;
use serde_json::value::{RawValue, to_raw_value};
use tokio::sync::watch;

use crate::clock;

/// Deliveries that are kept, and REST requests.
const MAX_ENTRIES: usize = 500;
/// Bytes of each.
const MAX_BYTES: usize = 32 * 1024 * 1024;

/// What kind of thing happened.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Delivery,
    Request,
    Configuration,
}

impl Kind {
    /// Its name as a server-sent event.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Delivery => "delivery",
            Kind::Request => "request",
            Kind::Configuration => "configuration",
        }
    }
}

/// Something that happened. Its JSON is written once, however many listen.
#[derive(Clone)]
pub struct Entry {
    pub sequence: u64,
    pub kind: Kind,
    pub json: Arc<RawValue>,
    number: u64,
}

/// Everything that is kept, and the id of the last of it.
#[derive(Serialize)]
pub struct Snapshot {
    last_event_id: String,
    configurations: Arc<RawValue>,
    deliveries: Vec<Arc<RawValue>>,
    requests: Vec<Arc<RawValue>>,
}

/// May be shared by threads.
pub struct Journal {
    /// Tells this process's ids from those of an earlier one.
    run: String,
    kept: Mutex<Kept>,
    /// The newest sequence number; `None` once it has ended.
    newest: watch::Sender<Option<u64>>,
}

struct Kept {
    sequence: u64,
    deliveries: Ring,
    requests: Ring,
    configurations: Entry,
}

#[derive(Default)]
struct Ring {
    entries: VecDeque<Entry>,
    bytes: usize,
}

#[derive(Serialize)]
struct Numbered<'a, T> {
    id: u64,
    #[serde(flatten)]
    content: &'a T,
}

impl Journal {
    pub fn new() -> Journal {
        let configurations =
            Entry { sequence: 0, kind: Kind::Configuration, json: raw(&[(); 0]), number: 0 };
        let (deliveries, requests) = (Ring::default(), Ring::default());
        Journal {
            run: format!("{:x}", clock::now_ms()),
            kept: Mutex::new(Kept { sequence: 0, deliveries, requests, configurations }),
            newest: watch::Sender::new(Some(0)),
        }
    }

    /// Adds a delivery or a request, and returns its number.
    pub fn add(&self, kind: Kind, content: &impl Serialize) -> u64 {
        let mut kept = self.kept();
        let number = kept.sequence + 1;
        self.keep(&mut kept, kind, number, content);
        number
    }

    /// Puts something else in the place of a delivery, for those who listen too.
    pub fn replace(&self, number: u64, content: &impl Serialize) -> Arc<RawValue> {
        let mut kept = self.kept();
        kept.deliveries.remove(number);
        self.keep(&mut kept, Kind::Delivery, number, content)
    }

    /// Says what all the configurations are.
    pub fn configure(&self, configurations: &impl Serialize) {
        let mut kept = self.kept();
        kept.sequence += 1;
        kept.configurations.sequence = kept.sequence;
        kept.configurations.json = raw(configurations);
        self.tell(kept.sequence);
    }

    pub fn delivery(&self, number: u64) -> Option<Arc<RawValue>> {
        let kept = self.kept();
        let entry = kept.deliveries.entries.iter().find(|entry| entry.number == number);
        entry.map(|entry| Arc::clone(&entry.json))
    }

    pub fn snapshot(&self) -> Snapshot {
        let kept = self.kept();
        let all = |ring: &Ring| ring.entries.iter().map(|entry| Arc::clone(&entry.json)).collect();
        Snapshot {
            last_event_id: self.event_id(kept.sequence),
            configurations: Arc::clone(&kept.configurations.json),
            deliveries: all(&kept.deliveries),
            requests: all(&kept.requests),
        }
    }

    /// What came after a sequence number and is still kept, in its order.
    pub fn after(&self, sequence: u64) -> Vec<Entry> {
        let kept = self.kept();
        let mut entries: Vec<Entry> = [&kept.deliveries, &kept.requests]
            .into_iter()
            .flat_map(|ring| ring.entries.iter().rev())
            .chain([&kept.configurations])
            .filter(|entry| entry.sequence > sequence)
            .cloned()
            .collect();
        entries.sort_by_key(|entry| entry.sequence);
        entries
    }

    pub fn event_id(&self, sequence: u64) -> String {
        format!("{}-{sequence}", self.run)
    }

    /// The sequence number in an event's id, if this process gave it.
    pub fn sequence(&self, event_id: &str) -> Option<u64> {
        let (run, sequence) = event_id.split_once('-')?;
        sequence.parse().ok().filter(|_| run == self.run)
    }

    pub fn listen(&self) -> watch::Receiver<Option<u64>> {
        self.newest.subscribe()
    }

    pub fn end(&self) {
        self.newest.send_replace(None);
    }

    fn keep(
        &self,
        kept: &mut Kept,
        kind: Kind,
        number: u64,
        content: &impl Serialize,
    ) -> Arc<RawValue> {
        kept.sequence += 1;
        let json = raw(&Numbered { id: number, content });
        let entry = Entry { sequence: kept.sequence, kind, json: Arc::clone(&json), number };
        match kind {
            Kind::Delivery => kept.deliveries.push(entry),
            Kind::Request | Kind::Configuration => kept.requests.push(entry),
        }
        self.tell(kept.sequence);
        json
    }

    fn tell(&self, sequence: u64) {
        self.newest.send_if_modified(|newest| {
            *newest = newest.and(Some(sequence));
            newest.is_some()
        });
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Ring {
    fn push(&mut self, entry: Entry) {
        self.bytes += entry.json.get().len();
        self.entries.push_back(entry);
        while self.entries.len() > MAX_ENTRIES || (self.bytes > MAX_BYTES && self.entries.len() > 1)
        {
            let oldest = self.entries.pop_front();
            self.bytes -= oldest.map_or(0, |entry| entry.json.get().len());
        }
    }

    fn remove(&mut self, number: u64) {
        let index = self.entries.iter().position(|entry| entry.number == number);
        let removed = index.and_then(|index| self.entries.remove(index));
        self.bytes -= removed.map_or(0, |entry| entry.json.get().len());
    }
}

/// What is written here are texts, numbers and lists of them, which cannot fail.
fn raw(content: &impl Serialize) -> Arc<RawValue> {
    to_raw_value(content).unwrap_or_else(|_| RawValue::NULL.to_owned()).into()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn large_deliveries_push_old_ones_out_before_memory_grows() {
        let mut ring = Ring::default();
        let json = raw(&"x".repeat(MAX_BYTES / 4));
        for number in 0..9 {
            let json = Arc::clone(&json);
            ring.push(Entry { sequence: number, kind: Kind::Delivery, json, number });
        }
        let kept: Vec<u64> = ring.entries.iter().map(|entry| entry.number).collect();
        assert_eq!(kept, [6, 7, 8]);
    }

    #[test]
    fn what_is_replaced_keeps_its_number_and_is_told_again() {
        let journal = Journal::new();
        let first = journal.add(Kind::Delivery, &serde_json::json!({ "tries": 0 }));
        let second = journal.add(Kind::Delivery, &serde_json::json!({ "tries": 9 }));
        let seen = journal.after(0).last().unwrap().sequence;
        journal.replace(first, &serde_json::json!({ "tries": 1 }));
        let after = journal.after(seen);
        assert_eq!(after.len(), 1);
        assert_eq!(after[0].json.get(), format!(r#"{{"id":{first},"tries":1}}"#));
        assert!(journal.delivery(second).is_some());
    }

    #[test]
    fn an_id_of_another_process_is_not_taken_for_one_of_this() {
        let journal = Journal::new();
        assert_eq!(journal.sequence(&journal.event_id(7)), Some(7));
        for id in ["", "7", "another-7", "-7"] {
            assert_eq!(journal.sequence(id), None, "{id}");
        }
    }
}
