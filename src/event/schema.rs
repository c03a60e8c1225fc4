//! Which key of the wire goes into which field, one line each, in the order of the vendor's samples.
//!
//! A field is added by adding it to its record in types.rs and one line here. The decoder expects the next line's key first, then
//! the one after it, and looks any other up, so order costs time and nothing else.

use std::mem::offset_of;

use super::columns::{self, Column};
use super::lanes::Lanes;
use super::literal::Literal;
use super::place::At;
use super::scan::RawText;
use super::text::Str;
use super::types::{
    ABSENT, CallChange, CallEnd, CallMembers, CallRecord, CallStart, CallUser, Event, NOT_SENT,
    RecordKind, RoomInfo, RoomMembers, RoomSeats, Seat,
};
use super::words::{self, Vocabulary};
use crate::catalog;

/// The fields of one JSON object.
pub(super) struct Schema {
    /// How messages name its place: `RoomInfo.`
    pub(super) path: &'static str,
    pub(super) fields: &'static [Field],
    /// A hash table: one more than the index of a field, or 0.
    slots: [u8; SLOTS],
}

/// More than twice as many as any object has fields.
const SLOTS: usize = 64;

/// The first slot of a key that begins so. The closing quote counts, since a key may be as short as four letters.
const fn slot(quoted_key: [u8; 8]) -> usize {
    const SIX_BYTES: u64 = (1 << 48) - 1;
    let prefix = u64::from_le_bytes(quoted_key) & SIX_BYTES;
    (prefix.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 58) as usize
}

impl Schema {
    const fn new(path: &'static str, fields: &'static [Field]) -> Schema {
        assert!(2 * fields.len() < SLOTS);
        let mut slots = [0; SLOTS];
        let mut index = 0;
        while index < fields.len() {
            let mut place = slot(fields[index].quoted_key.prefix());
            while slots[place] != 0 {
                place = (place + 1) % SLOTS;
            }
            index += 1;
            slots[place] = index as u8;
        }
        Schema { path, fields, slots }
    }

    /// The fields from that one on whose key stands at this place, written without escapes, and the place behind the key.
    #[inline(always)]
    pub(super) fn find<'a, L: Lanes>(
        &self,
        at: At<'a>,
        lanes: L,
    ) -> Option<(&'static [Field], At<'a>)> {
        let mut place = slot(at.prefix());
        loop {
            let index = usize::from(self.slots[place]).checked_sub(1)?;
            let fields = self.fields.get(index..)?;
            if let Some(end) = at.past_key(&fields.first()?.quoted_key, lanes) {
                return Some((fields, end));
            }
            place = (place + 1) % SLOTS;
        }
    }

    /// The field whose key this is, written with escapes.
    #[cold]
    pub(super) fn find_escaped(&self, key: RawText<'_>) -> Option<&'static Field> {
        self.fields.iter().find(|field| key.is(field.key))
    }
}

/// One key of an object.
pub(super) struct Field {
    pub(super) key: &'static str,
    pub(super) quoted_key: Literal<4>,
    /// How the member begins behind another one in a body without white space.
    pub(super) member: Literal<4>,
    /// Of the struct's field: that of the text, where a word takes two; empty for an object, which has none of its own.
    pub(super) name: &'static str,
    pub(super) owner: Owner,
    pub(super) read: Read,
}

/// Which struct the offsets of a field count from.
#[derive(Clone, Copy)]
pub(super) enum Owner {
    /// The event itself.
    Event,
    /// The payload, or the element of a list.
    Record,
}

