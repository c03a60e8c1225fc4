//! HTTP: one agent with its pool of connections.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use ureq::Agent;
use ureq::http::{self, Uri};
use ureq::tls::TlsConfig;
use ureq::unversioned::transport::{
    ConnectProxyConnector, ConnectionDetails, Connector, RustlsConnector, Transport as _,
};
use zeroize::Zeroizing;

use crate::error::Result;

use super::cancel::Cancels;
use super::connect::CancellableTcp;
use super::crypto;
use super::fault::{self, Fault};
use super::gathered::Gathered;
use super::resolver::CachingResolver;
use super::roots;
use super::settings::Settings;

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
        let roots = roots::load(settings.ca_file.as_deref())?;
        let tls = TlsConfig::builder()
            .root_certs(roots)
            .unversioned_rustls_crypto_provider(Arc::new(crypto::provider()))
            .build();
        let config = Agent::config_builder()
            // Set in any case: ureq's default is the proxy that the environment names.
            .proxy(settings.proxy.clone())
            .tls_config(tls)
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
                .chain(RustlsConnector::default());
        let agent = Agent::with_parts(config, OneTlsConfig(connector), resolver.clone());
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

/// Timeouts differ from call to call, and for a request with settings of its own ureq would build the TLS configuration anew
/// for each connection: slow, and without session resumption. The TLS part never differs, so the agent's is right.
#[derive(Debug)]
struct OneTlsConfig<C>(C);

impl<C: Connector> Connector for OneTlsConfig<C> {
    type Out = Gathered;

    fn connect(
        &self,
        details: &ConnectionDetails<'_>,
        chained: Option<()>,
    ) -> Result<Option<Self::Out>, ureq::Error> {
        let details = ConnectionDetails {
            request_level: false,
            uri: details.uri,
            addrs: details.addrs.clone(),
            config: details.config,
            resolver: details.resolver,
            now: details.now,
            timeout: details.timeout,
            current_time: details.current_time.clone(),
            run_connector: details.run_connector.clone(),
            register_shutdown: details.register_shutdown.clone(),
        };
        let connection = self.0.connect(&details, chained)?;
        Ok(connection.map(|connection| Gathered::new(connection.boxed(), &details)))
    }
}
