//! How a command that listens runs, and how it is told to end.

use std::io;
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::Duration;

use tokio::runtime::Builder;

use crate::failure::{Failure, Result};

/// Done when Ctrl-C is pressed or SIGTERM comes.
pub fn asked_for() -> Result<impl Future<Output = ()> + Send + 'static> {
    signals().map_err(|error| Failure::operation(format!("cannot wait for signals: {error}")))
}

/// Whether the command has been told to end, for one that does its work on this thread.
pub struct Asked {
    told: Receiver<()>,
    is_told: bool,
}

impl Asked {
    pub fn listen() -> Result<Asked> {
        let cannot = |error| Failure::operation(format!("cannot wait for signals: {error}"));
        let runtime = Builder::new_current_thread().enable_io().build().map_err(cannot)?;
        let asked = {
            let _runtime = runtime.enter();
            asked_for()?
        };
        let (sender, told) = channel();
        thread::spawn(move || {
            runtime.block_on(asked);
            // Whoever has gone does not wait for it.
            let _ = sender.send(());
        });
        Ok(Asked { told, is_told: false })
    }

    /// Whether it is to end now, or within this time.
    pub fn within(&mut self, time: Duration) -> bool {
        self.is_told = self.is_told || self.told.recv_timeout(time).is_ok();
        self.is_told
    }
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
