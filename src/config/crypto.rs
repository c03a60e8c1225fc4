//! Cryptography for TLS.

use std::sync::Arc;

use rustls::Error;
use rustls::crypto::{CryptoProvider, KeyProvider, ring};
use rustls::pki_types::PrivateKeyDer;
use rustls::sign::SigningKey;

/// ring, whatever provider the host made rustls's default; without what signs for client certificates, a twentieth of the library.
pub(super) fn provider() -> CryptoProvider {
    CryptoProvider { key_provider: &NoClientKeys, ..ring::default_provider() }
}

#[derive(Debug)]
struct NoClientKeys;

impl KeyProvider for NoClientKeys {
    fn load_private_key(&self, _: PrivateKeyDer<'static>) -> Result<Arc<dyn SigningKey>, Error> {
        Err(Error::General("client certificates are not supported".to_owned()))
    }
}
