//! The delivery of one event, from its arrival to its answer, as a state machine that does no I/O and does not wait.
//!
//! Whoever drives it asks for the next [`Step`], does what it says, and reports what came of it. The claims of a receiver
//! inside its process drive it, and so does every adapter to a store that processes share. That a 200 means that somebody
//! has the event is decided here and nowhere else.

#[cfg(test)]
mod model;

/// A moment, or a length of time, in milliseconds, on a clock that does not go back.
pub type Milliseconds = u64;

/// Identifies one claim: random or counted, never used for a second claim.
pub type Token = u128;

/// The time limits of a delivery. With a store, `lease` less its drift must be longer than
/// `store`, `hand_over` and all commits together, or events are handed over twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Timing {
    /// Limit for the answer, counted from the arrival of the request.
    pub answer: Milliseconds,
    /// Limit for one operation of the store.
    pub store: Milliseconds,
    /// How often a claim whose reply is missing is sent.
    pub claim_tries: u32,
    /// How often a commit whose reply is missing is sent before the answer.
    pub commit_tries: u32,
    /// Limit for handing over to a sink. `None`: the handler runs as long as it likes, and the claim is renewed meanwhile.
    pub hand_over: Option<Milliseconds>,
    /// How long the store keeps a claim that is not renewed. `None`: as long as its owner lives.
    pub lease: Option<Milliseconds>,
    /// How often a claim is renewed while its event is handed over.
    pub renewal: Milliseconds,
    /// First pause before a busy key is claimed again; it doubles from then on. `None`: busy is answered at once.
    pub back_off: Option<Milliseconds>,
    /// How long an unknown result is waited for.
    pub listen: Milliseconds,
    /// Drift of the store's clock against this one, in thousandths.
    pub drift: u32,
}

impl Timing {
    /// Inside one process: claims cost no time and need no lease.
    pub const IN_PROCESS: Timing = Timing {
        answer: 1_500,
        store: 0,
        claim_tries: 1,
        commit_tries: 1,
        hand_over: None,
        lease: None,
        renewal: 0,
        back_off: None,
        listen: 60_000,
        drift: 0,
    };

    /// What an operation of the store, the hand-over and the commit take at most.
    fn after_claim(&self) -> Milliseconds {
        self.hand_over.unwrap_or(0) + u64::from(self.commit_tries) * self.store
    }

    /// When a claim that was sent at this moment may have ended, by the store's clock at its fastest.
    fn lease_end(&self, sent: Milliseconds) -> Option<Milliseconds> {
        let drifted =
            |lease: Milliseconds| lease * u64::from(1_000 - self.drift.min(1_000)) / 1_000;
        self.lease.map(|lease| sent.saturating_add(drifted(lease)))
    }
}

/// What to do next.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Step {
    /// Send a claim with this token; report [`Report::Claim`].
    Claim(Token),
    /// Hand the event over; report [`Report::HandedOver`]. Ask for further steps meanwhile.
    HandOver,
    /// Send a renewal of this claim; its reply changes nothing.
    Renew(Token),
    /// Send a commit; report [`Report::Commit`].
    Commit(Token),
    /// Send a release; its reply is not waited for.
    Release(Token),
    /// Give the answer to the vendor. The delivery may go on after it.
    Answer(Answer),
    /// Nothing to do until something is reported or, if there is one, until this moment.
    Wait(Option<Milliseconds>),
    /// The delivery is over.
    End,
}

/// The answer to the vendor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Answer {
    /// 200: somebody has the event.
    Ok,
    /// 503, or 200 once the event is in a spool on disk that survives a crash: nobody has it yet.
    Keep,
}

/// What the store says to a claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ClaimReply {
    /// The key is claimed with this token.
    New,
    /// The event is done.
    Done,
    /// Another claim holds the key.
    Busy,
    /// No reply in time, or the store cannot hold one more claim.
    Missing,
}

/// What came of handing over an event.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Settlement {
    /// The host, or its sink, has the event: it is answered with 200, and copies of it are done.
    Taken = 1,
    /// Nothing happened: it is answered with 503, and the next copy of it is new.
    Refused = 2,
    /// It cannot be known, as after a timeout towards a sink: it is answered with 503, and copies of it are busy until it is settled
    /// again or 60 s have passed.
    Unknown = 3,
}

