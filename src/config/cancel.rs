//! Calls that another thread gives up.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// How long a wait may go on before it looks whether it was given up.
const SLICE: Duration = Duration::from_millis(50);

/// Gives up the calls of the clients that were made with it. Once requested it stays so: each call that is to be given up on its own
/// takes a new one.
#[derive(Clone, Debug, Default)]
pub struct Cancel(Arc<AtomicBool>);

impl Cancel {
    /// One that nobody has requested, for [`Client::with_cancel`](super::Client::with_cancel). Clones of it are the same.
    pub fn new() -> Cancel {
        Cancel::default()
    }

    /// Gives the calls up. Any thread may do so at any time, a signal handler too: all it does is to store one atomic flag.
    pub fn request(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    /// Whether they were given up.
    pub fn is_requested(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// All that can give up one call; none for most calls.
#[derive(Clone, Debug, Default)]
pub(super) struct Cancels(Vec<Cancel>);

impl Cancels {
    pub(super) fn and(&self, another: &Cancel) -> Cancels {
        Cancels(self.0.iter().chain([another]).cloned().collect())
    }

    pub(super) fn is_none(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn is_requested(&self) -> bool {
        self.0.iter().any(Cancel::is_requested)
    }

    /// How long to wait before looking again, of a wait this long.
    pub(super) fn slice(&self, wait: Duration) -> Duration {
        if self.is_none() { wait } else { wait.min(SLICE) }
    }
}

/// A request that was given up, as the transport reports it.
#[derive(Debug)]
pub(super) struct Cancelled;

impl Cancelled {
    pub(super) fn error() -> ureq::Error {
        ureq::Error::Other(Box::new(Cancelled))
    }
}

impl fmt::Display for Cancelled {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("cancelled by the caller")
    }
}

impl std::error::Error for Cancelled {}
