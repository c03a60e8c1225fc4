//! Values that are not what their field's is nearly always: numbers as texts, texts as numbers, and what the vendor's pages do not
//! document at all.
#![allow(unsafe_code)]

use super::block::Record;
use super::decode::{Decoder, Kind, Owners, write_list};
use super::mismatch::Mismatch;
use super::place::At;
use super::scan::Value;
use super::schema::{Field, Owner, Read, Schema};
use super::text::Str;
use super::types::{ABSENT, NOT_SENT};
use super::words::Vocabulary;
use crate::error::Result;

impl<'a, L: Kind> Decoder<'a, '_, L> {
    /// Reads a value that is not what its field's is nearly always.
    #[inline(never)]
    pub(super) fn uncommon(
        &mut self,
        at: At<'a>,
        schema: &'static Schema,
        field: &'static Field,
        owners: Owners,
    ) -> Result<At<'a>> {
        let base = owners.of(field);
        if let Read::Json(offset) = field.read {
            let (json, end) = self.scanner.json(at)?;
            let text = self.block.store(json)?;
            // SAFETY: see `Owners::of`.
            unsafe { base.write(offset, text) };
            return Ok(end);
        }
        let (value, end) = self.scanner.value(at)?;
        let is_read = match (field.read, &value) {
            (_, Value::Null) => {
                write_absent(field, owners);
                true
            }
            (Read::Text(offset), Value::Number(digits)) => {
                let text = self.block.store(digits)?;
                // SAFETY: see `Owners::of`.
                unsafe { base.write(offset, text) };
                true
            }
            (Read::Word(offset, number, words), Value::Number(digits)) => {
                let text = self.block.store(digits)?;
                // SAFETY: see `Owners::of`.
                unsafe { write_word(base, text, offset, number, words) };
                true
            }
            (Read::Integer(offset), value) => integer(value)
                // SAFETY: see `Owners::of`.
                .map(|number| unsafe { base.write(offset, number) })
                .is_some(),
            (Read::Boolean(offset), value) => boolean(value)
                // SAFETY: see `Owners::of`.
                .map(|flag| unsafe { base.write(offset, i32::from(flag)) })
                .is_some(),
            _ => false,
        };
        if is_read {
            return Ok(end);
        }
        write_absent(field, owners);
        let offset = self.scanner.offset(at);
        self.mismatches.note(Mismatch::of_field(schema, field, value.kind(), offset));
        self.scanner.skip_rest(&value, end)
    }
}

/// As if the field had not been sent.
fn write_absent(field: &Field, owners: Owners) {
    let base = owners.of(field);
    // SAFETY: see `Owners::of`.
    unsafe {
        match field.read {
            Read::Text(offset) | Read::Json(offset) => base.write(offset, Str::ABSENT),
            Read::Word(offset, number, _) => {
                base.write(offset, Str::ABSENT);
                base.write(number, NOT_SENT);
            }
            Read::Integer(offset) => base.write(offset, ABSENT),
            Read::Boolean(offset) => base.write(offset, NOT_SENT),
            // What the event has itself may have been sent outside of the object.
            Read::Object(schema) => schema
                .fields
                .iter()
                .filter(|field| matches!(field.owner, Owner::Record))
                .for_each(|field| write_absent(field, owners)),
            Read::Texts(first, count) | Read::Objects(first, count, _) => {
                write_list(base, first, std::ptr::null(), count, 0);
            }
        }
    }
}

/// # Safety
///
/// The offsets are those of such fields of the record.
#[inline(always)]
unsafe fn write_word(base: Record, text: Str, at: usize, number_at: usize, words: &Vocabulary) {
    let number = words.number(text.or_empty());
    // SAFETY: the caller's promise.
    unsafe {
        base.write(at, text);
        base.write(number_at, number);
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
