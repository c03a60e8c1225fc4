//! Strict JSON, read in place: whatever serde_json refuses, this refuses, and says at which byte.
//!
//! Whoever reads keeps the place ([`At`]) and is handed the next one, so that it stays in a register.
#![allow(unsafe_code)]

use std::borrow::Cow;
use std::fmt::Arguments;

use super::escape::escape;
use super::lanes::{Baseline, Lanes};
use super::limits::Limits;
use super::place::{At, Padded, text_between};
use crate::error::{Error, Message, Result, Status};

/// What stands between the quotes of a JSON text, its escapes checked but not decoded.
#[derive(Clone, Copy)]
pub(super) struct RawText<'a> {
    opening: At<'a>,
    closing: At<'a>,
    has_escapes: bool,
}

impl<'a> RawText<'a> {
    /// As it stands.
    #[inline(always)]
    fn raw(self) -> &'a str {
        text_between(self.start(), self.closing)
    }

    #[inline(always)]
    fn start(self) -> At<'a> {
        // SAFETY: a quote stands there.
        unsafe { self.opening.past(1) }
    }

    /// The text itself, if it holds no escape.
    #[inline(always)]
    pub(super) fn plain(self) -> Option<&'a str> {
        (!self.has_escapes).then(|| self.raw())
    }

    /// Hands the decoded text on, piece by piece.
    pub(super) fn decode(self, mut piece: impl FnMut(&str)) {
        let mut at = self.start();
        loop {
            let plain_end = at.past_plain();
            piece(text_between(at, plain_end));
            let Ok((character, next)) = escape(plain_end) else { return };
            piece(character.encode_utf8(&mut [0; 4]));
            at = next;
        }
    }

    /// The decoded text.
    pub(super) fn decoded(self) -> Result<Cow<'a, str>> {
        if let Some(plain) = self.plain() {
            return Ok(Cow::Borrowed(plain));
        }
        let mut decoded = String::new();
        // No character takes more bytes than its escape.
        if decoded.try_reserve_exact(self.raw().len()).is_err() {
            return Err(Error::new(Status::OutOfMemory, "no memory for a text of the body"));
        }
        self.decode(|piece| decoded.push_str(piece));
        Ok(Cow::Owned(decoded))
    }

    /// Whether the decoded text is this one.
    pub(super) fn is(self, text: &str) -> bool {
        if let Some(plain) = self.plain() {
            return plain == text;
        }
        let mut left = Some(text);
        self.decode(|piece| left = left.and_then(|left| left.strip_prefix(piece)));
        left == Some("")
    }
}

/// A value. What is inside an object or an array is still to come.
pub(super) enum Value<'a> {
    Text(RawText<'a>),
    Number(&'a str),
    Boolean(bool),
    Null,
    Object,
    Array,
}

impl Value<'_> {
    /// What it is, in words for a message.
    pub(super) fn kind(&self) -> &'static str {
        match self {
            Value::Text(_) => "a text",
            Value::Number(_) => "a number",
            Value::Boolean(_) => "a boolean",
            Value::Null => "null",
            Value::Object => "an object",
            Value::Array => "an array",
        }
    }
}

/// What comes next in an object or an array.
pub(super) enum Step<'a> {
    /// Another member or element, at its first byte.
    Next(At<'a>),
    /// Nothing: the place behind the closing brace or bracket.
    End(At<'a>),
}

/// An object or an array, by the byte that closes it.
#[derive(Clone, Copy)]
pub(super) enum Nest {
    Object = b'}' as isize,
    Array = b']' as isize,
}

/// The rules of JSON.
pub(super) struct Scanner<'a> {
    text: Padded<'a>,
    depth: usize,
    max_depth: usize,
}

impl<'a> Scanner<'a> {
    pub(super) fn new(text: Padded<'a>, max_depth: usize) -> Scanner<'a> {
        Scanner { text, depth: 0, max_depth: max_depth.min(Limits::MAX_DEPTH) }
    }

    /// In bytes from the start.
    pub(super) fn offset(&self, at: At<'a>) -> usize {
        self.text.offset(at)
    }

    #[cold]
    #[inline(never)]
    pub(super) fn fail<T>(&self, expected: &str, at: At<'a>) -> Result<T> {
        let offset = self.offset(at);
        let refused = |found: Arguments<'_>| {
            let message = Message::from(format_args!(
                "not JSON: expected {expected}, found {found} at byte {offset}"
            ));
            Err(Error::at(Status::MalformedJson, offset, message))
        };
        match at.byte() {
            _ if offset == self.text.text().len() => refused(format_args!("the end")),
            byte @ 0x21..=0x7E => refused(format_args!("'{}'", char::from(byte))),
            byte => refused(format_args!("byte 0x{byte:02X}")),
        }
    }

