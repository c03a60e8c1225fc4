//! Claims: an event is answered with 200 only when somebody has it, and handled once.
//!
//! A claim is taken before the host sees the event, and settled by what the host says of it. [`delivery`] decides what is
//! sent and answered when; `table` remembers, within this process.

pub mod delivery;
mod table;

use std::fmt;
use std::process;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use crate::error::{Error, Result, Status};
use crate::event::DuplicateKey;
use crate::fork::PerProcess;

use delivery::{
    Answer, ClaimReply, DeliveryMachine, Milliseconds, Report, Settlement, Step, Timing, Token,
};
use table::Table;

/// The claims of a receiver. A forked child begins with none: its parent settles what its parent claimed.
pub(super) struct Claims {
    max_count: usize,
    window: Milliseconds,
    next_token: AtomicU64,
    tables: PerProcess<Mutex<Table>>,
}

/// What a receiver found when it claimed an event.
#[expect(clippy::large_enum_variant, reason = "an allocation would cost more than moving it")]
pub(super) enum Claimed {
    /// The event is this request's to handle.
    New(Claim),
    /// Somebody has it.
    Done,
    /// Another request is handling it, or there is no room for one more claim.
    Busy,
}

impl Claims {
    /// Remembers at most this many events, for this many seconds after they are done.
    pub(super) fn new(max_count: usize, window_s: u32) -> Claims {
        let (next_token, tables) = (AtomicU64::new(0), PerProcess::new());
        Claims { max_count, window: u64::from(window_s) * 1_000, next_token, tables }
    }

    /// Claims an event for a request that arrived at this moment, in seconds since 1970.
    pub(super) fn claim(self: &Arc<Self>, key: DuplicateKey, now_s: i64) -> Claimed {
        let arrived = u64::try_from(now_s).unwrap_or(0).saturating_mul(1_000);
        let token = Token::from(self.next_token.fetch_add(1, Ordering::Relaxed));
        let mut delivery = DeliveryMachine::new(Timing::IN_PROCESS, arrived);
        loop {
            match delivery.next(arrived, || token) {
                Step::Claim(token) => {
                    let table = self.table();
                    let claim = |mut table: MutexGuard<'_, Table>| table.claim(key, token, arrived);
                    let reply = table.map_or(ClaimReply::Missing, claim);
                    delivery.report(arrived, Report::Claim(reply));
                }
                Step::HandOver => {
                    let (claims, process) = (Arc::clone(self), process::id());
                    let started = Instant::now();
                    let claim = Claim { claims, process, key, token, delivery, arrived, started };
                    return Claimed::New(claim);
                }
                // Of a claim that a full table did not make.
                Step::Release(_) => {}
                Step::Answer(Answer::Ok) => return Claimed::Done,
                _ => return Claimed::Busy,
            }
        }
    }

    /// `None` if there is no memory for it.
    fn table(&self) -> Option<MutexGuard<'_, Table>> {
        let table =
            self.tables.get_or_init(|| Mutex::new(Table::new(self.max_count, self.window)))?;
        // No operation of a table leaves it half changed.
        Some(table.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// A claim of this process on an event. Released when dropped, unless it was settled.
pub(super) struct Claim {
    claims: Arc<Claims>,
    process: u32,
    key: DuplicateKey,
    token: Token,
    delivery: DeliveryMachine,
    arrived: Milliseconds,
    started: Instant,
}

impl Claim {
    /// Settles the claim.
    ///
    /// # Errors
    ///
    /// `InvalidArgument` in a process that does not hold the claim.
    pub(super) fn settle(&mut self, settlement: Settlement) -> Result<()> {
        if self.process != process::id() {
            let message = "the outcome was claimed by another process: settle it there, claims do not pass a fork";
            return Err(Error::new(Status::InvalidArgument, message));
        }
        let Some(mut table) = self.claims.table() else { return Err(Error::OUT_OF_MEMORY) };
        let elapsed = u64::try_from(self.started.elapsed().as_millis()).unwrap_or(u64::MAX);
        let now = self.arrived.saturating_add(elapsed);
        self.delivery.report(now, Report::HandedOver(settlement));
        loop {
            match self.delivery.next(now, || self.token) {
                Step::Commit(_) => {
                    table.commit(self.key, now);
                    self.delivery.report(now, Report::Commit { is_answered: true });
                }
                Step::Release(token) => table.release(self.key, token),
                // The vendor's answer is the host's to send.
                Step::Answer(_) => {}
                Step::Wait(Some(end)) => {
                    table.expire_at(self.key, self.token, end);
                    return Ok(());
                }
                _ => return Ok(()),
            }
        }
    }
}

impl Drop for Claim {
    fn drop(&mut self) {
        // One that was settled is not handed over any more, so that this changes nothing.
        let _ = self.delivery.is_handed_over().then(|| self.settle(Settlement::Refused));
    }
}

impl fmt::Debug for Claim {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Claim").field("key", &self.key).finish_non_exhaustive()
    }
}
