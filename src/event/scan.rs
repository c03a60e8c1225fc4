//! Strict JSON, read in place: whatever serde_json refuses, this refuses, and says at which byte.
//!
//! The text has zero bytes behind it, which no rule of JSON lets pass, so every loop ends there and looks at no length.
#![allow(unsafe_code)]

use std::marker::PhantomData;

use super::lanes;
use crate::error::{Error, Result, Status};

/// A text with [`Padded::PADDING`] zero bytes behind it.
#[derive(Clone, Copy)]
pub(super) struct Padded<'a>(&'a [u8]);

impl<'a> Padded<'a> {
    /// More than any key of a schema with its quotes, and than a step of `lanes`.
    pub(super) const PADDING: usize = 64;

    /// # Safety
    ///
    /// All but the last [`Padded::PADDING`] bytes are UTF-8, and those are zero.
    pub(super) unsafe fn new(padded: &'a [u8]) -> Padded<'a> {
        Padded(padded)
    }

    /// The text alone.
    pub(super) fn text(self) -> &'a str {
        let text = &self.0[..self.0.len() - Padded::PADDING];
        // SAFETY: see `new`.
        unsafe { std::str::from_utf8_unchecked(text) }
    }
}

/// A position in a padded text.
///
/// What makes it sound: `at` never passes `end`, since it is moved past bytes only that were seen not to be zero, and from
/// `end` on there is nothing but zeros. So [`Padded::PADDING`] bytes may be read from `at`.
pub(super) struct Scanner<'a> {
    start: *const u8,
    at: *const u8,
    end: *const u8,
    depth: usize,
    max_depth: usize,
    text: PhantomData<&'a str>,
}

/// A value whose first byte has been read. What is inside an object or an array is still to come.
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

/// What stands between the quotes of a JSON text, its escapes checked but not decoded.
#[derive(Clone, Copy)]
pub(super) struct RawText<'a> {
    raw: &'a str,
    has_escapes: bool,
}

impl<'a> RawText<'a> {
    /// The text itself, if it holds no escape.
    pub(super) fn plain(self) -> Option<&'a str> {
        (!self.has_escapes).then_some(self.raw)
    }

    /// Hands the decoded text on, piece by piece.
    pub(super) fn decode(self, mut piece: impl FnMut(&str)) {
        let mut rest = self.raw;
        while let Some(backslash) = rest.find('\\') {
            piece(&rest[..backslash]);
            let (character, length) = unescape(&rest.as_bytes()[backslash + 1..]);
            piece(character.encode_utf8(&mut [0; 4]));
            rest = &rest[backslash + 1 + length..];
        }
        piece(rest);
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

/// The character of a checked escape, and how many bytes it takes after its backslash.
fn unescape(escape: &[u8]) -> (char, usize) {
    let plain = |character| (character, 1);
    match escape.first() {
        Some(b'b') => plain('\u{8}'),
        Some(b'f') => plain('\u{c}'),
        Some(b'n') => plain('\n'),
        Some(b'r') => plain('\r'),
        Some(b't') => plain('\t'),
        Some(b'u') => {
            let high = hex4(&escape[1..]).unwrap_or(0);
            if !(0xD800..0xDC00).contains(&high) {
                return (char::from_u32(high).unwrap_or(char::REPLACEMENT_CHARACTER), 5);
            }
            let low = escape.get(7..).and_then(hex4).unwrap_or(0xDC00);
            let code = 0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00);
            (char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER), 11)
        }
        Some(other) => plain(char::from(*other)),
        None => plain(char::REPLACEMENT_CHARACTER),
    }
}

fn hex4(bytes: &[u8]) -> Option<u32> {
    bytes
        .get(..4)?
        .iter()
        .try_fold(0, |code, byte| Some(code * 16 + char::from(*byte).to_digit(16)?))
}

