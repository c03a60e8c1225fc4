//! tc_status and tc_error.

use std::ffi::{CStr, c_char};
use std::ptr;

use super::boundary;
use super::output::{Owned, Texts, lend};
use crate::error::{Error, Report, Status};
use crate::event::{ABSENT, Str};

/// What a call came to: TC_OK (0), or one of the other TC_ numbers of tc_status_code.
pub type StatusNumber = i32;

/// Why a call failed, and what to do about it. Read-only; freed by tc_error_free. Never holds a key or a UserSig.
#[repr(C)]
pub struct TcError {
    /// The status that the call returned.
    pub status: StatusNumber,
    /// Whether the same call may succeed later without any change: 1 or 0.
    pub is_retryable: i32,
    /// What happened, where, and what to do, in a sentence.
    pub message: Str,
    /// HTTP status of the last answer; 0 when there was none.
    pub http_status: i32,
    /// How many requests were sent.
    pub attempts: i32,
    /// Tencent's `ErrorCode`; TC_ABSENT when it did not answer.
    pub tencent_code: i64,
    /// Tencent's `ErrorInfo`.
    pub tencent_info: Str,
    /// Tencent's `RequestId`: quote it to their support.
    pub request_id: Str,
    /// The byte of the input at which the error lies; TC_ABSENT when there is none.
    pub offset: i64,
}

/// Handed out where there is no memory for an error.
static NO_MEMORY: TcError = TcError {
    status: Status::OutOfMemory as StatusNumber,
    is_retryable: 0,
    message: Str::from_static(Error::NO_MEMORY),
    http_status: 0,
    attempts: 0,
    tencent_code: ABSENT,
    tencent_info: Str::ABSENT,
    request_id: Str::ABSENT,
    offset: ABSENT,
};

impl TcError {
    pub(super) fn into_raw(error: Error) -> *mut TcError {
        // SAFETY: the error is kept beside its view.
        Owned::hand_out(error, |texts, error| unsafe { TcError::view(error, texts) })
            .unwrap_or((&raw const NO_MEMORY).cast_mut())
    }

    /// # Safety
    ///
    /// `error` and `texts` are kept as long as the view; the error itself may be moved.
    pub(super) unsafe fn view(error: &Error, texts: &mut Texts) -> TcError {
        let report = error.report();
        let offset = error.offset().and_then(|offset| i64::try_from(offset).ok());
        TcError {
            status: error.status() as StatusNumber,
            is_retryable: i32::from(error.is_retryable()),
            // SAFETY: the caller's promise.
            message: unsafe { lend(error.message_with_nul()) },
            http_status: http_status(report),
            attempts: attempts(report),
            tencent_code: report.code.unwrap_or(ABSENT),
            tencent_info: texts.keep_optional(report.info.as_deref()),
            request_id: texts.keep_optional(report.request_id.as_deref()),
            offset: offset.unwrap_or(ABSENT),
        }
    }
}

pub(super) fn http_status(report: &Report) -> i32 {
    report.http_status.map_or(0, i32::from)
}

pub(super) fn attempts(report: &Report) -> i32 {
    i32::try_from(report.attempts).unwrap_or(i32::MAX)
}

/// Frees an error. NULL is fine.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tc_error_free(error: *mut TcError) {
    if ptr::eq(error, &NO_MEMORY) {
        return;
    }
    // SAFETY: the caller hands back what this library handed out as a tc_error, once.
    boundary::infallible((), || unsafe { Owned::<TcError, Error>::free(error) });
}

/// A status in a few words: "no such value at this JSON pointer". The text lives as long as the program; a number that is no
/// status gives "unknown status". Any thread may call it.
#[unsafe(no_mangle)]
pub extern "C" fn tc_status_text(status: StatusNumber) -> *const c_char {
    status_text(status).as_ptr()
}

const STATUS_TEXTS: &[(Status, &CStr)] = &[
    (Status::Ok, c"success"),
    (Status::NullPointer, c"a pointer is NULL"),
    (Status::InvalidArgument, c"an argument is invalid"),
    (Status::OutOfMemory, c"out of memory"),
    (Status::Panic, c"a fault in tc-callback"),
    (Status::InvalidOption, c"an option is missing or invalid"),
    (Status::InvalidUrl, c"the callback URL is invalid"),
    (Status::EmptyCommandList, c"the list of callback commands is empty"),
    (Status::UnknownCommand, c"a callback command is unknown"),
    (Status::UnsupportedOperation, c"the product has no such operation"),
    (Status::Timeout, c"the deadline passed"),
    (Status::NameResolution, c"the host's name could not be resolved"),
    (Status::Connection, c"the connection failed"),
    (Status::Tls, c"TLS failed"),
    (Status::Proxy, c"the proxy failed"),
    (Status::HttpStatus, c"the HTTP status is not 200"),
    (Status::InvalidResponse, c"the answer is not what Tencent documents"),
    (Status::Cancelled, c"the caller cancelled the call"),
    (Status::Refused, c"Tencent refused"),
    (Status::AlreadyExists, c"a callback configuration exists already"),
    (Status::NotFound, c"no callback configuration exists"),
    (Status::Unauthorized, c"the UserSig, identifier, SDKAppID or key is wrong"),
    (Status::RateLimited, c"too many requests"),
    (Status::ServiceFailed, c"Tencent's service failed"),
    (Status::MalformedJson, c"the body is not JSON"),
    (Status::NotACallback, c"the body is not a callback"),
    (Status::MalformedQuery, c"the URL query cannot be used"),
    (Status::TooLarge, c"the body is over the limit"),
    (Status::TooDeep, c"the JSON is nested too deep"),
    (Status::TooManyElements, c"the lists have too many elements"),
    (Status::WrongApp, c"the callback is for another SDKAppID"),
    (Status::BadSign, c"Sign is missing or wrong"),
    (Status::StaleSign, c"RequestTime is too far from the clock"),
    (Status::NoSuchValue, c"no such value at this JSON pointer"),
    (Status::MalformedUserSig, c"the text is not a UserSig"),
    (Status::ExpiredUserSig, c"the UserSig has expired"),
    (Status::UserSigMismatch, c"the UserSig is for another account or application"),
    (Status::ForgedUserSig, c"the UserSig was made with another key or changed"),
];

fn status_text(status: StatusNumber) -> &'static CStr {
    let row = STATUS_TEXTS.iter().find(|(known, _)| *known as StatusNumber == status);
    row.map_or(c"unknown status", |(_, text)| *text)
}
