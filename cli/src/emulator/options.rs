//! What an emulator is and whom it lets in.

use std::net::SocketAddr;

use zeroize::Zeroizing;

use super::configuration::Change;
use super::service::LogLine;

/// The vendor's limit for each API, in requests per second.
pub const REQUESTS_PER_SECOND: u32 = 200;

type Observers<T> = Vec<Box<T>>;

/// What the emulator is and whom it lets in.
#[must_use]
pub struct Options {
    pub(super) listen: SocketAddr,
    pub(super) sdk_app_ids: Vec<u32>,
    pub(super) key: Zeroizing<String>,
    pub(super) administrators: Vec<String>,
    pub(super) requests_per_second: u32,
    pub(super) request_observers: Observers<dyn Fn(&LogLine<'_>) + Send + Sync>,
    pub(super) change_observers: Observers<dyn Fn(&Change) + Send + Sync>,
}

impl Options {
    /// A free port on loopback, SDKAppID 1400000000 with this secret key, the account `administrator`, the vendor's limit.
    pub fn new(key: impl Into<String>) -> Options {
        Options {
            listen: SocketAddr::from(([127, 0, 0, 1], 0)),
            sdk_app_ids: vec![1400000000],
            key: Zeroizing::new(key.into()),
            administrators: vec!["administrator".to_owned()],
            requests_per_second: REQUESTS_PER_SECOND,
            request_observers: Vec::new(),
            change_observers: Vec::new(),
        }
    }

    /// Address to listen on; port 0 takes a free one.
    pub fn listen(mut self, address: SocketAddr) -> Options {
        self.listen = address;
        self
    }

    /// The applications that exist, instead of 1400000000; they share the key.
    pub fn sdk_app_ids(mut self, ids: impl IntoIterator<Item = u32>) -> Options {
        self.sdk_app_ids = ids.into_iter().collect();
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

    /// Calls `observer` for each answered request, on the emulator's thread. There can be several.
    pub fn on_request(
        mut self,
        observer: impl Fn(&LogLine<'_>) + Send + Sync + 'static,
    ) -> Options {
        self.request_observers.push(Box::new(observer));
        self
    }

    /// Calls `observer` for each change of a configuration, before the request's own observers. There can be several.
    pub fn on_change(mut self, observer: impl Fn(&Change) + Send + Sync + 'static) -> Options {
        self.change_observers.push(Box::new(observer));
        self
    }
}
