//! The bodies that every candidate parses: 64 of each family in four shapes, the same in every run.
//!
//! Key order and the kinds of values are those of the vendor's samples in tests/fixtures.

use std::fs;
use std::path::Path;
use std::rc::Rc;

use anyhow::Result;
use fastrand::Rng;

use crate::json::Json;

pub const FAMILIES: [&str; 4] = ["a", "b", "c", "d"];
pub const SHAPES: [&str; 4] = ["compact", "pretty", "shuffled", "unknown"];
const COUNT: usize = 64;

/// The bodies of one family in one shape.
pub struct Bodies {
    pub family: usize,
    pub shape: usize,
    pub texts: Vec<String>,
}

impl Bodies {
    /// `a-compact`
    pub fn name(&self) -> String {
        format!("{}-{}", FAMILIES[self.family], SHAPES[self.shape])
    }
}

pub fn all() -> Vec<Rc<Bodies>> {
    let mut all = Vec::new();
    for family in 0..FAMILIES.len() {
        let mut rng = Rng::with_seed(family as u64);
        let values: Vec<_> = (0..COUNT).map(|index| value(family, index, &mut rng)).collect();
        for shape in 0..SHAPES.len() {
            let texts = values.iter().map(|value| shaped(value.clone(), shape, &mut rng)).collect();
            all.push(Rc::new(Bodies { family, shape, texts }));
        }
    }
    all
}

/// One file for each family and shape, for the workers: a JSON array of texts.
pub fn write(all: &[Rc<Bodies>], folder: &Path) -> Result<()> {
    for bodies in all {
        let name = format!("{}.json", bodies.name());
        fs::write(folder.join(name), serde_json::to_string(&bodies.texts)?)?;
    }
    Ok(())
}

/// Single bodies of about so many bytes, and what makes each long.
pub fn long(size: usize) -> Vec<(&'static str, Bodies)> {
    let mut rng = Rng::with_seed(0);
    let mut writer = Writer { rng: &mut rng, is_escaped: true };
    let long = |family, value: Json| Bodies { family, shape: 0, texts: vec![value.compact()] };
    let mut member = |index: usize| Json::text(format!("{index:06}-{}", "member".repeat(5)));
    let members = Json::Array((0..size / 40).map(&mut member).collect());
    let seats = Json::Array((0..size / 128).map(|index| seat(index, &mut writer)).collect());
    let piece = r#"Please mute yourself, \"你好\" \u4f60\u597d \ud83d\ude80\n"#;
    let text = Json::text(piece.repeat(size / piece.len()));
    vec![
        ("members", long(1, member_entered(&mut writer).with("MemberList_Account", members))),
        ("seats", long(2, seats_changed(&mut writer).with("SeatList", seats))),
        ("text", long(0, room_updated(&mut writer).with("CustomInfo", text))),
    ]
}

fn shaped(mut value: Json, shape: usize, rng: &mut Rng) -> String {
    match SHAPES[shape] {
        "pretty" => return value.pretty(),
        "shuffled" => value.each_object(&mut |members| rng.shuffle(members)),
        "unknown" => value.each_object(&mut |members| {
            let index = rng.usize(..=members.len());
            members.insert(index, unknown(rng));
        }),
        _ => {}
    }
    value.compact()
}

fn unknown(rng: &mut Rng) -> (&'static str, Json) {
    match rng.usize(..5) {
        0 => ("TraceId", Json::text(format!("{:016x}", rng.u64(..)))),
        1 => ("Version", Json::plain(rng.u32(..1000))),
        2 => ("IsReplay", Json::plain(rng.bool())),
        3 => ("Tags", Json::Array(vec![Json::text("blue"), Json::plain(7), Json::text("a\\/b")])),
        _ => (
            "Extension",
            Json::Object(vec![("Kind", Json::text("none")), ("Level", Json::plain(2.5))]),
        ),
    }
}

/// Every third body has Chinese text and escapes.
fn value(family: usize, index: usize, rng: &mut Rng) -> Json {
    let mut writer = Writer { rng, is_escaped: index.is_multiple_of(3) };
    match FAMILIES[family] {
        "a" => room_updated(&mut writer),
        "b" => member_entered(&mut writer),
        "c" => seats_changed(&mut writer),
        _ => call_ended(&mut writer),
    }
}

struct Writer<'a> {
    rng: &'a mut Rng,
    is_escaped: bool,
}

