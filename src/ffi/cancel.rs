//! tc_cancel: operations that another thread gives up.

use super::boundary;
use super::error::{StatusNumber, TcError};
use super::input;
use crate::config::{Cancel, Client};

/// Makes what another thread gives operations up by: see tc_client_with_cancel. Freed by tc_cancel_free. Never NULL.
///
/// Once requested it stays so: each operation that is to be given up on its own takes a new one.
#[unsafe(no_mangle)]
pub extern "C" fn tc_cancel_new() -> *mut Cancel {
    boundary::infallible(std::ptr::null_mut(), || Box::into_raw(Box::new(Cancel::new())))
}

/// Gives up the operations of the clients made with `cancel`, those under way and those to come: they fail with TC_ERROR_CANCELLED, and
/// what they sent may have been carried out all the same. Does not wait for them. Requesting again, or NULL, does nothing.
///
/// Any number of threads may call it at any time before tc_cancel_free. A signal handler may too: all it does is to store one atomic flag.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tc_cancel_request(cancel: *const Cancel) {
    // Nothing here can panic, and the guard against that is not safe in a signal handler.
    // SAFETY: the caller hands in NULL, or what tc_cancel_new handed out and nobody has freed.
    if let Some(cancel) = unsafe { cancel.as_ref() } {
        cancel.request();
    }
}

/// Frees it; the clients made with it may live on, and operations of theirs be under way. NULL is fine.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tc_cancel_free(cancel: *mut Cancel) {
    // SAFETY: the caller hands back what tc_cancel_new handed out, once.
    let free = || drop((!cancel.is_null()).then(|| unsafe { Box::from_raw(cancel) }));
    boundary::infallible((), free);
}

/// The same client, whose operations another thread can give up by tc_cancel_request; what could give up those of `client` still can.
///
/// An operation under way then fails with TC_ERROR_CANCELLED as soon as its wait for a name, a connection, an answer, the rate limit or the
/// next attempt notices, which is within 50 ms; it is not tried again. Each new connection takes a short thread to be made, which a
/// given-up one leaves behind for the connect timeout at most. Operations of other clients cost no more for it.
///
/// They share connections, rate limit and UserSig; it costs next to nothing, and `client`, `cancel` and `*derived` may be freed in any
/// order. `*derived` is to be freed by tc_client_free. Any number of threads may use all three.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tc_client_with_cancel(
    client: *const Client,
    cancel: *const Cancel,
    derived: *mut *mut Client,
    error: *mut *mut TcError,
) -> StatusNumber {
    let derive = || {
        // SAFETY: the caller hands in NULL, or a client and what tc_cancel_new handed out.
        let (client, cancel) =
            unsafe { (input::handle(client, "client")?, input::handle(cancel, "cancel")?) };
        Ok(Box::into_raw(Box::new(client.with_cancel(cancel))))
    };
    // SAFETY: the caller hands in NULL or places to write to.
    unsafe { boundary::result(derived, error, "derived", derive) }
}
