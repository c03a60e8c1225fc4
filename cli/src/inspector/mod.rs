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
mod refusal;
mod routes;
mod stream;

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde::Serialize;
use tc_callback::catalog::{Command, Product};
use zeroize::Zeroizing;

use crate::clock;
use crate::delivery::Sender;
use crate::emulator::{Change, Configured, LogLine};
use journal::{Journal, Kind};
pub use routes::router;

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
        let product = command.listed_under().name();
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
