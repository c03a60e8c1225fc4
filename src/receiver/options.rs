//! What a receiver is told once.

use std::fmt;

use zeroize::Zeroizing;

use crate::error::{Error, Result, Status};
use crate::event::Limits;
use crate::secret::check_token;

/// Options of a receiver. Made by [`Options::new`], changed by its setters, checked by `Receiver::new`.
#[derive(Clone)]
pub struct Options {
    pub(super) sdk_app_id: u32,
    pub(super) tokens: Vec<Zeroizing<String>>,
    pub(super) sign_tolerance_s: u32,
    pub(super) limits: Limits,
    pub(super) duplicate_count: usize,
    pub(super) duplicate_seconds: u32,
}

impl Options {
    /// Options for the callbacks of this application, without a token.
    pub fn new(sdk_app_id: u32) -> Options {
        Options {
            sdk_app_id,
            tokens: Vec::new(),
            sign_tolerance_s: 60,
            limits: Limits::default(),
            duplicate_count: 10_000,
            duplicate_seconds: 600,
        }
    }

    /// Asks for a Sign made with this token, or with another that is added: two at once while a token is being replaced.
    /// Without a token Sign is not asked for, and anyone who can reach the URL can post events. `Receiver::new` refuses one that is
    /// empty, or has what comes along when it is copied or read from a file: see [`check_token`].
    pub fn add_token(&mut self, token: &str) {
        self.tokens.push(Zeroizing::new(token.to_string()));
    }

    /// How far RequestTime may be from the clock, in seconds. Default 60, the vendor's own figure.
    pub fn set_sign_tolerance_s(&mut self, seconds: u32) {
        self.sign_tolerance_s = seconds;
    }

    /// What a body may be at most, to be changed.
    pub fn limits_mut(&mut self) -> &mut Limits {
        &mut self.limits
    }

    /// How many events are remembered, and for how many seconds after they were taken, to recognize those that are delivered
    /// again. Default 10,000 and 600 s, which take about 2 MB. An event that is being handled counts, and is never forgotten: a
    /// receiver that is full of them answers 503 to the next. 0 of either: every event is new.
    pub fn set_duplicate_window(&mut self, count: usize, seconds: u32) {
        self.duplicate_count = count;
        self.duplicate_seconds = seconds;
    }

    pub(super) fn has_window(&self) -> bool {
        self.duplicate_count != 0 && self.duplicate_seconds != 0
    }

    pub(super) fn check(&self) -> Result<()> {
        if self.sdk_app_id == 0 {
            return Err(Error::new(Status::InvalidOption, "the SDKAppID of a receiver is 0"));
        }
        for token in &self.tokens {
            check_token(token.as_bytes()).map_err(|error| {
                Error::new(Status::InvalidOption, format!("add_token: {}", error.message()))
            })?;
        }
        if self.limits.max_depth > Limits::MAX_DEPTH {
            let (found, most) = (self.limits.max_depth, Limits::MAX_DEPTH);
            let message = format!("set_max_depth: {found} is over {most}");
            return Err(Error::new(Status::InvalidOption, message));
        }
        Ok(())
    }
}

impl fmt::Debug for Options {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Options")
            .field("sdk_app_id", &self.sdk_app_id)
            .field("token_count", &self.tokens.len())
            .field("sign_tolerance_s", &self.sign_tolerance_s)
            .field("limits", &self.limits)
            .field("duplicate_count", &self.duplicate_count)
            .field("duplicate_seconds", &self.duplicate_seconds)
            .finish()
    }
}
