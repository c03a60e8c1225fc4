//! Connections: accepted, answered, and closed without an answer where a response says so.

use std::future::Future;
use std::pin::pin;
use std::time::Duration;

use axum::Router;
use axum::extract::Request;
use axum::response::Response;
use axum::serve::Listener;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::{Service, service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::net::TcpListener;

/// How long requests that are being answered may take when the emulator ends.
const GRACE: Duration = Duration::from_secs(2);

/// Marks a response, as an extension, that is not to be sent: its connection is closed instead.
#[derive(Clone, Copy, Debug)]
pub struct Unsent;

impl std::fmt::Display for Unsent {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("closed without an answer")
    }
}

impl std::error::Error for Unsent {}

/// Answers until `shutdown` is done, then lets open requests finish for a while.
pub async fn serve(mut listener: TcpListener, router: Router, shutdown: impl Future<Output = ()>) {
    let open = GracefulShutdown::new();
    let mut shutdown = pin!(shutdown);
    loop {
        let (stream, _) = tokio::select! {
            () = &mut shutdown => break,
            accepted = Listener::accept(&mut listener) => accepted,
        };
        let router = TowerToHyperService::new(router.clone());
        let service = service_fn(move |request: Request<Incoming>| {
            let answer = router.call(request);
            async move {
                let Ok(response) = answer.await;
                sent(response)
            }
        });
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .serve_connection(TokioIo::new(stream), service);
        tokio::spawn(open.watch(connection));
    }
    drop(listener);
    let _ = tokio::time::timeout(GRACE, open.shutdown()).await;
}

fn sent(response: Response) -> Result<Response, Unsent> {
    match response.extensions().get::<Unsent>() {
        Some(unsent) => Err(*unsent),
        None => Ok(response),
    }
}
