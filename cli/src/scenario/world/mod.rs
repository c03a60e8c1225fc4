//! The world that events come from: rooms and calls whose state each event changes, so that all of them agree.

mod body;
mod call;
mod call_director;
mod meeting;
mod meeting_director;

use fastrand::Rng;
use tc_callback::catalog::Command;

pub use body::Body;
pub use call::{COMING, Call};
pub use meeting::Meeting;

use crate::json::Node;

/// Something that is to happen.
#[derive(Clone, Debug)]
pub struct Step {
    pub command: Command,
    /// The word to send for the command.
    pub word: &'static str,
    /// Which of the things that the command tells of; without it the usual one.
    pub action: Option<String>,
    /// Who does it, as an index into the room's people; without it the world chooses.
    pub member: Option<usize>,
}

impl Step {
    pub fn new(command: Command) -> Step {
        Step { command, word: command.word(), action: None, member: None }
    }

    pub fn action(self, action: &str) -> Step {
        Step { action: Some(action.to_owned()), ..self }
    }

    pub fn member(self, member: usize) -> Step {
        Step { member: Some(member), ..self }
    }

    /// That no action is named, where there is only one.
    fn has_no_action(&self) -> Result<(), String> {
        match self.action {
            None => Ok(()),
            Some(_) => Err(format!("{} has no actions", self.word)),
        }
    }

    /// That no member is named, where it is of none.
    fn has_no_member(&self) -> Result<(), String> {
        match self.member {
            None => Ok(()),
            Some(_) => Err(format!("this is not done by one of the members: {}", self.word)),
        }
    }

    /// The action, if it is one of these, as it is written there; the first if none is named.
    fn one_of(&self, actions: &[&'static str]) -> Result<&'static str, String> {
        let Some(action) = &self.action else {
            return actions.first().copied().ok_or_else(String::new);
        };
        let found = actions.iter().find(|known| known.eq_ignore_ascii_case(action));
        found
            .copied()
            .ok_or_else(|| format!("no action {action:?}: expected {}", actions.join(", ")))
    }
}

/// Someone who is in rooms and calls.
pub struct Person {
    pub account: String,
    pub client_ip: String,
    pub platform: &'static str,
}

/// What has happened: the event's body, and the index of who caused it.
pub struct Happening {
    pub body: Body,
    pub by: usize,
}

/// A room or a call.
pub trait World {
    /// Its RoomId or CallId.
    fn id(&self) -> &str;

    fn people(&self) -> &[Person];

    /// Changes the state as the step says, or says why that cannot be and changes nothing.
    fn happen(&mut self, step: &Step, now_ms: u64, rng: &mut Rng) -> Result<Happening, String>;

    /// Lets happen what happens when nobody has written it down.
    fn direct(diary: &mut Diary<'_, Self>) -> Result<(), String>
    where
        Self: Sized;
}

/// An event of a room.
#[derive(Debug)]
pub struct Event {
    /// Its EventTime.
    pub time_ms: u64,
    pub word: &'static str,
    pub client_ip: String,
    pub platform: &'static str,
    pub body: String,
}

/// A room's events while they happen.
pub struct Diary<'a, W> {
    pub world: W,
    pub rng: &'a mut Rng,
    now_ms: u64,
    events: Vec<Event>,
}

impl<'a, W: World> Diary<'a, W> {
    pub fn new(world: W, start_ms: u64, rng: &'a mut Rng) -> Diary<'a, W> {
        Diary { world, rng, now_ms: start_ms, events: Vec::new() }
    }

    /// Lets a step happen so long after the last one.
    pub fn note(&mut self, after_ms: u64, step: &Step) -> Result<(), String> {
        self.note_edited(after_ms, step, |_| Ok(()))
    }

    /// The same, with the body edited.
    pub fn note_edited(
        &mut self,
        after_ms: u64,
        step: &Step,
        edit: impl FnOnce(&mut Node) -> Result<(), String>,
    ) -> Result<(), String> {
        if is_of_the_whole_room(step.command) {
            step.has_no_action()?;
            step.has_no_member()?;
        }
        // Two events of a room never have the same time, or a host would take them for one.
        let is_first = self.events.is_empty();
        let time_ms = self.now_ms + if is_first { after_ms } else { after_ms.max(1) };
        let Happening { mut body, by } = self.world.happen(step, time_ms, self.rng)?;
        body.put("CallbackCommand", step.word);
        body.put("EventTime", time_ms);
        let mut body = body.into_node();
        edit(&mut body)?;
        let person = &self.world.people()[by];
        self.events.push(Event {
            time_ms,
            word: step.word,
            client_ip: person.client_ip.clone(),
            platform: person.platform,
            body: body.to_string(),
        });
        self.now_ms = time_ms;
        Ok(())
    }

    /// A time between these, in milliseconds.
    pub fn between(&mut self, least_ms: u64, most_ms: u64) -> u64 {
        self.rng.u64(least_ms..=most_ms)
    }

    pub fn into_events(self) -> Vec<Event> {
        self.events
    }
}

/// Whether there is only one way for this to happen, and to all.
fn is_of_the_whole_room(command: Command) -> bool {
    matches!(
        command,
        Command::RoomAfterCreateRoom
            | Command::RoomAfterUpdateRoomInfo
            | Command::RoomAfterDestroyRoom
            | Command::CallAfterStartCall
            | Command::CallAfterRecordChanged
    )
}

/// Whether something happens that happens once in so many times.
fn once_in(rng: &mut Rng, times: u32) -> bool {
    rng.u32(0..times) == 0
}

/// The one that is named, if it may be; else any that may be.
fn choose(named: Option<usize>, mut possible: Vec<usize>, rng: &mut Rng) -> Option<usize> {
    if let Some(named) = named {
        possible.retain(|one| *one == named);
    }
    if possible.is_empty() { None } else { Some(possible.swap_remove(rng.usize(..possible.len()))) }
}

const PLATFORMS: [&str; 6] = ["iOS", "Android", "Web", "Windows", "Mac", "iPad"];

/// People with these accounts, each on a device of their own.
fn people(accounts: impl Iterator<Item = String>, rng: &mut Rng) -> Vec<Person> {
    let person = |account| Person {
        account,
        // One of the networks that documentation may use.
        client_ip: format!("203.0.113.{}", rng.u8(1..255)),
        platform: PLATFORMS[rng.usize(..PLATFORMS.len())],
    };
    accounts.map(person).collect()
}
