//! Holds the decoder to serde_json: what it accepts, every value it reads, and where it finds a fault. Shared by
//! tests/differential.rs and the fuzzer.

mod judge;
pub mod mutation;
mod observed;
mod pointer;
mod reference;

use tc_callback::error::{Error, Status};
use tc_callback::event::{Limits, ParsedEvent, parse};

use judge::Node;
use reference::Expected;

pub use judge::node;

/// A query, and what an event says of it.
pub struct Query {
    pub text: &'static str,
    fields: fn() -> serde_json::Value,
}

/// No query, and one that names a command, which the decoder may take for a hint.
pub const QUERIES: [Query; 2] = [
    Query { text: "", fields: || serde_json::json!({ "sdk_app_id": 0 }) },
    Query {
        text: "SdkAppid=1400000000&CallbackCommand=Room.CallbackAfterCreateRoom&ClientIP=10.1.2.3&OptPlatform=iOS",
        fields: || {
            serde_json::json!({
                "sdk_app_id": 1_400_000_000,
                "query_command_word": "Room.CallbackAfterCreateRoom",
                "client_ip": "10.1.2.3",
                "platform_word": "iOS",
                "platform": 4,
            })
        },
    },
];

/// Parses the body and panics unless the answer is the right one. Returns whether it is an event.
pub fn check(query: &Query, body: &[u8], limits: &Limits) -> bool {
    let parsed = parse(query.text.as_bytes(), body, limits);
    // With its feature `raw_value`, serde_json's Value takes an object with its private key for something else than an object.
    let private = b"$serde_json::private::";
    if body.windows(private.len()).any(|part| part == private) {
        return parsed.is_ok();
    }
    if body.len() > limits.max_body_bytes {
        assert_refused(&parsed, &[Status::TooLarge], body);
        return false;
    }
    // Of two faults of a body either may be seen first.
    let count = |of: &[u8]| body.iter().filter(|byte| of.contains(byte)).count();
    let may_be_too_deep = count(b"[{") > limits.max_depth;
    let may_be_too_many = count(b"[,") > limits.max_elements;
    let with_limits = |status| {
        let mut statuses = vec![status];
        statuses.extend(may_be_too_deep.then_some(Status::TooDeep));
        statuses.extend(may_be_too_many.then_some(Status::TooManyElements));
        statuses
    };
    let Ok(node) = judge::node(body) else {
        let error = assert_refused(&parsed, &with_limits(Status::MalformedJson), body);
        if error.status() == Status::MalformedJson {
            let is_there = error.offset().is_some_and(|offset| judge::is_fault(body, offset));
            assert!(is_there, "not at that byte: {error}\n{}", shown(body));
        }
        return false;
    };
    if node.depth() > limits.max_depth {
        let error = assert_refused(&parsed, &with_limits(Status::TooDeep), body);
        let found = error.offset().and_then(|offset| body.get(offset));
        let is_there = error.status() != Status::TooDeep || matches!(found, Some(b'[' | b'{'));
        assert!(is_there, "not at that byte: {error}\n{}", shown(body));
        return false;
    }
    match reference::expected(&node, body, &(query.fields)()) {
        Expected::NotACallback => {
            // Lists may have been read, and found too long, for a command that a later one took back.
            assert_refused(&parsed, &with_limits(Status::NotACallback), body);
            false
        }
        Expected::Event { elements, .. } if elements > limits.max_elements => {
            assert_refused(&parsed, &[Status::TooManyElements], body);
            false
        }
        Expected::Event { changes_command, event, .. } => {
            if changes_command
                && parsed.as_ref().is_err_and(|error| error.status() == Status::TooManyElements)
            {
                return false;
            }
            match parsed {
                Ok(parsed) => assert_event(&parsed, &event, &node, query, body),
                Err(error) => panic!("refused, {error}, what serde_json reads:\n{}", shown(body)),
            }
            true
        }
    }
}

fn assert_refused<'e>(
    parsed: &'e Result<ParsedEvent, Error>,
    statuses: &[Status],
    body: &[u8],
) -> &'e Error {
    match parsed {
        Ok(_) => panic!("accepted instead of {statuses:?}:\n{}", shown(body)),
        Err(error) => {
            assert!(
                statuses.contains(&error.status()),
                "{error}, not {statuses:?}:\n{}",
                shown(body)
            );
            assert!(error.offset().is_none_or(|offset| offset <= body.len()), "{error}");
            error
        }
    }
}

fn assert_event(
    parsed: &ParsedEvent,
    expected: &serde_json::Value,
    node: &Node<'_>,
    query: &Query,
    body: &[u8],
) {
    let mut found = observed::fields(parsed);
    let key = found.as_object_mut().and_then(|fields| fields.remove("duplicate_key"));
    let has_key = key
        .as_ref()
        .and_then(serde_json::Value::as_str)
        .is_some_and(|key| key.len() == 32 && key.bytes().all(|digit| digit.is_ascii_hexdigit()));
    assert_eq!(has_key, !expected["event_time_ms"].is_null(), "{key:?}\n{}", shown(body));
    assert_eq!(found, *expected, "\n{}", shown(body));

    let mut serialized = serde_json::to_value(&**parsed).unwrap_or_default();
    let same_key = serialized.as_object_mut().and_then(|fields| fields.remove("duplicate_key"));
    assert_eq!((serialized, same_key), (found, key), "as JSON and as a struct:\n{}", shown(body));

    assert_eq!(parsed.body.get().map(str::as_bytes), Some(body));
    assert_eq!(parsed.query.get(), Some(query.text));
    pointer::check(parsed, node, body);
}

/// A body for a message.
fn shown(body: &[u8]) -> String {
    format!("{} = {body:?}", body.escape_ascii())
}
