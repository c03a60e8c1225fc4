//! Options that setters write and a constructor reads.

use super::boundary;
use crate::error::{Error, Result, Status};

/// Options, and what the first wrong setter was given.
///
/// Setters return nothing, so that a host configures in one run of lines and checks once, where the options are used.
pub(super) struct Draft<O> {
    options: O,
    fault: Option<Error>,
}

impl<O: Clone> Draft<O> {
    pub(super) fn new(options: O) -> Draft<O> {
        Draft { options, fault: None }
    }

    /// The options, unless a setter was given something wrong.
    pub(super) fn checked(&self) -> Result<O> {
        match &self.fault {
            None => Ok(self.options.clone()),
            Some(fault) => Err(Error::new(Status::InvalidOption, fault.message())),
        }
    }

    /// Runs a setter; what it finds wrong is kept, in words that name it. Without a draft there is nothing to do.
    pub(super) fn set(
        draft: Option<&mut Draft<O>>,
        setter: &str,
        body: impl FnOnce(&mut O) -> Result<()>,
    ) {
        let Some(draft) = draft else { return };
        let outcome = boundary::guarded(|| body(&mut draft.options)).and_then(|outcome| outcome);
        if let Err(fault) = outcome {
            draft.fault.get_or_insert_with(|| {
                Error::new(Status::InvalidOption, format!("{setter}: {}", fault.message()))
            });
        }
    }
}
