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
mod wiped;

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use serde::Deserialize;
use sha2::Sha256;
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use crate::error::{Error, Result, Status};

pub(crate) use codec::Packed;
pub use room::{Privilege, Room, private_map_key_userbuf};
pub(crate) use wiped::Wiped;
use wiped::on_wiped_stack;

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
        let mut room = Vec::new();
        room.try_reserve_exact(1).map_err(|_| Error::OUT_OF_MEMORY)?;
        on_wiped_stack(|| Hmac::new_from_slice(text).map(|hmac| room.push(hmac)).is_ok());
        // HMAC takes a key of any length, so there is one.
        room.try_into().map(Key).map_err(|_| invalid("the key cannot be used"))
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
#[derive(Deserialize)]
struct Document {
    #[serde(rename = "TLS.ver")]
    version: String,
    #[serde(rename = "TLS.identifier")]
    identifier: String,
    #[serde(rename = "TLS.sdkappid")]
    sdk_app_id: u32,
    #[serde(rename = "TLS.expire")]
    expire_s: u64,
    #[serde(rename = "TLS.time")]
    time_s: u64,
    #[serde(rename = "TLS.userbuf", default)]
    userbuf: Option<String>,
    #[serde(rename = "TLS.sig")]
    signature: String,
}

const VERSION: &str = "2.0";

/// What is signed. The userbuf is base64.
struct Content<'a> {
    identifier: &'a str,
    sdk_app_id: u32,
    expire_s: u64,
    time_s: u64,
    userbuf: Option<&'a str>,
}

impl Content<'_> {
    fn signature(&self, key: &Key) -> [u8; 32] {
        on_wiped_stack(|| {
            let mut mac = Hmac::clone(&key.0[0]);
            self.update(&mut mac);
            mac.finalize().into_bytes().into()
        })
    }

    /// A line end in the identifier would let one text mean two documents.
    fn update(&self, mac: &mut Hmac<Sha256>) {
        let (mut app, mut time, mut expire) =
            (itoa::Buffer::new(), itoa::Buffer::new(), itoa::Buffer::new());
        let pieces = [
            "TLS.identifier:",
            self.identifier,
            "\nTLS.sdkappid:",
            app.format(self.sdk_app_id),
            "\nTLS.time:",
            time.format(self.time_s),
            "\nTLS.expire:",
            expire.format(self.expire_s),
            "\n",
        ];
        pieces.iter().for_each(|piece| mac.update(piece.as_bytes()));
        if let Some(userbuf) = self.userbuf {
            ["TLS.userbuf:", userbuf, "\n"].iter().for_each(|piece| mac.update(piece.as_bytes()));
        }
    }

    /// The most bytes that it can have as JSON, where quotes and backslashes take two.
    fn longest_json(&self) -> usize {
        const ALL_ELSE: usize = 256;
        ALL_ELSE + 2 * self.identifier.len() + self.userbuf.map_or(0, str::len)
    }

    /// Appends the JSON, in the key order of Tencent's Go library.
    fn write_json(&self, signature: &[u8], json: &mut Vec<u8>) -> serde_json::Result<()> {
        json.extend_from_slice(br#"{"TLS.ver":"2.0","TLS.identifier":"#);
        serde_json::to_writer(&mut *json, self.identifier)?;
        json.extend_from_slice(br#","TLS.sdkappid":"#);
        json.extend_from_slice(itoa::Buffer::new().format(self.sdk_app_id).as_bytes());
        json.extend_from_slice(br#","TLS.expire":"#);
        json.extend_from_slice(itoa::Buffer::new().format(self.expire_s).as_bytes());
        json.extend_from_slice(br#","TLS.time":"#);
        json.extend_from_slice(itoa::Buffer::new().format(self.time_s).as_bytes());
        if let Some(userbuf) = self.userbuf {
            json.extend_from_slice(br#","TLS.userbuf":""#);
            json.extend_from_slice(userbuf.as_bytes());
            json.push(b'"');
        }
        json.extend_from_slice(br#","TLS.sig":""#);
        codec::append_base64(&STANDARD, signature, json);
        json.extend_from_slice(br#""}"#);
        Ok(())
    }
}

/// Makes a UserSig, or with `userbuf` a PrivateMapKey.
///
/// # Errors
/// [`Status::InvalidArgument`] with the name of the option that is out of its range.
pub fn sign(key: &Key, options: &SignOptions<'_>) -> Result<Zeroizing<String>> {
    pack(key, options).map(|packed| packed.text())
}

/// [`sign`], for a caller who has a place for the text.
pub(crate) fn pack(key: &Key, options: &SignOptions<'_>) -> Result<Packed> {
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
    let userbuf = options.userbuf.map(base64).transpose()?;
    let SignOptions { sdk_app_id, identifier, time_s, expire_s, compress, .. } = *options;
    let content = Content { identifier, sdk_app_id, expire_s, time_s, userbuf: userbuf.as_deref() };
    let signature = content.signature(key);
    let write_json = |json: &mut Vec<u8>| content.write_json(&signature, json);
    Packed::new(content.longest_json(), write_json, compress)
}

fn base64(userbuf: &[u8]) -> Result<String> {
    let mut text = String::new();
    let len = userbuf.len().div_ceil(3) * 4;
    text.try_reserve_exact(len).map_err(|_| Error::OUT_OF_MEMORY)?;
    STANDARD.encode_string(userbuf, &mut text);
    Ok(text)
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
    let document: Document = serde_json::from_slice(&json)
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
    let content = Content {
        identifier: &document.identifier,
        sdk_app_id,
        expire_s: document.expire_s,
        time_s: document.time_s,
        userbuf: document.userbuf.as_deref(),
    };
    let signature = STANDARD
        .decode(&document.signature)
        .map_err(|_| codec::malformed("its TLS.sig is not base64"))?;
    if !bool::from(content.signature(key).ct_eq(&signature)) {
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
            STANDARD
                .decode(&*text)
                .map_err(|_| codec::malformed("its TLS.userbuf is not base64"))?,
        ),
        None => None,
    };
    Ok(Claims {
        identifier: document.identifier,
        sdk_app_id: document.sdk_app_id,
        time_s: document.time_s,
        expire_s: document.expire_s,
        userbuf,
    })
}
