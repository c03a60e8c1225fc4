//! What an event holds, laid out for C. The decoder's schema (schema.rs) names each field's key on the wire.

use super::text::Str;

/// The value of an int64_t field that is absent: INT64_MIN.
pub const ABSENT: i64 = i64::MIN;

/// The value of an int32_t field (a boolean or a word) that is absent: -1.
pub const NOT_SENT: i32 = -1;

/// One callback, checked and parsed.
///
/// The event and everything it points at is one block of memory, freed by one `tc_event_free`. It never changes, so any
/// number of threads may read it. Every field may be absent: the vendor's pages disagree on what is sent.
#[repr(C)]
#[derive(Debug)]
pub struct Event {
    /// Bytes from the start of this struct to the end of all that it points at: copy them and slice, if you must.
    pub block_size: usize,
    /// TC_ROOM_AFTER_UPDATE_ROOM_INFO and so on; TC_COMMAND_UNKNOWN for a word that this release does not know.
    pub command: i32,
    /// TC_PRODUCT_CONFERENCE, TC_PRODUCT_CALL; TC_PRODUCT_UNKNOWN with TC_COMMAND_UNKNOWN and a command that several products send.
    pub product: i32,
    /// SDKAppID of the URL; 0 when absent.
    pub sdk_app_id: u32,
    /// TC_PLATFORM_*: where the client that caused the event runs; TC_NOT_SENT when absent.
    pub platform: i32,
    /// When it happened: milliseconds since 1970 (UTC); TC_ABSENT when absent.
    pub event_time_ms: i64,
    /// `CallbackCommand` of the body, as received.
    pub command_word: Str,
    /// `CallbackCommand` of the URL, as received. Some vendor pages let it differ; the body's counts.
    pub query_command_word: Str,
    /// UserID of who caused the event. Call does not send it.
    pub operator_account: Str,
    /// RoomId or CallId: what to shard and order by.
    pub subject: Str,
    /// `ClientIP` of the URL.
    pub client_ip: Str,
    /// `OptPlatform` of the URL, as received.
    pub platform_word: Str,
    /// The body, byte by byte as received.
    pub body: Str,
    /// The URL query, as received.
    pub query: Str,
    /// How many documented fields hold a value of another type than this release reads, unless the field has a value from another
    /// documented key; such a field is absent here, and `tc_event_json` reads what was sent.
    pub mismatch_count: usize,
    /// The first of them in words: which field, what was expected, what was found, at which byte.
    pub mismatch: Str,
    /// Payload of the TC_ROOM_AFTER_*_ROOM commands and of TC_ROOM_AFTER_UPDATE_ROOM_INFO; otherwise NULL.
    pub(super) room: *const RoomInfo,
    /// Payload of TC_ROOM_AFTER_MEMBER_ENTER and TC_ROOM_AFTER_MEMBER_LEAVE; otherwise NULL.
    pub(super) members: *const RoomMembers,
    /// Payload of TC_MIC_AFTER_SEAT_INFO_CHANGED; otherwise NULL.
    pub(super) seats: *const RoomSeats,
    /// Payload of TC_CALL_AFTER_START_CALL; otherwise NULL.
    pub(super) call_start: *const CallStart,
    /// Payload of TC_CALL_AFTER_END_CALL; otherwise NULL.
    pub(super) call_end: *const CallEnd,
    /// Payload of TC_CALL_AFTER_MEMBER_CHANGED; otherwise NULL.
    pub(super) call_members: *const CallMembers,
    /// Payload of TC_CALL_AFTER_RECORD_CHANGED; otherwise NULL.
    pub(super) call_record: *const CallRecord,
}

