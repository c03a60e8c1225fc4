//! tc_receiver_options.

use std::ffi::c_char;

use super::boundary;
use super::draft::Draft;
use super::input;
use crate::error::Result;
use crate::receiver::Options;

/// What a receiver is to be like. One thread at a time may use it.
pub struct ReceiverOptions(Draft<Options>);

impl ReceiverOptions {
    /// The options, unless a setter was given something wrong.
    pub(super) fn checked(&self) -> Result<Options> {
        self.0.checked()
    }
}

/// # Safety
///
/// `options` is NULL, or came from `tc_receiver_options_new` and no other thread uses it.
unsafe fn set(
    options: *mut ReceiverOptions,
    setter: &str,
    body: impl FnOnce(&mut Options) -> Result<()>,
) {
    // SAFETY: the caller's promise.
    let options = unsafe { options.as_mut() };
    Draft::set(options.map(|options| &mut options.0), setter, body);
}

/// Makes options for the callbacks of an SDKAppID: without a token, and with the defaults that the setters name. Freed by
/// tc_receiver_options_free. Never NULL.
///
/// Setters return nothing: what one was given that cannot be used is reported by tc_receiver_new, which names the setter.
/// Texts are copied. A setter whose `options` is NULL does nothing.
#[unsafe(no_mangle)]
pub extern "C" fn tc_receiver_options_new(sdk_app_id: u32) -> *mut ReceiverOptions {
    boundary::infallible(std::ptr::null_mut(), || {
        Box::into_raw(Box::new(ReceiverOptions(Draft::new(Options::new(sdk_app_id)))))
    })
}

/// Frees options and clears the tokens in them. NULL is fine.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tc_receiver_options_free(options: *mut ReceiverOptions) {
    // SAFETY: the caller hands back what tc_receiver_options_new handed out, once.
    let free = || drop((!options.is_null()).then(|| unsafe { Box::from_raw(options) }));
    boundary::infallible((), free);
}

/// Asks for a Sign that was made with this token, or with another that is added: two at once while a token is replaced. An empty
/// one is refused. Without any token Sign is not asked for, and whoever can reach the URL can post events.
///
/// Sign does not cover the body: serve the URL over HTTPS. <https://trtc.io/document/34354>
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tc_receiver_options_add_token(
    options: *mut ReceiverOptions,
    token: *const c_char,
) {
    // SAFETY: the caller hands in NULL, or options of one thread and a NUL-terminated text.
    unsafe {
        set(options, "tc_receiver_options_add_token", |options| {
            options.add_token(input::text(token, "token")?);
            Ok(())
        });
    }
}

/// How far RequestTime may be from the clock: seconds. Default 60, the vendor's own figure.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tc_receiver_options_set_sign_tolerance_s(
    options: *mut ReceiverOptions,
    tolerance_s: u32,
) {
    // SAFETY: the caller hands in NULL or options of one thread.
    unsafe {
        set(options, "tc_receiver_options_set_sign_tolerance_s", |options| {
            options.set_sign_tolerance_s(tolerance_s);
            Ok(())
        });
    }
}

/// The largest body that is looked at: bytes. Default 1048576 (1 MiB).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tc_receiver_options_set_max_body_bytes(
    options: *mut ReceiverOptions,
    max_body_bytes: usize,
) {
    // SAFETY: the caller hands in NULL or options of one thread.
    unsafe {
        set(options, "tc_receiver_options_set_max_body_bytes", |options| {
            options.limits_mut().max_body_bytes = max_body_bytes;
            Ok(())
        });
    }
}

/// How deep objects and arrays may be nested: levels, at most 256. Default 127.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tc_receiver_options_set_max_depth(
    options: *mut ReceiverOptions,
    max_depth: usize,
) {
    // SAFETY: the caller hands in NULL or options of one thread.
    unsafe {
        set(options, "tc_receiver_options_set_max_depth", |options| {
            options.limits_mut().max_depth = max_depth;
            Ok(())
        });
    }
}

/// How many elements all lists of an event may have together, whatever they are. Default 65536.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tc_receiver_options_set_max_elements(
    options: *mut ReceiverOptions,
    max_elements: usize,
) {
    // SAFETY: the caller hands in NULL or options of one thread.
    unsafe {
        set(options, "tc_receiver_options_set_max_elements", |options| {
            options.limits_mut().max_elements = max_elements;
            Ok(())
        });
    }
}

/// How many events are remembered, and for how many seconds after they were taken, so that copies of them are not handled again.
/// Default 10000 and 600, which take about 2 MB. Events that are being handled count, and are never forgotten: a receiver that is full
/// of them answers 503 to the next. 0 of either: nothing is claimed, and every event is TC_DELIVERY_NEW, also while a copy is handled.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tc_receiver_options_set_duplicate_window(
    options: *mut ReceiverOptions,
    count: usize,
    seconds: u32,
) {
    // SAFETY: the caller hands in NULL or options of one thread.
    unsafe {
        set(options, "tc_receiver_options_set_duplicate_window", |options| {
            options.set_duplicate_window(count, seconds);
            Ok(())
        });
    }
}
