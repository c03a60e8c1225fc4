//! Times that pass, as a person writes them: `50ms`, `1.5s`, `2m`.

use std::time::Duration;

use jiff::SignedDuration;

/// Reads one; `limit` says in words what it may be at most.
pub fn parse(text: &str, most: Duration, limit: &str) -> Result<Duration, String> {
    let duration = text.parse::<SignedDuration>().ok();
    duration
        .and_then(|duration| Duration::try_from(duration).ok())
        .filter(|duration| *duration <= most)
        .ok_or_else(|| {
            format!("{text:?} is not a time of at most {limit}, such as 200ms, 1.5s or 2m")
        })
}

/// One of at most an hour.
pub fn up_to_an_hour(text: &str) -> Result<Duration, String> {
    parse(text, Duration::from_secs(3600), "an hour")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_with_their_units_and_within_their_limit() {
        for (text, milliseconds) in
            [("50ms", 50), ("1.5s", 1500), ("2m", 120_000), ("1h", 3_600_000)]
        {
            assert_eq!(up_to_an_hour(text), Ok(Duration::from_millis(milliseconds)));
        }
        for wrong in ["", "5", "s", "-1s", "61m", "1 week", "ms"] {
            assert!(up_to_an_hour(wrong).is_err_and(|why| why.contains("an hour")), "{wrong}");
        }
    }
}
