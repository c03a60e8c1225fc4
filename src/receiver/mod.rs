//! Inbound: from a request of Tencent's to the answer that it expects.
//!
//! [`Receiver::handle`] checks size, query, SDKAppID, Sign with RequestTime, parses, and looks for duplicates, in this order. The
//! [`Outcome`] has the HTTP status and the body to answer with; a host that sends them has done all that Tencent asks.

mod duplicates;
mod hex;
mod options;
mod reply;
mod sign;

use std::time::{SystemTime, UNIX_EPOCH};

use crate::error::{Error, Message, Result, Status};
use crate::event::query::Query;
use crate::event::{self, DuplicateKey, Event, ParsedEvent};
use crate::fork::PerProcess;

use duplicates::DuplicateWindow;
pub use options::Options;
pub use reply::{CONTENT_TYPE, Reply};
use sign::Signer;

/// A request as the host's HTTP server received it.
#[derive(Clone, Copy, Debug, Default)]
pub struct Request<'a> {
    /// The URL's query, percent-encoded as received; a whole path or URL will do.
    pub query: &'a [u8],
    /// The raw body: not what a framework made of it.
    pub body: &'a [u8],
    /// Seconds since 1970; `None` reads the system's clock.
    pub now_s: Option<i64>,
}

/// What to answer, and what was received.
#[derive(Debug)]
pub struct Outcome {
    /// HTTP status to answer with: 200, 400, 403 or 413.
    pub http_status: u16,
    /// JSON to answer with, as [`CONTENT_TYPE`].
    pub reply: Reply,
    /// Whether this callback has been delivered before; it is parsed all the same.
    pub is_duplicate: bool,
    /// The event, or why there is none.
    pub event: Result<ParsedEvent>,
}

/// Checks and parses what Tencent posts to one application. Any number of threads may use it at once.
pub struct Receiver {
    options: Options,
    signers: Vec<Signer>,
    duplicates: PerProcess<DuplicateWindow>,
}

impl Receiver {
    /// A receiver with these options.
    ///
    /// # Errors
    ///
    /// `InvalidOption`, naming the option.
    pub fn new(options: Options) -> Result<Receiver> {
        options.check()?;
        let signers = options.tokens.iter().map(|token| Signer::new(token)).collect();
        Ok(Receiver { options, signers, duplicates: PerProcess::new() })
    }

    /// Takes one request. Neither waits nor does any I/O.
    pub fn handle(&self, request: &Request<'_>) -> Outcome {
        let now_s = request.now_s.unwrap_or_else(system_now_s);
        match self.accept(request, now_s) {
            Ok(event) => Outcome {
                http_status: 200,
                reply: Reply::Ok,
                is_duplicate: self.is_duplicate(&event, now_s),
                event: Ok(event),
            },
            Err(error) => Outcome {
                http_status: reply::http_status(error.status()),
                reply: Reply::refusal(&error),
                is_duplicate: false,
                event: Err(error),
            },
        }
    }

    /// Forgets that the event with this duplicate key has been delivered: for a host that could not take it and answers so, in
    /// order that the vendor's next delivery is not marked as a duplicate.
    pub fn forget(&self, duplicate_key: DuplicateKey) {
        if let Some(window) = self.window() {
            window.forget(duplicate_key);
        }
    }

    fn accept(&self, request: &Request<'_>, now_s: i64) -> Result<ParsedEvent> {
        let options = &self.options;
        event::check_size(request.body, &options.limits)?;
        let query = Query::parse(request.query)?;
        check_app(&query, options.sdk_app_id)?;
        sign::check(&query, &self.signers, now_s, options.sign_tolerance_s)?;
        event::parse_body(&query, request.body, &options.limits)
    }

    fn is_duplicate(&self, event: &Event, now_s: i64) -> bool {
        let Some(window) = self.window() else { return false };
        event.duplicate_key().is_some_and(|key| window.has_seen(key, now_s))
    }

    /// `None` if duplicates are not marked, or if there is no memory for it.
    fn window(&self) -> Option<&DuplicateWindow> {
        let options = &self.options;
        let new = || DuplicateWindow::new(options.duplicate_count, options.duplicate_seconds);
        options.marks_duplicates().then(|| self.duplicates.get_or_init(new)).flatten()
    }
}

fn check_app(query: &Query<'_>, expected: u32) -> Result<()> {
    match query.sdk_app_id {
        Some(found) if found == expected => Ok(()),
        Some(found) => {
            let message = Message::from(format_args!(
                "the callback is for SDKAppID {found}, not for {expected}"
            ));
            Err(Error::new(Status::WrongApp, message))
        }
        None => Err(Error::new(
            Status::MalformedQuery,
            "the URL query has no SdkAppid: pass the query as received, behind the '?'",
        )),
    }
}

fn system_now_s() -> i64 {
    // A clock before 1970 makes every Sign stale, which is the safe side.
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .ok()
        .and_then(|elapsed| i64::try_from(elapsed.as_secs()).ok())
        .unwrap_or(0)
}
