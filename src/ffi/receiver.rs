//! tc_receiver and tc_request.

use std::ffi::c_char;
use std::mem::offset_of;

use super::boundary;
use super::error::{StatusNumber, TcError};
use super::input::{self, CallerFilled};
use super::outcome::{self, TcOutcome};
use super::receiver_options::ReceiverOptions;
use crate::error::Result;
use crate::receiver::{Receiver, Request};

/// A request as the host's HTTP server received it. Filled by the caller, who sets it to zero first.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct TcRequest {
    /// sizeof(tc_request) of the header that the caller is compiled with.
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

// SAFETY: repr(C), the size first, and pointers and numbers after it.
unsafe impl CallerFilled for TcRequest {
    const NAME: &str = "tc_request";
    const SMALLEST: usize = offset_of!(TcRequest, now_s) + size_of::<i64>();
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

/// Takes a request: checks size, query, SDKAppID, Sign and RequestTime, parses, and claims the event, in this order.
///
/// TC_OK means that there is an outcome, also for a request that is rejected: its `delivery` says whether the event is to be handled,
/// its `http_status` and `reply` what to answer. An event that is TC_DELIVERY_NEW belongs to this request until the outcome is settled
/// by tc_outcome_settle or freed; copies of it that arrive meanwhile are TC_DELIVERY_BUSY. An event without a key (see
/// tc_event_duplicate_key) is always new.
///
/// `request` is read during the call only. `*outcome` is to be freed by tc_outcome_free. Does no I/O and does not wait. Any number of
/// threads may use one receiver. After fork a child claims for itself, and does not know what its parent claims.
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
        outcome::into_raw(receiver.handle(&request))
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
        let request = input::filled(request, "request")?;
        Ok(Request {
            query: input::bytes(request.query, request.query_len, "request.query")?,
            body: input::bytes(request.body, request.body_len, "request.body")?,
            now_s: (request.now_s != 0).then_some(request.now_s),
        })
    }
}
