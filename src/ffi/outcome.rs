//! tc_outcome: what to answer, and what was received.

use super::boundary;
use super::error::{StatusNumber, TcError};
use super::output::{Owned, lend};
use crate::error::{Error, Status};
use crate::event::{Event, ParsedEvent, Str};
use crate::receiver::{CONTENT_TYPE, Outcome, Reply};

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
#[expect(clippy::large_enum_variant, reason = "a refusal is to take no allocation of its own")]
enum Parts {
    Taken(Option<ParsedEvent>),
    Refused { error: Error, reply: Reply, view: Option<TcError> },
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
    let parts = match event {
        Ok(event) => Parts::Taken(Some(event)),
        Err(error) => Parts::Refused { error, reply, view: None },
    };
    Owned::hand_out(parts, |texts, parts| match parts {
        Parts::Taken(event) => {
            let event = event.as_ref().map_or(std::ptr::null(), |event| &raw const **event);
            TcOutcome { event, ..seen(Status::Ok, Str::from_static(Reply::OK)) }
        }
        Parts::Refused { error, reply, view } => {
            // SAFETY: `parts` stay where they are as long as the outcome, and nobody changes them.
            let (reply, about) = unsafe { (lend(reply.with_nul()), TcError::view(error, texts)) };
            TcOutcome { error: view.insert(about), ..seen(error.status(), reply) }
        }
    })
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
        if outcome.is_null() {
            return std::ptr::null_mut();
        }
        // SAFETY: the caller hands in an outcome of tc_receiver_handle that no other thread uses. Where an event may be taken, the
        // outcome leads to the event alone.
        unsafe {
            let Parts::Taken(event) = &mut *Owned::<TcOutcome, Parts>::hidden(outcome) else {
                return std::ptr::null_mut();
            };
            (*outcome).event = std::ptr::null();
            event.take().map_or(std::ptr::null_mut(), ParsedEvent::into_raw)
        }
    })
}
