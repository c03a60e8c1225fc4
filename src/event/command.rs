//! Which command a body is for. That decides how the rest is read, so it is looked for first; what it really is, decoding tells.
#![allow(unsafe_code)]

use super::block::Block;
use super::lanes::{Lanes, find_ends};
use super::literal::Literal;
use super::schema::COMMAND_KEY;
use super::text::Str;
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
}

impl<'a> LeadingCommand<'a> {
    /// Takes a look at the first bytes only. One that stands near the end of the body is not found, nor is one with white space before
    /// the brace.
    #[inline(always)]
    pub(super) fn find<L: Lanes>(lanes: L, body: &'a str) -> Option<LeadingCommand<'a>> {
        const { assert!(LONGEST % L::WIDTH == 0 && Literal::<4>::WIDTH <= LONGEST) };
        let first: &[u8; COMPACT_START.len() + LONGEST] = body.as_bytes().first_chunk()?;
        // SAFETY: a literal takes fewer bytes.
        let (start, bytes) = match unsafe { lanes.has_literal(first.as_ptr(), &COMPACT_START) } {
            true => (COMPACT_START.len(), first.last_chunk()?),
            false => {
                let text = behind_quote(past_space(body.strip_prefix('{')?))?;
                (body.len() - text.len(), text.as_bytes().first_chunk()?)
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
        (bytes.get(len) == Some(&b'"')).then_some(LeadingCommand { bytes, len, start })
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

    #[inline(always)]
    pub(super) fn store(&self, block: &mut Block) -> Result<Str> {
        // SAFETY: see `word`.
        unsafe { block.store_start(self.bytes, self.len) }
    }
}

/// The command's word if it does not stand where it nearly always does; empty if nothing looks like it.
#[inline(always)]
pub(super) fn likely_command<L: Lanes>(lanes: L, body: &str) -> &str {
    // Two bytes of the key at a time: to search for the whole of it takes longer to prepare than to do.
    let (start, _) = COMMAND_KEY.split_at("\"Callback".len());
    let mut from = 0;
    while let Some(at) = find_ends(lanes, body.as_bytes(), from, start.as_bytes()) {
        if let Some(word) = word_at(body, at) {
            return word;
        }
        from = at + 1;
    }
    ""
}

/// The word of the command whose key stands there.
#[inline(never)]
fn word_at(body: &str, at: usize) -> Option<&str> {
    let text = behind_quote(body.get(at..)?)?;
    text.get(..memchr::memchr(b'"', text.as_bytes())?)
}

/// What follows the quote of the command's value, if its key stands here.
#[inline(always)]
fn behind_quote(member: &str) -> Option<&str> {
    let colon = past_space(member.strip_prefix(COMMAND_KEY)?);
    past_space(colon.strip_prefix(':')?).strip_prefix('"')
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

    /// What every way finds: the word, and what follows its quote.
    fn find(body: &str) -> Option<(&str, &str)> {
        let parts = |found: LeadingCommand<'_>| (found.word().len(), found.end());
        let found = LeadingCommand::find(Baseline, body).map(parts);
        #[cfg(all(target_arch = "x86_64", not(tc_portable_scan)))]
        if let Some(avx2) = Avx2::detect() {
            assert_eq!(LeadingCommand::find(avx2, body).map(parts), found, "{body}");
        }
        found.map(|(len, end)| (&body[end - 1 - len..end - 1], &body[end..]))
    }

    #[test]
    fn a_command_that_comes_first_is_found_whatever_its_length() {
        const NEXT: &str = ",\"RoomId\":\"a room whose name is longer than any of the steps\"}";
        for length in 0..100 {
            let word = "w".repeat(length);
            for after in ["}", NEXT] {
                for (indent, colon) in [("", ":"), ("\n  ", ": "), ("\r\n\t", " \t:\r\n")] {
                    let body = format!("{{{indent}\"CallbackCommand\"{colon}\"{word}\"{after}");
                    let is_near = length < LONGEST && length + after.len() >= LONGEST - 1;
                    let expected = is_near.then_some((&*word, after));
                    assert_eq!(find(&body), expected, "{body}");
                }
            }
        }
        assert_eq!(find(&format!("{{\u{c}\"CallbackCommand\":\"w\"{NEXT}")), None);
    }

    #[test]
    fn a_command_is_found_behind_other_keys_of_its_letters() {
        let likely = |body: &str| {
            let found = likely_command(Baseline, body).to_owned();
            #[cfg(all(target_arch = "x86_64", not(tc_portable_scan)))]
            if let Some(avx2) = Avx2::detect() {
                assert_eq!(likely_command(avx2, body), found, "{body}");
            }
            found
        };
        let same = "\"Callback\":{},\"CallbackCommands\":1,";
        for length in 0..100 {
            for before in ["", same, "\"\u{e9}k\":\"k\","] {
                let key = "k".repeat(length);
                let body = format!(
                    "{{\"{key}\":1,{before}\"CallbackCommand\" : \"word\",\"RoomId\":\"1\"}}"
                );
                assert_eq!(likely(&body), "word", "{body}");
            }
        }
        for none in
            ["", "{}", "\"CallbackCommand", "{\"CallbackCommand\":1,\"CallbackCommand\":\"cut"]
        {
            assert_eq!(likely(none), "");
        }
    }
}
