//! Parts of a call by themselves, for fuzz/ and benches/. No release has them.

use crate::error::{Error, Result};

use super::message::{CallbackConfig, Reply};
use super::options::Options;
use super::transport::Answer;
use super::usersig_cache::{Credentials, UserSig, UserSigCache};

/// An answer of Tencent's as a call reads it: the configuration in an answer to get, if there is one in it. `usersig` is the one that the request went with.
///
/// # Errors
/// As a call's.
pub fn read_answer(
    http_status: u16,
    body: Vec<u8>,
    usersig: &str,
) -> Result<Option<CallbackConfig>> {
    let answer = Answer { http_status, body, ends_with_connection: false };
    let reply = Reply::read(&answer, usersig)?;
    match reply.is_ok() {
        true => reply.config(),
        false => Err(Error::from_tencent(reply.report)),
    }
}

/// The UserSig that a client's calls go with.
pub struct ClientUserSig {
    credentials: Credentials,
    cache: UserSigCache,
}

impl ClientUserSig {
    /// As a client's with these options.
    ///
    /// # Errors
    /// If they do not say what to sign with.
    pub fn new(options: &Options) -> Result<ClientUserSig> {
        let credentials = Credentials::new(options)?;
        Ok(ClientUserSig { credentials, cache: UserSigCache::default() })
    }

    /// What each call does.
    ///
    /// # Errors
    /// If it cannot be signed.
    pub fn get(&self) -> Result<UserSig> {
        self.cache.get(&self.credentials)
    }
}