/// A room that was created, changed or destroyed.
///
/// <https://trtc.io/document/60733>, <https://trtc.io/document/60731>, <https://trtc.io/document/60732>
#[repr(C)]
#[derive(Debug)]
pub struct RoomInfo {
    /// `RoomId`. All that a destroyed room sends.
    pub room_id: Str,
    /// `RoomName`
    pub room_name: Str,
    /// `RoomType`, as received.
    pub room_type_word: Str,
    /// `Owner_Account`: UserID of the owner.
    pub owner_account: Str,
    /// `TakeSeatMode`, as received.
    pub take_seat_mode_word: Str,
    /// `RoomStatus`, as received.
    pub room_status_word: Str,
    /// `CustomInfo`: whatever the application keeps there.
    pub custom_info: Str,
    /// TC_ROOM_TYPE_*
    pub room_type: i32,
    /// TC_TAKE_SEAT_MODE_*
    pub take_seat_mode: i32,
    /// TC_ROOM_STATUS_*
    pub room_status: i32,
    /// Whether the room has seats: 1, 0, or TC_NOT_SENT.
    pub is_seat_enabled: i32,
    /// Whether video is off for all members: 1, 0, or TC_NOT_SENT.
    pub is_video_disabled: i32,
    /// Whether audio is off for all members: 1, 0, or TC_NOT_SENT.
    pub is_audio_disabled: i32,
    /// Whether text messages are off for all members: 1, 0, or TC_NOT_SENT.
    pub is_message_disabled: i32,
    /// Whether screen sharing is off for all members: 1, 0, or TC_NOT_SENT.
    pub is_screen_sharing_disabled: i32,
    /// Whether cloud recording is off: 1, 0, or TC_NOT_SENT. (The vendor's sample sends the text "false".)
    pub is_cloud_recording_disabled: i32,
    /// `MaxMemberCount`
    pub max_member_count: i64,
    /// `MaxSeatCount`
    pub max_seat_count: i64,
    /// `ScheduleStartTime`: seconds since 1970; scheduled rooms only.
    pub schedule_start_time_s: i64,
    /// `ScheduleEndTime`: seconds since 1970; scheduled rooms only.
    pub schedule_end_time_s: i64,
    /// `CreateTime`: seconds since 1970.
    pub create_time_s: i64,
    /// `ScheduleInviteeList_Account`: UserIDs, as received; the vendor's sample repeats one.
    pub(super) schedule_invitee_accounts: *const Str,
    /// How many.
    pub(super) schedule_invitee_account_count: usize,
}

/// Members who entered or left a room.
///
/// <https://trtc.io/document/60735>, <https://trtc.io/document/60734>
#[repr(C)]
#[derive(Debug)]
pub struct RoomMembers {
    /// `RoomId`
    pub room_id: Str,
    /// `Type`, as received.
    pub change_word: Str,
    /// `Reason` of leaving: free text.
    pub reason: Str,
    /// TC_MEMBER_CHANGE_*
    pub change: i32,
    /// `MemberCount`: how many members the room has now.
    pub member_count: i64,
    /// `MemberList_Account`: UserIDs of those who entered or left.
    pub(super) member_accounts: *const Str,
    /// How many.
    pub(super) member_account_count: usize,
}

/// Seats of a room. Whether the list is whole or holds just those that changed, no vendor page says.
///
/// <https://trtc.io/document/60736>
#[repr(C)]
#[derive(Debug)]
pub struct RoomSeats {
    /// `RoomId`
    pub room_id: Str,
    /// `SeatList`
    pub(super) seats: *const *const Seat,
    /// How many.
    pub(super) seat_count: usize,
}

/// One seat.
#[repr(C)]
#[derive(Debug)]
pub struct Seat {
    /// `Index`: number of the seat.
    pub index: i64,
    /// `Member_Account`: UserID of who sits there; absent or empty when nobody does.
    pub member_account: Str,
    /// Whether nobody may take the seat: 1, 0, or TC_NOT_SENT.
    pub is_taken_disabled: i32,
    /// Whether video is off for the seat: 1, 0, or TC_NOT_SENT.
    pub is_video_disabled: i32,
    /// Whether audio is off for the seat: 1, 0, or TC_NOT_SENT.
    pub is_audio_disabled: i32,
}

/// A call that a client started. The vendor sends no caller; it is the user whose status is `Calling`.
///
/// <https://trtc.io/document/68941>
#[repr(C)]
#[derive(Debug)]
pub struct CallStart {
    /// `CallId`
    pub call_id: Str,
    /// `CallMediaType` (`MediaType` in the vendor's table), as received.
    pub media_type_word: Str,
    /// `ChatGroupId`: may be empty.
    pub chat_group_id: Str,
    /// `RoomId`: may be empty.
    pub room_id: Str,
    /// TC_MEDIA_TYPE_*
    pub media_type: i32,
    /// `RoomIdType`: TC_ROOM_ID_TYPE_NUMBER, TC_ROOM_ID_TYPE_TEXT, or TC_ABSENT.
    pub room_id_type: i64,
    /// `UserList`
    pub(super) users: *const *const CallUser,
    /// How many.
    pub(super) user_count: usize,
}

