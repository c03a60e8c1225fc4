//! Values that are not what their field's is nearly always: numbers as texts, texts as numbers, and what the vendor's pages do not
//! document at all.
#![allow(unsafe_code)]

use super::block::Record;
use super::decode::{Decoder, Kind, Owners};
use super::mismatch::Mismatch;
use super::place::At;
use super::scan::Value;
use super::schema::{Field, Read, Schema};
use super::text::Str;
use super::types::ABSENT;
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
            // As if the field had not been sent.
            (_, Value::Null) => true,
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
            (Read::Integer(offset), value) => integer(value)?
                // SAFETY: see `Owners::of`.
                .map(|number| unsafe { base.write(offset, number) })
                .is_some(),
            (Read::Boolean(offset), value) => boolean(value)?
                // SAFETY: see `Owners::of`.
                .map(|flag| unsafe { base.write(offset, i32::from(flag)) })
                .is_some(),
            _ => false,
        };
        if !is_read {
            let offset = self.scanner.offset(at);
            self.mismatches.note(Mismatch::of_field(schema, field, value.kind(), offset));
        }
        self.scanner.skip_rest(&value, end)
    }
}

/// Whether a field that is read so takes this value.
pub(super) fn takes(read: Read, value: &Value<'_>) -> Result<bool> {
    Ok(match (read, value) {
        (Read::Integer(_), value) => integer(value)?.is_some(),
        (Read::Boolean(_), value) => boolean(value)?.is_some(),
        (Read::Text(_) | Read::Word(..), Value::Text(_) | Value::Number(_))
        | (Read::Json(_), _)
        | (Read::Object(_), Value::Object)
        | (Read::Texts(..) | Read::Objects(..), Value::Array) => true,
        _ => false,
    })
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

fn integer(value: &Value<'_>) -> Result<Option<i64>> {
    let decoded;
    let digits = match value {
        Value::Number(digits) => digits,
        Value::Text(text) => {
            decoded = text.decoded()?;
            &*decoded
        }
        _ => return Ok(None),
    };
    // `parse` takes a plus sign, which no JSON number has.
    let is_signed = digits.starts_with('+');
    Ok(digits.parse().ok().filter(|number| !is_signed && *number != ABSENT))
}

fn boolean(value: &Value<'_>) -> Result<Option<bool>> {
    Ok(match value {
        Value::Boolean(flag) => Some(*flag),
        // The vendor's sample of Room.CallbackAfterUpdateRoomInfo sends "false" for IsCloudRecordingDisabled.
        Value::Text(text) => match &*text.decoded()? {
            word if word.eq_ignore_ascii_case("true") => Some(true),
            word if word.eq_ignore_ascii_case("false") => Some(false),
            _ => None,
        },
        Value::Number("1") => Some(true),
        Value::Number("0") => Some(false),
        _ => None,
    })
}
