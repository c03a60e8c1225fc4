//! What is kept and told of one delivery: where it went, what was sent, what came of each attempt.

use std::time::Instant;

use serde::{Deserialize, Serialize};

use super::expect::Expect;
use super::query::nobodys_token;
use super::{Lost, Query, Reply, Sender, Signed, reply};
use crate::clock;

/// An event that was sent to a host.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Delivery {
    /// Who sent it: `trigger`, `page`.
    pub source: String,
    #[serde(flatten)]
    pub event: Event,
    pub attempts: Vec<Attempt>,
}

/// What is sent, and where to.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Event {
    pub sdk_app_id: u32,
    /// The command word, as it stands in the URL.
    pub command: String,
    /// The configured URL, without what the vendor adds.
    #[serde(default)]
    pub to: String,
    #[serde(default = "loopback")]
    pub client_ip: String,
    #[serde(default = "rest_api")]
    pub platform: String,
    #[serde(default)]
    pub sign: Sign,
    /// The statuses that are right; without one the reply must be what Tencent asks for.
    #[serde(default)]
    pub expect: Vec<Expect>,
    pub body: String,
}

fn loopback() -> String {
    "127.0.0.1".to_owned()
}

fn rest_api() -> String {
    "RESTAPI".to_owned()
}

/// How it is signed. The token itself is never kept.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Sign {
    #[default]
    No,
    Token,
    Forged,
}

/// One exchange.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Attempt {
    /// When it began, in milliseconds since 1970.
    pub time_ms: u64,
    /// With the vendor's parameters, of which Sign and RequestTime differ between attempts.
    pub url: String,
    pub latency_us: u64,
    /// `None` if none came.
    pub reply: Option<Answer>,
    pub right: bool,
    /// Why it is right, or what is wrong.
    pub verdict: String,
}

/// The reply of a host.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Answer {
    pub status: u16,
    pub reason: String,
    /// What is not UTF-8 in it is replaced.
    pub body: String,
}

impl Event {
    /// The URL to post it to, of now. `token` signs it if it is to be signed.
    pub fn url(&self, token: Option<&str>) -> String {
        let nobodys = nobodys_token();
        let signed = match (self.sign, token) {
            (Sign::Forged, _) => Signed::With(&nobodys),
            (Sign::Token, Some(token)) => Signed::With(token),
            _ => Signed::No,
        };
        let query = Query {
            sdk_app_id: self.sdk_app_id,
            word: &self.command,
            client_ip: &self.client_ip,
            platform: &self.platform,
            signed,
        };
        query.url(&self.to)
    }

    /// Posts it once, to what [`Event::url`] gave.
    pub fn post(&self, sender: &Sender, url: &str) -> Attempt {
        let clock = Clock::start();
        let result = sender.post(url, self.body.as_bytes());
        let judged = judge(&result, &self.expect);
        clock.attempt(url, result.as_ref().ok(), &judged)
    }
}

/// Judges what a sending came to, in a sentence either way.
pub fn judge(result: &Result<Reply, Lost>, expect: &[Expect]) -> Result<String, String> {
    match result {
        Ok(reply) => reply::judge(reply.status, &reply.body, expect),
        Err(lost) => Err(lost.to_string()),
    }
}

/// When an exchange began.
pub struct Clock {
    time_ms: u128,
    start: Instant,
}

impl Clock {
    pub fn start() -> Clock {
        Clock { time_ms: clock::now_ms(), start: Instant::now() }
    }

    /// The exchange that has just ended.
    pub fn attempt(
        self,
        url: &str,
        reply: Option<&Reply>,
        judged: &Result<String, String>,
    ) -> Attempt {
        let latency = reply.map_or_else(|| self.start.elapsed(), |reply| reply.latency);
        let (Ok(verdict) | Err(verdict)) = judged;
        Attempt {
            time_ms: self.time_ms.try_into().unwrap_or(u64::MAX),
            url: url.to_owned(),
            latency_us: latency.as_micros().try_into().unwrap_or(u64::MAX),
            reply: reply.map(|reply| Answer {
                status: reply.status,
                reason: reply.reason.to_owned(),
                body: String::from_utf8_lossy(&reply.body).into_owned(),
            }),
            right: judged.is_ok(),
            verdict: verdict.clone(),
        }
    }
}
