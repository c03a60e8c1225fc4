//! How a command that listens runs, and how it is told to end.

use std::io;

use tokio::runtime::Builder;

use crate::failure::{Failure, Result};

/// Done when Ctrl-C is pressed or SIGTERM comes.
pub fn asked_for() -> Result<impl Future<Output = ()> + Send + 'static> {
    signals().map_err(|error| Failure::operation(format!("cannot wait for signals: {error}")))
}

/// Runs on this thread until it is done.
pub fn run(serve: impl Future<Output = Result<()>>) -> Result<()> {
    let runtime = Builder::new_current_thread().enable_all().build();
    runtime.map_err(|error| Failure::operation(format!("cannot start: {error}")))?.block_on(serve)
}

#[cfg(unix)]
fn signals() -> io::Result<impl Future<Output = ()> + Send + 'static> {
    use tokio::signal::unix::{SignalKind, signal};

    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    })
}

#[cfg(not(unix))]
fn signals() -> io::Result<impl Future<Output = ()> + Send + 'static> {
    Ok(async { _ = tokio::signal::ctrl_c().await })
}
