//! tc_usersig: sign and verify.

use std::ffi::c_char;
use std::ptr::NonNull;

use super::boundary;
use super::error::{StatusNumber, TcError};
use super::input;
use super::output::Owned;
use crate::error::{Error, Result, Status};
use crate::event::Str;
use crate::usersig::{self, Claims, Key, Room, SignOptions, Wiped, private_map_key_userbuf};

/// A UserSig and what it says. Read-only; freed, and cleared, by tc_usersig_free.
#[repr(C)]
pub struct TcUserSig {
    /// The UserSig itself: a secret while it is valid.
    pub text: Str,
    /// UserID that it is for.
    pub identifier: Str,
    /// SDKAppID that it is for.
    pub sdk_app_id: u32,
    /// When it was signed: seconds since 1970.
    pub time_s: i64,
    /// How long it is valid from then on: seconds.
    pub expire_s: i64,
    /// Its userbuf; NULL if it has none. Bytes, not text.
    pub userbuf: *const u8,
    /// Bytes of `userbuf`.
    pub userbuf_len: usize,
}

/// `append_text` appends the UserSig, which has `len` bytes.
fn into_raw(
    len: usize,
    append_text: impl FnOnce(&mut Vec<u8>) -> Result<()>,
    claims: &SignOptions<'_>,
) -> Result<*mut TcUserSig> {
    let identifier = claims.identifier.as_bytes();
    let userbuf = claims.userbuf.unwrap_or_default();
    let mut bytes = Wiped::with_capacity(len + 1 + identifier.len() + 1 + userbuf.len())?;
    append_text(&mut bytes)?;
    for more in [b"\0", identifier, b"\0", userbuf] {
        bytes.extend_from_slice(more);
    }
    Owned::hand_out(bytes, |_, bytes| {
        let (text_at, rest) = bytes.split_at(len + 1);
        let (identifier_at, userbuf_at) = rest.split_at(identifier.len() + 1);
        // SAFETY: each is the bytes of a str and a NUL. `Owned` keeps them, unchanged, as long as the struct.
        let (text, identifier) = unsafe {
            (
                Str::new(NonNull::from(text_at).cast(), len),
                Str::new(NonNull::from(identifier_at).cast(), identifier.len()),
            )
        };
        TcUserSig {
            text,
            identifier,
            sdk_app_id: claims.sdk_app_id,
            time_s: seconds(claims.time_s),
            expire_s: seconds(claims.expire_s),
            userbuf: claims.userbuf.map_or(std::ptr::null(), |_| userbuf_at.as_ptr()),
            userbuf_len: userbuf.len(),
        }
    })
}

fn seconds(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}

fn since_1970(value: i64, name: &str) -> Result<u64> {
    u64::try_from(value)
        .map_err(|_| Error::new(Status::InvalidArgument, format!("{name} is negative")))
}

/// Signs a UserSig, by which a user's client or the REST API proves who it is.
///
/// `key` is the application's SecretKey, `identifier` the UserID, `now_s` the time in seconds since 1970, `expire_s` how long the
/// UserSig is valid from then on. `userbuf` may be NULL. `*usersig` is to be freed by tc_usersig_free.
/// Errors: TC_ERROR_INVALID_ARGUMENT. Any thread may call it.
///
/// <https://trtc.io/document/34385>
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tc_usersig_sign(
    sdk_app_id: u32,
    key: *const c_char,
    identifier: *const c_char,
    now_s: i64,
    expire_s: i64,
    userbuf: *const u8,
    userbuf_len: usize,
    usersig: *mut *mut TcUserSig,
    error: *mut *mut TcError,
) -> StatusNumber {
    let sign = || {
        // SAFETY: the caller hands in NULL, NUL-terminated texts, and bytes with their length.
        let (key, identifier, userbuf_bytes) = unsafe {
            (
                input::text(key, "key")?,
                input::text(identifier, "identifier")?,
                input::bytes(userbuf.cast(), userbuf_len, "userbuf")?,
            )
        };
        let userbuf = (!userbuf.is_null()).then_some(userbuf_bytes);
        sign(sdk_app_id, key, identifier, now_s, expire_s, userbuf)
    };
    // SAFETY: the caller hands in NULL or places to write to.
    unsafe { boundary::result(usersig, error, "usersig", sign) }
}

