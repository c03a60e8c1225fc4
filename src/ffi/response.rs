//! tc_response and tc_callback_config.

use super::boundary;
use super::error;
use super::output::{Owned, Texts};
use crate::config::{CallbackConfig, Response};
use crate::error::{Report, Result};
use crate::event::{ABSENT, Str};

/// A callback configuration as Tencent has it. Read-only; freed by tc_callback_config_free, unless it came inside a tc_response.
#[repr(C)]
pub struct TcCallbackConfig {
    /// Where callbacks are posted.
    pub url: Str,
    /// The command words, as Tencent lists them.
    pub commands: *const Str,
    /// How many.
    pub command_count: usize,
    /// HTTP status of the answer.
    pub http_status: i32,
    /// How many requests were sent.
    pub attempts: i32,
    /// Tencent's `RequestId`: quote it to their support.
    pub request_id: Str,
}

/// What an operation did. Read-only; freed by tc_response_free.
#[repr(C)]
pub struct TcResponse {
    /// TC_CHANGE_*: what it changed.
    pub change: i32,
    /// HTTP status of the last answer.
    pub http_status: i32,
    /// How many requests were sent.
    pub attempts: i32,
    /// Tencent's `ErrorCode`: 0, unless the operation had nothing left to do.
    pub tencent_code: i64,
    /// Tencent's `ErrorInfo`.
    pub tencent_info: Str,
    /// Tencent's `RequestId`: quote it to their support.
    pub request_id: Str,
    /// The configuration before tc_ensure_callback; NULL if there was none, and for other operations.
    pub previous: *const TcCallbackConfig,
}

fn view(config: &CallbackConfig, texts: &mut Texts) -> TcCallbackConfig {
    let Report { request_id, .. } = &config.report;
    TcCallbackConfig {
        url: texts.keep(&config.url),
        commands: texts.keep_list(&config.commands),
        command_count: config.commands.len(),
        http_status: error::http_status(&config.report),
        attempts: error::attempts(&config.report),
        request_id: texts.keep_optional(request_id.as_deref()),
    }
}

pub(super) fn config_into_raw(config: &CallbackConfig) -> Result<*mut TcCallbackConfig> {
    Owned::hand_out((), |texts, ()| view(config, texts))
}

/// The earlier configuration, boxed, so that the response can point at it.
type Previous = Option<(Box<TcCallbackConfig>, Texts)>;

pub(super) fn response_into_raw(response: &Response) -> Result<*mut TcResponse> {
    let previous: Previous = response.previous.as_ref().map(|config| {
        let mut texts = Texts::default();
        (Box::new(view(config, &mut texts)), texts)
    });
    Owned::hand_out(previous, |texts, previous| TcResponse {
        change: response.change as i32,
        http_status: error::http_status(&response.report),
        attempts: error::attempts(&response.report),
        tencent_code: response.report.code.unwrap_or(ABSENT),
        tencent_info: texts.keep_optional(response.report.info.as_deref()),
        request_id: texts.keep_optional(response.report.request_id.as_deref()),
        previous: previous.as_ref().map_or(std::ptr::null(), |(config, _)| &raw const **config),
    })
}

/// Frees a configuration. NULL is fine.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tc_callback_config_free(config: *mut TcCallbackConfig) {
    // SAFETY: the caller hands back what tc_get_callback handed out, once.
    boundary::infallible((), || unsafe { Owned::<TcCallbackConfig>::free(config) });
}

/// Frees a response and what it points at. NULL is fine.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tc_response_free(response: *mut TcResponse) {
    // SAFETY: the caller hands back what an operation handed out, once.
    boundary::infallible((), || unsafe { Owned::<TcResponse, Previous>::free(response) });
}
