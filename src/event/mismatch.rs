//! Documented fields that hold something else than the vendor documents. That is no reason to lose the event.

use std::fmt;

use super::schema::{Field, Read, Schema};

/// How many there are, and the first of the body in detail.
pub(super) struct Mismatches {
    pub(super) count: usize,
    pub(super) first: Option<Mismatch>,
}

impl Mismatches {
    /// No constant, of which every byte would be copied.
    #[inline(always)]
    pub(super) fn none() -> Mismatches {
        Mismatches { count: 0, first: None }
    }

    /// Notes one, in any order.
    pub(super) fn note(&mut self, mismatch: Mismatch) {
        self.count += 1;
        if self.first.as_ref().is_none_or(|first| mismatch.offset < first.offset) {
            self.first = Some(mismatch);
        }
    }
}

/// What was found where.
pub(super) struct Mismatch {
    path: &'static str,
    key: &'static str,
    /// `[]` for an element of a list.
    element: &'static str,
    expected: &'static str,
    found: &'static str,
    offset: usize,
}

impl Mismatch {
    /// A field's value of this kind at this byte.
    pub(super) fn of_field(
        schema: &'static Schema,
        field: &'static Field,
        found: &'static str,
        offset: usize,
    ) -> Mismatch {
        let (path, key, expected) = (schema.path, field.key, expected_kind(field.read));
        Mismatch { path, key, element: "", expected, found, offset }
    }

    /// An element of this kind at this byte.
    pub(super) fn of_element(
        schema: &'static Schema,
        field: &'static Field,
        found: &'static str,
        offset: usize,
    ) -> Mismatch {
        let expected = match field.read {
            Read::Objects(..) => "an object",
            _ => "a text",
        };
        let mismatch = Mismatch::of_field(schema, field, found, offset);
        Mismatch { element: "[]", expected, ..mismatch }
    }
}

impl fmt::Display for Mismatch {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Mismatch { path, key, element, expected, found, offset } = self;
        write!(
            formatter,
            "{path}{key}{element}: expected {expected}, found {found}, at byte {offset}"
        )
    }
}

fn expected_kind(read: Read) -> &'static str {
    match read {
        Read::Text(_) | Read::Word(..) | Read::Json(_) => "a text",
        Read::Integer(_) => "an integer",
        Read::Boolean(_) => "a boolean",
        Read::Object(_) => "an object",
        Read::Texts(..) | Read::Objects(..) => "an array",
    }
}
