//! Who may use the page: programs on their own, and the page itself; no other web site.

use std::net::IpAddr;
use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::header::{CONTENT_TYPE, HOST, ORIGIN};
use axum::http::uri::Authority;
use axum::http::{HeaderMap, HeaderName, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::Inspector;
use super::refusal::Refusal;

pub async fn guard(
    State(inspector): State<Arc<Inspector>>,
    request: Request,
    next: Next,
) -> Response {
    match check(request.method(), request.headers(), &inspector.options.hosts) {
        Ok(()) => next.run(request).await,
        Err(refusal) => refusal.into_response(),
    }
}

fn check(method: &Method, headers: &HeaderMap, hosts: &[String]) -> Result<(), Refusal> {
    let host = text(headers, &HOST).unwrap_or_default();
    let refuse = |why: String| Err(Refusal(StatusCode::FORBIDDEN, why));
    // A site that points its own name at this machine shows that name here; nobody can do so with an address.
    if !is_own(host, hosts) {
        return refuse(format!(
            "this page answers to localhost and to addresses, not to {host:?}; where that is its name, start `emulate` with --page-host"
        ));
    }
    let is_same = |origin: &str| {
        origin.strip_prefix("http://").or_else(|| origin.strip_prefix("https://")) == Some(host)
    };
    if text(headers, &ORIGIN).is_some_and(|origin| !is_same(origin)) {
        return refuse("another web site may not use this page".to_owned());
    }
    // Not every request of another site says where it comes from, but browsers say that it comes from one.
    let site = text(headers, &HeaderName::from_static("sec-fetch-site")).unwrap_or("none");
    if !matches!(site, "same-origin" | "none") {
        return refuse("another web site may not use this page".to_owned());
    }
    // Forms of other sites can post text, but not JSON.
    if method == Method::POST {
        let kind = text(headers, &CONTENT_TYPE).unwrap_or_default();
        if kind.split(';').next().map(str::trim) != Some("application/json") {
            let why = "Content-Type must be application/json".to_owned();
            return Err(Refusal(StatusCode::UNSUPPORTED_MEDIA_TYPE, why));
        }
    }
    Ok(())
}

fn text<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    headers.get(name).map(|value| value.to_str().unwrap_or("not text"))
}

fn is_own(host: &str, hosts: &[String]) -> bool {
    let Ok(authority) = host.parse::<Authority>() else { return false };
    let name = authority.host();
    let address = name.trim_start_matches('[').trim_end_matches(']');
    let is_named = |known: &str| name.eq_ignore_ascii_case(known);
    address.parse::<IpAddr>().is_ok()
        || is_named("localhost")
        || hosts.iter().any(|known| is_named(known))
}
