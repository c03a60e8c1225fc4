//! From a query and a body to an event.
#![allow(unsafe_code)]

use super::block::{Block, Lent, ListBound, ParsedEvent};
use super::decode::decode;
use super::lanes;
use super::limits::Limits;
use super::literal::Short;
use super::query::{Query, Value};
use super::schema::{self, Lists};
use super::text::Str;
use super::words::PLATFORM;
use crate::catalog::Command;
use crate::error::{Error, Message, Result, Status};

/// Room for the text that comes from neither query nor body.
const MISMATCH_BYTES: usize = 256;

/// Of a command in the query that comes percent-encoded; what is longer is none that is known.
const LONGEST_COMMAND: usize = 128;

/// Parses a callback without checking who sent it. `query` is the URL's query as received, or empty.
///
/// # Errors
///
/// `MalformedQuery`, `TooLarge`, `MalformedJson`, `TooDeep`, `TooManyElements`, `NotACallback`, `OutOfMemory`.
pub fn parse(query: &[u8], body: &[u8], limits: &Limits) -> Result<ParsedEvent> {
    parse_in(&Lent::NONE, query, body, limits)
}

/// Parses like [`parse`]. The event stands in what the caller lent if that is enough for whatever the body may turn out to hold.
pub(crate) fn parse_in(
    lent: &Lent,
    query: &[u8],
    body: &[u8],
    limits: &Limits,
) -> Result<ParsedEvent> {
    check_size(body, limits)?;
    if query.is_empty() {
        return parse_body_in(lent, &Query::EMPTY, body, limits);
    }
    parse_body_in(lent, &Query::parse(query)?, body, limits)
}

/// Refuses a body over the limit.
pub(crate) fn check_size(body: &[u8], limits: &Limits) -> Result<()> {
    if body.len() <= limits.max_body_bytes {
        return Ok(());
    }
    let (found, most) = (body.len(), limits.max_body_bytes);
    let message = Message::from(format_args!("the body has {found} bytes; the limit is {most}"));
    Err(Error::at(Status::TooLarge, most, message))
}

/// Parses a body whose size has been checked and whose query has been read.
pub(crate) fn parse_body(query: &Query<'_>, body: &[u8], limits: &Limits) -> Result<ParsedEvent> {
    parse_body_in(&Lent::NONE, query, body, limits)
}

fn parse_body_in(
    lent: &Lent,
    query: &Query<'_>,
    body: &[u8],
    limits: &Limits,
) -> Result<ParsedEvent> {
    let body = utf8(body)?;
    // The command decides how the rest is read. Nothing says that it comes first, but it does in nearly every callback.
    let mut room = [0; LONGEST_COMMAND];
    let is_known = |word: &&str| Command::from_word(word) != Command::Unknown;
    let word = leading_command(body)
        .or_else(|| query.command?.text(&mut room).filter(is_known))
        .or_else(|| command_anywhere(body))
        .unwrap_or_default();
    let mut command = Command::from_word(word);
    let mut mismatch_bytes = 0;
    loop {
        let payload = schema::payload(command.payload());
        let lists = list_bound(payload.lists, body, limits.max_elements);
        let mut block = Block::new(lent, query.raw, body, payload, &lists, mismatch_bytes)?;
        let mismatches = decode(&mut block, payload.schema, limits)?;

        // What was guessed wrong is known now, and it is read once more.
        let found = match block.event().command_word.get() {
            Some(found) if found == word => command,
            Some(found) => Command::from_word(found),
            None => {
                let message = "not a callback: the body has no CallbackCommand, at byte 0";
                return Err(Error::at(Status::NotACallback, 0, message));
            }
        };
        if found != command {
            command = found;
            continue;
        }
        if let Some(first) = &mismatches.first {
            if mismatch_bytes == 0 {
                mismatch_bytes = MISMATCH_BYTES;
                continue;
            }
            let text = block.store_display(first)?;
            let event = block.event();
            event.mismatch = text;
            event.mismatch_count = mismatches.count;
        }
        block.write_subject(payload);
        let event = block.event();
        event.command = command as i32;
        event.product = command.product() as i32;
        if !query.raw.is_empty() {
            write_query(&mut block, query)?;
        }
        return Ok(block.finish());
    }
}

fn write_query(block: &mut Block, query: &Query<'_>) -> Result<()> {
    let mut store = |value: Option<Value<'_>>| match value {
        None => Ok(Str::ABSENT),
        Some(value) => match value.as_plain() {
            Some(text) => block.store(text),
            None => block.store_display(&value),
        },
    };
    let command_word = store(query.command)?;
    let client_ip = store(query.client_ip)?;
    let platform_word = store(query.platform)?;
    block.clear_ahead(Short::WIDTH);
    let event = block.event();
    event.sdk_app_id = query.sdk_app_id.unwrap_or(0);
    if !platform_word.is_absent() {
        // SAFETY: behind the last text there is room for [`Padded::PADDING`] bytes, which are more than that, and so many were cleared.
        event.platform = unsafe { PLATFORM.number_of(&platform_word) };
    }
    event.query_command_word = command_word;
    event.client_ip = client_ip;
    event.platform_word = platform_word;
    Ok(())
}

/// The command's word as it stands, if it comes first.
fn leading_command(body: &str) -> Option<&str> {
    leading_word(body.trim_ascii_start().strip_prefix('{')?.trim_ascii_start())
}

fn leading_word(member: &str) -> Option<&str> {
    let value = member.strip_prefix(schema::COMMAND_KEY)?.trim_ascii_start().strip_prefix(':')?;
    let word = value.trim_ascii_start().strip_prefix('"')?;
    word.get(..memchr::memchr(b'"', word.as_bytes())?)
}

/// The command's word as it stands, if anything looks like it. What it really is, decoding tells.
fn command_anywhere(body: &str) -> Option<&str> {
    let key = memchr::memmem::find(body.as_bytes(), schema::COMMAND_KEY.as_bytes())?;
    leading_word(body.get(key..)?)
}

/// What comes before the first bracket is in no list. From there on, every text of a list has a comma before it, but the first
/// of a list; and between one list and the next there is a comma as well. Every object has a brace.
fn list_bound(lists: Lists, body: &str, max_elements: usize) -> ListBound {
    let count_of = |byte| {
        let first = memchr::memchr(b'[', body.as_bytes())?;
        Some(memchr::memchr_iter(byte, &body.as_bytes()[first..]).count())
    };
    let (elements, objects) = match lists {
        Lists::None => (0, 0),
        Lists::Texts => (count_of(b',').map_or(0, |commas| commas + 1), 0),
        Lists::Objects => {
            let braces = count_of(b'{').unwrap_or(0);
            (braces, braces)
        }
    };
    ListBound { elements: elements.min(max_elements), objects: objects.min(max_elements) }
}

fn utf8(body: &[u8]) -> Result<&str> {
    if lanes::is_ascii(body) {
        // SAFETY: ASCII is UTF-8.
        return Ok(unsafe { std::str::from_utf8_unchecked(body) });
    }
    simdutf8::compat::from_utf8(body).map_err(|error| {
        let offset = error.valid_up_to();
        let message =
            Message::from(format_args!("not JSON: the body is not UTF-8 at byte {offset}"));
        Error::at(Status::MalformedJson, offset, message)
    })
}
