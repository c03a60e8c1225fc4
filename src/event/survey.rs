//! What has to be known of a body before memory is taken for its event: the command, and how much its lists can hold.
#![allow(unsafe_code)]

use super::block::ListBound;
#[cfg(all(target_arch = "x86_64", not(tc_portable_scan)))]
use super::lanes::avx2::Avx2;
use super::lanes::{self, Baseline, Lanes};
use super::schema::{COMMAND_KEY, Lists};

/// The command's word as it stands, if it comes first. Nothing says that it does, but it does in nearly every callback.
pub(super) fn leading_command(body: &str) -> Option<&str> {
    command(body.trim_ascii_start().strip_prefix('{')?.trim_ascii_start())
}

/// The command's word as it stands, if anything looks like it. What it really is, decoding tells.
pub(super) fn command_anywhere(body: &str) -> Option<&str> {
    let key = memchr::memmem::find(body.as_bytes(), COMMAND_KEY.as_bytes())?;
    command(body.get(key..)?)
}

/// The word of a member that is the command.
fn command(member: &str) -> Option<&str> {
    let value = member.strip_prefix(COMMAND_KEY)?.trim_ascii_start().strip_prefix(':')?;
    let word = value.trim_ascii_start().strip_prefix('"')?;
    word.get(..memchr::memchr(b'"', word.as_bytes())?)
}

/// The same of a body without white space, and where it ends. Takes a look at as many bytes as any command has.
pub(super) fn compact_command(body: &str) -> Option<(&str, usize)> {
    const LONGEST: usize = 2 * lanes::WIDTH;
    let word = body.strip_prefix('{')?.strip_prefix(COMMAND_KEY)?.strip_prefix(":\"")?;
    let bytes: &[u8; LONGEST] = word.as_bytes().first_chunk()?;
    // SAFETY: twice as many bytes as one look takes.
    let end = unsafe {
        match lanes::plain_bytes(bytes.as_ptr()) {
            lanes::WIDTH => lanes::WIDTH + lanes::plain_bytes(bytes.as_ptr().add(lanes::WIDTH)),
            end => end,
        }
    };
    if bytes.get(end) != Some(&b'"') {
        return None;
    }
    Some((word.get(..end)?, body.len() - word.len() + end + 1))
}

/// The text, or where it is not UTF-8. Looking for ASCII first is faster, for what is short.
pub(super) fn utf8(bytes: &[u8], is_ascii: bool) -> Result<&str, usize> {
    if is_ascii {
        // SAFETY: ASCII is UTF-8.
        return Ok(unsafe { std::str::from_utf8_unchecked(bytes) });
    }
    simdutf8::compat::from_utf8(bytes).map_err(|error| error.valid_up_to())
}

/// What one look over a body finds.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Survey {
    /// A bit is set for each place of a step at which any step has a byte beyond ASCII.
    beyond_ascii: u64,
    has_bracket: bool,
    /// Behind the first bracket.
    commas: usize,
    /// Behind the first bracket.
    braces: usize,
}

impl Survey {
    pub(super) fn of(body: &[u8]) -> Survey {
        #[cfg(all(target_arch = "x86_64", not(tc_portable_scan)))]
        if let Some(avx2) = Avx2::detect() {
            // SAFETY: the processor is of the kind.
            return unsafe { survey_by_avx2(avx2, body) };
        }
        survey_by(Baseline, body)
    }

    pub(super) fn is_ascii(&self) -> bool {
        self.beyond_ascii == 0
    }

    /// What comes before the first bracket is in no list. From there on, every text of a list has a comma before it, but the first
    /// of a list; and between one list and the next there is a comma as well. Every object has a brace.
    pub(super) fn list_bound(&self, lists: Lists, max_elements: usize) -> ListBound {
        let (elements, objects) = match lists {
            Lists::Texts if self.has_bracket => (self.commas + 1, 0),
            Lists::Objects => (self.braces, self.braces),
            Lists::Texts | Lists::None => (0, 0),
        };
        ListBound { elements: elements.min(max_elements), objects: objects.min(max_elements) }
    }

