//! HTTP: one agent with its pool of connections.

use std::time::Duration;

use bytes::Bytes;
use ureq::Agent;
use ureq::http::{self, Uri, header};
use ureq::unversioned::transport::{ConnectProxyConnector, Connector};
use zeroize::Zeroizing;

use crate::error::Result;

use super::cancel::Cancels;
use super::connect::{CancellableTcp, Connecting};
use super::exchange;
use super::fault::{self, Circumstances, Fault};
use super::resolver::CachingResolver;
use super::settings::Settings;
use super::tls::Tls;

/// Tencent's answers are a few hundred bytes.
const LARGEST_ANSWER: usize = 1024 * 1024;
/// Also the most that the head of an answer may have.
const BUFFER: usize = 16 * 1024;
const IDLE_CONNECTIONS: usize = 64;

pub(super) struct Transport {
    agent: Agent,
    resolver: CachingResolver,
    uses_proxy: bool,
}

/// Any HTTP answer.
pub(super) struct Answer {
    pub(super) http_status: u16,
    pub(super) body: Vec<u8>,
    /// Whether the connection's end is the body's only end: then nobody can say whether all of it is there.
    pub(super) ends_with_connection: bool,
}

impl Transport {
    pub(super) fn new(settings: &Settings) -> Result<Transport> {
        let config = Agent::config_builder()
            // Set in any case: ureq's default is the proxy that the environment names.
            .proxy(settings.proxy.clone())
            .http_status_as_error(false)
            .max_redirects(0)
            .user_agent(settings.user_agent.as_str())
            .accept("application/json")
            .input_buffer_size(BUFFER)
            .output_buffer_size(BUFFER)
            .max_idle_connections(IDLE_CONNECTIONS)
            .max_idle_connections_per_host(IDLE_CONNECTIONS)
            .build();
        let resolver = CachingResolver::default();
        // Reading the trust store takes longer than all else, and plain HTTP needs none.
        let tls = match settings.needs_tls() {
            true => Tls::new(settings)?,
            false => Tls::unused(),
        };
        let connector = ().chain(ConnectProxyConnector::default()).chain(CancellableTcp).chain(tls);
        let agent = Agent::with_parts(config, Connecting(connector), resolver.clone());
        Ok(Transport { agent, resolver, uses_proxy: settings.proxy.is_some() })
    }

    /// Posts JSON and reads the whole answer, unless it is given up. `connect` and `total` are the most that connecting and all of it
    /// may take.
    pub(super) fn post(
        &self,
        url: Zeroizing<String>,
        json: &[u8],
        connect: Duration,
        total: Duration,
        cancels: &Cancels,
    ) -> Result<Answer, Fault> {
        let send = || self.exchange(url, json, total);
        let (exchanged, was_sent) = exchange::run(cancels, connect.min(total), send);
        exchanged.map_err(|error| {
            self.resolver.forget();
            let (waited, uses_proxy) = (total, self.uses_proxy);
            let hit_deadline = total <= connect;
            fault::from_ureq(error, &Circumstances { waited, hit_deadline, uses_proxy, was_sent })
        })
    }

    fn exchange(
        &self,
        url: Zeroizing<String>,
        json: &[u8],
        total: Duration,
    ) -> Result<Answer, ureq::Error> {
        // Shared with all that ureq makes of it, and zeroed after the last of them.
        let url = Uri::from_maybe_shared(Bytes::from_owner(url)).map_err(http::Error::from)?;
        let mut response = self
            .agent
            .post(url)
            .config()
            .timeout_global(Some(total))
            .build()
            .content_type("application/json")
            .send(json)?;
        let headers = response.headers();
        let ends_with_connection = !headers.contains_key(header::CONTENT_LENGTH)
            && !headers.contains_key(header::TRANSFER_ENCODING);
        // ureq's limit is one that must not be reached.
        let limit = LARGEST_ANSWER as u64 + 1;
        let body = response.body_mut().with_config().limit(limit).read_to_vec()?;
        if body.len() > LARGEST_ANSWER {
            return Err(ureq::Error::BodyExceedsLimit(limit));
        }
        Ok(Answer { http_status: response.status().as_u16(), body, ends_with_connection })
    }
}
