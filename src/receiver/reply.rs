//! What Tencent wants to hear. <https://trtc.io/document/60731>

use std::ffi::CStr;

use serde::Serialize;

use crate::error::{Error, Status};

/// Content-Type of every reply.
pub const CONTENT_TYPE: &CStr = c"application/json";

/// The reply to a callback that was taken. All three fields are mandatory.
pub(crate) const OK: &CStr = cr#"{"ActionStatus":"OK","ErrorInfo":"","ErrorCode":0}"#;

/// The same.
pub(super) const OK_TEXT: &str = match OK.to_str() {
    Ok(text) => text,
    Err(_) => "",
};

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Reply<'a> {
    action_status: &'a str,
    error_info: &'a str,
    error_code: i32,
}

/// The reply to a request that was refused: says why, with the number of the status.
pub(super) fn refusal(error: &Error) -> String {
    let reply = Reply {
        action_status: "FAIL",
        error_info: error.message(),
        error_code: error.status() as i32,
    };
    // The words around the message take less.
    let mut json = Vec::with_capacity(error.message().len() + 80);
    let written = serde_json::to_writer(&mut json, &reply).ok();
    let text = written.and_then(|()| String::from_utf8(json).ok());
    text.unwrap_or_else(|| OK_TEXT.replace("OK", "FAIL"))
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
