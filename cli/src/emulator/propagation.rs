//! What is in effect: a change is answered at once, and may take effect later.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use super::configuration::{Change, Configurations};

/// The configurations that are in effect, and the changes on their way.
pub struct Propagation {
    delay: Duration,
    in_effect: Configurations,
    /// With the time at which each takes effect, the next one first.
    on_the_way: VecDeque<(Instant, Change)>,
}

impl Propagation {
    /// A change takes effect so much later.
    pub fn new(in_effect: Configurations, delay: Duration) -> Propagation {
        Propagation { delay, in_effect, on_the_way: VecDeque::new() }
    }

    /// Sends a change on its way.
    pub fn send(&mut self, change: Change, now: Instant) {
        self.on_the_way.push_back((now + self.delay, change));
    }

    /// What is in effect now.
    pub fn in_effect(&mut self, now: Instant) -> &Configurations {
        let due = self.on_the_way.iter().take_while(|(time, _)| *time <= now).count();
        for (_, change) in self.on_the_way.drain(..due) {
            self.in_effect.apply(&change);
        }
        &self.in_effect
    }
}

#[cfg(test)]
mod tests {
    use tc_callback::catalog::Product;

    use super::*;
    use crate::emulator::Configuration;

    fn to(url: &str) -> Change {
        let configuration = Configuration { url: url.to_owned(), commands: Vec::new() };
        Change { sdk_app_id: 7, product: Product::Call, configuration: Some(configuration) }
    }

    #[test]
    fn changes_take_effect_in_their_order_each_after_the_delay() {
        let second = Duration::from_secs(1);
        let start = Instant::now();
        let mut propagation = Propagation::new(Configurations::default(), 2 * second);
        propagation.send(to("a"), start);
        propagation.send(to("b"), start + second);
        propagation.send(Change { configuration: None, ..to("") }, start + 2 * second);
        let mut urls_at = |time| {
            let known = propagation.in_effect(time).all().iter();
            known.map(|known| known.configuration.url.clone()).collect::<Vec<_>>()
        };
        assert!(urls_at(start + second).is_empty());
        assert_eq!(urls_at(start + 2 * second), ["a"]);
        assert_eq!(urls_at(start + 3 * second), ["b"]);
        assert!(urls_at(start + 4 * second).is_empty());
    }

    #[test]
    fn without_a_delay_a_change_is_in_effect_at_once() {
        let now = Instant::now();
        let mut propagation = Propagation::new(Configurations::default(), Duration::ZERO);
        propagation.send(to("a"), now);
        assert_eq!(propagation.in_effect(now).all().len(), 1);
    }
}
