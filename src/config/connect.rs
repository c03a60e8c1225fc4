//! Connections that are made within one deadline, and whose every wait can be given up.

use std::fmt;
use std::io;
use std::time::Instant;

use ureq::Error;
use ureq::unversioned::transport::{
    Buffers, ConnectionDetails, Connector, Either, NextTimeout, TcpConnector, Transport,
};

use super::aside::{Aside, Ended};
use super::cancel::{Cancelled, Cancels};
use super::exchange;
use super::resolver::CachingResolver;

/// All connectors together, within one deadline: ureq's own for proxies would wait anew for each part of the answer to CONNECT.
#[derive(Debug)]
pub(super) struct Connecting<C>(pub(super) C);

impl<C: Connector> Connector for Connecting<C> {
    type Out = C::Out;

    fn connect(
        &self,
        details: &ConnectionDetails<'_>,
        chained: Option<()>,
    ) -> Result<Option<Self::Out>, Error> {
        exchange::connecting(|| self.0.connect(details, chained))
    }
}

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
        let timeout = exchange::limited(details.timeout)?;
        let cancels = exchange::cancels();
        let connection = match cancels.is_none() {
            true => connector(details, timeout)()?,
            false => connect_aside(details, timeout, &cancels)?,
        };
        Ok(Some(Either::B(Cancellable(connection))))
    }
}

/// What connects within this time, on any thread.
fn connector(
    details: &ConnectionDetails<'_>,
    timeout: NextTimeout,
) -> impl FnOnce() -> Result<Box<dyn Transport>, Error> + Send + 'static {
    let (uri, addrs, config) = (details.uri.clone(), details.addrs.clone(), details.config.clone());
    let (request_level, now) = (details.request_level, (details.current_time)());
    let current_time = details.current_time.clone();
    let run_connector = details.run_connector.clone();
    let register_shutdown = details.register_shutdown.clone();
    move || {
        let details = ConnectionDetails {
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
        };
        let connection = TcpConnector::default().connect(&details, None::<()>)?;
        connection.map(Transport::boxed).ok_or(Error::ConnectionFailed)
    }
}

/// A connect that the system has begun cannot be given up: it is left to a thread, for as long as the connect timeout at most.
fn connect_aside(
    details: &ConnectionDetails<'_>,
    timeout: NextTimeout,
    cancels: &Cancels,
) -> Result<Box<dyn Transport>, Error> {
    let connecting = Aside::start("tc-connect", connector(details, timeout))
        .map_err(|error| Error::Other(Box::new(NoThread(error))))?;
    match connecting.wait(*timeout.after, cancels, Option::take) {
        Ok(result) => result,
        Err(Ended::Cancelled) => Err(Cancelled::error()),
        Err(Ended::TimedOut) => Err(Error::Timeout(timeout.reason)),
    }
}

/// The system starts no thread.
#[derive(Debug)]
pub(super) struct NoThread(io::Error);

impl fmt::Display for NoThread {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "the system starts no thread for it: {}", self.0)
    }
}

impl std::error::Error for NoThread {}

/// A connection that looks, while it waits, whether the request was given up.
pub(super) struct Cancellable(Box<dyn Transport>);

impl Transport for Cancellable {
    fn buffers(&mut self) -> &mut dyn Buffers {
        self.0.buffers()
    }

    fn transmit_output(&mut self, amount: usize, timeout: NextTimeout) -> Result<(), Error> {
        self.0.transmit_output(amount, exchange::limited(timeout)?)
    }

    fn await_input(&mut self, timeout: NextTimeout) -> Result<bool, Error> {
        let timeout = exchange::limited(timeout)?;
        let cancels = exchange::cancels();
        if cancels.is_none() {
            return self.0.await_input(timeout);
        }
        let began = Instant::now();
        loop {
            if cancels.is_requested() {
                return Err(Cancelled::error());
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
