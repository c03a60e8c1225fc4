//! The fields of an event's structs in their order, for those who hand a whole event on: as JSON (serialize.rs), as objects of another
//! language (objects.rs).
#![allow(unsafe_code)]

use std::marker::PhantomData;
use std::mem::offset_of;

use super::schema::{self, Element, Field, Owner, Payload, PayloadRecord, Read, Schema};
use super::text::Str;
use super::types::{ABSENT, Event, NOT_SENT};
use crate::catalog::Command;

/// A field of a struct. A list, which takes two, is one.
#[derive(Clone, Copy)]
pub(super) struct Column {
    offset: u16,
    kind: Kind,
}

#[derive(Clone, Copy)]
enum Kind {
    Text,
    CommandWord,
    Subject,
    Body,
    Integer,
    /// Of 32 bits, as the number of a word is.
    Number,
    Unsigned,
    Size,
    Boolean,
    /// With the offset of the count.
    Texts(u16),
    Records(u16, &'static Element),
}

/// More than any struct has.
const MOST: usize = 64;

impl Column {
    const NONE: Column = Column::new(0, Kind::Text);

    const fn new(offset: usize, kind: Kind) -> Column {
        Column { offset: short(offset), kind }
    }

    /// How many fields of its record a schema leads to.
    pub(super) const fn count(schema: &Schema) -> usize {
        Column::collect(schema, &mut [Column::NONE; MOST], 0)
    }

    /// The fields of its record that a schema leads to, each once although several keys may lead to it.
    pub(super) const fn of<const N: usize>(schema: &Schema) -> [Column; N] {
        let mut found = [Column::NONE; N];
        Column::collect(schema, &mut found, 0);
        found
    }

    /// Adds those of a schema to so many; returns how many there are then.
    const fn collect(schema: &Schema, found: &mut [Column], mut count: usize) -> usize {
        let mut index = 0;
        while index < schema.fields.len() {
            let field = &schema.fields[index];
            index += 1;
            if matches!(field.owner, Owner::Event) {
                continue;
            }
            let (offset, kind) = match field.read {
                Read::Object(inner) => {
                    count = Column::collect(inner, found, count);
                    continue;
                }
                Read::Word(text, number, _) => {
                    count = Column::new(number, Kind::Number).insert(found, count);
                    (text, Kind::Text)
                }
                Read::Text(offset) | Read::Json(offset) => (offset, Kind::Text),
                Read::Integer(offset) => (offset, Kind::Integer),
                Read::Boolean(offset) => (offset, Kind::Boolean),
                Read::Texts(first, count) => (first, Kind::Texts(short(count))),
                Read::Objects(first, count, element) => {
                    (first, Kind::Records(short(count), element))
                }
            };
            count = Column::new(offset, kind).insert(found, count);
        }
        count
    }

