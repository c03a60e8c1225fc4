//! The UserSig that calls are made with: signed when needed, shared, and renewed before its end.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};

use arc_swap::ArcSwapOption;
use zeroize::Zeroizing;

use crate::error::Result;
use crate::secret::{Mistake, described};
use crate::usersig::{Key, SignOptions, sign};

use super::options::Options;
use super::options::invalid;

pub(super) type UserSig = Arc<Zeroizing<String>>;

/// What proves to Tencent who calls.
pub(super) enum Credentials {
    Key { key: Key, sdk_app_id: u32, identifier: String, lifetime_s: u64 },
    Ready(UserSig),
}

impl Credentials {
    pub(super) fn new(options: &Options) -> Result<Credentials> {
        match (&options.key, &options.usersig) {
            (Some(key), None) => Ok(Credentials::Key {
                key: key.clone(),
                sdk_app_id: options.sdk_app_id,
                identifier: options.administrator.clone(),
                lifetime_s: options.usersig_lifetime_s,
            }),
            (None, Some(usersig)) => {
                let in_alphabet =
                    |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'*' | b'-' | b'_');
                if !(1..=8192).contains(&usersig.0.len()) || !usersig.0.bytes().all(in_alphabet) {
                    if let Some(mistake) = Mistake::find(usersig.0.as_bytes()) {
                        return invalid(described("set_usersig: the UserSig", mistake));
                    }
                    return invalid(
                        "set_usersig: the text is not a UserSig: 1 to 8192 letters, digits, *, - and _",
                    );
                }
                Ok(Credentials::Ready(Arc::clone(&usersig.0)))
            }
            (None, None) => invalid("set_key or set_usersig: set one of the two"),
            (Some(_), Some(_)) => invalid("set_key and set_usersig: set only one of the two"),
        }
    }

    /// Whether another UserSig can be had when Tencent refuses this one.
    pub(super) fn can_sign(&self) -> bool {
        matches!(self, Credentials::Key { .. })
    }
}

/// The last UserSig that was signed. Only who finds none that is fresh takes the lock, for the microsecond that signing takes.
#[derive(Default)]
pub(super) struct UserSigCache {
    cached: ArcSwapOption<Cached>,
    signing: Mutex<()>,
}

struct Cached {
    usersig: UserSig,
    signed_at_s: u64,
}

impl UserSigCache {
    pub(super) fn get(&self, credentials: &Credentials) -> Result<UserSig> {
        let (key, sdk_app_id, identifier, lifetime_s) = match credentials {
            Credentials::Ready(usersig) => return Ok(Arc::clone(usersig)),
            Credentials::Key { key, sdk_app_id, identifier, lifetime_s } => {
                (key, *sdk_app_id, identifier, *lifetime_s)
            }
        };
        if let Some(usersig) = self.fresh(lifetime_s) {
            return Ok(usersig);
        }
        let _one_signs = self.signing.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(usersig) = self.fresh(lifetime_s) {
            return Ok(usersig);
        }
        let signed_at_s = now_s();
        let options = SignOptions::new(sdk_app_id, identifier, signed_at_s, lifetime_s);
        let usersig = Arc::new(sign(key, &options)?);
        let cached = Cached { usersig: Arc::clone(&usersig), signed_at_s };
        self.cached.store(Some(Arc::new(cached)));
        Ok(usersig)
    }

    /// Renewed after nine tenths of its life; also when the clock was set back, or it would be from the future.
    fn fresh(&self, lifetime_s: u64) -> Option<UserSig> {
        let cached = self.cached.load();
        let cached = cached.as_ref()?;
        let age_s = now_s().checked_sub(cached.signed_at_s)?;
        (age_s < lifetime_s / 10 * 9).then(|| Arc::clone(&cached.usersig))
    }

    /// Makes the next call sign anew, unless another thread already did.
    pub(super) fn forget(&self, refused: &UserSig) {
        let cached = self.cached.load();
        if cached.as_ref().is_some_and(|cached| Arc::ptr_eq(&cached.usersig, refused)) {
            self.cached.compare_and_swap(&cached, None);
        }
    }
}

fn now_s() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs())
}
