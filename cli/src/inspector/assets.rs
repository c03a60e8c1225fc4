//! The page's files, part of this program. The page needs nothing else, and its policy lets it fetch nothing else.

use axum::extract::Path;
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderName, REFERRER_POLICY,
    X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};

/// Texts off the network can become markup nowhere: the browser itself refuses it.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; \
                      base-uri 'none'; form-action 'none'; frame-ancestors 'none'; \
                      require-trusted-types-for 'script'; trusted-types 'none'";

const HTML: &str = "text/html; charset=utf-8";
const CSS: &str = "text/css; charset=utf-8";
const JAVASCRIPT: &str = "text/javascript; charset=utf-8";
const SVG: &str = "image/svg+xml";

macro_rules! part {
    ($name:literal, $kind:expr) => {
        ($name, $kind, include_str!(concat!("page/", $name)))
    };
}

const PARTS: &[(&str, &str, &str)] = &[
    part!("icon.svg", SVG),
    part!("theme.css", CSS),
    part!("layout.css", CSS),
    part!("parts.css", CSS),
    part!("announce.js", JAVASCRIPT),
    part!("api.js", JAVASCRIPT),
    part!("compose.js", JAVASCRIPT),
    part!("configurations.js", JAVASCRIPT),
    part!("curl.js", JAVASCRIPT),
    part!("deliveries.js", JAVASCRIPT),
    part!("detail.js", JAVASCRIPT),
    part!("dom.js", JAVASCRIPT),
    part!("editor.js", JAVASCRIPT),
    part!("filter.js", JAVASCRIPT),
    part!("format.js", JAVASCRIPT),
    part!("json.js", JAVASCRIPT),
    part!("main.js", JAVASCRIPT),
    part!("requests.js", JAVASCRIPT),
    part!("rows.js", JAVASCRIPT),
    part!("route.js", JAVASCRIPT),
    part!("store.js", JAVASCRIPT),
    part!("theme.js", JAVASCRIPT),
];

pub async fn index() -> Response {
    respond(HTML, include_str!("page/index.html"))
}

pub async fn part(Path(name): Path<String>) -> Response {
    match PARTS.iter().find(|(known, ..)| *known == name) {
        Some((_, kind, content)) => respond(kind, content),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

fn respond(kind: &'static str, content: &'static str) -> Response {
    let headers: [(HeaderName, HeaderValue); 6] = [
        (CONTENT_TYPE, HeaderValue::from_static(kind)),
        (CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY)),
        (X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
        (REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
        (
            HeaderName::from_static("cross-origin-opener-policy"),
            HeaderValue::from_static("same-origin"),
        ),
        // Another release of this program may serve the next page at the same address.
        (CACHE_CONTROL, HeaderValue::from_static("no-cache")),
    ];
    (headers, content).into_response()
}
