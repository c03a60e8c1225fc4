//! What the system cannot be told to give up, on a thread of its own that is not waited for longer than wanted.

use std::io;
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use super::cancel::Cancels;

/// Work on a thread that lives for it only. A result that nobody waits for any more is dropped there.
pub(super) struct Aside<T> {
    result: Mutex<Option<T>>,
    is_done: Condvar,
}

/// Why there is no result.
#[derive(Debug)]
pub(super) enum Ended {
    TimedOut,
    Cancelled,
}

impl<T: Send + 'static> Aside<T> {
    pub(super) fn start(
        thread_name: &str,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> io::Result<Arc<Aside<T>>> {
        let begun = Arc::new(Aside { result: Mutex::new(None), is_done: Condvar::new() });
        let aside = Arc::clone(&begun);
        let finish = move || {
            let result = work();
            *aside.result.lock().unwrap_or_else(PoisonError::into_inner) = Some(result);
            aside.is_done.notify_all();
        };
        thread::Builder::new().name(thread_name.to_owned()).spawn(finish)?;
        Ok(begun)
    }

    /// Waits for the result, and gets of it what `get` makes of it.
    pub(super) fn wait<U>(
        &self,
        within: Duration,
        cancels: &Cancels,
        get: impl Fn(&mut Option<T>) -> Option<U>,
    ) -> Result<U, Ended> {
        let began = Instant::now();
        let mut result = self.result.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            if let Some(found) = get(&mut result) {
                return Ok(found);
            }
            if cancels.is_requested() {
                return Err(Ended::Cancelled);
            }
            let left = within.saturating_sub(began.elapsed());
            if left.is_zero() {
                return Err(Ended::TimedOut);
            }
            let waited = self.is_done.wait_timeout(result, cancels.slice(left));
            result = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
    }
}
