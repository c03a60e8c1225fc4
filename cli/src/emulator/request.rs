//! The request line: which API of which application, and who asks.

use std::collections::HashMap;

use axum::http::{Method, Uri};
use percent_encoding::percent_decode_str;
use tc_callback::catalog::code;

use super::api::Api;
use super::refusal::Refusal;
use crate::secret::before_usersig;

/// A request line that is well formed. Whether its UserSig is right is checked later.
pub struct RequestLine {
    pub api: Api,
    pub sdk_app_id: u32,
    pub identifier: String,
    pub usersig: String,
}

impl RequestLine {
    pub fn read(method: &Method, uri: &Uri) -> Result<RequestLine, Refusal> {
        if method != Method::POST {
            let info = format!("the method must be POST, not {method}");
            return Err(Refusal::new(code::MALFORMED_URL, info));
        }
        let parameters = read_query(uri.query().unwrap_or_default())?;
        let api = read_path(uri.path())?;
        let sdk_app_id = match parameters.get("sdkappid") {
            None => return Err(Refusal::new(code::MISSING_APP, "sdkappid is missing in the URL")),
            Some(text) => text.parse().map_err(|_| {
                Refusal::new(code::INVALID_APP, "sdkappid must be a number from 0 to 4294967295")
            })?,
        };
        match parameters.get("contenttype").map(String::as_str) {
            Some("json") => {}
            Some(_) => return Err(wrong_parameter("contenttype must be json")),
            None => return Err(wrong_parameter("contenttype=json is missing in the URL")),
        }
        match parameters.get("random").map(|text| text.parse::<u32>()) {
            Some(Ok(_)) => {}
            Some(Err(_)) => {
                let info = "random must be a number from 0 to 4294967295";
                return Err(Refusal::new(code::MALFORMED_URL, info));
            }
            None => return Err(wrong_parameter("random is missing in the URL")),
        }
        let text = |name: &str| match parameters.get(name) {
            Some(text) if !text.is_empty() => Ok(text.clone()),
            _ => Err(wrong_parameter(format!("{name} is missing in the URL"))),
        };
        Ok(RequestLine {
            api,
            sdk_app_id,
            identifier: text("identifier")?,
            usersig: text("usersig")?,
        })
    }
}

fn wrong_parameter(info: impl Into<String>) -> Refusal {
    Refusal::new(code::INVALID_URL_PARAMETER, info)
}

/// The API of a path.
pub fn read_path(path: &str) -> Result<Api, Refusal> {
    let refuse = |info: String| Refusal::new(code::NO_SUCH_RESOURCE, info);
    let mut parts = before_usersig(path).split('/');
    let (Some(""), Some("v4"), Some(service), Some(operation), None) =
        (parts.next(), parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return Err(refuse("the path must be /v4/<service>/<operation>".to_owned()));
    };
    Api::find(service, operation).map_err(refuse)
}

/// Names and values are case-sensitive. UserSig and identifier may be percent-encoded or not.
fn read_query(query: &str) -> Result<HashMap<String, String>, Refusal> {
    let malformed = |info: &str| Refusal::new(code::MALFORMED_URL, info);
    let mut parameters = HashMap::new();
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let (Some(name), Some(value)) = (decode(name), decode(value)) else {
            return Err(malformed("a parameter in the URL is not URL-encoded UTF-8"));
        };
        // No name is told: a UserSig can stand in the wrong place.
        if parameters.insert(name, value).is_some() {
            return Err(malformed("a parameter stands in the URL twice"));
        }
    }
    Ok(parameters)
}

fn decode(text: &str) -> Option<String> {
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        let digit = |byte: Option<u8>| byte.is_some_and(|byte| byte.is_ascii_hexdigit());
        if byte == b'%' && !(digit(rest.next()) && digit(rest.next())) {
            return None;
        }
    }
    percent_decode_str(text).decode_utf8().ok().map(|text| text.into_owned())
}
