//! An event as JSON: every field of the structs under its own name, `null` where it is absent.
#![allow(unsafe_code)]

use serde::ser::{SerializeMap, SerializeSeq};
use serde::{Serialize, Serializer};

use super::schema::{self, Owner, Read, Schema};
use super::text::Str;
use super::types::{ABSENT, Event, NOT_SENT};
use crate::catalog::Command;

impl Serialize for Str {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.get().serialize(serializer)
    }
}

impl Serialize for Event {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("command_word", &self.command_word)?;
        map.serialize_entry("command", &self.command)?;
        map.serialize_entry("product", &self.product)?;
        map.serialize_entry("sdk_app_id", &self.sdk_app_id)?;
        map.serialize_entry("event_time_ms", &number(self.event_time_ms))?;
        map.serialize_entry("subject", &self.subject)?;
        map.serialize_entry("operator_account", &self.operator_account)?;
        map.serialize_entry("query_command_word", &self.query_command_word)?;
        map.serialize_entry("client_ip", &self.client_ip)?;
        map.serialize_entry("platform_word", &self.platform_word)?;
        map.serialize_entry("platform", &word(self.platform))?;
        map.serialize_entry("duplicate_key", &self.duplicate_key())?;
        map.serialize_entry("mismatch_count", &self.mismatch_count)?;
        map.serialize_entry("mismatch", &self.mismatch)?;
        let command = Command::from_number(self.command).unwrap_or(Command::Unknown);
        let payload = schema::payload(command.payload());
        if let Some(info) = &payload.record {
            // SAFETY: `link` is the offset of this payload's pointer in an Event.
            let first = unsafe { *field::<*const u8>((&raw const *self).cast(), info.link) };
            let record = Record { first, schema: payload.schema };
            map.serialize_entry(info.name, &record)?;
        }
        map.end()
    }
}

/// A record of an event's block, and its schema.
struct Record {
    first: *const u8,
    schema: &'static Schema,
}

impl Serialize for Record {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        write_fields(self.first, self.schema, &mut Vec::new(), &mut map)?;
        map.end()
    }
}

/// The fields of a record, each once although several keys may lead to it.
fn write_fields<M: SerializeMap>(
    record: *const u8,
    schema: &'static Schema,
    written: &mut Vec<&'static str>,
    map: &mut M,
) -> Result<(), M::Error> {
    for entry in schema.fields.iter().filter(|entry| matches!(entry.owner, Owner::Record)) {
        if let Read::Object(inner) = entry.read {
            write_fields(record, inner, written, map)?;
            continue;
        }
        if written.contains(&entry.name) {
            continue;
        }
        written.push(entry.name);
        // SAFETY: a schema's offsets are those of fields of its record, of the type that the kind of reading says; the record
        // lies in the block of the event that is being serialized.
        unsafe {
            match entry.read {
                Read::Text(text) | Read::Json(text) => {
                    map.serialize_entry(entry.name, field::<Str>(record, text))?;
                }
                Read::Word(text, code, _) => {
                    map.serialize_entry(entry.name, field::<Str>(record, text))?;
                    let name = entry.name.trim_end_matches("_word");
                    map.serialize_entry(name, &word(*field(record, code)))?;
                }
                Read::Integer(offset) => {
                    map.serialize_entry(entry.name, &number(*field(record, offset)))?;
                }
                Read::Boolean(offset) => {
                    let flag = word(*field(record, offset)).map(|flag| flag == 1);
                    map.serialize_entry(entry.name, &flag)?;
                }
                Read::Texts(first, count) => {
                    let first = *field::<*const Str>(record, first);
                    map.serialize_entry(entry.name, &Texts(first, *field(record, count)))?;
                }
                Read::Objects(first, count, element) => {
                    let first = *field::<*const *const u8>(record, first);
                    let schema = element.schema;
                    map.serialize_entry(
                        entry.name,
                        &Records { first, count: *field(record, count), schema },
                    )?;
                }
                Read::Object(_) => {}
            }
        }
    }
    Ok(())
}

/// # Safety
///
/// A `T` stands at this offset of the record.
unsafe fn field<'a, T>(record: *const u8, offset: usize) -> &'a T {
    // SAFETY: the caller's promise.
    unsafe { &*record.add(offset).cast::<T>() }
}

/// An array of texts in an event's block.
struct Texts(*const Str, usize);

impl Serialize for Texts {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut list = serializer.serialize_seq(Some(self.1))?;
        for index in 0..self.1 {
            // SAFETY: the decoder put so many texts there.
            list.serialize_element(unsafe { &*self.0.add(index) })?;
        }
        list.end()
    }
}

/// An array of pointers to records in an event's block.
struct Records {
    first: *const *const u8,
    count: usize,
    schema: &'static Schema,
}

impl Serialize for Records {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut list = serializer.serialize_seq(Some(self.count))?;
        for index in 0..self.count {
            // SAFETY: the decoder put so many pointers there.
            let first = unsafe { *self.first.add(index) };
            list.serialize_element(&Record { first, schema: self.schema })?;
        }
        list.end()
    }
}

fn number(value: i64) -> Option<i64> {
    (value != ABSENT).then_some(value)
}

fn word(value: i32) -> Option<i32> {
    (value != NOT_SENT).then_some(value)
}
