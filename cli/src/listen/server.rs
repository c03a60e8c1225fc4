//! The HTTP side: each request read to its end, handed to the library's receiver, answered with what that says.

use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::body;
use axum::extract::{ConnectInfo, Request, State};
use axum::http::request::Parts;
use axum::http::{Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use http_body_util::BodyExt;
use tc_callback::receiver::{self, CONTENT_TYPE, Delivery, Receiver, Settlement};
use tokio::net::TcpListener;
use tokio::sync::oneshot;

use crate::clock;
use crate::recording::{Body, Outcome, Record};
use crate::secret::blot_usersig;

/// Bytes of a body that are kept. What is over the receiver's own limit is refused anyway.
const MAX_KEPT: usize = 16 * 1024 * 1024;

/// How long requests that are being answered may take when it ends.
const GRACE: Duration = Duration::from_secs(2);

/// Called for each request.
type Take = Box<dyn FnMut(&Record) + Send>;

struct Host {
    receiver: Receiver,
    take: Mutex<Take>,
}

/// Answers until `ending` is done, then lets open requests finish for a while.
pub async fn serve(
    listener: TcpListener,
    receiver: Receiver,
    take: impl FnMut(&Record) + Send + 'static,
    ending: impl Future<Output = ()> + Send + 'static,
) -> io::Result<()> {
    let host = Arc::new(Host { receiver, take: Mutex::new(Box::new(take)) });
    let router = Router::new().fallback(answer).with_state(host);
    let (giver, ended) = oneshot::channel::<()>();
    let service = router.into_make_service_with_connect_info::<SocketAddr>();
    let server = axum::serve(listener, service)
        .with_graceful_shutdown(async move {
            ending.await;
            let _ = giver.send(());
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

async fn answer(
    State(host): State<Arc<Host>>,
    ConnectInfo(remote): ConnectInfo<SocketAddr>,
    request: Request,
) -> Response {
    let (parts, body) = request.into_parts();
    // A body that did not come whole was never sent, and nobody waits for the answer.
    let Ok((body, length)) = read(body).await else {
        return StatusCode::BAD_REQUEST.into_response();
    };
    let (outcome, reply) = judge(&host.receiver, &parts, &body);
    let status = StatusCode::from_u16(outcome.http_status).unwrap_or(StatusCode::BAD_REQUEST);
    let record = Record {
        time_ms: u64::try_from(clock::now_ms()).unwrap_or_default(),
        remote: remote.to_string(),
        method: parts.method.to_string(),
        path: blot_usersig(parts.uri.path()).into_owned(),
        query: blot_usersig(parts.uri.query().unwrap_or_default()).into_owned(),
        headers: headers(&parts),
        body: if length > MAX_KEPT { Body::LeftOut(length as u64) } else { Body::new(body) },
        outcome,
    };
    let mut take = host.take.lock().unwrap_or_else(PoisonError::into_inner);
    (*take)(&record);
    let content_type = CONTENT_TYPE.to_str().unwrap_or_default();
    (status, [(header::CONTENT_TYPE, content_type)], reply).into_response()
}

/// The body, as far as it is kept, and how long it is.
async fn read(mut body: body::Body) -> Result<(Vec<u8>, usize), axum::Error> {
    let (mut kept, mut length) = (Vec::new(), 0_usize);
    while let Some(frame) = body.frame().await {
        let Ok(data) = frame?.into_data() else { continue };
        length = length.saturating_add(data.len());
        if length <= MAX_KEPT {
            kept.extend_from_slice(&data);
        }
    }
    Ok((kept, length))
}

fn judge(receiver: &Receiver, parts: &Parts, body: &[u8]) -> (Outcome, String) {
    if parts.method != Method::POST {
        let error = format!("the method must be POST, not {}", parts.method);
        return (
            Outcome { http_status: 405, error: Some(error), ..Outcome::default() },
            String::new(),
        );
    }
    let query = parts.uri.query().unwrap_or_default();
    let request = receiver::Request { query: query.as_bytes(), body, now_s: None };
    let mut taken = receiver.handle(&request);
    if taken.delivery() == Delivery::New {
        // It is shown and recorded before the answer is sent; nobody else is to have it.
        let _ = taken.settle(Settlement::Taken);
    }
    let (http_status, is_duplicate) = (taken.http_status, taken.delivery() == Delivery::Done);
    let outcome = match &taken.event {
        Ok(event) => Outcome {
            http_status,
            command: event.command_word.get().map(str::to_owned),
            subject: event.subject.get().map(str::to_owned),
            is_duplicate,
            mismatch: event.mismatch.get().map(str::to_owned),
            ..Outcome::default()
        },
        Err(error) => Outcome {
            http_status,
            command: named_command(query),
            error: Some(error.message().to_owned()),
            error_status: Some(error.status() as i32),
            ..Outcome::default()
        },
    };
    (outcome, taken.reply.to_string())
}

/// What a refused request's query says that it is.
fn named_command(query: &str) -> Option<String> {
    form_urlencoded::parse(query.as_bytes())
        .find(|(name, _)| name.eq_ignore_ascii_case("CallbackCommand"))
        .map(|(_, value)| value.into_owned())
}

fn headers(parts: &Parts) -> Vec<(String, String)> {
    let headers = parts.headers.iter();
    let text = |value: &[u8]| String::from_utf8_lossy(value).into_owned();
    headers.map(|(name, value)| (name.to_string(), text(value.as_bytes()))).collect()
}
