//! What an emulator is and whom it lets in.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use zeroize::Zeroizing;

use super::configuration::Change;
use super::injection::Injection;
use super::log_line::LogLine;

/// The vendor's limit for each API, in requests per second.
pub const REQUESTS_PER_SECOND: u32 = 200;

/// The application that exists unless others are named.
pub const SDK_APP_ID: u32 = 1400000000;

type Observers<T> = Vec<Box<T>>;

/// What the emulator is and whom it lets in.
#[must_use]
pub struct Options {
    pub(super) listen: SocketAddr,
    pub(super) keys: BTreeMap<u32, Zeroizing<String>>,
    pub(super) administrators: Vec<String>,
    pub(super) requests_per_second: u32,
    pub(super) injections: Vec<Injection>,
    pub(super) seed: Option<u64>,
    pub(super) state: Option<PathBuf>,
    pub(super) propagation: Duration,
    pub(super) request_observers: Observers<dyn Fn(&LogLine<'_>) + Send + Sync>,
    pub(super) change_observers: Observers<dyn Fn(&Change) + Send + Sync>,
}

impl Options {
    /// A free port on loopback, SDKAppID 1400000000 with this secret key, the account `administrator`, the vendor's limit.
    pub fn new(key: impl Into<String>) -> Options {
        Options {
            listen: SocketAddr::from(([127, 0, 0, 1], 0)),
            keys: BTreeMap::from([(SDK_APP_ID, Zeroizing::new(key.into()))]),
            administrators: vec!["administrator".to_owned()],
            requests_per_second: REQUESTS_PER_SECOND,
            injections: Vec::new(),
            seed: None,
            state: None,
            propagation: Duration::ZERO,
            request_observers: Vec::new(),
            change_observers: Vec::new(),
        }
    }

    /// Address to listen on; port 0 takes a free one.
    pub fn listen(mut self, address: SocketAddr) -> Options {
        self.listen = address;
        self
    }

    /// The applications that exist and the secret key of each, instead of 1400000000.
    pub fn apps<K: Into<String>>(mut self, apps: impl IntoIterator<Item = (u32, K)>) -> Options {
        let keys = apps.into_iter().map(|(id, key)| (id, Zeroizing::new(key.into())));
        self.keys = keys.collect();
        self
    }

    /// The accounts that may call the REST API, instead of `administrator`.
    pub fn administrators<T: Into<String>>(
        mut self,
        accounts: impl IntoIterator<Item = T>,
    ) -> Options {
        self.administrators = accounts.into_iter().map(Into::into).collect();
        self
    }

    /// Requests per second that each API takes before it answers 60007.
    pub fn requests_per_second(mut self, limit: u32) -> Options {
        self.requests_per_second = limit;
        self
    }

    /// Puts a fault in. There can be several; of each kind the first that meets a request counts.
    pub fn inject(mut self, injection: Injection) -> Options {
        self.injections.push(injection);
        self
    }

    /// Makes runs repeatable: the n-th request of two emulators with the same seed has the same RequestId and meets the same faults.
    pub fn seed(mut self, seed: u64) -> Options {
        self.seed = Some(seed);
        self
    }

    /// Lets a change take effect so much later than it is answered: until then reading and deliveries go by what was there before,
    /// while writing goes by what was written last. Default: at once.
    pub fn propagation(mut self, delay: Duration) -> Options {
        self.propagation = delay;
        self
    }

    /// Keeps the configurations in this JSON file: read at the start, written whole after each change. It holds no secret.
    /// No two emulators may have the same.
    pub fn state(mut self, file: impl Into<PathBuf>) -> Options {
        self.state = Some(file.into());
        self
    }

    /// Calls `observer` for each answered request, on the emulator's thread. There can be several.
    pub fn on_request(
        mut self,
        observer: impl Fn(&LogLine<'_>) + Send + Sync + 'static,
    ) -> Options {
        self.request_observers.push(Box::new(observer));
        self
    }

    /// Calls `observer` for each change of a configuration once it is in effect: without a delay before the request's own observers.
    /// There can be several.
    pub fn on_change(mut self, observer: impl Fn(&Change) + Send + Sync + 'static) -> Options {
        self.change_observers.push(Box::new(observer));
        self
    }
}
