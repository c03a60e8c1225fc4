//! From a query and a body to an event.
#![allow(unsafe_code)]

use xxhash_rust::xxh3::xxh3_128_with_seed;

use super::block::{Block, ListBound, ParsedEvent};
use super::decode::decode;
use super::lanes::{self, Survey};
use super::query::Query;
use super::scan::Padded;
use super::text::Str;
use super::types::{
    ABSENT, CallChange, CallEnd, CallMembers, CallRecord, CallStart, CallUser, NOT_SENT, RoomInfo,
    RoomMembers, RoomSeats, Seat,
};
use super::words::PLATFORM;
use crate::error::{Error, Result, Status};
use crate::hex;

/// What a body may be at most.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Bytes. Default 1 MiB.
    pub max_body_bytes: usize,
    /// Levels of arrays and objects. Default 127, which is also where serde_json ends.
    pub max_depth: usize,
    /// Elements of all lists of an event together. Default 65,536.
    pub max_elements: usize,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits { max_body_bytes: 1 << 20, max_depth: 127, max_elements: 65_536 }
    }
}

/// The largest payload record and the largest element of a list: a block has room for either before the command is known.
const RECORD_BYTES: usize = max(&[
    size_of::<RoomInfo>(),
    size_of::<RoomMembers>(),
    size_of::<RoomSeats>(),
    size_of::<CallStart>(),
    size_of::<CallEnd>(),
    size_of::<CallMembers>(),
    size_of::<CallRecord>(),
]);
const ELEMENT_BYTES: usize =
    max(&[size_of::<Seat>(), size_of::<CallUser>(), size_of::<CallChange>()]);

/// Room for the texts that come from neither query nor body: the duplicate key and the first mismatch.
const OWN_TEXT_BYTES: usize = 256;

const fn max(sizes: &[usize]) -> usize {
    let mut largest = 0;
    let mut index = 0;
    while index < sizes.len() {
        if sizes[index] > largest {
            largest = sizes[index];
        }
        index += 1;
    }
    largest
}

/// Parses a callback without checking who sent it. `query` is the URL's query as received, or empty.
///
/// # Errors
///
/// `MalformedQuery`, `TooLarge`, `MalformedJson`, `TooDeep`, `TooManyElements`, `NotACallback`, `OutOfMemory`.
pub fn parse(query: &[u8], body: &[u8], limits: &Limits) -> Result<ParsedEvent> {
    check_size(body, limits)?;
    parse_body(&Query::parse(query)?, body, limits)
}

/// Refuses a body over the limit.
pub(crate) fn check_size(body: &[u8], limits: &Limits) -> Result<()> {
    if body.len() <= limits.max_body_bytes {
        return Ok(());
    }
    let message =
        format!("the body has {} bytes; the limit is {}", body.len(), limits.max_body_bytes);
    Err(Error::at(Status::TooLarge, limits.max_body_bytes, message))
}

/// Parses a body whose size has been checked and whose query has been read.
pub(crate) fn parse_body(query: &Query<'_>, body: &[u8], limits: &Limits) -> Result<ParsedEvent> {
    let survey = lanes::survey(body);
    let body = utf8(body, &survey)?;
    let mut block = Block::allocate(
        RECORD_BYTES,
        &list_bound(&survey, limits.max_elements),
        ELEMENT_BYTES,
        // The query and the body as received, the texts out of them with a NUL behind each, and what a step writes too far.
        2 * (query.raw.len() + body.len() + Padded::PADDING) + 8 + OWN_TEXT_BYTES,
    )?;
    let body_text = block.store_padded(body)?;
    let query_text = block.store(query.raw)?;
    // SAFETY: the padded text stays as it is in its block, which lives until the end of this function.
    let body = unsafe { body_text.padded() };
    let command = decode(body, &mut block, limits, query.command.as_deref())?;

    let event = block.event();
    event.command = command as i32;
    event.product = command.product() as i32;
    event.body = body_text;
    event.query = query_text;
    if !query.raw.is_empty() {
        write_query(&mut block, query)?;
    }
    write_duplicate_key(&mut block, body.text())?;
    Ok(block.finish())
}

fn write_query(block: &mut Block, query: &Query<'_>) -> Result<()> {
    let mut store = |text: Option<&str>| text.map_or(Ok(Str::ABSENT), |text| block.store(text));
    let command_word = store(query.command.as_deref())?;
    let client_ip = store(query.client_ip.as_deref())?;
    let platform_word = store(query.platform.as_deref())?;
    let event = block.event();
    event.sdk_app_id = query.sdk_app_id.unwrap_or(0);
    event.platform = query.platform.as_deref().map_or(NOT_SENT, |word| PLATFORM.number(word));
    event.query_command_word = command_word;
    event.client_ip = client_ip;
    event.platform_word = platform_word;
    Ok(())
}

/// The vendor sends no event id, so the body stands for the event; with its time in milliseconds it is not sent twice.
fn write_duplicate_key(block: &mut Block, body: &str) -> Result<()> {
    let event = block.event();
    if event.event_time_ms == ABSENT {
        return Ok(());
    }
    let hash = xxh3_128_with_seed(body.as_bytes(), u64::from(event.sdk_app_id));
    let mut digits = [0; 32];
    hex::encode(&hash.to_be_bytes(), &mut digits);
    // SAFETY: digits are ASCII.
    let key = block.store(unsafe { std::str::from_utf8_unchecked(&digits) })?;
    block.event().duplicate_key = key;
    Ok(())
}

/// Every element of a list has a comma before it, but the first; and every list has a comma before its key, or else a brace.
/// Every object has a brace.
fn list_bound(survey: &Survey, max_elements: usize) -> ListBound {
    ListBound {
        elements: (survey.commas + survey.braces).min(max_elements),
        objects: survey.braces.min(max_elements),
    }
}

fn utf8<'a>(body: &'a [u8], survey: &Survey) -> Result<&'a str> {
    if survey.is_ascii {
        // SAFETY: ASCII is UTF-8.
        return Ok(unsafe { std::str::from_utf8_unchecked(body) });
    }
    std::str::from_utf8(body).map_err(|error| {
        let offset = error.valid_up_to();
        let message = format!("not JSON: the body is not UTF-8 at byte {offset}");
        Error::at(Status::MalformedJson, offset, message)
    })
}