/// What came of a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Report {
    /// Of [`Step::Claim`].
    Claim(ClaimReply),
    /// Of [`Step::HandOver`]; after [`Settlement::Unknown`] another may follow.
    HandedOver(Settlement),
    /// Of [`Step::Commit`]: whether a reply came. What it says (mine or not mine) is for statistics.
    Commit { is_answered: bool },
}

/// One delivery. Made by [`DeliveryMachine::new`] when the request arrives.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct DeliveryMachine {
    timing: Timing,
    arrived: Milliseconds,
    state: State,
    /// The answer is due, or was given.
    answer: Pending,
    back_off: Milliseconds,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Pending {
    None,
    Due(Answer),
    Given,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum State {
    /// A claim is to be sent: with a token of its own, or with that of the claim whose reply is missing.
    Claim {
        repeated: Option<Claim>,
    },
    /// Its reply is awaited.
    Claiming(Claim),
    /// Another delivery of the event is under way.
    Busy {
        until: Milliseconds,
    },
    /// The event is to be handed over.
    HandOver(Claim),
    /// It is being handed over.
    HandingOver {
        claim: Claim,
        renew_at: Milliseconds,
    },
    /// Whether it was taken is not known yet.
    Listening {
        claim: Claim,
        renew_at: Milliseconds,
        until: Milliseconds,
    },
    /// A commit is to be sent.
    Commit {
        claim: Claim,
        tries: u32,
    },
    /// Its reply is awaited.
    Committing {
        claim: Claim,
        tries: u32,
    },
    /// The claim is to be given up.
    Release(Claim),
    Ended,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Claim {
    token: Token,
    /// When it was sent first, which is no later than the start of its lease.
    sent: Milliseconds,
    tries: u32,
}

impl DeliveryMachine {
    /// The delivery of an event whose request arrived at this moment.
    pub fn new(timing: Timing, arrived: Milliseconds) -> DeliveryMachine {
        DeliveryMachine {
            timing,
            arrived,
            state: State::Claim { repeated: None },
            answer: Pending::None,
            back_off: timing.back_off.unwrap_or(0),
        }
    }

    /// What to do next. `new_token` is called for each new claim.
    pub fn next(&mut self, now: Milliseconds, new_token: impl FnOnce() -> Token) -> Step {
        if let Pending::Due(answer) = self.answer {
            // A release goes out before the answer, so that the vendor's next copy does not find the key claimed.
            if !matches!(self.state, State::Release(_)) {
                self.answer = Pending::Given;
                return Step::Answer(answer);
            }
        }
        match self.state {
            State::Claim { repeated } => {
                let mut claim =
                    repeated.unwrap_or_else(|| Claim { token: new_token(), sent: now, tries: 0 });
                claim.tries += 1;
                self.state = State::Claiming(claim);
                Step::Claim(claim.token)
            }
            State::Claiming(_) | State::Committing { .. } => Step::Wait(None),
            State::Busy { until } if now < until => Step::Wait(Some(until)),
            State::Busy { .. } => {
                self.state = State::Claim { repeated: None };
                self.next(now, new_token)
            }
            State::HandOver(claim) => {
                self.state = State::HandingOver { claim, renew_at: self.renewal_after(now) };
                Step::HandOver
            }
            State::HandingOver { claim, renew_at } => {
                let answer_at = self.arrived.saturating_add(self.timing.answer);
                if self.answer == Pending::None && now >= answer_at {
                    // The claim stays: what the handler comes to settles it.
                    self.answer = Pending::Given;
                    return Step::Answer(Answer::Keep);
                }
                if now >= renew_at {
                    self.state = State::HandingOver { claim, renew_at: self.renewal_after(now) };
                    return Step::Renew(claim.token);
                }
                let is_open = self.answer == Pending::None;
                Step::Wait(earliest(is_open.then_some(answer_at), renew_at))
            }
            State::Listening { until, .. } if now >= until => {
                // Neither release nor commit: the lease ends by itself.
                self.state = State::Ended;
                Step::End
            }
            State::Listening { claim, renew_at, until } => {
                if now >= renew_at {
                    let renew_at = self.renewal_after(now);
                    self.state = State::Listening { claim, renew_at, until };
                    return Step::Renew(claim.token);
                }
                Step::Wait(earliest(Some(until), renew_at))
            }
            State::Commit { claim, tries } => {
                self.state = State::Committing { claim, tries: tries + 1 };
                Step::Commit(claim.token)
            }
            State::Release(claim) => {
                self.state = State::Ended;
                Step::Release(claim.token)
            }
            State::Ended => Step::End,
        }
    }

    /// Takes what came of a step. A report that does not belong to the state, such as a second settlement, changes nothing; then
    /// this returns false.
    pub fn report(&mut self, now: Milliseconds, report: Report) -> bool {
        match (report, self.state) {
            (Report::Claim(reply), State::Claiming(claim)) => self.claimed(now, claim, reply),
            (
                Report::HandedOver(settlement),
                State::HandingOver { claim, .. } | State::Listening { claim, .. },
            ) => self.settled(now, claim, settlement),
            (Report::Commit { is_answered }, State::Committing { claim, tries }) => {
                if is_answered {
                    self.state = State::Ended;
                } else {
                    self.state = State::Commit { claim, tries };
                }
                // The sink has the event, whatever the store remembers of it.
                if is_answered || tries >= self.timing.commit_tries {
                    self.answer_with(Answer::Ok);
                }
            }
            _ => return false,
        }
        true
    }

    /// Whether the event is being handed over, and nothing has been reported of it yet.
    pub fn is_handed_over(&self) -> bool {
        matches!(self.state, State::HandingOver { .. })
    }

    fn claimed(&mut self, now: Milliseconds, claim: Claim, reply: ClaimReply) {
        let timing = &self.timing;
        match reply {
            ClaimReply::New => {
                let is_late = timing
                    .lease_end(claim.sent)
                    .is_some_and(|end| now + timing.after_claim() > end);
                if is_late { self.give_up(claim) } else { self.state = State::HandOver(claim) }
            }
            ClaimReply::Done => {
                self.state = State::Ended;
                self.answer_with(Answer::Ok);
            }
            ClaimReply::Busy => {
                let claims = u64::from(timing.claim_tries) * timing.store;
                let next = self.back_off + claims + timing.after_claim();
                let is_time = now.saturating_sub(self.arrived) + next <= timing.answer;
                if timing.back_off.is_some() && is_time {
                    self.state = State::Busy { until: now + self.back_off };
                    self.back_off *= 2;
                } else {
                    self.state = State::Ended;
                    self.answer_with(Answer::Keep);
                }
            }
            ClaimReply::Missing if claim.tries < timing.claim_tries => {
                self.state = State::Claim { repeated: Some(claim) };
            }
            // The claim may have been made all the same.
            ClaimReply::Missing => self.give_up(claim),
        }
    }

    fn settled(&mut self, now: Milliseconds, claim: Claim, settlement: Settlement) {
        match settlement {
            Settlement::Taken => self.state = State::Commit { claim, tries: 0 },
            Settlement::Refused => self.give_up(claim),
            Settlement::Unknown => {
                if let State::HandingOver { renew_at, .. } = self.state {
                    let until = now + self.timing.listen;
                    self.state = State::Listening { claim, renew_at, until };
                }
                self.answer_with(Answer::Keep);
            }
        }
    }

    fn give_up(&mut self, claim: Claim) {
        self.state = State::Release(claim);
        self.answer_with(Answer::Keep);
    }

    fn answer_with(&mut self, answer: Answer) {
        if self.answer == Pending::None {
            self.answer = Pending::Due(answer);
        }
    }

    fn renewal_after(&self, now: Milliseconds) -> Milliseconds {
        match self.timing.lease {
            Some(_) => now.saturating_add(self.timing.renewal),
            None => Milliseconds::MAX,
        }
    }
}

/// The earlier of a moment, if there is one, and a renewal, if there is ever to be one.
fn earliest(moment: Option<Milliseconds>, renew_at: Milliseconds) -> Option<Milliseconds> {
    let renewal = (renew_at != Milliseconds::MAX).then_some(renew_at);
    moment.into_iter().chain(renewal).min()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// For UIKit and Chat: the vendor waits 2 s.
    const TIMING: Timing = Timing {
        answer: 1_500,
        store: 200,
        claim_tries: 1,
        commit_tries: 1,
        hand_over: Some(500),
        lease: Some(12_000),
        renewal: 3_000,
        back_off: Some(20),
        listen: 60_000,
        drift: 10,
    };

    struct Driven {
        machine: DeliveryMachine,
        now: Milliseconds,
        tokens: Token,
    }

    impl Driven {
        fn with(timing: Timing) -> Driven {
            Driven { machine: DeliveryMachine::new(timing, 0), now: 0, tokens: 0 }
        }

        fn new() -> Driven {
            Driven::with(TIMING)
        }

        fn at(&mut self, now: Milliseconds) -> &mut Driven {
            self.now = now;
            self
        }

        fn next(&mut self) -> Step {
            let tokens = &mut self.tokens;
            self.machine.next(self.now, || {
                *tokens += 1;
                *tokens
            })
        }

        fn report(&mut self, report: Report) -> &mut Driven {
            assert!(self.machine.report(self.now, report), "{report:?}");
            self
        }

        fn claim(&mut self, reply: ClaimReply) -> &mut Driven {
            self.report(Report::Claim(reply))
        }

        fn settle(&mut self, settlement: Settlement) -> &mut Driven {
            self.report(Report::HandedOver(settlement))
        }

        fn commit(&mut self, is_answered: bool) -> &mut Driven {
            self.report(Report::Commit { is_answered })
        }

        /// Everything that is to be done now.
        fn steps(&mut self) -> Vec<Step> {
            let mut steps = vec![self.next()];
            while !matches!(
                steps[steps.len() - 1],
                Step::Claim(_) | Step::HandOver | Step::Commit(_) | Step::Wait(_) | Step::End
            ) {
                steps.push(self.next());
            }
            steps
        }
    }

    fn handed_over() -> Driven {
        let mut driven = Driven::new();
        assert_eq!(driven.next(), Step::Claim(1));
        assert_eq!(driven.claim(ClaimReply::New).next(), Step::HandOver);
        driven
    }

    #[test]
    fn an_event_that_is_taken_is_committed_before_it_is_answered_with_200() {
        let mut driven = handed_over();
        assert_eq!(driven.settle(Settlement::Taken).next(), Step::Commit(1));
        assert_eq!(driven.commit(true).steps(), [Step::Answer(Answer::Ok), Step::End]);
    }

    #[test]
    fn an_event_that_is_refused_is_released_before_the_vendor_is_asked_to_send_it_again() {
        let mut driven = handed_over();
        let steps = driven.settle(Settlement::Refused).steps();
        assert_eq!(steps, [Step::Release(1), Step::Answer(Answer::Keep), Step::End]);
    }

    #[test]
    fn a_timeout_towards_the_sink_releases_nothing_and_a_late_result_settles() {
        for (late, step) in
            [(Settlement::Taken, Step::Commit(1)), (Settlement::Refused, Step::Release(1))]
        {
            let mut driven = handed_over();
            let steps = driven.at(500).settle(Settlement::Unknown).steps();
            assert_eq!(steps, [Step::Answer(Answer::Keep), Step::Wait(Some(3_000))]);
            assert_eq!(driven.at(3_000).steps(), [Step::Renew(1), Step::Wait(Some(6_000))]);
            assert_eq!(driven.settle(late).next(), step);
        }
    }

    #[test]
    fn a_result_that_never_comes_is_waited_for_a_minute_and_then_the_lease_ends() {
        let mut driven = handed_over();
        driven.at(500).settle(Settlement::Unknown).steps();
        driven.at(60_499).steps();
        assert_eq!(driven.at(60_500).steps(), [Step::End]);
        assert!(!driven.machine.report(60_501, Report::HandedOver(Settlement::Taken)));
    }

    #[test]
    fn busy_is_never_answered_with_200_and_looked_at_again_while_there_is_time() {
        let mut driven = Driven::new();
        let mut now = 0;
        let mut tokens = Vec::new();
        loop {
            match driven.at(now).next() {
                Step::Claim(token) => {
                    tokens.push(token);
                    driven.claim(ClaimReply::Busy);
                }
                Step::Wait(Some(until)) => now = until,
                Step::Answer(answer) => break assert_eq!(answer, Answer::Keep),
                step => panic!("{step:?}"),
            }
        }
        // 20, 40, 80 and 160 ms; after 320 ms more, claim, hand-over and commit would not fit into 1.5 s.
        assert_eq!(tokens, [1, 2, 3, 4, 5], "a token of its own for each claim");
        assert_eq!(now, 300);
        assert_eq!(driven.next(), Step::End);
    }

    #[test]
    fn a_claim_without_a_reply_is_released_since_it_may_have_been_made() {
        let mut driven = Driven::new();
        assert_eq!(driven.next(), Step::Claim(1));
        let steps = driven.claim(ClaimReply::Missing).steps();
        assert_eq!(steps, [Step::Release(1), Step::Answer(Answer::Keep), Step::End]);
    }

    #[test]
    fn a_claim_is_repeated_with_the_same_token() {
        let mut driven = Driven::with(Timing { claim_tries: 2, ..TIMING });
        assert_eq!(driven.next(), Step::Claim(1));
        assert_eq!(driven.claim(ClaimReply::Missing).next(), Step::Claim(1));
        assert_eq!(driven.claim(ClaimReply::Missing).next(), Step::Release(1));
    }

    #[test]
    fn a_host_that_wakes_too_late_to_hand_over_within_its_lease_releases() {
        let mut driven = Driven::new();
        driven.next();
        // 12 s less 1 % of drift, less 0.5 s for the sink and 0.2 s for the commit.
        assert_eq!(driven.at(11_181).claim(ClaimReply::New).next(), Step::Release(1));
        let mut driven = Driven::new();
        driven.next();
        assert_eq!(driven.at(11_180).claim(ClaimReply::New).next(), Step::HandOver);
    }

    #[test]
    fn a_handler_that_outlives_the_answer_keeps_its_claim_and_settles_it() {
        let mut driven = Driven::with(Timing { hand_over: None, ..TIMING });
        driven.next();
        driven.claim(ClaimReply::New).next();
        assert_eq!(driven.at(1_499).steps(), [Step::Wait(Some(1_500))]);
        let late = driven.at(1_500).steps();
        assert_eq!(late, [Step::Answer(Answer::Keep), Step::Wait(Some(3_000))]);
        assert_eq!(driven.at(3_000).steps(), [Step::Renew(1), Step::Wait(Some(6_000))]);
        assert_eq!(driven.at(5_000).settle(Settlement::Taken).next(), Step::Commit(1));
        assert_eq!(driven.commit(true).steps(), [Step::End], "answered already");
    }

    #[test]
    fn a_commit_without_a_reply_is_answered_with_200_and_repeated_and_never_released() {
        let mut driven = handed_over();
        assert_eq!(driven.settle(Settlement::Taken).next(), Step::Commit(1));
        let steps = driven.commit(false).steps();
        assert_eq!(steps, [Step::Answer(Answer::Ok), Step::Commit(1)]);
        for _ in 0..100 {
            assert_eq!(driven.commit(false).next(), Step::Commit(1));
        }
        assert_eq!(driven.commit(true).steps(), [Step::End]);
    }

    #[test]
    fn an_event_that_is_done_is_answered_with_200() {
        let mut driven = Driven::new();
        driven.next();
        let steps = driven.claim(ClaimReply::Done).steps();
        assert_eq!(steps, [Step::Answer(Answer::Ok), Step::End]);
    }

    #[test]
    fn what_is_settled_cannot_be_settled_again() {
        let mut driven = handed_over();
        driven.settle(Settlement::Refused);
        for settlement in [Settlement::Taken, Settlement::Refused, Settlement::Unknown] {
            assert!(!driven.machine.report(0, Report::HandedOver(settlement)));
        }
    }
}
