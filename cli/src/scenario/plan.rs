//! A scenario that is ready to be played: everything that is not said has its usual value.

use fastrand::Rng;
use tc_callback::catalog::Product;

use super::disorder::{Disorder, Room};
use super::settings::{Kind, Settings};
use super::step::WrittenStep;
use super::text::Members;
use super::world::{COMING, Call, Diary, Event, Meeting, World};
use crate::clock;
use crate::failure::{Failure, Result};

/// The world's time in which the rooms of the two built-in worlds begin, in milliseconds.
const SPREAD_MS: u64 = 10_000;

pub struct Plan {
    pub kind: Kind,
    pub seed: u64,
    pub rooms: usize,
    pub disorder: Disorder,
    pub is_real_time: bool,
    members: Members,
    steps: Vec<WrittenStep>,
    start_ms: Option<u64>,
    sdk_app_id: u32,
}

impl Plan {
    pub fn new(settings: Settings, sdk_app_id: u32) -> Result<Plan> {
        let disorder = Disorder {
            duplicates: settings.duplicates.unwrap_or_default(),
            reorder: settings.reorder.unwrap_or_default(),
            late: settings.late.unwrap_or_default(),
            lost: settings.lost.unwrap_or_default(),
        };
        if disorder.sum() > 100.0 {
            return Err(Failure::usage(format!(
                "duplicates, reorder, late and lost are {} % together: an event suffers one of them, so 100 % is the most",
                disorder.sum()
            )));
        }
        Ok(Plan {
            kind: settings.world.unwrap_or(Kind::Meeting),
            seed: settings.seed.map_or_else(|| fastrand::u32(..).into(), |seed| seed.0),
            rooms: settings.rooms.map_or(10, |rooms| rooms.0 as usize),
            disorder,
            is_real_time: settings.real_time,
            members: settings.members.unwrap_or(Members(2..=8)),
            steps: settings.step,
            start_ms: settings.start_time.map(|time| time.0),
            sdk_app_id,
        })
    }

    pub fn product(&self) -> Product {
        match self.kind {
            Kind::Meeting => Product::Conference,
            Kind::Call => Product::Call,
        }
    }

    /// Plays the world: when its clock starts, every room's events, and how they are sent.
    pub fn play(&self) -> Result<(u64, Vec<Room>)> {
        let now_ms = u64::try_from(clock::now_ms()).unwrap_or_default();
        let start_ms = match self.start_ms {
            Some(start_ms) => start_ms,
            None if self.is_real_time => now_ms,
            // Then the last event is of now, and none of the future.
            None => now_ms.saturating_sub(self.play_from(0)?.iter().map(end_ms).max().unwrap_or(0)),
        };
        Ok((start_ms, self.play_from(start_ms)?))
    }

    fn play_from(&self, start_ms: u64) -> Result<Vec<Room>> {
        let mut rng = Rng::with_seed(self.seed);
        let mut disorder_rng = rng.fork();
        let rooms = (0..self.rooms).map(|index| self.room(index, start_ms, &mut rng.fork()));
        Ok(self.disorder.arrange(rooms.collect::<Result<_>>()?, &mut disorder_rng))
    }

    fn room(&self, index: usize, start_ms: u64, rng: &mut Rng) -> Result<(String, Vec<Event>)> {
        let is_spread = index > 0 && self.steps.is_empty();
        let start_ms = start_ms + if is_spread { rng.u64(0..=SPREAD_MS) } else { 0 };
        match self.kind {
            Kind::Meeting => {
                let members = rng.usize(self.members.0.clone());
                let id = format!("room-{}-{}", self.seed, index + 1);
                self.events(Meeting::new(id, members, rng), start_ms, rng)
            }
            Kind::Call => {
                let (members, called) = self.call_size(rng);
                self.events(Call::new(self.sdk_app_id, members, called, rng), start_ms, rng)
            }
        }
    }

    /// How many people a call has, and how many of them are in it from the start.
    fn call_size(&self, rng: &mut Rng) -> (usize, usize) {
        let (least, most) = self.members.0.clone().into_inner();
        // Most calls are between two.
        let is_single = self.steps.is_empty() && rng.bool();
        let members = if is_single { least } else { rng.usize(least..=most) };
        let coming = match self.steps.is_empty() {
            true => rng.usize(0..=members / 3),
            false => self.steps.iter().filter(is_coming).map(WrittenStep::repeat).sum(),
        };
        (members, members.saturating_sub(coming).max(2))
    }

    fn events<W: World>(
        &self,
        world: W,
        start_ms: u64,
        rng: &mut Rng,
    ) -> Result<(String, Vec<Event>)> {
        let id = world.id().to_owned();
        let mut diary = Diary::new(world, start_ms, rng);
        if self.steps.is_empty() {
            W::direct(&mut diary).map_err(Failure::operation)?;
        }
        for written in &self.steps {
            for _ in 0..written.repeat() {
                diary
                    .note_edited(written.after_ms(), &written.step(), |body| written.edit(body))
                    .map_err(|wrong| Failure::usage(format!("{}: {wrong}", written.place)))?;
            }
        }
        Ok((id, diary.into_events()))
    }
}

/// Whether the step brings someone who is not called at the start.
fn is_coming(step: &&WrittenStep) -> bool {
    let is = |action: &String| COMING.iter().any(|coming| coming.eq_ignore_ascii_case(action));
    step.action.as_ref().is_some_and(is)
}

fn end_ms(room: &Room) -> u64 {
    room.posts.iter().map(|post| post.time_ms).max().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use tc_callback::catalog::Command;

    use super::*;
    use crate::json::Node;
    use crate::sample;
    use crate::scenario::text::Number;

    /// The same, with every scalar as `text`, or as `bare` if it stands without quotes, and one item of a list.
    fn shape(node: &Node) -> Node {
        match node {
            Node::Object(members) => Node::Object(
                members.iter().map(|(key, value)| (key.clone(), shape(value))).collect(),
            ),
            Node::Array(items) => Node::Array(items.first().map(shape).into_iter().collect()),
            Node::Scalar(text) => Node::text(if text.starts_with('"') { "text" } else { "bare" }),
        }
    }

    #[test]
    fn every_body_has_the_samples_fields_in_their_order_and_kinds() {
        for (kind, seed) in (0..20).flat_map(|seed| [(Kind::Meeting, seed), (Kind::Call, seed)]) {
            let (world, seed) = (Some(kind), Some(Number(seed)));
            let plan = Plan::new(Settings { world, seed, ..Settings::default() }, 1).unwrap();
            for event in plan.play().unwrap().1.iter().flat_map(|room| &room.events) {
                let sample = sample::of(Command::from_word(event.word)).unwrap();
                let mut expected = shape(&Node::parse(sample).unwrap());
                let body = shape(&Node::parse(&event.body).unwrap());
                let is_empty = |node: &Node| node.to_string().contains("[]");
                if !body.to_string().contains("Member_Account") {
                    // Nobody sits there.
                    let _ = expected.unset("SeatList.0.Member_Account");
                }
                if is_empty(&body) {
                    expected.set("ScheduleInviteeList_Account", Node::Array(Vec::new())).unwrap();
                }
                assert_eq!(body, expected, "{}", event.body);
            }
        }
    }
}
