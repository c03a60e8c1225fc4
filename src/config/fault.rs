//! What went wrong between this machine and Tencent, in words.

use std::io::{self, ErrorKind};
use std::time::Duration;

use rustls::{CertRevocationListError, CertificateError};

use crate::error::Status;

use super::cancel::Cancelled;
use super::resolver::LookupFailed;

/// A request that brought no answer.
pub(super) struct Fault {
    pub(super) status: Status,
    pub(super) message: String,
    pub(super) retryable: bool,
    /// Whether the request may have been carried out all the same.
    pub(super) maybe_done: bool,
}

fn before_sending(status: Status, message: impl Into<String>) -> Fault {
    Fault { status, message: message.into(), retryable: true, maybe_done: false }
}

fn while_waiting(status: Status, message: impl Into<String>) -> Fault {
    Fault { status, message: message.into(), retryable: true, maybe_done: true }
}

fn for_good(status: Status, message: impl Into<String>) -> Fault {
    Fault { status, message: message.into(), retryable: false, maybe_done: false }
}

/// ureq's error texts that can hold the URL, and with it the UserSig, are not passed on.
pub(super) fn from_ureq(error: ureq::Error, waited: Duration, uses_proxy: bool) -> Fault {
    let unreachable = if uses_proxy { Status::Proxy } else { Status::Connection };
    if let ureq::Error::Other(other) = &error {
        if let Some(cancelled) = other.downcast_ref::<Cancelled>() {
            let message = cancelled.to_string();
            let maybe_done = cancelled.maybe_sent;
            return Fault { maybe_done, ..for_good(Status::Cancelled, message) };
        }
    }
    match error {
        ureq::Error::Timeout(ureq::Timeout::Resolve) => {
            before_sending(Status::NameResolution, "the name of the host was not resolved in time")
        }
        ureq::Error::Timeout(ureq::Timeout::Connect) => before_sending(
            unreachable,
            "no connection within the connect timeout: check the endpoint and the firewall, or raise set_connect_timeout_ms",
        ),
        ureq::Error::Timeout(_) => while_waiting(
            Status::Timeout,
            format!("no complete answer within {} ms", waited.as_millis()),
        ),
        ureq::Error::HostNotFound => {
            before_sending(Status::NameResolution, "the name of the host has no address")
        }
        ureq::Error::Other(other) if other.is::<LookupFailed>() => before_sending(
            Status::NameResolution,
            format!("the name of the host cannot be resolved: {other}"),
        ),
        ureq::Error::Io(error) => from_io(&error, unreachable),
        ureq::Error::ConnectionFailed => before_sending(unreachable, "no connection"),
        // Asking again with the same password could lock the account.
        ureq::Error::ConnectProxyFailed(text) if text.contains("407") => {
            for_good(Status::Proxy, "the proxy wants a user and a password (407): see set_proxy")
        }
        ureq::Error::ConnectProxyFailed(text) => {
            before_sending(Status::Proxy, format!("the proxy refused or failed: {text}"))
        }
        ureq::Error::BodyExceedsLimit(limit) => Fault {
            retryable: false,
            ..while_waiting(Status::InvalidResponse, format!("the answer is over {limit} bytes"))
        },
        ureq::Error::Protocol(_) | ureq::Error::LargeResponseHeader(..) => Fault {
            retryable: false,
            ..while_waiting(
                Status::InvalidResponse,
                "the answer is not HTTP: check the endpoint's scheme and port",
            )
        },
        _ => while_waiting(Status::Connection, "the HTTP exchange failed"),
    }
}

fn from_io(error: &io::Error, unreachable: Status) -> Fault {
    if let Some(error) = error.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>()) {
        return tls(error);
    }
    match error.kind() {
        ErrorKind::ConnectionRefused
        | ErrorKind::HostUnreachable
        | ErrorKind::NetworkUnreachable
        | ErrorKind::AddrNotAvailable => before_sending(
            unreachable,
            format!("no connection: {error}: check the endpoint and the firewall"),
        ),
        _ => while_waiting(
            Status::Connection,
            format!("the connection was lost before the answer was complete: {error}"),
        ),
    }
}

fn tls(error: &rustls::Error) -> Fault {
    use rustls::AlertDescription::{HandshakeFailure, ProtocolVersion};
    let message = match error {
        rustls::Error::InvalidCertificate(reason) => certificate(reason),
        rustls::Error::PeerIncompatible(_)
        | rustls::Error::AlertReceived(HandshakeFailure | ProtocolVersion) => {
            format!(
                "TLS failed: the server has neither TLS 1.2 nor 1.3, or none of their safe ciphers: {error}"
            )
        }
        rustls::Error::InvalidMessage(_) => {
            format!(
                "TLS failed: what answers does not speak TLS: check the endpoint's scheme and port: {error}"
            )
        }
        rustls::Error::InvalidCertRevocationList(CertRevocationListError::BadSignature) => {
            "TLS failed: a list in set_crl_file was not signed by the authority that it names: fetch it anew".to_owned()
        }
        other => format!("TLS failed: {other}"),
    };
    for_good(Status::Tls, message)
}

fn certificate(reason: &CertificateError) -> String {
    let what = match reason {
        CertificateError::UnknownIssuer => {
            "it was issued by an authority that is not trusted here: give that authority's PEM file to set_ca_file, \
             and ask whether a proxy on the way inspects TLS"
        }
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => {
            "it has expired: check this machine's clock, then the server"
        }
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
            "it is not valid yet: check this machine's clock"
        }
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
            "it is for another host: check the endpoint"
        }
        CertificateError::Revoked => "it was revoked: ask who runs the server",
        CertificateError::UnknownRevocationStatus => {
            "no list in set_crl_file says whether it was revoked: add one of each authority in its chain"
        }
        CertificateError::ExpiredRevocationList
        | CertificateError::ExpiredRevocationListContext { .. } => {
            "the list in set_crl_file that speaks of it has run out: fetch a newer one"
        }
        CertificateError::BadSignature
        | CertificateError::UnsupportedSignatureAlgorithmContext { .. } => {
            "it is signed wrongly, or in a way that is not safe any more, like SHA-1"
        }
        CertificateError::Other(other) if other.to_string().contains("CaUsedAsEndEntity") => {
            "it is self-signed or an authority's own: have the server's issued by an authority, whose PEM file goes to set_ca_file"
        }
        _ => "it cannot be accepted",
    };
    format!("the server's certificate is refused: {what} ({reason})")
}
