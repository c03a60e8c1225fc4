//! What is told of each request.

use axum::http::request::Parts;
use tc_callback::catalog::code;

use super::answer::Success;
use super::injection::Fault;
use super::refusal::Refusal;
use crate::secret::before_usersig;

/// One request and what became of it. It holds neither the UserSig nor the rest of the query.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct LogLine<'a> {
    /// The HTTP method.
    pub method: &'a str,
    /// The URL's path: `/v4/room_config/get_callback`. It ends where a UserSig begins, for want of the `?`.
    pub path: &'a str,
    /// `ErrorCode` of the answer, 0 is success; `None` if a fault came instead of an answer and nothing was carried out.
    pub code: Option<i64>,
    /// `ErrorInfo` of the answer.
    pub info: &'a str,
    /// `RequestId` of the answer.
    pub request_id: &'a str,
    /// The faults that were put in and met this request; of a latency the one that was drawn.
    pub faults: &'a [Fault],
}

impl<'a> LogLine<'a> {
    pub(super) fn new(
        parts: &'a Parts,
        outcome: Option<&'a Result<Success, Refusal>>,
        faults: &'a [Fault],
        request_id: &'a str,
    ) -> LogLine<'a> {
        let (code, info) = match outcome {
            None => (None, ""),
            Some(Ok(_)) => (Some(code::OK), ""),
            Some(Err(refusal)) => (Some(refusal.code), refusal.info.as_str()),
        };
        LogLine {
            method: parts.method.as_str(),
            path: before_usersig(parts.uri.path()),
            code,
            info,
            request_id,
            faults,
        }
    }
}
