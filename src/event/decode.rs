//! One walk over a body, guided by a schema: each value goes where its field's line says.
#![allow(unsafe_code)]

use std::fmt::Write;

use super::block::{Block, Place};
use super::lanes;
use super::scan::{RawText, Scanner, Value};
use super::schema::{Element, Field, Owner, Read, Schema};
use super::text::Str;
use super::types::{ABSENT, NOT_SENT};
use super::words::Vocabulary;
use crate::error::{Error, Result, Status};

pub(super) struct Decoder<'a, 'b> {
    scanner: Scanner<'a>,
    block: &'b mut Block,
    elements_left: usize,
    max_elements: usize,
}

impl<'a, 'b> Decoder<'a, 'b> {
    pub(super) fn new(
        scanner: Scanner<'a>,
        block: &'b mut Block,
        max_elements: usize,
    ) -> Decoder<'a, 'b> {
        Decoder { scanner, block, elements_left: max_elements, max_elements }
    }

    /// Reads a whole body into the event and its payload record.
    pub(super) fn body(mut self, schema: &Schema, record: Place) -> Result<()> {
        let value = self.scanner.value()?;
        match value {
            Value::Object => self.fields(schema, record)?,
            _ => self.scanner.skip_rest(&value)?,
        }
        self.scanner.end()?;
        if let Value::Object = value {
            return Ok(());
        }
        let message = format!("not a callback: the body is {}, not an object", value.kind());
        Err(Error::at(Status::NotACallback, 0, message))
    }

    fn fields(&mut self, schema: &Schema, record: Place) -> Result<()> {
        let mut expected = 0;
        let mut is_first = true;
        loop {
            let field = match schema.fields.get(expected) {
                Some(field) if self.takes_key(field, is_first) => {
                    expected += 1;
                    Some(field)
                }
                _ => match self.scanner.key(is_first)? {
                    Some(key) => find(schema.fields, key, &mut expected),
                    None => return Ok(()),
                },
            };
            is_first = false;
            match field {
                Some(field) => self.field(schema, field, record)?,
                None => self.scanner.skip()?,
            }
        }
    }

    /// Whether this field's key comes next, written without white space.
    #[inline(always)]
    fn takes_key(&mut self, field: &Field, is_first: bool) -> bool {
        self.scanner.take_text(&field.compact_key[usize::from(is_first)..])
    }

    /// A text without escapes that comes next, in one step from the body to its place.
    #[inline(always)]
    fn plain_text(&mut self) -> Option<Str> {
        let target = self.block.text_target(self.scanner.left() + lanes::WIDTH)?;
        // SAFETY: the target has room for all that is left of the body, and a step more; what was copied is a part of it
        // between two quotes.
        unsafe {
            let length = self.scanner.copy_plain_text(target)?;
            Some(self.block.end_target(length))
        }
    }

    fn field(&mut self, schema: &Schema, field: &Field, record: Place) -> Result<()> {
        let base = owner(field, record);
        match field.read {
            Read::Text(offset) => {
                if let Some(text) = self.plain_text() {
                    self.block.write(base.plus(offset), text);
                    return Ok(());
                }
            }
            Read::Word(offset, number, words) => {
                if let Some(text) = self.plain_text() {
                    self.word(text, base.plus(offset), base.plus(number), words);
                    return Ok(());
                }
            }
            Read::Json(offset) => {
                let json = self.scanner.json()?;
                let text = self.block.store(json)?;
                self.block.write(base.plus(offset), text);
                return Ok(());
            }
            _ => {}
        }
        let start = self.scanner.next_value();
        let value = self.scanner.value()?;
        let is_read = match (field.read, &value) {
            (_, Value::Null) => {
                write_field_absent(self.block, field, record);
                true
            }
            (Read::Text(offset), Value::Text(_) | Value::Number(_)) => {
                let text = self.store(&value)?;
                self.block.write(base.plus(offset), text);
                true
            }
            (Read::Word(offset, number, words), Value::Text(_) | Value::Number(_)) => {
                let text = self.store(&value)?;
                self.word(text, base.plus(offset), base.plus(number), words);
                true
            }
            (Read::Object(inner), Value::Object) => {
                self.fields(inner, record)?;
                true
            }
            (Read::Texts(first, count), Value::Array) => {
                let (place, length) = self.texts(schema, field)?;
                self.list::<Str>(base.plus(first), base.plus(count), place, length);
                true
            }
            (Read::Objects(first, count, element), Value::Array) => {
                let (place, length) = self.objects(schema, field, element)?;
                self.list::<*const u8>(base.plus(first), base.plus(count), place, length);
                true
            }
            (Read::Integer(offset), value) => {
                integer(value).map(|number| self.block.write(base.plus(offset), number)).is_some()
            }
            (Read::Boolean(offset), value) => boolean(value)
                .map(|flag| self.block.write(base.plus(offset), i32::from(flag)))
                .is_some(),
            _ => false,
        };
        if is_read {
            return Ok(());
        }
        write_field_absent(self.block, field, record);
        self.scanner.skip_rest(&value)?;
        self.mismatch(schema, field, "", &value, start)
    }

