//! Sends a world's events over a number of connections.

use std::pin::pin;
use std::thread;

use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use super::disorder::Room;
use super::queue::{Pace, Queue, Turn};
use super::report::Verdict;
use crate::delivery::record::{Attempt, Clock, Delivery, Event, Sign, judge};
use crate::delivery::tally::Outcome;
use crate::delivery::{Background, Lost, Query, Sender, Signed, reply};
use crate::ending;
use crate::failure::{Failure, Result};
use crate::target::Destination;

/// Where and how events are sent.
pub struct Sending<'a> {
    pub destination: &'a Destination,
    pub token: Option<&'a str>,
    pub connections: usize,
    pub retries: u64,
    pub pace: Pace,
    /// Tells an emulator's page of each delivery.
    pub reporter: Option<Background>,
}

impl Sending<'_> {
    /// Sends all of it, and hands over the verdict on each event as it is known. A signal ends it early; whether it did is returned.
    pub fn run<'r>(&self, rooms: &'r [Room], mut take: impl FnMut(Verdict<'r>)) -> Result<bool> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_io().build();
        let runtime =
            runtime.map_err(|error| Failure::operation(format!("cannot start: {error}")))?;
        let interrupt = {
            let _runtime = runtime.enter();
            ending::asked_for()?
        };
        let queue = Queue::new(rooms, self.pace);
        let sender = Sender::with_connections(self.connections);
        let (giver, verdicts) = unbounded_channel();
        thread::scope(|scope| {
            for _ in 0..self.connections.min(rooms.len()) {
                let giver = giver.clone();
                let (queue, sender) = (&queue, &sender);
                scope.spawn(move || self.work(queue, sender, &giver));
            }
            // The channel ends when the last of the threads does.
            drop(giver);
            runtime.block_on(collect(&queue, verdicts, interrupt, &mut take));
        });
        Ok(queue.is_stopped())
    }

    fn work<'r>(
        &self,
        queue: &Queue<'r>,
        sender: &Sender,
        verdicts: &UnboundedSender<Verdict<'r>>,
    ) {
        while let Some(turn) = queue.next() {
            let verdict = self.deliver(queue, sender, &turn);
            queue.done(&turn);
            // Nobody is gone who would read it: the receiver outlives the threads.
            let _ = verdicts.send(verdict);
        }
    }

    fn deliver<'r>(&self, queue: &Queue<'r>, sender: &Sender, turn: &Turn<'r>) -> Verdict<'r> {
        let (room, post) = (turn.room, turn.post);
        let event = &room.events[post.event];
        let query = Query {
            sdk_app_id: self.destination.sdk_app_id,
            word: event.word,
            client_ip: &event.client_ip,
            platform: event.platform,
            signed: self.token.map_or(Signed::No, Signed::With),
        };
        let (mut retries, mut attempts) = (0, Vec::new());
        loop {
            // Each time with a RequestTime of its own.
            let url = query.url(&self.destination.url);
            let clock = Clock::start();
            let result = sender.post(&url, event.body.as_bytes());
            if self.reporter.is_some() {
                let judged = judge(&result, &[]);
                attempts.push(clock.attempt(&url, result.as_ref().ok(), &judged));
            }
            let is_late = result.as_ref().is_err_and(Lost::was_late);
            if is_late && retries < self.retries && !queue.is_stopped() {
                retries += 1;
                continue;
            }
            let outcome = Outcome::of(result, |reply| reply::check(reply.status, &reply.body));
            self.report(&query, &event.body, attempts);
            return Verdict { room, event, outcome, retries };
        }
    }

    fn report(&self, query: &Query<'_>, body: &str, attempts: Vec<Attempt>) {
        let Some(reporter) = &self.reporter else { return };
        let event = Event {
            sdk_app_id: query.sdk_app_id,
            command: query.word.to_owned(),
            to: self.destination.url.clone(),
            client_ip: query.client_ip.to_owned(),
            platform: query.platform.to_owned(),
            sign: if self.token.is_some() { Sign::Token } else { Sign::No },
            expect: Vec::new(),
            body: body.to_owned(),
        };
        reporter.report(Delivery { source: "scenario".to_owned(), event, attempts });
    }
}

async fn collect<'r>(
    queue: &Queue<'r>,
    mut verdicts: UnboundedReceiver<Verdict<'r>>,
    interrupt: impl Future<Output = ()>,
    take: &mut impl FnMut(Verdict<'r>),
) {
    let mut interrupt = pin!(interrupt);
    let mut is_awaited = true;
    loop {
        tokio::select! {
            verdict = verdicts.recv() => match verdict {
                Some(verdict) => take(verdict),
                None => return,
            },
            () = &mut interrupt, if is_awaited => {
                is_awaited = false;
                queue.stop();
            }
        }
    }
}
