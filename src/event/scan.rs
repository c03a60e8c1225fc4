//! Strict JSON, read in place: whatever serde_json refuses, this refuses, and says at which byte.
//!
//! The text has zero bytes behind it, which no rule of JSON lets pass, so every loop ends there and looks at no length.
//! Whoever reads keeps the place ([`At`]) and is handed the next one, so that it stays in a register.
#![allow(unsafe_code)]

use std::marker::PhantomData;

use super::lanes::{self, Baseline, Lanes};
use super::literal::Literal;
use crate::error::{Error, Result, Status};

/// A text with [`Padded::PADDING`] zero bytes behind it.
#[derive(Clone, Copy)]
pub(super) struct Padded<'a>(&'a [u8]);

impl<'a> Padded<'a> {
    /// More than anything here reads in one step.
    pub(super) const PADDING: usize = 32;

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

    /// The place so many bytes from the start.
    pub(super) fn at(self, offset: usize) -> At<'a> {
        assert!(offset <= self.text().len(), "a place behind the text");
        At(self.0[offset..].as_ptr(), PhantomData)
    }
}

/// A place in a padded text, at its end at most.
///
/// What makes it sound: a place is moved past bytes only that were seen not to be zero, and from the end on there is nothing but
/// zeros. So [`Padded::PADDING`] bytes may be read from it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct At<'a>(*const u8, PhantomData<&'a [u8]>);

impl<'a> At<'a> {
    /// The byte here; 0 at the end.
    #[inline(always)]
    pub(super) fn byte(self) -> u8 {
        // SAFETY: see At.
        unsafe { *self.0 }
    }

    /// The place behind bytes that were seen.
    ///
    /// # Safety
    ///
    /// None of the next `count` bytes is zero.
    #[inline(always)]
    pub(super) unsafe fn past(self, count: usize) -> At<'a> {
        // SAFETY: bytes that are not zero come before the end.
        At(unsafe { self.0.add(count) }, PhantomData)
    }

    /// The place behind this byte, if it stands here.
    #[inline(always)]
    pub(super) fn past_byte(self, byte: u8) -> Option<At<'a>> {
        // SAFETY: it is not zero.
        (byte != 0 && self.byte() == byte).then(|| unsafe { self.past(1) })
    }

    /// The next eight bytes.
    #[inline(always)]
    pub(super) fn prefix(self) -> [u8; 8] {
        // SAFETY: see At.
        unsafe { self.0.cast::<[u8; 8]>().read() }
    }

    /// Whether this text stands here.
    #[inline(always)]
    pub(super) fn has<const WORDS: usize>(self, text: &Literal<WORDS>) -> bool {
        const { assert!(Literal::<WORDS>::WIDTH <= Padded::PADDING) };
        // SAFETY: see At.
        unsafe { text.is_at(self.0) }
    }

    /// The place behind this text, if it stands here.
    #[inline(always)]
    pub(super) fn past_literal<const WORDS: usize>(self, text: &Literal<WORDS>) -> Option<At<'a>> {
        // SAFETY: a literal holds no zero.
        self.has(text).then(|| unsafe { self.past(text.len()) })
    }

    /// The place behind white space.
    #[inline(always)]
    pub(super) fn past_space<L: Lanes>(mut self, lanes: L) -> At<'a> {
        if self.byte() > b' ' {
            return self;
        }
        loop {
            // SAFETY: a step is narrower than the padding, and white space is not zero.
            unsafe {
                let spaces = lanes.space_bytes(self.0);
                self = self.past(spaces);
                if spaces < L::WIDTH {
                    return self;
                }
            }
        }
    }

    /// Copies a step's bytes to `target`, and says how many of them are plain bytes of a text.
    ///
    /// # Safety
    ///
    /// As many bytes may be written to `target`.
    #[inline(always)]
    pub(super) unsafe fn copy_plain<L: Lanes>(self, target: *mut u8, lanes: L) -> usize {
        const { assert!(L::WIDTH <= Padded::PADDING) };
        // SAFETY: see At; the caller's promise.
        unsafe { lanes.copy_plain(self.0, target) }
    }

    /// The place behind this key with its quotes, if it stands here.
    #[inline(always)]
    pub(super) fn past_key<L: Lanes>(self, key: &Literal<4>, lanes: L) -> Option<At<'a>> {
        const { assert!(Literal::<4>::WIDTH <= Padded::PADDING) };
        // SAFETY: see At; a literal holds no zero.
        unsafe { lanes.has_literal(self.0, key).then(|| self.past(key.len())) }
    }

    /// The first byte behind here that ends the plain part of a text.
    #[inline(always)]
    fn past_plain(mut self) -> At<'a> {
        loop {
            // SAFETY: a step is narrower than the padding, and plain bytes are not zero.
            unsafe {
                let plain = lanes::plain_bytes(self.0);
                self = self.past(plain);
                if plain < lanes::WIDTH {
                    return self;
                }
            }
        }
    }

    /// A whole number of at most 16 digits, and the place behind it. Any other number is none, although it may be one.
    #[inline(always)]
    pub(super) fn short_integer(self) -> Option<(u64, At<'a>)> {
        let (mut number, digits) = self.leading_digits();
        if digits == 0 || (digits > 1 && self.byte() == b'0') {
            return None;
        }
        // SAFETY: digits are not zero bytes.
        let mut end = unsafe { self.past(digits) };
        if digits == 8 {
            const TENS: [u64; 9] =
                [1, 10, 100, 1000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000];
            let (low, more) = end.leading_digits();
            number = number * TENS[more] + low;
            // SAFETY: as above.
            end = unsafe { end.past(more) };
        }
        (!matches!(end.byte(), b'.' | b'e' | b'E' | b'0'..=b'9')).then_some((number, end))
    }

    /// The digits among the next eight bytes: as a number, and how many they are.
    #[inline(always)]
    fn leading_digits(self) -> (u64, usize) {
        const EACH: u64 = 0x0101_0101_0101_0101;
        let word = u64::from_le_bytes(self.prefix());
        let values = word ^ (EACH * u64::from(b'0'));
        // A digit's value is below 10. A carry can only come from what is none, and goes to bytes behind that.
        let others = (values.wrapping_add(EACH * (0x80 - 10)) | values) & (EACH << 7);
        let count = others.trailing_zeros() as usize / 8;
        if count == 0 {
            return (0, 0);
        }
        // What is no digit is shifted out, and zeros come in before the first.
        let values = values << (64 - 8 * count);
        let pairs = (values.wrapping_mul(10) + (values >> 8)) & 0x00FF_00FF_00FF_00FF;
        let fours = (pairs.wrapping_mul(100) + (pairs >> 16)) & 0x0000_FFFF_0000_FFFF;
        (fours.wrapping_mul(10_000).wrapping_add(fours >> 32) & 0xFFFF_FFFF, count)
    }
}

