//! What goes wrong between the vendor and a host: events that come twice, late, in another order, or never.

use fastrand::Rng;
use serde::Serialize;

use super::text::Percent;
use super::world::Event;

/// How late a late event is, and how soon an event comes again, in milliseconds.
const LATE_MS: std::ops::RangeInclusive<u64> = 5000..=60_000;
const AGAIN_MS: std::ops::RangeInclusive<u64> = 1..=3000;

/// Shares of all events. An event suffers one of these at most.
#[derive(Clone, Copy, Debug, Default)]
pub struct Disorder {
    pub duplicates: Percent,
    pub reorder: Percent,
    pub late: Percent,
    pub lost: Percent,
}

/// How an event is sent.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Delivery {
    Sent,
    Duplicate,
    Reordered,
    Late,
    Lost,
}

/// One sending of an event.
pub struct Post {
    /// Which of the room's events.
    pub event: usize,
    /// When by the world's clock.
    pub time_ms: u64,
    pub delivery: Delivery,
}

/// A room's events, and their sendings in order.
pub struct Room {
    pub id: String,
    pub events: Vec<Event>,
    pub posts: Vec<Post>,
}

impl Disorder {
    /// The sum of the shares, in percent.
    pub fn sum(&self) -> f64 {
        [self.duplicates, self.reorder, self.late, self.lost].map(Percent::value).iter().sum()
    }

    /// Decides how the events of each room are sent.
    pub fn arrange(&self, rooms: Vec<(String, Vec<Event>)>, rng: &mut Rng) -> Vec<Room> {
        let mut deliveries: Vec<Vec<Delivery>> =
            rooms.iter().map(|(_, events)| vec![Delivery::Sent; events.len()]).collect();
        self.choose(&mut deliveries, rng);
        let room = |((id, events), deliveries): ((String, Vec<Event>), Vec<Delivery>)| {
            let posts = posts(&events, &deliveries, rng);
            Room { id, events, posts }
        };
        rooms.into_iter().zip(deliveries).map(room).collect()
    }

    fn choose(&self, deliveries: &mut [Vec<Delivery>], rng: &mut Rng) {
        let indexes = deliveries.iter().enumerate();
        let mut all: Vec<(usize, usize)> = indexes
            .flat_map(|(room, events)| (0..events.len()).map(move |event| (room, event)))
            .collect();
        rng.shuffle(&mut all);
        let count = all.len();
        let mut all = all.into_iter();
        for (share, delivery) in [
            (self.lost, Delivery::Lost),
            (self.late, Delivery::Late),
            (self.duplicates, Delivery::Duplicate),
        ] {
            for (room, event) in all.by_ref().take(share.of(count)) {
                deliveries[room][event] = delivery;
            }
        }
        let mut left = self.reorder.of(count);
        for (room, event) in all {
            if left > 0 && can_be_overtaken(&deliveries[room], event) {
                deliveries[room][event] = Delivery::Reordered;
                left -= 1;
            }
        }
    }
}

/// Whether the next event is sent in its time, and this one is not what the one before waits for.
fn can_be_overtaken(deliveries: &[Delivery], event: usize) -> bool {
    let in_time = |delivery| matches!(delivery, Delivery::Sent | Delivery::Duplicate);
    let is_awaited = event > 0 && deliveries[event - 1] == Delivery::Reordered;
    deliveries.get(event + 1).copied().is_some_and(in_time) && !is_awaited
}

fn posts(events: &[Event], deliveries: &[Delivery], rng: &mut Rng) -> Vec<Post> {
    let mut posts = Vec::with_capacity(events.len());
    for (event, delivery) in deliveries.iter().copied().enumerate() {
        let own_ms = events[event].time_ms;
        let mut post = |delivery, time_ms| posts.push(Post { event, time_ms, delivery });
        match delivery {
            Delivery::Sent | Delivery::Lost => post(delivery, own_ms),
            Delivery::Duplicate => {
                post(Delivery::Sent, own_ms);
                post(Delivery::Duplicate, own_ms + rng.u64(AGAIN_MS));
            }
            Delivery::Late => post(delivery, own_ms + rng.u64(LATE_MS)),
            Delivery::Reordered => {
                post(delivery, events.get(event + 1).map_or(own_ms, |next| next.time_ms));
            }
        }
    }
    // At the same time, the one that is overtaken comes second.
    posts.sort_by_key(|post| (post.time_ms, post.delivery == Delivery::Reordered));
    posts
}
