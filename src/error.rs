//! The one error type, and the numbers by which the C ABI names what went wrong.

use std::ffi::CStr;
use std::fmt;

use crate::catalog::{ErrorCode, Remedy, code};
use crate::memory::try_box;
use crate::printable::Printable;
use crate::text::Text;

/// No message about a callback that somebody made up is longer, unless it quotes what he sent.
pub(crate) type Message = Text<160>;

/// What a call came to. Numbers are explicit, grouped by hundreds, and never reused.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Status {
    /// Success.
    Ok = 0,

    /// A pointer that must not be NULL is NULL; the message names it.
    NullPointer = 1,
    /// An argument is out of its range or not UTF-8; the message names it.
    InvalidArgument = 2,
    /// Memory could not be had.
    OutOfMemory = 3,
    /// A fault in this library, caught at the boundary. The handle may be freed and nothing else; please report the message.
    Panic = 4,

    /// An option of the client or the receiver is missing or invalid; the message names the setter.
    InvalidOption = 100,
    /// The callback URL is not one that Tencent can post to.
    InvalidUrl = 101,
    /// The list of commands is empty.
    EmptyCommandList = 102,
    /// A command word is not in this release's catalogue, or belongs to another product.
    UnknownCommand = 103,
    /// The product has no such operation: Call has no update.
    UnsupportedOperation = 104,

    /// The deadline passed. A write may have reached Tencent all the same.
    Timeout = 200,
    /// The host's name could not be resolved.
    NameResolution = 201,
    /// No connection: refused, unreachable, or lost while waiting for the answer.
    Connection = 202,
    /// TLS failed: the certificate is not trusted, expired, for another host; the message says which.
    Tls = 203,
    /// The proxy refused or failed.
    Proxy = 204,
    /// The HTTP status is not 200.
    HttpStatus = 205,
    /// The answer is not the JSON that the vendor documents.
    InvalidResponse = 206,
    /// The caller cancelled the call. A write may have reached Tencent all the same.
    Cancelled = 207,

    /// Tencent refused with an error code that has no status of its own: see `tencent_code`.
    Refused = 300,
    /// A configuration exists already (100300): update it, or use ensure.
    AlreadyExists = 301,
    /// No configuration exists (100301): set it, or use ensure.
    NotFound = 302,
    /// The UserSig, the identifier, the SDKAppID or the key is wrong.
    Unauthorized = 303,
    /// Tencent's call frequency was exceeded, also after the retries.
    RateLimited = 304,
    /// Tencent's service failed or timed out, also after the retries.
    ServiceFailed = 305,

    /// The body is not JSON; `offset` is the byte where it stops being JSON.
    MalformedJson = 400,
    /// The JSON is not a callback: no object, or no CallbackCommand.
    NotACallback = 401,
    /// The URL query cannot be read, lacks a parameter that must be checked, or has one twice.
    MalformedQuery = 402,
    /// The body is over the limit.
    TooLarge = 403,
    /// The JSON is nested deeper than the limit.
    TooDeep = 404,
    /// The lists of the event have more elements than the limit.
    TooManyElements = 409,
    /// The callback is for another SDKAppID.
    WrongApp = 405,
    /// Sign is missing or was not made with any of the tokens.
    BadSign = 406,
    /// RequestTime is too far from the clock: an old request sent again, or a clock that is off.
    StaleSign = 407,
    /// No value stands at this JSON pointer.
    NoSuchValue = 408,

    /// The text is not a UserSig.
    MalformedUserSig = 500,
    /// The UserSig has expired.
    ExpiredUserSig = 501,
    /// The UserSig is for another account or another SDKAppID.
    UserSigMismatch = 502,
    /// The UserSig was made with another key, or changed.
    ForgedUserSig = 503,
}

/// An error: what, where, and what to do about it. Never holds a key or a UserSig.
///
/// If there is no memory for it, it is an [`Status::OutOfMemory`] that needs none, whatever it was to be.
pub struct Error(Option<Box<[Inner; 1]>>);

struct Inner {
    status: Status,
    message: Message,
    report: Report,
    retryable: bool,
    offset: Option<usize>,
}

/// What is known about a REST call, in its result as in its error.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// HTTP status of the last answer.
    pub http_status: Option<u16>,
    /// Tencent's `ErrorCode`.
    pub code: Option<i64>,
    /// Tencent's `ErrorInfo`.
    pub info: Option<String>,
    /// Tencent's `RequestId`: quote it to their support.
    pub request_id: Option<String>,
    /// How many requests were sent.
    pub attempts: u32,
}

