//! A JSON document that keeps what it was given: the order of keys, every digit of a number, every escape.

use std::fmt;

use serde::de::{Deserializer, MapAccess, Visitor};
use serde::ser::{Error, Serialize, Serializer};
use serde_json::value::RawValue;

use crate::failure::{Failure, Result};

/// Levels of nesting that are read.
const MAX_DEPTH: usize = 100;

/// A JSON value; scalars stay as they were written.
#[derive(Clone, Debug, PartialEq)]
pub enum Node {
    Object(Vec<(String, Node)>),
    Array(Vec<Node>),
    Scalar(String),
}

impl Node {
    /// Reads a document.
    pub fn parse(text: &str) -> std::result::Result<Node, String> {
        let raw: &RawValue = serde_json::from_str(text).map_err(|error| error.to_string())?;
        Node::from_raw(raw, MAX_DEPTH)
    }

    /// A JSON string with this text.
    pub fn text(text: &str) -> Node {
        Node::Scalar(serde_json::Value::from(text).to_string())
    }

    /// The text of a JSON string.
    pub fn as_text(&self) -> Option<String> {
        match self {
            Node::Scalar(text) => serde_json::from_str(text).ok(),
            _ => None,
        }
    }

    fn from_raw(raw: &RawValue, depth: usize) -> std::result::Result<Node, String> {
        let text = raw.get();
        if depth == 0 {
            return Err(format!("nested deeper than {MAX_DEPTH} levels"));
        }
        let told = |error: serde_json::Error| error.to_string();
        match text.as_bytes().first() {
            Some(b'{') => {
                let members = members(raw).map_err(told)?;
                let member = |(key, value)| Ok((key, Node::from_raw(value, depth - 1)?));
                Ok(Node::Object(
                    members.into_iter().map(member).collect::<std::result::Result<_, String>>()?,
                ))
            }
            Some(b'[') => {
                let items = items(raw).map_err(told)?;
                let items = items.into_iter().map(|item| Node::from_raw(item, depth - 1));
                Ok(Node::Array(items.collect::<std::result::Result<_, String>>()?))
            }
            _ => Ok(Node::Scalar(text.to_owned())),
        }
    }

    /// The member of an object with this key.
    pub fn get(&self, key: &str) -> Option<&Node> {
        match self {
            Node::Object(members) => {
                members.iter().find(|(name, _)| name == key).map(|(_, value)| value)
            }
            _ => None,
        }
    }

    /// Puts a value at a path such as `RoomInfo.RoomName` or `UserList.0.Status`. Objects that are missing on the way are made; an
    /// array's next index appends.
    pub fn set(&mut self, path: &str, value: Node) -> Result<()> {
        let mut place = self;
        for part in path.split('.') {
            place = match place {
                Node::Object(members) => {
                    let index = members.iter().position(|(name, _)| name == part);
                    let index = index.unwrap_or_else(|| {
                        members.push((part.to_owned(), Node::Object(Vec::new())));
                        members.len() - 1
                    });
                    &mut members[index].1
                }
                Node::Array(items) => {
                    let index = array_index(path, part, items.len() + 1)?;
                    if index == items.len() {
                        items.push(Node::Object(Vec::new()));
                    }
                    &mut items[index]
                }
                Node::Scalar(_) => return Err(no_place(path, part)),
            };
        }
        *place = value;
        Ok(())
    }

    /// Takes away what stands at a path.
    pub fn unset(&mut self, path: &str) -> Result<()> {
        let mut place = self;
        let mut parts = path.split('.').peekable();
        while let Some(part) = parts.next() {
            let last = parts.peek().is_none();
            place = match place {
                Node::Object(members) => {
                    let index = members.iter().position(|(name, _)| name == part);
                    let index = index.ok_or_else(|| no_place(path, part))?;
                    if last {
                        members.remove(index);
                        return Ok(());
                    }
                    &mut members[index].1
                }
                Node::Array(items) => {
                    let index = array_index(path, part, items.len())?;
                    if last {
                        items.remove(index);
                        return Ok(());
                    }
                    &mut items[index]
                }
                Node::Scalar(_) => return Err(no_place(path, part)),
            };
        }
        Ok(())
    }
}