    /// Refuses the byte that ends the plain part of a text and is neither quote nor backslash.
    #[cold]
    #[inline(never)]
    pub(super) fn fail_in_text<T>(&self, at: At<'a>) -> Result<T> {
        if self.offset(at) == self.text.text().len() {
            return self.fail("'\"' at the end of the text", at);
        }
        self.fail("no control character in a text", at)
    }

    /// Reads an escape.
    #[inline(always)]
    pub(super) fn escape(&self, at: At<'a>) -> Result<(char, At<'a>)> {
        escape(at).or_else(|(expected, at)| self.fail(expected, at))
    }

    /// Enters an object or an array that is at this place, or around it.
    #[inline(always)]
    pub(super) fn enter(&mut self, at: At<'a>) -> Result<()> {
        if self.depth == self.max_depth {
            return self.fail_depth(at);
        }
        self.depth += 1;
        Ok(())
    }

    /// Enters an object or an array, from its opening brace or bracket on.
    #[inline(always)]
    pub(super) fn open(
        &mut self,
        at: At<'a>,
        nest: Nest,
        indent: &mut usize,
        lanes: impl Lanes,
    ) -> Result<Step<'a>> {
        self.enter(at)?;
        // SAFETY: it was a brace or a bracket that brought us here.
        let inside = unsafe { at.past(1) };
        let at = inside.past_space(lanes);
        *indent = inside.bytes_to(at);
        Ok(self.closed(at, nest).unwrap_or(Step::Next(at)))
    }

    #[cold]
    #[inline(never)]
    fn fail_depth<T>(&self, at: At<'a>) -> Result<T> {
        let offset = self.offset(at);
        let max_depth = self.max_depth;
        let message =
            Message::from(format_args!("nested deeper than {max_depth} levels at byte {offset}"));
        Err(Error::at(Status::TooDeep, offset, message))
    }

    /// Goes on behind a member or an element.
    #[inline(always)]
    pub(super) fn next(
        &mut self,
        at: At<'a>,
        nest: Nest,
        indent: &mut usize,
        lanes: impl Lanes,
    ) -> Result<Step<'a>> {
        let at = at.past_space(lanes);
        if let Some(at) = at.past_byte(b',') {
            return Ok(Step::Next(at.past_indent(indent, lanes)));
        }
        match self.closed(at, nest) {
            Some(end) => Ok(end),
            None => self.fail(
                match nest {
                    Nest::Object => "',' or '}'",
                    Nest::Array => "',' or ']'",
                },
                at,
            ),
        }
    }

    #[inline(always)]
    fn closed(&mut self, at: At<'a>, nest: Nest) -> Option<Step<'a>> {
        let end = at.past_byte(nest as u8)?;
        self.depth -= 1;
        Some(Step::End(end))
    }

    /// Reads a key; the place is behind its closing quote.
    #[inline(always)]
    pub(super) fn key(&self, at: At<'a>) -> Result<(RawText<'a>, At<'a>)> {
        match at.byte() {
            b'"' => self.text(at),
            _ => self.fail("a key in quotes", at),
        }
    }

    /// Goes from the end of a key to its value.
    #[inline(always)]
    pub(super) fn to_value(&self, at: At<'a>, lanes: impl Lanes) -> Result<At<'a>> {
        let at = at.past_space(lanes);
        match at.past_byte(b':') {
            Some(at) => Ok(at.past_space(lanes)),
            None => self.fail("':'", at),
        }
    }

    /// Reads a text, from its opening quote on.
    #[inline(always)]
    fn text(&self, at: At<'a>) -> Result<(RawText<'a>, At<'a>)> {
        // SAFETY: it was a quote that brought us here.
        let mut closing = unsafe { at.past(1) };
        let mut has_escapes = false;
        loop {
            closing = closing.past_plain();
            match closing.byte() {
                b'"' => break,
                b'\\' => {
                    has_escapes = true;
                    (_, closing) = self.escape(closing)?;
                }
                _ => return self.fail_in_text(closing),
            }
        }
        // SAFETY: it is a quote.
        Ok((RawText { opening: at, closing, has_escapes }, unsafe { closing.past(1) }))
    }

    /// Reads a value. Of an object and an array the place is the opening brace or bracket.
    pub(super) fn value(&self, at: At<'a>) -> Result<(Value<'a>, At<'a>)> {
        match at.byte() {
            b'{' => Ok((Value::Object, at)),
            b'[' => Ok((Value::Array, at)),
            _ => self.scalar(at),
        }
    }

    /// Reads a value that is neither object nor array.
    #[inline(always)]
    fn scalar(&self, at: At<'a>) -> Result<(Value<'a>, At<'a>)> {
        match at.byte() {
            b'"' => self.text(at).map(|(text, end)| (Value::Text(text), end)),
            b't' => self.word(at, "true").map(|end| (Value::Boolean(true), end)),
            b'f' => self.word(at, "false").map(|end| (Value::Boolean(false), end)),
            b'n' => self.word(at, "null").map(|end| (Value::Null, end)),
            b'-' | b'0'..=b'9' => {
                self.number(at).map(|end| (Value::Number(text_between(at, end)), end))
            }
            _ => self.fail("a value", at),
        }
    }

    /// Skips what `value` has left of a value.
    pub(super) fn skip_rest(&mut self, value: &Value<'a>, at: At<'a>) -> Result<At<'a>> {
        match value {
            Value::Object | Value::Array => self.skip(at),
            _ => Ok(at),
        }
    }

    /// Skips a whole value.
    pub(super) fn skip(&mut self, at: At<'a>) -> Result<At<'a>> {
        self.past_value(at)
    }

    /// The same, in the code of whoever calls it.
    #[inline(always)]
    fn past_value(&mut self, at: At<'a>) -> Result<At<'a>> {
        match at.byte() {
            b'{' => self.skip_nest(at, Nest::Object),
            b'[' => self.skip_nest(at, Nest::Array),
            _ => Ok(self.scalar(at)?.1),
        }
    }

    fn skip_nest(&mut self, at: At<'a>, nest: Nest) -> Result<At<'a>> {
        let mut indent = 0;
        let mut step = self.open(at, nest, &mut indent, Baseline)?;
        loop {
            let mut at = match step {
                Step::Next(at) => at,
                Step::End(end) => return Ok(end),
            };
            if let Nest::Object = nest {
                let (_, end) = self.key(at)?;
                at = self.to_value(end, Baseline)?;
            }
            let end = self.past_value(at)?;
            step = self.next(end, nest, &mut indent, Baseline)?;
        }
    }

    /// One whole value as it stands, and the place behind it.
    pub(super) fn json(&mut self, at: At<'a>) -> Result<(&'a str, At<'a>)> {
        let end = self.skip(at)?;
        Ok((text_between(at, end), end))
    }

    /// Nothing but white space may be left.
    pub(super) fn end(&self, at: At<'a>) -> Result<()> {
        if self.is_at_end(at) {
            return Ok(());
        }
        let at = at.past_space(Baseline);
        match self.is_at_end(at) {
            true => Ok(()),
            false => self.fail("nothing more", at),
        }
    }

    #[inline(always)]
    fn is_at_end(&self, at: At<'a>) -> bool {
        self.offset(at) == self.text.text().len()
    }

    #[inline(always)]
    fn word(&self, mut at: At<'a>, word: &str) -> Result<At<'a>> {
        for byte in word.bytes() {
            at = match at.past_byte(byte) {
                Some(at) => at,
                None => return self.fail(word, at),
            };
        }
        Ok(at)
    }

    fn number(&self, at: At<'a>) -> Result<At<'a>> {
        let mut at = at.past_byte(b'-').unwrap_or(at);
        // No number begins with 0 but 0 itself; what follows it is then found to be no ',' or end.
        at = match at.past_byte(b'0') {
            Some(at) => at,
            None => self.digits(at)?,
        };
        if let Some(fraction) = at.past_byte(b'.') {
            at = self.digits(fraction)?;
        }
        if let Some(exponent) = at.past_byte(b'e').or_else(|| at.past_byte(b'E')) {
            let sign = exponent.past_byte(b'+').or_else(|| exponent.past_byte(b'-'));
            at = self.digits(sign.unwrap_or(exponent))?;
        }
        Ok(at)
    }

    #[inline(always)]
    fn digits(&self, mut at: At<'a>) -> Result<At<'a>> {
        if !at.byte().is_ascii_digit() {
            return self.fail("a digit", at);
        }
        while at.byte().is_ascii_digit() {
            // SAFETY: a digit is not zero.
            at = unsafe { at.past(1) };
        }
        Ok(at)
    }
}
