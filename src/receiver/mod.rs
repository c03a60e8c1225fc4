//! Inbound: from a request of Tencent's to the answer that it expects.
//!
//! [`Receiver::handle`] checks size, query, SDKAppID, Sign with RequestTime, parses, and claims the event, in this order. A host
//! hands a [`Delivery::New`] event to whoever wants it, settles the [`Outcome`] with what became of it, and sends the HTTP status and
//! the body that the outcome then has. An event is answered with 200 only when somebody has it.

mod claims;
mod handling;
mod hex;
mod options;
mod reply;
mod sign;

use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use crate::error::{Error, Message, Result, Status};
use crate::event::query::Query;
use crate::event::{self, ParsedEvent};

pub use claims::delivery::Settlement;
use claims::{Claimed, Claims};
pub use handling::Delivery;
pub(crate) use handling::Handling;
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

/// What to answer, and what was received. Dropping one that was not settled releases its event: the next copy of it is new.
#[derive(Debug)]
pub struct Outcome {
    /// HTTP status to answer with: 200, 400, 403, 413 or 503.
    pub http_status: u16,
    /// JSON to answer with, as [`CONTENT_TYPE`].
    pub reply: Reply,
    /// The event, or why there is none.
    pub event: Result<ParsedEvent>,
    /// Whether the event is to be handled, and what became of it.
    pub(crate) handling: Handling,
}

impl Outcome {
    fn of(event: ParsedEvent, handling: Handling) -> Outcome {
        let (http_status, reply) = handling.answer();
        Outcome { http_status, reply, event: Ok(event), handling }
    }

    fn rejected(error: Error) -> Outcome {
        Outcome {
            http_status: reply::http_status(error.status()),
            reply: Reply::refusal(&error),
            event: Err(error),
            handling: Handling::nothing(Delivery::Rejected),
        }
    }

    /// Whether the event is to be handled.
    pub fn delivery(&self) -> Delivery {
        self.handling.delivery()
    }

    /// Reports what became of a new event, which decides the answer: 200 for [`Settlement::Taken`], otherwise 503. It may be done from
    /// another thread, and after the answer has been sent. After [`Settlement::Unknown`] it may be done once more.
    ///
    /// # Errors
    ///
    /// `InvalidArgument` if the delivery is not new, if it was settled otherwise, or if the event has a key and the process forked from
    /// the one that received it. Nothing has changed then.
    pub fn settle(&mut self, settlement: Settlement) -> Result<()> {
        self.handling.settle(settlement)?;
        (self.http_status, self.reply) = self.handling.answer();
        Ok(())
    }
}

/// Checks and parses what Tencent posts to one application. Any number of threads may use it at once.
pub struct Receiver {
    options: Options,
    signers: Vec<Signer>,
    /// `None` if the window is switched off: every event is new.
    claims: Option<Arc<Claims>>,
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
        let (count, seconds) = (options.duplicate_count, options.duplicate_seconds);
        let claims = options.has_window().then(|| Arc::new(Claims::new(count, seconds)));
        Ok(Receiver { options, signers, claims })
    }

    /// Takes one request. Neither waits nor does any I/O.
    pub fn handle(&self, request: &Request<'_>) -> Outcome {
        let now_s = request.now_s.unwrap_or_else(system_now_s);
        let event = match self.accept(request, now_s) {
            Ok(event) => event,
            Err(error) => return Outcome::rejected(error),
        };
        // The key is computed only if there is somebody to ask for it.
        let claims = self.claims.as_ref();
        let key = claims.and_then(|claims| Some((claims, event.duplicate_key()?)));
        let handling = match key.map(|(claims, key)| claims.claim(key, now_s)) {
            None => Handling::nothing(Delivery::New),
            Some(Claimed::New(claim)) => Handling::of(claim),
            Some(Claimed::Done) => Handling::nothing(Delivery::Done),
            Some(Claimed::Busy) => Handling::nothing(Delivery::Busy),
        };
        Outcome::of(event, handling)
    }

    fn accept(&self, request: &Request<'_>, now_s: i64) -> Result<ParsedEvent> {
        let options = &self.options;
        event::check_size(request.body, &options.limits)?;
        let query = Query::parse(request.query)?;
        check_app(&query, options.sdk_app_id)?;
        sign::check(&query, &self.signers, now_s, options.sign_tolerance_s)?;
        event::parse_body(&query, request.body, &options.limits)
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
