//! The query of the URL that Tencent posts to.
//!
//! Names are matched whatever their case (the vendor writes `SdkAppid` and `SdkAppId`), values are percent-decoded and `+` is a
//! space. A name of the protocol that comes twice is refused rather than guessed at; unknown names are passed over.

use std::fmt;

use memchr::{memchr, memchr2};
use percent_encoding::percent_decode_str;

use super::lanes::{find, is_ascii};
use super::utf8::utf8;
use crate::error::{Error, Result, Status};

/// What the query says; every part may be missing.
pub(crate) struct Query<'a> {
    pub(crate) raw: &'a str,
    pub(crate) sdk_app_id: Option<u32>,
    pub(crate) command: Option<Value<'a>>,
    pub(crate) client_ip: Option<Value<'a>>,
    pub(crate) platform: Option<Value<'a>>,
    pub(crate) sign: Option<Value<'a>>,
    pub(crate) request_time: Option<Value<'a>>,
}

impl<'a> Query<'a> {
    /// That of a URL without one.
    pub(crate) const EMPTY: Query<'static> = Query {
        raw: "",
        sdk_app_id: None,
        command: None,
        client_ip: None,
        platform: None,
        sign: None,
        request_time: None,
    };

    /// Reads a query, with or without its `?`; a whole path or URL is cut at its first `?`.
    pub(crate) fn parse(bytes: &'a [u8]) -> Result<Query<'a>> {
        let text = utf8(bytes, is_ascii(bytes))
            .map_err(|offset| malformed(offset, "the URL query is not UTF-8"))?;
        let raw = behind_question_mark(text);
        let has_codes = find(raw.as_bytes(), 0, [b'%', b'+']).is_some();
        let mut query = Query { raw, ..Query::EMPTY };
        let mut sdk_app_id = None;
        let mut next = Some(0);
        while let Some(start) = next {
            let end = find(raw.as_bytes(), start, [b'&']);
            let pair = &raw[start..end.unwrap_or(raw.len())];
            next = end.map(|end| end + 1);
            let Some((name, value)) = known_name(pair, has_codes) else { continue };
            let slot = match name {
                Name::SdkAppId => &mut sdk_app_id,
                Name::CallbackCommand => &mut query.command,
                Name::ClientIp => &mut query.client_ip,
                Name::OptPlatform => &mut query.platform,
                Name::Sign => &mut query.sign,
                Name::RequestTime => &mut query.request_time,
            };
            let refused = |why: &str| {
                let offset = pair.as_ptr().addr() - text.as_ptr().addr();
                let name = Value::new(split_at_equals(pair).0);
                malformed(offset, format_args!("{name} {why}"))
            };
            if slot.is_some() {
                return Err(refused("stands twice in the URL query"));
            }
            let value = if has_codes { Value::new(value) } else { Value::plain(value) };
            if !value.is_utf8() {
                return Err(refused("in the URL query is not UTF-8"));
            }
            *slot = Some(value);
        }
        query.sdk_app_id = sdk_app_id
            .map(|digits| {
                digits
                    .number()
                    .ok_or_else(|| malformed(0, "SdkAppid in the URL query is no SDKAppID"))
            })
            .transpose()?;
        Ok(query)
    }
}

fn behind_question_mark(text: &str) -> &str {
    match text.strip_prefix('?') {
        Some(raw) => raw,
        None if text.starts_with('/') || text.starts_with("http") => {
            split(text, memchr(b'?', text.as_bytes())).1.unwrap_or_default()
        }
        None => text,
    }
}

#[derive(Clone, Copy)]
enum Name {
    SdkAppId,
    CallbackCommand,
    ClientIp,
    OptPlatform,
    Sign,
    RequestTime,
}

/// The name of a pair, if the protocol has it, and the value.
fn known_name(pair: &str, has_codes: bool) -> Option<(Name, &str)> {
    if has_codes {
        let (name, value) = split_at_equals(pair);
        let mut room = [0; LONGEST_NAME];
        let name = find_name(Value::new(name).text(&mut room)?.as_bytes())?;
        return Some((name, value.unwrap_or_default()));
    }
    // The names are made of letters, so an '=' behind one is the first.
    let bytes = pair.as_bytes();
    let named_up_to = |len| match bytes.get(len) {
        Some(b'=') => Some((find_name(&bytes[..len])?, &pair[len + 1..])),
        _ => None,
    };
    let named = NAME_LENGTHS.into_iter().find_map(named_up_to);
    named.or_else(|| Some((find_name(bytes)?, "")))
}

