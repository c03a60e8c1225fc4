//! Names to addresses, without a thread on a warm call.

use std::collections::HashMap;
use std::fmt;
use std::net::{IpAddr, SocketAddr, ToSocketAddrs};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use ureq::config::Config;
use ureq::http::Uri;
use ureq::unversioned::resolver::{ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::NextTimeout;

use super::aside::{Aside, Ended};
use super::cancel::Cancelled;
use super::exchange;

/// How long an answer is used again.
const KEPT_FOR: Duration = Duration::from_secs(60);
/// How long a look-up is joined instead of begun anew: the longest that the system's own takes where nobody configured it.
const JOINED_FOR: Duration = Duration::from_secs(30);
const MOST_ADDRESSES: usize = 16;

/// Remembers names. A name that is not remembered is looked up on a thread that lives for that look-up only, since the
/// system's own function cannot be given a deadline. Calls that want the same name share it, or each that times out would leave
/// another thread behind.
#[derive(Clone, Default)]
pub(super) struct CachingResolver(Arc<Mutex<HashMap<String, Known>>>);

struct Known {
    since: Instant,
    state: LookUp,
}

#[derive(Clone)]
enum LookUp {
    Running(Arc<Aside<Found>>),
    Done(Vec<SocketAddr>),
}

/// The addresses, or why there are none in the system's words.
type Found = Result<Vec<SocketAddr>, String>;

/// Why a look-up failed, in the system's words.
#[derive(Debug)]
pub(super) struct LookupFailed(String);

impl fmt::Display for LookupFailed {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl std::error::Error for LookupFailed {}

impl CachingResolver {
    /// Looks names up again from now on: an address that was remembered did not answer.
    pub(super) fn forget(&self) {
        self.known().retain(|_, entry| matches!(entry.state, LookUp::Running(_)));
    }

    fn known(&self) -> MutexGuard<'_, HashMap<String, Known>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn look_up(&self, name: String, within: Duration) -> Result<Vec<SocketAddr>, ureq::Error> {
        let running = match self.begun(&name)? {
            LookUp::Done(addresses) => return Ok(addresses),
            LookUp::Running(running) => running,
        };
        match running.wait(within, &exchange::cancels(), |found| found.clone()) {
            Ok(Ok(addresses)) => {
                let state = LookUp::Done(addresses.clone());
                self.known().insert(name, Known { since: Instant::now(), state });
                Ok(addresses)
            }
            Ok(Err(text)) => {
                self.known().remove(&name);
                Err(ureq::Error::Other(Box::new(LookupFailed(text))))
            }
            Err(Ended::TimedOut) => Err(ureq::Error::Timeout(ureq::Timeout::Resolve)),
            Err(Ended::Cancelled) => Err(Cancelled::error()),
        }
    }

    /// What is known of a name, of which a look-up is begun if that is nothing.
    fn begun(&self, name: &str) -> Result<LookUp, ureq::Error> {
        let mut known = self.known();
        let usable = |entry: &&Known| match entry.state {
            LookUp::Done(_) => entry.since.elapsed() < KEPT_FOR,
            LookUp::Running(_) => entry.since.elapsed() < JOINED_FOR,
        };
        if let Some(entry) = known.get(name).filter(usable) {
            return Ok(entry.state.clone());
        }
        let wanted = name.to_owned();
        let work = move || match wanted.to_socket_addrs() {
            Ok(addresses) => Ok(addresses.collect()),
            Err(error) => Err(error.to_string()),
        };
        let running = Aside::start("tc-lookup", work).map_err(|error| {
            let why = format!("the system starts no thread for it: {error}");
            ureq::Error::Other(Box::new(LookupFailed(why)))
        })?;
        let state = LookUp::Running(running);
        let entry = Known { since: Instant::now(), state: state.clone() };
        known.insert(name.to_owned(), entry);
        Ok(state)
    }
}

impl Resolver for CachingResolver {
    fn resolve(
        &self,
        uri: &Uri,
        _: &Config,
        timeout: NextTimeout,
    ) -> Result<ResolvedSocketAddrs, ureq::Error> {
        let host = uri.host().ok_or(ureq::Error::HostNotFound)?;
        let default_port = if uri.scheme_str() == Some("http") { 80 } else { 443 };
        let port = uri.port_u16().unwrap_or(default_port);
        let bare = host.trim_start_matches('[').trim_end_matches(']');
        let addresses = match bare.parse::<IpAddr>() {
            Ok(ip) => vec![SocketAddr::new(ip, port)],
            Err(_) => {
                let timeout = exchange::limited_to_connecting(timeout);
                let within = timeout.map_or(Duration::ZERO, |timeout| *timeout.after);
                self.look_up(format!("{host}:{port}"), within)?
            }
        };
        let mut resolved = self.empty();
        addresses.into_iter().take(MOST_ADDRESSES).for_each(|address| resolved.push(address));
        match resolved.is_empty() {
            true => Err(ureq::Error::HostNotFound),
            false => Ok(resolved),
        }
    }
}

impl fmt::Debug for CachingResolver {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("CachingResolver")
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    /// Resolves a name that the hosts file has.
    fn resolve(resolver: &CachingResolver, url: &str, within: Duration) -> Vec<SocketAddr> {
        let timeout = NextTimeout { after: within.into(), ..NextTimeout::default() };
        let config = Config::builder().build();
        resolver.resolve(&url.parse().unwrap(), &config, timeout).unwrap().to_vec()
    }

    #[test]
    fn a_name_is_looked_up_once_and_an_address_never() {
        let resolver = CachingResolver::default();
        let found = resolve(&resolver, "http://localhost:81/", Duration::from_secs(10));
        assert!(found.iter().all(|address| address.ip().is_loopback() && address.port() == 81));
        // No time is left for a look-up, so these can only come from memory and from the text itself.
        assert_eq!(resolve(&resolver, "http://localhost:81/", Duration::ZERO), found);
        let address = |url| resolve(&resolver, url, Duration::ZERO)[0].to_string();
        assert_eq!(address("https://192.0.2.7/"), "192.0.2.7:443");
        assert_eq!(address("http://[2001:db8::1]:9/"), "[2001:db8::1]:9");
        assert_eq!(resolver.known().len(), 1);
        resolver.forget();
        assert_eq!(resolver.known().len(), 0);
    }
}
