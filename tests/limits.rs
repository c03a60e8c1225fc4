//! What hostile or oversized input comes to: every limit below, at and above it, and how memory and instructions grow.
//! docs/reliability/input.md lists the answers.
#![allow(
    unsafe_code,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout
)]

#[path = "support/native.rs"]
mod native;

use std::fs;
use std::process::Command;

use native::{Language, Linked};
use tc_callback::error::{Error, Status};
use tc_callback::event::{ABSENT, CallChange, CallUser, Event, Limits, ParsedEvent, Seat, parse};
use tc_callback::receiver::{Options, Receiver};

fn read(body: impl AsRef<[u8]>, limits: &Limits) -> Result<ParsedEvent, Error> {
    parse(b"", body.as_ref(), limits)
}

fn event(body: impl AsRef<[u8]>) -> ParsedEvent {
    read(body, &Limits::default()).unwrap()
}

fn refusal(body: impl AsRef<[u8]>) -> (Status, Option<usize>) {
    let error = read(body, &Limits::default()).unwrap_err();
    (error.status(), error.offset())
}

/// A callback with these members more.
fn room(members: &str) -> String {
    format!(r#"{{"CallbackCommand":"Room.CallbackAfterDestroyRoom",{members}}}"#)
}

/// As long a callback as this, of which all but a little is one text.
fn one_text(len: usize) -> String {
    let text = |letters: usize| room(&format!(r#""RoomId":"{}""#, "x".repeat(letters)));
    text(len - text(0).len())
}

/// So many values inside each other, in a member of a callback.
fn nested(depth: usize, open: &str, close: &str) -> String {
    room(&format!(r#""New":{}1{}"#, open.repeat(depth - 1), close.repeat(depth - 1)))
}

fn accounts(count: usize) -> String {
    let list = vec![r#""u""#; count].join(",");
    format!(
        r#"{{"CallbackCommand":"Room.CallbackAfterMemberEnter","MemberList_Account":[{list}]}}"#
    )
}

fn seats(count: usize) -> String {
    let list: Vec<_> = (0..count).map(|index| format!(r#"{{"Index":{index}}}"#)).collect();
    format!(
        r#"{{"CallbackCommand":"Mic.CallbackAfterSeatInfoChanged","SeatList":[{}]}}"#,
        list.join(",")
    )
}

#[test]
fn a_body_of_1_mib_is_read_and_one_byte_more_is_not() {
    for len in [(1 << 20) - 1, 1 << 20] {
        assert_eq!(event(one_text(len)).body.get().unwrap().len(), len);
    }
    assert_eq!(refusal(one_text((1 << 20) + 1)), (Status::TooLarge, Some(1 << 20)));
    let none = Limits { max_body_bytes: 0, ..Limits::default() };
    assert_eq!(read("{}", &none).unwrap_err().status(), Status::TooLarge);
}

#[test]
fn a_text_is_as_long_as_the_body_lets_it_be() {
    let body = one_text(1 << 20);
    let text = event(&body).subject.get().map(str::len);
    assert_eq!(text, Some(body.len() - room(r#""RoomId":"""#).len()));
    // A key may be as long.
    let body = room(&format!(r#""{}":1,"RoomId":"r""#, "k".repeat(1_000_000)));
    assert_eq!(event(&body).subject.get(), Some("r"));
}

#[test]
fn values_are_read_127_levels_deep_and_no_deeper() {
    for (open, close) in [("[", "]"), (r#"{"a":"#, "}"), (r#"[{"":"#, "}]")] {
        let levels = open.bytes().filter(|byte| b"[{".contains(byte)).count();
        let deepest = 1 + 126 / levels;
        for depth in [deepest - 1, deepest] {
            event(nested(depth, open, close));
        }
        assert_eq!(refusal(nested(deepest + 1, open, close)).0, Status::TooDeep);
        // What is cut off there is as deep.
        assert_eq!(refusal(room(&format!(r#""New":{}"#, open.repeat(100_000)))).0, Status::TooDeep);
    }
}

#[test]
fn a_depth_of_256_can_be_allowed_and_no_more() {
    let mut options = Options::new(1);
    options.limits_mut().max_depth = 256;
    assert!(Receiver::new(options.clone()).is_ok());
    options.limits_mut().max_depth = 257;
    let error = Receiver::new(options).err().unwrap();
    assert_eq!(error.status(), Status::InvalidOption);

    // Whoever parses without a receiver cannot allow more either.
    for max_depth in [256, usize::MAX] {
        let limits = Limits { max_depth, ..Limits::default() };
        for (open, close, inner) in [("[", "]", "/0"), (r#"{"a":"#, "}", "/a")] {
            for depth in [255, 256] {
                let event = read(nested(depth, open, close), &limits).unwrap();
                let pointer = format!("/New{}", inner.repeat(depth - 1));
                assert_eq!(event.json(&pointer).unwrap().integer, 1);
            }
            let error = read(nested(257, open, close), &limits).unwrap_err();
            assert_eq!(error.status(), Status::TooDeep);
        }
    }
}

#[test]
fn the_deepest_body_is_read_on_a_stack_of_64_kib() {
    if native::has(&["make", "cc"]) {
        native::run(&native::build("small_stack", Language::C("c99"), &Linked::shared()), &[]);
    }
}

#[test]
fn lists_hold_65_536_elements_and_no_more() {
    for count in [65_535, 65_536] {
        assert_eq!(event(accounts(count)).members().unwrap().member_accounts().len(), count);
    }
    assert_eq!(refusal(accounts(65_537)).0, Status::TooManyElements);
    let seats = seats(65_537);
    assert_eq!(refusal(&seats).0, Status::TooManyElements);
    assert_eq!(refusal(&seats).1, seats.rfind("{\"Index\""));
    // An element counts whatever it is, and so does one of a list that another with its key replaces.
    for element in ["null", "true", "[]", "{}"] {
        for (command, list) in [
            ("Room.CallbackAfterMemberEnter", "MemberList_Account"),
            ("Mic.CallbackAfterSeatInfoChanged", "SeatList"),
        ] {
            let body = |count: usize| {
                let elements = vec![element; count].join(",");
                format!(r#"{{"CallbackCommand":"{command}","{list}":[{elements}]}}"#)
            };
            event(body(65_536));
            assert_eq!(refusal(body(65_537)).0, Status::TooManyElements, "{element}");
        }
    }
    let twice = accounts(40_000).replace('}', r#","MemberList_Account":["last"]}"#);
    assert_eq!(event(&twice).members().unwrap().member_accounts().len(), 1);
    let twice = accounts(65_536).replace('}', r#","MemberList_Account":["last"]}"#);
    assert_eq!(refusal(&twice).0, Status::TooManyElements);
    // What has no field is not taken apart, and so is not counted.
    event(room(&format!(r#""New":[{}]"#, vec!["1"; 70_000].join(","))));
}

#[test]
fn a_million_seats_are_read_if_the_limits_are_raised() {
    let body = seats(1_000_000);
    assert_eq!(refusal(&body).0, Status::TooLarge);
    let limits = Limits { max_body_bytes: 64 << 20, max_elements: 1_000_000, max_depth: 127 };
    let event = read(&body, &limits).unwrap();
    assert_eq!(event.seats().unwrap().seats().count(), 1_000_000);
    assert_eq!(event.seats().unwrap().seats().last().unwrap().index, 999_999);
    assert!(usable_bytes(&event) <= bound(&body, &limits));
    let one_less = Limits { max_elements: 999_999, ..limits };
    assert_eq!(read(&body, &one_less).unwrap_err().status(), Status::TooManyElements);
}

/// What the allocator gave for the event.
fn usable_bytes(event: &ParsedEvent) -> usize {
    let start: *const Event = &raw const **event;
    // SAFETY: an event is the start of a block of malloc's.
    unsafe { libc::malloc_usable_size(start.cast_mut().cast()) }
}

/// The most that the event of a body may take: twice the body, and room for as many elements as it can have.
fn bound(body: &str, limits: &Limits) -> usize {
    let record = size_of::<Seat>().max(size_of::<CallUser>()).max(size_of::<CallChange>());
    let braces = body.bytes().filter(|byte| *byte == b'{').count();
    let marks = braces + body.bytes().filter(|byte| *byte == b',').count() + 1;
    let pages = 8 << 10;
    2 * body.len()
        + marks.min(limits.max_elements) * 16
        + braces.min(limits.max_elements) * record
        + pages
}

/// Bodies of about this length that make the most of one thing each.
fn shapes(len: usize) -> Vec<(&'static str, String)> {
    let fill = |piece: &str| piece.repeat(len / piece.len());
    vec![
        ("one text", one_text(len)),
        ("escapes", room(&format!(r#""RoomId":"{}""#, fill("\\n")))),
        ("commas and braces in a text", room(&format!(r#""New":[],"RoomId":"{}""#, fill(",{[")))),
        ("a key again and again", room(&format!(r#"{}"RoomId":"r""#, fill(r#""RoomId":"x","#)))),
        ("the command again and again", {
            let member = r#""CallbackCommand":"Call.CallbackAfterEndCall","#;
            format!(r#"{{{}"CallbackCommand":"X"}}"#, fill(member))
        }),
        ("escaped keys", room(&format!(r#"{}"RoomId":"r""#, fill(r#""\u0052oomIx":7,"#)))),
        ("fields of another type", room(&format!(r#"{}"RoomId":"r""#, fill(r#""RoomId":[1],"#)))),
        ("empty lists", room(&format!(r#""New":[{}[]]"#, fill("[],")))),
        ("white space", room(&format!("\"RoomId\"{}:\"r\"", fill(" \n\t")))),
        ("accounts", accounts(len.min(200_000) / 4)),
        ("seats", seats(len.min(700_000) / 18)),
    ]
}

#[test]
fn the_memory_of_an_event_grows_with_the_body_and_is_bounded() {
    let limits = Limits::default();
    for len in [10_000, 100_000, 1_000_000] {
        for (name, body) in shapes(len) {
            let event = event(&body);
            let (usable, bound) = (usable_bytes(&event), bound(&body, &limits));
            assert!(event.block_size <= usable, "{name}");
            assert!(usable <= bound, "{name} of {len} bytes takes {usable}, over {bound}");
            assert!(usable < 12 << 20, "{name} of {len} bytes takes {usable}");
        }
    }
}

#[test]
fn ten_times_the_body_takes_ten_times_the_instructions() {
    if !native::has(&["make", "cc", "valgrind"]) {
        return;
    }
    let program = native::build("instructions", Language::C("c99"), &Linked::shared());
    let file = native::scratch("limits").join("body.json");
    let instructions = |body: &str| {
        fs::write(&file, body).unwrap();
        let mut command = Command::new("valgrind");
        command.args(["--tool=callgrind", "--callgrind-out-file=/dev/null"]).arg(&program);
        let output = native::succeed(command.args(["parse", "1"]).arg(&file).env_clear());
        let words = String::from_utf8(output.stderr).unwrap();
        let count = words.lines().find_map(|line| line.split_once("Collected : ")).unwrap().1;
        count.trim().parse::<f64>().unwrap()
    };
    let [short, middle, long] = [10_000, 100_000, 1_000_000].map(shapes);
    for (((name, short), (_, middle)), (_, long)) in short.iter().zip(&middle).zip(&long) {
        // Lists of these do not grow to a million bytes: there are too many elements.
        if matches!(*name, "accounts" | "seats") {
            continue;
        }
        let [short, middle, long] = [short, middle, long].map(|body| instructions(body));
        let growth = (long - middle) / (middle - short);
        println!("{name}: {:.0} a byte, growth {growth:.2}", (long - middle) / 900_000.0);
        // It may be less: what lists can need is cleared, and is bounded by the limit of elements.
        assert!(growth < 11.0, "{name}: {short}, {middle}, {long}");
    }
}

#[test]
fn of_100_000_equal_keys_the_last_counts() {
    let again = r#""RoomId":"first","#.repeat(50_000);
    assert_eq!(event(room(&format!(r#"{again}"RoomId":"last""#))).subject.get(), Some("last"));
    let event = event(room(&format!(r#"{}"New":2"#, r#""New":1,"#.repeat(100_000))));
    assert_eq!(event.json("/New").unwrap().integer, 2);
}

#[test]
fn half_of_a_surrogate_pair_is_refused_wherever_it_stands() {
    for half in [r"\ud800", r"\udc00", r"\ud800\ud800", r"\udfff\ud800", r"\ud83cA", r"\ud83c\n"] {
        for members in [
            format!(r#""RoomId":"{half}""#),
            format!(r#""New":["{half}"]"#),
            format!(r#""{half}":1"#),
        ] {
            assert_eq!(refusal(room(&members)).0, Status::MalformedJson, "{members}");
        }
    }
    assert_eq!(event(room(r#""RoomId":"\ud83c\udfae""#)).subject.get(), Some("🎮"));
}

#[test]
fn an_escaped_nul_is_part_of_its_text_and_a_bare_one_is_refused() {
    let event = event(room(r#""RoomId":"a\u0000b""#));
    assert_eq!(event.subject.get(), Some("a\0b"));
    let body = room(r#""RoomId":"r""#);
    for at in 0..=body.len() {
        let with_nul = [&body[..at], "\0", &body[at..]].concat();
        assert_eq!(refusal(&with_nul).0, Status::MalformedJson, "{at}");
    }
}

#[test]
fn a_byte_order_mark_and_utf_16_are_refused() {
    let body = room(r#""RoomId":"r""#);
    assert_eq!(refusal(format!("\u{feff}{body}")), (Status::MalformedJson, Some(0)));
    let little: Vec<u8> = body.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let big: Vec<u8> = body.encode_utf16().flat_map(u16::to_be_bytes).collect();
    for utf_16 in [&little, &big, &[b"\xff\xfe", &*little].concat(), &[b"\xfe\xff", &*big].concat()]
    {
        assert_eq!(refusal(utf_16).0, Status::MalformedJson);
    }
}

#[test]
fn a_number_of_any_size_keeps_its_digits_and_is_no_integer_if_it_does_not_fit() {
    let long = "9".repeat(100_000);
    for number in ["1e400", "-1e400", "9223372036854775808", "1e-400", &long] {
        let event =
            event(room(&format!(r#""RoomId":{number},"EventTime":{number},"New":{number}"#)));
        assert_eq!(event.subject.get(), Some(number));
        assert_eq!((event.event_time_ms, event.mismatch_count), (ABSENT, 1));
        assert_eq!(event.json("/New").unwrap().raw, number);
    }
    assert_eq!(event(room(r#""EventTime":9223372036854775807"#)).event_time_ms, i64::MAX);
}

#[test]
fn bytes_that_are_not_utf_8_are_refused_where_they_stand() {
    let start = room(r#""RoomId":""#).len() - 1;
    for bytes in [&b"\xff"[..], b"\x80", b"\xc3", b"\xc0\xaf", b"\xed\xa0\x80", b"\xf4\x90\x80\x80"]
    {
        for place in [r#""RoomId":"@""#, r#""New":"@""#, r#""@":1"#] {
            let body = room(place);
            let at = body.find('@').unwrap();
            assert!(at <= start);
            let body = [&body.as_bytes()[..at], bytes, &body.as_bytes()[at + 1..]].concat();
            assert_eq!(refusal(&body), (Status::MalformedJson, Some(at)), "{bytes:?} {place}");
        }
    }
}