    fn list<T>(&mut self, first: Place, count: Place, place: Place, length: usize) {
        let address = self.block.address::<T>(place);
        self.block.write(first, address);
        self.block.write(count, length);
    }

    /// The elements of an array of texts, one after the other.
    fn texts(&mut self, schema: &Schema, field: &Field) -> Result<(Place, usize)> {
        let first = self.block.room(0)?;
        let mut count = 0;
        let mut is_first = true;
        while self.scanner.element(is_first)? {
            is_first = false;
            let start = self.scanner.next_value();
            let text = match self.plain_text() {
                Some(text) => text,
                None => match self.scanner.value()? {
                    value @ (Value::Text(_) | Value::Number(_)) => self.store(&value)?,
                    other => {
                        self.skip_element(schema, field, &other, start)?;
                        continue;
                    }
                },
            };
            self.take_element(start)?;
            let place = self.block.room(size_of::<Str>())?;
            self.block.write(place, text);
            count += 1;
        }
        Ok((first, count))
    }

    /// The elements of an array of objects, one after the other, and behind them the pointers to them.
    fn objects(
        &mut self,
        schema: &Schema,
        field: &Field,
        element: &Element,
    ) -> Result<(Place, usize)> {
        let first = self.block.room(0)?;
        let mut count = 0;
        let mut is_first = true;
        while self.scanner.element(is_first)? {
            is_first = false;
            let start = self.scanner.next_value();
            match self.scanner.value()? {
                Value::Object => {
                    self.take_element(start)?;
                    let place = self.block.record_like(element.absent)?;
                    self.fields(element.schema, place)?;
                    count += 1;
                }
                other => self.skip_element(schema, field, &other, start)?,
            }
        }
        let pointers = self.block.room(count * size_of::<*const u8>())?;
        for index in 0..count {
            let address = self.block.address::<u8>(first.plus(index * element.absent.len()));
            self.block.write(pointers.plus(index * size_of::<*const u8>()), address);
        }
        Ok((pointers, count))
    }

    fn take_element(&mut self, offset: usize) -> Result<()> {
        self.elements_left = self.elements_left.checked_sub(1).ok_or_else(|| {
            let message = format!(
                "the lists hold more than the limit of {} elements, at byte {offset}",
                self.max_elements
            );
            Error::at(Status::TooManyElements, offset, message)
        })?;
        Ok(())
    }

    fn skip_element(
        &mut self,
        schema: &Schema,
        field: &Field,
        value: &Value<'_>,
        offset: usize,
    ) -> Result<()> {
        self.scanner.skip_rest(value)?;
        self.mismatch(schema, field, "[]", value, offset)
    }

    fn store(&mut self, value: &Value<'_>) -> Result<Str> {
        match value {
            Value::Text(raw) => self.store_raw(*raw),
            Value::Number(digits) => self.block.store(digits),
            _ => Ok(Str::ABSENT),
        }
    }

    fn store_raw(&mut self, raw: RawText<'_>) -> Result<Str> {
        if let Some(plain) = raw.plain() {
            return self.block.store(plain);
        }
        let mut writer = self.block.text();
        let mut result = Ok(());
        raw.decode(|piece| {
            if result.is_ok() {
                result = writer.push(piece);
            }
        });
        result?;
        writer.end()
    }

