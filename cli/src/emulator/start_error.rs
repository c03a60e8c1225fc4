//! Why an emulator did not start.

use std::fmt::{Display, Formatter};
use std::io;
use std::net::SocketAddr;

/// Why an emulator did not start.
#[derive(Debug)]
#[non_exhaustive]
pub enum StartError {
    /// The address cannot be listened on.
    Address(SocketAddr, io::Error),
    /// The state file cannot be read or written, or is none: a sentence that says what to do.
    State(String),
    /// The system gave no thread for it.
    Thread(io::Error),
}

impl Display for StartError {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> std::fmt::Result {
        match self {
            StartError::Address(address, error) => {
                write!(formatter, "cannot listen on {address}: {error}")
            }
            StartError::State(why) => formatter.write_str(why),
            StartError::Thread(error) => write!(formatter, "cannot start a thread: {error}"),
        }
    }
}

impl std::error::Error for StartError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            StartError::Address(_, error) | StartError::Thread(error) => Some(error),
            StartError::State(_) => None,
        }
    }
}
