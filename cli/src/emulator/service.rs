//! One request from arrival to answer.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::request::Parts;
use axum::response::Response;
use http_body_util::BodyExt;
use serde_json::{Map, Value};
use tc_callback::catalog::{Operation, code};

use super::Options;
use super::answer::{Success, proxy_page, respond};
use super::api::Api;
use super::chance::Chance;
use super::configuration::{Change, Configurations, Configured, Decision};
use super::connection::Unsent;
use super::injection::{Fault, Injections, Plan};
use super::limiter::Limiter;
use super::log_line::LogLine;
use super::propagation::Propagation;
use super::refusal::Refusal;
use super::request::{RequestLine, read_path};
use super::state::StateFile;
use super::usersig;
use crate::clock;

/// Bytes of a request's body.
const MAX_BODY: usize = 1024 * 1024;

/// What all requests share.
pub struct Service {
    options: Options,
    chance: Chance,
    injections: Injections,
    state_file: Option<StateFile>,
    received: AtomicU64,
    shared: Mutex<Shared>,
}

struct Shared {
    /// What the last writes came to.
    configurations: Configurations,
    propagation: Propagation,
    limiter: Limiter<(u32, Api)>,
}

/// Every path and method comes here that is none of the other routes, since the refusals of unknown ones are answers too.
pub fn router(service: Arc<Service>, others: Router) -> Router {
    others.with_state(()).method_not_allowed_fallback(answer).fallback(answer).with_state(service)
}

async fn answer(State(service): State<Arc<Service>>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let number = service.received.fetch_add(1, Ordering::Relaxed) + 1;
    let plan = service.injections.plan(number, read_path(parts.uri.path()).ok());
    // Read even when the request is refused, or the client would see a lost connection.
    let body = read_all(body).await;
    let outcome = match plan.instead {
        Some(_) => None,
        None => Some(service.handle(&parts, body, plan.fail)),
    };
    let request_id = service.chance.request_id(number);
    let faults = met(&plan, outcome.as_ref());
    // Before the delay: a client that gives up waiting must not take the line with it.
    let line = LogLine::new(&parts, outcome.as_ref(), &faults, &request_id);
    service.options.request_observers.iter().for_each(|observer| observer(&line));
    tokio::time::sleep(plan.latency).await;
    let mut response = match (&plan.instead, &outcome) {
        (Some(Fault::Http(status)), _) => proxy_page(*status),
        (_, Some(result)) => respond(result, &request_id),
        (_, None) => Response::default(),
    };
    if plan.drop || plan.instead == Some(Fault::DropBefore) {
        response.extensions_mut().insert(Unsent);
    }
    response
}

/// The faults that a request met, of those that were planned for it.
fn met(plan: &Plan, outcome: Option<&Result<Success, Refusal>>) -> Vec<Fault> {
    let mut faults: Vec<Fault> = plan.instead.iter().cloned().collect();
    if let Some(Err(Refusal { code, is_injected: true, .. })) = outcome {
        faults.push(Fault::Fail(*code));
    }
    if !plan.latency.is_zero() {
        faults.push(Fault::Latency(plan.latency..=plan.latency));
    }
    if plan.drop && plan.instead.is_none() {
        faults.push(Fault::Drop);
    }
    faults
}

impl Service {
    /// Reads the state file, if there is to be one; else the reason is told in a sentence.
    pub fn new(mut options: Options) -> Result<Service, String> {
        let seed = *options.seed.get_or_insert_with(Chance::any_seed);
        let chance = Chance::new(seed);
        let (state_file, configurations) = match &options.state {
            Some(file) => {
                let (state_file, configurations) = StateFile::open(file)?;
                (Some(state_file), configurations)
            }
            None => (None, Configurations::default()),
        };
        let limiter = Limiter::new(options.requests_per_second);
        let propagation = Propagation::new(configurations.clone(), options.propagation);
        Ok(Service {
            injections: Injections::new(std::mem::take(&mut options.injections), chance),
            options,
            chance,
            state_file,
            received: AtomicU64::new(0),
            shared: Mutex::new(Shared { configurations, propagation, limiter }),
        })
    }

    /// The seed that was given or chosen.
    pub fn seed(&self) -> u64 {
        self.chance.seed()
    }

    /// What is in effect at present.
    pub fn configurations(&self) -> Vec<Configured> {
        self.shared().propagation.in_effect(Instant::now()).all().to_vec()
    }

    /// Carries a request out. A fault comes last, so that a mistake in the request still shows.
    fn handle(
        self: &Arc<Self>,
        parts: &Parts,
        body: Result<Vec<u8>, Refusal>,
        fail: Option<i64>,
    ) -> Result<Success, Refusal> {
        let line = RequestLine::read(&parts.method, &parts.uri)?;
        self.authorize(&line)?;
        if !self.shared().limiter.admit((line.sdk_app_id, line.api), Instant::now()) {
            let limit = self.options.requests_per_second;
            let info = format!("more than {limit} requests per second to this API");
            return Err(Refusal::new(code::TOO_FREQUENT, info));
        }
        let body = parse_body(&body?)?;
        if let Some(code) = fail {
            return Err(Refusal::injected(code));
        }
        let change = {
            let now = Instant::now();
            let shared = &mut *self.shared();
            // Reading shows what is in effect; writing goes by what was written last.
            let known = match line.api.operation {
                Operation::Get => shared.propagation.in_effect(now),
                _ => &shared.configurations,
            };
            match known.decide(line.sdk_app_id, line.api, &body)? {
                Decision::Found(configuration) => return Ok(Success::Found(configuration)),
                Decision::Nothing => return Ok(Success::Done),
                Decision::Change(change) => {
                    let mut changed = shared.configurations.clone();
                    changed.apply(&change);
                    self.keep(&changed)?;
                    shared.configurations = changed;
                    shared.propagation.send(change.clone(), now);
                    change
                }
            }
        };
        self.tell(change);
        Ok(Success::Done)
    }

    /// Tells of a change as soon as it is in effect.
    fn tell(self: &Arc<Self>, change: Change) {
        let tell = move |service: &Service| {
            service.options.change_observers.iter().for_each(|observer| observer(&change));
        };
        if self.options.propagation.is_zero() {
            return tell(self);
        }
        let service = Arc::clone(self);
        tokio::spawn(async move {
            tokio::time::sleep(service.options.propagation).await;
            tell(&service);
        });
    }

    fn keep(&self, configurations: &Configurations) -> Result<(), Refusal> {
        let Some(file) = &self.state_file else { return Ok(()) };
        file.keep(configurations).map_err(|why| Refusal::new(code::INTERNAL_ERROR, why))
    }

    fn authorize(&self, line: &RequestLine) -> Result<(), Refusal> {
        let app = line.sdk_app_id;
        let Some(key) = self.options.keys.get(&app) else {
            return Err(Refusal::new(code::UNKNOWN_APP, format!("SDKAppID {app} does not exist")));
        };
        let claimed = usersig::Claimed { sdk_app_id: app, identifier: &line.identifier };
        usersig::check(key.as_bytes(), &claimed, &line.usersig, clock::now_s())?;
        if !self.options.administrators.contains(&line.identifier) {
            let info = format!("{:?} is not an App administrator", line.identifier);
            return Err(Refusal::new(code::NOT_ADMINISTRATOR, info));
        }
        Ok(())
    }

    fn shared(&self) -> MutexGuard<'_, Shared> {
        self.shared.lock().unwrap_or_else(PoisonError::into_inner)
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
