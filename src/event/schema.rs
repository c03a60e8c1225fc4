//! Which key of the wire goes into which field, one line each, in the order of the vendor's samples.
//!
//! A field is added by adding it to its record in types.rs and one line here. The decoder expects the next line's key first, then
//! the one after it, and looks any other up, so order costs time and nothing else.

use std::mem::offset_of;

use super::block::{self, ALIGNMENT};
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
    /// The bits of the keys that are not the first location of their struct's field; not 0 either if there are such keys in the objects
    /// inside.
    pub(super) others: u64,
    /// The bits of the keys by which a field that such a key is for can be sent as well: another, or an object that has it.
    pub(super) rivals: u64,
    /// The same for such keys in the objects inside.
    pub(super) inner_rivals: u64,
    /// A hash table: one more than the index of a field, or 0.
    slots: [u8; SLOTS],
}

/// More than twice as many as any object has fields.
const SLOTS: usize = 64;

/// More fields than any object has.
pub(super) const MOST_FIELDS: usize = SLOTS / 2;

/// The first slot of a key that begins so. The closing quote counts, since a key may be as short as four letters.
const fn slot(quoted_key: [u8; 8]) -> usize {
    const SIX_BYTES: u64 = (1 << 48) - 1;
    let prefix = u64::from_le_bytes(quoted_key) & SIX_BYTES;
    (prefix.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 58) as usize
}

impl Schema {
    const fn new(path: &'static str, fields: &'static [Field]) -> Schema {
        assert!(fields.len() < MOST_FIELDS);
        let mut slots = [0; SLOTS];
        let (mut others, mut rivals, mut inner_rivals) = (0, 0, 0);
        let mut index = 0;
        while index < fields.len() {
            let bit = Schema::bit(fields.len() - index);
            let mut other = 0;
            while other < fields.len() {
                if other != index && fields[other].is_other_of(&fields[index]) {
                    match fields[other].read {
                        Read::Object(_) => inner_rivals |= bit,
                        _ => rivals |= bit,
                    }
                }
                other += 1;
            }
            if matches!(fields[index].location, Some(1..)) {
                others |= bit;
            }
            let mut place = slot(fields[index].quoted_key.prefix());
            while slots[place] != 0 {
                place = (place + 1) % SLOTS;
            }
            index += 1;
            slots[place] = index as u8;
        }
        if inner_rivals != 0 {
            // Of no key, since every field has some from it on.
            others |= Schema::bit(0);
        }
        Schema { path, fields, others, rivals, inner_rivals, slots }
    }

