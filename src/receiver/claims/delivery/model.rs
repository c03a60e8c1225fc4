//! The machine against every behaviour of a store, a sink and two hosts that it may meet, as far as the budget of faults reaches.
//!
//! Two copies of one event, one host each. After every step anything may happen next that the protocol allows for: a reply
//! is lost, an operation of the store is not carried out, the sink takes the event and its acknowledgement is lost or late, time
//! passes, a host dies. Explored without repetition, so that what holds here holds in every order of those.

#![allow(clippy::print_stdout)]

use std::collections::HashSet;

use super::*;

const TIMING: Timing = Timing {
    answer: 6,
    store: 1,
    claim_tries: 1,
    commit_tries: 1,
    hand_over: Some(1),
    lease: Some(4),
    renewal: 2,
    back_off: Some(2),
    listen: 3,
    drift: 0,
};

#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
enum Key {
    Absent,
    Claimed { token: Token, until: Milliseconds },
    Done,
}

#[derive(Clone, PartialEq, Eq, Hash, Debug)]
struct Host {
    machine: DeliveryMachine,
    is_alive: bool,
    is_over: bool,
    answer: Option<Answer>,
    /// It handed the event over, and the sink has not said what became of it.
    is_handing_over: bool,
    /// The sink has taken the event, and the host has not heard of it.
    is_unheard: bool,
}

#[derive(Clone, PartialEq, Eq, Hash, Debug)]
struct World {
    now: Milliseconds,
    key: Key,
    next_token: Token,
    hosts: [Host; 2],
    taken: u8,
    /// Faults that may still happen.
    faults: u8,
    /// What the guarantee excuses a second hand-over with has happened.
    is_excused: bool,
}

/// No more time passes; replies may still arrive.
const END: Milliseconds = 8;

impl World {
    fn new(faults: u8) -> World {
        let host = || Host {
            machine: DeliveryMachine::new(TIMING, 0),
            is_alive: true,
            is_over: false,
            answer: None,
            is_handing_over: false,
            is_unheard: false,
        };
        World {
            now: 0,
            key: Key::Absent,
            next_token: 1,
            hosts: [host(), host()],
            taken: 0,
            faults,
            is_excused: false,
        }
    }

    fn with(&self, change: impl FnOnce(&mut World)) -> World {
        let mut next = self.clone();
        change(&mut next);
        next
    }

    /// The same world with one fault more, if there may be one.
    fn faulty(&self, is_excused: bool, change: impl FnOnce(&mut World)) -> Option<World> {
        (self.faults > 0).then(|| {
            self.with(|world| {
                world.faults -= 1;
                world.is_excused |= is_excused;
                change(world);
            })
        })
    }

    fn report(&mut self, host: usize, report: Report) {
        let now = self.now;
        assert!(self.hosts[host].machine.report(now, report), "{report:?} was not expected");
    }

    fn expire(&mut self) {
        if matches!(self.key, Key::Claimed { until, .. } if until < self.now) {
            self.key = Key::Absent;
            // Its owner stalled, or listens no more.
            self.is_excused = true;
        }
    }

    fn claim(&mut self, token: Token) -> ClaimReply {
        let lease = Key::Claimed { token, until: self.now + TIMING.lease.unwrap() };
        match self.key {
            Key::Done => return ClaimReply::Done,
            Key::Claimed { token: holder, .. } if holder != token => return ClaimReply::Busy,
            _ => self.key = lease,
        }
        ClaimReply::New
    }

    /// Every world that may follow.
    fn successors(&self) -> Vec<World> {
        let mut found = Vec::new();
        if self.now < END {
            found.push(self.with(|world| {
                world.now += 1;
                world.expire();
            }));
        }
        for host in 0..2 {
            if self.hosts[host].is_alive {
                self.of_host(host, &mut found);
            }
        }
        found
    }

