//! The time since 1970; 0 if the clock stands before that.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// Seconds.
pub fn now_s() -> u64 {
    since_1970().as_secs()
}

/// Milliseconds.
pub fn now_ms() -> u128 {
    since_1970().as_millis()
}

fn since_1970() -> Duration {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default()
}
