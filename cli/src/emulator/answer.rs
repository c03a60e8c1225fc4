//! What the REST API answers: the fields of the vendor's samples, in their order.

use std::sync::atomic::{AtomicU64, Ordering};

use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use ring::rand::{SecureRandom, SystemRandom};
use serde::Serialize;
use tc_callback::catalog::code;

use super::configuration::Configuration;

/// Why a request is refused: one of the vendor's codes and a sentence for `ErrorInfo`.
#[derive(Debug)]
pub struct Refusal {
    pub code: i64,
    pub info: String,
}

impl Refusal {
    pub fn new(code: i64, info: impl Into<String>) -> Refusal {
        Refusal { code, info: info.into() }
    }
}

/// What a request that was not refused comes to.
pub enum Success {
    Done,
    Found(Configuration),
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Change<'a> {
    action_status: &'a str,
    error_info: &'a str,
    error_code: i64,
    request_id: &'a str,
}

// The samples of get_callback have another order than those of set_callback.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Get<'a> {
    error_code: i64,
    error_info: &'a str,
    action_status: &'a str,
    request_id: &'a str,
    response: &'a Configuration,
}

/// The HTTP answer. Its status is 200 whatever happened, as at Tencent.
pub fn respond(result: &Result<Success, Refusal>, request_id: &str) -> Response {
    let change = |error_code, error_info, action_status| {
        serde_json::to_string(&Change { action_status, error_info, error_code, request_id })
    };
    let body = match result {
        Ok(Success::Done) => change(code::OK, "", "OK"),
        Ok(Success::Found(response)) => serde_json::to_string(&Get {
            error_code: code::OK,
            error_info: "",
            action_status: "OK",
            request_id,
            response,
        }),
        Err(refusal) => change(refusal.code, &refusal.info, "FAIL"),
    };
    // Serialising strings and numbers cannot fail.
    ([(CONTENT_TYPE, "application/json")], body.unwrap_or_default()).into_response()
}

/// Makes the `RequestId` of each answer.
pub struct RequestIds {
    random: SystemRandom,
    sequence: AtomicU64,
}

impl RequestIds {
    pub fn new() -> RequestIds {
        RequestIds { random: SystemRandom::new(), sequence: AtomicU64::new(1) }
    }

    /// `Id-<32 hexadecimal digits>-O-Seq-<number>`, as in the vendor's samples.
    pub fn next(&self) -> String {
        let mut id = [0; 16];
        // Without randomness the sequence still tells the requests apart.
        let _ = self.random.fill(&mut id);
        let id = data_encoding::HEXLOWER.encode(&id);
        format!("Id-{id}-O-Seq-{}", self.sequence.fetch_add(1, Ordering::Relaxed))
    }
}
