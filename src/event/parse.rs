//! From a query and a body to an event.
#![allow(unsafe_code)]

use super::again::decode_again;
use super::block::{Block, Lent, ParsedEvent};
use super::command::{LeadingCommand, likely_command};
use super::decode::{Kind, Pass, decode};
use super::lanes::Baseline;
#[cfg(all(target_arch = "x86_64", not(tc_portable_scan)))]
use super::lanes::avx2::Avx2;
use super::limits::Limits;
use super::literal::Short;
use super::mismatch::Mismatches;
use super::query::{Query, Value};
use super::schema;
use super::survey::Survey;
use super::text::Str;
use super::utf8::utf8;
use super::words::PLATFORM;
use crate::catalog::Command;
use crate::error::{Error, Message, Result, Status};

/// Room for the text that comes from neither query nor body.
const MISMATCH_BYTES: usize = 256;

/// Parses a callback without checking who sent it. `query` is the URL's query as received, or empty.
///
/// # Errors
///
/// `MalformedQuery`, `TooLarge`, `MalformedJson`, `TooDeep`, `TooManyElements`, `NotACallback`, `OutOfMemory`.
pub fn parse(query: &[u8], body: &[u8], limits: &Limits) -> Result<ParsedEvent> {
    parse_in(&Lent::NONE, query, body, limits)
}

/// Parses like [`parse`]. The event stands in what the caller lent if that is enough for whatever the body may turn out to hold.
#[inline(always)]
pub(crate) fn parse_in(
    lent: &Lent,
    query: &[u8],
    body: &[u8],
    limits: &Limits,
) -> Result<ParsedEvent> {
    check_size(body, limits)?;
    let read;
    let query = match query {
        [] => &Query::EMPTY,
        query => {
            read = Query::parse(query)?;
            &read
        }
    };
    parse_body_in(lent, query, body, limits)
}

/// Refuses a body over the limit.
#[inline]
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

#[inline(always)]
fn parse_body_in(
    lent: &Lent,
    query: &Query<'_>,
    body: &[u8],
    limits: &Limits,
) -> Result<ParsedEvent> {
    #[cfg(all(target_arch = "x86_64", not(tc_portable_scan)))]
    if let Some(avx2) = Avx2::detect() {
        // SAFETY: the processor is of the kind.
        return unsafe { parse_by_avx2(avx2, lent, query, body, limits) };
    }
    parse_by_baseline(lent, query, body, limits)
}

/// Apart, so that its code stands once and not with each caller.
#[inline(never)]
fn parse_by_baseline(
    lent: &Lent,
    query: &Query<'_>,
    body: &[u8],
    limits: &Limits,
) -> Result<ParsedEvent> {
    parse_by(Baseline, lent, query, body, limits)
}

/// # Safety
///
/// The processor is of the kind. (Unsafe as a whole, since Rust 1.85 wants it so.)
#[cfg(all(target_arch = "x86_64", not(tc_portable_scan)))]
#[target_feature(enable = "avx2,bmi1,popcnt")]
unsafe fn parse_by_avx2(
    avx2: Avx2,
    lent: &Lent,
    query: &Query<'_>,
    body: &[u8],
    limits: &Limits,
) -> Result<ParsedEvent> {
    parse_by(avx2, lent, query, body, limits)
}

#[inline(always)]
fn parse_by<L: Kind>(
    lanes: L,
    lent: &Lent,
    query: &Query<'_>,
    body: &[u8],
    limits: &Limits,
) -> Result<ParsedEvent> {
    let survey = Survey::of(lanes, body);
    let body = utf8(body, survey.is_ascii()).map_err(|offset| {
        let message =
            Message::from(format_args!("not JSON: the body is not UTF-8 at byte {offset}"));
        Error::at(Status::MalformedJson, offset, message)
    })?;
    // The command decides how the rest is read.
    let leading = LeadingCommand::find(lanes, body);
    let word = match &leading {
        Some(leading) => leading.word(),
        None => likely_command(lanes, body),
    };
    let mut command = Command::from_word(word);
    let mut mismatch_bytes = 0;
    let mut is_second_pass = false;
    loop {
        let payload = schema::payload(command.payload());
        let lists = survey.list_bytes(payload.lists, limits.max_elements);
        let mut block = Block::new(lent, query.raw, body, payload, lists, mismatch_bytes)?;
        let mut mismatches = Mismatches::none();
        let mut stored = std::ptr::null();
        let mut pass = Pass::Enough;
        if is_second_pass {
            decode_again(&mut block, payload.schema, limits, &mut mismatches)?;
        } else {
            if let Some(leading) = &leading {
                let command_word = leading.store(&mut block)?;
                stored = command_word.as_ptr();
                block.event().command_word = command_word;
            }
            let schema = payload.schema;
            pass = decode(lanes, &mut block, leading.as_ref(), schema, limits, &mut mismatches)?;
        }

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
        if pass == Pass::SaidTwice {
            is_second_pass = true;
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
        let short = unsafe { Short::read(platform_word.as_ptr(), platform_word.len()) };
        event.platform = PLATFORM.number_of(&platform_word, short);
    }
    event.query_command_word = command_word;
    event.client_ip = client_ip;
    event.platform_word = platform_word;
    Ok(())
}
