//! The one deadline of a call.

use std::time::{Duration, Instant};

use crate::error::{Error, Status};

/// When the call must be back, waits and retries included.
#[derive(Clone, Copy, Debug)]
pub(super) struct Deadline {
    end: Instant,
    total: Duration,
}

impl Deadline {
    pub(super) fn after(total: Duration) -> Deadline {
        Deadline { end: Instant::now() + total, total }
    }

    /// The time that is left; an error if there is none.
    pub(super) fn left(&self) -> Result<Duration, Error> {
        let left = self.end.saturating_duration_since(Instant::now());
        if left.is_zero() {
            let message = format!("the deadline of {} ms has passed", self.total.as_millis());
            return Err(Error::new(Status::Timeout, message).with_retryable(true));
        }
        Ok(left)
    }

    /// Whether a wait this long would still leave time to do something.
    pub(super) fn allows(&self, wait: Duration) -> bool {
        self.left().is_ok_and(|left| wait < left)
    }
}
