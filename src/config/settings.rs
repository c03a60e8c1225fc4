//! Options that were checked and put into the form that calls need.

use std::ops::RangeInclusive;
use std::path::PathBuf;
use std::time::Duration;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use ureq::{Proxy, ProxyProtocol};
use zeroize::Zeroizing;

use crate::error::Result;

use super::log::Log;
use super::options::{Options, invalid};
use super::url::{check_endpoint, check_proxy};
use super::usersig_cache::Credentials;

const UNRESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');
const LONGEST_MS: u64 = 3_600_000;

pub(super) struct Settings {
    pub(super) sdk_app_id: u32,
    /// Percent-encoded.
    pub(super) identifier: String,
    pub(super) credentials: Credentials,
    /// `https://host:port`, without a slash at its end.
    pub(super) endpoint: String,
    pub(super) connect_timeout: Duration,
    pub(super) timeout: Duration,
    pub(super) attempts: u32,
    pub(super) rate_limit: u32,
    pub(super) ca_file: Option<PathBuf>,
    pub(super) crl_file: Option<PathBuf>,
    pub(super) proxy: Option<Proxy>,
    pub(super) user_agent: String,
    pub(super) allow_unknown_commands: bool,
    pub(super) log: Log,
}

impl Settings {
    pub(super) fn new(options: Options) -> Result<Settings> {
        if options.sdk_app_id == 0 {
            return invalid("the SDKAppID is 0: use the one from the console");
        }
        let administrator = &options.administrator;
        if !(1..=255).contains(&administrator.len()) || administrator.contains(char::is_control) {
            return invalid(
                "set_administrator: the account must have 1 to 255 bytes and no control character",
            );
        }
        let connect_timeout = timeout("set_connect_timeout_ms", options.connect_timeout_ms)?;
        let call_timeout = timeout("set_timeout_ms", options.timeout_ms)?;
        in_range("set_attempts", u64::from(options.attempts), 1..=10)?;
        in_range("set_usersig_lifetime_s", options.usersig_lifetime_s, 60..=315_360_000)?;
        let visible = |byte: u8| byte.is_ascii_graphic() || byte == b' ';
        if !(1..=255).contains(&options.user_agent.len())
            || !options.user_agent.bytes().all(visible)
        {
            return invalid("set_user_agent: it must be 1 to 255 visible ASCII characters");
        }
        Ok(Settings {
            sdk_app_id: options.sdk_app_id,
            identifier: utf8_percent_encode(administrator, UNRESERVED).to_string(),
            endpoint: match &options.endpoint {
                Some(endpoint) => checked_endpoint(endpoint)?,
                None => format!("https://{}", options.region.host()),
            },
            connect_timeout,
            timeout: call_timeout,
            attempts: options.attempts,
            rate_limit: options.rate_limit,
            proxy: options.proxy.as_ref().map(|url| checked_proxy(&url.0)).transpose()?,
            credentials: Credentials::new(&options)?,
            ca_file: options.ca_file,
            crl_file: options.crl_file,
            user_agent: options.user_agent,
            allow_unknown_commands: options.allow_unknown_commands,
            log: options.log,
        })
    }

    /// Whether anything is to be spoken to in TLS: redirects, which could lead there, are not followed.
    pub(super) fn needs_tls(&self) -> bool {
        let is_proxy_in_tls =
            self.proxy.as_ref().is_some_and(|proxy| proxy.protocol() == ProxyProtocol::Https);
        is_proxy_in_tls || self.endpoint.to_ascii_lowercase().starts_with("https:")
    }
}

/// A timeout that was checked.
pub(super) fn timeout(setter: &str, timeout_ms: u64) -> Result<Duration> {
    in_range(setter, timeout_ms, 1..=LONGEST_MS)?;
    Ok(Duration::from_millis(timeout_ms))
}

fn in_range(setter: &str, value: u64, range: RangeInclusive<u64>) -> Result<()> {
    if range.contains(&value) {
        return Ok(());
    }
    invalid(format!("{setter}: {value} is not within {} to {}", range.start(), range.end()))
}

fn checked_endpoint(endpoint: &str) -> Result<String> {
    check_endpoint("set_endpoint:", endpoint).or_else(|error| invalid(error.message()))
}

/// The URL may hold a password, so no message repeats it.
fn checked_proxy(url: &str) -> Result<Proxy> {
    let url = match url.contains("://") {
        true => Zeroizing::new(url.to_owned()),
        false => Zeroizing::new(format!("http://{url}")),
    };
    check_proxy(&url).or_else(|why| invalid(format!("set_proxy: {why}")))?;
    Proxy::new(&url).or_else(|_| invalid("set_proxy: this is not the URL of a proxy"))
}
