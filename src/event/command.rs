//! Which command a body is for. That decides how the rest is read, so it is looked for first; what it really is, decoding tells.
#![allow(unsafe_code)]

use super::block::Block;
use super::lanes::Lanes;
use super::literal::Literal;
use super::query::Query;
use super::schema::COMMAND_KEY;
use super::text::Str;
use crate::catalog::Command;
use crate::error::Result;

const COMPACT_START: Literal<4> = Literal::new(&["{", COMMAND_KEY, ":\""]);

/// More than any command has.
const LONGEST: usize = 64;

/// The command of a body in which it comes first, as in nearly every callback.
pub(super) struct LeadingCommand<'a> {
    /// The word and what follows it.
    bytes: &'a [u8; LONGEST],
    len: usize,
    /// Where it begins in the body.
    start: usize,
    indent: usize,
}

impl<'a> LeadingCommand<'a> {
    /// Takes a look at the first bytes only. One that stands near the end of the body is not found, nor is one with white space before
    /// the brace.
    #[inline(always)]
    pub(super) fn find<L: Lanes>(lanes: L, body: &'a str) -> Option<LeadingCommand<'a>> {
        const { assert!(LONGEST % L::WIDTH == 0 && Literal::<4>::WIDTH <= LONGEST) };
        let first: &[u8; COMPACT_START.len() + LONGEST] = body.as_bytes().first_chunk()?;
        // SAFETY: a literal takes fewer bytes.
        let is_compact = unsafe { lanes.has_literal(first.as_ptr(), &COMPACT_START) };
        let (indent, start, bytes) = match is_compact {
            true => (0, COMPACT_START.len(), first.last_chunk()?),
            false => {
                let inside = body.strip_prefix('{')?;
                let key = past_space(inside);
                let text = behind_quote(key)?;
                let (indent, start) = (inside.len() - key.len(), body.len() - text.len());
                (indent, start, text.as_bytes().first_chunk()?)
            }
        };
        let mut len = 0;
        while len < LONGEST {
            // SAFETY: so many bytes are left, since a step is a part of all.
            let plain = unsafe { lanes.plain_bytes(bytes.as_ptr().add(len)) };
            len += plain;
            if plain < L::WIDTH {
                break;
            }
        }
        (bytes.get(len) == Some(&b'"')).then_some(LeadingCommand { bytes, len, start, indent })
    }

    #[inline(always)]
    pub(super) fn word(&self) -> &'a str {
        // SAFETY: it is a part of a str, between two quotes.
        unsafe { std::str::from_utf8_unchecked(&self.bytes[..self.len]) }
    }

    /// Where its value ends in the body.
    #[inline(always)]
    pub(super) fn end(&self) -> usize {
        self.start + self.len + 1
    }

    /// The bytes of white space between brace and key.
    #[inline(always)]
    pub(super) fn indent(&self) -> usize {
        self.indent
    }

    #[inline(always)]
    pub(super) fn store(&self, block: &mut Block) -> Result<Str> {
        // SAFETY: see `word`.
        unsafe { block.store_start(self.bytes, self.len) }
    }
}

/// The command's word if it does not stand where it nearly always does; empty if nothing looks like it.
#[inline(never)]
pub(super) fn likely_command<'a>(query: &Query<'_>, body: &'a str) -> &'a str {
    leading(body).or_else(|| known_of(query)).or_else(|| anywhere(body)).unwrap_or_default()
}

fn leading(body: &str) -> Option<&str> {
    word(behind_quote(past_space(past_space(body).strip_prefix('{')?))?)
}

