//! Sends one request until it succeeds, cannot succeed, or time and attempts are used up.

use std::time::Duration;

use zeroize::Zeroizing;

use crate::catalog::{ErrorCode, Operation, Product, Remedy};
use crate::error::{Error, Report, Result, Status};

use super::cancel::Cancels;
use super::deadline::Deadline;
use super::log::Level;
use super::message::Reply;
use super::settings::Settings;
use super::state::State;
use super::usersig_cache::UserSig;

/// Tencent's own back end gives up after 3 s, so an answer that takes longer is not coming.
const LONGEST_USEFUL_WAIT: Duration = Duration::from_secs(4);
const FIRST_BACK_OFF: Duration = Duration::from_millis(100);
const LONGEST_BACK_OFF: Duration = Duration::from_secs(2);

/// One call of the public API, which may take several requests.
pub(super) struct Call<'a> {
    settings: &'a Settings,
    state: &'a State,
    deadline: Deadline,
    product: Product,
    sent: u32,
}

/// How a request ended. `ambiguous` says that an earlier attempt of it failed in a way that leaves open whether Tencent
/// carried it out.
pub(super) struct Outcome {
    pub(super) result: Result<Reply>,
    pub(super) ambiguous: bool,
}

/// How an attempt failed.
struct Failure {
    error: Error,
    maybe_done: bool,
    is_cut_short: bool,
}