impl<'a> Scanner<'a> {
    /// At the start of `text`.
    pub(super) fn new(text: Padded<'a>, max_depth: usize) -> Scanner<'a> {
        Scanner::within(text, 0, max_depth)
    }

    /// At this byte of `text`, which must be the start of a value.
    pub(super) fn within(text: Padded<'a>, offset: usize, max_depth: usize) -> Scanner<'a> {
        let padded = text.0.as_ptr();
        let length = text.0.len() - Padded::PADDING;
        assert!(offset <= length, "a value behind the end");
        // SAFETY: both lie within the padded text.
        let (at, end) = unsafe { (padded.add(offset), padded.add(length)) };
        Scanner { start: padded, at, end, depth: 0, max_depth, text: PhantomData }
    }

    /// Where the next value begins.
    #[inline(always)]
    pub(super) fn next_value(&mut self) -> usize {
        self.skip_space();
        self.position()
    }

    /// Bytes of the text that are still to come.
    #[inline(always)]
    pub(super) fn left(&self) -> usize {
        self.end.addr() - self.at.addr()
    }

    #[inline(always)]
    fn position(&self) -> usize {
        self.at.addr() - self.start.addr()
    }

    /// The next byte; 0 at the end.
    #[inline(always)]
    fn peek(&self) -> u8 {
        // SAFETY: see Scanner.
        unsafe { *self.at }
    }

    /// Moves past bytes that were seen.
    ///
    /// # Safety
    ///
    /// None of the next `count` bytes is zero.
    #[inline(always)]
    unsafe fn pass(&mut self, count: usize) {
        // SAFETY: bytes that are not zero come before `end`.
        self.at = unsafe { self.at.add(count) };
    }

    #[inline(always)]
    fn skip_space(&mut self) {
        while let b' ' | b'\n' | b'\r' | b'\t' = self.peek() {
            // SAFETY: white space is not zero.
            unsafe { self.pass(1) };
        }
    }

    /// Moves past the byte if it comes next. It must not be 0.
    #[inline(always)]
    fn take(&mut self, byte: u8) -> bool {
        let comes = byte != 0 && self.peek() == byte;
        if comes {
            // SAFETY: it is not zero, as just seen.
            unsafe { self.pass(1) };
        }
        comes
    }

    /// Moves past this text, which holds no zero and is shorter than the padding, if it comes next to the letter.
    #[inline(always)]
    pub(super) fn take_text(&mut self, text: &'static str) -> bool {
        debug_assert!(text.len() < Padded::PADDING && !text.contains('\0'));
        // SAFETY: see Scanner.
        let next = unsafe { std::slice::from_raw_parts(self.at, text.len()) };
        let comes = next == text.as_bytes();
        if comes {
            // SAFETY: the text holds no zero.
            unsafe { self.pass(text.len()) };
        }
        comes
    }

    #[cold]
    fn fail<T>(&self, expected: &str) -> Result<T> {
        let offset = self.position();
        let found = match self.peek() {
            _ if self.at == self.end => "the end".to_string(),
            byte @ 0x21..=0x7E => format!("'{}'", char::from(byte)),
            byte => format!("byte 0x{byte:02X}"),
        };
        let message = format!("not JSON: expected {expected}, found {found} at byte {offset}");
        Err(Error::at(Status::MalformedJson, offset, message))
    }

    /// What stands between `start` and the next byte; next to either stands a byte of ASCII.
    #[inline(always)]
    fn text_from(&self, start: *const u8) -> &'a str {
        // SAFETY: both lie in the text, which is UTF-8, and next to a byte of ASCII is a boundary of characters.
        unsafe {
            let length = self.at.addr() - start.addr();
            std::str::from_utf8_unchecked(std::slice::from_raw_parts(start, length))
        }
    }

    /// Reads the start of a value.
    #[inline(always)]
    pub(super) fn value(&mut self) -> Result<Value<'a>> {
        self.skip_space();
        match self.peek() {
            b'"' => self.text().map(Value::Text),
            b'{' => self.enter().map(|()| Value::Object),
            b'[' => self.enter().map(|()| Value::Array),
            b't' => self.literal("true").map(|()| Value::Boolean(true)),
            b'f' => self.literal("false").map(|()| Value::Boolean(false)),
            b'n' => self.literal("null").map(|()| Value::Null),
            b'-' | b'0'..=b'9' => self.number().map(Value::Number),
            _ => self.fail("a value"),
        }
    }

    /// Reads the start of a value that is a text without escapes, and writes it to `target`; otherwise moves nowhere.
    ///
    /// # Safety
    ///
    /// As many bytes may be written to `target` as are left of the text, and [`lanes::WIDTH`] more.
    #[inline(always)]
    pub(super) unsafe fn copy_plain_text(&mut self, target: *mut u8) -> Option<usize> {
        if self.peek() != b'"' {
            return None;
        }
        // SAFETY: a quote is not zero, and neither are the plain bytes that `lanes` counts, so that reading and writing stay
        // within what Scanner and the caller promise.
        unsafe {
            let first = self.at.add(1);
            let mut length = 0;
            loop {
                let from = first.add(length);
                target.add(length).copy_from_nonoverlapping(from, lanes::WIDTH);
                let plain = lanes::plain_bytes(from);
                length += plain;
                if plain < lanes::WIDTH {
                    break;
                }
            }
            if *first.add(length) != b'"' {
                return None;
            }
            self.at = first.add(length + 1);
            Some(length)
        }
    }

    fn enter(&mut self) -> Result<()> {
        if self.depth == self.max_depth {
            let offset = self.position();
            let message = format!("nested deeper than {} levels at byte {offset}", self.max_depth);
            return Err(Error::at(Status::TooDeep, offset, message));
        }
        self.depth += 1;
        // SAFETY: it was a brace or a bracket that brought us here.
        unsafe { self.pass(1) };
        Ok(())
    }

