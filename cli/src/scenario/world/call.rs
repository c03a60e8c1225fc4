//! A call: who is called, who answers, and how it ends.

use fastrand::Rng;
use tc_callback::catalog::Command;

use super::{Body, Diary, Happening, Person, Step, World, call_director, choose, once_in, people};

/// When the engine's recorder saw what the callback tells, before the callback.
const RECORDER_DELAY_MS: u64 = 72;

const NAMES: [&str; 8] = ["alice", "bob", "carol", "dan", "erin", "frank", "grace", "heidi"];

pub struct Call {
    call_id: String,
    sdk_app_id: u32,
    media: &'static str,
    room_id: String,
    room_id_type: u8,
    chat_group_id: String,
    task_id: String,
    /// The first calls the others.
    people: Vec<Person>,
    parts: Vec<Part>,
    /// How many are called at the start; the others may be invited or join.
    called: usize,
    start_ms: Option<u64>,
    accept_ms: Option<u64>,
    is_over: bool,
    /// The action by which somebody went last.
    last_end: &'static str,
}

/// A person's part in the call.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Part {
    None,
    Waiting,
    Calling,
    Gone,
}

impl Part {
    fn status(self) -> Option<&'static str> {
        match self {
            Part::Waiting => Some("Waiting"),
            Part::Calling => Some("Calling"),
            Part::None | Part::Gone => None,
        }
    }
}

/// What a member does, what they must be to do it, and what they are then.
const CHANGES: [(&str, Part, Part); 8] = [
    ("Accept", Part::Waiting, Part::Calling),
    ("Reject", Part::Waiting, Part::Gone),
    ("NotAnswer", Part::Waiting, Part::Gone),
    ("Hangup", Part::Calling, Part::Gone),
    ("Offline", Part::Calling, Part::Gone),
    ("Join", Part::None, Part::Calling),
    ("Invite", Part::None, Part::Waiting),
    ("Cancel_Invite", Part::Waiting, Part::Gone),
];

/// The actions by which people come who are not called at the start.
pub const COMING: [&str; 2] = ["Join", "Invite"];

const RESULTS: [&str; 7] =
    ["NormalEnd", "Interrupt", "Offline", "Cancel", "Reject", "NotAnswer", "CallBusy"];

/// Those of the results that a call has only once it was accepted.
const RESULTS_OF_ACCEPTED: [&str; 3] = ["NormalEnd", "Interrupt", "Offline"];

impl Call {
    /// A call among so many, of whom so many are called at the start.
    pub fn new(sdk_app_id: u32, member_count: usize, called: usize, rng: &mut Rng) -> Call {
        let number = rng.u32(100_000_000..2_000_000_000);
        let is_numeric = rng.bool();
        let call = rng.u16(..);
        let account =
            |index: usize| format!("{}{}_{call:04x}", NAMES[index % NAMES.len()], index + 1);
        let is_group = member_count > 2 && rng.bool();
        Call {
            call_id: uuid(rng),
            sdk_app_id,
            media: if rng.bool() { "Video" } else { "Audio" },
            room_id: if is_numeric { number.to_string() } else { format!("call-{number}") },
            room_id_type: if is_numeric { 1 } else { 2 },
            chat_group_id: if is_group { format!("@TGS#{number:X}") } else { String::new() },
            task_id: (0..75).map(|_| rng.alphanumeric()).chain(['.']).collect(),
            people: people((0..member_count).map(account), rng),
            parts: vec![Part::None; member_count],
            called,
            start_ms: None,
            accept_ms: None,
            is_over: false,
            last_end: "",
        }
    }

    /// How many are called at the start, with the one who calls.
    pub fn called(&self) -> usize {
        self.called
    }

    pub fn callers(&self) -> Vec<usize> {
        self.those_who_are(Part::Calling)
    }

    pub fn waiting(&self) -> Vec<usize> {
        self.those_who_are(Part::Waiting)
    }

    fn those_who_are(&self, part: Part) -> Vec<usize> {
        (0..self.parts.len()).filter(|member| self.parts[*member] == part).collect()
    }

    fn start(&mut self, now_ms: u64) -> Result<Happening, String> {
        if self.start_ms.is_some() {
            return Err("the call has started already".to_owned());
        }
        self.start_ms = Some(now_ms);
        self.parts[..self.called].fill(Part::Waiting);
        self.parts[0] = Part::Calling;
        let mut body = Body::of(Command::CallAfterStartCall);
        body.put("CallInfo.CallId", &self.call_id);
        body.put("CallInfo.CallMediaType", self.media);
        body.put("CallInfo.ChatGroupId", &self.chat_group_id);
        body.put("CallInfo.RoomId", &self.room_id);
        body.put("CallInfo.RoomIdType", self.room_id_type);
        self.list_users(&mut body);
        Ok(Happening { body, by: 0 })
    }

    /// Those who are in the call, or asked to be.
    fn list_users(&self, body: &mut Body) {
        let users = self.people.iter().zip(&self.parts);
        let users = users.filter_map(|(who, part)| Some((who, part.status()?)));
        body.put_list("UserList", users, |user, (who, status)| {
            user.put("User_Account", &who.account);
            user.put("Status", status);
        });
    }

