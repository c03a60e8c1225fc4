//! Why a command did not succeed, and the exit code for it.

/// A failure that is told in one sentence.
#[derive(Debug)]
pub enum Failure {
    /// The operation failed, or the reply was wrong: exit code 1.
    Operation(String),
    /// The command was called wrongly: exit code 2.
    Usage(String),
    /// As [`Failure::Operation`], but the output has told it already.
    Told,
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
            Failure::Operation(_) | Failure::Told => 1,
            Failure::Usage(_) => 2,
        }
    }

    pub fn message(&self) -> Option<&str> {
        match self {
            Failure::Operation(message) | Failure::Usage(message) => Some(message),
            Failure::Told => None,
        }
    }
}

impl From<tc_callback::error::Error> for Failure {
    fn from(error: tc_callback::error::Error) -> Failure {
        Failure::operation(error.message())
    }
}
