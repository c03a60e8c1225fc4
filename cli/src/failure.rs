//! Why a command did not succeed, and the exit code for it.

use tc_callback::error::{Error, Status};

/// The exit code of a command that was called wrongly.
pub const WRONG_CALL: u8 = 2;

/// A failure that is told in one sentence.
#[derive(Debug)]
pub enum Failure {
    /// The operation failed, or the reply was wrong: exit code 1.
    Operation(String),
    /// The command was called wrongly: exit code 2.
    Usage(String),
}

/// A result with this command's failure.
pub type Result<T> = std::result::Result<T, Failure>;

impl Failure {
    pub fn operation(message: impl Into<String>) -> Failure {
        Failure::Operation(message.into())
    }

    pub fn usage(message: impl Into<String>) -> Failure {
        Failure::Usage(message.into())
    }

    pub fn exit_code(&self) -> u8 {
        match self {
            Failure::Operation(_) => 1,
            Failure::Usage(_) => WRONG_CALL,
        }
    }

    pub fn message(&self) -> &str {
        match self {
            Failure::Operation(message) | Failure::Usage(message) => message,
        }
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Failure {
        match error.status() {
            Status::InvalidArgument
            | Status::InvalidOption
            | Status::InvalidUrl
            | Status::EmptyCommandList
            | Status::UnknownCommand
            | Status::UnsupportedOperation => Failure::usage(error.message()),
            _ => Failure::operation(error.message()),
        }
    }
}
