//! tc_event: parse and free.

use std::ffi::c_char;

use super::boundary;
use super::error::{StatusNumber, TcError};
use super::input;
use crate::event::{self, Event, Limits, ParsedEvent};

/// Parses a callback without checking who sent it; tc_receiver_handle does both. The default limits of tc_receiver_options apply.
///
/// `query` is the URL's query as received (or a whole path, or nothing), `body` the raw bytes of the body. Both are copied.
/// `*event` is to be freed by tc_event_free; it is NULL if the call fails.
///
/// Errors: TC_MALFORMED_JSON and TC_NOT_A_CALLBACK with `offset`, TC_MALFORMED_QUERY, TC_TOO_LARGE, TC_TOO_DEEP,
/// TC_TOO_MANY_ELEMENTS, TC_OUT_OF_MEMORY. Any thread may call it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tc_parse_event(
    query: *const c_char,
    query_len: usize,
    body: *const c_char,
    body_len: usize,
    event: *mut *mut Event,
    error: *mut *mut TcError,
) -> StatusNumber {
    let parse = || {
        // SAFETY: the caller hands in pointers and lengths that belong together.
        let (query, body) = unsafe {
            (input::bytes(query, query_len, "query")?, input::bytes(body, body_len, "body")?)
        };
        #[cfg(tc_provoke_panic)]
        boundary::provoke(body);
        event::parse(query, body, &Limits::default()).map(ParsedEvent::into_raw)
    };
    // SAFETY: the caller hands in NULL or places to write to.
    unsafe { boundary::result(event, error, "event", parse) }
}

/// Frees an event. NULL is fine. An event that came in a tc_outcome is freed with that instead.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tc_event_free(event: *mut Event) {
    // SAFETY: the caller hands back what tc_parse_event or tc_outcome_take_event handed out, once.
    boundary::infallible((), || drop(unsafe { ParsedEvent::from_raw(event) }));
}
