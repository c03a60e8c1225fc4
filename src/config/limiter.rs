//! Tencent's limit of requests a second, kept on this side.

use std::num::NonZeroU32;
use std::time::Duration;

use governor::clock::{Clock, DefaultClock};
use governor::{DefaultDirectRateLimiter, Quota, RateLimiter};

use crate::catalog::{Operation, Product};
use crate::error::{Error, Result, Status};

use super::deadline::Deadline;

/// A limiter for each API: each operation of each product.
pub(super) struct Limiters {
    per_second: u32,
    apis: Vec<(Product, Operation, DefaultDirectRateLimiter)>,
    clock: DefaultClock,
}

impl Limiters {
    /// `per_second` 0 is no limit.
    pub(super) fn new(per_second: u32) -> Limiters {
        let apis = match quota(per_second) {
            Some(quota) => Product::all()
                .flat_map(|product| Operation::ALL.map(|operation| (product, operation)))
                .map(|(product, operation)| (product, operation, RateLimiter::direct(quota)))
                .collect(),
            None => Vec::new(),
        };
        Limiters { per_second, apis, clock: DefaultClock::default() }
    }

    /// Waits for the API's next free slot, if it comes before the deadline.
    pub(super) fn wait(
        &self,
        product: Product,
        operation: Operation,
        deadline: &Deadline,
    ) -> Result<()> {
        let Some((_, _, limiter)) =
            self.apis.iter().find(|(of, does, _)| (*of, *does) == (product, operation))
        else {
            return Ok(());
        };
        while let Err(not_yet) = limiter.check() {
            let wait = not_yet.wait_time_from(self.clock.now());
            if !deadline.allows(wait) {
                return Err(self.refuse(wait));
            }
            deadline.sleep(wait)?;
        }
        Ok(())
    }

    fn refuse(&self, wait: Duration) -> Error {
        let message = format!(
            "this client's limit of {} requests a second is used up, and the next slot in {} ms is past the deadline: \
             call less often, or raise set_timeout_ms",
            self.per_second,
            wait.as_millis()
        );
        Error::new(Status::RateLimited, message).with_retryable(true)
    }
}

/// A tenth may come at once and the rest is spread evenly, so that no second, wherever it begins, sees more than the limit.
fn quota(per_second: u32) -> Option<Quota> {
    let limit = NonZeroU32::new(per_second)?;
    let burst = NonZeroU32::new(per_second / 10).unwrap_or(NonZeroU32::MIN);
    let spread = NonZeroU32::new(per_second - burst.get() + 1).unwrap_or(limit);
    Some(Quota::per_second(spread).allow_burst(burst))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use governor::clock::FakeRelativeClock;

    use super::*;

    #[test]
    fn no_second_sees_more_requests_than_the_limit() {
        for limit in [1, 2, 10, 200, 1000] {
            let clock = FakeRelativeClock::default();
            let limiter = RateLimiter::direct_with_clock(quota(limit).unwrap(), clock.clone());
            let mut sent_at_ms = Vec::new();
            for now_ms in 0..3000_u64 {
                while limiter.check().is_ok() {
                    sent_at_ms.push(now_ms);
                }
                clock.advance(Duration::from_millis(1));
            }
            for begin in 0..2000 {
                let sent = sent_at_ms.iter().filter(|at| (begin..begin + 1000).contains(*at));
                assert!(sent.count() <= limit as usize, "limit {limit}, second from {begin} ms");
            }
            assert!(sent_at_ms.len() as u32 >= limit * 2, "limit {limit} must be reachable");
        }
    }
}
