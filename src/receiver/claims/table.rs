//! The claims of one process: which events are being handled, and which are done.

use std::collections::{HashMap, VecDeque};

use super::delivery::{ClaimReply, Milliseconds, Token};
use crate::event::DuplicateKey;

/// Bounded in count and, for events that are done, in time. A claimed key is never evicted.
pub(super) struct Table {
    max_count: usize,
    /// How long an event that is done is remembered.
    window: Milliseconds,
    entries: HashMap<DuplicateKey, Entry>,
    /// The events that are done, oldest first, each with the moment at which it is forgotten.
    done: VecDeque<(DuplicateKey, Milliseconds)>,
    /// The claims of which nobody knows what became of their events, in the order in which they were settled so.
    unknown: VecDeque<(DuplicateKey, Milliseconds)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Entry {
    /// Held by this claim; up to a moment, if nobody knows what became of its event.
    Claimed {
        token: Token,
        until: Option<Milliseconds>,
    },
    Done {
        until: Milliseconds,
    },
}

impl Table {
    pub(super) fn new(max_count: usize, window: Milliseconds) -> Table {
        Table {
            max_count,
            window,
            entries: HashMap::new(),
            done: VecDeque::new(),
            unknown: VecDeque::new(),
        }
    }

    /// Claims a key. `Missing` if the table is full of claims, or if there is no memory for one more.
    pub(super) fn claim(
        &mut self,
        key: DuplicateKey,
        token: Token,
        now: Milliseconds,
    ) -> ClaimReply {
        self.forget_older(now);
        let claimed = Entry::Claimed { token, until: None };
        match self.entries.get_mut(&key) {
            Some(Entry::Done { until }) if now <= *until => return ClaimReply::Done,
            Some(Entry::Claimed { until, .. }) if until.is_none_or(|end| now <= end) => {
                return ClaimReply::Busy;
            }
            Some(lapsed) => {
                *lapsed = claimed;
                return ClaimReply::New;
            }
            None => {}
        }
        if !self.make_room() {
            return ClaimReply::Missing;
        }
        self.entries.insert(key, claimed);
        ClaimReply::New
    }

    /// The event is done, whoever holds the key: that somebody has the event is a fact.
    pub(super) fn commit(&mut self, key: DuplicateKey, now: Milliseconds) {
        let until = now.saturating_add(self.window);
        if matches!(self.entries.get(&key), Some(Entry::Done { until }) if now <= *until) {
            return;
        }
        let is_held = self.entries.contains_key(&key);
        // Out of memory: the claim goes, and another copy may be handled again.
        if (is_held || self.make_room()) && self.done.try_reserve(1).is_ok() {
            self.entries.insert(key, Entry::Done { until });
            self.done.push_back((key, until));
        } else {
            self.entries.remove(&key);
        }
    }

    /// The key is free again, if this claim holds it.
    pub(super) fn release(&mut self, key: DuplicateKey, token: Token) {
        if self.is_held(key, token) {
            self.entries.remove(&key);
        }
    }

    /// The claim ends by itself at this moment, if it holds the key. Without memory to remember that, it ends now.
    pub(super) fn expire_at(&mut self, key: DuplicateKey, token: Token, end: Milliseconds) {
        if !self.is_held(key, token) {
            return;
        }
        if self.unknown.try_reserve(1).is_err() {
            self.entries.remove(&key);
            return;
        }
        self.entries.insert(key, Entry::Claimed { token, until: Some(end) });
        self.unknown.push_back((key, end));
    }

    fn is_held(&self, key: DuplicateKey, token: Token) -> bool {
        matches!(self.entries.get(&key), Some(Entry::Claimed { token: holder, .. }) if *holder == token)
    }

    /// Room for one more entry, made by forgetting the oldest event that is done.
    fn make_room(&mut self) -> bool {
        while self.entries.len() >= self.max_count {
            let Some((key, until)) = self.done.pop_front() else { return false };
            self.forget(key, until);
        }
        self.entries.try_reserve(1).is_ok()
    }

    fn forget_older(&mut self, now: Milliseconds) {
        while let Some((key, until)) = first_before(&mut self.done, now) {
            self.forget(key, until);
        }
        while let Some((key, until)) = first_before(&mut self.unknown, now) {
            self.forget(key, until);
        }
    }

