//! URLs: which of them HTTP can be spoken to, and which of them Tencent can post to.
//!
//! One check for the endpoint, the proxy and the callback URL, and for whatever the command posts to. A URL is parsed as ureq will parse
//! it, but for the port: `http::Uri` has none where it cannot read one, and ureq then takes the scheme's own, on another server.

use std::net::Ipv6Addr;

use percent_encoding::percent_decode_str;
use ureq::http::Uri;

use crate::error::{Error, Result, Status};
use crate::event::query::Value;

/// The parameters that Tencent adds to the callback URL's query.
pub const ADDED_BY_TENCENT: [&str; 7] = [
    "SdkAppid",
    "CallbackCommand",
    "contenttype",
    "ClientIP",
    "OptPlatform",
    "Sign",
    "RequestTime",
];

/// Checks a URL that is posted to; `name` says in errors whose it is.
///
/// # Errors
/// [`Status::InvalidUrl`], which names the part at fault.
pub fn check_url(name: &str, url: &str) -> Result<()> {
    parse(url).map(drop).or_else(|why| refuse(name, url, &why))
}

/// Checks a callback URL: what set, update and ensure refuse before anything is sent. `name` says in errors whose it is.
///
/// # Errors
/// [`Status::InvalidUrl`], which names the part at fault.
pub fn check_callback_url(name: &str, url: &str) -> Result<()> {
    parse(url).and_then(|parsed| check_posted_to(url, &parsed)).or_else(|why| {
        let why =
            format!("{why}: use a URL that Tencent can reach, like https://example.com/callback");
        refuse(name, url, &why)
    })
}

/// Checks an endpoint, and gives it the `https://` that it may lack.
///
/// # Errors
/// [`Status::InvalidUrl`], which names the part at fault.
pub fn check_endpoint(name: &str, endpoint: &str) -> Result<String> {
    let url = match endpoint.contains("://") {
        true => endpoint.to_owned(),
        false => format!("https://{endpoint}"),
    };
    let check = || {
        let parsed = parse(&url)?;
        if parsed.user_info.is_some() {
            return Err("the user info (user:password@) is never sent: leave it out".to_owned());
        }
        parsed.require_no_path()
    };
    match check() {
        Ok(()) => Ok(url.trim_end_matches('/').to_owned()),
        Err(why) => refuse(
            name,
            endpoint,
            &format!("{why}: use a host, https://host[:port] or http://host[:port]"),
        ),
    }
}

/// Says what is wrong with the URL of a proxy; no part of it is shown but a port.
pub(super) fn check_proxy(url: &str) -> Result<(), String> {
    let check = || {
        let parsed = parse(url)?;
        if parsed.is_stray_user_info {
            return Err(STRAY_USER_INFO.to_owned());
        }
        parsed.require_no_path()
    };
    check().map_err(|why| format!("{why}: use a URL like http://user:password@host:port"))
}

fn refuse<T>(name: &str, url: &str, why: &str) -> Result<T> {
    Err(Error::new(Status::InvalidUrl, format!("{name} {:?}: {why}", without_user_info(url))))
}

/// The URL as errors quote it. A password may hold any character, so all up to the last `@` may be one.
fn without_user_info(url: &str) -> String {
    match url.rsplit_once('@') {
        Some((_, rest)) => format!("...@{rest}"),
        None => url.to_owned(),
    }
}

/// A `/`, `?` or `#` in a password ends the part of a URL where a password can be.
const STRAY_USER_INFO: &str =
    "the user info (user:password@) has a character that must be percent-encoded, like / as %2F";

struct Parsed<'a> {
    scheme: &'a str,
    user_info: Option<&'a str>,
    /// What follows the host and the port: path and query.
    rest: &'a str,
    is_stray_user_info: bool,
}

impl Parsed<'_> {
    fn require_no_path(&self) -> Result<(), String> {
        match self.rest {
            "" | "/" => Ok(()),
            rest => Err(format!("the path {:?} is not wanted", without_user_info(rest))),
        }
    }
}

