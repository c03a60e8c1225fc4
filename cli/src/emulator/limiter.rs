//! The limit of requests per second.

use std::collections::HashMap;
use std::hash::Hash;
use std::time::{Duration, Instant};

const WINDOW: Duration = Duration::from_secs(1);

/// Counts requests in windows of one second, each key apart.
pub struct Limiter<K> {
    per_second: u32,
    windows: HashMap<K, (Instant, u32)>,
}

impl<K: Eq + Hash> Limiter<K> {
    pub fn new(per_second: u32) -> Limiter<K> {
        Limiter { per_second, windows: HashMap::new() }
    }

    /// Whether one more request is within the limit.
    pub fn admit(&mut self, key: K, now: Instant) -> bool {
        let (start, count) = self.windows.entry(key).or_insert((now, 0));
        if now.duration_since(*start) >= WINDOW {
            (*start, *count) = (now, 0);
        }
        *count = count.saturating_add(1);
        *count <= self.per_second
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_admits_the_limit_and_the_next_one_again() {
        let mut limiter = Limiter::new(2);
        let start = Instant::now();
        assert!(limiter.admit("a", start));
        assert!(limiter.admit("a", start + WINDOW / 2));
        assert!(!limiter.admit("a", start + WINDOW - Duration::from_nanos(1)));
        assert!(limiter.admit("b", start + WINDOW / 2), "another API has its own window");
        assert!(limiter.admit("a", start + WINDOW));
    }
}