fn sign(
    sdk_app_id: u32,
    key: &str,
    identifier: &str,
    now_s: i64,
    expire_s: i64,
    userbuf: Option<&[u8]>,
) -> Result<*mut TcUserSig> {
    let (time_s, expire_s) = (since_1970(now_s, "now_s")?, since_1970(expire_s, "expire_s")?);
    let options =
        SignOptions { userbuf, ..SignOptions::new(sdk_app_id, identifier, time_s, expire_s) };
    let packed = usersig::sign_once(key, &options)?;
    into_raw(packed.text_len(), |bytes| packed.append_text_to(bytes), &options)
}

/// Signs a PrivateMapKey: a UserSig that lets its user do no more than `privileges` (TC_PRIVILEGE_*, added up) in one room.
///
/// The room is `room_text` if that is not NULL, otherwise the number `room_number`. The rest is as for tc_usersig_sign.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tc_usersig_sign_private_map_key(
    sdk_app_id: u32,
    key: *const c_char,
    identifier: *const c_char,
    now_s: i64,
    expire_s: i64,
    room_number: u32,
    room_text: *const c_char,
    privileges: u32,
    usersig: *mut *mut TcUserSig,
    error: *mut *mut TcError,
) -> StatusNumber {
    let sign = || {
        // SAFETY: the caller hands in NULL or NUL-terminated texts.
        let (key, identifier, room) = unsafe {
            let room = match room_text.is_null() {
                true => Room::Number(room_number),
                false => Room::Text(input::text(room_text, "room_text")?),
            };
            (input::text(key, "key")?, input::text(identifier, "identifier")?, room)
        };
        let expires_at_s = now_s.checked_add(expire_s).and_then(|time| u32::try_from(time).ok());
        let expires_at_s = expires_at_s.ok_or_else(|| {
            let message = "now_s + expire_s does not fit into the 32 bits of a PrivateMapKey";
            Error::new(Status::InvalidArgument, message)
        })?;
        let userbuf =
            private_map_key_userbuf(sdk_app_id, identifier, room, expires_at_s, privileges)?;
        sign(sdk_app_id, key, identifier, now_s, expire_s, Some(&userbuf))
    };
    // SAFETY: the caller hands in NULL or places to write to.
    unsafe { boundary::result(usersig, error, "usersig", sign) }
}

/// Verifies a UserSig: that it was signed with this key for this application, that it has not expired at `now_s` (seconds since
/// 1970), and, unless `identifier` is NULL, that it is for this UserID.
///
/// `*verified` is to be freed by tc_usersig_free. Errors: TC_ERROR_MALFORMED_USER_SIG, TC_ERROR_EXPIRED_USER_SIG,
/// TC_ERROR_USER_SIG_MISMATCH, TC_ERROR_FORGED_USER_SIG. Any thread may call it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tc_usersig_verify(
    sdk_app_id: u32,
    key: *const c_char,
    identifier: *const c_char,
    text: *const c_char,
    now_s: i64,
    verified: *mut *mut TcUserSig,
    error: *mut *mut TcError,
) -> StatusNumber {
    let verify = || {
        // SAFETY: the caller hands in NULL or NUL-terminated texts.
        let (key, text, identifier) = unsafe {
            let identifier = match identifier.is_null() {
                true => None,
                false => Some(input::text(identifier, "identifier")?),
            };
            (input::text(key, "key")?, input::text(text, "text")?, identifier)
        };
        let now_s = since_1970(now_s, "now_s")?;
        let claims = usersig::verify(&Key::new(key)?, sdk_app_id, identifier, text, now_s)?;
        let Claims { identifier, sdk_app_id, time_s, expire_s, userbuf } = &claims;
        let options = SignOptions::new(*sdk_app_id, identifier, *time_s, *expire_s);
        let claims = SignOptions { userbuf: userbuf.as_deref(), ..options };
        let append_text = |bytes: &mut Vec<u8>| {
            bytes.extend_from_slice(text.as_bytes());
            Ok(())
        };
        into_raw(text.len(), append_text, &claims)
    };
    // SAFETY: the caller hands in NULL or places to write to.
    unsafe { boundary::result(verified, error, "verified", verify) }
}

/// Frees a UserSig and clears its memory. NULL is fine.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tc_usersig_free(usersig: *mut TcUserSig) {
    // SAFETY: the caller hands back what tc_usersig_sign or one of its siblings handed out, once.
    boundary::infallible((), || unsafe { Owned::<TcUserSig, Wiped>::free(usersig) });
}
