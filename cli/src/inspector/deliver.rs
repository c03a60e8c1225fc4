//! Sends events for the page. Each attempt is in the journal as soon as it has ended.

use std::sync::Arc;

use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use tc_callback::config::check_url;
use tokio::task::spawn_blocking;

use super::Inspector;
use super::journal::Kind;
use super::refusal::Refusal;
use crate::delivery::record::{Delivery, Event, Sign};

/// More attempts than these are a mistake.
const MAX_RETRIES: u8 = 10;

/// An event to send.
#[derive(Deserialize)]
pub struct Order {
    /// Without `to` it goes where the command is registered to go.
    #[serde(flatten)]
    event: Event,
    /// How often it is sent again while no reply comes.
    #[serde(default)]
    retries: u8,
}

/// What the page shows of a delivery that it asked for.
#[derive(Serialize)]
struct Shown {
    #[serde(flatten)]
    delivery: Delivery,
    /// Whether another attempt is to come.
    is_pending: bool,
    /// The delivery whose event this is, sent again.
    resend_of: Option<u64>,
}

pub async fn trigger(inspector: Arc<Inspector>, order: Order) -> Result<Arc<RawValue>, Refusal> {
    let Order { mut event, retries } = order;
    if event.to.is_empty() {
        event.to = inspector
            .registered(event.sdk_app_id, &event.command)
            .map_err(|why| Refusal(StatusCode::CONFLICT, why))?;
    }
    send(inspector, event, retries, None).await
}

/// The same event to the same URL, with the Sign and the RequestTime of now.
pub async fn resend(inspector: Arc<Inspector>, number: u64) -> Result<Arc<RawValue>, Refusal> {
    let kept = inspector.journal.delivery(number);
    let kept = kept.and_then(|json| serde_json::from_str::<Delivery>(json.get()).ok());
    let Some(Delivery { event, .. }) = kept else {
        let why = format!("delivery {number} is no longer kept");
        return Err(Refusal(StatusCode::NOT_FOUND, why));
    };
    send(inspector, event, 0, Some(number)).await
}

async fn send(
    inspector: Arc<Inspector>,
    event: Event,
    retries: u8,
    resend_of: Option<u64>,
) -> Result<Arc<RawValue>, Refusal> {
    check(&inspector, &event, retries)?;
    // Goes on when the page has gone, so that what was sent is always in the journal.
    let sent = spawn_blocking(move || carry_out(&inspector, event, retries, resend_of)).await;
    sent.map_err(|error| Refusal(StatusCode::INTERNAL_SERVER_ERROR, error.to_string()))
}

fn check(inspector: &Inspector, event: &Event, retries: u8) -> Result<(), Refusal> {
    let refuse = |why: &str| Err(Refusal(StatusCode::BAD_REQUEST, why.to_owned()));
    if let Err(error) = check_url("the URL", &event.to) {
        return refuse(error.message());
    }
    if event.command.is_empty() {
        return refuse("the event has no command");
    }
    if event.sign == Sign::Token && inspector.options.token.is_none() {
        return refuse(
            "there is no token to sign with: start `emulate` with TC_TOKEN or --token-file, or send it unsigned",
        );
    }
    match retries {
        0..=MAX_RETRIES => Ok(()),
        _ => refuse("more than 10 retries"),
    }
}

fn carry_out(
    inspector: &Inspector,
    event: Event,
    retries: u8,
    resend_of: Option<u64>,
) -> Arc<RawValue> {
    let delivery = Delivery { source: "page".to_owned(), event, attempts: Vec::new() };
    let mut shown = Shown { delivery, is_pending: true, resend_of };
    let number = inspector.journal.add(Kind::Delivery, &shown);
    let token = inspector.options.token.as_ref().map(|token| token.as_str());
    loop {
        let delivery = &mut shown.delivery;
        let attempt = delivery.event.post(&inspector.sender, &delivery.event.url(token));
        let is_answered = attempt.reply.is_some();
        delivery.attempts.push(attempt);
        shown.is_pending = !is_answered && delivery.attempts.len() <= usize::from(retries);
        let json = inspector.journal.replace(number, &shown);
        if !shown.is_pending {
            return json;
        }
    }
}
