//! The HTTP exchange: 2 s for the whole of it, no redirect, no proxy.

use std::time::{Duration, Instant};

use ureq::Agent;

/// Tencent's limit for the whole exchange.
pub const TIMEOUT: Duration = Duration::from_secs(2);

/// Bytes of a reply that are read.
const MAX_REPLY: u64 = 64 * 1024;

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
        let roots = ureq::tls::RootCerts::PlatformVerifier;
        let config = Agent::config_builder()
            .timeout_global(Some(TIMEOUT))
            .http_status_as_error(false)
            // A redirect is not 200, so it is no success.
            .max_redirects(0)
            .max_redirects_will_error(false)
            .proxy(None)
            .user_agent("")
            .tls_config(ureq::tls::TlsConfig::builder().root_certs(roots).build());
        Sender(config.build().into())
    }

    /// Posts the body; what went wrong on the way is said in a sentence.
    pub fn post(&self, url: &str, body: &[u8]) -> Result<Reply, String> {
        let start = Instant::now();
        let request = self.0.post(url).header("Content-Type", "application/json");
        let mut response = request.send(body).map_err(|error| tell(&error))?;
        let status = response.status();
        let body = response.body_mut().with_config().limit(MAX_REPLY).read_to_vec();
        let latency = start.elapsed();
        Ok(Reply {
            status: status.as_u16(),
            reason: status.canonical_reason().unwrap_or_default(),
            body: body.map_err(|error| tell(&error))?,
            latency,
        })
    }
}

fn tell(error: &ureq::Error) -> String {
    let limit = TIMEOUT.as_secs();
    match error {
        ureq::Error::Timeout(_) => {
            format!("timed out: Tencent waits {limit} s for the whole reply")
        }
        ureq::Error::BodyExceedsLimit(bytes) => format!("the reply is over {bytes} bytes"),
        ureq::Error::Io(error) if error.kind() == std::io::ErrorKind::ConnectionRefused => {
            "the connection was refused: is the server running there?".to_owned()
        }
        ureq::Error::Io(error) => format!("no reply: {error}"),
        other => format!("no reply: {other}"),
    }
}
