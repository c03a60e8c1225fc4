//! Strict JSON, read in place: whatever serde_json refuses, this refuses, and says at which byte.

use crate::error::{Error, Result, Status};

/// A position in a body.
pub(super) struct Scanner<'a> {
    bytes: &'a [u8],
    at: usize,
    depth: usize,
    max_depth: usize,
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
    pub(super) fn new(text: &'a str, max_depth: usize) -> Scanner<'a> {
        Scanner { bytes: text.as_bytes(), at: 0, depth: 0, max_depth }
    }

    /// Where the next value begins.
    pub(super) fn next_value(&mut self) -> usize {
        self.skip_space();
        self.at
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn skip_space(&mut self) {
        while let Some(b' ' | b'\n' | b'\r' | b'\t') = self.peek() {
            self.at += 1;
        }
    }

    fn fail<T>(&self, expected: &str) -> Result<T> {
        let found = match self.peek() {
            None => "the end".to_string(),
            Some(byte @ 0x21..=0x7E) => format!("'{}'", char::from(byte)),
            Some(byte) => format!("byte 0x{byte:02X}"),
        };
        let message = format!("not JSON: expected {expected}, found {found} at byte {}", self.at);
        Err(Error::at(Status::MalformedJson, self.at, message))
    }

    fn text_from(&self, start: usize) -> &'a str {
        // The scanner was made from a str and stops at ASCII only, so both ends are character boundaries.
        std::str::from_utf8(&self.bytes[start..self.at]).unwrap_or_default()
    }

    /// Reads the start of a value.
    pub(super) fn value(&mut self) -> Result<Value<'a>> {
        self.skip_space();
        match self.peek() {
            Some(b'"') => self.text().map(Value::Text),
            Some(b'{') => self.enter().map(|()| Value::Object),
            Some(b'[') => self.enter().map(|()| Value::Array),
            Some(b't') => self.literal("true").map(|()| Value::Boolean(true)),
            Some(b'f') => self.literal("false").map(|()| Value::Boolean(false)),
            Some(b'n') => self.literal("null").map(|()| Value::Null),
            Some(b'-' | b'0'..=b'9') => self.number().map(Value::Number),
            _ => self.fail("a value"),
        }
    }

    fn enter(&mut self) -> Result<()> {
        if self.depth == self.max_depth {
            let message =
                format!("nested deeper than {} levels at byte {}", self.max_depth, self.at);
            return Err(Error::at(Status::TooDeep, self.at, message));
        }
        self.depth += 1;
        self.at += 1;
        Ok(())
    }

    /// After the start of an object or one of its values: the next key, or `None` at the end of the object.
    pub(super) fn key(&mut self, is_first: bool) -> Result<Option<RawText<'a>>> {
        if !self.continues(is_first, b'}', "',' or '}'")? {
            return Ok(None);
        }
        if self.peek() != Some(b'"') {
            return self.fail("a key in quotes");
        }
        let key = self.text()?;
        self.skip_space();
        if self.peek() != Some(b':') {
            return self.fail("':'");
        }
        self.at += 1;
        Ok(Some(key))
    }

    /// After the start of an array or one of its elements: whether another element comes.
    pub(super) fn element(&mut self, is_first: bool) -> Result<bool> {
        self.continues(is_first, b']', "',' or ']'")
    }

    fn continues(&mut self, is_first: bool, end: u8, expected: &str) -> Result<bool> {
        self.skip_space();
        match self.peek() {
            Some(byte) if byte == end => {
                self.at += 1;
                self.depth -= 1;
                Ok(false)
            }
            _ if is_first => Ok(true),
            Some(b',') => {
                self.at += 1;
                self.skip_space();
                Ok(true)
            }
            _ => self.fail(expected),
        }
    }

    /// Nothing but white space may be left.
    pub(super) fn end(&mut self) -> Result<()> {
        self.skip_space();
        if self.peek().is_some() { self.fail("nothing more") } else { Ok(()) }
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
            if self.peek() != Some(byte) {
                return self.fail(word);
            }
            self.at += 1;
        }
        Ok(())
    }

    fn number(&mut self) -> Result<&'a str> {
        let start = self.at;
        if self.peek() == Some(b'-') {
            self.at += 1;
        }
        match self.peek() {
            // No number begins with 0 but 0 itself; what follows it is then found to be no ',' or end.
            Some(b'0') => self.at += 1,
            _ => self.digits()?,
        }
        if self.peek() == Some(b'.') {
            self.at += 1;
            self.digits()?;
        }
        if let Some(b'e' | b'E') = self.peek() {
            self.at += 1;
            if let Some(b'+' | b'-') = self.peek() {
                self.at += 1;
            }
            self.digits()?;
        }
        Ok(self.text_from(start))
    }

    fn digits(&mut self) -> Result<()> {
        let start = self.at;
        while let Some(b'0'..=b'9') = self.peek() {
            self.at += 1;
        }
        if self.at == start { self.fail("a digit") } else { Ok(()) }
    }

    fn text(&mut self) -> Result<RawText<'a>> {
        self.at += 1;
        let start = self.at;
        let mut has_escapes = false;
        loop {
            self.at += plain_length(&self.bytes[self.at..]);
            match self.peek() {
                Some(b'"') => break,
                Some(b'\\') => {
                    has_escapes = true;
                    self.escape()?;
                }
                Some(_) => return self.fail("no control character in a text"),
                None => return self.fail("'\"' at the end of the text"),
            }
        }
        let raw = self.text_from(start);
        self.at += 1;
        Ok(RawText { raw, has_escapes })
    }

    fn escape(&mut self) -> Result<()> {
        self.at += 1;
        match self.peek() {
            Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => {
                self.at += 1;
                Ok(())
            }
            Some(b'u') => match self.code_unit()? {
                0xD800..=0xDBFF => {
                    let is_pair = self.bytes[self.at..].starts_with(b"\\u");
                    if is_pair {
                        self.at += 1;
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
        self.at += 1;
        match self.bytes.get(self.at..).and_then(hex4) {
            Some(code) => {
                self.at += 4;
                Ok(code)
            }
            None => self.fail("four hexadecimal digits"),
        }
    }
}

/// How many bytes come before the first quote, backslash or control character.
fn plain_length(bytes: &[u8]) -> usize {
    const ONES: u64 = 0x0101_0101_0101_0101;
    const HIGHS: u64 = 0x8080_8080_8080_8080;
    let mut length = 0;
    for chunk in bytes.chunks_exact(8) {
        let word = u64::from_le_bytes(chunk.try_into().unwrap_or_default());
        let equals = |byte: u8| {
            let difference = word ^ (ONES * u64::from(byte));
            difference.wrapping_sub(ONES) & !difference
        };
        // The lowest bit set is exact; a borrow can only set bits above it.
        let stops =
            (equals(b'"') | equals(b'\\') | (word.wrapping_sub(ONES * 0x20) & !word)) & HIGHS;
        if stops != 0 {
            return length + stops.trailing_zeros() as usize / 8;
        }
        length += 8;
    }
    let rest = &bytes[length..];
    length
        + rest.iter().position(|byte| matches!(byte, b'"' | b'\\' | ..0x20)).unwrap_or(rest.len())
}
