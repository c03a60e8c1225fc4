//! Whose turn it is: the room whose next sending is the earliest, not before the rate and, in real time, the clock allow it. A room
//! has one sending under way at most.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::disorder::{Delivery, Post, Room};

/// How much of the rate may be caught up with after a delay.
const CATCH_UP: Duration = Duration::from_millis(100);

/// How fast sendings follow each other.
#[derive(Clone, Copy)]
pub struct Pace {
    /// The least time from one to the next.
    pub pause: Option<Duration>,
    /// The world's time at which sending begins, if it is to keep the world's clock.
    pub real_time_from_ms: Option<u64>,
}

pub struct Queue<'a> {
    pace: Pace,
    rooms: &'a [Room],
    state: Mutex<State>,
    changed: Condvar,
}

struct State {
    /// When each waiting room's next sending is, which room, and which of its sendings.
    waiting: BinaryHeap<Reverse<(u64, usize, usize)>>,
    under_way: usize,
    is_stopped: bool,
    begin: Instant,
    next: Instant,
}

/// A sending whose turn it is. Given back with [`Queue::done`].
pub struct Turn<'a> {
    pub room: &'a Room,
    pub post: &'a Post,
    room_index: usize,
    post_index: usize,
}

impl<'a> Queue<'a> {
    pub fn new(rooms: &'a [Room], pace: Pace) -> Queue<'a> {
        let now = Instant::now();
        let queue = Queue {
            pace,
            rooms,
            state: Mutex::new(State {
                waiting: BinaryHeap::new(),
                under_way: 0,
                is_stopped: false,
                begin: now,
                next: now,
            }),
            changed: Condvar::new(),
        };
        let mut state = queue.lock();
        for room in 0..rooms.len() {
            queue.enqueue(&mut state, room, 0);
        }
        drop(state);
        queue
    }

    /// The next sending, once it is time for it; none when all are done or it was stopped.
    pub fn next(&self) -> Option<Turn<'a>> {
        let mut state = self.lock();
        loop {
            if state.is_stopped {
                return None;
            }
            let Some(Reverse((time_ms, room_index, post_index))) = state.waiting.peek().copied()
            else {
                if state.under_way == 0 {
                    return None;
                }
                state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
                continue;
            };
            let now = Instant::now();
            let due = self.due(&state, time_ms);
            if due > now {
                let waited = self.changed.wait_timeout(state, due - now);
                state = waited.unwrap_or_else(PoisonError::into_inner).0;
                continue;
            }
            state.waiting.pop();
            state.under_way += 1;
            if let Some(pause) = self.pace.pause {
                let earliest = now.checked_sub(CATCH_UP).unwrap_or(now);
                state.next = state.next.max(earliest) + pause;
            }
            let room = &self.rooms[room_index];
            return Some(Turn { room, post: &room.posts[post_index], room_index, post_index });
        }
    }

    /// Lets the room's next sending have its turn.
    pub fn done(&self, turn: &Turn<'_>) {
        let mut state = self.lock();
        state.under_way -= 1;
        self.enqueue(&mut state, turn.room_index, turn.post_index + 1);
        self.changed.notify_all();
    }

    /// No turn any more.
    pub fn stop(&self) {
        self.lock().is_stopped = true;
        self.changed.notify_all();
    }

    pub fn is_stopped(&self) -> bool {
        self.lock().is_stopped
    }

    fn enqueue(&self, state: &mut State, room: usize, from: usize) {
        let posts = self.rooms[room].posts.iter().enumerate().skip(from);
        let mut sent = posts.filter(|(_, post)| post.delivery != Delivery::Lost);
        if let Some((index, post)) = sent.next() {
            state.waiting.push(Reverse((post.time_ms, room, index)));
        }
    }

    fn due(&self, state: &State, time_ms: u64) -> Instant {
        let by_clock = self
            .pace
            .real_time_from_ms
            .map(|from_ms| state.begin + Duration::from_millis(time_ms.saturating_sub(from_ms)));
        by_clock.map_or(state.next, |by_clock| by_clock.max(state.next))
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
