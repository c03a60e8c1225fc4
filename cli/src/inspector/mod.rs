//! The page that `tc-callback emulate` serves at its root: what is configured, what was asked of the REST API, what was delivered
//! and what came back; and a form that sends any event.
//!
//! ```text
//! GET  /                                page, its parts below /page/
//! GET  /inspector/state                 everything there is to show, and the id of the last event
//! GET  /inspector/stream?after=<id>     what comes after it, as server-sent events
//! POST /inspector/check                 what is wrong with a body, with line and column
//! POST /inspector/trigger               sends an event
//! POST /inspector/deliveries            takes a delivery that another process made
//! POST /inspector/deliveries/<n>/resend sends a delivery's event again
//! ```

mod assets;
mod catalogue;
mod check;
mod deliver;
mod guard;
mod journal;
mod stream;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::extract::{DefaultBodyLimit, Path, State};
use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Router, body::Bytes, middleware};
use serde::{Deserialize, Serialize};
use tc_callback::catalog::{Command, Product};
use zeroize::Zeroizing;

use crate::clock;
use crate::delivery::Sender;
use crate::delivery::record::Delivery;
use crate::emulator::{Change, Configured, LogLine};
use journal::{Journal, Kind};

/// Bytes of a request's body: an event of the largest size, escaped.
const MAX_BODY: usize = 4 * 1024 * 1024;

/// What the page is told at its start.
pub struct Options {
    /// The applications that exist.
    pub sdk_app_ids: Vec<u32>,
    /// Signs what the page sends. It never reaches the page.
    pub token: Option<Zeroizing<String>>,
    /// Host names that the page may be opened under, besides localhost and addresses.
    pub hosts: Vec<String>,
}

/// What the page shows. It is told of what happens; it changes nothing.
pub struct Inspector {
    options: Options,
    journal: Journal,
    sender: Sender,
    configurations: Mutex<BTreeMap<(u32, &'static str), Configuration>>,
}

/// The configuration of one product of one application.
#[derive(Clone, Serialize)]
struct Configuration {
    sdk_app_id: u32,
    product: &'static str,
    url: String,
    commands: Vec<String>,
}

#[derive(Serialize)]
struct Request<'a> {
    time_ms: u64,
    method: &'a str,
    path: &'a str,
    /// `None` if it was left without an answer.
    code: Option<i64>,
    info: &'a str,
    request_id: &'a str,
    /// What was put in the way of it.
    faults: Vec<String>,
}

#[derive(Serialize)]
struct Page {
    version: &'static str,
    sdk_app_ids: Vec<u32>,
    can_sign: bool,
    #[serde(flatten)]
    catalogue: catalogue::Catalogue,
    #[serde(flatten)]
    snapshot: journal::Snapshot,
}

/// Why the page is refused something: a sentence for it to show.
struct Refusal(StatusCode, String);

impl Inspector {
    pub fn new(options: Options) -> Inspector {
        Inspector {
            options,
            journal: Journal::new(),
            sender: Sender::new(),
            configurations: Mutex::default(),
        }
    }

    /// What is configured before the first change.
    pub fn configured(&self, all: Vec<Configured>) {
        for Configured { sdk_app_id, product, configuration, .. } in all {
            self.configure(sdk_app_id, product, Some((configuration.url, configuration.commands)));
        }
    }

    /// A configuration was set, updated or deleted.
    pub fn changed(&self, change: &Change) {
        let configuration = change.configuration.clone();
        let configuration = configuration.map(|to| (to.url, to.commands));
        self.configure(change.sdk_app_id, change.product, configuration);
    }

    /// The REST API answered a request.
    pub fn answered(&self, line: &LogLine<'_>) {
        let LogLine { method, path, code, info, request_id, faults, .. } = *line;
        let faults = faults.iter().map(ToString::to_string).collect();
        let time_ms = clock::now_ms().try_into().unwrap_or(u64::MAX);
        self.journal
            .add(Kind::Request, &Request { time_ms, method, path, code, info, request_id, faults });
    }

    /// Ends the streams, which else would never end.
    pub fn end(&self) {
        self.journal.end();
    }