const NAME_LENGTHS: [usize; 4] = [4, 8, 11, LONGEST_NAME];
const LONGEST_NAME: usize = 15;

fn find_name(name: &[u8]) -> Option<Name> {
    let found = match name.len() {
        4 if is(name, b"sign") => Name::Sign,
        8 if is(name, b"sdkappid") => Name::SdkAppId,
        8 if is(name, b"clientip") => Name::ClientIp,
        11 if is(name, b"optplatform") => Name::OptPlatform,
        11 if is(name, b"requesttime") => Name::RequestTime,
        15 if is(name, b"callbackcommand") => Name::CallbackCommand,
        _ => return None,
    };
    Some(found)
}

/// Whether the name is made of these letters, whatever their case.
#[inline(always)]
fn is<const N: usize>(name: &[u8], letters: &[u8; N]) -> bool {
    name.first_chunk::<N>().is_some_and(|name| {
        name.iter().zip(letters).fold(0, |differs, (byte, letter)| differs | (byte | 0x20) ^ letter)
            == 0
    })
}

fn split_at_equals(pair: &str) -> (&str, Option<&str>) {
    split(pair, pair.bytes().position(|byte| byte == b'='))
}

/// What comes before this byte, which is ASCII, and what comes after it; all and nothing if there is none.
fn split(text: &str, at: Option<usize>) -> (&str, Option<&str>) {
    match at {
        Some(index) => (&text[..index], Some(&text[index + 1..])),
        None => (text, None),
    }
}

/// A text of the query, which is decoded where it is needed. `Display` writes it decoded.
#[derive(Clone, Copy)]
pub(crate) struct Value<'a> {
    raw: &'a str,
    is_plain: bool,
}

impl<'a> Value<'a> {
    pub(crate) fn new(raw: &'a str) -> Value<'a> {
        Value { raw, is_plain: memchr2(b'%', b'+', raw.as_bytes()).is_none() }
    }

    /// Of a text without `%` and `+`.
    fn plain(raw: &'a str) -> Value<'a> {
        Value { raw, is_plain: true }
    }

    /// The text, if it stands in the query as it is.
    pub(crate) fn as_plain(&self) -> Option<&'a str> {
        self.is_plain.then_some(self.raw)
    }

    /// The text; it is decoded into `room` if it must be, and then there is none if it does not fit or is not UTF-8.
    pub(crate) fn text<'b>(&self, room: &'b mut [u8]) -> Option<&'b str>
    where
        'a: 'b,
    {
        if self.is_plain {
            return Some(self.raw);
        }
        let mut len = 0;
        for byte in decoded(self.raw) {
            *room.get_mut(len)? = byte;
            len += 1;
        }
        std::str::from_utf8(&room[..len]).ok()
    }

    /// A number of decimal digits and nothing else: `parse` alone would take a sign.
    pub(crate) fn number<T: TryFrom<u64>>(&self) -> Option<T> {
        let mut room = [0; 32];
        let digits = self.text(&mut room)?.as_bytes();
        if digits.is_empty() || !digits.iter().all(u8::is_ascii_digit) {
            return None;
        }
        // So many make less than 2^64, whatever they are.
        const MOST: usize = 19;
        let (zeros, digits) = digits.split_at(digits.len().saturating_sub(MOST));
        if zeros.iter().any(|digit| *digit != b'0') {
            return None;
        }
        let number = digits.iter().fold(0, |number, digit| number * 10 + u64::from(digit - b'0'));
        T::try_from(number).ok()
    }

    /// Hands over the text in pieces, until one is refused or is not UTF-8.
    pub(crate) fn pieces(&self, mut take: impl FnMut(&str) -> fmt::Result) -> fmt::Result {
        if self.is_plain {
            return take(self.raw);
        }
        let (mut character, mut len) = ([0; 4], 0);
        for byte in decoded(self.raw) {
            character[len] = byte;
            len += 1;
            match std::str::from_utf8(&character[..len]) {
                Ok(piece) => {
                    take(piece)?;
                    len = 0;
                }
                Err(error) if error.error_len().is_none() => {}
                Err(_) => return Err(fmt::Error),
            }
        }
        if len == 0 { Ok(()) } else { Err(fmt::Error) }
    }