/// How a value is read, and the offsets at which its parts are written.
#[derive(Clone, Copy)]
pub(super) enum Read {
    /// A text; a number keeps its digits (accounts pass 2^53).
    Text(usize),
    /// A text, and its number in a vocabulary.
    Word(usize, usize, &'static Vocabulary),
    /// An integer; also as decimal text.
    Integer(usize),
    /// `true`, `false`, `"true"`, `"False"`, 0, 1.
    Boolean(usize),
    /// Any value, as JSON text.
    Json(usize),
    /// An object whose fields go into the same record.
    Object(&'static Schema),
    /// An array of texts: first, count.
    Texts(usize, usize),
    /// An array of objects: first, count, the element.
    Objects(usize, usize, &'static Element),
}

/// A record that stands in a list.
pub(super) struct Element {
    pub(super) schema: &'static Schema,
    pub(super) absent: &'static [u8],
    pub(super) kind: RecordKind,
    pub(super) columns: &'static [Column],
}

/// A struct of the event's block. All its fields may be zero.
trait Fields {
    const OWNER: Owner = Owner::Record;
}

impl Fields for Event {
    const OWNER: Owner = Owner::Event;
}

/// One that the event points at.
trait Record: Fields {
    const KIND: RecordKind;
}

macro_rules! records {
    ($($record:ident),*) => { $(
        impl Fields for $record {}
        impl Record for $record {
            const KIND: RecordKind = RecordKind::$record;
        }
    )* };
}

records!(
    RoomInfo,
    RoomMembers,
    RoomSeats,
    Seat,
    CallStart,
    CallUser,
    CallEnd,
    CallMembers,
    CallChange,
    CallRecord
);

/// The fields of a record.
macro_rules! columns {
    ($schema:ident) => {
        const { &Column::of::<{ Column::count(&$schema) }>(&$schema) }
    };
}

/// The bytes of a record whose fields are all absent.
macro_rules! absent {
    ($record:ty, $schema:ident) => {
        &const {
            let owner = <$record as Fields>::OWNER;
            write_absent([0; size_of::<$record>()], &$schema, owner)
        }
    };
}

/// The offset of a field that has this type; any other type does not compile.
macro_rules! at {
    ($record:ty, $field:ident: $type:ty) => {{
        const _: fn(&$record) -> &$type = |record| &record.$field;
        offset_of!($record, $field)
    }};
}

macro_rules! field {
    ($record:ty, $key:literal, text $field:ident) => {
        field!(@ $record, $key, stringify!($field), Read::Text(at!($record, $field: Str)))
    };
    ($record:ty, $key:literal, word $field:ident $number:ident $words:ident) => {
        field!(@ $record, $key, stringify!($field), Read::Word(
            at!($record, $field: Str), at!($record, $number: i32), &words::$words))
    };
    ($record:ty, $key:literal, integer $field:ident) => {
        field!(@ $record, $key, stringify!($field), Read::Integer(at!($record, $field: i64)))
    };
    ($record:ty, $key:literal, boolean $field:ident) => {
        field!(@ $record, $key, stringify!($field), Read::Boolean(at!($record, $field: i32)))
    };
    ($record:ty, $key:literal, json $field:ident) => {
        field!(@ $record, $key, stringify!($field), Read::Json(at!($record, $field: Str)))
    };
    ($record:ty, $key:literal, object $schema:ident) => {
        field!(@ $record, $key, "", Read::Object(&$schema))
    };
    ($record:ty, $key:literal, texts $first:ident $count:ident) => {
        field!(@ $record, $key, stringify!($first), Read::Texts(
            at!($record, $first: *const Str), at!($record, $count: usize)))
    };
    ($record:ty, $key:literal, objects $first:ident $count:ident $element:ty, $schema:ident) => {
        field!(@ $record, $key, stringify!($first), Read::Objects(
            at!($record, $first: *const *const $element),
            at!($record, $count: usize),
            const {
                &Element {
                    schema: &$schema,
                    absent: absent!($element, $schema),
                    kind: <$element as Record>::KIND,
                    columns: columns!($schema),
                }
            }))
    };
    (@ $record:ty, $key:literal, $name:expr, $read:expr) => {
        Field {
            key: $key,
            quoted_key: Literal::new(&["\"", $key, "\""]),
            member: Literal::new(&[",\"", $key, "\":"]),
            name: $name,
            owner: <$record as Fields>::OWNER,
            read: $read,
        }
    };
}

/// An object's fields.
macro_rules! schema {
    ($path:literal, $($field:expr),* $(,)?) => {
        Schema::new($path, const { &[$($field),*] })
    };
}

/// A callback's body: the fields that each has, around those of its own.
macro_rules! body {
    ($($own:expr),* $(,)?) => {
        schema!(
            "",
            COMMAND,
            field!(Event, "Operator_Account", text operator_account),
            $($own,)*
            field!(Event, "EventTime", integer event_time_ms),
        )
    };
}

/// What a body is; the first of its fields.
const COMMAND: Field = field!(Event, "CallbackCommand", text command_word);

/// Its key as it stands in a body.
pub(super) const COMMAND_KEY: &str = "\"CallbackCommand\"";

/// A callback that the catalogue does not know.
static UNKNOWN: Schema =
    body![field!(Event, "RoomId", text subject), field!(Event, "CallId", text subject),];

/// The vendor's tables list the members of RoomInfo flat, its samples nest them; a destroyed room has RoomId at the top.
static ROOM: Schema = body![
    field!(RoomInfo, "RoomInfo", object ROOM_INFO),
    field!(RoomInfo, "RoomId", text room_id),
    field!(RoomInfo, "ScheduleInviteeList_Account",
        texts schedule_invitee_accounts schedule_invitee_account_count),
];

static ROOM_INFO: Schema = schema!(
    "RoomInfo.",
    field!(RoomInfo, "RoomId", text room_id),
    field!(RoomInfo, "RoomName", text room_name),
    field!(RoomInfo, "RoomType", word room_type_word room_type ROOM_TYPE),
    field!(RoomInfo, "Owner_Account", text owner_account),
    field!(RoomInfo, "TakeSeatMode", word take_seat_mode_word take_seat_mode TAKE_SEAT_MODE),
    field!(RoomInfo, "MaxMemberCount", integer max_member_count),
    field!(RoomInfo, "MaxSeatCount", integer max_seat_count),
    field!(RoomInfo, "IsVideoDisabled", boolean is_video_disabled),
    field!(RoomInfo, "IsAudioDisabled", boolean is_audio_disabled),
    field!(RoomInfo, "IsMessageDisabled", boolean is_message_disabled),
    field!(RoomInfo, "IsScreenSharingDisabled", boolean is_screen_sharing_disabled),
    field!(RoomInfo, "IsCloudRecordingDisabled", boolean is_cloud_recording_disabled),
    field!(RoomInfo, "CustomInfo", text custom_info),
    field!(RoomInfo, "ScheduleStartTime", integer schedule_start_time_s),
    field!(RoomInfo, "ScheduleEndTime", integer schedule_end_time_s),
    field!(RoomInfo, "RoomStatus", word room_status_word room_status ROOM_STATUS),
    field!(RoomInfo, "IsSeatEnabled", boolean is_seat_enabled),
    field!(RoomInfo, "CreateTime", integer create_time_s),
    // One vendor page has the callback's EventTime in here.
    field!(Event, "EventTime", integer event_time_ms),
);

static MEMBERS: Schema = body![
    field!(RoomMembers, "RoomId", text room_id),
    field!(RoomMembers, "MemberCount", integer member_count),
    field!(RoomMembers, "Type", word change_word change MEMBER_CHANGE),
    field!(RoomMembers, "MemberList_Account", texts member_accounts member_account_count),
    field!(RoomMembers, "Reason", text reason),
];

static SEATS: Schema = body![
    field!(RoomSeats, "RoomId", text room_id),
    field!(RoomSeats, "SeatList", objects seats seat_count Seat, SEAT),
];

static SEAT: Schema = schema!(
    "SeatList[].",
    field!(Seat, "Index", integer index),
    field!(Seat, "Member_Account", text member_account),
    field!(Seat, "IsTakenDisabled", boolean is_taken_disabled),
    field!(Seat, "IsVideoDisabled", boolean is_video_disabled),
    field!(Seat, "IsAudioDisabled", boolean is_audio_disabled),
);

static CALL_START: Schema = body![
    field!(CallStart, "CallInfo", object CALL_INFO),
    field!(CallStart, "UserList", objects users user_count CallUser, CALL_USER),
];

static CALL_INFO: Schema = schema!(
    "CallInfo.",
    field!(CallStart, "CallId", text call_id),
    field!(CallStart, "CallMediaType", word media_type_word media_type MEDIA_TYPE),
    field!(CallStart, "ChatGroupId", text chat_group_id),
    field!(CallStart, "RoomId", text room_id),
    field!(CallStart, "RoomIdType", integer room_id_type),
    // The vendor's table has this name, its sample the one above.
    field!(CallStart, "MediaType", word media_type_word media_type MEDIA_TYPE),
);

static CALL_USER: Schema = schema!(
    "UserList[].",
    field!(CallUser, "User_Account", text account),
    field!(CallUser, "Status", word status_word status CALL_USER_STATUS),
);

static CALL_END: Schema = body![field!(CallEnd, "CallRecord", object CALL_RECORD)];

static CALL_RECORD: Schema = schema!(
    "CallRecord.",
    field!(CallEnd, "CallId", text call_id),
    field!(CallEnd, "Caller_Account", text caller_account),
    field!(CallEnd, "MediaType", word media_type_word media_type MEDIA_TYPE),
    field!(CallEnd, "CallType", word call_type_word call_type CALL_TYPE),
    field!(CallEnd, "StartTime", integer start_time_s),
    field!(CallEnd, "EndTime", integer end_time_s),
    field!(CallEnd, "AcceptTime", integer accept_time_s),
    field!(CallEnd, "CallResult", word result_word result CALL_RESULT),
    field!(CallEnd, "CalleeList_Account", texts callee_accounts callee_account_count),
    field!(CallEnd, "RoomId", text room_id),
    field!(CallEnd, "RoomIdType", integer room_id_type),
);

static CALL_MEMBERS: Schema = body![
    field!(CallMembers, "CallId", text call_id),
    field!(CallMembers, "UserList", objects users user_count CallUser, CALL_USER),
    field!(CallMembers, "ChangedUserList", objects changes change_count CallChange, CALL_CHANGE),
];

static CALL_CHANGE: Schema = schema!(
    "ChangedUserList[].",
    field!(CallChange, "User_Account", text account),
    field!(CallChange, "ActionType", word action_word action CALL_ACTION),
);

static RECORDING: Schema = body![
    field!(CallRecord, "CallId", text call_id),
    field!(CallRecord, "Callback", object RECORDING_CALLBACK),
];

static RECORDING_CALLBACK: Schema = schema!(
    "Callback.",
    field!(CallRecord, "EventGroupId", integer event_group_id),
    field!(CallRecord, "EventType", integer event_type),
    field!(CallRecord, "CallbackTs", integer callback_time_ms),
    field!(CallRecord, "EventInfo", object RECORDING_EVENT),
    field!(CallRecord, "KitType", integer kit_type),
);

static RECORDING_EVENT: Schema = schema!(
    "Callback.EventInfo.",
    field!(CallRecord, "RoomId", text room_id),
    field!(CallRecord, "EventTs", integer engine_event_time_s),
    field!(CallRecord, "UserId", text user_id),
    field!(CallRecord, "TaskId", text task_id),
    field!(CallRecord, "Payload", json payload_json),
    field!(CallRecord, "EventMsTs", integer engine_event_time_ms),
);

/// Bytes of the largest record that stands in a list.
pub(super) const ELEMENT_BYTES: usize = {
    let sizes = [size_of::<Seat>(), size_of::<CallUser>(), size_of::<CallChange>()];
    let mut largest = 0;
    let mut index = 0;
    while index < sizes.len() {
        if sizes[index] > largest {
            largest = sizes[index];
        }
        index += 1;
    }
    largest
};

/// The bytes of an event whose fields are all absent.
pub(super) const ABSENT_EVENT: &[u8] = &const {
    let event = write_absent([0; size_of::<Event>()], &UNKNOWN, Owner::Event);
    // It comes from the query, of which there is no schema.
    write_bytes(event, at!(Event, platform: i32), &NOT_SENT.to_ne_bytes())
};

/// Gives the owner's fields in a schema their value for "absent". That of a pointer, a count and a text is zero.
const fn write_absent<const N: usize>(
    mut record: [u8; N],
    schema: &Schema,
    owner: Owner,
) -> [u8; N] {
    let mut index = 0;
    while index < schema.fields.len() {
        let field = &schema.fields[index];
        let is_its = matches!(
            (owner, field.owner),
            (Owner::Event, Owner::Event) | (Owner::Record, Owner::Record)
        );
        match field.read {
            Read::Object(inner) => record = write_absent(record, inner, owner),
            Read::Integer(offset) if is_its => {
                record = write_bytes(record, offset, &ABSENT.to_ne_bytes());
            }
            Read::Word(_, offset, _) | Read::Boolean(offset) if is_its => {
                record = write_bytes(record, offset, &NOT_SENT.to_ne_bytes());
            }
            _ => {}
        }
        index += 1;
    }
    record
}

const fn write_bytes<const N: usize>(mut record: [u8; N], offset: usize, bytes: &[u8]) -> [u8; N] {
    let mut index = 0;
    while index < bytes.len() {
        record[offset + index] = bytes[index];
        index += 1;
    }
    record
}

/// What the lists of a payload hold. None has lists of both kinds.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Lists {
    None,
    Texts,
    Objects,
}

impl Lists {
    // It can only panic in the compiler.
    #[allow(clippy::panic)]
    const fn of(schema: &Schema) -> Lists {
        let mut found = Lists::None;
        let mut index = 0;
        while index < schema.fields.len() {
            let lists = match schema.fields[index].read {
                Read::Texts(..) => Lists::Texts,
                Read::Objects(..) => Lists::Objects,
                Read::Object(inner) => Lists::of(inner),
                _ => Lists::None,
            };
            found = match (found, lists) {
                (other, Lists::None) | (Lists::None, other) => other,
                (Lists::Texts, Lists::Texts) => Lists::Texts,
                (Lists::Objects, Lists::Objects) => Lists::Objects,
                _ => panic!("a payload has lists of both kinds: reckon their room apart"),
            };
            index += 1;
        }
        found
    }
}

/// A payload: its schema, its record, and where the event links to it and takes its subject from.
pub(super) struct Payload {
    pub(super) schema: &'static Schema,
    pub(super) lists: Lists,
    /// `None` for an unknown command, which has no record.
    pub(super) record: Option<PayloadRecord>,
}

pub(super) struct PayloadRecord {
    /// Of the event's field that links to it.
    pub(super) name: &'static str,
    pub(super) absent: &'static [u8],
    pub(super) kind: RecordKind,
    pub(super) columns: &'static [Column],
    /// Offset in [`Event`] of the pointer to the record.
    pub(super) link: usize,
    /// Offset in the record of RoomId or CallId.
    pub(super) subject: usize,
    /// Its place among the fields.
    pub(super) subject_place: usize,
}

macro_rules! payload {
    ($schema:ident, $record:ty, $link:ident, $subject:ident) => {
        Payload {
            schema: &$schema,
            lists: Lists::of(&$schema),
            record: Some(PayloadRecord {
                name: stringify!($link),
                absent: absent!($record, $schema),
                kind: <$record as Record>::KIND,
                columns: columns!($schema),
                link: at!(Event, $link: *const $record),
                subject: at!($record, $subject: Str),
                subject_place: columns::place(columns!($schema), offset_of!($record, $subject)),
            }),
        }
    };
}

/// The payload that a command of the catalogue carries, or that of an unknown one.
pub(super) fn payload(kind: Option<catalog::Payload>) -> &'static Payload {
    match kind {
        None => &const { Payload { schema: &UNKNOWN, lists: Lists::None, record: None } },
        Some(catalog::Payload::Room) => &const { payload!(ROOM, RoomInfo, room, room_id) },
        Some(catalog::Payload::Members) => {
            &const { payload!(MEMBERS, RoomMembers, members, room_id) }
        }
        Some(catalog::Payload::Seats) => &const { payload!(SEATS, RoomSeats, seats, room_id) },
        Some(catalog::Payload::CallStart) => {
            &const { payload!(CALL_START, CallStart, call_start, call_id) }
        }
        Some(catalog::Payload::CallEnd) => {
            &const { payload!(CALL_END, CallEnd, call_end, call_id) }
        }
        Some(catalog::Payload::CallMembers) => {
            &const { payload!(CALL_MEMBERS, CallMembers, call_members, call_id) }
        }
        Some(catalog::Payload::CallRecord) => {
            &const { payload!(RECORDING, CallRecord, call_record, call_id) }
        }
    }
}
