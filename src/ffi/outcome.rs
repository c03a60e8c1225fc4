//! tc_outcome: what to answer, and what was received.

use super::boundary;
use super::error::{StatusNumber, TcError};
use super::output::{Owned, Texts};
use crate::error::Status;
use crate::event::{Event, ParsedEvent, Str};
use crate::receiver::{CONTENT_TYPE, Outcome};

/// What to answer to a request, and what was received. Freed by tc_outcome_free.
#[repr(C)]
pub struct TcOutcome {
    /// TC_OK, or why the request was refused.
    pub status: StatusNumber,
    /// HTTP status to answer with: 200, 400, 403, 413 or 500.
    pub http_status: i32,
    /// JSON to answer with.
    pub reply: Str,
    /// Content-Type to answer with.
    pub content_type: Str,
    /// Whether this callback has been delivered before: 1 or 0. It is answered alike.
    pub is_duplicate: i32,
    /// The event; NULL if the request was refused. Lives as long as the outcome.
    pub event: *const Event,
    /// Why the request was refused; NULL if it was not. Lives as long as the outcome.
    pub error: *const TcError,
}

/// What an outcome points at.
struct Parts {
    event: Option<ParsedEvent>,
    error: Option<(Box<TcError>, Texts)>,
}

pub(super) fn into_raw(outcome: Outcome) -> *mut TcOutcome {
    let Outcome { http_status, reply, is_duplicate, event } = outcome;
    let status = event.as_ref().err().map_or(Status::Ok, |error| error.status());
    let error = event.as_ref().err().map(|error| {
        let mut texts = Texts::default();
        (Box::new(TcError::view(error, &mut texts)), texts)
    });
    let parts = Parts { event: event.ok(), error };
    Owned::hand_out(parts, |texts, parts| TcOutcome {
        status: status as StatusNumber,
        http_status: i32::from(http_status),
        reply: texts.keep(&reply),
        content_type: Str::from_static(CONTENT_TYPE),
        is_duplicate: i32::from(is_duplicate),
        event: parts.event.as_ref().map_or(std::ptr::null(), |event| &raw const **event),
        error: parts.error.as_ref().map_or(std::ptr::null(), |(error, _)| &raw const **error),
    })
}

/// Frees an outcome, with its event unless that was taken. NULL is fine.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tc_outcome_free(outcome: *mut TcOutcome) {
    // SAFETY: the caller hands back what tc_receiver_handle handed out, once.
    boundary::infallible((), || unsafe { Owned::<TcOutcome, Parts>::free(outcome) });
}

/// Takes the event out of an outcome, to keep it after the answer has been sent: `event` of the outcome is NULL from then on, and
/// what is returned is to be freed by tc_event_free. NULL if there is none or `outcome` is NULL. Not while another thread uses the
/// outcome.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tc_outcome_take_event(outcome: *mut TcOutcome) -> *mut Event {
    boundary::infallible(std::ptr::null_mut(), || {
        // SAFETY: the caller hands in NULL or an outcome of tc_receiver_handle that no other thread uses.
        let owned = unsafe { Owned::<TcOutcome, Parts>::parts(outcome) };
        let Some((seen, parts)) = owned else { return std::ptr::null_mut() };
        seen.event = std::ptr::null();
        parts.event.take().map_or(std::ptr::null_mut(), ParsedEvent::into_raw)
    })
}
