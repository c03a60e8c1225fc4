//! What Tencent wants to hear. <https://trtc.io/document/60731>

use std::ffi::CStr;
use std::ops::Deref;

use serde::Serialize;

use crate::error::{Error, Status};
use crate::text::Text;

/// Content-Type of every reply.
pub const CONTENT_TYPE: &CStr = c"application/json";

/// JSON to answer with.
#[expect(clippy::large_enum_variant, reason = "a refusal must not take an allocation of its own")]
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reply {
    /// The same for every request.
    Fixed(&'static CStr),
    /// Why a request was refused.
    Refusal(Refusal),
}

/// The reply to a request that was refused, with a NUL behind it.
type Refusal = Text<256>;

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Fields<'a> {
    action_status: &'a str,
    error_info: &'a str,
    error_code: i32,
}

impl Reply {
    /// To a callback that was taken. All three fields are mandatory.
    pub const OK: Reply = Reply::Fixed(cr#"{"ActionStatus":"OK","ErrorInfo":"","ErrorCode":0}"#);

    /// To an event that was not taken. The HTTP status alone makes it a failed callback; this is for who reads the vendor's log.
    pub const NOT_TAKEN: Reply = Reply::Fixed(
        cr#"{"ActionStatus":"FAIL","ErrorInfo":"the event was not taken: deliver it again","ErrorCode":503}"#,
    );

    /// To an event that another request is handling, and to one for which there is no room.
    pub const BUSY: Reply = Reply::Fixed(
        cr#"{"ActionStatus":"FAIL","ErrorInfo":"another request is handling the event, or too many are being handled: deliver it again","ErrorCode":503}"#,
    );

    /// Says why, with the number of the status.
    pub(super) fn refusal(error: &Error) -> Reply {
        let fields = Fields {
            action_status: "FAIL",
            error_info: error.message(),
            error_code: error.status() as i32,
        };
        let written = Text::written(|json| serde_json::to_writer(json, &fields));
        // Texts and a number cannot fail to be JSON, but there may be no memory for a long message.
        Reply::Refusal(written.unwrap_or_else(|| Text::from("{}")))
    }

    /// The same with a NUL after it.
    pub(crate) fn with_nul(&self) -> &[u8] {
        match self {
            Reply::Fixed(json) => json.to_bytes_with_nul(),
            Reply::Refusal(json) => json.with_nul(),
        }
    }
}

impl Deref for Reply {
    type Target = str;

    fn deref(&self) -> &str {
        match self {
            Reply::Fixed(json) => json.to_str().unwrap_or_default(),
            Reply::Refusal(json) => json,
        }
    }
}

/// The HTTP status that goes with a refusal.
pub(super) fn http_status(status: Status) -> u16 {
    match status {
        Status::TooLarge => 413,
        Status::WrongApp | Status::BadSign | Status::StaleSign => 403,
        Status::OutOfMemory | Status::Panic => 500,
        _ => 400,
    }
}
