//! Posts one event as Tencent posts it.

use std::time::{Duration, Instant};

use form_urlencoded::Serializer;
use ring::digest;
use ring::rand::{SecureRandom, SystemRandom};
use ureq::Agent;

use crate::clock;

/// Tencent's limit for the whole exchange.
pub const TIMEOUT: Duration = Duration::from_secs(2);

/// Bytes of a reply that are read.
const MAX_REPLY: u64 = 64 * 1024;

/// What the URL's query says about an event.
pub struct Query<'a> {
    pub sdk_app_id: u32,
    pub word: &'a str,
    pub client_ip: &'a str,
    pub platform: &'a str,
    pub signed: Signed<'a>,
}

/// How the request is signed.
pub enum Signed<'a> {
    No,
    With(&'a str),
    Forged,
}

impl Query<'_> {
    /// The URL to post to: the configured one with the vendor's parameters, in the vendor's order.
    pub fn url(&self, configured: &str) -> String {
        let mut query = Serializer::new(String::new());
        query
            .append_pair("SdkAppid", &self.sdk_app_id.to_string())
            .append_pair("CallbackCommand", self.word)
            .append_pair("contenttype", "json")
            .append_pair("ClientIP", self.client_ip)
            .append_pair("OptPlatform", self.platform);
        let time = clock::now_s();
        let sign = match self.signed {
            Signed::No => None,
            Signed::With(token) => Some(sign(token.as_bytes(), time)),
            Signed::Forged => {
                let mut token = [0; 32];
                // Even all zeros are nobody's token.
                let _ = SystemRandom::new().fill(&mut token);
                Some(sign(&token, time))
            }
        };
        if let Some(sign) = sign {
            query.append_pair("Sign", &sign).append_pair("RequestTime", &time.to_string());
        }
        let joint = if configured.contains('?') { '&' } else { '?' };
        format!("{configured}{joint}{}", query.finish())
    }
}

/// sha256(token + time) in lower-case hexadecimal.
fn sign(token: &[u8], time_s: u64) -> String {
    let mut context = digest::Context::new(&digest::SHA256);
    context.update(token);
    context.update(time_s.to_string().as_bytes());
    data_encoding::HEXLOWER.encode(context.finish().as_ref())
}

/// What came back.
pub struct Reply {
    pub status: u16,
    pub reason: &'static str,
    pub body: Vec<u8>,
    pub latency: Duration,
}

/// Posts the body; what went wrong on the way is said in a sentence.
pub fn post(url: &str, body: &[u8]) -> Result<Reply, String> {
    let agent: Agent = Agent::config_builder()
        .timeout_global(Some(TIMEOUT))
        .http_status_as_error(false)
        // A redirect is not 200, so it is no success.
        .max_redirects(0)
        .max_redirects_will_error(false)
        .proxy(None)
        .user_agent("")
        .tls_config(
            ureq::tls::TlsConfig::builder()
                .root_certs(ureq::tls::RootCerts::PlatformVerifier)
                .build(),
        )
        .build()
        .into();
    let start = Instant::now();
    let mut response = agent
        .post(url)
        .header("Content-Type", "application/json")
        .send(body)
        .map_err(|error| tell(&error))?;
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

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn the_sign_is_the_published_one() {
        let published = include_str!("../../../tests/fixtures/sign/published.json");
        let published: serde_json::Value = serde_json::from_str(published).unwrap();
        let text = |name: &str| published[name].as_str().unwrap();
        let made = sign(text("Token").as_bytes(), text("RequestTime").parse().unwrap());
        assert_eq!(made, text("Sign"));
    }

    fn query(signed: Signed<'_>) -> Query<'_> {
        let sdk_app_id = 1400000000;
        Query { sdk_app_id, word: "Room.X", client_ip: "::1", platform: "RESTAPI", signed }
    }

    #[test]
    fn the_parameters_follow_the_configured_url_in_the_vendors_order() {
        let parameters = "SdkAppid=1400000000&CallbackCommand=Room.X&contenttype=json&ClientIP=%3A%3A1&OptPlatform=RESTAPI";
        assert_eq!(query(Signed::No).url("http://h/cb"), format!("http://h/cb?{parameters}"));
        assert_eq!(
            query(Signed::No).url("http://h/cb?a=b"),
            format!("http://h/cb?a=b&{parameters}")
        );
        let signed = query(Signed::With("secret token")).url("http://h");
        let (rest, time) = signed.rsplit_once("&RequestTime=").unwrap();
        let expected = sign(b"secret token", time.parse().unwrap());
        assert_eq!(rest, format!("http://h?{parameters}&Sign={expected}"));
    }
}
