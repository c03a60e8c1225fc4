//! Whose certificates are trusted, and which of them no more.

use std::fs;
use std::path::Path;

use rustls::RootCertStore;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, CertificateRevocationListDer};

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
pub(super) fn authorities(ca_file: Option<&Path>) -> Result<RootCertStore> {
    if let Some(path) = ca_file {
        let store = store(&read("set_ca_file", path)?);
        return match store.is_empty() {
            true => {
                invalid(format!("set_ca_file: {} has no certificate in PEM form", path.display()))
            }
            false => Ok(store),
        };
    }
    let system = SYSTEM_STORES
        .iter()
        .filter_map(|path| fs::read(path).ok())
        .map(|pem| store(&pem))
        .find(|store| !store.is_empty());
    let built_in = || RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
    Ok(system.unwrap_or_else(built_in))
}

fn store(pem: &[u8]) -> RootCertStore {
    let mut store = RootCertStore::empty();
    store.add_parsable_certificates(CertificateDer::pem_slice_iter(pem).filter_map(Result::ok));
    store
}

/// The lists of revoked certificates in `crl_file`.
pub(super) fn revocation_lists(path: &Path) -> Result<Vec<CertificateRevocationListDer<'static>>> {
    let pem = read("set_crl_file", path)?;
    let lists: Vec<_> =
        CertificateRevocationListDer::pem_slice_iter(&pem).filter_map(Result::ok).collect();
    match lists.is_empty() {
        true => invalid(format!(
            "set_crl_file: {} has no list of revoked certificates (X509 CRL) in PEM form",
            path.display()
        )),
        false => Ok(lists),
    }
}

fn read(setter: &str, path: &Path) -> Result<Vec<u8>> {
    fs::read(path)
        .or_else(|error| invalid(format!("{setter}: {} cannot be read: {error}", path.display())))
}