    fn of_host(&self, host: usize, found: &mut Vec<World>) {
        // It dies; whatever it was doing stays half done.
        found.extend(self.faulty(true, |world| world.hosts[host].is_alive = false));
        if self.hosts[host].is_handing_over {
            self.of_sink(host, found);
        }
        if self.hosts[host].is_over {
            return;
        }
        let mut world = self.clone();
        let token = world.next_token;
        let step = world.hosts[host].machine.next(world.now, || token);
        match step {
            Step::Wait(_) if world == *self => {}
            Step::Wait(_) => found.push(world),
            Step::Claim(token) => {
                world.next_token = world.next_token.max(token + 1);
                found.push(world.with(|world| {
                    let reply = world.claim(token);
                    world.report(host, Report::Claim(reply));
                }));
                found.extend(world.faulty(false, |world| {
                    world.report(host, Report::Claim(ClaimReply::Missing));
                }));
                found.extend(world.faulty(false, |world| {
                    world.claim(token);
                    world.report(host, Report::Claim(ClaimReply::Missing));
                }));
            }
            Step::HandOver => {
                world.hosts[host].is_handing_over = true;
                found.push(world);
            }
            Step::Commit(_) => {
                let report = |is_answered| Report::Commit { is_answered };
                found.push(world.with(|world| {
                    world.key = Key::Done;
                    world.report(host, report(true));
                }));
                found.extend(world.faulty(true, |world| world.report(host, report(false))));
                found.extend(world.faulty(true, |world| {
                    world.key = Key::Done;
                    world.report(host, report(false));
                }));
            }
            Step::Renew(token) => {
                let is_mine =
                    matches!(world.key, Key::Claimed { token: holder, .. } if holder == token);
                found.extend(world.faulty(true, |_| {}));
                if is_mine {
                    world.claim(token);
                }
                found.push(world);
            }
            Step::Release(token) => {
                found.extend(world.faulty(false, |_| {}));
                if matches!(world.key, Key::Claimed { token: holder, .. } if holder == token) {
                    world.key = Key::Absent;
                }
                found.push(world);
            }
            Step::Answer(answer) => {
                assert_eq!(world.hosts[host].answer, None, "one answer to a request");
                world.hosts[host].answer = Some(answer);
                found.push(world);
            }
            Step::End => {
                world.hosts[host].is_over = true;
                found.push(world);
            }
        }
    }

    fn of_sink(&self, host: usize, found: &mut Vec<World>) {
        let settle = |world: &mut World, settlement| {
            world.hosts[host].is_handing_over = settlement == Settlement::Unknown;
            let now = world.now;
            world.hosts[host].machine.report(now, Report::HandedOver(settlement))
        };
        if !self.hosts[host].is_unheard {
            found.push(self.with(|world| {
                world.taken += 1;
                settle(world, Settlement::Taken);
            }));
            found.extend(self.faulty(false, |world| {
                settle(world, Settlement::Refused);
            }));
            // It is taken, and the acknowledgement does not arrive in time.
            found.extend(self.faulty(true, |world| {
                world.taken += 1;
                world.hosts[host].is_unheard = true;
                settle(world, Settlement::Unknown);
            }));
            found.extend(self.faulty(true, |world| {
                settle(world, Settlement::Unknown);
            }));
        } else {
            found.push(self.with(|world| {
                world.hosts[host].is_unheard = false;
                settle(world, Settlement::Taken);
            }));
        }
    }

    fn check(&self) {
        let is_acknowledged = self.hosts.iter().any(|host| host.answer == Some(Answer::Ok));
        assert!(!is_acknowledged || self.taken > 0, "lost after a 200: {self:#?}");
        assert!(self.taken <= 1 || self.is_excused, "handed over twice: {self:#?}");
    }
}

fn explore(faults: u8) -> usize {
    let mut seen = HashSet::new();
    let mut open = vec![World::new(faults)];
    while let Some(world) = open.pop() {
        if seen.contains(&world) {
            continue;
        }
        world.check();
        open.extend(world.successors());
        seen.insert(world);
    }
    seen.len()
}

#[test]
#[cfg_attr(miri, ignore = "hours under Miri")]
fn whatever_fails_no_event_is_lost_after_a_200_and_none_is_handed_over_twice_without_a_cause() {
    let limit = std::env::var("TC_MODEL_FAULTS").ok().and_then(|count| count.parse().ok());
    // `make soak` explores two: 1.4 million states.
    for faults in 0..=limit.unwrap_or(1) {
        let count = explore(faults);
        println!("{faults} faults: {count} states");
    }
}
