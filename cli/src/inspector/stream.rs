//! Server-sent events: what happens, as it happens.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::{RawQuery, State};
use axum::http::HeaderMap;
use axum::response::sse::{Event, KeepAlive, Sse};
use futures_util::Stream;
use futures_util::stream::unfold;
use tokio::sync::watch;

use super::Inspector;
use super::journal::Entry;

/// How long it gathers what comes after something was sent: a flood arrives in parts that a page can show.
const PAUSE: Duration = Duration::from_millis(50);

/// A client that has lost the connection comes back after this time.
const RETRY: Duration = Duration::from_secs(1);

struct Listener {
    inspector: Arc<Inspector>,
    newest: watch::Receiver<Option<u64>>,
    seen: u64,
    waiting: VecDeque<Event>,
}

/// Sends what comes after the event of `Last-Event-ID` or `?after=`. To a client that knows another process's events it says `reset`.
pub async fn stream(
    State(inspector): State<Arc<Inspector>>,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let query = query.unwrap_or_default();
    let last = headers.get("last-event-id").and_then(|id| id.to_str().ok());
    let last = last.or_else(|| query.strip_prefix("after=")).unwrap_or_default();
    let seen = inspector.journal.sequence(last);
    let mut waiting = VecDeque::from([Event::default().retry(RETRY).comment("listening")]);
    if seen.is_none() {
        waiting.push_back(Event::default().event("reset").data("{}"));
    }
    let newest = inspector.journal.listen();
    let listener = Listener { inspector, newest, seen: seen.unwrap_or_default(), waiting };
    Sse::new(unfold(listener, Listener::next)).keep_alive(KeepAlive::default())
}

impl Listener {
    async fn next(mut self) -> Option<(Result<Event, Infallible>, Listener)> {
        loop {
            if let Some(event) = self.waiting.pop_front() {
                return Some((Ok(event), self));
            }
            if self.newest.borrow_and_update().is_none() {
                return None;
            }
            let entries = self.inspector.journal.after(self.seen);
            if let Some(last) = entries.last() {
                self.seen = last.sequence;
                self.waiting = entries.iter().map(|entry| self.event(entry)).collect();
                tokio::time::sleep(PAUSE).await;
            } else if self.newest.changed().await.is_err() {
                return None;
            }
        }
    }

    fn event(&self, entry: &Entry) -> Event {
        let id = self.inspector.journal.event_id(entry.sequence);
        Event::default().event(entry.kind.name()).id(id).data(entry.json.get())
    }
}
