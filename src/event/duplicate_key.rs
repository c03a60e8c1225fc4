//! What tells that a callback was delivered before. The vendor sends no event id.

use std::fmt;

use serde::{Serialize, Serializer};
use xxhash_rust::xxh3::xxh3_128_with_seed;

use super::types::{ABSENT, Event};

/// A number of 128 bits, written as 32 hexadecimal digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct DuplicateKey(u128);

impl DuplicateKey {
    /// From its digits, in either case; `None` if these are others, or not so many.
    pub fn from_digits(digits: &[u8]) -> Option<DuplicateKey> {
        // `from_str_radix` takes a plus sign.
        let is_key = digits.len() == 32 && digits.iter().all(u8::is_ascii_hexdigit);
        let digits = std::str::from_utf8(digits).ok().filter(|_| is_key)?;
        u128::from_str_radix(digits, 16).ok().map(DuplicateKey)
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

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_read_back_from_its_digits_in_either_case() {
        for byte in 0..=255_u8 {
            let bytes = [byte, !byte, byte.rotate_left(4), 0x9A].repeat(4);
            let digits: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
            let key = DuplicateKey::from_digits(digits.as_bytes()).unwrap();
            assert_eq!(key.to_string(), digits);
            assert_eq!(DuplicateKey::from_digits(digits.to_uppercase().as_bytes()), Some(key));
        }
    }

    #[test]
    fn nothing_else_is_read() {
        for byte in 0..=255_u8 {
            for place in [0, 1, 31] {
                let mut digits = [b'0'; 32];
                digits[place] = byte;
                let is_digit = byte.is_ascii_hexdigit();
                assert_eq!(DuplicateKey::from_digits(&digits).is_some(), is_digit, "{byte:#x}");
            }
        }
        for length in (0..70).filter(|length| *length != 32) {
            assert_eq!(DuplicateKey::from_digits(&vec![b'0'; length]), None, "{length}");
        }
    }
}
