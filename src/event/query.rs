//! The query of the URL that Tencent posts to.
//!
//! Names are matched whatever their case (the vendor writes `SdkAppid` and `SdkAppId`), values are percent-decoded and `+` is a
//! space. A name of the protocol that comes twice is refused rather than guessed at; unknown names are passed over.

use std::borrow::Cow;

use percent_encoding::percent_decode_str;

use crate::error::{Error, Result, Status};

/// What the query says; every part may be missing.
pub(crate) struct Query<'a> {
    pub(crate) raw: &'a str,
    pub(crate) sdk_app_id: Option<u32>,
    pub(crate) command: Option<Cow<'a, str>>,
    pub(crate) client_ip: Option<Cow<'a, str>>,
    pub(crate) platform: Option<Cow<'a, str>>,
    pub(crate) sign: Option<Cow<'a, str>>,
    pub(crate) request_time: Option<Cow<'a, str>>,
}

impl<'a> Query<'a> {
    /// That of a URL without one.
    pub(crate) const EMPTY: Query<'static> = Query {
        raw: "",
        sdk_app_id: None,
        command: None,
        client_ip: None,
        platform: None,
        sign: None,
        request_time: None,
    };

    /// Reads a query, with or without its `?`; a whole path or URL is cut at its first `?`.
    pub(crate) fn parse(bytes: &'a [u8]) -> Result<Query<'a>> {
        let text = std::str::from_utf8(bytes)
            .map_err(|error| malformed(error.valid_up_to(), "the URL query is not UTF-8"))?;
        let is_whole_url = text.starts_with('/') || text.starts_with("http");
        let raw = match text.strip_prefix('?') {
            Some(raw) => raw,
            None if is_whole_url => {
                text.split_once('?').map_or(&text[text.len()..], |(_, raw)| raw)
            }
            None => text,
        };
        let mut query = Query { raw, ..Query::EMPTY };
        let mut sdk_app_id = None;
        let mut rest = Some(raw);
        while let Some(pairs) = rest {
            let (pair, after) = split(pairs, b'&');
            rest = after;
            let (name, value) = split(pair, b'=');
            let offset = pair.as_ptr().addr() - text.as_ptr().addr();
            let name = decode(name).unwrap_or_default();
            let value = value.unwrap_or_default();
            let slot = match name.len() {
                8 if name.eq_ignore_ascii_case("SdkAppid") => &mut sdk_app_id,
                8 if name.eq_ignore_ascii_case("ClientIP") => &mut query.client_ip,
                15 if name.eq_ignore_ascii_case("CallbackCommand") => &mut query.command,
                11 if name.eq_ignore_ascii_case("OptPlatform") => &mut query.platform,
                11 if name.eq_ignore_ascii_case("RequestTime") => &mut query.request_time,
                4 if name.eq_ignore_ascii_case("Sign") => &mut query.sign,
                _ => continue,
            };
            if slot.is_some() {
                return Err(malformed(offset, &format!("{name} stands twice in the URL query")));
            }
            let Some(value) = decode(value) else {
                return Err(malformed(offset, &format!("{name} in the URL query is not UTF-8")));
            };
            *slot = Some(value);
        }
        query.sdk_app_id = sdk_app_id
            .map(|digits| {
                number(&digits)
                    .ok_or_else(|| malformed(0, "SdkAppid in the URL query is no SDKAppID"))
            })
            .transpose()?;
        Ok(query)
    }
}

/// Decimal digits and nothing else: `parse` alone would take a sign.
pub(crate) fn number<T: std::str::FromStr>(digits: &str) -> Option<T> {
    digits.bytes().all(|byte| byte.is_ascii_digit()).then(|| digits.parse().ok()).flatten()
}

/// What comes before the first such byte, and what comes after it, if there is one. For short texts this is faster than the
/// standard library's search.
fn split(text: &str, at: u8) -> (&str, Option<&str>) {
    match text.bytes().position(|byte| byte == at) {
        Some(index) => (&text[..index], Some(&text[index + 1..])),
        None => (text, None),
    }
}

fn decode(raw: &str) -> Option<Cow<'_, str>> {
    if raw.bytes().all(|byte| byte != b'%' && byte != b'+') {
        return Some(Cow::Borrowed(raw));
    }
    let spaced = raw.replace('+', " ");
    let decoded = percent_decode_str(&spaced).decode_utf8().ok()?.into_owned();
    Some(Cow::Owned(decoded))
}

fn malformed(offset: usize, message: &str) -> Error {
    Error::at(Status::MalformedQuery, offset, format!("{message}, at byte {offset}"))
}
