//! JSON pointers (RFC 6901) over the body, for whatever has no field.
#![allow(unsafe_code)]

use std::collections::HashSet;

use super::lanes::Baseline;
use super::place::{At, Padded};
use super::scan::{Nest, RawText, Scanner, Step, Value};
use super::types::{ABSENT, Event, NOT_SENT};
use crate::error::{Error, Result, Status};

/// What a JSON value is.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JsonKind {
    /// `null`
    Null = 0,
    /// `true` or `false`
    Boolean = 1,
    /// A number.
    Number = 2,
    /// A text.
    Text = 3,
    /// An array.
    Array = 4,
    /// An object.
    Object = 5,
}

/// A value of a body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Json<'a> {
    /// What it is.
    pub kind: JsonKind,
    /// The value as it stands in the body.
    pub raw: &'a str,
    /// A text, decoded.
    pub text: Option<String>,
    /// A number, if it is an integer of 64 bits; otherwise [`ABSENT`].
    pub integer: i64,
    /// A boolean: 1, 0, or [`NOT_SENT`].
    pub boolean: i32,
    /// How many elements an array has, or an object keys.
    pub length: usize,
}

impl Event {
    /// The value at this pointer: `""` is the whole body, `/RoomInfo/RoomName` a member, `/SeatList/0` an element. Of members with
    /// the same key the last one counts, as for the typed fields.
    ///
    /// # Errors
    ///
    /// `InvalidArgument` if the pointer is not empty and does not begin with `/`, or has a `~` without 0 or 1 after it; `NoSuchValue`
    /// if nothing is there.
    pub fn json(&self, pointer: &str) -> Result<Json<'_>> {
        // SAFETY: the body of an event was stored with its padding, in the block that `self` stands in.
        let body = unsafe { self.body.padded() };
        let mut offset = 0;
        if !pointer.split('~').skip(1).all(|after| after.starts_with(['0', '1'])) {
            let message = "in a JSON pointer '~' is written as ~0, and '/' in a key as ~1";
            return Err(Error::new(Status::InvalidArgument, message));
        }
        if let Some(rest) = pointer.strip_prefix('/') {
            for token in rest.split('/') {
                let token = token.replace("~1", "/").replace("~0", "~");
                offset = step(body, offset, &token)?.ok_or_else(|| {
                    let message = format!("the body has nothing at {pointer}: {token} is missing");
                    Error::new(Status::NoSuchValue, message)
                })?;
            }
        } else if !pointer.is_empty() {
            let message = "a JSON pointer is empty or begins with '/'";
            return Err(Error::new(Status::InvalidArgument, message));
        }
        describe(body, offset)
    }
}

/// Where the member or the element of this name of the value at `offset` begins.
fn step(body: Padded<'_>, offset: usize, token: &str) -> Result<Option<usize>> {
    let mut found = None;
    let index = array_index(token);
    let mut count = 0;
    each(body, body.at(offset).past_space(Baseline), |key, at| {
        if key.map_or(index == Some(count), |key| key.is(token)) {
            found = Some(at);
        }
        count += 1;
    })?;
    Ok(found.map(|at| Scanner::new(body, usize::MAX).offset(at)))
}

/// Shows each member of an object, or each element of an array: its key, and where it begins. Other values have none.
fn each<'a>(
    body: Padded<'a>,
    at: At<'a>,
    mut visit: impl FnMut(Option<RawText<'a>>, At<'a>),
) -> Result<()> {
    let mut scanner = Scanner::new(body, usize::MAX);
    let nest = match scanner.value(at)? {
        (Value::Object, _) => Nest::Object,
        (Value::Array, _) => Nest::Array,
        _ => return Ok(()),
    };
    let mut indent = 0;
    let mut step = scanner.open(at, nest, &mut indent, Baseline)?;
    while let Step::Next(mut at) = step {
        let mut key = None;
        if let Nest::Object = nest {
            let (name, end) = scanner.key(at)?;
            (key, at) = (Some(name), scanner.to_value(end, Baseline)?);
        }
        visit(key, at);
        let end = scanner.skip(at)?;
        step = scanner.next(end, nest, &mut indent, Baseline)?;
    }
    Ok(())
}

/// RFC 6901 allows no sign and no leading zero.
fn array_index(token: &str) -> Option<usize> {
    let is_canonical = token == "0" || !token.starts_with(['0', '+']);
    token.parse().ok().filter(|_| is_canonical)
}

fn describe(body: Padded<'_>, offset: usize) -> Result<Json<'_>> {
    let at = body.at(offset).past_space(Baseline);
    let mut scanner = Scanner::new(body, usize::MAX);
    let (raw, _) = scanner.json(at)?;
    let mut json = Json {
        kind: JsonKind::Null,
        raw,
        text: None,
        integer: ABSENT,
        boolean: NOT_SENT,
        length: 0,
    };
    match scanner.value(at)?.0 {
        Value::Null => {}
        Value::Boolean(flag) => {
            json.kind = JsonKind::Boolean;
            json.boolean = i32::from(flag);
        }
        Value::Number(digits) => {
            json.kind = JsonKind::Number;
            json.integer = digits.parse().unwrap_or(ABSENT);
        }
        Value::Text(text) => {
            json.kind = JsonKind::Text;
            json.text = Some(text.decoded()?.into_owned());
        }
        Value::Array => json.kind = JsonKind::Array,
        Value::Object => json.kind = JsonKind::Object,
    }
    let mut elements = 0;
    let mut keys = HashSet::new();
    let mut is_known = Ok(());
    each(body, at, |key, _| match key.map(RawText::decoded) {
        None => elements += 1,
        Some(Ok(key)) => drop(keys.insert(key)),
        Some(Err(error)) => is_known = Err(error),
    })?;
    json.length = elements + keys.len();
    is_known.map(|()| json)
}
