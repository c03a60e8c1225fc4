//! The second pass: over a body in which an object has a key twice, or a field is sent at two of its documented locations.
//!
//! Of an object's members with the same key the last counts, whatever the values are. Of the locations that a field has after that, the
//! first one, in the order of the documentation, that holds a value counts: null is none, nor is a value of a type that the field does
//! not take.
#![allow(unsafe_code)]

use super::block::{Block, Record};
use super::decode::{Decoder, Expected, Owners, write_list};
use super::lanes::Baseline;
use super::limits::Limits;
use super::mismatch::{Mismatch, Mismatches};
use super::place::At;
use super::scan::{Nest, Step, Value};
use super::schema::{Field, MOST_FIELDS, MOST_LOCATIONS, Read, Schema};
use super::uncommon::takes;
use crate::error::Result;

/// Reads the body that is in a block, and which `decode` has read, into the event and the payload there.
#[cold]
#[inline(never)]
pub(super) fn decode_again(
    block: &mut Block,
    schema: &'static Schema,
    limits: &Limits,
    mismatches: &mut Mismatches,
) -> Result<()> {
    // SAFETY: the block outlives the decoder.
    let body = unsafe { block.body() };
    let record = block.payload_record();
    let mut decoder = Decoder::new(Baseline, body, block, limits, mismatches);
    decoder.record(body.at(0).past_space(Baseline), schema, record)?;
    Ok(())
}

/// A key's last value.
#[derive(Clone, Copy)]
struct Member<'a> {
    schema: &'static Schema,
    field: &'static Field,
    value: At<'a>,
}

/// The members of an object, and of the objects inside of it whose fields go into the same record.
struct Members<'a> {
    all: [Option<Member<'a>>; MOST_LOCATIONS],
    count: usize,
}

impl<'a> Members<'a> {
    fn add(&mut self, member: Member<'a>) {
        if let Some(free) = self.all.get_mut(self.count) {
            *free = Some(member);
            self.count += 1;
        }
    }

    fn iter(&self) -> impl Iterator<Item = &Member<'a>> {
        self.all.iter().flatten()
    }
}

impl<'a> Decoder<'a, '_, Baseline> {
    /// Reads an object and those inside of it whose fields go into the same record.
    fn record(&mut self, at: At<'a>, schema: &'static Schema, record: Record) -> Result<At<'a>> {
        let owners = Owners { event: self.block.event_record(), record };
        let mut members = Members { all: [None; MOST_LOCATIONS], count: 0 };
        let end = self.collect(at, schema, &mut members)?;
        for member in members.iter() {
            let Some(location) = member.field.location else {
                match self.is_value(member)? {
                    true => self.member(member, owners)?,
                    false => self.note(member)?,
                }
                continue;
            };
            // The first location that holds a value is read; if none does, each says why.
            let mut first = None;
            for other in members.iter().filter(|other| other.field.is_same_as(member.field)) {
                if self.is_value(other)? {
                    first = first.into_iter().chain(other.field.location).min();
                }
            }
            match first {
                Some(first) if first == location => self.member(member, owners)?,
                Some(_) => {}
                None => self.note(member)?,
            }
        }
        Ok(end)
    }

    /// Finds the last value of each key.
    fn collect(
        &mut self,
        at: At<'a>,
        schema: &'static Schema,
        members: &mut Members<'a>,
    ) -> Result<At<'a>> {
        let mut last = [None; MOST_FIELDS];
        let mut expected = Expected::of(schema);
        let mut indent = 0;
        let mut step = self.scanner.open(at, Nest::Object, &mut indent, Baseline)?;
        let end = loop {
            let at = match step {
                Step::Next(at) => at,
                Step::End(end) => break end,
            };
            let (field, key_end) =
                expected.find(&self.scanner, Baseline, at, schema, &mut false)?;
            let value = self.scanner.to_value(key_end, Baseline)?;
            let is_it = |other: &Field| field.is_some_and(|field| std::ptr::eq(field, other));
            if let Some(index) = schema.fields.iter().position(is_it) {
                last[index] = Some(value);
            }
            let end = self.scanner.skip(value)?;
            step = self.scanner.next(end, Nest::Object, &mut indent, Baseline)?;
        };
        for (field, value) in schema.fields.iter().zip(last) {
            let Some(value) = value else { continue };
            match (field.read, value.byte()) {
                (Read::Object(inner), b'{') => {
                    self.collect(value, inner, members)?;
                }
                _ => members.add(Member { schema, field, value }),
            }
        }
        Ok(end)
    }

    /// Whether a member holds a value that its field takes.
    fn is_value(&self, member: &Member<'a>) -> Result<bool> {
        let (value, _) = self.scanner.value(member.value)?;
        takes(member.field.read, &value)
    }

    /// Reads a member whose field takes its value.
    fn member(&mut self, member: &Member<'a>, owners: Owners) -> Result<()> {
        let Member { schema, field, value } = *member;
        let Read::Objects(first, count, element) = field.read else {
            self.field(value, schema, field, owners)?;
            return Ok(());
        };
        let (list, length, _) = self.objects(value, schema, field, element, Self::record)?;
        // SAFETY: see `Owners::of`.
        unsafe { write_list(owners.of(field), first, list, count, length) };
        Ok(())
    }

    /// Notes a value that its field does not take, unless it is null.
    fn note(&mut self, member: &Member<'a>) -> Result<()> {
        let Member { schema, field, value: at } = *member;
        let (value, _) = self.scanner.value(at)?;
        if !matches!(value, Value::Null) {
            let offset = self.scanner.offset(at);
            self.mismatches.note(Mismatch::of_field(schema, field, value.kind(), offset));
        }
        Ok(())
    }
}
