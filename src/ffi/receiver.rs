//! tc_receiver and tc_request.

use std::ffi::c_char;

use super::boundary;
use super::error::{StatusNumber, TcError};
use super::input;
use super::outcome::{self, TcOutcome};
use super::receiver_options::ReceiverOptions;
use crate::error::{Error, Result};
use crate::event::DuplicateKey;
use crate::receiver::{Receiver, Request};

/// A request as the host's HTTP server received it. Filled by the caller, who sets it to zero first.
#[repr(C)]
pub struct TcRequest {
    /// sizeof(tc_request), so that later fields can be told from memory that is not there.
    pub struct_size: usize,
    /// The URL's query as received, percent-encoded; with its '?', or a whole path, if that is what the server gives. Not
    /// NUL-terminated. NULL is fine for none.
    pub query: *const c_char,
    /// Bytes of `query`.
    pub query_len: usize,
    /// The raw bytes of the body: not what a framework made of them.
    pub body: *const c_char,
    /// Bytes of `body`.
    pub body_len: usize,
    /// The time, in seconds since 1970; 0 reads the system's clock.
    pub now_s: i64,
}

/// Makes a receiver. `options` is copied: it may be changed, used again or freed after that.
///
/// `*receiver` is to be freed by tc_receiver_free. Errors: TC_ERROR_INVALID_OPTION, whose message names the setter.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tc_receiver_new(
    options: *const ReceiverOptions,
    receiver: *mut *mut Receiver,
    error: *mut *mut TcError,
) -> StatusNumber {
    let make = || {
        // SAFETY: the caller hands in NULL or options that nobody changes meanwhile.
        let options = unsafe { input::handle(options, "options") }?;
        Ok(Box::into_raw(Box::new(Receiver::new(options.checked()?)?)))
    };
    // SAFETY: the caller hands in NULL or places to write to.
    unsafe { boundary::result(receiver, error, "receiver", make) }
}

/// Frees a receiver and clears its tokens. NULL is fine. No other thread may be inside a call on it. Outcomes and events live on.
/// In a child of fork, what the parent's threads were using stays allocated.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tc_receiver_free(receiver: *mut Receiver) {
    // SAFETY: the caller hands back what tc_receiver_new handed out, once.
    let free = || drop((!receiver.is_null()).then(|| unsafe { Box::from_raw(receiver) }));
    boundary::infallible((), free);
}

/// Takes a request: checks size, query, SDKAppID, Sign and RequestTime, parses, looks for duplicates, in this order.
///
/// TC_OK means that there is an outcome, which says what to answer, also for a request that is refused: the outcome's own
/// `status` tells. `request` is read during the call only. `*outcome` is to be freed by tc_outcome_free. Does no I/O and does
/// not wait. Any number of threads may use one receiver.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tc_receiver_handle(
    receiver: *const Receiver,
    request: *const TcRequest,
    outcome: *mut *mut TcOutcome,
    error: *mut *mut TcError,
) -> StatusNumber {
    let handle = || {
        // SAFETY: the caller hands in NULL, or a receiver, and a request whose pointers and lengths belong together.
        let (receiver, request) =
            unsafe { (input::handle(receiver, "receiver")?, checked_request(request)?) };
        let taken = receiver.handle(&request);
        let is_new = !taken.is_duplicate;
        outcome::into_raw(taken).map_err(|event| {
            // The host never sees it, so the vendor's next delivery is the first.
            let key = event.as_ref().and_then(|event| event.duplicate_key());
            key.filter(|_| is_new).inspect(|key| receiver.forget(*key));
            Error::OUT_OF_MEMORY
        })
    };
    // SAFETY: the caller hands in NULL or places to write to.
    unsafe { boundary::result(outcome, error, "outcome", handle) }
}

/// # Safety
///
/// `request` is NULL, or leads to `struct_size` bytes whose pointers and lengths belong together.
unsafe fn checked_request<'a>(request: *const TcRequest) -> Result<Request<'a>> {
    // SAFETY: the caller's promise.
    unsafe {
        input::check_size(request, "request", "tc_request")?;
        let request = input::handle(request, "request")?;
        Ok(Request {
            query: input::bytes(request.query, request.query_len, "request.query")?,
            body: input::bytes(request.body, request.body_len, "request.body")?,
            now_s: (request.now_s != 0).then_some(request.now_s),
        })
    }
}

/// Forgets that the event with this duplicate key has been delivered, for a host that could not take it and answers with an error: if
/// the vendor delivers it again, it is then not marked as a duplicate.
///
/// The key is that of tc_event_duplicate_key; it is no error if it is NULL or unknown. Any number of threads may use one receiver.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tc_receiver_forget(
    receiver: *const Receiver,
    duplicate_key: *const c_char,
    duplicate_key_len: usize,
    error: *mut *mut TcError,
) -> StatusNumber {
    let forget = || {
        // SAFETY: the caller hands in NULL, or a receiver, and bytes with their length.
        let (receiver, key) = unsafe {
            (
                input::handle(receiver, "receiver")?,
                input::bytes(duplicate_key, duplicate_key_len, "duplicate_key")?,
            )
        };
        DuplicateKey::from_digits(key).inspect(|key| receiver.forget(*key));
        Ok(())
    };
    // SAFETY: the caller hands in NULL or a place to write to.
    unsafe { boundary::status(error, forget) }
}
