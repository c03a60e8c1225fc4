//! What went wrong between this machine and Tencent, in words.

use std::io::{self, ErrorKind};
use std::time::Duration;

use rustls::{CertRevocationListError, CertificateError};

use crate::error::Status;

use super::cancel::Cancelled;
use super::connect::NoThread;
use super::resolver::LookupFailed;

/// A request that brought no answer.
pub(super) struct Fault {
    pub(super) status: Status,
    pub(super) message: String,
    pub(super) retryable: bool,
    /// Whether the request may have been carried out all the same.
    pub(super) maybe_done: bool,
    /// Whether the deadline ended it before there was a connection, which says less than a failure before it.
    pub(super) is_cut_short: bool,
}

/// In which circumstances it was lost.
pub(super) struct Circumstances {
    pub(super) waited: Duration,
    /// Whether a connect that hangs is ended by the deadline, rather than by the connect timeout.
    pub(super) hit_deadline: bool,
    pub(super) uses_proxy: bool,
    /// Whether anything of the request may have been sent.
    pub(super) was_sent: bool,
}

fn passing(status: Status, message: impl Into<String>) -> Fault {
    let message = message.into();
    Fault { status, message, retryable: true, maybe_done: true, is_cut_short: false }
}

fn for_good(status: Status, message: impl Into<String>) -> Fault {
    Fault { retryable: false, ..passing(status, message) }
}

/// ureq's error texts that can hold the URL, and with it the UserSig, are not passed on.
pub(super) fn from_ureq(error: ureq::Error, circumstances: &Circumstances) -> Fault {
    let fault = match circumstances.was_sent {
        true => while_waiting(error, circumstances.waited),
        false => before_sending(error, circumstances),
    };
    // What was not sent was not carried out, whatever went wrong.
    Fault { maybe_done: fault.maybe_done && circumstances.was_sent, ..fault }
}

fn before_sending(error: ureq::Error, circumstances: &Circumstances) -> Fault {
    let Circumstances { waited, hit_deadline, uses_proxy, .. } = *circumstances;
    let unreachable = if uses_proxy { Status::Proxy } else { Status::Connection };
    let whose = if uses_proxy { "proxy" } else { "host" };
    match error {
        ureq::Error::Timeout(ureq::Timeout::Resolve) => passing(
            Status::NameResolution,
            format!("the name of the {whose} was not resolved in time"),
        ),
        ureq::Error::Timeout(_) if hit_deadline => Fault {
            is_cut_short: true,
            ..passing(
                Status::Timeout,
                format!(
                    "no connection within {} ms: check the endpoint and the firewall, or raise set_timeout_ms",
                    waited.as_millis()
                ),
            )
        },
        ureq::Error::Timeout(_) => passing(
            unreachable,
            "no connection within the connect timeout: check the endpoint and the firewall, or raise set_connect_timeout_ms",
        ),
        ureq::Error::HostNotFound => {
            passing(Status::NameResolution, format!("the name of the {whose} has no address"))
        }
        ureq::Error::Other(other) if other.is::<LookupFailed>() => passing(
            Status::NameResolution,
            format!("the name of the {whose} cannot be resolved: {other}"),
        ),
        ureq::Error::Other(other) if other.is::<NoThread>() => {
            passing(Status::Connection, format!("no connection: {other}"))
        }
        ureq::Error::Io(error) => match rustls_error(&error) {
            Some(error) => tls(error),
            None => not_connected(&error, unreachable),
        },
        ureq::Error::ConnectionFailed => passing(unreachable, "no connection"),
        // Asking again with the same password could lock the account.
        ureq::Error::ConnectProxyFailed(text) if text.contains("407") => {
            for_good(Status::Proxy, "the proxy wants a user and a password (407): see set_proxy")
        }
        ureq::Error::ConnectProxyFailed(text) => {
            passing(Status::Proxy, format!("the proxy refused or failed: {text}"))
        }
        ureq::Error::Protocol(_) | ureq::Error::LargeResponseHeader(..) => for_good(
            Status::Proxy,
            "the proxy's answer is not HTTP, or its head is too large: check the scheme and the port in set_proxy",
        ),
        other => while_waiting(other, waited),
    }
}

fn not_connected(error: &io::Error, unreachable: Status) -> Fault {
    if matches!(error.raw_os_error(), Some(libc::EMFILE | libc::ENFILE)) {
        let advice = "close some, or raise the limit (ulimit -n)";
        let message = format!("no connection: no file descriptor is left: {error}: {advice}");
        return passing(Status::Connection, message);
    }
    match error.kind() {
        ErrorKind::ConnectionRefused
        | ErrorKind::HostUnreachable
        | ErrorKind::NetworkUnreachable
        | ErrorKind::AddrNotAvailable => passing(
            unreachable,
            format!("no connection: {error}: check the endpoint and the firewall"),
        ),
        _ => passing(
            Status::Connection,
            format!("the connection was lost before the request was sent: {error}"),
        ),
    }
}

fn while_waiting(error: ureq::Error, waited: Duration) -> Fault {
    match error {
        ureq::Error::Other(other) if other.is::<Cancelled>() => {
            for_good(Status::Cancelled, other.to_string())
        }
        ureq::Error::Timeout(_) => {
            passing(Status::Timeout, format!("no complete answer within {} ms", waited.as_millis()))
        }
        ureq::Error::Io(error) => match rustls_error(&error) {
            Some(error) => tls(error),
            None => passing(Status::Connection, format!("{LOST}: {error}")),
        },
        ureq::Error::BodyExceedsLimit(limit) => {
            for_good(Status::InvalidResponse, format!("the answer is over {} bytes", limit - 1))
        }
        ureq::Error::LargeResponseHeader(_, limit) => for_good(
            Status::InvalidResponse,
            format!("the head of the answer is over {limit} bytes: check what answers there"),
        ),
        ureq::Error::Protocol(_) => for_good(
            Status::InvalidResponse,
            "the answer is not HTTP: check the endpoint's scheme and port",
        ),
        _ => passing(Status::Connection, "the HTTP exchange failed"),
    }
}

/// The connection ended too early.
pub(super) const LOST: &str = "the connection was lost before the answer was complete";

fn rustls_error(error: &io::Error) -> Option<&rustls::Error> {
    error.get_ref()?.downcast_ref()
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
