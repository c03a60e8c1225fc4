//! HTTP: one agent with its pool of connections.

use std::time::Duration;

use bytes::Bytes;
use ureq::Agent;
use ureq::http::{self, Uri};
use ureq::unversioned::transport::{ConnectProxyConnector, Connector};
use zeroize::Zeroizing;

use crate::error::Result;

use super::cancel::Cancels;
use super::connect::CancellableTcp;
use super::fault::{self, Fault};
use super::resolver::CachingResolver;
use super::settings::Settings;
use super::tls::Tls;

/// Tencent's answers are a few hundred bytes.
const LARGEST_ANSWER: u64 = 1024 * 1024;
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
        let connector =
            ().chain(ConnectProxyConnector::default())
                .chain(CancellableTcp)
                .chain(Tls::new(settings)?);
        let agent = Agent::with_parts(config, connector, resolver.clone());
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
        let exchanged = cancels.during(|| self.exchange(url, json, connect.min(total), total));
        exchanged.map_err(|error| {
            self.resolver.forget();
            fault::from_ureq(error, total, self.uses_proxy)
        })
    }

    fn exchange(
        &self,
        url: Zeroizing<String>,
        json: &[u8],
        connect: Duration,
        total: Duration,
    ) -> Result<Answer, ureq::Error> {
        // Shared with all that ureq makes of it, and zeroed after the last of them.
        let url = Uri::from_maybe_shared(Bytes::from_owner(url)).map_err(http::Error::from)?;
        let mut response = self
            .agent
            .post(url)
            .config()
            .timeout_resolve(Some(connect))
            .timeout_connect(Some(connect))
            .timeout_global(Some(total))
            .build()
            .content_type("application/json")
            .send(json)?;
        let body = response.body_mut().with_config().limit(LARGEST_ANSWER).read_to_vec()?;
        Ok(Answer { http_status: response.status().as_u16(), body })
    }
}