    fn change(&mut self, step: &Step, now_ms: u64, rng: &mut Rng) -> Result<Happening, String> {
        let mut actions = CHANGES.map(|(action, ..)| action);
        if self.waiting().is_empty() {
            actions.rotate_left(3);
        }
        let action = step.one_of(&actions)?;
        let (_, before, after) =
            CHANGES.into_iter().find(|(name, ..)| *name == action).unwrap_or(CHANGES[0]);
        let possible = self.those_who_are(before);
        // People come in their order.
        let next = possible.first().copied().filter(|_| before == Part::None);
        let member = choose(step.member.or(next), possible, rng).ok_or(match before {
            Part::Waiting => "nobody is being called",
            Part::Calling => "nobody is in the call",
            Part::None | Part::Gone => "there is nobody left who could come: raise members",
        })?;
        self.parts[member] = after;
        match action {
            "Accept" | "Join" => self.accept_ms = self.accept_ms.or(Some(now_ms)),
            "Invite" => {}
            action => self.last_end = action,
        }
        let mut body = Body::of(Command::CallAfterMemberChanged);
        body.put("CallId", &self.call_id);
        self.list_users(&mut body);
        body.put_list("ChangedUserList", [&self.people[member]], |user, who| {
            user.put("User_Account", &who.account);
            user.put("ActionType", action);
        });
        Ok(Happening { body, by: member })
    }

    fn end(&mut self, step: &Step, start_ms: u64, now_ms: u64) -> Result<Happening, String> {
        step.has_no_member()?;
        let result = self.result(step)?;
        self.is_over = true;
        let mut body = Body::of(Command::CallAfterEndCall);
        body.put("CallRecord.CallId", &self.call_id);
        body.put("CallRecord.Caller_Account", &self.people[0].account);
        body.put("CallRecord.MediaType", self.media);
        let is_single = self.people_called().count() == 2;
        body.put("CallRecord.CallType", if is_single { "SingleCall" } else { "MultiCall" });
        body.put("CallRecord.StartTime", start_ms / 1000);
        body.put("CallRecord.EndTime", now_ms / 1000);
        body.put("CallRecord.AcceptTime", self.accept_ms.unwrap_or(0) / 1000);
        body.put("CallRecord.CallResult", result);
        let accounts = self.people_called().map(|who| who.account.as_str());
        body.put_texts("CallRecord.CalleeList_Account", accounts);
        body.put("CallRecord.RoomId", &self.room_id);
        body.put("CallRecord.RoomIdType", self.room_id_type);
        Ok(Happening { body, by: 0 })
    }

    /// All who had a part in it; as in the vendor's sample the caller is among them.
    fn people_called(&self) -> impl Iterator<Item = &Person> {
        let with_part =
            self.people.iter().zip(&self.parts).filter(|(_, part)| **part != Part::None);
        with_part.map(|(who, _)| who)
    }

    /// The result that is named, if the call can have it; else the one that follows from what has happened.
    fn result(&self, step: &Step) -> Result<&'static str, String> {
        let is_accepted = self.accept_ms.is_some();
        if step.action.is_some() {
            let result = step.one_of(&RESULTS)?;
            return match RESULTS_OF_ACCEPTED.contains(&result) == is_accepted {
                true => Ok(result),
                false if is_accepted => Err(format!("an accepted call does not end with {result}")),
                false => Err(format!("a call that nobody accepted does not end with {result}")),
            };
        }
        match self.callers().len() {
            left @ 2.. => Err(format!(
                "{left} are in the call still: let them hang up, or end it with the action Interrupt"
            )),
            _ => Ok(match self.last_end {
                "Offline" if is_accepted => "Offline",
                _ if is_accepted => "NormalEnd",
                end @ ("Reject" | "NotAnswer") => end,
                _ => "Cancel",
            }),
        }
    }

    fn record(&self, now_ms: u64) -> Result<Happening, String> {
        let started_ms =
            self.accept_ms.ok_or("nobody has accepted the call: nothing is recorded")?;
        let seen_ms = now_ms.saturating_sub(RECORDER_DELAY_MS).max(started_ms);
        let mut body = Body::of(Command::CallAfterRecordChanged);
        let robot = format!("callkit_{}_record_{}", self.sdk_app_id, self.room_id);
        body.put("CallId", &self.call_id);
        body.put("Callback.CallbackTs", seen_ms);
        body.put("Callback.EventInfo.RoomId", &self.room_id);
        body.put("Callback.EventInfo.EventTs", seen_ms / 1000);
        body.put("Callback.EventInfo.UserId", robot);
        body.put("Callback.EventInfo.TaskId", &self.task_id);
        body.put("Callback.EventInfo.EventMsTs", seen_ms);
        Ok(Happening { body, by: 0 })
    }
}

/// A version 4 UUID.
fn uuid(rng: &mut Rng) -> String {
    let bits = rng.u128(..) & !(0xf << 76) & !(0x3 << 62) | 4 << 76 | 2 << 62;
    let digits = format!("{bits:032x}");
    [&digits[..8], &digits[8..12], &digits[12..16], &digits[16..20], &digits[20..]].join("-")
}

impl World for Call {
    fn id(&self) -> &str {
        &self.call_id
    }

    fn people(&self) -> &[Person] {
        &self.people
    }

    fn happen(&mut self, step: &Step, now_ms: u64, rng: &mut Rng) -> Result<Happening, String> {
        if step.command == Command::CallAfterStartCall {
            return self.start(now_ms);
        }
        let start_ms = self.start_ms.filter(|_| !self.is_over);
        let start_ms = start_ms.ok_or("there is no call: it has not started yet, or has ended")?;
        match step.command {
            Command::CallAfterMemberChanged => self.change(step, now_ms, rng),
            Command::CallAfterRecordChanged => self.record(now_ms),
            Command::CallAfterEndCall => self.end(step, start_ms, now_ms),
            _ => Err(format!("{} is no event of a call", step.word)),
        }
    }

    fn direct(diary: &mut Diary<'_, Call>) -> Result<(), String> {
        let recorded = once_in(diary.rng, 3);
        call_director::direct(diary, recorded)
    }
}