/// A user in a call.
#[repr(C)]
#[derive(Debug)]
pub struct CallUser {
    /// `User_Account`: UserID.
    pub account: Str,
    /// `Status`, as received.
    pub status_word: Str,
    /// TC_CALL_USER_STATUS_*
    pub status: i32,
}

/// A call that is over. Its times are in seconds, while `event_time_ms` is in milliseconds.
///
/// <https://trtc.io/document/68940>
#[repr(C)]
#[derive(Debug)]
pub struct CallEnd {
    /// `CallId`
    pub call_id: Str,
    /// `Caller_Account`: UserID of the caller.
    pub caller_account: Str,
    /// `MediaType`, as received.
    pub media_type_word: Str,
    /// `CallType`, as received.
    pub call_type_word: Str,
    /// `CallResult`, as received.
    pub result_word: Str,
    /// `RoomId`
    pub room_id: Str,
    /// TC_MEDIA_TYPE_*
    pub media_type: i32,
    /// TC_CALL_TYPE_*
    pub call_type: i32,
    /// TC_CALL_RESULT_*
    pub result: i32,
    /// `StartTime`: seconds since 1970.
    pub start_time_s: i64,
    /// `AcceptTime`: seconds since 1970; 0 if nobody accepted.
    pub accept_time_s: i64,
    /// `EndTime`: seconds since 1970.
    pub end_time_s: i64,
    /// `RoomIdType`: TC_ROOM_ID_TYPE_NUMBER, TC_ROOM_ID_TYPE_TEXT, or TC_ABSENT.
    pub room_id_type: i64,
    /// `CalleeList_Account`: UserIDs, as received; the vendor's sample includes the caller.
    pub(super) callee_accounts: *const Str,
    /// How many.
    pub(super) callee_account_count: usize,
}

/// Members of a call that changed.
///
/// <https://trtc.io/document/69215>
#[repr(C)]
#[derive(Debug)]
pub struct CallMembers {
    /// `CallId`
    pub call_id: Str,
    /// `UserList`: who is in the call now.
    pub(super) users: *const *const CallUser,
    /// How many.
    pub(super) user_count: usize,
    /// `ChangedUserList`: who did what.
    pub(super) changes: *const *const CallChange,
    /// How many.
    pub(super) change_count: usize,
}

/// What a member of a call did.
#[repr(C)]
#[derive(Debug)]
pub struct CallChange {
    /// `User_Account`: UserID.
    pub account: Str,
    /// `ActionType`, as received.
    pub action_word: Str,
    /// TC_CALL_ACTION_*
    pub action: i32,
}

/// A change in the cloud recording of a call. The event types (301 recorder started, 311 committed to VOD, 312 VOD task
/// ended, and more) are those of the TRTC engine's recording callbacks.
///
/// <https://trtc.io/document/80345>
#[repr(C)]
#[derive(Debug)]
pub struct CallRecord {
    /// `CallId`
    pub call_id: Str,
    /// `RoomId` of the engine's room, which may differ from the call's.
    pub room_id: Str,
    /// `UserId` of the recording robot.
    pub user_id: Str,
    /// `TaskId` of the recording.
    pub task_id: Str,
    /// `Payload`: JSON as received; what it holds depends on the event type.
    pub payload_json: Str,
    /// `EventGroupId`: 3 is cloud recording.
    pub event_group_id: i64,
    /// `EventType`
    pub event_type: i64,
    /// `CallbackTs`: when the engine sent it, in milliseconds since 1970.
    pub callback_time_ms: i64,
    /// `EventTs`: when it happened in the engine, in seconds since 1970.
    pub engine_event_time_s: i64,
    /// `EventMsTs`: the same in milliseconds.
    pub engine_event_time_ms: i64,
    /// `KitType`: no vendor page says what it means; 2 in the sample.
    pub kit_type: i64,
}

