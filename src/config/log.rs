//! Lines for the host's own log.

use std::fmt;
use std::sync::Arc;

use crate::printable::Printable;

/// How much a line matters.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// An attempt failed and another follows.
    Warn = 2,
    /// Something rare that went well: the UserSig was signed again, a race was settled.
    Info = 3,
    /// Each attempt and its answer.
    Debug = 4,
}

/// Takes lines of text without a line end. They never hold a key, a UserSig or a URL's query.
pub type LogFn = dyn Fn(Level, &str) + Send + Sync;

/// Where lines go: nowhere unless the host asked.
#[derive(Clone, Default)]
pub(super) struct Log(pub(super) Option<Arc<LogFn>>);

impl Log {
    pub(super) fn line(&self, level: Level, text: impl FnOnce() -> String) {
        if let Some(log) = &self.0 {
            // What Tencent says must not be able to end the line and begin another.
            log(level, &Printable(&text()).to_string());
        }
    }
}

impl fmt::Debug for Log {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(if self.0.is_some() { "Log(..)" } else { "Log(none)" })
    }
}
