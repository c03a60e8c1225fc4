//! tc_outcome: what to answer, and what was received.

use super::boundary;
use super::error::{StatusNumber, TcError};
use super::output::{Owned, lend};
use crate::error::{Error, Result, Status};
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

/// What comes first in what C does not see: an outcome without a refusal is to have no room for one.
#[derive(Clone, Copy)]
enum Kind {
    Taken,
    Refused,
}

/// Of a request that was taken. `event` is none once the host has taken it.
#[repr(C)]
struct Taken {
    kind: Kind,
    event: Option<ParsedEvent>,
}

/// Of a request that was refused.
#[repr(C)]
struct Refused {
    kind: Kind,
    error: Error,
    reply: Reply,
    view: Option<TcError>,
}

/// If there is no memory for it, the event comes back, or nothing for a refused request.
pub(super) fn into_raw(outcome: Outcome) -> Result<*mut TcOutcome, Option<ParsedEvent>> {
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
    match event {
        Ok(event) => {
            let address = &raw const *event;
            let taken = Taken { kind: Kind::Taken, event: Some(event) };
            let handed_out = Owned::hand_out_or_return(taken, |_, _| TcOutcome {
                event: address,
                ..seen(Status::Ok, Str::from_static(Reply::OK))
            });
            handed_out.map_err(|taken| taken.event)
        }
        Err(error) => {
            let refused = Refused { kind: Kind::Refused, error, reply, view: None };
            let handed_out =
                Owned::hand_out(refused, |texts, Refused { error, reply, view, .. }| {
                    // SAFETY: they stay where they are as long as the outcome, and nobody changes them.
                    let (reply, about) =
                        unsafe { (lend(reply.with_nul()), TcError::view(error, texts)) };
                    TcOutcome { error: view.insert(about), ..seen(error.status(), reply) }
                });
            handed_out.map_err(|_| None)
        }
    }
}

// So both stand at the same place behind what C sees.
const _: () = assert!(align_of::<Taken>() == align_of::<Refused>());

/// # Safety
///
/// `outcome` came from `into_raw`.
unsafe fn kind(outcome: *mut TcOutcome) -> Kind {
    // SAFETY: the caller's promise; either kind of hidden part begins with its Kind.
    unsafe { Owned::<TcOutcome, Taken>::hidden(outcome).cast::<Kind>().read() }
}

/// Frees an outcome, with its event unless that was taken. NULL is fine.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tc_outcome_free(outcome: *mut TcOutcome) {
    if outcome.is_null() {
        return;
    }
    // Freeing memory cannot panic, so it needs no guard.
    // SAFETY: the caller hands back what tc_receiver_handle handed out, once.
    unsafe {
        match kind(outcome) {
            Kind::Taken => Owned::<TcOutcome, Taken>::free(outcome),
            Kind::Refused => Owned::<TcOutcome, Refused>::free(outcome),
        }
    }
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
        // SAFETY: the caller hands in an outcome of tc_receiver_handle that no other thread uses.
        unsafe {
            let Kind::Taken = kind(outcome) else { return std::ptr::null_mut() };
            let event = (*Owned::<TcOutcome, Taken>::hidden(outcome)).event.take();
            (*outcome).event = std::ptr::null();
            event.map_or(std::ptr::null_mut(), ParsedEvent::into_raw)
        }
    })
}