    /// After the start of an object or one of its values: the next key, or `None` at the end of the object.
    pub(super) fn key(&mut self, is_first: bool) -> Result<Option<RawText<'a>>> {
        if !self.continues(is_first, b'}', "',' or '}'")? {
            return Ok(None);
        }
        if self.peek() != b'"' {
            return self.fail("a key in quotes");
        }
        let key = self.text()?;
        self.skip_space();
        if !self.take(b':') {
            return self.fail("':'");
        }
        Ok(Some(key))
    }

    /// After the start of an array or one of its elements: whether another element comes.
    pub(super) fn element(&mut self, is_first: bool) -> Result<bool> {
        self.continues(is_first, b']', "',' or ']'")
    }

    #[inline(always)]
    fn continues(&mut self, is_first: bool, end: u8, expected: &str) -> Result<bool> {
        self.skip_space();
        if self.take(end) {
            self.depth -= 1;
            return Ok(false);
        }
        if !is_first {
            if !self.take(b',') {
                return self.fail(expected);
            }
            self.skip_space();
        }
        Ok(true)
    }

    /// Nothing but white space may be left.
    pub(super) fn end(&mut self) -> Result<()> {
        self.skip_space();
        if self.at == self.end { Ok(()) } else { self.fail("nothing more") }
    }

    /// Skips what is left of a value that `value` has begun.
    pub(super) fn skip_rest(&mut self, value: &Value<'_>) -> Result<()> {
        let mut is_first = true;
        match value {
            Value::Object => {
                while self.key(is_first)?.is_some() {
                    self.skip()?;
                    is_first = false;
                }
            }
            Value::Array => {
                while self.element(is_first)? {
                    self.skip()?;
                    is_first = false;
                }
            }
            _ => {}
        }
        Ok(())
    }

    /// Skips one whole value.
    pub(super) fn skip(&mut self) -> Result<()> {
        let value = self.value()?;
        self.skip_rest(&value)
    }

    /// One whole value as it stands.
    pub(super) fn json(&mut self) -> Result<&'a str> {
        self.skip_space();
        let start = self.at;
        self.skip()?;
        Ok(self.text_from(start))
    }

    fn literal(&mut self, word: &str) -> Result<()> {
        for byte in word.bytes() {
            if !self.take(byte) {
                return self.fail(word);
            }
        }
        Ok(())
    }

    fn number(&mut self) -> Result<&'a str> {
        let start = self.at;
        self.take(b'-');
        // No number begins with 0 but 0 itself; what follows it is then found to be no ',' or end.
        if !self.take(b'0') {
            self.digits()?;
        }
        if self.take(b'.') {
            self.digits()?;
        }
        if self.take(b'e') || self.take(b'E') {
            if !self.take(b'+') {
                self.take(b'-');
            }
            self.digits()?;
        }
        Ok(self.text_from(start))
    }

    #[inline(always)]
    fn digits(&mut self) -> Result<()> {
        if !self.peek().is_ascii_digit() {
            return self.fail("a digit");
        }
        while self.peek().is_ascii_digit() {
            // SAFETY: a digit is not zero.
            unsafe { self.pass(1) };
        }
        Ok(())
    }

    #[inline(always)]
    fn text(&mut self) -> Result<RawText<'a>> {
        // SAFETY: it was a quote that brought us here.
        unsafe { self.pass(1) };
        let start = self.at;
        let mut has_escapes = false;
        loop {
            self.skip_plain();
            match self.peek() {
                b'"' => break,
                b'\\' => {
                    has_escapes = true;
                    self.escape()?;
                }
                _ if self.at == self.end => return self.fail("'\"' at the end of the text"),
                _ => return self.fail("no control character in a text"),
            }
        }
        let raw = self.text_from(start);
        // SAFETY: it is a quote.
        unsafe { self.pass(1) };
        Ok(RawText { raw, has_escapes })
    }

    #[inline(always)]
    fn skip_plain(&mut self) {
        loop {
            // SAFETY: a step is narrower than the padding, and plain bytes are not zero.
            let plain = unsafe {
                let plain = lanes::plain_bytes(self.at);
                self.pass(plain);
                plain
            };
            if plain < lanes::WIDTH {
                return;
            }
        }
    }

    fn escape(&mut self) -> Result<()> {
        self.take(b'\\');
        match self.peek() {
            b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't' => {
                // SAFETY: none of them is zero.
                unsafe { self.pass(1) };
                Ok(())
            }
            b'u' => match self.code_unit()? {
                0xD800..=0xDBFF => {
                    if self.take_text("\\u") {
                        // SAFETY: back to the `u` that was just passed.
                        self.at = unsafe { self.at.sub(1) };
                        if let 0xDC00..=0xDFFF = self.code_unit()? {
                            return Ok(());
                        }
                    }
                    self.fail("the second half of a surrogate pair")
                }
                0xDC00..=0xDFFF => self.fail("a first half before this half of a surrogate pair"),
                _ => Ok(()),
            },
            _ => self.fail("an escape that JSON knows"),
        }
    }

    /// Reads `uXXXX`.
    fn code_unit(&mut self) -> Result<u32> {
        self.take(b'u');
        // SAFETY: see Scanner.
        match hex4(unsafe { std::slice::from_raw_parts(self.at, 4) }) {
            Some(code) => {
                // SAFETY: hexadecimal digits are not zero.
                unsafe { self.pass(4) };
                Ok(code)
            }
            None => self.fail("four hexadecimal digits"),
        }
    }
}
