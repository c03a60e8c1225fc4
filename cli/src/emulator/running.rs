//! An emulator on a thread of its own.

use std::fmt::{Debug, Formatter};
use std::io;
use std::sync::Arc;
use std::sync::mpsc::{Sender, channel};
use std::thread::{self, JoinHandle};

use tokio::runtime::Builder;
use tokio::sync::oneshot;

use super::service::Service;
use super::{Configured, Emulator, Options, StartError};

/// An emulator that answers until this is dropped. Dropping waits for its thread and cuts off requests that are being answered.
pub struct Running {
    url: String,
    service: Arc<Service>,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Running {
    pub(super) fn start(options: Options) -> Result<Running, StartError> {
        let (started, start) = channel();
        let (stop, stopped) = oneshot::channel();
        let thread = thread::Builder::new()
            .name("tc-emulator".to_owned())
            .spawn(move || run(options, &started, stopped))
            .map_err(StartError::Thread)?;
        let ended = |_| Err(StartError::Thread(io::Error::other("it ended at once")));
        let Started { url, service } = start.recv().unwrap_or_else(ended)?;
        Ok(Running { url, service, stop: Some(stop), thread: Some(thread) })
    }

    /// The base URL to give a client as its endpoint: `http://127.0.0.1:41234`.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The seed of its RequestIds and faults.
    pub fn seed(&self) -> u64 {
        self.service.seed()
    }

    /// What is configured at present.
    pub fn configurations(&self) -> Vec<Configured> {
        self.service.configurations()
    }
}

impl Debug for Running {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Running").field("url", &self.url).finish_non_exhaustive()
    }
}

struct Started {
    url: String,
    service: Arc<Service>,
}

/// Everything happens on the new thread: the caller's may belong to a runtime, which must not be blocked on another.
fn run(
    options: Options,
    started: &Sender<Result<Started, StartError>>,
    stopped: oneshot::Receiver<()>,
) {
    let bound = Builder::new_current_thread().enable_all().build().map_err(StartError::Thread);
    let bound = bound.and_then(|runtime| {
        let emulator = runtime.block_on(Emulator::bind(options))?;
        Ok((runtime, emulator))
    });
    let (runtime, emulator) = match bound {
        Ok(bound) => bound,
        Err(error) => {
            let _ = started.send(Err(error));
            return;
        }
    };
    let (url, service) = (emulator.url(), Arc::clone(&emulator.service));
    let _ = started.send(Ok(Started { url, service }));
    runtime.block_on(async {
        tokio::select! {
            () = emulator.serve(std::future::pending()) => {}
            _ = stopped => {}
        }
    });
}

impl Drop for Running {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}