fn array_index(path: &str, part: &str, end: usize) -> Result<usize> {
    match part.parse() {
        Ok(index) if index < end => Ok(index),
        Ok(index) => Err(Failure::usage(format!("{path}: the array ends before index {index}"))),
        Err(_) => Err(Failure::usage(format!("{path}: {part:?} is not an array index"))),
    }
}

fn no_place(path: &str, part: &str) -> Failure {
    Failure::usage(format!("{path}: the event has no {part:?} there"))
}

impl Serialize for Node {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        match self {
            Node::Object(members) => {
                serializer.collect_map(members.iter().map(|(key, value)| (key, value)))
            }
            Node::Array(items) => serializer.collect_seq(items),
            Node::Scalar(text) => {
                RawValue::from_string(text.clone()).map_err(Error::custom)?.serialize(serializer)
            }
        }
    }
}

/// Compact, as Tencent sends it.
impl fmt::Display for Node {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&serde_json::to_string(self).map_err(|_| fmt::Error)?)
    }
}

/// The members of an object, in their order; each value lies in the text that was read.
pub fn members(object: &RawValue) -> serde_json::Result<Vec<(String, &RawValue)>> {
    serde_json::Deserializer::from_str(object.get()).deserialize_map(Members)
}

/// The items of an array; each lies in the text that was read.
pub fn items(array: &RawValue) -> serde_json::Result<Vec<&RawValue>> {
    serde_json::from_str(array.get())
}

struct Members;

impl<'de> Visitor<'de> for Members {
    type Value = Vec<(String, &'de RawValue)>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(
        self,
        mut map: A,
    ) -> std::result::Result<Self::Value, A::Error> {
        let mut members = Vec::new();
        while let Some(member) = map.next_entry()? {
            members.push(member);
        }
        Ok(members)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn edited(document: &str, edit: impl FnOnce(&mut Node) -> Result<()>) -> String {
        let mut node = Node::parse(document).unwrap();
        edit(&mut node)
            .map(|()| node.to_string())
            .unwrap_or_else(|failure| failure.message().to_owned())
    }

    #[test]
    fn order_digits_and_escapes_survive() {
        let text =
            r#"{"z":1.0,"a":99999999999999999999999,"é":"\u00e9\/","":[1E5,[],{}],"z":null}"#;
        let spaced = text.replace(',', " ,\n").replace(':', " : ");
        assert_eq!(Node::parse(&spaced).unwrap().to_string(), text);
    }

    #[test]
    fn set_replaces_adds_and_appends() {
        let one = || Node::parse("1").unwrap();
        assert_eq!(edited(r#"{"a":{"b":0}}"#, |n| n.set("a.b", one())), r#"{"a":{"b":1}}"#);
        assert_eq!(edited(r#"{"a":0}"#, |n| n.set("b.c", one())), r#"{"a":0,"b":{"c":1}}"#);
        assert_eq!(edited(r#"{"a":[0,0]}"#, |n| n.set("a.1", one())), r#"{"a":[0,1]}"#);
        assert_eq!(edited(r#"{"a":[]}"#, |n| n.set("a.0.b", one())), r#"{"a":[{"b":1}]}"#);
    }

    #[test]
    fn unset_takes_away_members_and_items() {
        assert_eq!(edited(r#"{"a":{"b":0},"c":1}"#, |n| n.unset("a.b")), r#"{"a":{},"c":1}"#);
        assert_eq!(edited(r#"{"a":[0,1]}"#, |n| n.unset("a.0")), r#"{"a":[1]}"#);
    }

    #[test]
    fn a_path_that_leads_nowhere_is_named() {
        let one = || Node::parse("1").unwrap();
        for message in [
            edited(r#"{"a":"text"}"#, |n| n.set("a.b", one())),
            edited(r#"{"a":[]}"#, |n| n.set("a.b", one())),
            edited(r#"{"a":[]}"#, |n| n.set("a.b.7", one())),
            edited(r#"{"a":{}}"#, |n| n.unset("a.b")),
            edited(r#"{"a":[0]}"#, |n| n.unset("a.1")),
        ] {
            assert!(message.starts_with("a."), "{message}");
        }
    }

    #[test]
    fn nesting_is_bounded() {
        assert!(Node::parse(&"[".repeat(1_000_000)).is_err());
        let deep = format!("{}{}", "[".repeat(200_000), "]".repeat(200_000));
        assert!(Node::parse(&deep).is_err());
    }
}