    fn configure(&self, sdk_app_id: u32, product: Product, to: Option<(String, Vec<String>)>) {
        let mut configurations = self.configurations();
        let product = product.name();
        match to {
            Some((url, commands)) => {
                let configuration = Configuration { sdk_app_id, product, url, commands };
                configurations.insert((sdk_app_id, product), configuration);
            }
            None => drop(configurations.remove(&(sdk_app_id, product))),
        }
        self.journal.configure(&configurations.values().collect::<Vec<_>>());
    }

    /// The registered URL of the command's product, if the command is one of those that are sent there.
    fn registered(&self, sdk_app_id: u32, word: &str) -> Result<String, String> {
        let command = Command::from_word(word);
        let product = command.product().name();
        if command == Command::Unknown {
            return Err(format!("no product is known to have {word}: say which URL to send it to"));
        }
        let configurations = self.configurations();
        let Some(to) = configurations.get(&(sdk_app_id, product)) else {
            return Err(format!(
                "application {sdk_app_id} has no URL registered for {product}: register one, or say which URL to send it to"
            ));
        };
        if !to.commands.iter().any(|word| Command::from_word(word) == command) {
            let commands = to.commands.join(", ");
            return Err(format!(
                "{word} is not among the commands registered for {product}: {commands}"
            ));
        }
        Ok(to.url.clone())
    }

    fn configurations(&self) -> MutexGuard<'_, BTreeMap<(u32, &'static str), Configuration>> {
        self.configurations.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The page and what it asks for.
pub fn router(inspector: Arc<Inspector>) -> Router {
    let guard = middleware::from_fn_with_state(Arc::clone(&inspector), guard::guard);
    Router::new()
        .route("/inspector/state", get(state))
        .route("/inspector/stream", get(stream::stream))
        .route("/inspector/check", post(check))
        .route("/inspector/trigger", post(trigger))
        .route("/inspector/deliveries", post(report))
        .route("/inspector/deliveries/{number}/resend", post(resend))
        .layer(DefaultBodyLimit::max(MAX_BODY))
        .route_layer(guard)
        .with_state(inspector)
        .route("/", get(assets::index))
        .route("/page/{name}", get(assets::part))
}

async fn state(State(inspector): State<Arc<Inspector>>) -> Response {
    json(&Page {
        version: env!("CARGO_PKG_VERSION"),
        sdk_app_ids: inspector.options.sdk_app_ids.clone(),
        can_sign: inspector.options.token.is_some(),
        catalogue: catalogue::Catalogue::new(),
        snapshot: inspector.journal.snapshot(),
    })
}

#[derive(Deserialize)]
struct Draft {
    command: String,
    body: String,
}

async fn check(body: Bytes) -> Result<Response, Refusal> {
    let draft: Draft = read(&body)?;
    Ok(json(&check::check(&draft.command, &draft.body)))
}

async fn trigger(
    State(inspector): State<Arc<Inspector>>,
    body: Bytes,
) -> Result<Response, Refusal> {
    let order: deliver::Order = read(&body)?;
    deliver::trigger(inspector, order).await.map(|delivery| json(&delivery))
}

async fn resend(
    State(inspector): State<Arc<Inspector>>,
    Path(number): Path<u64>,
) -> Result<Response, Refusal> {
    deliver::resend(inspector, number).await.map(|delivery| json(&delivery))
}

async fn report(
    State(inspector): State<Arc<Inspector>>,
    body: Bytes,
) -> Result<StatusCode, Refusal> {
    let delivery: Delivery = read(&body)?;
    inspector.journal.add(Kind::Delivery, &delivery);
    Ok(StatusCode::NO_CONTENT)
}

fn read<'a, T: Deserialize<'a>>(body: &'a [u8]) -> Result<T, Refusal> {
    serde_json::from_slice(body)
        .map_err(|error| Refusal(StatusCode::BAD_REQUEST, format!("the request's body: {error}")))
}

fn json(value: &impl Serialize) -> Response {
    let headers = [(CONTENT_TYPE, "application/json"), (CACHE_CONTROL, "no-store")];
    (headers, serde_json::to_vec(value).unwrap_or_default()).into_response()
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let Refusal(status, problem) = self;
        (status, json(&serde_json::json!({ "problem": problem }))).into_response()
    }
}
