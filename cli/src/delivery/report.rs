//! Tells an emulator of deliveries that others made, so that its page shows them too.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use ureq::Agent;

use super::record::Delivery;

/// Nobody waits long for a page.
const TIMEOUT: Duration = Duration::from_millis(500);

/// Reports to one emulator. May be shared by threads.
pub struct Reporter {
    agent: Agent,
    url: String,
    is_heard: AtomicBool,
}

impl Reporter {
    /// A reporter to the REST API at `endpoint`; `None` unless that is plain HTTP: an emulator, not Tencent.
    pub fn new(endpoint: &str) -> Option<Reporter> {
        if !endpoint.starts_with("http://") {
            return None;
        }
        let config = Agent::config_builder().timeout_global(Some(TIMEOUT)).proxy(None);
        Some(Reporter {
            agent: config.build().into(),
            url: format!("{}/inspector/deliveries", endpoint.trim_end_matches('/')),
            is_heard: AtomicBool::new(true),
        })
    }

    /// Reports a delivery. Where nobody takes the first one, no other is tried: a page is no reason to fail or to be slow.
    pub fn report(&self, delivery: &Delivery) {
        if !self.is_heard.load(Ordering::Relaxed) {
            return;
        }
        let body = serde_json::to_vec(delivery).unwrap_or_default();
        let request = self.agent.post(&self.url).header("Content-Type", "application/json");
        if request.send(&body).is_err() {
            self.is_heard.store(false, Ordering::Relaxed);
        }
    }
}