    /// Puts it among the first `count`, by its offset, unless it is there.
    const fn insert(self, found: &mut [Column], count: usize) -> usize {
        let mut place = count;
        while place > 0 && found[place - 1].offset >= self.offset {
            place -= 1;
        }
        if place < count && found[place].offset == self.offset {
            return count;
        }
        let mut last = count;
        while last > place {
            found[last] = found[last - 1];
            last -= 1;
        }
        found[place] = self;
        count + 1
    }
}

/// An offset in as little room as it needs.
const fn short(offset: usize) -> u16 {
    assert!(offset <= u16::MAX as usize);
    offset as u16
}

/// The place of the field at this offset.
pub(super) const fn place(columns: &[Column], offset: usize) -> usize {
    let mut place = 0;
    while columns[place].offset != short(offset) {
        place += 1;
    }
    place
}

macro_rules! event_columns {
    ($($kind:ident $field:ident: $type:ty),* $(,)?) => {
        static EVENT: &[Column] = &[$({
            const _: fn(&Event) -> &$type = |event| &event.$field;
            Column::new(offset_of!(Event, $field), Kind::$kind)
        }),*];

        static EVENT_NAMES: &[&str] = &[$(stringify!($field)),*];
    };
}

// The fields of the event itself but for its size and its payload. Half of them come from no schema.
event_columns![
    Number command: i32,
    Number product: i32,
    Unsigned sdk_app_id: u32,
    Number platform: i32,
    Integer event_time_ms: i64,
    CommandWord command_word: Str,
    CommandWord query_command_word: Str,
    Text operator_account: Str,
    Subject subject: Str,
    Text client_ip: Str,
    Text platform_word: Str,
    Body body: Str,
    Text query: Str,
    Size mismatch_count: usize,
    Text mismatch: Str,
];

/// What a field holds.
pub(super) enum Value<'a> {
    Absent,
    Text(&'a str),
    /// Of the event: mostly a word of the catalogue.
    CommandWord(&'a str),
    /// Of the event; a text of the payload.
    Subject(&'a str),
    /// Of the event: the input.
    Body(&'a str),
    Integer(i64),
    Boolean(bool),
    Texts(&'a [Str]),
    Records(Records<'a>),
}

/// A struct of an event: the event itself, its payload, or an element of a list.
pub(super) struct Record<'a> {
    first: *const u8,
    /// `None` for the event itself.
    schema: Option<&'static Schema>,
    columns: &'static [Column],
    event: PhantomData<&'a Event>,
}

/// A list of structs.
pub(super) struct Records<'a> {
    pub(super) element: &'static Element,
    pointers: &'a [*const u8],
}

impl<'a> Record<'a> {
    /// The fields of the event itself.
    pub(super) fn of_event(event: &'a Event) -> Record<'a> {
        Record {
            first: (&raw const *event).cast(),
            schema: None,
            columns: EVENT,
            event: PhantomData,
        }
    }

    /// How many fields it has.
    #[inline(always)]
    pub(super) fn len(&self) -> usize {
        self.columns.len()
    }

    /// What each field holds.
    #[inline(always)]
    pub(super) fn values(&self) -> impl Iterator<Item = Value<'a>> {
        let first = self.first;
        // SAFETY: a Record is only made in this file, of a struct and its columns.
        self.columns.iter().map(move |column| unsafe { column.value(first) })
    }

    /// The name of each field.
    pub(super) fn names(&self) -> impl Iterator<Item = &'static str> {
        let schema = self.schema;
        self.columns.iter().enumerate().map(move |(index, column)| match schema {
            None => EVENT_NAMES[index],
            Some(schema) => name(schema, column.offset.into()).unwrap_or_default(),
        })
    }
}

/// The name of the field at this offset.
fn name(schema: &Schema, offset: usize) -> Option<&'static str> {
    let is_its = |field: &&Field| matches!(field.owner, Owner::Record);
    schema.fields.iter().filter(is_its).find_map(|field| match field.read {
        Read::Object(inner) => name(inner, offset),
        Read::Word(_, number, _) if number == offset => field.name.strip_suffix("_word"),
        Read::Text(at)
        | Read::Word(at, ..)
        | Read::Integer(at)
        | Read::Boolean(at)
        | Read::Json(at)
        | Read::Texts(at, _)
        | Read::Objects(at, ..) => (at == offset).then_some(field.name),
    })
}

/// The payload that goes with the event's command.
pub(super) fn payload(
    event: &Event,
    command: Command,
) -> Option<(&'static PayloadRecord, Record<'_>)> {
    let Payload { schema, record, .. } = schema::payload(command.payload());
    let info = record.as_ref()?;
    // SAFETY: `link` is the offset of this payload's pointer in an Event.
    let first = unsafe { (&raw const *event).byte_add(info.link).cast::<*const u8>().read() };
    let record = Record { first, schema: Some(*schema), columns: info.columns, event: PhantomData };
    (!first.is_null()).then_some((info, record))
}

impl<'a> Records<'a> {
    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.pointers.len()
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = Record<'a>> {
        let Element { schema, columns, .. } = *self.element;
        let record =
            move |first| Record { first, schema: Some(schema), columns, event: PhantomData };
        self.pointers.iter().copied().map(record)
    }
}

impl Column {
    /// # Safety
    ///
    /// A struct that has this field begins at `record` and lives for `'a`.
    #[inline(always)]
    unsafe fn value<'a>(&self, record: *const u8) -> Value<'a> {
        let at = record.wrapping_add(self.offset.into());
        // SAFETY: a schema's offsets are those of fields of its struct, of the type that the kind of reading says; so are those
        // of EVENT. The decoder put as many elements into a list as its count says.
        unsafe {
            match self.kind {
                Kind::Text => text(at).map_or(Value::Absent, Value::Text),
                Kind::CommandWord => text(at).map_or(Value::Absent, Value::CommandWord),
                Kind::Subject => text(at).map_or(Value::Absent, Value::Subject),
                Kind::Body => text(at).map_or(Value::Absent, Value::Body),
                Kind::Integer => match at.cast::<i64>().read() {
                    ABSENT => Value::Absent,
                    value => Value::Integer(value),
                },
                Kind::Number => match at.cast::<i32>().read() {
                    NOT_SENT => Value::Absent,
                    value => Value::Integer(value.into()),
                },
                Kind::Boolean => match at.cast::<i32>().read() {
                    NOT_SENT => Value::Absent,
                    value => Value::Boolean(value == 1),
                },
                Kind::Unsigned => Value::Integer(at.cast::<u32>().read().into()),
                Kind::Size => {
                    Value::Integer(i64::try_from(at.cast::<usize>().read()).unwrap_or(i64::MAX))
                }
                Kind::Texts(count) => Value::Texts(list(at, record.wrapping_add(count.into()))),
                Kind::Records(count, element) => {
                    let pointers = list(at, record.wrapping_add(count.into()));
                    Value::Records(Records { element, pointers })
                }
            }
        }
    }
}

/// # Safety
///
/// A Str stands there.
unsafe fn text<'a>(at: *const u8) -> Option<&'a str> {
    // SAFETY: the caller's promise.
    unsafe { &*at.cast::<Str>() }.get()
}

/// # Safety
///
/// There stand a pointer to an array, or NULL, and how many elements that has.
unsafe fn list<'a, T>(first: *const u8, count: *const u8) -> &'a [T] {
    // SAFETY: the caller's promise.
    unsafe {
        let (first, count) = (first.cast::<*const T>().read(), count.cast::<usize>().read());
        if first.is_null() { &[] } else { std::slice::from_raw_parts(first, count) }
    }
}
