//! Enum-like words of the wire. An event gives each twice: as received, and as one of these numbers.
#![allow(unsafe_code)]

use super::literal::Short;
use super::text::Str;

/// The spellings of one vocabulary and their numbers.
pub struct Vocabulary(&'static [Spelling]);

struct Spelling {
    word: &'static str,
    short: Short,
    number: i32,
}

/// Its spellings, each with its number.
macro_rules! vocabulary {
    ($(($word:literal, $number:expr)),* $(,)?) => {
        Vocabulary(&[$(
            Spelling { word: $word, short: Short::new($word), number: $number as i32 }
        ),*])
    };
}

impl Vocabulary {
    /// The number of this word; 0 if no vendor page lists it. Letter case, spaces and underscores do not count, since the
    /// pages disagree on them (`Hangup`, `HangUp`, `Hang Up`; `macOS`, `MacOS`).
    pub fn number(&self, word: &str) -> i32 {
        let is_it = |spelling: &&Spelling| letters(spelling.word).eq(letters(word));
        self.0.iter().find(is_it).map_or(0, |spelling| spelling.number)
    }

    /// The same, for a word that has been read as far as it is short. All are compared, for it cannot be foreseen which it is.
    #[inline(always)]
    pub(super) fn number_of(&self, word: &Str, short: Short) -> i32 {
        let mut number = 0;
        for spelling in self.0 {
            number |= spelling.number & -i32::from(spelling.short == short);
        }
        if number != 0 && word.len() <= Short::WIDTH {
            number
        } else {
            self.number(word.or_empty())
        }
    }
}

fn letters(word: &str) -> impl Iterator<Item = u8> + '_ {
    word.bytes().filter(|byte| !matches!(byte, b' ' | b'_')).map(|byte| byte.to_ascii_lowercase())
}

/// `OptPlatform` of the URL: where the client that caused the event runs.
#[repr(C)]
pub enum Platform {
    /// The vendor's word `Unknown`, or one that this release does not know.
    Unknown = 0,
    /// `RESTAPI`: a REST call, no client.
    RestApi = 1,
    /// `Web`
    Web = 2,
    /// `Android`
    Android = 3,
    /// `iOS` (also `IOS`)
    Ios = 4,
    /// `Windows`
    Windows = 5,
    /// `macOS` (also `Mac`)
    Macos = 6,
    /// `iPad`
    Ipad = 7,
}

pub(super) static PLATFORM: Vocabulary = vocabulary![
    ("RESTAPI", Platform::RestApi),
    ("Web", Platform::Web),
    ("Android", Platform::Android),
    ("iOS", Platform::Ios),
    ("Windows", Platform::Windows),
    ("macOS", Platform::Macos),
    ("Mac", Platform::Macos),
    ("iPad", Platform::Ipad),
];

/// `RoomType` of a room.
#[repr(C)]
pub enum RoomType {
    /// A word that this release does not know.
    Unknown = 0,
    /// `Conference`; callbacks have been seen to say `Meeting` for the same.
    Conference = 1,
}

pub(super) static ROOM_TYPE: Vocabulary =
    vocabulary![("Meeting", RoomType::Conference), ("Conference", RoomType::Conference),];

/// `RoomStatus` of a room.
#[repr(C)]
pub enum RoomStatus {
    /// A word that this release does not know.
    Unknown = 0,
    /// `None`
    None = 1,
    /// `NotStarted`: scheduled.
    NotStarted = 2,
    /// `Running`
    Running = 3,
}

pub(super) static ROOM_STATUS: Vocabulary = vocabulary![
    ("None", RoomStatus::None),
    ("NotStarted", RoomStatus::NotStarted),
    ("Running", RoomStatus::Running),
];

/// `TakeSeatMode` of a room.
#[repr(C)]
pub enum TakeSeatMode {
    /// A word that this release does not know.
    Unknown = 0,
    /// `None`: the room has no seats.
    None = 1,
    /// `FreeToTake`: anyone takes a free seat.
    FreeToTake = 2,
    /// `ApplyToTake`: the host or an administrator lets people onto seats.
    ApplyToTake = 3,
}

pub(super) static TAKE_SEAT_MODE: Vocabulary = vocabulary![
    ("None", TakeSeatMode::None),
    ("FreeToTake", TakeSeatMode::FreeToTake),
    ("ApplyToTake", TakeSeatMode::ApplyToTake),
];

/// `Type` of a member event: how the members entered or left.
#[repr(C)]
pub enum MemberChange {
    /// A word that this release does not know.
    Unknown = 0,
    /// `Enter`: on their own.
    Enter = 1,
    /// `Leave`: on their own.
    Leave = 2,
    /// `Kicked`: by the host or an administrator.
    Kicked = 3,
    /// `Expired`: the heartbeat was lost.
    Expired = 4,
}

