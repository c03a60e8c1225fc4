//! An event as a document: the fields that it has, under the names of the library.

use tc_callback::catalog::{Command, Product};
use tc_callback::event::{
    ABSENT, CallChange, CallEnd, CallMembers, CallRecord, CallStart, CallUser, Event, NOT_SENT,
    RoomInfo, RoomMembers, RoomSeats, Seat, Str,
};

use crate::json::Node;

/// The document of an event. What it does not have is left out.
pub fn of(event: &Event) -> Node {
    let known = Command::from_number(event.command);
    let product = Product::from_number(event.product).unwrap_or(Product::Unknown);
    let document = Document::new()
        .text("command", &event.command_word)
        .part("query_command", other_command(event))
        .put("product", Node::text(product.name()))
        .number("event_time_ms", event.event_time_ms)
        .text("operator_account", &event.operator_account)
        .text("subject", &event.subject)
        .number_unless_zero("sdk_app_id", event.sdk_app_id)
        .text("client_ip", &event.client_ip)
        .text("platform", &event.platform_word)
        .text("duplicate_key", &event.duplicate_key)
        .part("room", event.room().map(room))
        .part("members", event.members().map(members))
        .part("seats", event.seats().map(seats))
        .part("call_start", event.call_start().map(call_start))
        .part("call_end", event.call_end().map(call_end))
        .part("call_members", event.call_members().map(call_members))
        .part("call_record", event.call_record().map(call_record))
        // Of an event that this release does not know the body is all there is to show.
        .part("body", if known.is_none() { Node::parse(event.body.or_empty()).ok() } else { None });
    match event.mismatch_count {
        0 => document,
        count => document
            .put("mismatch_count", Node::Scalar(count.to_string()))
            .text("mismatch", &event.mismatch),
    }
    .0
}

/// The command of the URL, if it is not the body's.
fn other_command(event: &Event) -> Option<Node> {
    let word = event.query_command_word.get()?;
    (word != event.command_word.or_empty()).then(|| Node::text(word))
}

fn room(room: &RoomInfo) -> Node {
    Document::new()
        .text("room_id", &room.room_id)
        .text("room_name", &room.room_name)
        .text("room_type", &room.room_type_word)
        .text("room_status", &room.room_status_word)
        .text("owner_account", &room.owner_account)
        .text("take_seat_mode", &room.take_seat_mode_word)
        .number("max_member_count", room.max_member_count)
        .number("max_seat_count", room.max_seat_count)
        .flag("is_seat_enabled", room.is_seat_enabled)
        .flag("is_video_disabled", room.is_video_disabled)
        .flag("is_audio_disabled", room.is_audio_disabled)
        .flag("is_message_disabled", room.is_message_disabled)
        .flag("is_screen_sharing_disabled", room.is_screen_sharing_disabled)
        .flag("is_cloud_recording_disabled", room.is_cloud_recording_disabled)
        .text("custom_info", &room.custom_info)
        .number("schedule_start_time_s", room.schedule_start_time_s)
        .number("schedule_end_time_s", room.schedule_end_time_s)
        .number("create_time_s", room.create_time_s)
        .texts("schedule_invitee_accounts", room.schedule_invitee_accounts())
        .0
}

fn members(members: &RoomMembers) -> Node {
    Document::new()
        .text("room_id", &members.room_id)
        .text("change", &members.change_word)
        .text("reason", &members.reason)
        .number("member_count", members.member_count)
        .texts("member_accounts", members.member_accounts())
        .0
}

fn seats(seats: &RoomSeats) -> Node {
    Document::new().text("room_id", &seats.room_id).list("seats", seats.seats().map(seat)).0
}

fn seat(seat: &Seat) -> Node {
    Document::new()
        .number("index", seat.index)
        .text("member_account", &seat.member_account)
        .flag("is_taken_disabled", seat.is_taken_disabled)
        .flag("is_video_disabled", seat.is_video_disabled)
        .flag("is_audio_disabled", seat.is_audio_disabled)
        .0
}

fn call_start(call: &CallStart) -> Node {
    Document::new()
        .text("call_id", &call.call_id)
        .text("media_type", &call.media_type_word)
        .text("chat_group_id", &call.chat_group_id)
        .text("room_id", &call.room_id)
        .number("room_id_type", call.room_id_type)
        .list("users", call.users().map(call_user))
        .0
}

fn call_user(user: &CallUser) -> Node {
    Document::new().text("account", &user.account).text("status", &user.status_word).0
}

fn call_end(call: &CallEnd) -> Node {
    Document::new()
        .text("call_id", &call.call_id)
        .text("caller_account", &call.caller_account)
        .text("media_type", &call.media_type_word)
        .text("call_type", &call.call_type_word)
        .text("result", &call.result_word)
        .text("room_id", &call.room_id)
        .number("room_id_type", call.room_id_type)
        .number("start_time_s", call.start_time_s)
        .number("accept_time_s", call.accept_time_s)
        .number("end_time_s", call.end_time_s)
        .texts("callee_accounts", call.callee_accounts())
        .0
}

fn call_members(call: &CallMembers) -> Node {
    Document::new()
        .text("call_id", &call.call_id)
        .list("users", call.users().map(call_user))
        .list("changes", call.changes().map(call_change))
        .0
}

fn call_change(change: &CallChange) -> Node {
    Document::new().text("account", &change.account).text("action", &change.action_word).0
}

fn call_record(record: &CallRecord) -> Node {
    Document::new()
        .text("call_id", &record.call_id)
        .text("room_id", &record.room_id)
        .text("user_id", &record.user_id)
        .text("task_id", &record.task_id)
        .number("event_group_id", record.event_group_id)
        .number("event_type", record.event_type)
        .number("callback_time_ms", record.callback_time_ms)
        .number("engine_event_time_s", record.engine_event_time_s)
        .number("engine_event_time_ms", record.engine_event_time_ms)
        .number("kit_type", record.kit_type)
        .part("payload", record.payload_json.get().and_then(|json| Node::parse(json).ok()))
        .0
}

/// An object under construction.
struct Document(Node);

impl Document {
    fn new() -> Document {
        Document(Node::Object(Vec::new()))
    }

    fn put(mut self, name: &str, value: Node) -> Document {
        if let Node::Object(members) = &mut self.0 {
            members.push((name.to_owned(), value));
        }
        self
    }

    fn part(self, name: &str, value: Option<Node>) -> Document {
        match value {
            Some(value) => self.put(name, value),
            None => self,
        }
    }

    fn text(self, name: &str, value: &Str) -> Document {
        self.part(name, value.get().map(Node::text))
    }

    fn texts(self, name: &str, values: &[Str]) -> Document {
        self.list(name, values.iter().map(|value| Node::text(value.or_empty())))
    }

    fn list(self, name: &str, items: impl Iterator<Item = Node>) -> Document {
        let items: Vec<Node> = items.collect();
        self.part(name, (!items.is_empty()).then_some(Node::Array(items)))
    }

    fn number(self, name: &str, value: i64) -> Document {
        self.part(name, (value != ABSENT).then(|| Node::Scalar(value.to_string())))
    }

    fn number_unless_zero(self, name: &str, value: u32) -> Document {
        self.part(name, (value != 0).then(|| Node::Scalar(value.to_string())))
    }

    fn flag(self, name: &str, value: i32) -> Document {
        self.part(name, (value != NOT_SENT).then(|| Node::Scalar((value == 1).to_string())))
    }
}
