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
mod key;
mod room;
mod wiped;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use crate::error::{Error, Result, Status};

pub(crate) use codec::Packed;
pub use key::Key;
use key::KeyText;
pub use room::{Privilege, Room, private_map_key_userbuf};
pub(crate) use wiped::Wiped;

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
    userbuf: Option<&'a [u8]>,
}

impl Content<'_> {
    /// Appends what is signed. A line end in the identifier would let one text mean two documents.
    fn write(&self, bytes: &mut Vec<u8>) {
        bytes.extend_from_slice(b"TLS.identifier:");
        bytes.extend_from_slice(self.identifier.as_bytes());
        bytes.extend_from_slice(b"\nTLS.sdkappid:");
        bytes.extend_from_slice(itoa::Buffer::new().format(self.sdk_app_id).as_bytes());
        bytes.extend_from_slice(b"\nTLS.time:");
        bytes.extend_from_slice(itoa::Buffer::new().format(self.time_s).as_bytes());
        bytes.extend_from_slice(b"\nTLS.expire:");
        bytes.extend_from_slice(itoa::Buffer::new().format(self.expire_s).as_bytes());
        bytes.push(b'\n');
        if let Some(userbuf) = self.userbuf {
            bytes.extend_from_slice(b"TLS.userbuf:");
            bytes.extend_from_slice(userbuf);
            bytes.push(b'\n');
        }
    }

    /// Room for what is signed; and, once that is gone, for the stream with the JSON, where quotes and backslashes take two bytes.
    fn room(&self) -> Result<Wiped> {
        const ALL_ELSE: usize = 256;
        let texts_len = 2 * self.identifier.len() + self.userbuf.map_or(0, <[u8]>::len);
        Wiped::with_capacity(codec::AROUND_JSON + ALL_ELSE + texts_len)
    }

    /// Appends the JSON, in the key order of Tencent's Go library.
    fn write_json(&self, signature: &[u8; 32], json: &mut Vec<u8>) -> Result<()> {
        json.extend_from_slice(br#"{"TLS.ver":"2.0","TLS.identifier":"#);
        serde_json::to_writer(&mut *json, self.identifier)
            .map_err(|error| codec::cannot_be_made(&error))?;
        json.extend_from_slice(br#","TLS.sdkappid":"#);
        json.extend_from_slice(itoa::Buffer::new().format(self.sdk_app_id).as_bytes());
        json.extend_from_slice(br#","TLS.expire":"#);
        json.extend_from_slice(itoa::Buffer::new().format(self.expire_s).as_bytes());
        json.extend_from_slice(br#","TLS.time":"#);
        json.extend_from_slice(itoa::Buffer::new().format(self.time_s).as_bytes());
        if let Some(userbuf) = self.userbuf {
            json.extend_from_slice(br#","TLS.userbuf":""#);
            json.extend_from_slice(userbuf);
            json.push(b'"');
        }
        json.extend_from_slice(br#","TLS.sig":""#);
        codec::append_base64(signature, b'=', json)?;
        json.extend_from_slice(br#""}"#);
        Ok(())
    }
}

/// Makes a UserSig, or with `userbuf` a PrivateMapKey.
///
/// # Errors
/// [`Status::InvalidArgument`] with the name of the option that is out of its range.
pub fn sign(key: &Key, options: &SignOptions<'_>) -> Result<Zeroizing<String>> {
    pack(options, |content| Ok(key.signature(content)))?.text()
}

/// [`sign`], for a caller who has a key only for this and a place for the text.
pub(crate) fn sign_once(key: &str, options: &SignOptions<'_>) -> Result<Packed> {
    let key = KeyText::new(key.as_bytes())?;
    pack(options, |content| key.signature(content))
}

fn pack(options: &SignOptions<'_>, sign: impl FnOnce(&[u8]) -> Result<[u8; 32]>) -> Result<Packed> {
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
    let userbuf = options.userbuf.map(codec::base64).transpose()?;
    let SignOptions { sdk_app_id, identifier, time_s, expire_s, compress, .. } = *options;
    let content = Content { identifier, sdk_app_id, expire_s, time_s, userbuf: userbuf.as_deref() };
    let mut bytes = content.room()?;
    content.write(&mut bytes);
    let signature = sign(&bytes)?;
    bytes.clear();
    Packed::new(bytes, |json| content.write_json(&signature, json), compress)
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
        userbuf: document.userbuf.as_deref().map(str::as_bytes),
    };
    let signature = STANDARD
        .decode(&document.signature)
        .map_err(|_| codec::malformed("its TLS.sig is not base64"))?;
    let mut signed = content.room()?;
    content.write(&mut signed);
    if !bool::from(key.signature(&signed).ct_eq(&signature)) {
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
