//! What a call that writes comes to.

use crate::error::Report;

use super::message::CallbackConfig;

/// What a call changed at Tencent.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Change {
    /// There was no configuration, and now there is.
    Created = 1,
    /// The configuration that was there was replaced by another.
    Updated = 2,
    /// Nothing: what was asked for was so already.
    Unchanged = 3,
    /// The configuration was deleted. Tencent does not say whether there was one.
    Deleted = 4,
    /// The configuration is now as asked for, and it cannot be known whether there was one before.
    Written = 5,
}

/// The result of a call that writes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Response {
    /// What is known about the last request of the call. `attempts` counts all its requests.
    pub report: Report,
    /// What changed.
    pub change: Change,
    /// Only from [`Client::ensure_callback`](super::Client::ensure_callback): the configuration that was there before.
    pub previous: Option<CallbackConfig>,
}
