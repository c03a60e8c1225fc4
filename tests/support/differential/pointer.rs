//! `Event::json` against the judge's nodes and serde_json's own pointers.

use std::collections::BTreeSet;

use serde_json::Value;
use tc_callback::error::Status;
use tc_callback::event::{ABSENT, Event, JsonKind, NOT_SENT};

use super::judge::{Kind, Node};
use super::shown;

/// How many values of a body are looked up: each look-up goes through all of it.
const LOOK_UPS: usize = 4;

/// Looks up values of the body, and what is not there.
pub fn check(event: &Event, node: &Node<'_>, body: &[u8]) {
    let judge: Option<Value> = serde_json::from_slice(body).ok();
    let mut pointers = Vec::new();
    collect(node, "", &mut pointers);
    // From all over the body, and from other places in another body.
    let stride = pointers.len().div_ceil(LOOK_UPS);
    for (pointer, node) in pointers.iter().skip(body.len() % stride).step_by(stride) {
        assert_same(event, pointer, node, body);
        let judged = judge.as_ref().and_then(|judge| judge.pointer(pointer));
        assert!(judge.is_none() || judged.is_some_and(|value| agrees(node, value)), "{pointer}");
    }
    let missing = ["/", "/-", "/00", "/x~1", "/99999999999999999999"][body.len() % 5];
    let pointer = format!("{}{missing}", pointers[body.len() % pointers.len()].0);
    if judge.as_ref().is_some_and(|judge| judge.pointer(&pointer).is_none()) {
        let status = event.json(&pointer).map_or_else(|error| error.status(), |_| Status::Ok);
        assert_eq!(status, Status::NoSuchValue, "{pointer}\n{}", shown(body));
    }
    for wrong in ["/~", "/~2", "/a~"] {
        let pointer = format!("{}{wrong}", pointers[body.len() % pointers.len()].0);
        let status = event.json(&pointer).map_or_else(|error| error.status(), |_| Status::Ok);
        // What comes before may lead through a value that has no members.
        assert_eq!(status, Status::InvalidArgument, "{pointer}\n{}", shown(body));
    }
    let status = event.json("RoomId").map_or_else(|error| error.status(), |_| Status::Ok);
    assert_eq!(status, Status::InvalidArgument);
}

/// Every value with its pointer; of members with the same key the last.
fn collect<'n, 'a>(node: &'n Node<'a>, pointer: &str, pointers: &mut Vec<(String, &'n Node<'a>)>) {
    pointers.push((pointer.to_string(), node));
    match &node.kind {
        Kind::Array(elements) => {
            for (index, element) in elements.iter().enumerate() {
                collect(element, &format!("{pointer}/{index}"), pointers);
            }
        }
        Kind::Object(members) => {
            for (index, (key, member)) in members.iter().enumerate() {
                if members[index + 1..].iter().all(|(later, _)| later != key) {
                    let token = key.replace('~', "~0").replace('/', "~1");
                    collect(member, &format!("{pointer}/{token}"), pointers);
                }
            }
        }
        _ => {}
    }
}

fn assert_same(event: &Event, pointer: &str, node: &Node<'_>, body: &[u8]) {
    let found = match event.json(pointer) {
        Ok(found) => found,
        Err(error) => panic!("{error}\n{}", shown(body)),
    };
    let (kind, text, integer, boolean, length) = match &node.kind {
        Kind::Null => (JsonKind::Null, None, ABSENT, NOT_SENT, 0),
        Kind::Boolean(flag) => (JsonKind::Boolean, None, ABSENT, i32::from(*flag), 0),
        Kind::Number => (JsonKind::Number, None, node.raw.parse().unwrap_or(ABSENT), NOT_SENT, 0),
        Kind::Text(text) => (JsonKind::Text, Some(text), ABSENT, NOT_SENT, 0),
        Kind::Array(elements) => (JsonKind::Array, None, ABSENT, NOT_SENT, elements.len()),
        Kind::Object(members) => {
            let keys: BTreeSet<_> = members.iter().map(|(key, _)| key).collect();
            (JsonKind::Object, None, ABSENT, NOT_SENT, keys.len())
        }
    };
    assert_eq!(
        (found.kind, found.raw, found.text.as_ref(), found.integer, found.boolean, found.length),
        (kind, node.raw, text, integer, boolean, length),
        "{pointer}\n{}",
        shown(body)
    );
}

/// Whether serde_json's value is what the node says.
fn agrees(node: &Node<'_>, value: &Value) -> bool {
    match (&node.kind, value) {
        (Kind::Null, Value::Null) | (Kind::Object(_), Value::Object(_)) => true,
        (Kind::Boolean(flag), Value::Bool(other)) => flag == other,
        (Kind::Number, Value::Number(number)) => {
            serde_json::from_str(node.raw).is_ok_and(|read: serde_json::Number| read == *number)
        }
        (Kind::Text(text), Value::String(other)) => text == other,
        (Kind::Array(elements), Value::Array(others)) => elements.len() == others.len(),
        _ => false,
    }
}
