//! Connections whose every wait can be given up.

use std::fmt;
use std::time::Instant;

use ureq::Error;
use ureq::unversioned::transport::{
    Buffers, ConnectionDetails, Connector, Either, NextTimeout, TcpConnector, Transport,
};

use super::aside::{Aside, Ended};
use super::cancel::{Cancelled, Cancels};
use super::resolver::CachingResolver;

/// ureq's own TCP, given up on request.
#[derive(Debug)]
pub(super) struct CancellableTcp;

impl<In: Transport> Connector<In> for CancellableTcp {
    type Out = Either<In, Cancellable>;

    fn connect(
        &self,
        details: &ConnectionDetails<'_>,
        chained: Option<In>,
    ) -> Result<Option<Self::Out>, Error> {
        if let Some(connection) = chained {
            return Ok(Some(Either::A(connection)));
        }
        let cancels = Cancels::current();
        let connection = match cancels.is_none() {
            true => connect(details)?,
            false => connect_aside(details, &cancels)?,
        };
        Ok(Some(Either::B(Cancellable(connection))))
    }
}

fn connect(details: &ConnectionDetails<'_>) -> Result<Box<dyn Transport>, Error> {
    let connection = TcpConnector::default().connect(details, None::<()>)?;
    connection.map(Transport::boxed).ok_or(Error::ConnectionFailed)
}

/// A connect that the system has begun cannot be given up: it is left to a thread, for as long as the connect timeout at most.
fn connect_aside(
    details: &ConnectionDetails<'_>,
    cancels: &Cancels,
) -> Result<Box<dyn Transport>, Error> {
    let (uri, addrs, config) = (details.uri.clone(), details.addrs.clone(), details.config.clone());
    let (request_level, now, timeout) = (details.request_level, details.now, details.timeout);
    let current_time = details.current_time.clone();
    let run_connector = details.run_connector.clone();
    let register_shutdown = details.register_shutdown.clone();
    let work = move || {
        connect(&ConnectionDetails {
            uri: &uri,
            addrs,
            config: &config,
            request_level,
            // Only a connector for proxies asks it.
            resolver: &CachingResolver::default(),
            now,
            timeout,
            current_time,
            run_connector,
            register_shutdown,
        })
    };
    match Aside::start("tc-connect", work)?.wait(*timeout.after, cancels, Option::take) {
        Ok(result) => result,
        Err(Ended::Cancelled) => Err(Cancelled::before_sending()),
        Err(Ended::TimedOut) => Err(Error::Timeout(timeout.reason)),
    }
}

/// A connection that looks, while it waits, whether the request was given up.
pub(super) struct Cancellable(Box<dyn Transport>);

impl Transport for Cancellable {
    fn buffers(&mut self) -> &mut dyn Buffers {
        self.0.buffers()
    }

    fn transmit_output(&mut self, amount: usize, timeout: NextTimeout) -> Result<(), Error> {
        self.0.transmit_output(amount, timeout)
    }

    fn await_input(&mut self, timeout: NextTimeout) -> Result<bool, Error> {
        let cancels = Cancels::current();
        if cancels.is_none() {
            return self.0.await_input(timeout);
        }
        let began = Instant::now();
        loop {
            if cancels.is_requested() {
                return Err(Cancelled::while_waiting());
            }
            let left = timeout.after.saturating_sub(began.elapsed());
            let slice = cancels.slice(left);
            match self.0.await_input(NextTimeout { after: slice.into(), ..timeout }) {
                Err(Error::Timeout(_)) if slice < left => {}
                done => return done,
            }
        }
    }

    fn is_open(&mut self) -> bool {
        self.0.is_open()
    }
}

impl fmt::Debug for Cancellable {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}
