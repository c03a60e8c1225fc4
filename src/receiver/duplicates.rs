//! Which events have been delivered lately.

use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, PoisonError};

use crate::event::DuplicateKey;

/// The keys of the newest events, bounded in count and in time.
pub(super) struct DuplicateWindow {
    max_count: usize,
    max_age_s: i64,
    seen: Mutex<Seen>,
}

#[derive(Default)]
struct Seen {
    /// When each was delivered first.
    times: HashMap<DuplicateKey, i64>,
    /// The same, oldest first. Holds forgotten ones until their turn comes.
    order: VecDeque<(DuplicateKey, i64)>,
}

impl DuplicateWindow {
    pub(super) fn new(max_count: usize, max_age_s: u32) -> DuplicateWindow {
        DuplicateWindow { max_count, max_age_s: i64::from(max_age_s), seen: Mutex::default() }
    }

    /// Whether the key was seen within the window; if not, it is from now on.
    pub(super) fn has_seen(&self, key: DuplicateKey, now_s: i64) -> bool {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        seen.drop_older_than(now_s.saturating_sub(self.max_age_s));
        if seen.times.contains_key(&key) {
            return true;
        }
        if seen.order.len() == self.max_count {
            seen.drop_oldest();
        }
        // A host that is out of memory is not ended for this: the event is not remembered.
        if seen.times.try_reserve(1).is_err() || seen.order.try_reserve(1).is_err() {
            return false;
        }
        seen.times.insert(key, now_s);
        seen.order.push_back((key, now_s));
        false
    }

    /// As if the key had not been seen.
    pub(super) fn forget(&self, key: DuplicateKey) {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        seen.times.remove(&key);
    }
}

impl Seen {
    fn drop_older_than(&mut self, limit_s: i64) {
        while self.order.front().is_some_and(|(_, time_s)| *time_s < limit_s) {
            self.drop_oldest();
        }
    }

    fn drop_oldest(&mut self) {
        let Some((key, time_s)) = self.order.pop_front() else { return };
        // One that was forgotten and seen anew has a later place of its own.
        if self.times.get(&key) == Some(&time_s) {
            self.times.remove(&key);
        }
    }
}