/// A result with this crate's error.
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    /// An error with this status and this sentence, which may quote what came from outside: see [`Printable`].
    pub fn new(status: Status, message: impl Into<Message>) -> Error {
        let message = message.into();
        let shown = Printable(&message);
        let message = match shown.is_as_it_is() {
            true => message,
            false => format_args!("{shown}").into(),
        };
        let inner =
            Inner { status, message, report: Report::default(), retryable: false, offset: None };
        Error(try_box(inner).ok())
    }

    /// The error that needs no memory.
    pub(crate) const OUT_OF_MEMORY: Error = Error(None);

    /// Its message.
    pub(crate) const NO_MEMORY: &CStr = c"memory could not be had";

    fn inner(&self) -> Option<&Inner> {
        self.0.as_deref().map(|[inner]| inner)
    }

    fn change(mut self, change: impl FnOnce(&mut Inner)) -> Error {
        if let Some([inner]) = self.0.as_deref_mut() {
            change(inner);
        }
        self
    }

    /// An error at this byte of the input.
    pub fn at(status: Status, offset: usize, message: impl Into<Message>) -> Error {
        Error::new(status, message).change(|inner| inner.offset = Some(offset))
    }

    /// The error for an answer whose `ErrorCode` is not 0; the report's `code` and `info` are put into words.
    pub fn from_tencent(report: Report) -> Error {
        let number = report.code.unwrap_or_default();
        let known = ErrorCode::find(number);
        let remedy = known.map_or(Remedy::None, |known| known.remedy);
        let meaning = known.map_or("a code that no vendor page lists", |known| known.meaning);
        let mut message = format!("Tencent answered {number}: {meaning}");
        if let Some(info) = report.info.as_deref().filter(|info| !info.is_empty()) {
            message.push_str(&format!(" (ErrorInfo: {info})"));
        }
        let status = match (number, remedy) {
            (code::CONFIG_EXISTS, _) => Status::AlreadyExists,
            (code::CONFIG_MISSING, _) => Status::NotFound,
            (60007 | 60011 | 60018 | 60019 | 72010, _) => Status::RateLimited,
            (60010 | 60012 | 60025 | 70009 | 70013 | 70014 | 70016 | 70020 | 70050 | 70051, _) => {
                Status::Unauthorized
            }
            (_, Remedy::Resign) => Status::Unauthorized,
            (_, Remedy::Retry) => Status::ServiceFailed,
            _ => Status::Refused,
        };
        Error::new(status, message).with_report(report).with_retryable(remedy == Remedy::Retry)
    }

    /// The same error with what is known about the REST call.
    pub fn with_report(self, report: Report) -> Error {
        self.change(|inner| inner.report = report)
    }

    /// The same error, marked as one where the same call may succeed later.
    pub fn with_retryable(self, retryable: bool) -> Error {
        self.change(|inner| inner.retryable = retryable)
    }

    /// What kind of error.
    pub fn status(&self) -> Status {
        self.inner().map_or(Status::OutOfMemory, |inner| inner.status)
    }

    /// What happened, where, and what to do, in a sentence.
    pub fn message(&self) -> &str {
        let no_memory = Self::NO_MEMORY.to_str().unwrap_or_default();
        self.inner().map_or(no_memory, |inner| &inner.message)
    }

    /// The same with a NUL behind it, in memory that stays where it is when the error is moved.
    pub(crate) fn message_with_nul(&self) -> &[u8] {
        let no_memory = Self::NO_MEMORY.to_bytes_with_nul();
        self.inner().map_or(no_memory, |inner| inner.message.with_nul())
    }

    /// What is known about the REST call.
    pub fn report(&self) -> &Report {
        const NONE: &Report =
            &Report { http_status: None, code: None, info: None, request_id: None, attempts: 0 };
        self.inner().map_or(NONE, |inner| &inner.report)
    }

    /// Whether the same call may succeed later without any change.
    pub fn is_retryable(&self) -> bool {
        self.inner().is_some_and(|inner| inner.retryable)
    }

    /// The byte of the input at which the error lies.
    pub fn offset(&self) -> Option<usize> {
        self.inner()?.offset
    }
}

impl fmt::Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.message())
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Error")
            .field("status", &self.status())
            .field("message", &self.message())
            .field("report", self.report())
            .field("retryable", &self.is_retryable())
            .field("offset", &self.offset())
            .finish()
    }
}

impl std::error::Error for Error {}
