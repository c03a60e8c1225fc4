//! What the resolver, the connectors and the connections of one request have to know of it. ureq hands nothing of a request on to them,
//! so it is left with the thread.

use std::cell::RefCell;
use std::time::{Duration, Instant};

use ureq::Timeout;
use ureq::unversioned::transport::NextTimeout;

use super::cancel::Cancels;

/// One request and its answer, so far.
#[derive(Clone, Debug, Default)]
struct Exchange {
    cancels: Cancels,
    /// When all that makes a connection must be done: name look-ups, TCP, a proxy's CONNECT, TLS.
    connect_by: Option<Instant>,
    is_connecting: bool,
    was_sent: bool,
}

thread_local! {
    static CURRENT: RefCell<Exchange> = RefCell::default();
}

/// Puts back what was there before, after a panic too.
struct Restore(Exchange);

impl Drop for Restore {
    fn drop(&mut self) {
        CURRENT.set(std::mem::take(&mut self.0));
    }
}

/// Runs a request that `cancels` give up and whose connection may take `connect`. Also says whether anything of it may have been sent.
pub(super) fn run<T>(
    cancels: &Cancels,
    connect: Duration,
    request: impl FnOnce() -> T,
) -> (T, bool) {
    let connect_by = Some(Instant::now() + connect);
    let exchange = Exchange { cancels: cancels.clone(), connect_by, ..Exchange::default() };
    let _restore = Restore(CURRENT.replace(exchange));
    (request(), CURRENT.with_borrow(|exchange| exchange.was_sent))
}

/// Runs a connector: until it is back, no wait of a connection goes beyond the time for connecting.
pub(super) fn connecting<T>(connect: impl FnOnce() -> T) -> T {
    struct End(bool);
    impl Drop for End {
        fn drop(&mut self) {
            CURRENT.with_borrow_mut(|exchange| exchange.is_connecting = self.0);
        }
    }
    // A proxy's connection is made within that of its target.
    let _end =
        End(CURRENT
            .with_borrow_mut(|exchange| std::mem::replace(&mut exchange.is_connecting, true)));
    connect()
}

/// Those who can give up the request of this thread.
pub(super) fn cancels() -> Cancels {
    CURRENT.with_borrow(|exchange| exchange.cancels.clone())
}

/// Something is about to be sent: part of the request, unless the connection is still being made.
pub(super) fn sending() {
    CURRENT.with_borrow_mut(|exchange| exchange.was_sent |= !exchange.is_connecting);
}

/// The timeout of a wait, shortened to what is left for connecting while that goes on.
pub(super) fn limited(timeout: NextTimeout) -> Result<NextTimeout, ureq::Error> {
    match CURRENT.with_borrow(|exchange| exchange.is_connecting) {
        true => limited_to_connecting(timeout),
        false => Ok(timeout),
    }
}

/// The same before the first connector runs, for a name look-up.
pub(super) fn limited_to_connecting(timeout: NextTimeout) -> Result<NextTimeout, ureq::Error> {
    let Some(connect_by) = CURRENT.with_borrow(|exchange| exchange.connect_by) else {
        return Ok(timeout);
    };
    let left = connect_by.saturating_duration_since(Instant::now());
    match left.min(*timeout.after) {
        // A socket takes no time at all for no limit.
        Duration::ZERO => Err(ureq::Error::Timeout(Timeout::Connect)),
        after => Ok(NextTimeout { after: after.into(), ..timeout }),
    }
}