impl<'a> Call<'a> {
    pub(super) fn new(
        settings: &'a Settings,
        state: &'a State,
        product: Product,
        timeout: Duration,
        cancels: Cancels,
    ) -> Call<'a> {
        let deadline = Deadline::after(timeout, cancels);
        Call { settings, state, deadline, product, sent: 0 }
    }

    /// Sends the request. The error says which operation failed and has the whole call's number of requests.
    pub(super) fn send(&mut self, operation: Operation, body: &[u8]) -> Outcome {
        let mut ambiguous = false;
        let result = self.send_until_done(operation, body, &mut ambiguous);
        let result = match result {
            Ok(mut reply) => {
                reply.report.attempts = self.sent;
                Ok(reply)
            }
            Err(error) => Err(self.in_words(error, operation, ambiguous)),
        };
        Outcome { result, ambiguous }
    }

    fn send_until_done(
        &mut self,
        operation: Operation,
        body: &[u8],
        ambiguous: &mut bool,
    ) -> Result<Reply> {
        let mut resigned = false;
        let mut last: Option<Error> = None;
        let mut attempt = 0;
        loop {
            attempt += 1;
            // A wait that failed must not hide why the attempt before it did.
            let ready = self.state.limiters.wait(self.product, operation, &self.deadline);
            let left = match ready.and_then(|()| self.deadline.left()) {
                Ok(left) => left,
                Err(error) if error.status() == Status::Cancelled => return Err(error),
                Err(error) => return Err(last.unwrap_or(error)),
            };
            let usersig = self.state.usersig.get(&self.settings.credentials)?;
            let failure = match self.attempt(operation, body, &usersig, attempt, left) {
                Ok(reply) => return Ok(reply),
                Err(failure) => failure,
            };
            *ambiguous |= failure.maybe_done;
            let error = failure.error;
            // Nor must a connection that there was no time for.
            let told = |error| match last {
                Some(last) if failure.is_cut_short => last,
                _ => error,
            };
            if attempt == self.settings.attempts {
                return Err(told(error));
            }
            if !resigned && self.settings.credentials.can_sign() && remedy(&error) == Remedy::Resign
            {
                resigned = true;
                self.state.usersig.forget(&usersig);
                self.log(Level::Info, operation, || format!("signing a new UserSig: {error}"));
                last = Some(error);
                continue;
            }
            // Who says "too many requests" in HTTP is a gateway on the way, and wants a longer wait than a back-off.
            if !error.is_retryable() || error.report().http_status == Some(429) {
                return Err(error);
            }
            let wait = back_off(attempt);
            if !self.deadline.allows(wait) {
                return Err(told(error));
            }
            self.log(Level::Warn, operation, || {
                format!("attempt {attempt}: {error}; again in {} ms", wait.as_millis())
            });
            self.deadline.sleep(wait)?;
            last = Some(error);
        }
    }

    fn attempt(
        &mut self,
        operation: Operation,
        body: &[u8],
        usersig: &UserSig,
        attempt: u32,
        left: Duration,
    ) -> Result<Reply, Failure> {
        let Settings { endpoint, sdk_app_id, identifier, .. } = self.settings;
        let not_sent = |error| Failure { error, maybe_done: false, is_cut_short: false };
        let transport = self.state.transport(self.settings).map_err(not_sent)?;
        let path = format!("{endpoint}/v4/{}/{}", self.product.service(), operation.path());
        let random = getrandom::u32().unwrap_or_default();
        let who = format!("?sdkappid={sdk_app_id}&identifier={identifier}&usersig=");
        let rest = format!("&random={random}&contenttype=json");
        let parts = [&path, &who, usersig.as_str(), &rest];
        // With room for all of it: text that is moved to grow leaves a UserSig behind.
        let mut url =
            Zeroizing::new(String::with_capacity(parts.iter().map(|part| part.len()).sum()));
        parts.iter().for_each(|part| url.push_str(part));
        self.log(Level::Debug, operation, || format!("attempt {attempt}: POST {path}"));
        self.sent += 1;
        let attempts_left = self.settings.attempts - attempt + 1;
        let share = (left / attempts_left).max(LONGEST_USEFUL_WAIT).min(left);
        let answer =
            transport.post(url, body, self.settings.connect_timeout, share, &self.deadline.cancels);
        let answer = answer.map_err(|fault| Failure {
            maybe_done: fault.maybe_done,
            is_cut_short: fault.is_cut_short,
            error: Error::new(fault.status, fault.message).with_retryable(fault.retryable),
        })?;
        let reply = Reply::read(&answer, usersig).map_err(|error| Failure {
            maybe_done: answer.http_status == 200 || answer.http_status >= 500,
            is_cut_short: false,
            error,
        })?;
        self.log(Level::Debug, operation, || {
            let Report { code, request_id, .. } = &reply.report;
            let request_id = request_id.as_deref().unwrap_or("none");
            format!(
                "attempt {attempt}: ErrorCode {}, RequestId {request_id}",
                code.unwrap_or_default()
            )
        });
        if reply.is_ok() {
            return Ok(reply);
        }
        let error = Error::from_tencent(reply.report);
        let maybe_done = error.status() == Status::ServiceFailed;
        Err(Failure { maybe_done, is_cut_short: false, error })
    }

    fn in_words(&self, error: Error, operation: Operation, ambiguous: bool) -> Error {
        let told = matches!(error.status(), Status::AlreadyExists | Status::NotFound);
        let report = Report { attempts: self.sent, ..error.report().clone() };
        let error = Error::new(error.status(), self.about(operation, error.message()))
            .with_report(report)
            .with_retryable(error.is_retryable());
        match ambiguous && !told && operation != Operation::Get {
            true => maybe_done(error),
            false => error,
        }
    }

    pub(super) fn log(&self, level: Level, operation: Operation, text: impl FnOnce() -> String) {
        self.settings.log.line(level, || self.about(operation, &text()));
    }

    /// The text with what it is about before it.
    pub(super) fn about(&self, operation: Operation, text: &str) -> String {
        format!("{} {}: {text}", self.product.name(), operation.path())
    }
}

/// The same error, which says that it is not known whether the write was carried out.
pub(super) fn maybe_done(error: Error) -> Error {
    let message = format!(
        "{}; the change may have been made all the same: read the configuration",
        error.message()
    );
    Error::new(error.status(), message)
        .with_report(error.report().clone())
        .with_retryable(error.is_retryable())
}

fn remedy(error: &Error) -> Remedy {
    let row = error.report().code.and_then(ErrorCode::find);
    row.map_or(Remedy::None, |row| row.remedy)
}

/// Doubles with each attempt; the second half of it is random, so that hosts that failed together do not come back together.
fn back_off(attempt: u32) -> Duration {
    let longest = FIRST_BACK_OFF.saturating_mul(1 << (attempt - 1).min(10)).min(LONGEST_BACK_OFF);
    let random = f64::from(getrandom::u32().unwrap_or_default()) / f64::from(u32::MAX);
    longest / 2 + (longest / 2).mul_f64(random)
}
