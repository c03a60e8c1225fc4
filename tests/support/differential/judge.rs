//! A body as serde_json reads it, with the order, the repeated keys and the spelling of numbers that its Value forgets.

use std::fmt;

use serde::Deserializer;
use serde::de::{Deserialize, Error as _, MapAccess, Visitor};
use serde_json::value::RawValue;
use serde_json::{Error, Value};

/// A value of a body.
pub struct Node<'a> {
    /// As it stands in the body.
    pub raw: &'a str,
    pub kind: Kind<'a>,
}

pub enum Kind<'a> {
    Null,
    Boolean(bool),
    Number,
    Text(String),
    Array(Vec<Node<'a>>),
    Object(Vec<(String, Node<'a>)>),
}

/// Reads a body. Panics if serde_json's own Value disagrees, other than in what the decoder documents: a number beyond a double
/// is taken, and how deep a body may be is the caller's to say.
pub fn node(body: &[u8]) -> Result<Node<'_>, Error> {
    let node = std::str::from_utf8(body)
        .map_err(Error::custom)
        .and_then(serde_json::from_str::<&RawValue>)
        .and_then(Node::read);
    match (serde_json::from_slice::<Value>(body), &node) {
        (Ok(_), Err(error)) => panic!("the reference refuses what serde_json reads: {error}"),
        (Err(error), Ok(_)) if !is_out_of_range(&error) && !is_too_deep(&error) => {
            panic!("the reference reads what serde_json refuses: {error}")
        }
        _ => node,
    }
}

/// Whether a body that is no JSON goes wrong at this byte: what comes before it may still become JSON, and with it no more.
/// Where serde_json cannot say so much, any byte will do.
pub fn is_fault(body: &[u8], offset: usize) -> bool {
    // Of an escape it is not said which of its bytes is at fault.
    if body.windows(2).any(|bytes| bytes == b"\\u") {
        return true;
    }
    // A body may be looked at for UTF-8 before it is read.
    if std::str::from_utf8(body).is_err_and(|error| error.valid_up_to() == offset) {
        return true;
    }
    let may_become_json = |part| match serde_json::from_slice::<Value>(part) {
        Err(error) if is_out_of_range(&error) || is_too_deep(&error) => None,
        Err(error) => Some(error.is_eof()),
        Ok(_) => Some(true),
    };
    let with_it = body.get(..=offset).map_or(Some(false), may_become_json);
    may_become_json(&body[..offset]).unwrap_or(true) && !with_it.unwrap_or(false)
}

fn is_out_of_range(error: &Error) -> bool {
    error.to_string().starts_with("number out of range")
}

fn is_too_deep(error: &Error) -> bool {
    error.to_string().starts_with("recursion limit exceeded")
}

impl<'a> Node<'a> {
    fn read(raw: &'a RawValue) -> Result<Node<'a>, Error> {
        let raw = raw.get();
        let kind = match raw.as_bytes().first() {
            Some(b'n') => Kind::Null,
            Some(b't' | b'f') => Kind::Boolean(raw == "true"),
            Some(b'"') => Kind::Text(serde_json::from_str(raw)?),
            Some(b'[') => {
                let elements: Vec<&RawValue> = serde_json::from_str(raw)?;
                Kind::Array(elements.into_iter().map(Node::read).collect::<Result<_, _>>()?)
            }
            Some(b'{') => {
                let Members(members) = serde_json::from_str(raw)?;
                let read = |(key, value)| Node::read(value).map(|node| (key, node));
                Kind::Object(members.into_iter().map(read).collect::<Result<_, _>>()?)
            }
            _ => Kind::Number,
        };
        Ok(Node { raw, kind })
    }

    /// How many arrays and objects are inside each other here.
    pub fn depth(&self) -> usize {
        match &self.kind {
            Kind::Array(elements) => 1 + elements.iter().map(Node::depth).max().unwrap_or(0),
            Kind::Object(members) => {
                1 + members.iter().map(|(_, node)| node.depth()).max().unwrap_or(0)
            }
            _ => 0,
        }
    }
}

/// The members of an object, in their order.
struct Members<'a>(Vec<(String, &'a RawValue)>);

impl<'de> Deserialize<'de> for Members<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Collect;
        impl<'de> Visitor<'de> for Collect {
            type Value = Members<'de>;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(Members(members))
            }
        }
        deserializer.deserialize_map(Collect)
    }
}
