//! The one deadline of a call, and those who may end it earlier.

use std::thread;
use std::time::{Duration, Instant};

use crate::error::{Error, Result, Status};

use super::cancel::Cancels;

/// When the call must be back, waits and retries included.
#[derive(Clone, Debug)]
pub(super) struct Deadline {
    end: Instant,
    total: Duration,
    pub(super) cancels: Cancels,
}

impl Deadline {
    pub(super) fn after(total: Duration, cancels: Cancels) -> Deadline {
        Deadline { end: Instant::now() + total, total, cancels }
    }

    /// The time that is left; an error if there is none, or the call was given up.
    pub(super) fn left(&self) -> Result<Duration> {
        self.check_cancelled()?;
        let left = self.time_left();
        if left.is_zero() {
            let message = format!("the deadline of {} ms has passed", self.total.as_millis());
            return Err(Error::new(Status::Timeout, message).with_retryable(true));
        }
        Ok(left)
    }

    /// Whether a wait this long would still leave time to do something.
    pub(super) fn allows(&self, wait: Duration) -> bool {
        wait < self.time_left()
    }

    /// Waits, unless the call is given up.
    pub(super) fn sleep(&self, wait: Duration) -> Result<()> {
        let end = Instant::now() + wait;
        loop {
            self.check_cancelled()?;
            let left = end.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Ok(());
            }
            thread::sleep(self.cancels.slice(left));
        }
    }

    fn check_cancelled(&self) -> Result<()> {
        match self.cancels.is_requested() {
            true => Err(Error::new(Status::Cancelled, "cancelled by the caller")),
            false => Ok(()),
        }
    }

    fn time_left(&self) -> Duration {
        self.end.saturating_duration_since(Instant::now())
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::config::Cancel;

    #[test]
    fn a_wait_of_an_hour_ends_when_it_is_cancelled() {
        let hour = Duration::from_secs(3600);
        let cancel = Cancel::new();
        let deadline = Deadline::after(2 * hour, Cancels::default().and(&cancel));
        let waiting = thread::spawn(move || deadline.sleep(hour));
        cancel.request();
        let error = waiting.join().unwrap().unwrap_err();
        assert_eq!(error.status(), Status::Cancelled);
    }
}
