//! Whether an event is to be handled, and what became of it.

use super::claims::{Claim, delivery::Settlement};
use super::reply::Reply;
use crate::error::{Error, Message, Result, Status};

/// Whether an event is to be handled.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Delivery {
    /// The event is this request's to handle: hand it over, settle the outcome, then answer. Until it is settled the answer is 503.
    New = 1,
    /// Somebody has the event from an earlier request: answer with 200, nothing to do.
    Done = 2,
    /// Another request is handling the event, or the receiver is full of events that are being handled: answer with 503, nothing to
    /// do.
    Busy = 3,
    /// The request is forged or malformed: answer with its error, nothing to do.
    Rejected = 4,
}

/// The handling of one event.
#[derive(Debug)]
pub(crate) struct Handling {
    delivery: Delivery,
    /// Absent if there is nothing to handle, or if the event has no key.
    claim: Option<Claim>,
    settlement: Option<Settlement>,
}

impl Handling {
    /// Of an event that this request claimed.
    pub(super) fn of(claim: Claim) -> Handling {
        Handling { delivery: Delivery::New, claim: Some(claim), settlement: None }
    }

    /// Of one without a claim.
    pub(super) fn nothing(delivery: Delivery) -> Handling {
        Handling { delivery, claim: None, settlement: None }
    }

    pub(crate) fn delivery(&self) -> Delivery {
        self.delivery
    }

    /// HTTP status and body of the answer to a request that was not rejected.
    pub(crate) fn answer(&self) -> (u16, Reply) {
        match (self.delivery, self.settlement) {
            (Delivery::Done, _) | (_, Some(Settlement::Taken)) => (200, Reply::OK),
            (Delivery::Busy, _) => (503, Reply::BUSY),
            _ => (503, Reply::NOT_TAKEN),
        }
    }

    /// See [`super::Outcome::settle`].
    pub(crate) fn settle(&mut self, settlement: Settlement) -> Result<()> {
        let refuse = |message| Err(Error::new(Status::InvalidArgument, Message::from(message)));
        match (self.delivery, self.settlement) {
            (Delivery::New, None | Some(Settlement::Unknown)) => {}
            (Delivery::New, Some(settled)) if settled == settlement => return Ok(()),
            (Delivery::New, Some(settled)) => {
                return refuse(format_args!(
                    "the outcome is settled as {settled:?} and cannot become {settlement:?}"
                ));
            }
            (delivery, _) => {
                return refuse(format_args!(
                    "nothing to settle: the delivery is {delivery:?}, and only New is settled"
                ));
            }
        }
        if let Some(claim) = &mut self.claim {
            claim.settle(settlement)?;
        }
        self.settlement = Some(settlement);
        Ok(())
    }
}