fn known_of(query: &Query<'_>) -> Option<&'static str> {
    /// Of a command in the query that comes percent-encoded; what is longer is none that is known.
    const LONGEST_COMMAND: usize = 128;
    let mut room = [0; LONGEST_COMMAND];
    let command = Command::from_word(query.command?.text(&mut room)?);
    (command != Command::Unknown).then(|| command.word())
}

/// Looks for a letter that no key of a list's elements has: to search for the whole key takes longer to prepare than to do.
fn anywhere(body: &str) -> Option<&str> {
    const SELDOM: u8 = b'C';
    const PLACE: usize = 1;
    const { assert!(COMMAND_KEY.as_bytes()[PLACE] == SELDOM) };
    let found = memchr::memchr_iter(SELDOM, body.as_bytes());
    let members = found.filter_map(|at| body.get(at.checked_sub(PLACE)?..));
    word(members.filter_map(behind_quote).next()?)
}

/// What follows the quote of the command's value, if its key stands here.
#[inline(always)]
fn behind_quote(member: &str) -> Option<&str> {
    let colon = past_space(member.strip_prefix(COMMAND_KEY)?);
    past_space(colon.strip_prefix(':')?).strip_prefix('"')
}

/// What comes before the next quote.
fn word(text: &str) -> Option<&str> {
    text.get(..memchr::memchr(b'"', text.as_bytes())?)
}

#[inline(always)]
fn past_space(text: &str) -> &str {
    let is_space = |byte: u8| matches!(byte, b' ' | b'\n' | b'\r' | b'\t');
    let spaces = text.bytes().position(|byte| !is_space(byte));
    text.split_at(spaces.unwrap_or(text.len())).1
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::lanes::Baseline;
    #[cfg(all(target_arch = "x86_64", not(tc_portable_scan)))]
    use crate::event::lanes::avx2::Avx2;

    /// What every way finds: the word, what follows its quote, and the white space before the key.
    fn find(body: &str) -> Option<(&str, &str, usize)> {
        let parts = |found: LeadingCommand<'_>| (found.word().len(), found.end(), found.indent());
        let found = LeadingCommand::find(Baseline, body).map(parts);
        #[cfg(all(target_arch = "x86_64", not(tc_portable_scan)))]
        if let Some(avx2) = Avx2::detect() {
            assert_eq!(LeadingCommand::find(avx2, body).map(parts), found, "{body}");
        }
        found.map(|(len, end, indent)| (&body[end - 1 - len..end - 1], &body[end..], indent))
    }

    #[test]
    fn a_command_that_comes_first_is_found_whatever_its_length() {
        const NEXT: &str = ",\"RoomId\":\"a room whose name is longer than any of the steps\"}";
        for length in 0..100 {
            let word = "w".repeat(length);
            for after in ["}", NEXT] {
                for (indent, colon) in [("", ":"), ("\n  ", ": "), ("\r\n\t", " \t:\r\n")] {
                    let body = format!("{{{indent}\"CallbackCommand\"{colon}\"{word}\"{after}");
                    assert_eq!(leading(&body), Some(&*word));
                    assert_eq!(leading(&format!(" {body}")), Some(&*word));
                    let is_near = length < LONGEST && length + after.len() >= LONGEST - 1;
                    let expected = is_near.then_some((&*word, after, indent.len()));
                    assert_eq!(find(&body), expected, "{body}");
                }
            }
        }
        assert_eq!(leading("{\"CallbackCommand\":\"cut off"), None);
        assert_eq!(leading("{\"RoomId\":\"1\",\"CallbackCommand\":\"later\"}"), None);
        assert_eq!(find(&format!("{{\u{c}\"CallbackCommand\":\"w\"{NEXT}")), None);
    }

    #[test]
    fn a_command_is_found_behind_other_keys_of_its_letters() {
        for before in
            ["", "\"C\":1,", "\"CallId\":\"CC\",\"CallbackCommands\":1,", "\"\u{e9}C\":\"C\","]
        {
            let body = format!("{{{before}\"CallbackCommand\" : \"later\"}}");
            assert_eq!(anywhere(&body), Some("later"), "{body}");
        }
        assert_eq!(anywhere("C{\"CallbackCommand\":1,\"CallbackCommand"), None);
    }
}
