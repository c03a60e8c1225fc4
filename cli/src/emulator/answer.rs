//! What the REST API answers: the fields of the vendor's samples, in their order.

use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use tc_callback::catalog::code;

use super::configuration::Configuration;
use super::refusal::Refusal;

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

/// What a proxy before the service answers when it cannot reach it.
pub fn proxy_page(status: u16) -> Response {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_GATEWAY);
    let page = format!(
        "<html>\r\n<head><title>{status}</title></head>\r\n<body>\r\n<center><h1>{status}</h1></center>\r\n\
         <hr><center>tc-callback emulate</center>\r\n</body>\r\n</html>\r\n"
    );
    (status, [(CONTENT_TYPE, "text/html")], page).into_response()
}