pub(super) static MEMBER_CHANGE: Vocabulary = vocabulary![
    ("Enter", MemberChange::Enter),
    ("Leave", MemberChange::Leave),
    ("Kicked", MemberChange::Kicked),
    ("Expired", MemberChange::Expired),
];

/// `CallMediaType` or `MediaType` of a call.
#[repr(C)]
pub enum MediaType {
    /// A word that this release does not know.
    Unknown = 0,
    /// `Audio`
    Audio = 1,
    /// `Video`
    Video = 2,
}

pub(super) static MEDIA_TYPE: Vocabulary =
    vocabulary![("Audio", MediaType::Audio), ("Video", MediaType::Video)];

/// `CallType` of a call.
#[repr(C)]
pub enum CallType {
    /// A word that this release does not know.
    Unknown = 0,
    /// `SingleCall`: one to one.
    SingleCall = 1,
    /// `MultiCall`: a group call.
    MultiCall = 2,
}

pub(super) static CALL_TYPE: Vocabulary =
    vocabulary![("SingleCall", CallType::SingleCall), ("MultiCall", CallType::MultiCall),];

/// `CallResult` of a call that ended.
#[repr(C)]
pub enum CallResult {
    /// A word that this release does not know, or a number: one vendor page calls the field an integer.
    Unknown = 0,
    /// `Cancel`: the caller gave up before anyone answered.
    Cancel = 1,
    /// `Reject`: declined.
    Reject = 2,
    /// `NotAnswer`: nobody answered in time.
    NotAnswer = 3,
    /// `NormalEnd`: the call was held and ended.
    NormalEnd = 4,
    /// `CallBusy`: the callee was in another call.
    CallBusy = 5,
    /// `Interrupt`: a network fault ended it.
    Interrupt = 6,
    /// `Offline`: the callee was offline.
    Offline = 7,
}

pub(super) static CALL_RESULT: Vocabulary = vocabulary![
    ("Cancel", CallResult::Cancel),
    ("Reject", CallResult::Reject),
    ("NotAnswer", CallResult::NotAnswer),
    ("NormalEnd", CallResult::NormalEnd),
    ("CallBusy", CallResult::CallBusy),
    ("Interrupt", CallResult::Interrupt),
    ("Offline", CallResult::Offline),
];

/// `Status` of a user in a call.
#[repr(C)]
pub enum CallUserStatus {
    /// A word that this release does not know.
    Unknown = 0,
    /// `Calling`: in the call.
    Calling = 1,
    /// `Waiting`: invited, has not answered.
    Waiting = 2,
}

pub(super) static CALL_USER_STATUS: Vocabulary =
    vocabulary![("Calling", CallUserStatus::Calling), ("Waiting", CallUserStatus::Waiting),];

/// `ActionType`: what a member of a call did. The vendor's pages spell several of them in two or three ways.
#[repr(C)]
pub enum CallAction {
    /// A word that this release does not know.
    Unknown = 0,
    /// `Accept` (also `Answer`)
    Accept = 1,
    /// `Reject`: declined.
    Reject = 2,
    /// `NotAnswer`: did not answer in time.
    NotAnswer = 3,
    /// `Hangup` (also `HangUp`, `Hang Up`)
    Hangup = 4,
    /// `Join`: joined a running call.
    Join = 5,
    /// `Offline`: lost the heartbeat.
    Offline = 6,
    /// `Invite` (also `Invited`)
    Invite = 7,
    /// `Cancel_Invite` (also `Canncel_Invite`): the invitation was withdrawn.
    CancelInvite = 8,
}

pub(super) static CALL_ACTION: Vocabulary = vocabulary![
    ("Accept", CallAction::Accept),
    ("Answer", CallAction::Accept),
    ("Reject", CallAction::Reject),
    ("NotAnswer", CallAction::NotAnswer),
    ("Hangup", CallAction::Hangup),
    ("Join", CallAction::Join),
    ("Offline", CallAction::Offline),
    ("Invite", CallAction::Invite),
    ("Invited", CallAction::Invite),
    ("Cancel_Invite", CallAction::CancelInvite),
    ("Canncel_Invite", CallAction::CancelInvite),
];

/// `RoomIdType` of a call. (The vendor's engine callbacks number the same two things from 0.)
#[repr(C)]
pub enum RoomIdType {
    /// A number that this release does not know.
    Unknown = 0,
    /// The room id is a number.
    Number = 1,
    /// The room id is a text.
    Text = 2,
}
