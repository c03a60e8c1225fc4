//! Enum-like words of the wire. An event gives each twice: as received, and as one of these numbers.

/// The spellings of one vocabulary and their numbers.
pub struct Vocabulary(&'static [(&'static str, i32)]);

impl Vocabulary {
    /// The number of this word; 0 if no vendor page lists it. Letter case, spaces and underscores do not count, since the
    /// pages disagree on them (`Hangup`, `HangUp`, `Hang Up`; `macOS`, `MacOS`).
    pub fn number(&self, word: &str) -> i32 {
        self.0
            .iter()
            .find(|(known, _)| *known == word)
            .or_else(|| self.0.iter().find(|(known, _)| letters(known).eq(letters(word))))
            .map_or(0, |(_, number)| *number)
    }
}

fn letters(word: &str) -> impl Iterator<Item = u8> + '_ {
    word.bytes().filter(|byte| !matches!(byte, b' ' | b'_')).map(|byte| byte.to_ascii_lowercase())
}

/// `OptPlatform` of the URL: where the client that caused the event runs.
#[repr(i32)]
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

pub(super) static PLATFORM: Vocabulary = Vocabulary(&[
    ("RESTAPI", Platform::RestApi as i32),
    ("Web", Platform::Web as i32),
    ("Android", Platform::Android as i32),
    ("iOS", Platform::Ios as i32),
    ("Windows", Platform::Windows as i32),
    ("macOS", Platform::Macos as i32),
    ("Mac", Platform::Macos as i32),
    ("iPad", Platform::Ipad as i32),
]);

/// `RoomType` of a room.
#[repr(i32)]
pub enum RoomType {
    /// A word that this release does not know.
    Unknown = 0,
    /// `Conference`; callbacks have been seen to say `Meeting` for the same.
    Conference = 1,
}

pub(super) static ROOM_TYPE: Vocabulary = Vocabulary(&[
    ("Meeting", RoomType::Conference as i32),
    ("Conference", RoomType::Conference as i32),
]);

/// `RoomStatus` of a room.
#[repr(i32)]
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

pub(super) static ROOM_STATUS: Vocabulary = Vocabulary(&[
    ("None", RoomStatus::None as i32),
    ("NotStarted", RoomStatus::NotStarted as i32),
    ("Running", RoomStatus::Running as i32),
]);

/// `TakeSeatMode` of a room.
#[repr(i32)]
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

pub(super) static TAKE_SEAT_MODE: Vocabulary = Vocabulary(&[
    ("None", TakeSeatMode::None as i32),
    ("FreeToTake", TakeSeatMode::FreeToTake as i32),
    ("ApplyToTake", TakeSeatMode::ApplyToTake as i32),
]);

/// `Type` of a member event: how the members entered or left.
#[repr(i32)]
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

pub(super) static MEMBER_CHANGE: Vocabulary = Vocabulary(&[
    ("Enter", MemberChange::Enter as i32),
    ("Leave", MemberChange::Leave as i32),
    ("Kicked", MemberChange::Kicked as i32),
    ("Expired", MemberChange::Expired as i32),
]);

/// `CallMediaType` or `MediaType` of a call.
#[repr(i32)]
pub enum MediaType {
    /// A word that this release does not know.
    Unknown = 0,
    /// `Audio`
    Audio = 1,
    /// `Video`
    Video = 2,
}

pub(super) static MEDIA_TYPE: Vocabulary =
    Vocabulary(&[("Audio", MediaType::Audio as i32), ("Video", MediaType::Video as i32)]);

/// `CallType` of a call.
#[repr(i32)]
pub enum CallType {
    /// A word that this release does not know.
    Unknown = 0,
    /// `SingleCall`: one to one.
    SingleCall = 1,
    /// `MultiCall`: a group call.
    MultiCall = 2,
}

pub(super) static CALL_TYPE: Vocabulary = Vocabulary(&[
    ("SingleCall", CallType::SingleCall as i32),
    ("MultiCall", CallType::MultiCall as i32),
]);

/// `CallResult` of a call that ended.
#[repr(i32)]
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

pub(super) static CALL_RESULT: Vocabulary = Vocabulary(&[
    ("Cancel", CallResult::Cancel as i32),
    ("Reject", CallResult::Reject as i32),
    ("NotAnswer", CallResult::NotAnswer as i32),
    ("NormalEnd", CallResult::NormalEnd as i32),
    ("CallBusy", CallResult::CallBusy as i32),
    ("Interrupt", CallResult::Interrupt as i32),
    ("Offline", CallResult::Offline as i32),
]);

/// `Status` of a user in a call.
#[repr(i32)]
pub enum CallUserStatus {
    /// A word that this release does not know.
    Unknown = 0,
    /// `Calling`: in the call.
    Calling = 1,
    /// `Waiting`: invited, has not answered.
    Waiting = 2,
}

pub(super) static CALL_USER_STATUS: Vocabulary = Vocabulary(&[
    ("Calling", CallUserStatus::Calling as i32),
    ("Waiting", CallUserStatus::Waiting as i32),
]);

/// `ActionType`: what a member of a call did. The vendor's pages spell several of them in two or three ways.
#[repr(i32)]
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

pub(super) static CALL_ACTION: Vocabulary = Vocabulary(&[
    ("Accept", CallAction::Accept as i32),
    ("Answer", CallAction::Accept as i32),
    ("Reject", CallAction::Reject as i32),
    ("NotAnswer", CallAction::NotAnswer as i32),
    ("Hangup", CallAction::Hangup as i32),
    ("Join", CallAction::Join as i32),
    ("Offline", CallAction::Offline as i32),
    ("Invite", CallAction::Invite as i32),
    ("Invited", CallAction::Invite as i32),
    ("Cancel_Invite", CallAction::CancelInvite as i32),
    ("Canncel_Invite", CallAction::CancelInvite as i32),
]);

/// `RoomIdType` of a call. (The vendor's engine callbacks number the same two things from 0.)
#[repr(i32)]
pub enum RoomIdType {
    /// A number that this release does not know.
    Unknown = 0,
    /// The room id is a number.
    Number = 1,
    /// The room id is a text.
    Text = 2,
}