impl Writer<'_> {
    fn one_of(&mut self, texts: &[&str]) -> Json {
        Json::text(texts[self.rng.usize(..texts.len())])
    }

    fn boolean(&mut self) -> Json {
        Json::plain(self.rng.bool())
    }

    fn integer(&mut self, range: std::ops::Range<u64>) -> Json {
        Json::plain(self.rng.u64(range))
    }

    fn account(&mut self) -> Json {
        let number = self.rng.u32(1..1_000_000);
        Json::text(match self.is_escaped {
            true if self.rng.bool() => format!("\\u4f60\\u597d_{number}"),
            true => format!("张伟\\\"{number}\\\""),
            false => format!("user_{number}"),
        })
    }

    fn accounts(&mut self, count: usize) -> Json {
        Json::Array((0..count).map(|_| self.account()).collect())
    }

    fn room_id(&mut self) -> Json {
        Json::text(format!("room-{}", self.rng.u32(..10_000_000)))
    }

    fn name(&mut self) -> Json {
        let number = self.rng.u32(..1000);
        Json::text(match self.is_escaped {
            true => format!("\\u4f60好,第{number}次周会\\n\\ud83d\\ude00 \\\"开放\\\""),
            false => format!("Weekly meeting of the whole team, no. {number}"),
        })
    }

    fn custom_info(&mut self) -> Json {
        let number = self.rng.u32(..100_000);
        Json::text(match self.is_escaped {
            true => format!(
                "{{\\\"主题\\\":\\\"深色\\\",\\\"编号\\\":{number},\\\"说明\\\":\\\"\\u4f60\\u597d \\ud83d\\ude80\\\"}}"
            ),
            false => format!(
                "theme=dark;layout=grid;number={number};welcome=Please mute yourself when you join the room"
            ),
        })
    }

    fn event_time(&mut self) -> (&'static str, Json) {
        ("EventTime", self.integer(1_670_000_000_000..1_790_000_000_000))
    }
}

fn room_updated(writer: &mut Writer) -> Json {
    Json::Object(vec![
        ("CallbackCommand", Json::text("Room.CallbackAfterUpdateRoomInfo")),
        ("Operator_Account", writer.account()),
        (
            "RoomInfo",
            Json::Object(vec![
                ("RoomId", writer.room_id()),
                ("RoomName", writer.name()),
                ("Owner_Account", writer.account()),
                ("TakeSeatMode", writer.one_of(&["None", "FreeToTake", "ApplyToTake"])),
                ("MaxMemberCount", writer.integer(2..2000)),
                ("IsVideoDisabled", writer.boolean()),
                ("IsAudioDisabled", writer.boolean()),
                ("IsMessageDisabled", writer.boolean()),
                ("IsScreenSharingDisabled", writer.boolean()),
                ("IsCloudRecordingDisabled", writer.one_of(&["true", "false"])),
                ("CustomInfo", writer.custom_info()),
            ]),
        ),
        writer.event_time(),
    ])
}

fn member_entered(writer: &mut Writer) -> Json {
    let count = writer.rng.usize(1..=2);
    Json::Object(vec![
        ("CallbackCommand", Json::text("Room.CallbackAfterMemberEnter")),
        ("Operator_Account", writer.account()),
        ("RoomId", writer.room_id()),
        ("MemberCount", writer.integer(1..500)),
        ("Type", Json::text("Enter")),
        ("MemberList_Account", writer.accounts(count)),
        writer.event_time(),
    ])
}

fn seats_changed(writer: &mut Writer) -> Json {
    let seats = (0..16).map(|index| seat(index, writer)).collect();
    Json::Object(vec![
        ("CallbackCommand", Json::text("Mic.CallbackAfterSeatInfoChanged")),
        ("Operator_Account", writer.account()),
        ("RoomId", writer.room_id()),
        ("SeatList", Json::Array(seats)),
        writer.event_time(),
    ])
}

fn seat(index: usize, writer: &mut Writer) -> Json {
    let is_empty = writer.rng.usize(..4) == 0;
    Json::Object(vec![
        ("Index", Json::plain(index)),
        ("Member_Account", if is_empty { Json::text("") } else { writer.account() }),
        ("IsTakenDisabled", writer.boolean()),
        ("IsVideoDisabled", writer.boolean()),
        ("IsAudioDisabled", writer.boolean()),
    ])
}

fn call_ended(writer: &mut Writer) -> Json {
    let start = writer.rng.u64(1_670_000_000..1_790_000_000);
    let bits = writer.rng.u64(..);
    let call_id = format!(
        "{:08x}-{:04x}-4{:03x}-a{:03x}-{:012x}",
        bits as u32,
        bits >> 48,
        bits & 0xfff,
        bits >> 52,
        bits >> 16
    );
    let callees = writer.rng.usize(1..=3);
    Json::Object(vec![
        ("CallbackCommand", Json::text("Call.CallbackAfterEndCall")),
        (
            "CallRecord",
            Json::Object(vec![
                ("CallId", Json::text(call_id)),
                ("Caller_Account", writer.account()),
                ("MediaType", writer.one_of(&["Audio", "Video"])),
                ("CallType", writer.one_of(&["SingleCall", "MultiCall"])),
                ("StartTime", Json::plain(start)),
                ("EndTime", Json::plain(start + writer.rng.u64(10..5000))),
                (
                    "AcceptTime",
                    if writer.rng.bool() { Json::plain(start + 7) } else { Json::plain(0) },
                ),
                ("CallResult", writer.one_of(&["NormalEnd", "NotAnswer", "Cancel", "Reject"])),
                ("CalleeList_Account", writer.accounts(callees)),
                ("RoomId", writer.room_id()),
                ("RoomIdType", writer.integer(1..3)),
            ]),
        ),
        writer.event_time(),
    ])
}
