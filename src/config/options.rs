//! What a client can be told.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use zeroize::Zeroizing;

use crate::catalog::Region;
use crate::error::{Error, Message, Result, Status};
use crate::usersig::Key;

use super::log::{Log, LogFn};

/// Options of a [`Client`](super::Client). The setters take anything; `Client::new` checks it all and names the setter at fault.
#[derive(Clone, Debug)]
pub struct Options {
    pub(super) sdk_app_id: u32,
    pub(super) key: Option<Key>,
    pub(super) usersig: Option<ReadyUserSig>,
    pub(super) administrator: String,
    pub(super) region: Region,
    pub(super) endpoint: Option<String>,
    pub(super) connect_timeout_ms: u64,
    pub(super) timeout_ms: u64,
    pub(super) attempts: u32,
    pub(super) rate_limit: u32,
    pub(super) usersig_lifetime_s: u64,
    pub(super) ca_file: Option<PathBuf>,
    pub(super) crl_file: Option<PathBuf>,
    pub(super) proxy: Option<ProxyUrl>,
    pub(super) user_agent: String,
    pub(super) allow_unknown_commands: bool,
    pub(super) log: Log,
}

/// A UserSig that the host signed itself; `Debug` does not show it.
#[derive(Clone)]
pub(super) struct ReadyUserSig(pub(super) Arc<Zeroizing<String>>);

/// The URL of a proxy, which may hold a password; `Debug` does not show it.
#[derive(Clone)]
pub(super) struct ProxyUrl(pub(super) Zeroizing<String>);

macro_rules! hide_in_debug {
    ($($name:ident),*) => {$(
        impl std::fmt::Debug for $name {
            fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str(concat!(stringify!($name), "(..)"))
            }
        }
    )*};
}
hide_in_debug!(ReadyUserSig, ProxyUrl);

impl Options {
    /// Options for this SDKAppID with everything else at its default.
    pub fn new(sdk_app_id: u32) -> Options {
        Options {
            sdk_app_id,
            key: None,
            usersig: None,
            administrator: "administrator".to_owned(),
            region: Region::Singapore,
            endpoint: None,
            connect_timeout_ms: 3_000,
            timeout_ms: 10_000,
            attempts: 3,
            rate_limit: 200,
            usersig_lifetime_s: 86_400,
            ca_file: None,
            crl_file: None,
            proxy: None,
            user_agent: concat!("tc-callback/", env!("CARGO_PKG_VERSION")).to_owned(),
            allow_unknown_commands: false,
            log: Log::default(),
        }
    }

    /// The key to sign UserSigs with. Either this or [`Options::set_usersig`] must be set.
    pub fn set_key(&mut self, key: Key) -> &mut Options {
        self.key = Some(key);
        self
    }

    /// A ready UserSig of the administrator, for hosts that may not hold the key. It cannot be renewed by the client.
    pub fn set_usersig(&mut self, usersig: impl Into<String>) -> &mut Options {
        self.usersig = Some(ReadyUserSig(Arc::new(Zeroizing::new(usersig.into()))));
        self
    }

    /// The App administrator's account, in whose name the calls are made. Default `administrator`.
    pub fn set_administrator(&mut self, account: impl Into<String>) -> &mut Options {
        self.administrator = account.into();
        self
    }

    /// The data centre of the SDKAppID. Default [`Region::Singapore`].
    pub fn set_region(&mut self, region: Region) -> &mut Options {
        self.region = region;
        self
    }

    /// Any other host, instead of a region: `host`, `https://host:port`, or `http://127.0.0.1:9000` for the emulator.
    pub fn set_endpoint(&mut self, endpoint: impl Into<String>) -> &mut Options {
        self.endpoint = Some(endpoint.into());
        self
    }

    /// How long all of it may take to make a connection, name look-ups, a proxy and TLS included: 1 to 3600000 ms, default 3000.
    pub fn set_connect_timeout_ms(&mut self, timeout_ms: u64) -> &mut Options {
        self.connect_timeout_ms = timeout_ms;
        self
    }

    /// The deadline of one call, with its retries, waits and the several requests of ensure: 1 to 3600000 ms, default 10000.
    pub fn set_timeout_ms(&mut self, timeout_ms: u64) -> &mut Options {
        self.timeout_ms = timeout_ms;
        self
    }

    /// How often one request may be sent at most, with a renewed UserSig too: 1 to 10, default 3.
    pub fn set_attempts(&mut self, attempts: u32) -> &mut Options {
        self.attempts = attempts;
        self
    }

    /// Requests a second that this client sends at most to each API (each operation of each product). 0 is no limit.
    /// Default 200, which is Tencent's own limit.
    pub fn set_rate_limit(&mut self, requests_per_second: u32) -> &mut Options {
        self.rate_limit = requests_per_second;
        self
    }

    /// How long a UserSig that the client signs is valid: 60 to 315360000 s (ten years), default 86400. It is renewed before its end.
    pub fn set_usersig_lifetime_s(&mut self, lifetime_s: u64) -> &mut Options {
        self.usersig_lifetime_s = lifetime_s;
        self
    }

    /// A PEM file with the authorities to trust, instead of the system's.
    pub fn set_ca_file(&mut self, path: impl AsRef<Path>) -> &mut Options {
        self.ca_file = Some(path.as_ref().to_owned());
        self
    }

    /// A PEM file with lists of revoked certificates (X.509 CRLs), which are then refused. There must be a list of each authority in the
    /// server's chain, and none may have run out: what no list speaks of is refused too. A client reads the file when it is made and
    /// at its first call; make another when there are newer lists. Without one, revocation is not checked.
    pub fn set_crl_file(&mut self, path: impl AsRef<Path>) -> &mut Options {
        self.crl_file = Some(path.as_ref().to_owned());
        self
    }

    /// The URL of an HTTP proxy that understands CONNECT: `http://[user:password@]host:port`, or `https` for one that
    /// is itself reached in TLS. Proxy variables of the environment are not obeyed.
    pub fn set_proxy(&mut self, url: impl Into<String>) -> &mut Options {
        self.proxy = Some(ProxyUrl(Zeroizing::new(url.into())));
        self
    }

    /// The `User-Agent` header: visible ASCII. Default `tc-callback/<version>`.
    pub fn set_user_agent(&mut self, user_agent: impl Into<String>) -> &mut Options {
        self.user_agent = user_agent.into();
        self
    }

    /// Whether command words are sent that this release does not know or that belong to another product. Default false.
    pub fn set_allow_unknown_commands(&mut self, allow: bool) -> &mut Options {
        self.allow_unknown_commands = allow;
        self
    }

    /// Takes a line for each attempt, retry and renewed UserSig. Runs on the calling thread, with no lock held.
    pub fn set_log(&mut self, log: Arc<LogFn>) -> &mut Options {
        self.log = Log(Some(log));
        self
    }
}

pub(super) fn invalid<T>(message: impl Into<Message>) -> Result<T> {
    Err(Error::new(Status::InvalidOption, message))
}
