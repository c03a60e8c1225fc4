//! Which certificate authorities are trusted.

use std::fs;
use std::path::Path;

use ureq::tls::{Certificate, PemItem, RootCerts, parse_pem};

use crate::error::Result;

use super::options::invalid;

/// Where systems keep their trust store, in one file each. Not asked of the environment: the host's variables are its own.
const SYSTEM_STORES: &[&str] = &[
    "/etc/ssl/certs/ca-certificates.crt", // Debian, Ubuntu, Arch, Gentoo
    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem", // Fedora, RHEL
    "/etc/pki/tls/certs/ca-bundle.crt",   // older Fedora, RHEL, TencentOS
    "/etc/ssl/ca-bundle.pem",             // openSUSE, SLES
    "/etc/ssl/cert.pem",                  // Alpine, macOS, FreeBSD, OpenBSD
    "/usr/local/share/certs/ca-root-nss.crt", // older FreeBSD
];

/// The authorities in `ca_file`; without one the system's; without those the ones built into this library.
pub(super) fn load(ca_file: Option<&Path>) -> Result<RootCerts> {
    if let Some(path) = ca_file {
        return match fs::read(path) {
            Ok(pem) => match certificates(&pem) {
                found if found.is_empty() => invalid(format!(
                    "set_ca_file: {} has no certificate in PEM form",
                    path.display()
                )),
                found => Ok(RootCerts::from(found)),
            },
            Err(error) => {
                invalid(format!("set_ca_file: {} cannot be read: {error}", path.display()))
            }
        };
    }
    let system = SYSTEM_STORES
        .iter()
        .filter_map(|path| fs::read(path).ok())
        .map(|pem| certificates(&pem))
        .find(|found| !found.is_empty());
    Ok(system.map_or(RootCerts::WebPki, RootCerts::from))
}

fn certificates(pem: &[u8]) -> Vec<Certificate<'static>> {
    let certificate = |item| match item {
        Ok(PemItem::Certificate(certificate)) => Some(certificate),
        _ => None,
    };
    parse_pem(pem).filter_map(certificate).collect()
}
