//! tc_outcome: what to answer, and what was received.

use super::boundary;
use super::error::{StatusNumber, TcError};
use super::input;
use super::output::{Owned, lend};
use crate::error::{Result, Status};
use crate::event::{Event, ParsedEvent, Str};
use crate::receiver::{CONTENT_TYPE, Handling, Outcome, Reply, Settlement};

/// What to answer to a request, and what was received. Freed by tc_outcome_free. Only tc_outcome_settle changes it.
#[repr(C)]
pub struct TcOutcome {
    /// TC_OK, or why the request was rejected.
    pub status: StatusNumber,
    /// HTTP status to answer with: 200, 400, 403, 413, 500 or 503.
    pub http_status: i32,
    /// JSON to answer with.
    pub reply: Str,
    /// Content-Type to answer with.
    pub content_type: Str,
    /// TC_DELIVERY_*: whether the event is to be handled.
    pub delivery: i32,
    /// The event; NULL if the request was rejected. Lives as long as the outcome.
    pub event: *const Event,
    /// Why the request was rejected; NULL if it was not. Lives as long as the outcome.
    pub error: *const TcError,
}

/// What C does not see.
pub(super) struct Hidden {
    event: Result<ParsedEvent>,
    reply: Reply,
    /// The error of `event`, as C sees it.
    view: Option<TcError>,
    handling: Handling,
}

/// If there is no memory for it, the event is released.
pub(super) fn into_raw(outcome: Outcome) -> Result<*mut TcOutcome> {
    let Outcome { http_status, reply, event, handling } = outcome;
    let delivery = handling.delivery() as i32;
    Owned::hand_out(Hidden { event, reply, view: None, handling }, |texts, hidden| {
        let (event, error, status) = match &hidden.event {
            Ok(event) => (&raw const **event, std::ptr::null(), Status::Ok),
            Err(error) => {
                // SAFETY: the error stays where it is as long as the outcome, and never changes.
                let view = hidden.view.insert(unsafe { TcError::view(error, texts) });
                (std::ptr::null(), &raw const *view, error.status())
            }
        };
        TcOutcome {
            status: status as StatusNumber,
            http_status: i32::from(http_status),
            // SAFETY: so does the reply; one that changes with a settlement points at static memory.
            reply: unsafe { lend(hidden.reply.with_nul()) },
            content_type: Str::from_static(CONTENT_TYPE),
            delivery,
            event,
            error,
        }
    })
}

/// Reports what became of a new event, which decides the answer: `http_status` is 200 after TC_TAKEN, 503 after TC_REFUSED and
/// TC_UNKNOWN, and `reply` goes with it. After TC_UNKNOWN the outcome may be settled once more, when the result is known.
///
/// It may be called from another thread than tc_receiver_handle, and after the answer has been sent, but by one thread at a time: not
/// while another settles or frees the same outcome or reads its `http_status` or `reply`. Whoever answers while a handler is still at
/// work answers with the 503 that it read before it gave the outcome away. The receiver may be freed before.
///
/// Errors: TC_ERROR_INVALID_ARGUMENT if `delivery` is not TC_DELIVERY_NEW, if `settlement` is none of TC_TAKEN, TC_REFUSED and
/// TC_UNKNOWN, if the outcome was settled otherwise, or if its event has a key and the process forked from the one that received it.
/// The outcome has not changed then.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tc_outcome_settle(
    outcome: *mut TcOutcome,
    settlement: i32,
    error: *mut *mut TcError,
) -> StatusNumber {
    let settle = || {
        let kinds = [Settlement::Taken, Settlement::Refused, Settlement::Unknown];
        let found = kinds.into_iter().find(|kind| *kind as i32 == settlement);
        let settlement = input::number(found, settlement, "settlement", "tc_settlement")?;
        if outcome.is_null() {
            return Err(input::null("outcome"));
        }
        // SAFETY: the caller hands in an outcome of tc_receiver_handle that no other thread changes. Nothing that C sees points at
        // its `handling`.
        let handling = unsafe { &mut (*Owned::<TcOutcome, Hidden>::hidden(outcome)).handling };
        handling.settle(settlement)?;
        let (http_status, reply) = handling.answer();
        // SAFETY: as above; a reply to an event that was not rejected is static.
        unsafe {
            (*outcome).http_status = i32::from(http_status);
            (*outcome).reply = lend(reply.with_nul());
        }
        Ok(())
    };
    // SAFETY: the caller hands in NULL or a pointer that may be written to.
    unsafe { boundary::status(error, settle) }
}

/// Frees an outcome with its event. NULL is fine. A new event that was not settled is released: the next copy of it is new. In a child
/// of fork the parent's claim is left alone.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tc_outcome_free(outcome: *mut TcOutcome) {
    // SAFETY: the caller hands back what tc_receiver_handle handed out, once.
    boundary::infallible((), || unsafe { Owned::<TcOutcome, Hidden>::free(outcome) });
}
