//! What identifies an event, so that a second delivery of it is recognized. The vendor sends no event id.

use std::fmt;

use serde::{Serialize, Serializer};
use sha2::{Digest, Sha256};

use super::types::{ABSENT, Event};

/// A number of 128 bits, written as 32 hexadecimal digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct DuplicateKey(u128);

impl DuplicateKey {
    #[cfg(test)]
    pub(crate) fn from_number(number: u128) -> DuplicateKey {
        DuplicateKey(number)
    }
}

impl fmt::Display for DuplicateKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{:032x}", self.0)
    }
}

impl Serialize for DuplicateKey {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl Event {
    /// The key of the event: the same for every delivery of it, in every process and release. `None` when the body has no
    /// EventTime: two equal bodies can then be two events.
    ///
    /// It is the first 128 bits of the SHA-256 of SDKAppID in decimal, a line feed, the command as received, a line feed, and the
    /// body as received. So a database or another language can compute it, and nobody can make two events with the same key.
    pub fn duplicate_key(&self) -> Option<DuplicateKey> {
        if self.event_time_ms == ABSENT {
            return None;
        }
        let mut digits = itoa::Buffer::new();
        let mut hash = Sha256::new_with_prefix(digits.format(self.sdk_app_id));
        for part in ["\n", self.command_word.or_empty(), "\n", self.body.or_empty()] {
            hash.update(part);
        }
        let digest: [u8; 32] = hash.finalize().into();
        Some(DuplicateKey(u128::from_be_bytes(*digest.first_chunk()?)))
    }
}