    fn word(&mut self, text: Str, at: Place, number_at: Place, words: &Vocabulary) {
        let number = words.number(text.or_empty());
        self.block.write(at, text);
        self.block.write(number_at, number);
    }

    /// Notes that a documented field holds something else than the vendor documents. That is no reason to lose the event.
    fn mismatch(
        &mut self,
        schema: &Schema,
        field: &Field,
        element: &str,
        value: &Value<'_>,
        offset: usize,
    ) -> Result<()> {
        self.block.event().mismatch_count += 1;
        if self.block.event().mismatch_count > 1 {
            return Ok(());
        }
        let expected = match (field.read, element) {
            (Read::Texts(..), "[]") => "a text",
            (Read::Objects(..), "[]") => "an object",
            (Read::Text(_) | Read::Word(..) | Read::Json(_), _) => "a text",
            (Read::Integer(_), _) => "an integer",
            (Read::Boolean(_), _) => "a boolean",
            (Read::Object(_), _) => "an object",
            (Read::Texts(..) | Read::Objects(..), _) => "an array",
        };
        let mut writer = self.block.text();
        let path = schema.path;
        let key = field.key;
        let found = value.kind();
        let written = write!(
            writer,
            "{path}{key}{element}: expected {expected}, found {found}, at byte {offset}"
        );
        let text = writer.end()?;
        if written.is_ok() {
            self.block.event().mismatch = text;
        }
        Ok(())
    }
}

fn owner(field: &Field, record: Place) -> Place {
    match field.owner {
        Owner::Event => Place::EVENT,
        Owner::Record => record,
    }
}

/// The field with this key: the expected one, or else any.
fn find<'s>(fields: &'s [Field], key: RawText<'_>, expected: &mut usize) -> Option<&'s Field> {
    let is_it = |field: &Field| key.is(field.key);
    let index = match fields.get(*expected) {
        Some(field) if is_it(field) => *expected,
        _ => {
            let ahead = fields.iter().skip(*expected).position(is_it);
            ahead.map(|steps| *expected + steps).or_else(|| fields.iter().position(is_it))?
        }
    };
    *expected = index + 1;
    fields.get(index)
}

/// As if the field had not been sent.
fn write_field_absent(block: &mut Block, field: &Field, record: Place) {
    let base = owner(field, record);
    match field.read {
        Read::Text(offset) | Read::Json(offset) => block.write(base.plus(offset), Str::ABSENT),
        Read::Word(offset, number, _) => {
            block.write(base.plus(offset), Str::ABSENT);
            block.write(base.plus(number), NOT_SENT);
        }
        Read::Integer(offset) => block.write(base.plus(offset), ABSENT),
        Read::Boolean(offset) => block.write(base.plus(offset), NOT_SENT),
        Read::Object(schema) => {
            schema.fields.iter().for_each(|field| write_field_absent(block, field, record));
        }
        Read::Texts(first, count) | Read::Objects(first, count, _) => {
            block.write(base.plus(first), std::ptr::null::<u8>());
            block.write(base.plus(count), 0_usize);
        }
    }
}

fn integer(value: &Value<'_>) -> Option<i64> {
    let digits = match value {
        Value::Number(digits) => digits,
        Value::Text(text) => text.plain()?,
        _ => return None,
    };
    // `parse` takes a plus sign, which no JSON number has.
    let is_signed = digits.starts_with('+');
    digits.parse().ok().filter(|number| !is_signed && *number != ABSENT)
}

fn boolean(value: &Value<'_>) -> Option<bool> {
    match value {
        Value::Boolean(flag) => Some(*flag),
        // The vendor's sample of Room.CallbackAfterUpdateRoomInfo sends "false" for IsCloudRecordingDisabled.
        Value::Text(text) => match text.plain()? {
            word if word.eq_ignore_ascii_case("true") => Some(true),
            word if word.eq_ignore_ascii_case("false") => Some(false),
            _ => None,
        },
        Value::Number("1") => Some(true),
        Value::Number("0") => Some(false),
        _ => None,
    }
}