    /// Forgets an entry, unless the key has another by now.
    fn forget(&mut self, key: DuplicateKey, end: Milliseconds) {
        let is_the_one = match self.entries.get(&key) {
            Some(Entry::Done { until }) => *until == end,
            Some(Entry::Claimed { until, .. }) => *until == Some(end),
            None => false,
        };
        if is_the_one {
            self.entries.remove(&key);
        }
    }
}

/// Takes the first out, if its time is over.
fn first_before(
    queue: &mut VecDeque<(DuplicateKey, Milliseconds)>,
    now: Milliseconds,
) -> Option<(DuplicateKey, Milliseconds)> {
    queue.front().is_some_and(|(_, until)| *until < now).then(|| queue.pop_front()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    const WINDOW: Milliseconds = 100;

    fn key(number: u128) -> DuplicateKey {
        DuplicateKey::from_number(number)
    }

    fn table(max_count: usize) -> Table {
        Table::new(max_count, WINDOW)
    }

    #[test]
    fn a_key_is_new_then_busy_then_done_then_forgotten() {
        let mut table = table(10);
        assert_eq!(table.claim(key(1), 1, 0), ClaimReply::New);
        assert_eq!(table.claim(key(1), 2, 5), ClaimReply::Busy);
        table.commit(key(1), 10);
        assert_eq!(table.claim(key(1), 3, 110), ClaimReply::Done);
        assert_eq!(table.claim(key(1), 4, 111), ClaimReply::New);
    }

    #[test]
    fn a_released_key_is_new_for_the_next_copy() {
        let mut table = table(10);
        table.claim(key(1), 1, 0);
        table.release(key(1), 1);
        assert_eq!(table.claim(key(1), 2, 0), ClaimReply::New);
    }

    #[test]
    fn only_its_holder_releases_a_claim() {
        let mut table = table(10);
        table.claim(key(1), 1, 0);
        table.release(key(1), 2);
        assert_eq!(table.claim(key(1), 3, 0), ClaimReply::Busy);
    }

    #[test]
    fn a_release_after_a_commit_changes_nothing() {
        let mut table = table(10);
        table.claim(key(1), 1, 0);
        table.commit(key(1), 0);
        table.release(key(1), 1);
        assert_eq!(table.claim(key(1), 2, 0), ClaimReply::Done);
    }

    #[test]
    fn an_unknown_result_keeps_the_key_busy_for_its_time_and_may_be_committed_late() {
        let mut table = table(10);
        table.claim(key(1), 1, 0);
        table.expire_at(key(1), 1, 60);
        assert_eq!(table.claim(key(1), 2, 60), ClaimReply::Busy);
        assert_eq!(table.claim(key(1), 3, 61), ClaimReply::New);
        // The first host learns that its sink has the event after all.
        table.release(key(1), 1);
        assert_eq!(table.claim(key(1), 4, 61), ClaimReply::Busy, "a late release is refused");
        table.commit(key(1), 62);
        assert_eq!(table.claim(key(1), 5, 62), ClaimReply::Done, "a late commit is not");
    }

    #[test]
    fn a_claim_is_never_evicted_and_a_table_full_of_claims_takes_no_more() {
        let mut table = table(2);
        table.claim(key(1), 1, 0);
        table.claim(key(2), 2, 0);
        assert_eq!(table.claim(key(3), 3, 1_000_000), ClaimReply::Missing);
        assert_eq!(table.claim(key(1), 4, 1_000_000), ClaimReply::Busy);
        table.commit(key(1), 0);
        assert_eq!(table.claim(key(3), 5, 0), ClaimReply::New, "what is done makes room");
        assert_eq!(table.claim(key(2), 6, 0), ClaimReply::Busy);
        assert_eq!(table.claim(key(1), 7, 0), ClaimReply::Missing);
    }

    #[test]
    fn results_that_never_become_known_do_not_fill_the_table_for_ever() {
        let mut table = table(2);
        for number in 1..=2 {
            table.claim(key(number), number, 0);
            table.expire_at(key(number), number, 60);
        }
        assert_eq!(table.claim(key(3), 3, 60), ClaimReply::Missing);
        assert_eq!(table.claim(key(3), 4, 61), ClaimReply::New);
        assert_eq!(table.claim(key(4), 5, 61), ClaimReply::New);
    }

    #[test]
    fn a_clock_that_was_ahead_once_keeps_nothing_done_past_its_window() {
        let mut table = table(10);
        table.commit(key(1), 1_000_000);
        table.commit(key(2), 0);
        assert_eq!(table.claim(key(2), 1, 100), ClaimReply::Done);
        assert_eq!(table.claim(key(2), 2, 101), ClaimReply::New);
        assert_eq!(
            table.claim(key(2), 3, 2_000_000),
            ClaimReply::Busy,
            "an old entry evicts no claim"
        );
    }

    #[test]
    fn the_event_done_first_makes_room() {
        let mut table = table(2);
        for number in 1..=3 {
            table.claim(key(number), number, 0);
            table.commit(key(number), 0);
        }
        assert_eq!(table.claim(key(3), 4, 0), ClaimReply::Done);
        assert_eq!(table.claim(key(2), 5, 0), ClaimReply::Done);
        assert_eq!(table.claim(key(1), 6, 0), ClaimReply::New);
    }

    #[test]
    fn a_commit_of_a_key_that_is_not_held_is_remembered() {
        let mut table = table(2);
        table.commit(key(1), 0);
        assert_eq!(table.claim(key(1), 1, 0), ClaimReply::Done);
    }

    #[test]
    fn an_event_that_is_done_twice_is_forgotten_once() {
        let mut table = table(10);
        table.commit(key(1), 0);
        table.commit(key(1), 50);
        assert_eq!(table.claim(key(1), 1, 101), ClaimReply::New);
        assert_eq!(
            table.claim(key(1), 2, 1_000),
            ClaimReply::Busy,
            "the second entry must not evict a claim"
        );
    }
}
