//! What a client keeps between calls. A forked child keeps its own.

use once_cell::sync::OnceCell;

use crate::error::Result;

use super::limiter::Limiters;
use super::settings::Settings;
use super::transport::Transport;
use super::usersig_cache::UserSigCache;

pub(super) struct State {
    pub(super) limiters: Limiters,
    pub(super) usersig: UserSigCache,
    transport: OnceCell<Transport>,
}

impl State {
    pub(super) fn new(settings: &Settings) -> State {
        State {
            limiters: Limiters::new(settings.rate_limit),
            usersig: UserSigCache::default(),
            transport: OnceCell::new(),
        }
    }

    /// Made on the first call: reading the trust store takes longer than all else that a client does when it is made.
    pub(super) fn transport(&self, settings: &Settings) -> Result<&Transport> {
        self.transport.get_or_try_init(|| Transport::new(settings))
    }
}
