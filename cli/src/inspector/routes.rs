//! The routes: JSON in, JSON out.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::{get, post};
use axum::{Router, middleware};
use serde::{Deserialize, Serialize};

use super::journal::{Kind, Snapshot};
use super::refusal::{Refusal, json};
use super::{Inspector, assets, catalogue, check, deliver, guard, stream};
use crate::delivery::record::Delivery;

/// Bytes of a request's body: an event of the largest size, escaped.
const MAX_BODY: usize = 4 * 1024 * 1024;

#[derive(Serialize)]
struct Page {
    version: &'static str,
    sdk_app_ids: Vec<u32>,
    can_sign: bool,
    #[serde(flatten)]
    catalogue: catalogue::Catalogue,
    #[serde(flatten)]
    snapshot: Snapshot,
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
