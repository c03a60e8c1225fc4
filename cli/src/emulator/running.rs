//! An emulator on a thread of its own.

use std::sync::Arc;
use std::thread::{self, JoinHandle};

use tokio::runtime::{Builder, Runtime};
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
        let runtime =
            Builder::new_current_thread().enable_all().build().map_err(StartError::Thread)?;
        let emulator = runtime.block_on(Emulator::bind(options))?;
        let (url, service) = (emulator.url(), Arc::clone(&emulator.service));
        let (stop, stopped) = oneshot::channel();
        let thread = thread::Builder::new()
            .name("tc-emulator".to_owned())
            .spawn(move || answer(&runtime, emulator, stopped))
            .map_err(StartError::Thread)?;
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

fn answer(runtime: &Runtime, emulator: Emulator, stopped: oneshot::Receiver<()>) {
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