/// The structs that an event points at. tc_object_factory lists a kind of object for each.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RecordKind {
    /// tc_room_info
    RoomInfo = 0,
    /// tc_room_members
    RoomMembers = 1,
    /// tc_room_seats
    RoomSeats = 2,
    /// tc_seat
    Seat = 3,
    /// tc_call_start
    CallStart = 4,
    /// tc_call_user
    CallUser = 5,
    /// tc_call_end
    CallEnd = 6,
    /// tc_call_members
    CallMembers = 7,
    /// tc_call_change
    CallChange = 8,
    /// tc_call_record
    CallRecord = 9,
}

// SAFETY: the pointers of an event and of its payload lead into the event's own block, which nothing changes once parsing is
// over, so any thread may read them.
#[allow(unsafe_code)]
mod shared {
    use super::{CallEnd, CallMembers, CallStart, Event, RoomInfo, RoomMembers, RoomSeats};

    macro_rules! shared {
        ($($record:ty),*) => { $(
            // SAFETY: as said above.
            unsafe impl Send for $record {}
            // SAFETY: as said above.
            unsafe impl Sync for $record {}
        )* };
    }
    shared!(Event, RoomInfo, RoomMembers, RoomSeats, CallStart, CallEnd, CallMembers);
}

/// A list of `count` at `first`, which an event's record holds.
#[allow(unsafe_code)]
fn list<T>(first: *const T, count: usize) -> &'static [T] {
    if first.is_null() {
        return &[];
    }
    // SAFETY: only the decoder fills these fields, with an array of `count` inside the event's block. The callers below tie
    // the life of the slice to the record, which lives in the same block.
    unsafe { std::slice::from_raw_parts(first, count) }
}

/// What a pointer of an event's record leads to.
#[allow(unsafe_code)]
fn linked<T>(pointer: *const T) -> Option<&'static T> {
    // SAFETY: as for `list`: NULL, or a record inside the event's block.
    unsafe { pointer.as_ref() }
}

impl Event {
    /// Payload of the commands that create, update or destroy a room.
    pub fn room(&self) -> Option<&RoomInfo> {
        linked(self.room)
    }

    /// Payload of the commands by which members enter or leave.
    pub fn members(&self) -> Option<&RoomMembers> {
        linked(self.members)
    }

    /// Payload of the seat command.
    pub fn seats(&self) -> Option<&RoomSeats> {
        linked(self.seats)
    }

    /// Payload of a call's start.
    pub fn call_start(&self) -> Option<&CallStart> {
        linked(self.call_start)
    }

    /// Payload of a call's end.
    pub fn call_end(&self) -> Option<&CallEnd> {
        linked(self.call_end)
    }

    /// Payload of a change of a call's members.
    pub fn call_members(&self) -> Option<&CallMembers> {
        linked(self.call_members)
    }

    /// Payload of a change of a call's recording.
    pub fn call_record(&self) -> Option<&CallRecord> {
        linked(self.call_record)
    }
}

impl RoomInfo {
    /// `ScheduleInviteeList_Account`
    pub fn schedule_invitee_accounts(&self) -> &[Str] {
        list(self.schedule_invitee_accounts, self.schedule_invitee_account_count)
    }
}

impl RoomMembers {
    /// `MemberList_Account`
    pub fn member_accounts(&self) -> &[Str] {
        list(self.member_accounts, self.member_account_count)
    }
}

impl RoomSeats {
    /// `SeatList`
    pub fn seats(&self) -> impl Iterator<Item = &Seat> {
        list(self.seats, self.seat_count).iter().filter_map(|seat| linked(*seat))
    }
}

impl CallStart {
    /// `UserList`
    pub fn users(&self) -> impl Iterator<Item = &CallUser> {
        list(self.users, self.user_count).iter().filter_map(|user| linked(*user))
    }
}

impl CallEnd {
    /// `CalleeList_Account`
    pub fn callee_accounts(&self) -> &[Str] {
        list(self.callee_accounts, self.callee_account_count)
    }
}

impl CallMembers {
    /// `UserList`
    pub fn users(&self) -> impl Iterator<Item = &CallUser> {
        list(self.users, self.user_count).iter().filter_map(|user| linked(*user))
    }

    /// `ChangedUserList`
    pub fn changes(&self) -> impl Iterator<Item = &CallChange> {
        list(self.changes, self.change_count).iter().filter_map(|change| linked(*change))
    }
}
