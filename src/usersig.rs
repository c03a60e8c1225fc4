//! UserSig (TLSSigAPIv2): the signature with which an account proves itself to Tencent, and the PrivateMapKey that adds
//! permissions in one room.
//!
//! ```
//! use tc_callback::usersig::{Key, SignOptions, sign, verify};
//!
//! # fn main() -> tc_callback::error::Result<()> {
//! let key = Key::new("the SecretKey from the console")?;
//! let usersig = sign(&key, &SignOptions::new(1400000000, "alice", 1_700_000_000, 86_400))?;
//! let claims = verify(&key, 1400000000, Some("alice"), &usersig, 1_700_000_100)?;
//! assert_eq!(claims.expire_s, 86_400);
//! # Ok(())
//! # }
//! ```

mod codec;
mod room;

use std::borrow::Cow;
use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use serde::{Deserialize, Serialize};
use sha2::Sha256;
use zeroize::Zeroizing;

use crate::error::{Error, Result, Status};

pub use room::{Privilege, Room, private_map_key_userbuf};

/// The SecretKey of an SDKAppID, ready to sign. Zeroed when dropped; `Debug` does not show it.
#[derive(Clone)]
pub struct Key(Box<Hmac<Sha256>>);

impl Key {
    /// The key as the console shows it: its text itself is the key, it is not decoded from hexadecimal. No copy of the text is kept.
    ///
    /// # Errors
    /// [`Status::InvalidArgument`] if it is empty, or begins or ends with white space (a line end read from a file).
    pub fn new(text: impl AsRef<[u8]>) -> Result<Key> {
        let text = text.as_ref();
        let invalid = |message| Error::new(Status::InvalidArgument, message);
        if text.is_empty() {
            return Err(invalid("the key is empty: copy the SecretKey from the console"));
        }
        if text.trim_ascii().len() != text.len() {
            return Err(invalid(
                "the key begins or ends with white space, perhaps the line end of a file: remove it",
            ));
        }
        // HMAC takes a key of any length, so this cannot fail.
        let keyed = Hmac::new_from_slice(text).map_err(|_| invalid("the key cannot be used"))?;
        Ok(Key(Box::new(keyed)))
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Key(..)")
    }
}

/// What to sign.
#[derive(Clone, Copy, Debug)]
pub struct SignOptions<'a> {
    /// The SDKAppID that the key belongs to; not 0.
    pub sdk_app_id: u32,
    /// The account (UserID) that the UserSig is for; not empty, no control characters. The vendor allows 32 bytes.
    pub identifier: &'a str,
    /// The moment it is valid from: seconds since 1970.
    pub time_s: u64,
    /// How long it is valid: seconds, at least 1. The vendor advises 86400 or more.
    pub expire_s: u64,
    /// The buffer that makes it a PrivateMapKey: see [`private_map_key_userbuf`].
    pub userbuf: Option<&'a [u8]>,
    /// Whether to compress: a fifth shorter, and many times slower to make. Tencent takes both.
    pub compress: bool,
}

impl<'a> SignOptions<'a> {
    /// Without a buffer, not compressed.
    pub fn new(
        sdk_app_id: u32,
        identifier: &'a str,
        time_s: u64,
        expire_s: u64,
    ) -> SignOptions<'a> {
        SignOptions { sdk_app_id, identifier, time_s, expire_s, userbuf: None, compress: false }
    }
}

/// What a verified UserSig says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claims {
    /// The account.
    pub identifier: String,
    /// The SDKAppID.
    pub sdk_app_id: u32,
    /// The moment it is valid from: seconds since 1970.
    pub time_s: u64,
    /// How long it is valid: seconds.
    pub expire_s: u64,
    /// The buffer of a PrivateMapKey.
    pub userbuf: Option<Vec<u8>>,
}

/// The JSON inside a UserSig.
#[derive(Deserialize, Serialize)]
struct Document<'a> {
    #[serde(rename = "TLS.ver", borrow)]
    version: Cow<'a, str>,
    #[serde(rename = "TLS.identifier", borrow)]
    identifier: Cow<'a, str>,
    #[serde(rename = "TLS.sdkappid")]
    sdk_app_id: u32,
    #[serde(rename = "TLS.expire")]
    expire_s: u64,
    #[serde(rename = "TLS.time")]
    time_s: u64,
    #[serde(rename = "TLS.userbuf", borrow, default, skip_serializing_if = "Option::is_none")]
    userbuf: Option<Cow<'a, str>>,
    #[serde(rename = "TLS.sig", borrow)]
    signature: Cow<'a, str>,
}

const VERSION: &str = "2.0";

