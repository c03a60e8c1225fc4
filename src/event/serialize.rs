//! An event as JSON: every field of the structs under its own name, `null` where it is absent.

use serde::ser::{SerializeMap, SerializeSeq};
use serde::{Serialize, Serializer};

use super::columns::{self, Record, Records, Value};
use super::text::Str;
use super::types::Event;
use crate::catalog::Command;

impl Serialize for Str {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.get().serialize(serializer)
    }
}

impl Serialize for Event {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        let record = Record::of_event(self);
        for (name, value) in record.names().zip(record.values()) {
            // The input as it came, and the query has the Sign in it.
            if !matches!(name, "body" | "query") {
                map.serialize_entry(name, &value)?;
            }
        }
        map.serialize_entry("duplicate_key", &self.duplicate_key())?;
        let command = Command::from_number(self.command).unwrap_or(Command::Unknown);
        if let Some((info, payload)) = columns::payload(self, command) {
            map.serialize_entry(info.name, &payload)?;
        }
        map.end()
    }
}

impl Serialize for Record<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.len()))?;
        for (name, value) in self.names().zip(self.values()) {
            map.serialize_entry(name, &value)?;
        }
        map.end()
    }
}

impl Serialize for Value<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Value::Absent => serializer.serialize_none(),
            Value::Text(text)
            | Value::CommandWord(text)
            | Value::Subject(text)
            | Value::Body(text) => serializer.serialize_str(text),
            Value::Integer(value) => serializer.serialize_i64(*value),
            Value::Boolean(value) => serializer.serialize_bool(*value),
            Value::Texts(texts) => texts.serialize(serializer),
            Value::Records(records) => records.serialize(serializer),
        }
    }
}

impl Serialize for Records<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut list = serializer.serialize_seq(Some(self.len()))?;
        for record in self.iter() {
            list.serialize_element(&record)?;
        }
        list.end()
    }
}
