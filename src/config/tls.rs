//! TLS by rustls.

use std::io;
use std::sync::Arc;

use rustls::client::WebPkiServerVerifier;
use rustls::pki_types::ServerName;
use rustls::{ALL_VERSIONS, ClientConfig, ClientConnection, StreamOwned};
use ureq::Error;
use ureq::unversioned::transport::{ConnectionDetails, Connector, Transport, TransportAdapter};

use crate::error::{self, Status};

use super::crypto;
use super::gathered::Gathered;
use super::options::invalid;
use super::settings::Settings;
use super::stream::Stream;
use super::trust;

/// The last of the connectors: TLS for whom it is wanted.
///
/// Not ureq's own: that has no way to lists of revoked certificates, and for requests with timeouts of their own it would make the
/// configuration anew for each connection, slowly and without session resumption.
#[derive(Debug)]
pub(super) struct Tls(Option<Arc<ClientConfig>>);

impl Tls {
    pub(super) fn new(settings: &Settings) -> error::Result<Tls> {
        let provider = Arc::new(crypto::provider());
        let authorities = Arc::new(trust::authorities(settings.ca_file.as_deref())?);
        let mut verifier =
            WebPkiServerVerifier::builder_with_provider(authorities, Arc::clone(&provider));
        if let Some(path) = &settings.crl_file {
            let lists = trust::revocation_lists(path)?;
            verifier = verifier.with_crls(lists).enforce_revocation_expiration();
        }
        let verifier = verifier
            .build()
            .or_else(|error| {
                invalid(format!(
                    "set_crl_file: a list cannot be used, it must be one of version 2 (RFC 5280): {error}"
                ))
            })?;
        let config = ClientConfig::builder_with_provider(provider)
            .with_protocol_versions(ALL_VERSIONS)
            .map_err(|error| error::Error::new(Status::Tls, error.to_string()))?;
        Ok(Tls(Some(Arc::new(config.with_webpki_verifier(verifier).with_no_client_auth()))))
    }

    /// For whom it is never wanted.
    pub(super) fn unused() -> Tls {
        Tls(None)
    }

    fn handshake(
        &self,
        mut below: TransportAdapter,
        details: &ConnectionDetails<'_>,
    ) -> io::Result<Stream> {
        let host = details.uri.host().unwrap_or_default();
        let bare = host.trim_start_matches('[').trim_end_matches(']').to_owned();
        let name = ServerName::try_from(bare).map_err(|_| {
            io::Error::other(rustls::Error::General(
                "the endpoint's host is neither a DNS name nor an address".to_owned(),
            ))
        })?;
        let config = self.0.clone().ok_or_else(|| io::Error::from(io::ErrorKind::Unsupported))?;
        let mut session = ClientConnection::new(config, name).map_err(io::Error::other)?;
        below.set_timeout(details.timeout);
        session.complete_io(&mut below)?;
        Ok(Stream::Tls(Box::new(StreamOwned::new(session, below))))
    }
}

impl<In: Transport> Connector<In> for Tls {
    type Out = Gathered;

    fn connect(
        &self,
        details: &ConnectionDetails<'_>,
        chained: Option<In>,
    ) -> Result<Option<Gathered>, Error> {
        let Some(connection) = chained else { return Ok(None) };
        let below = TransportAdapter::new(connection.boxed(), Arc::clone(&details.current_time));
        let stream = match details.needs_tls() {
            true => self.handshake(below, details)?,
            false => Stream::Plain(below),
        };
        Ok(Some(Gathered::new(stream, details)))
    }
}
