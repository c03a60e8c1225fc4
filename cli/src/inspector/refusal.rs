//! Answers in JSON, and why the page is refused something.

use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

/// A sentence for the page to show.
pub struct Refusal(pub StatusCode, pub String);

pub fn json(value: &impl Serialize) -> Response {
    let headers = [(CONTENT_TYPE, "application/json"), (CACHE_CONTROL, "no-store")];
    (headers, serde_json::to_vec(value).unwrap_or_default()).into_response()
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let Refusal(status, problem) = self;
        (status, json(&serde_json::json!({ "problem": problem }))).into_response()
    }
}
