//! tc_outcome: what to answer, and what was received.

use super::boundary;
use super::error::{StatusNumber, TcError};
use super::output::Owned;
use crate::error::Status;
use crate::event::{Event, ParsedEvent, Str};
use crate::receiver::{CONTENT_TYPE, OK, Outcome};

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
    error: Option<TcError>,
}

pub(super) fn into_raw(outcome: Outcome) -> *mut TcOutcome {
    let Outcome { http_status, reply, is_duplicate, event } = outcome;
    let seen = |status: Status, reply| TcOutcome {
        status: status as StatusNumber,
        http_status: i32::from(http_status),
        reply,
        content_type: Str::from_static(CONTENT_TYPE),
        is_duplicate: i32::from(is_duplicate),
        event: std::ptr::null(),
        error: std::ptr::null(),
    };
    let error = match event {
        Ok(event) => {
            let address = &raw const *event;
            let parts = Parts { event: Some(event), error: None };
            let seen = TcOutcome { event: address, ..seen(Status::Ok, Str::from_static(OK)) };
            return Owned::hand_out(parts, |_, _| seen);
        }
        Err(error) => error,
    };
    let mut view = None;
    let outcome = Owned::hand_out(Parts { event: None, error: None }, |texts, _| {
        view = Some(TcError::view(&error, texts));
        seen(error.status(), texts.keep(&reply))
    });
    // SAFETY: it was made just now.
    let owned = unsafe { Owned::<TcOutcome, Parts>::parts(outcome) };
    if let (Some((seen, parts)), Some(view)) = (owned, view) {
        seen.error = parts.error.insert(view);
    }
    outcome
}

/// Frees an outcome, with its event unless that was taken. NULL is fine.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tc_outcome_free(outcome: *mut TcOutcome) {
    // Freeing memory cannot panic, so it needs no guard.
    // SAFETY: the caller hands back what tc_receiver_handle handed out, once.
    unsafe { Owned::<TcOutcome, Parts>::free(outcome) }
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
