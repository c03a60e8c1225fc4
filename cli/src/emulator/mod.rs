//! Tencent's side of the callback configuration, on this machine: the REST services `room_config` and `call_config`, with the
//! documented error codes, real UserSig verification and the limit of requests per second.
//!
//! ```no_run
//! # async fn example() -> std::io::Result<()> {
//! use tc_callback_cli::emulator::{Emulator, Options};
//!
//! let emulator = Emulator::bind(Options::new("the application's key")).await?;
//! println!("listening on {}", emulator.url());
//! emulator.serve(std::future::pending()).await
//! # }
//! ```

mod answer;
mod configuration;
mod limiter;
mod options;
mod request;
mod service;
mod usersig;

use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use tokio::net::TcpListener;
use tokio::sync::oneshot;

pub use configuration::{Change, Configuration, Configured};
pub use options::{Options, REQUESTS_PER_SECOND};
pub use service::LogLine;
use service::Service;

/// How long requests that are being answered may take when the emulator ends.
const GRACE: Duration = Duration::from_secs(2);

/// An emulator that listens; [`Emulator::serve`] makes it answer.
pub struct Emulator {
    listener: TcpListener,
    address: SocketAddr,
    service: Arc<Service>,
    routes: Router,
}

impl Emulator {
    /// Takes the address. Requests wait until [`Emulator::serve`].
    pub async fn bind(options: Options) -> io::Result<Emulator> {
        let listener = TcpListener::bind(options.listen).await?;
        let address = listener.local_addr()?;
        let service = Arc::new(Service::new(options));
        Ok(Emulator { listener, address, service, routes: Router::new() })
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

    /// What is configured at present.
    pub fn configurations(&self) -> Vec<Configured> {
        self.service.configurations()
    }

    /// Answers until `shutdown` is done, then lets open requests finish for at most two seconds.
    pub async fn serve(
        self,
        shutdown: impl Future<Output = ()> + Send + 'static,
    ) -> io::Result<()> {
        let (ending, ended) = oneshot::channel::<()>();
        let server = axum::serve(self.listener, service::router(self.service, self.routes))
            .with_graceful_shutdown(async move {
                shutdown.await;
                let _ = ending.send(());
            })
            .into_future();
        tokio::select! {
            result = server => result,
            () = async {
                let _ = ended.await;
                tokio::time::sleep(GRACE).await;
            } => Ok(()),
        }
    }
}
