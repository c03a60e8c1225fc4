//! The public suite of what is JSON and what is not, each file as a whole body and as the value of a field of a callback.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use serde_json::Value;
use tc_callback::error::Status;
use tc_callback::event::{Limits, ParsedEvent, parse};

/// A file of the suite.
struct Case {
    name: String,
    bytes: Vec<u8>,
}

/// The files whose names begin so: `y_` must be accepted, `n_` refused, `i_` is the parser's to say.
fn cases(prefix: &str, expected_count: usize) -> Vec<Case> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/json-suite.json");
    let suite: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let cases: Vec<_> = suite["cases"]
        .as_object()
        .unwrap()
        .iter()
        .filter(|(name, _)| name.starts_with(prefix))
        .map(|(name, bytes)| Case { name: name.clone(), bytes: unpack(bytes.as_str().unwrap()) })
        .collect();
    assert_eq!(cases.len(), expected_count);
    cases
}

/// Pieces in hexadecimal, each perhaps with `xN` behind it, which repeats it N times.
fn unpack(text: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut piece = Vec::new();
    for word in text.split(' ') {
        match word.strip_prefix('x') {
            Some(times) => bytes.extend(piece.repeat(times.parse::<usize>().unwrap() - 1)),
            None => {
                let digits = (0..word.len() / 2).map(|index| &word[2 * index..2 * index + 2]);
                piece = digits.map(|pair| u8::from_str_radix(pair, 16).unwrap()).collect();
                bytes.extend(&piece);
            }
        }
    }
    bytes
}

fn parsed(body: &[u8]) -> Result<ParsedEvent, Status> {
    parse(b"", body, &Limits::default()).map_err(|error| error.status())
}

/// A callback with the bytes in the place of a value: of a field that no callback has, of one that is a text in a record, and of
/// a list.
fn callbacks_with(value: &[u8]) -> [Vec<u8>; 3] {
    [
        (r#"{"CallbackCommand":"Room.CallbackAfterMemberEnter","New":"#, "}"),
        (r#"{"CallbackCommand":"Room.CallbackAfterMemberEnter","RoomId":"#, "}"),
        (r#"{"CallbackCommand":"Room.CallbackAfterMemberEnter","MemberList_Account":"#, "}"),
    ]
    .map(|(before, after)| [before.as_bytes(), value, after.as_bytes()].concat())
}

/// As a body of its own, a file that is JSON is either a callback or "not a callback", and one that is not JSON is refused as such.
fn is_json(body: &[u8]) -> bool {
    match parsed(body) {
        Ok(_) | Err(Status::NotACallback) => true,
        Err(Status::MalformedJson | Status::TooDeep) => false,
        Err(other) => panic!("{other:?}"),
    }
}

#[test]
fn every_file_that_must_be_accepted_is_read_as_a_body_and_as_any_value() {
    for Case { name, bytes } in cases("y_", 95) {
        assert!(is_json(&bytes), "{name} as a body");
        let expected: Value = serde_json::from_slice(&bytes).unwrap();
        for body in callbacks_with(&bytes) {
            let event = parsed(&body).unwrap_or_else(|status| panic!("{name}: {status:?}"));
            assert_eq!(event.body.get().unwrap().as_bytes(), body, "{name}");
        }
        let [unknown, ..] = callbacks_with(&bytes);
        let event = parsed(&unknown).unwrap();
        let found = event.json("/New").unwrap();
        assert_eq!(serde_json::from_str::<Value>(found.raw).unwrap(), expected, "{name}");
    }
}

#[test]
fn every_file_that_must_be_refused_is_refused_as_a_body_and_as_any_value() {
    for Case { name, bytes } in cases("n_", 189) {
        assert!(!is_json(&bytes), "{name} as a body");
        for body in callbacks_with(&bytes) {
            let found = parsed(&body).map(|_| ());
            assert!(
                matches!(found, Err(Status::MalformedJson | Status::TooDeep)),
                "{name}: {found:?}"
            );
        }
    }
}

#[test]
fn of_the_files_that_a_parser_may_judge_those_are_read_that_serde_json_reads() {
    let mut read = 0;
    for Case { name, bytes } in cases("i_", 35) {
        for body in [bytes.clone()].into_iter().chain(callbacks_with(&bytes)) {
            // A number beyond a double is taken, and its digits kept.
            let judge = match serde_json::from_slice::<Value>(&body) {
                Ok(_) => true,
                Err(error) => error.to_string().starts_with("number out of range"),
            };
            assert_eq!(is_json(&body), judge, "{name}");
            read += usize::from(judge);
        }
    }
    assert!(read > 35, "{read}");
}
