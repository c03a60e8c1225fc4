//! One request from arrival to answer.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::request::Parts;
use axum::response::Response;
use http_body_util::BodyExt;
use serde_json::{Map, Value};
use tc_callback::catalog::{Operation, Product, code};

use super::Options;
use super::answer::{Refusal, RequestIds, Success, respond};
use super::configuration::{Configurations, Configured, Decision};
use super::limiter::Limiter;
use super::request::RequestLine;
use super::usersig;
use crate::clock;

/// Bytes of a request's body.
const MAX_BODY: usize = 1024 * 1024;

/// One answered request. It holds neither the UserSig nor the rest of the query.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct LogLine<'a> {
    /// The HTTP method.
    pub method: &'a str,
    /// The URL's path: `/v4/room_config/get_callback`.
    pub path: &'a str,
    /// `ErrorCode` of the answer; 0 is success.
    pub code: i64,
    /// `ErrorInfo` of the answer.
    pub info: &'a str,
    /// `RequestId` of the answer.
    pub request_id: &'a str,
}

/// What all requests share.
pub struct Service {
    options: Options,
    request_ids: RequestIds,
    state: Mutex<Shared>,
}

struct Shared {
    configurations: Configurations,
    limiter: Limiter<(u32, Product, Operation)>,
}

/// Every path and method comes here that is none of the other routes, since the refusals of unknown ones are answers too.
pub fn router(service: Arc<Service>, others: Router) -> Router {
    others.with_state(()).method_not_allowed_fallback(answer).fallback(answer).with_state(service)
}

async fn answer(State(service): State<Arc<Service>>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let result = service.handle(&parts, body).await;
    let request_id = service.request_ids.next();
    let (code, info) = match &result {
        Ok(_) => (code::OK, ""),
        Err(refusal) => (refusal.code, refusal.info.as_str()),
    };
    let (method, path) = (parts.method.as_str(), parts.uri.path());
    let line = LogLine { method, path, code, info, request_id: &request_id };
    service.options.request_observers.iter().for_each(|observer| observer(&line));
    respond(&result, &request_id)
}

impl Service {
    pub fn new(options: Options) -> Service {
        let limiter = Limiter::new(options.requests_per_second);
        Service {
            options,
            request_ids: RequestIds::new(),
            state: Mutex::new(Shared { configurations: Configurations::default(), limiter }),
        }
    }

    async fn handle(&self, parts: &Parts, body: Body) -> Result<Success, Refusal> {
        // Read even when the request line is wrong, or the client would see a lost connection.
        let body = read_all(body).await;
        let line = RequestLine::read(&parts.method, &parts.uri)?;
        self.authorize(&line)?;
        let api = (line.sdk_app_id, line.product, line.operation);
        if !self.shared().limiter.admit(api, Instant::now()) {
            let limit = self.options.requests_per_second;
            let info = format!("more than {limit} requests per second to this API");
            return Err(Refusal::new(code::TOO_FREQUENT, info));
        }
        let body = parse_body(&body?)?;
        let change = {
            let configurations = &mut self.shared().configurations;
            match configurations.decide(line.sdk_app_id, line.product, line.operation, &body)? {
                Decision::Found(configuration) => return Ok(Success::Found(configuration)),
                Decision::Nothing => return Ok(Success::Done),
                Decision::Change(change) => {
                    configurations.apply(&change);
                    change
                }
            }
        };
        self.options.change_observers.iter().for_each(|observer| observer(&change));
        Ok(Success::Done)
    }

    /// What is configured at present.
    pub fn configurations(&self) -> Vec<Configured> {
        self.shared().configurations.all().to_vec()
    }

    fn authorize(&self, line: &RequestLine) -> Result<(), Refusal> {
        let app = line.sdk_app_id;
        if !self.options.sdk_app_ids.contains(&app) {
            return Err(Refusal::new(code::UNKNOWN_APP, format!("SDKAppID {app} does not exist")));
        }
        let claimed = usersig::Claimed { sdk_app_id: app, identifier: &line.identifier };
        usersig::check(self.options.key.as_bytes(), &claimed, &line.usersig, clock::now_s())?;
        if !self.options.administrators.contains(&line.identifier) {
            let info = format!("{:?} is not an App administrator", line.identifier);
            return Err(Refusal::new(code::NOT_ADMINISTRATOR, info));
        }
        Ok(())
    }

    fn shared(&self) -> std::sync::MutexGuard<'_, Shared> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The whole body. One that is too long is read to its end, too, but not kept.
async fn read_all(mut body: Body) -> Result<Vec<u8>, Refusal> {
    let (mut kept, mut length) = (Vec::new(), 0);
    while let Some(frame) = body.frame().await {
        let frame =
            frame.map_err(|error| malformed_body(format!("the body cannot be read: {error}")))?;
        let Ok(data) = frame.into_data() else { continue };
        length += data.len();
        if length <= MAX_BODY {
            kept.extend_from_slice(&data);
        }
    }
    if length > MAX_BODY {
        return Err(malformed_body(format!("the body has {length} bytes, over {MAX_BODY}")));
    }
    Ok(kept)
}

fn parse_body(body: &[u8]) -> Result<Map<String, Value>, Refusal> {
    if body.is_empty() {
        return Err(malformed_body("the body is empty: send {} where there is nothing to send"));
    }
    match serde_json::from_slice(body) {
        Ok(Value::Object(object)) => Ok(object),
        Ok(_) => Err(malformed_body("the body must be a JSON object")),
        Err(error) => Err(malformed_body(format!("the body is not JSON: {error}"))),
    }
}

fn malformed_body(info: impl Into<String>) -> Refusal {
    Refusal::new(code::MALFORMED_BODY, info)
}
