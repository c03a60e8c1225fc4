//! Names to addresses, without a thread on a warm call.

use std::collections::HashMap;
use std::fmt;
use std::io;
use std::net::{IpAddr, SocketAddr, ToSocketAddrs};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use ureq::config::Config;
use ureq::http::Uri;
use ureq::unversioned::resolver::{ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::NextTimeout;

use super::aside::{self, Ended};
use super::cancel::{Cancelled, Cancels};

/// How long an answer is used again.
const KEPT_FOR: Duration = Duration::from_secs(60);
const MOST_ADDRESSES: usize = 16;

/// Remembers names. A name that is not remembered is looked up on a thread that lives for that look-up only, since the
/// system's own function cannot be given a deadline.
#[derive(Clone, Default)]
pub(super) struct CachingResolver(Arc<Mutex<HashMap<String, Known>>>);

#[derive(Clone)]
struct Known {
    addresses: Vec<SocketAddr>,
    since: Instant,
}

/// Why a look-up failed, in the system's words.
#[derive(Debug)]
pub(super) struct LookupFailed(pub(super) io::Error);

impl fmt::Display for LookupFailed {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

impl std::error::Error for LookupFailed {}

impl CachingResolver {
    /// Looks names up again from now on: an address that was remembered did not answer.
    pub(super) fn forget(&self) {
        self.known().clear();
    }

    fn known(&self) -> MutexGuard<'_, HashMap<String, Known>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn remembered(&self, host_and_port: &str) -> Option<Vec<SocketAddr>> {
        let known = self.known();
        let entry = known.get(host_and_port)?;
        (entry.since.elapsed() < KEPT_FOR).then(|| entry.addresses.clone())
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
                let name = format!("{host}:{port}");
                match self.remembered(&name) {
                    Some(addresses) => addresses,
                    None => {
                        let addresses = look_up(name.clone(), &timeout)?;
                        let entry = Known { addresses: addresses.clone(), since: Instant::now() };
                        self.known().insert(name, entry);
                        addresses
                    }
                }
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

fn look_up(name: String, timeout: &NextTimeout) -> Result<Vec<SocketAddr>, ureq::Error> {
    let work = move || name.to_socket_addrs().map(Iterator::collect);
    match aside::run("tc-lookup", *timeout.after, &Cancels::current(), work) {
        Ok(Ok(addresses)) => Ok(addresses),
        Ok(Err(error)) => Err(ureq::Error::Other(Box::new(LookupFailed(error)))),
        Err(Ended::TimedOut) => Err(ureq::Error::Timeout(ureq::Timeout::Resolve)),
        Err(Ended::Cancelled) => Err(Cancelled::before_sending()),
        Err(Ended::Failed(error)) => Err(error.into()),
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