/// Takes a URL apart, or says which part is wrong.
fn parse(url: &str) -> Result<Parsed<'_>, String> {
    if url.is_empty() {
        return Err("it is empty".to_owned());
    }
    if url.contains(|c: char| c.is_whitespace() || c.is_control()) {
        return Err("it has white space or a control character".to_owned());
    }
    let is_http =
        |scheme: &str| ["http", "https"].iter().any(|http| scheme.eq_ignore_ascii_case(http));
    let Some((scheme, behind)) = url.split_once("://").filter(|(scheme, _)| is_http(scheme)) else {
        return Err("it does not begin with http:// or https://".to_owned());
    };
    let end = behind.find(['/', '?', '#']).unwrap_or(behind.len());
    let (authority, rest) = behind.split_at(end);
    let is_stray_user_info = rest.contains('@');
    let (user_info, host_and_port) = match authority.rsplit_once('@') {
        Some((user_info, host_and_port)) => (Some(user_info), host_and_port),
        None => (None, authority),
    };
    let (host, port) = split_port(host_and_port);
    let number = match port {
        Some(port) => match port_number(port) {
            // What looks like the port may be the password.
            None if is_stray_user_info => return Err(STRAY_USER_INFO.to_owned()),
            None => return Err(format!("the port {port:?} is not a number from 1 to 65535")),
            number => number,
        },
        None => None,
    };
    if host.is_empty() {
        return Err("the host is missing".to_owned());
    }
    if let Some(bracketed) = host.strip_prefix('[') {
        let address = bracketed.strip_suffix(']').unwrap_or_default();
        if address.parse::<Ipv6Addr>().is_err() {
            return Err(format!("the host {host:?} is not an IPv6 address"));
        }
    }
    if rest.contains('#') {
        return Err("a fragment (#...) is never sent: leave it out".to_owned());
    }
    if let Some(user_info) = user_info {
        check_user_info(user_info)?;
    }
    let is_read_alike = url.parse::<Uri>().is_ok_and(|uri| {
        uri.authority().is_some_and(|read| read.as_str() == authority && read.host() == host)
            && uri.port_u16() == number
    });
    if !is_read_alike {
        return Err(format!(
            "the host {host:?} or what follows it has a character that no URL has"
        ));
    }
    Ok(Parsed { scheme, user_info, rest, is_stray_user_info })
}

/// The host and what follows its `:`, if there is one. An IPv6 address is in brackets.
fn split_port(host_and_port: &str) -> (&str, Option<&str>) {
    let host_len = host_and_port.rfind(']').map_or(0, |bracket| bracket + 1);
    match host_and_port[host_len..].find(':') {
        Some(colon) => {
            let (host, port) = host_and_port.split_at(host_len + colon);
            (host, Some(&port[1..]))
        }
        None => (host_and_port, None),
    }
}

/// `parse` alone would take a sign and any number of zeros.
fn port_number(port: &str) -> Option<u16> {
    let is_written_well =
        matches!(port.len(), 1..=5) && port.bytes().all(|byte| byte.is_ascii_digit());
    port.parse().ok().filter(|number| is_written_well && *number != 0)
}

/// User and password are sent as `user:password` (RFC 7617), so both must be there again after that.
fn check_user_info(user_info: &str) -> Result<(), String> {
    let wrong = |why: &str| Err(format!("the user info (user:password@) {why}"));
    let is_escape =
        |rest: &str| rest.len() >= 2 && rest.bytes().take(2).all(|byte| byte.is_ascii_hexdigit());
    if !user_info.split('%').skip(1).all(is_escape) {
        return wrong("has a % that no two hexadecimal digits follow: write it as %25");
    }
    let (user, password) = user_info.split_once(':').unwrap_or((user_info, ""));
    let [Ok(user), Ok(password)] =
        [user, password].map(|text| percent_decode_str(text).decode_utf8())
    else {
        return wrong("is not UTF-8");
    };
    if user.contains(':') {
        return wrong("has a : in the user's name, which cannot be sent");
    }
    if user.contains(char::is_control) || password.contains(char::is_control) {
        return wrong("has a control character");
    }
    Ok(())
}

fn check_posted_to(url: &str, parsed: &Parsed<'_>) -> Result<(), String> {
    if !matches!(parsed.scheme, "http" | "https") {
        return Err(format!("the scheme {:?} must be in lower case", parsed.scheme));
    }
    let Some((_, query)) = url.split_once('?') else { return Ok(()) };
    let is_of_tencent = |pair: &&str| {
        let name = pair.split_once('=').map_or(*pair, |(name, _)| name);
        let mut room = [0; 15];
        Value::new(name).text(&mut room).is_some_and(|name| {
            ADDED_BY_TENCENT.iter().any(|added| added.eq_ignore_ascii_case(name))
        })
    };
    match query.split('&').find(is_of_tencent) {
        Some(pair) => Err(format!(
            "the query already has {:?}, which Tencent adds: a parameter that occurs twice makes the receiver refuse every event",
            pair.split('=').next().unwrap_or_default()
        )),
        None => Ok(()),
    }
}