    /// The bit of a field, from which on there are so many.
    pub(super) const fn bit(from_it_on: usize) -> u64 {
        1 << from_it_on
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

    /// The fields from that one on whose key this is, written with escapes.
    #[cold]
    pub(super) fn find_escaped(&self, key: RawText<'_>) -> Option<&'static [Field]> {
        let index = self.fields.iter().position(|field| key.is(field.key))?;
        self.fields.get(index..)
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
    /// The struct that the offsets are those of; `None` for the event itself.
    record: Option<RecordKind>,
    /// Which of the documented locations of its struct's field this is, from 0, if there are several: the first that holds a value counts.
    pub(super) location: Option<u8>,
    pub(super) read: Read,
}

impl Field {
    /// This key, which is one of several locations of its struct's field.
    const fn at_location(mut self, location: u8) -> Field {
        self.location = Some(location);
        self
    }

    /// Whether both are locations of the same field of a struct.
    pub(super) const fn is_same_as(&self, other: &Field) -> bool {
        let is_same_owner = matches!(
            (self.owner, other.owner),
            (Owner::Event, Owner::Event) | (Owner::Record, Owner::Record)
        );
        is_same_owner && self.read.offset() == other.read.offset()
    }

    /// Whether this key, or one in the object that it has, is not the first location of a field that the other key leads to.
    const fn is_other_of(&self, key: &Field) -> bool {
        if let Read::Object(inner) = self.read {
            let mut index = 0;
            while index < inner.fields.len() {
                if inner.fields[index].is_other_of(key) {
                    return true;
                }
                index += 1;
            }
            return false;
        }
        matches!(self.location, Some(1..)) && key.leads_to(self)
    }

    /// Whether this key, or one in the object that it has, is for the same field of a struct as the other.
    const fn leads_to(&self, other: &Field) -> bool {
        if let Read::Object(inner) = self.read {
            let mut index = 0;
            while index < inner.fields.len() {
                if inner.fields[index].leads_to(other) {
                    return true;
                }
                index += 1;
            }
            return false;
        }
        self.is_same_as(other)
    }
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

impl Read {
    /// Of the struct's field, or the first of them: no other way of reading leads to it. An object has none.
    const fn offset(self) -> usize {
        match self {
            Read::Text(offset)
            | Read::Word(offset, ..)
            | Read::Integer(offset)
            | Read::Boolean(offset)
            | Read::Json(offset)
            | Read::Texts(offset, _)
            | Read::Objects(offset, ..) => offset,
            Read::Object(_) => usize::MAX,
        }
    }
}

/// The records of a list.
pub(super) struct Element {
    pub(super) schema: &'static Schema,
    pub(super) absent: &'static [u8],
    pub(super) kind: RecordKind,
    pub(super) columns: &'static [Column],
}

/// A struct of the event's block. All its fields may be zero.
pub(super) trait Fields {
    /// `None` for the event itself.
    const RECORD: Option<RecordKind>;

    const OWNER: Owner = match Self::RECORD {
        None => Owner::Event,
        Some(_) => Owner::Record,
    };
}

impl Fields for Event {
    const RECORD: Option<RecordKind> = None;
}

/// One that the event points at.
pub(super) trait Record: Fields {
    const KIND: RecordKind;
}

macro_rules! records {
    ($($record:ident),*) => { $(
        impl Fields for $record {
            const RECORD: Option<RecordKind> = Some(RecordKind::$record);
        }
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
                check_element::<$element>(&$schema);
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
            record: <$record as Fields>::RECORD,
            location: None,
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
        body!(@ EVENT_TIME, $($own),*)
    };
    (@ $event_time:expr, $($own:expr),* $(,)?) => {
        schema!(
            "",
            COMMAND,
            field!(Event, "Operator_Account", text operator_account),
            $($own,)*
            $event_time,
        )
    };
}

/// When it happened; the last of a body's fields.
const EVENT_TIME: Field = field!(Event, "EventTime", integer event_time_ms);

/// What a body is; the first of its fields.
const COMMAND: Field = field!(Event, "CallbackCommand", text command_word);

/// Its key as it stands in a body.
pub(super) const COMMAND_KEY: &str = "\"CallbackCommand\"";

/// A callback that the catalogue does not know.
static UNKNOWN: Schema = body![
    field!(Event, "RoomId", text subject).at_location(0),
    field!(Event, "CallId", text subject).at_location(1),
];

/// The vendor's tables list the members of RoomInfo flat, its samples nest them; a destroyed room has RoomId at the top.
static ROOM: Schema = body![
    @ EVENT_TIME.at_location(0),
    field!(RoomInfo, "RoomInfo", object ROOM_INFO),
    field!(RoomInfo, "RoomId", text room_id).at_location(1),
    field!(RoomInfo, "ScheduleInviteeList_Account",
        texts schedule_invitee_accounts schedule_invitee_account_count),
];

static ROOM_INFO: Schema = schema!(
    "RoomInfo.",
    field!(RoomInfo, "RoomId", text room_id).at_location(0),
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
    EVENT_TIME.at_location(1),
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
    field!(CallStart, "CallMediaType", word media_type_word media_type MEDIA_TYPE).at_location(0),
    field!(CallStart, "ChatGroupId", text chat_group_id),
    field!(CallStart, "RoomId", text room_id),
    field!(CallStart, "RoomIdType", integer room_id_type),
    // The vendor's table has this name, its sample the one above.
    field!(CallStart, "MediaType", word media_type_word media_type MEDIA_TYPE).at_location(1),
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

/// What an element of a payload's lists takes, those inside of their records included.
#[derive(Clone, Copy)]
pub(super) struct Lists {
    /// 0 if there are none of texts.
    pub(super) text_bytes: usize,
    /// For the largest record; 0 if there are none of records.
    pub(super) record_bytes: usize,
}

impl Lists {
    const NONE: Lists = Lists { text_bytes: 0, record_bytes: 0 };

    const fn of(schema: &Schema) -> Lists {
        let mut found = Lists::NONE;
        let mut index = 0;
        while index < schema.fields.len() {
            found = match schema.fields[index].read {
                Read::Texts(..) => Lists { text_bytes: block::TEXT_BYTES, ..found },
                Read::Objects(_, _, element) => {
                    let record_bytes = block::record_bytes(element.absent.len());
                    found.and(Lists { text_bytes: 0, record_bytes }).and(Lists::of(element.schema))
                }
                Read::Object(inner) => found.and(Lists::of(inner)),
                _ => found,
            };
            index += 1;
        }
        found
    }

    const fn and(self, other: Lists) -> Lists {
        Lists {
            text_bytes: larger(self.text_bytes, other.text_bytes),
            record_bytes: larger(self.record_bytes, other.record_bytes),
        }
    }
}

const fn larger(one: usize, other: usize) -> usize {
    if one > other { one } else { other }
}

/// More keys than the fields of a record have, those in the objects inside of it included.
pub(super) const MOST_LOCATIONS: usize = 64;

/// The fields of a record with all keys that lead to them.
struct Locations {
    fields: [Option<&'static Field>; MOST_LOCATIONS],
    count: usize,
}

impl Locations {
    const fn of(schema: &'static Schema) -> Locations {
        let mut found = Locations { fields: [None; MOST_LOCATIONS], count: 0 };
        found.add(schema);
        found
    }

    const fn add(&mut self, schema: &'static Schema) {
        let mut index = 0;
        while index < schema.fields.len() {
            let field = &schema.fields[index];
            assert!(self.count < MOST_LOCATIONS, "a record has too many keys for the second pass");
            self.fields[self.count] = Some(field);
            self.count += 1;
            if let Read::Object(inner) = field.read {
                self.add(inner);
            }
            index += 1;
        }
    }
}

/// Compiles only if the schema's offsets are those of this record, and each field that has several locations says which of them each is.
const fn check_record(record: Option<RecordKind>, schema: &'static Schema) {
    let Locations { fields, count } = Locations::of(schema);
    let mut index = 0;
    while index < count {
        let Some(field) = fields[index] else { return };
        if let (Some(of), Some(record)) = (field.record, record) {
            assert!(of as i32 == record as i32, "a schema with fields of another record");
        }
        let mut locations = 0;
        let mut earlier = 0;
        let mut other = 0;
        while other < count {
            if let Some(other) = fields[other] {
                if field.is_same_as(other) && !matches!(field.read, Read::Object(_)) {
                    locations += 1;
                    if let (Some(location), Some(other)) = (field.location, other.location) {
                        earlier += (other < location) as u8;
                    }
                }
            }
            other += 1;
        }
        match field.location {
            None => assert!(locations <= 1, "a field with several locations: say which is which"),
            Some(location) => {
                assert!(locations > 1 && earlier == location, "count a field's locations from 0");
            }
        }
        index += 1;
    }
}

/// Compiles only if a list may have such records.
const fn check_element<T: Record>(schema: &'static Schema) {
    assert!(align_of::<T>() <= ALIGNMENT, "a record that must be aligned to more than others");
    check_record(Some(T::KIND), schema);
    let Locations { fields, count } = Locations::of(schema);
    let mut index = 0;
    while index < count {
        // One of the event would be written once for each record of the list.
        let is_its = matches!(fields[index], Some(Field { owner: Owner::Record, .. }));
        assert!(is_its, "a field of the event in the records of a list");
        index += 1;
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
            lists: {
                assert!(align_of::<$record>() <= ALIGNMENT);
                check_record(Some(<$record as Record>::KIND), &$schema);
                Lists::of(&$schema)
            },
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
        None => {
            &const {
                check_record(None, &UNKNOWN);
                Payload { schema: &UNKNOWN, lists: Lists::NONE, record: None }
            }
        }
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

/// Records such as no payload has yet: with lists inside of lists, and with fields of four bytes only.
#[cfg(test)]
pub(super) mod nested {
    use super::*;

    #[repr(C)]
    pub struct Groups {
        pub id: Str,
        pub groups: *const *const Group,
        pub group_count: usize,
    }

    #[repr(C)]
    pub struct Group {
        pub flags: *const *const Flags,
        pub flag_count: usize,
        pub accounts: *const Str,
        pub account_count: usize,
        pub name: Str,
    }

    #[repr(C)]
    pub struct Flags {
        pub is_open: i32,
        pub is_muted: i32,
        pub is_full: i32,
    }

    macro_rules! test_records {
        ($($record:ident as $kind:ident),*) => { $(
            impl Fields for $record {
                const RECORD: Option<RecordKind> = Some(RecordKind::$kind);
            }
            impl Record for $record {
                const KIND: RecordKind = RecordKind::$kind;
            }
        )* };
    }
    test_records!(Groups as RoomSeats, Group as Seat, Flags as CallUser);

    static GROUPS: Schema = body![
        field!(Groups, "Id", text id),
        field!(Groups, "Groups", objects groups group_count Group, GROUP),
    ];

    static GROUP: Schema = schema!(
        "Groups[].",
        field!(Group, "Flags", objects flags flag_count Flags, FLAGS),
        field!(Group, "Name", text name),
        field!(Group, "Accounts", texts accounts account_count),
    );

    static FLAGS: Schema = schema!(
        "Groups[].Flags[].",
        field!(Flags, "IsOpen", boolean is_open),
        field!(Flags, "IsMuted", boolean is_muted),
        field!(Flags, "IsFull", boolean is_full),
    );

    /// As for a command.
    pub(in crate::event) fn payload() -> &'static Payload {
        &const {
            check_record(Some(Groups::KIND), &GROUPS);
            Payload {
                schema: &GROUPS,
                lists: Lists::of(&GROUPS),
                record: Some(PayloadRecord {
                    name: "groups",
                    absent: absent!(Groups, GROUPS),
                    kind: Groups::KIND,
                    columns: columns!(GROUPS),
                    // Any pointer of the event will do.
                    link: offset_of!(Event, seats),
                    subject: at!(Groups, id: Str),
                    subject_place: columns::place(columns!(GROUPS), offset_of!(Groups, id)),
                }),
            }
        }
    }
}
