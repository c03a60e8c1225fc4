//! What the system cannot be told to give up, on a thread of its own that is not waited for longer than wanted.

use std::io;
use std::sync::mpsc::{RecvTimeoutError, sync_channel};
use std::thread;
use std::time::{Duration, Instant};

use super::cancel::Cancels;

/// Why there is no result.
pub(super) enum Ended {
    TimedOut,
    Cancelled,
    /// The thread could not be started, or ended without a result.
    Failed(io::Error),
}

/// Runs `work` on a thread that lives for it only. What comes after the time is up is dropped there.
pub(super) fn run<T: Send + 'static>(
    thread_name: &str,
    within: Duration,
    cancels: &Cancels,
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, Ended> {
    let (sender, receiver) = sync_channel(1);
    let send = move || {
        // Nobody listens any more once the time is up.
        sender.send(work()).ok();
    };
    thread::Builder::new().name(thread_name.to_owned()).spawn(send).map_err(Ended::Failed)?;
    let began = Instant::now();
    loop {
        if cancels.is_requested() {
            return Err(Ended::Cancelled);
        }
        let left = within.saturating_sub(began.elapsed());
        match receiver.recv_timeout(cancels.slice(left)) {
            Ok(result) => return Ok(result),
            Err(RecvTimeoutError::Timeout) if left.is_zero() => return Err(Ended::TimedOut),
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => {
                return Err(Ended::Failed(io::Error::other("its thread ended")));
            }
        }
    }
}