/// The text between two places, which both stand next to a byte of ASCII.
#[inline(always)]
fn text_between<'a>(start: At<'a>, end: At<'a>) -> &'a str {
    // SAFETY: both lie in the text, which is UTF-8, and next to a byte of ASCII is a boundary of characters.
    unsafe {
        let length = end.0.addr() - start.0.addr();
        std::str::from_utf8_unchecked(std::slice::from_raw_parts(start.0, length))
    }
}

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

/// What should have stood at a place.
pub(super) type Expected<'a> = (&'static str, At<'a>);

/// Reads an escape, from its backslash on.
#[inline(always)]
pub(super) fn escape(at: At<'_>) -> std::result::Result<(char, At<'_>), Expected<'_>> {
    let at = at.past_byte(b'\\').ok_or(("an escape", at))?;
    let character = match at.byte() {
        byte @ (b'"' | b'\\' | b'/') => char::from(byte),
        b'b' => '\u{8}',
        b'f' => '\u{c}',
        b'n' => '\n',
        b'r' => '\r',
        b't' => '\t',
        b'u' => return unicode_escape(at),
        _ => return Err(("an escape that JSON knows", at)),
    };
    // SAFETY: none of them is zero.
    Ok((character, unsafe { at.past(1) }))
}

/// Reads `uXXXX`, or two of them that are a surrogate pair.
#[inline(always)]
fn unicode_escape(at: At<'_>) -> std::result::Result<(char, At<'_>), Expected<'_>> {
    let (first, end) = code_unit(at)?;
    match char::from_u32(first) {
        Some(character) => Ok((character, end)),
        None => surrogate_pair(first, end),
    }
}

/// Reads the second half of a surrogate pair.
fn surrogate_pair(first: u32, at: At<'_>) -> std::result::Result<(char, At<'_>), Expected<'_>> {
    if first >= 0xDC00 {
        return Err(("a first half before this half of a surrogate pair", at));
    }
    let no_pair = ("the second half of a surrogate pair", at);
    let second = at.past_byte(b'\\').filter(|at| at.byte() == b'u').ok_or(no_pair)?;
    let (second, end) = code_unit(second)?;
    let low = second.checked_sub(0xDC00).filter(|low| *low < 0x400);
    low.and_then(|low| char::from_u32(0x10000 + ((first - 0xD800) << 10) + low))
        .map(|character| (character, end))
        .ok_or(("the second half of a surrogate pair", end))
}

/// The value of each hexadecimal digit; of other bytes one that is too large.
static HEXADECIMAL: [u8; 256] = {
    let mut values = [0xFF; 256];
    let mut value = 0;
    while value < 16 {
        values[b"0123456789abcdef"[value] as usize] = value as u8;
        values[b"0123456789ABCDEF"[value] as usize] = value as u8;
        value += 1;
    }
    values
};

