//! Tencent's side of the callback configuration, on this machine: the REST services `room_config` and `call_config`, with the
//! documented error codes, real UserSig verification, the limit of requests per second, and faults on request.
//!
//! In a test that is not async, [`Emulator::start`]: it listens on a free port until what it returns is dropped, and there can be many
//! at once. An example, and what is answered when, is in `docs/emulator.md`.
//!
//! In an async program, [`Emulator::bind`] and [`Emulator::serve`], which answer on the caller's Tokio runtime; it must have I/O and time enabled.

mod answer;
mod api;
mod chance;
mod configuration;
mod connection;
mod injection;
mod injection_text;
mod limiter;
mod log_line;
mod options;
mod propagation;
mod refusal;
mod request;
mod running;
mod service;
mod start_error;
mod state;
pub(crate) mod usersig;

use std::future::Future;
use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use tokio::net::TcpListener;

pub use configuration::{Change, Configuration, Configured};
pub use injection::{Fault, Injection};
pub use log_line::LogLine;
pub use options::{Options, REQUESTS_PER_SECOND, SDK_APP_ID};
pub use running::Running;
use service::Service;
pub use start_error::StartError;

/// An emulator that listens; [`Emulator::serve`] makes it answer.
pub struct Emulator {
    listener: TcpListener,
    address: SocketAddr,
    service: Arc<Service>,
    routes: Router,
}

impl Emulator {
    /// Takes the address and reads the state file. Requests wait until [`Emulator::serve`].
    pub async fn bind(options: Options) -> Result<Emulator, StartError> {
        let wanted = options.listen;
        let no_address = |error| StartError::Address(wanted, error);
        let listener = TcpListener::bind(wanted).await.map_err(no_address)?;
        let address = listener.local_addr().map_err(no_address)?;
        let service = Arc::new(Service::new(options).map_err(StartError::State)?);
        Ok(Emulator { listener, address, service, routes: Router::new() })
    }

    /// Answers on a thread of its own until what is returned is dropped.
    pub fn start(options: Options) -> Result<Running, StartError> {
        Running::start(options)
    }

    /// The base URL to give a client as its endpoint: `http://127.0.0.1:9000`.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Serves these too, beside the REST API.
    #[must_use]
    pub fn with_routes(mut self, routes: Router) -> Emulator {
        self.routes = self.routes.merge(routes);
        self
    }

    /// The seed of its RequestIds and faults.
    pub fn seed(&self) -> u64 {
        self.service.seed()
    }

    /// What is configured at present.
    pub fn configurations(&self) -> Vec<Configured> {
        self.service.configurations()
    }

    /// Answers until `shutdown` is done, then lets open requests finish for at most two seconds.
    pub async fn serve(self, shutdown: impl Future<Output = ()>) {
        connection::serve(self.listener, service::router(self.service, self.routes), shutdown)
            .await;
    }
}

/// Its examples are tests.
#[cfg(doctest)]
#[doc = include_str!("../../../docs/emulator.md")]
struct Guide;
