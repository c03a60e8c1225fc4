//! What the fields of an event say, under the names that its JSON has.

use serde_json::{Map, Value};
use tc_callback::event::{ABSENT, Event, NOT_SENT, ParsedEvent, Str};

/// Puts fields of a struct into an object: texts, numbers, words with their numbers, booleans.
macro_rules! record {
    ($block:expr, $record:expr; texts $($text:ident)*; numbers $($number:ident)*; words $($word:ident $code:ident)*;
        flags $($flag:ident)*) => {{
        let mut fields = Map::new();
        $(fields.insert(stringify!($text).into(), $block.text(&$record.$text));)*
        $(fields.insert(stringify!($number).into(), number($record.$number));)*
        $(fields.insert(stringify!($word).into(), $block.text(&$record.$word));
        fields.insert(stringify!($code).into(), word($record.$code));)*
        $(fields.insert(stringify!($flag).into(), flag($record.$flag));)*
        fields
    }};
}

/// The fields of an event.
pub fn fields(event: &ParsedEvent) -> Value {
    let event: &Event = event;
    let block = Block { start: (&raw const *event).addr(), size: event.block_size };
    let mut fields = record!(block, event;
        texts command_word operator_account subject query_command_word client_ip mismatch;
        numbers event_time_ms; words platform_word platform; flags);
    for (name, value) in [
        ("command", event.command.into()),
        ("product", event.product.into()),
        ("sdk_app_id", event.sdk_app_id.into()),
        ("mismatch_count", event.mismatch_count.into()),
        ("duplicate_key", event.duplicate_key().map(|key| key.to_string()).into()),
    ] {
        fields.insert(name.into(), value);
    }
    for (name, record) in payloads(event, &block) {
        if let Some(record) = record {
            fields.insert(name.into(), record.into());
        }
    }
    fields.into()
}

fn payloads(event: &Event, block: &Block) -> [(&'static str, Option<Map<String, Value>>); 7] {
    let room = event.room().map(|room| {
        let mut fields = record!(block, room;
            texts room_id room_name owner_account custom_info;
            numbers max_member_count max_seat_count schedule_start_time_s schedule_end_time_s create_time_s;
            words room_type_word room_type take_seat_mode_word take_seat_mode room_status_word room_status;
            flags is_seat_enabled is_video_disabled is_audio_disabled is_message_disabled
                is_screen_sharing_disabled is_cloud_recording_disabled);
        let invitees = block.texts(room.schedule_invitee_accounts());
        fields.insert("schedule_invitee_accounts".into(), invitees);
        fields
    });
    let members = event.members().map(|members| {
        let mut fields = record!(block, members;
            texts room_id reason; numbers member_count; words change_word change; flags);
        fields.insert("member_accounts".into(), block.texts(members.member_accounts()));
        fields
    });
    let seats = event.seats().map(|seats| {
        let mut fields = record!(block, seats; texts room_id; numbers; words; flags);
        let list = seats.seats().map(|seat| {
            record!(block, seat; texts member_account; numbers index; words;
                flags is_taken_disabled is_video_disabled is_audio_disabled)
        });
        fields.insert("seats".into(), list.collect());
        fields
    });
    let user = |user: &tc_callback::event::CallUser| record!(block, user; texts account; numbers; words status_word status; flags);
    let call_start = event.call_start().map(|call| {
        let mut fields = record!(block, call; texts call_id chat_group_id room_id;
            numbers room_id_type; words media_type_word media_type; flags);
        fields.insert("users".into(), call.users().map(user).collect());
        fields
    });
    let call_end = event.call_end().map(|call| {
        let mut fields = record!(block, call; texts call_id caller_account room_id;
            numbers start_time_s accept_time_s end_time_s room_id_type;
            words media_type_word media_type call_type_word call_type result_word result; flags);
        fields.insert("callee_accounts".into(), block.texts(call.callee_accounts()));
        fields
    });
    let call_members = event.call_members().map(|call| {
        let mut fields = record!(block, call; texts call_id; numbers; words; flags);
        fields.insert("users".into(), call.users().map(user).collect());
        let changes = call.changes().map(|change| {
            record!(block, change; texts account; numbers; words action_word action; flags)
        });
        fields.insert("changes".into(), changes.collect());
        fields
    });
    let call_record = event.call_record().map(|record| {
        record!(block, record; texts call_id room_id user_id task_id payload_json;
            numbers event_group_id event_type callback_time_ms engine_event_time_s
                engine_event_time_ms kit_type;
            words; flags)
    });
    [
        ("room", room),
        ("members", members),
        ("seats", seats),
        ("call_start", call_start),
        ("call_end", call_end),
        ("call_members", call_members),
        ("call_record", call_record),
    ]
}

/// The block of memory that an event is.
struct Block {
    start: usize,
    size: usize,
}

impl Block {
    /// A text, which lies in the block with its NUL.
    fn text(&self, text: &Str) -> Value {
        let Some(text) = text.get() else { return Value::Null };
        let offset = text.as_ptr().addr().wrapping_sub(self.start);
        assert!(offset < self.size && text.len() < self.size - offset, "a text outside: {text:?}");
        // SAFETY: as just seen, the byte behind the text is one of the event's block, all of which was written.
        #[allow(unsafe_code)]
        let after = unsafe { *text.as_ptr().add(text.len()) };
        assert_eq!(after, 0, "no NUL behind {text:?}");
        std::str::from_utf8(text.as_bytes()).expect("a text is UTF-8").into()
    }

    fn texts(&self, texts: &[Str]) -> Value {
        texts.iter().map(|text| self.text(text)).collect()
    }
}

fn number(value: i64) -> Value {
    if value == ABSENT { Value::Null } else { value.into() }
}

fn word(value: i32) -> Value {
    if value == NOT_SENT { Value::Null } else { value.into() }
}

fn flag(value: i32) -> Value {
    match value {
        NOT_SENT => Value::Null,
        0 | 1 => (value == 1).into(),
        _ => panic!("a boolean is {value}"),
    }
}