/// Reads `uXXXX`.
#[inline(always)]
fn code_unit(at: At<'_>) -> std::result::Result<(u32, At<'_>), Expected<'_>> {
    // SAFETY: see At.
    let digits = unsafe { at.0.add(1).cast::<[u8; 4]>().read() };
    let values = digits.map(|digit| u32::from(HEXADECIMAL[usize::from(digit)]));
    if values.iter().any(|value| *value > 15) {
        let valid = values.iter().take_while(|value| **value <= 15).count();
        // SAFETY: neither the `u` nor digits are zero.
        return Err(("four hexadecimal digits", unsafe { at.past(1 + valid) }));
    }
    let code = values.iter().fold(0, |code, value| code << 4 | value);
    // SAFETY: as above.
    Ok((code, unsafe { at.past(5) }))
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
    /// What the stack is sure to have room for.
    pub(super) const MAX_DEPTH: usize = 256;

    pub(super) fn new(text: Padded<'a>, max_depth: usize) -> Scanner<'a> {
        Scanner { text, depth: 0, max_depth: max_depth.min(Scanner::MAX_DEPTH) }
    }

    /// In bytes from the start.
    pub(super) fn offset(&self, at: At<'a>) -> usize {
        at.0.addr() - self.text.0.as_ptr().addr()
    }

    #[cold]
    #[inline(never)]
    pub(super) fn fail<T>(&self, expected: &str, at: At<'a>) -> Result<T> {
        let offset = self.offset(at);
        let found = match at.byte() {
            _ if offset == self.text.text().len() => "the end".to_string(),
            byte @ 0x21..=0x7E => format!("'{}'", char::from(byte)),
            byte => format!("byte 0x{byte:02X}"),
        };
        let message = format!("not JSON: expected {expected}, found {found} at byte {offset}");
        Err(Error::at(Status::MalformedJson, offset, message))
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

    /// Enters an object or an array, from its opening brace or bracket on.
    #[inline(always)]
    pub(super) fn open(&mut self, at: At<'a>, nest: Nest, lanes: impl Lanes) -> Result<Step<'a>> {
        if self.depth == self.max_depth {
            return self.fail_depth(at);
        }
        self.depth += 1;
        // SAFETY: it was a brace or a bracket that brought us here.
        let at = unsafe { at.past(1) }.past_space(lanes);
        Ok(self.closed(at, nest).unwrap_or(Step::Next(at)))
    }

    #[cold]
    #[inline(never)]
    fn fail_depth<T>(&self, at: At<'a>) -> Result<T> {
        let offset = self.offset(at);
        let message = format!("nested deeper than {} levels at byte {offset}", self.max_depth);
        Err(Error::at(Status::TooDeep, offset, message))
    }

    /// Goes on behind a member or an element.
    #[inline(always)]
    pub(super) fn next(&mut self, at: At<'a>, nest: Nest, lanes: impl Lanes) -> Result<Step<'a>> {
        let at = at.past_space(lanes);
        if let Some(at) = at.past_byte(b',') {
            return Ok(Step::Next(at.past_space(lanes)));
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
            b'"' => self.text(at).map(|(text, end)| (Value::Text(text), end)),
            b'{' => Ok((Value::Object, at)),
            b'[' => Ok((Value::Array, at)),
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
        match at.byte() {
            b'{' => {
                let mut step = self.open(at, Nest::Object, Baseline)?;
                loop {
                    match step {
                        Step::End(end) => return Ok(end),
                        Step::Next(at) => {
                            let (_, at) = self.key(at)?;
                            let at = self.to_value(at, Baseline)?;
                            let at = self.skip(at)?;
                            step = self.next(at, Nest::Object, Baseline)?;
                        }
                    }
                }
            }
            b'[' => {
                let mut step = self.open(at, Nest::Array, Baseline)?;
                loop {
                    match step {
                        Step::End(end) => return Ok(end),
                        Step::Next(at) => {
                            let at = self.skip(at)?;
                            step = self.next(at, Nest::Array, Baseline)?;
                        }
                    }
                }
            }
            _ => self.value(at).map(|(_, end)| end),
        }
    }

    /// One whole value as it stands, and the place behind it.
    pub(super) fn json(&mut self, at: At<'a>) -> Result<(&'a str, At<'a>)> {
        let end = self.skip(at)?;
        Ok((text_between(at, end), end))
    }

    /// Nothing but white space may be left.
    pub(super) fn end(&self, at: At<'a>) -> Result<()> {
        let at = at.past_space(Baseline);
        match self.offset(at) == self.text.text().len() {
            true => Ok(()),
            false => self.fail("nothing more", at),
        }
    }

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