impl Document<'_> {
    /// The most bytes that it can have as JSON, where quotes and backslashes take two.
    fn json_len(&self) -> usize {
        const NAMES_AND_NUMBERS: usize = 200;
        let userbuf_len = self.userbuf.as_ref().map_or(0, |userbuf| userbuf.len());
        NAMES_AND_NUMBERS + 2 * self.identifier.len() + userbuf_len + self.signature.len()
    }

    /// Signs everything but the version. A line end in the identifier would let one text mean two documents.
    fn mac(&self, key: &Key) -> Hmac<Sha256> {
        let mut mac = Hmac::clone(&key.0);
        let mut line = |name: &str, value: &str| {
            for piece in [name, value, "\n"] {
                mac.update(piece.as_bytes());
            }
        };
        line("TLS.identifier:", &self.identifier);
        line("TLS.sdkappid:", itoa::Buffer::new().format(self.sdk_app_id));
        line("TLS.time:", itoa::Buffer::new().format(self.time_s));
        line("TLS.expire:", itoa::Buffer::new().format(self.expire_s));
        if let Some(userbuf) = &self.userbuf {
            line("TLS.userbuf:", userbuf);
        }
        mac
    }
}

/// Makes a UserSig, or with `userbuf` a PrivateMapKey.
///
/// # Errors
/// [`Status::InvalidArgument`] with the name of the option that is out of its range.
pub fn sign(key: &Key, options: &SignOptions<'_>) -> Result<Zeroizing<String>> {
    let invalid = |message| Err(Error::new(Status::InvalidArgument, message));
    if options.sdk_app_id == 0 {
        return invalid("sdk_app_id is 0: use the SDKAppID from the console");
    }
    if options.identifier.is_empty() || options.identifier.contains(char::is_control) {
        return invalid("identifier is empty or has a control character: use an account's UserID");
    }
    if options.expire_s == 0 {
        return invalid("expire_s is 0: use the seconds for which the UserSig shall be valid");
    }
    let mut document = Document {
        version: VERSION.into(),
        identifier: options.identifier.into(),
        sdk_app_id: options.sdk_app_id,
        expire_s: options.expire_s,
        time_s: options.time_s,
        userbuf: options.userbuf.map(|userbuf| STANDARD.encode(userbuf).into()),
        signature: Cow::default(),
    };
    document.signature = STANDARD.encode(document.mac(key).finalize().into_bytes()).into();
    codec::encode(&document, document.json_len(), options.compress)
}

/// Checks a UserSig as Tencent would, with the key it should have been made with.
///
/// `identifier` is the account it must be for; `None` takes any. `now_s` is the clock in seconds since 1970; the last valid
/// second is `time_s + expire_s`. The signature is compared in constant time.
///
/// # Errors
/// In this order: [`Status::MalformedUserSig`], [`Status::UserSigMismatch`] for another SDKAppID or account,
/// [`Status::ForgedUserSig`], [`Status::ExpiredUserSig`].
pub fn verify(
    key: &Key,
    sdk_app_id: u32,
    identifier: Option<&str>,
    usersig: &str,
    now_s: u64,
) -> Result<Claims> {
    let json = codec::decode(usersig)?;
    let document: Document<'_> = serde_json::from_slice(&json)
        .map_err(|_| codec::malformed("its JSON lacks a field or is no JSON"))?;
    if document.version != VERSION {
        return Err(codec::malformed("its TLS.ver is not 2.0"));
    }
    if document.identifier.contains(char::is_control) {
        return Err(codec::malformed("its identifier has a control character"));
    }
    if document.sdk_app_id != sdk_app_id {
        let message = format!(
            "the UserSig is for SDKAppID {}, not for {sdk_app_id}: check which application it comes from",
            document.sdk_app_id
        );
        return Err(Error::new(Status::UserSigMismatch, message));
    }
    if let Some(identifier) = identifier.filter(|identifier| *identifier != document.identifier) {
        let message = format!(
            "the UserSig is for the account {:?}, not for {identifier:?}: sign for the account that uses it",
            document.identifier
        );
        return Err(Error::new(Status::UserSigMismatch, message));
    }
    let signature = STANDARD
        .decode(&*document.signature)
        .map_err(|_| codec::malformed("its TLS.sig is not base64"))?;
    if document.mac(key).verify_slice(&signature).is_err() {
        let message = "the UserSig was made with another key, or was changed: check that key and SDKAppID belong together";
        return Err(Error::new(Status::ForgedUserSig, message));
    }
    let last_s = document.time_s.saturating_add(document.expire_s);
    if now_s > last_s {
        let message = format!(
            "the UserSig expired {} s ago: sign again, or check this machine's clock",
            now_s - last_s
        );
        return Err(Error::new(Status::ExpiredUserSig, message));
    }
    let userbuf = match document.userbuf {
        Some(text) => Some(
            STANDARD.decode(&*text).map_err(|_| codec::malformed("its TLS.userbuf is not base64"))?,
        ),
        None => None,
    };
    Ok(Claims {
        identifier: document.identifier.into_owned(),
        sdk_app_id: document.sdk_app_id,
        time_s: document.time_s,
        expire_s: document.expire_s,
        userbuf,
    })
}
