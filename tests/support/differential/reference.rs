//! What an event is to say, read from the judge's nodes with no thought of speed.
//!
//! Of the members of an object that have the same key the last one counts. What is left goes into one record with the fields of the
//! objects inside of it. A field that several keys lead to takes the first value that it can hold, in the order of the tables below,
//! whatever the order of the body; null is no value, and no mismatch either. Any other value that a field cannot hold is a mismatch,
//! unless the field has a value from elsewhere.

use serde_json::{Map, Value, json};
use tc_callback::catalog::Command;

use super::judge::{Kind, Node};

pub enum Expected {
    /// JSON, but not an object with a CallbackCommand.
    NotACallback,
    /// `event` has the names of `Event`'s own JSON.
    Event { event: Value, elements: usize, changes_command: bool },
}

type Table = &'static [(&'static str, Read)];
type Words = &'static [(&'static str, i32)];

/// How the value of a key is read, and the name of its field.
#[derive(Clone, Copy)]
enum Read {
    /// Also a number, as it is spelled.
    Text(&'static str),
    /// A text and its number; the field of the text has `_word` behind its name.
    Word(&'static str, Words),
    Integer(&'static str),
    Boolean(&'static str),
    Raw(&'static str),
    Object(Table),
    Texts(&'static str),
    Objects(&'static str, Table),
}

use Read::{Boolean, Integer, Object, Objects, Raw, Text, Texts, Word};

const ROOM: Table = &[
    ("RoomInfo", Object(ROOM_INFO)),
    ("RoomId", Text("room_id")),
    ("ScheduleInviteeList_Account", Texts("schedule_invitee_accounts")),
];
const ROOM_INFO: Table = &[
    ("RoomId", Text("room_id")),
    ("RoomName", Text("room_name")),
    ("RoomType", Word("room_type", &[("meeting", 1), ("conference", 1)])),
    ("Owner_Account", Text("owner_account")),
    ("TakeSeatMode", Word("take_seat_mode", &[("none", 1), ("freetotake", 2), ("applytotake", 3)])),
    ("RoomStatus", Word("room_status", &[("none", 1), ("notstarted", 2), ("running", 3)])),
    ("CustomInfo", Text("custom_info")),
    ("IsSeatEnabled", Boolean("is_seat_enabled")),
    ("IsVideoDisabled", Boolean("is_video_disabled")),
    ("IsAudioDisabled", Boolean("is_audio_disabled")),
    ("IsMessageDisabled", Boolean("is_message_disabled")),
    ("IsScreenSharingDisabled", Boolean("is_screen_sharing_disabled")),
    ("IsCloudRecordingDisabled", Boolean("is_cloud_recording_disabled")),
    ("MaxMemberCount", Integer("max_member_count")),
    ("MaxSeatCount", Integer("max_seat_count")),
    ("ScheduleStartTime", Integer("schedule_start_time_s")),
    ("ScheduleEndTime", Integer("schedule_end_time_s")),
    ("CreateTime", Integer("create_time_s")),
    ("EventTime", Integer("event_time_ms")),
];
const MEMBERS: Table = &[
    ("RoomId", Text("room_id")),
    ("Type", Word("change", &[("enter", 1), ("leave", 2), ("kicked", 3), ("expired", 4)])),
    ("Reason", Text("reason")),
    ("MemberCount", Integer("member_count")),
    ("MemberList_Account", Texts("member_accounts")),
];
const SEATS: Table = &[("RoomId", Text("room_id")), ("SeatList", Objects("seats", SEAT))];
const SEAT: Table = &[
    ("Index", Integer("index")),
    ("Member_Account", Text("member_account")),
    ("IsTakenDisabled", Boolean("is_taken_disabled")),
    ("IsVideoDisabled", Boolean("is_video_disabled")),
    ("IsAudioDisabled", Boolean("is_audio_disabled")),
];
const MEDIA_TYPE: Words = &[("audio", 1), ("video", 2)];
const CALL_START: Table = &[("CallInfo", Object(CALL_INFO)), ("UserList", Objects("users", USER))];
const CALL_INFO: Table = &[
    ("CallId", Text("call_id")),
    ("CallMediaType", Word("media_type", MEDIA_TYPE)),
    ("MediaType", Word("media_type", MEDIA_TYPE)),
    ("ChatGroupId", Text("chat_group_id")),
    ("RoomId", Text("room_id")),
    ("RoomIdType", Integer("room_id_type")),
];
const USER: Table = &[
    ("User_Account", Text("account")),
    ("Status", Word("status", &[("calling", 1), ("waiting", 2)])),
];
const CALL_END: Table = &[("CallRecord", Object(CALL_RECORD))];
const CALL_RECORD: Table = &[
    ("CallId", Text("call_id")),
    ("Caller_Account", Text("caller_account")),
    ("MediaType", Word("media_type", MEDIA_TYPE)),
    ("CallType", Word("call_type", &[("singlecall", 1), ("multicall", 2)])),
    ("CallResult", Word("result", CALL_RESULT)),
    ("RoomId", Text("room_id")),
    ("RoomIdType", Integer("room_id_type")),
    ("StartTime", Integer("start_time_s")),
    ("AcceptTime", Integer("accept_time_s")),
    ("EndTime", Integer("end_time_s")),
    ("CalleeList_Account", Texts("callee_accounts")),
];
const CALL_RESULT: Words = &[
    ("cancel", 1),
    ("reject", 2),
    ("notanswer", 3),
    ("normalend", 4),
    ("callbusy", 5),
    ("interrupt", 6),
    ("offline", 7),
];
const CALL_MEMBERS: Table = &[
    ("CallId", Text("call_id")),
    ("UserList", Objects("users", USER)),
    ("ChangedUserList", Objects("changes", CHANGE)),
];
const CHANGE: Table =
    &[("User_Account", Text("account")), ("ActionType", Word("action", CALL_ACTION))];
const CALL_ACTION: Words = &[
    ("accept", 1),
    ("answer", 1),
    ("reject", 2),
    ("notanswer", 3),
    ("hangup", 4),
    ("join", 5),
    ("offline", 6),
    ("invite", 7),
    ("invited", 7),
    ("cancelinvite", 8),
    ("canncelinvite", 8),
];
const RECORDING: Table = &[
    ("CallId", Text("call_id")),
    (
        "Callback",
        Object(&[
            ("EventGroupId", Integer("event_group_id")),
            ("EventType", Integer("event_type")),
            ("CallbackTs", Integer("callback_time_ms")),
            ("KitType", Integer("kit_type")),
            (
                "EventInfo",
                Object(&[
                    ("RoomId", Text("room_id")),
                    ("UserId", Text("user_id")),
                    ("TaskId", Text("task_id")),
                    ("Payload", Raw("payload_json")),
                    ("EventTs", Integer("engine_event_time_s")),
                    ("EventMsTs", Integer("engine_event_time_ms")),
                ]),
            ),
        ]),
    ),
];
/// In every callback.
const COMMON: Table = &[
    ("CallbackCommand", Text("command_word")),
    ("Operator_Account", Text("operator_account")),
    ("EventTime", Integer("event_time_ms")),
];
const UNKNOWN: Table = &[("RoomId", Text("subject")), ("CallId", Text("subject"))];

/// Of a command: its payload's name, which of its fields is the event's subject, and its own keys.
fn payload(command: Command) -> Option<(&'static str, &'static str, Table)> {
    Some(match command {
        Command::RoomAfterCreateRoom
        | Command::RoomAfterUpdateRoomInfo
        | Command::RoomAfterDestroyRoom => ("room", "room_id", ROOM),
        Command::RoomAfterMemberEnter | Command::RoomAfterMemberLeave => {
            ("members", "room_id", MEMBERS)
        }
        Command::MicAfterSeatInfoChanged => ("seats", "room_id", SEATS),
        Command::CallAfterStartCall => ("call_start", "call_id", CALL_START),
        Command::CallAfterEndCall => ("call_end", "call_id", CALL_END),
        Command::CallAfterMemberChanged => ("call_members", "call_id", CALL_MEMBERS),
        Command::CallAfterRecordChanged => ("call_record", "call_id", RECORDING),
        _ => return None,
    })
}

/// What the event of this body is to be; `from_query` has the fields that the query gives.
pub fn expected(node: &Node<'_>, body: &[u8], from_query: &Value) -> Expected {
    let Kind::Object(members) = &node.kind else { return Expected::NotACallback };
    let is_command = |(key, _): &&(String, Node<'_>)| key == "CallbackCommand";
    let commands: Vec<_> = members.iter().filter(is_command).collect();
    let word = commands.last().and_then(|(_, node)| text(node));
    let Some(word) = word else { return Expected::NotACallback };
    let command = Command::from_word(&word);
    let (own, payload) = match payload(command) {
        Some((name, subject, table)) => (table, Some((name, subject))),
        None => (UNKNOWN, None),
    };

    let tables = [COMMON, own];
    let mut reader = Reader { body, event: absent(COMMON), mismatches: Vec::new(), elements: 0 };
    reader.event.insert("subject".into(), Value::Null);
    let mut record = absent(own);
    record.remove("event_time_ms");
    record.remove("subject");
    reader.record(members, "", &tables, &mut record);
    reader.elements = elements(members, &tables);

    let Reader { mut event, mut mismatches, elements, .. } = reader;
    mismatches.sort();
    let mismatch = mismatches.first().map(|(_, words)| words.clone());
    if let Some((name, subject)) = payload {
        event.insert("subject".into(), record[subject].clone());
        event.insert(name.into(), record.into());
    }
    event.insert("command".into(), json!(command as i32));
    event.insert("product".into(), json!(command.product() as i32));
    event.insert("mismatch_count".into(), json!(mismatches.len()));
    event.insert("mismatch".into(), mismatch.into());
    for name in ["query_command_word", "client_ip", "platform_word", "platform", "sdk_app_id"] {
        event.insert(name.into(), from_query[name].clone());
    }
    Expected::Event { event: event.into(), elements, changes_command: commands.len() > 1 }
}

/// The record that no key has been read into.
fn absent(table: Table) -> Map<String, Value> {
    let mut record = Map::new();
    table.iter().for_each(|(_, read)| clear(*read, &mut record));
    record
}

fn clear(read: Read, record: &mut Map<String, Value>) {
    match read {
        Text(name) | Integer(name) | Boolean(name) | Raw(name) => {
            record.insert(name.into(), Value::Null);
        }
        Word(name, _) => {
            record.insert(name.into(), Value::Null);
            record.insert(format!("{name}_word"), Value::Null);
        }
        Texts(name) | Objects(name, _) => {
            record.insert(name.into(), json!([]));
        }
        Object(table) => table.iter().for_each(|(_, read)| clear(*read, record)),
    }
}

/// A value at one of the places that a field is documented at.
struct Candidate<'n, 'a> {
    read: Read,
    place: String,
    node: &'n Node<'a>,
}

/// The last value of each key that the tables have, in the order of the tables.
fn candidates<'n, 'a>(
    members: &'n [(String, Node<'a>)],
    path: &str,
    tables: &[Table],
) -> Vec<Candidate<'n, 'a>> {
    let mut found = Vec::new();
    for (key, read) in tables.iter().flat_map(|table| *table) {
        let last = members.iter().rev().find(|(other, _)| other == key);
        let Some((_, node)) = last else { continue };
        let place = format!("{path}{key}");
        match (read, &node.kind) {
            (Object(table), Kind::Object(members)) => {
                found.extend(candidates(members, &format!("{place}."), &[*table]));
            }
            _ => found.push(Candidate { read: *read, place, node }),
        }
    }
    found
}

/// How many elements all lists have, also those that a later one with the same key replaces, and whatever the elements are.
fn elements(members: &[(String, Node<'_>)], tables: &[Table]) -> usize {
    let read = |key: &str| {
        tables
            .iter()
            .flat_map(|table| *table)
            .find(|(known, _)| *known == key)
            .map(|(_, read)| *read)
    };
    let of_objects = |list: &[Node<'_>], table| -> usize {
        let of_object = |node: &Node<'_>| match &node.kind {
            Kind::Object(members) => elements(members, &[table]),
            _ => 0,
        };
        list.iter().map(of_object).sum()
    };
    let of_member = |(key, node): &(String, Node<'_>)| match (read(key.as_str()), &node.kind) {
        (Some(Object(table)), Kind::Object(members)) => elements(members, &[table]),
        (Some(Texts(_)), Kind::Array(list)) => list.len(),
        (Some(Objects(_, table)), Kind::Array(list)) => list.len() + of_objects(list, table),
        _ => 0,
    };
    members.iter().map(of_member).sum()
}

impl Read {
    fn name(self) -> Option<&'static str> {
        match self {
            Text(name)
            | Integer(name)
            | Boolean(name)
            | Raw(name)
            | Word(name, _)
            | Texts(name)
            | Objects(name, _) => Some(name),
            Object(_) => None,
        }
    }

    fn expects(self) -> &'static str {
        match self {
            Text(_) | Word(..) | Raw(_) => "a text",
            Integer(_) => "an integer",
            Boolean(_) => "a boolean",
            Object(_) => "an object",
            Texts(_) | Objects(..) => "an array",
        }
    }
}

struct Reader<'a> {
    body: &'a [u8],
    /// The fields that the event has itself.
    event: Map<String, Value>,
    /// Each with the byte that it is at.
    mismatches: Vec<(usize, String)>,
    elements: usize,
}

impl Reader<'_> {
    fn record(
        &mut self,
        members: &[(String, Node<'_>)],
        path: &str,
        tables: &[Table],
        record: &mut Map<String, Value>,
    ) {
        let mut left = candidates(members, path, tables);
        while let Some(first) = left.first() {
            let name = first.read.name();
            let same;
            (same, left) = left.into_iter().partition(|other| other.read.name() == name);
            let same: Vec<Candidate<'_, '_>> = same;
            let value = same.iter().find_map(|one| Some((one, self.value(one)?)));
            let Some((one, value)) = value else {
                for Candidate { read, place, node } in same {
                    if !matches!(node.kind, Kind::Null) {
                        self.mismatch(&place, read.expects(), node);
                    }
                }
                continue;
            };
            let Some(name) = name else { continue };
            if let Word(_, words) = one.read {
                record.insert(name.into(), number(&value, words).into());
                record.insert(format!("{name}_word"), value);
            } else if self.event.contains_key(name) {
                self.event.insert(name.into(), value);
            } else {
                record.insert(name.into(), value);
            }
        }
    }

    /// The value of a field, if it can hold this one.
    fn value(&mut self, candidate: &Candidate<'_, '_>) -> Option<Value> {
        let Candidate { read, place, node } = candidate;
        match (*read, &node.kind) {
            (Raw(_), _) => Some(json!(node.raw)),
            (Text(_) | Word(..), _) => text(node).map(Value::from),
            (Integer(_), _) => integer(node).map(Value::from),
            (Boolean(_), _) => boolean(node).map(Value::from),
            (Texts(_), Kind::Array(elements)) => Some(self.texts(elements, place)),
            (Objects(_, table), Kind::Array(elements)) => {
                Some(self.objects(elements, place, table))
            }
            _ => None,
        }
    }

    fn texts(&mut self, elements: &[Node<'_>], place: &str) -> Value {
        let mut texts = Vec::new();
        for node in elements {
            match text(node) {
                Some(text) => texts.push(text),
                None => self.mismatch(&format!("{place}[]"), "a text", node),
            }
        }
        texts.into()
    }

    fn objects(&mut self, elements: &[Node<'_>], place: &str, table: Table) -> Value {
        let mut records = Vec::new();
        for node in elements {
            if let Kind::Object(members) = &node.kind {
                let mut record = absent(table);
                self.record(members, &format!("{place}[]."), &[table], &mut record);
                records.push(record);
            } else {
                self.mismatch(&format!("{place}[]"), "an object", node);
            }
        }
        records.into()
    }

    fn mismatch(&mut self, place: &str, expected: &str, node: &Node<'_>) {
        let found = match node.kind {
            Kind::Null => "null",
            Kind::Boolean(_) => "a boolean",
            Kind::Number => "a number",
            Kind::Text(_) => "a text",
            Kind::Array(_) => "an array",
            Kind::Object(_) => "an object",
        };
        let offset = node.raw.as_ptr().addr() - self.body.as_ptr().addr();
        let words = format!("{place}: expected {expected}, found {found}, at byte {offset}");
        self.mismatches.push((offset, words));
    }
}

/// A text, or a number as it is spelled: an account may have more digits than a double.
fn text(node: &Node<'_>) -> Option<String> {
    match &node.kind {
        Kind::Text(text) => Some(text.clone()),
        Kind::Number => Some(node.raw.to_string()),
        _ => None,
    }
}

fn integer(node: &Node<'_>) -> Option<i64> {
    let digits = text(node).filter(|digits| !digits.starts_with('+'))?;
    // The smallest number of 64 bits is the one that says "absent".
    digits.parse().ok().filter(|number| *number != i64::MIN)
}

fn boolean(node: &Node<'_>) -> Option<bool> {
    match &node.kind {
        Kind::Boolean(flag) => Some(*flag),
        Kind::Text(word) => word.to_ascii_lowercase().parse().ok(),
        Kind::Number if node.raw == "0" => Some(false),
        Kind::Number if node.raw == "1" => Some(true),
        _ => None,
    }
}

/// Letter case, spaces and underscores of a word do not count.
fn number(word: &Value, words: Words) -> i32 {
    let letters = word.as_str().unwrap_or_default().replace([' ', '_'], "").to_ascii_lowercase();
    words.iter().find(|(known, _)| *known == letters).map_or(0, |(_, number)| *number)
}
