//! What tells that a callback was delivered before. The vendor sends no event id.

use std::fmt;

use serde::{Serialize, Serializer};
use xxhash_rust::xxh3::xxh3_128_with_seed;

use super::types::{ABSENT, Event};
use crate::hex;

/// A number of 128 bits, written as 32 hexadecimal digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct DuplicateKey(u128);

impl DuplicateKey {
    /// From its digits; `None` if these are others, or not so many.
    pub fn from_digits(digits: &[u8]) -> Option<DuplicateKey> {
        hex::decode(digits).map(u128::from_be_bytes).map(DuplicateKey)
    }

    /// Its digits.
    pub fn digits(self) -> [u8; 32] {
        let mut digits = [0; 32];
        hex::encode(&self.0.to_be_bytes(), &mut digits);
        digits
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
    /// Equal when the same callback is delivered again, and only then: it is made from SDKAppID and body. `None` when the body has no
    /// EventTime, since two events could then look alike; with its time in milliseconds none is sent twice.
    ///
    /// It is reckoned anew with each call, since few hosts ask: a receiver marks duplicates by itself.
    pub fn duplicate_key(&self) -> Option<DuplicateKey> {
        let body = self.body.or_empty().as_bytes();
        let key = || DuplicateKey(xxh3_128_with_seed(body, u64::from(self.sdk_app_id)));
        (self.event_time_ms != ABSENT).then(key)
    }
}