    fn is_utf8(&self) -> bool {
        self.is_plain || self.pieces(|_| Ok(())).is_ok()
    }
}

impl fmt::Display for Value<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.pieces(|piece| formatter.write_str(piece))
    }
}

fn decoded(raw: &str) -> impl Iterator<Item = u8> {
    raw.split_inclusive('+').flat_map(|part| {
        let (part, space) = part.strip_suffix('+').map_or((part, None), |part| (part, Some(b' ')));
        percent_decode_str(part).chain(space)
    })
}

fn malformed(offset: usize, message: impl fmt::Display) -> Error {
    Error::at(Status::MalformedQuery, offset, format_args!("{message}, at byte {offset}"))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    const NAMES: [&str; 6] =
        ["SdkAppid", "CallbackCommand", "ClientIP", "OptPlatform", "Sign", "RequestTime"];

    /// Which of the parameters a query has, in the order of NAMES.
    fn present(query: &str) -> [bool; 6] {
        let query = Query::parse(query.as_bytes()).unwrap();
        [
            query.sdk_app_id.is_some(),
            query.command.is_some(),
            query.client_ip.is_some(),
            query.platform.is_some(),
            query.sign.is_some(),
            query.request_time.is_some(),
        ]
    }

    /// The same query, read by the code for percent-encoded ones.
    fn encoded(query: &str) -> String {
        format!("{query}&other=%20")
    }

    #[test]
    fn each_parameter_is_known_by_its_name_in_any_case_and_by_no_other_of_the_same_length() {
        for (index, name) in NAMES.iter().enumerate() {
            let mut expected = [false; 6];
            expected[index] = true;
            for name in [name.to_string(), name.to_lowercase(), name.to_uppercase()] {
                let query = format!("{name}=7");
                assert_eq!(present(&query), expected, "{query}");
                assert_eq!(present(&encoded(&query)), expected, "{query}");
            }
            for offset in 0..name.len() {
                for letter in ["x", "0", "[", "@"] {
                    let mut other = name.to_string();
                    other.replace_range(offset..=offset, letter);
                    let query = format!("{other}=7");
                    assert_eq!(present(&query), [false; 6], "{query}");
                    assert_eq!(present(&encoded(&query)), [false; 6], "{query}");
                }
            }
            for other in [&name[1..], &format!("{name}s"), &format!("x{name}")] {
                assert_eq!(present(&format!("{other}=7")), [false; 6], "{other}");
            }
        }
    }

    #[test]
    fn a_number_is_decimal_digits_that_fit_and_nothing_else() {
        let number = |raw| Value::new(raw).number::<u64>();
        assert_eq!(number("0"), Some(0));
        assert_eq!(number("9999999999999999999"), Some(9_999_999_999_999_999_999));
        assert_eq!(number("0000000000001400000000"), Some(1_400_000_000));
        assert_eq!(number("%31%32"), Some(12));
        assert_eq!(Value::new("256").number::<u8>(), None);
        for raw in ["", "-1", "+1", " 1", "1 ", "1.0", "0x1", "10000000000000000000", "%", "1%00"] {
            assert_eq!(number(raw), None, "{raw}");
        }
    }

    #[test]
    fn a_value_is_plain_if_nothing_in_it_has_to_be_decoded() {
        assert_eq!(Value::new("iOS").as_plain(), Some("iOS"));
        for raw in ["i%4FS", "a+b", "%", "+"] {
            assert_eq!(Value::new(raw).as_plain(), None, "{raw}");
        }
    }

    #[test]
    fn a_value_is_handed_over_in_whole_characters_until_one_is_refused() {
        let collected = |raw, limit| {
            let mut text = String::new();
            let end = Value::new(raw).pieces(|piece| {
                text.push_str(piece);
                if text.chars().count() < limit { Ok(()) } else { Err(fmt::Error) }
            });
            (text, end.is_ok())
        };
        assert_eq!(collected("a%E4%BD%A0+b", 9), ("a你 b".to_owned(), true));
        assert_eq!(collected("a%E4%BD%A0+b", 2), ("a你".to_owned(), false));
        assert_eq!(collected("a%E4%BD", 9), ("a".to_owned(), false), "cut");
        assert_eq!(collected("a%E4b", 9), ("a".to_owned(), false), "broken");
        assert_eq!(collected("%F0%9F%98%80", 9), ("😀".to_owned(), true));
    }
}
