//! The key, and what it signs with: HMAC-SHA256.

use std::fmt;

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use super::wiped::on_wiped_stack;
use crate::error::{Error, Result, Status};
use crate::memory::try_vec;
use crate::secret::check_key;

/// The SecretKey of an SDKAppID, ready to sign. Zeroed when it is dropped. `Debug` does not show it.
pub struct Key(Box<[Hmac<Sha256>; 1]>);

impl Clone for Key {
    fn clone(&self) -> Key {
        on_wiped_stack(|| Key(self.0.clone()))
    }
}

impl Key {
    /// The key as the console shows it: its text itself is the key, it is not decoded from hexadecimal. No copy of the text is kept.
    ///
    /// # Errors
    /// [`Status::InvalidArgument`] if it is empty, or has what comes along when it is copied or read from a file: see
    /// [`check_key`].
    pub fn new(text: impl AsRef<[u8]>) -> Result<Key> {
        let KeyText(text) = KeyText::new(text.as_ref())?;
        let mut room = try_vec(1)?;
        on_wiped_stack(|| Hmac::new_from_slice(text).map(|hmac| room.push(hmac)).is_ok());
        // HMAC takes a key of any length, so there is one.
        room.try_into().map(Key).map_err(|_| unusable())
    }

    pub(super) fn signature(&self, content: &[u8]) -> [u8; 32] {
        on_wiped_stack(|| finish(Hmac::clone(&self.0[0]), content))
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Key(..)")
    }
}

/// A key for a single signature: nothing made of it is kept.
pub(super) struct KeyText<'a>(&'a [u8]);

impl KeyText<'_> {
    /// # Errors
    /// As for [`Key::new`].
    pub(super) fn new(text: &[u8]) -> Result<KeyText<'_>> {
        check_key(text)?;
        Ok(KeyText(text))
    }

    pub(super) fn signature(&self, content: &[u8]) -> Result<[u8; 32]> {
        on_wiped_stack(|| Hmac::new_from_slice(self.0).map(|hmac| finish(hmac, content)))
            .map_err(|_| unusable())
    }
}

fn finish(mut hmac: Hmac<Sha256>, content: &[u8]) -> [u8; 32] {
    hmac.update(content);
    hmac.finalize().into_bytes().into()
}

fn unusable() -> Error {
    Error::new(Status::InvalidArgument, "the key cannot be used")
}
