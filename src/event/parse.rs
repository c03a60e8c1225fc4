//! From a query and a body to an event.
#![allow(unsafe_code)]

use super::block::{Block, Lent, ParsedEvent};
use super::decode::decode;
use super::limits::Limits;
use super::literal::Short;
use super::mismatch::Mismatches;
use super::query::{Query, Value};
use super::schema;
use super::survey::{Survey, command_anywhere, compact_command, leading_command, utf8};
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
    let survey = Survey::of(body);
    let body = utf8(body, survey.is_ascii()).map_err(|offset| {
        let message =
            Message::from(format_args!("not JSON: the body is not UTF-8 at byte {offset}"));
        Error::at(Status::MalformedJson, offset, message)
    })?;
    // The command decides how the rest is read.
    let mut room = [0; LONGEST_COMMAND];
    let is_known = |word: &&str| Command::from_word(word) != Command::Unknown;
    let compact = compact_command(body);
    let behind_command = compact.map_or(0, |(_, end)| end);
    let word = compact
        .map(|(word, _)| word)
        .or_else(|| leading_command(body))
        .or_else(|| query.command?.text(&mut room).filter(is_known))
        .or_else(|| command_anywhere(body))
        .unwrap_or_default();
    let mut command = Command::from_word(word);
    let mut mismatch_bytes = 0;
    loop {
        let payload = schema::payload(command.payload());
        let lists = survey.list_bound(payload.lists, limits.max_elements);
        let mut block = Block::new(lent, query.raw, body, payload, &lists, mismatch_bytes)?;
        let mut mismatches = Mismatches::NONE;
        let mut stored = std::ptr::null();
        if behind_command > 0 {
            let command_word = block.store(word)?;
            stored = command_word.as_ptr();
            block.event().command_word = command_word;
        }
        decode(&mut block, behind_command, payload.schema, limits, &mut mismatches)?;

        // What was guessed wrong is known now, and it is read once more.
        let command_word = &block.event().command_word;
        let found = match command_word.get() {
            Some(found) if command_word.as_ptr() == stored || found == word => command,
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
