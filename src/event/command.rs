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

const START: Literal<4> = Literal::new(&["{", COMMAND_KEY, ":\""]);

/// More than any command has.
const LONGEST: usize = 64;

/// The command of a body without white space in which it comes first, as in nearly every callback.
pub(super) struct CompactCommand<'a> {
    /// The word and what follows it.
    bytes: &'a [u8; LONGEST],
    len: usize,
}

impl<'a> CompactCommand<'a> {
    /// Takes a look at the first bytes only.
    #[inline(always)]
    pub(super) fn find<L: Lanes>(lanes: L, body: &'a str) -> Option<CompactCommand<'a>> {
        const { assert!(LONGEST % L::WIDTH == 0 && Literal::<4>::WIDTH <= LONGEST) };
        let start: &[u8; START.len() + LONGEST] = body.as_bytes().first_chunk()?;
        // SAFETY: a literal takes fewer bytes.
        if !unsafe { lanes.has_literal(start.as_ptr(), &START) } {
            return None;
        }
        let bytes: &[u8; LONGEST] = start.last_chunk()?;
        let mut len = 0;
        while len < LONGEST {
            // SAFETY: so many bytes are left, since a step is a part of all.
            let plain = unsafe { lanes.plain_bytes(bytes.as_ptr().add(len)) };
            len += plain;
            if plain < L::WIDTH {
                break;
            }
        }
        (bytes.get(len) == Some(&b'"')).then_some(CompactCommand { bytes, len })
    }

    #[inline(always)]
    pub(super) fn word(&self) -> &'a str {
        // SAFETY: it is a part of a str, between two quotes.
        unsafe { std::str::from_utf8_unchecked(&self.bytes[..self.len]) }
    }

    /// Where its value ends in the body.
    #[inline(always)]
    pub(super) fn end(&self) -> usize {
        START.len() + self.len + 1
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
    value(body.trim_ascii_start().strip_prefix('{')?.trim_ascii_start())
}

/// That of the query, if it is known.
fn known_of(query: &Query<'_>) -> Option<&'static str> {
    /// Of a command in the query that comes percent-encoded; what is longer is none that is known.
    const LONGEST_COMMAND: usize = 128;
    let mut room = [0; LONGEST_COMMAND];
    let command = Command::from_word(query.command?.text(&mut room)?);
    (command != Command::Unknown).then(|| command.word())
}

fn anywhere(body: &str) -> Option<&str> {
    let key = memchr::memmem::find(body.as_bytes(), COMMAND_KEY.as_bytes())?;
    value(body.get(key..)?)
}

/// The value of a member that is the command.
fn value(member: &str) -> Option<&str> {
    let value = member.strip_prefix(COMMAND_KEY)?.trim_ascii_start().strip_prefix(':')?;
    let word = value.trim_ascii_start().strip_prefix('"')?;
    word.get(..memchr::memchr(b'"', word.as_bytes())?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::lanes::Baseline;
    #[cfg(all(target_arch = "x86_64", not(tc_portable_scan)))]
    use crate::event::lanes::avx2::Avx2;

    #[test]
    fn a_command_that_comes_first_is_found_whatever_its_length() {
        for length in 0..100 {
            let word = "w".repeat(length);
            for after in ["", ",\"RoomId\":\"a room whose name is longer than any of the steps\""] {
                let body = format!("{{\"CallbackCommand\":\"{word}\"{after}}}");
                assert_eq!(leading(&body), Some(&*word));
                let check = |found: Option<CompactCommand<'_>>| {
                    assert_eq!(
                        found.is_some(),
                        length < LONGEST && length + after.len() >= LONGEST - 2,
                        "{body}"
                    );
                    if let Some(found) = found {
                        assert_eq!(
                            (found.word(), &body[found.end()..]),
                            (&*word, &*format!("{after}}}"))
                        );
                    }
                };
                check(CompactCommand::find(Baseline, &body));
                #[cfg(all(target_arch = "x86_64", not(tc_portable_scan)))]
                check(Avx2::detect().and_then(|avx2| CompactCommand::find(avx2, &body)));
                assert_eq!(leading(&body.replace(':', " :\n")), Some(&*word));
            }
        }
        assert_eq!(leading("{\"CallbackCommand\":\"cut off"), None);
        assert_eq!(leading("{\"RoomId\":\"1\",\"CallbackCommand\":\"later\"}"), None);
        assert_eq!(anywhere("{\"RoomId\":\"1\",\"CallbackCommand\":\"later\"}"), Some("later"));
    }
}