    /// Looks at the bytes of a step whose bits are among `new`.
    ///
    /// # Safety
    ///
    /// As many bytes may be read as a step has.
    #[inline(always)]
    unsafe fn step<L: Lanes>(&mut self, lanes: L, at: *const u8, new: u64) {
        // SAFETY: the caller's promise.
        let matches = |byte| unsafe { lanes.matches(at, byte) };
        // SAFETY: as above.
        self.beyond_ascii |= unsafe { lanes.beyond_ascii(at) };
        let mut behind = new;
        if !self.has_bracket {
            let brackets = matches(b'[') & new;
            if brackets == 0 {
                return;
            }
            self.has_bracket = true;
            behind = !(brackets ^ (brackets - 1));
        }
        self.commas += (matches(b',') & behind).count_ones() as usize;
        self.braces += (matches(b'{') & behind).count_ones() as usize;
    }
}

#[cfg(all(target_arch = "x86_64", not(tc_portable_scan)))]
#[target_feature(enable = "avx2,bmi1,popcnt")]
fn survey_by_avx2(avx2: Avx2, body: &[u8]) -> Survey {
    survey_by(avx2, body)
}

#[inline(always)]
fn survey_by<L: Lanes>(lanes: L, body: &[u8]) -> Survey {
    const LONGEST_STEP: usize = 32;
    const { assert!(L::WIDTH <= LONGEST_STEP) };
    let mut survey = Survey::default();
    let steps = body.chunks_exact(L::WIDTH);
    let rest = steps.remainder().len();
    for step in steps {
        // SAFETY: it has as many bytes.
        unsafe { survey.step(lanes, step.as_ptr(), u64::MAX) };
    }
    if rest == 0 {
        return survey;
    }
    match body.len().checked_sub(L::WIDTH) {
        Some(last_step) => {
            let seen = (L::WIDTH - rest) * L::BITS_OF_A_BYTE;
            // SAFETY: it has as many bytes.
            unsafe { survey.step(lanes, body.as_ptr().add(last_step), u64::MAX << seen) };
        }
        None => {
            let mut all = [0; LONGEST_STEP];
            all[..rest].copy_from_slice(body);
            // SAFETY: as above.
            unsafe { survey.step(lanes, all.as_ptr(), u64::MAX) };
        }
    }
    survey
}

#[cfg(test)]
mod tests {
    use super::*;

    /// With the first bracket at each place, and bodies of each length.
    #[test]
    fn every_way_counts_what_comes_behind_the_first_bracket() {
        for length in (0..70).chain(95..98).chain(127..130) {
            for bracket in 0..=length {
                let mut body: Vec<u8> = b",{x[,".iter().copied().cycle().take(length).collect();
                for byte in body.iter_mut().take(bracket).filter(|byte| **byte == b'[') {
                    *byte = b',';
                }
                let first = body.iter().position(|byte| *byte == b'[');
                let behind = first.map_or::<&[u8], _>(&[], |first| &body[first..]);
                let count = |counted: u8| behind.iter().filter(|byte| **byte == counted).count();
                let (commas, braces) = (count(b','), count(b'{'));
                let has_bracket = first.is_some();
                let expected = Survey { beyond_ascii: 0, has_bracket, commas, braces };
                assert_eq!(Survey::of(&body), expected, "{length} {bracket}");
                assert_eq!(survey_by(Baseline, &body), expected, "{length} {bracket}");
            }
        }
    }

    #[test]
    fn a_byte_beyond_ascii_is_seen_wherever_it_stands() {
        for length in 0..100 {
            let mut body = vec![0x7F; length];
            assert!(Survey::of(&body).is_ascii() && survey_by(Baseline, &body).is_ascii());
            for place in 0..length {
                body[place] = 0x80;
                assert!(!Survey::of(&body).is_ascii() && !survey_by(Baseline, &body).is_ascii());
                body[place] = 0;
            }
        }
    }

    #[test]
    fn a_command_that_comes_first_is_found_whatever_its_length() {
        for length in 0..100 {
            let word = "w".repeat(length);
            for after in ["", ",\"RoomId\":\"a room whose name is longer than any of the steps\""] {
                let compact = format!("{{\"CallbackCommand\":\"{word}\"{after}}}");
                assert_eq!(leading_command(&compact), Some(&*word));
                if let Some((found, end)) = compact_command(&compact) {
                    assert_eq!((found, &compact[end..]), (&*word, &*format!("{after}}}")));
                }
                assert_eq!(leading_command(&compact.replace(':', " :\n")), Some(&*word));
            }
        }
        assert_eq!(leading_command("{\"CallbackCommand\":\"cut off"), None);
        assert_eq!(leading_command("{\"RoomId\":\"1\",\"CallbackCommand\":\"later\"}"), None);
        assert_eq!(
            command_anywhere("{\"RoomId\":\"1\",\"CallbackCommand\":\"later\"}"),
            Some("later")
        );
    }
}
