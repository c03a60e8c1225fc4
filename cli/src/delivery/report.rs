//! Tells an emulator of deliveries that others made, so that its page shows them too.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{SyncSender, sync_channel};
use std::thread::{self, JoinHandle};
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

/// Deliveries that wait to be reported.
const MOST_WAITING: usize = 500;

/// Reports from a thread of its own, so that who sends many need not wait. When it is dropped, what waits is reported.
pub struct Background {
    waiting: Option<SyncSender<Delivery>>,
    thread: Option<JoinHandle<()>>,
}

impl Background {
    pub fn new(reporter: Reporter) -> Background {
        let (waiting, deliveries) = sync_channel(MOST_WAITING);
        let report_all = move || deliveries.iter().for_each(|delivery| reporter.report(&delivery));
        Background { waiting: Some(waiting), thread: Some(thread::spawn(report_all)) }
    }

    /// Reports a delivery soon, or leaves it out when too many wait.
    pub fn report(&self, delivery: Delivery) {
        if let Some(waiting) = &self.waiting {
            let _ = waiting.try_send(delivery);
        }
    }
}

impl Drop for Background {
    fn drop(&mut self) {
        // Ends the thread's work.
        self.waiting = None;
        let _ = self.thread.take().map(JoinHandle::join);
    }
}
