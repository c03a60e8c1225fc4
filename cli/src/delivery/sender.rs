//! The HTTP exchange: 2 s for the whole of it, no redirect, no proxy.

use std::fmt;
use std::io::ErrorKind;
use std::time::{Duration, Instant};

use ureq::Agent;

/// Tencent's limit for the whole exchange.
pub const TIMEOUT: Duration = Duration::from_secs(2);

/// What Tencent says that the body is.
pub const CONTENT_TYPE: &str = "application/json";

/// Bytes of a reply that are read.
const MAX_REPLY: usize = 64 * 1024;

/// What came back.
pub struct Reply {
    pub status: u16,
    pub reason: &'static str,
    pub body: Vec<u8>,
    pub latency: Duration,
}

/// Posts events and keeps the connections alive, as Tencent does. May be shared by threads.
pub struct Sender(Agent);

impl Sender {
    pub fn new() -> Sender {
        Sender::with_connections(1)
    }

    /// One that keeps so many connections alive.
    pub fn with_connections(count: usize) -> Sender {
        let roots = ureq::tls::RootCerts::PlatformVerifier;
        let config = Agent::config_builder()
            .timeout_global(Some(TIMEOUT))
            .http_status_as_error(false)
            // A redirect is not 200, so it is no success.
            .max_redirects(0)
            .max_redirects_will_error(false)
            .max_idle_connections(count)
            .max_idle_connections_per_host(count)
            .proxy(None)
            .user_agent("")
            .tls_config(ureq::tls::TlsConfig::builder().root_certs(roots).build());
        Sender(config.build().into())
    }

    /// Posts the body.
    pub fn post(&self, url: &str, body: &[u8]) -> Result<Reply, Lost> {
        self.send(url, Some(CONTENT_TYPE), body)
    }

    /// Posts the body as this Content-Type, or without one.
    pub fn send(&self, url: &str, content_type: Option<&str>, body: &[u8]) -> Result<Reply, Lost> {
        let start = Instant::now();
        let mut request = self.0.post(url);
        if let Some(content_type) = content_type {
            request = request.header("Content-Type", content_type);
        }
        let mut response = request.send(body).map_err(Lost)?;
        let status = response.status();
        // ureq's limit is one that must not be reached.
        let limit = MAX_REPLY as u64 + 1;
        let body = response.body_mut().with_config().limit(limit).read_to_vec();
        let body = body.and_then(|body| match body.len() {
            0..=MAX_REPLY => Ok(body),
            _ => Err(ureq::Error::BodyExceedsLimit(limit)),
        });
        let latency = start.elapsed();
        Ok(Reply {
            status: status.as_u16(),
            reason: status.canonical_reason().unwrap_or_default(),
            body: body.map_err(Lost)?,
            latency,
        })
    }
}

/// Why there is no reply.
#[derive(Debug)]
pub struct Lost(ureq::Error);

impl Lost {
    /// Whether the host ended the connection, rather than let time pass or not be there.
    pub fn was_closed(&self) -> bool {
        use ErrorKind::{BrokenPipe, ConnectionAborted, ConnectionReset, UnexpectedEof};
        match &self.0 {
            ureq::Error::Io(error) => {
                matches!(
                    error.kind(),
                    BrokenPipe | ConnectionAborted | ConnectionReset | UnexpectedEof
                )
            }
            _ => false,
        }
    }

    /// In one word.
    pub fn word(&self) -> &'static str {
        match &self.0 {
            _ if self.was_late() => "timeout",
            _ if self.was_refused() => "refused",
            _ if self.was_closed() => "closed",
            _ => "no reply",
        }
    }

    /// Whether nobody listens there.
    pub fn was_refused(&self) -> bool {
        matches!(&self.0, ureq::Error::Io(error) if error.kind() == ErrorKind::ConnectionRefused)
    }

    /// Whether the reply did not come in time.
    pub fn was_late(&self) -> bool {
        matches!(&self.0, ureq::Error::Timeout(_))
    }
}

impl fmt::Display for Lost {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            ureq::Error::Timeout(_) => {
                let limit = TIMEOUT.as_secs();
                write!(formatter, "timed out: Tencent waits {limit} s for the whole reply")
            }
            ureq::Error::BodyExceedsLimit(_) => {
                write!(formatter, "the reply is over {MAX_REPLY} bytes")
            }
            _ if self.was_refused() => {
                formatter.write_str("the connection was refused: is the server running there?")
            }
            ureq::Error::Io(error) => write!(formatter, "no reply: {error}"),
            other => write!(formatter, "no reply: {other}"),
        }
    }
}
