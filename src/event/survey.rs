//! What has to be known of a body before memory is taken for its event: whether it is ASCII, and how much its lists can hold.
#![allow(unsafe_code)]

use super::lanes::Lanes;
use super::schema::Lists;

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
    #[inline(always)]
    pub(super) fn of<L: Lanes>(lanes: L, body: &[u8]) -> Survey {
        const LONGEST_STEP: usize = 32;
        const { assert!(L::WIDTH <= LONGEST_STEP) };
        let mut survey = Survey::default();
        let mut steps = body.chunks_exact(L::WIDTH);
        let rest = steps.remainder().len();
        // Two loops, so that the first, in which most bodies are most of the time, does no more than it has to.
        for step in steps.by_ref() {
            // SAFETY: it has as many bytes.
            unsafe { survey.step(lanes, step.as_ptr(), u64::MAX) };
            if survey.has_bracket {
                break;
            }
        }
        for step in steps {
            // SAFETY: as above.
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

    pub(super) fn is_ascii(&self) -> bool {
        self.beyond_ascii == 0
    }

    /// How many bytes the lists take at most. What comes before the first bracket is in none. From there on, every text of a list has a
    /// comma before it, but the first of a list; and between one list of texts and the next there is a comma as well. Every object has
    /// a brace.
    #[inline(always)]
    pub(super) fn list_bytes(&self, lists: Lists, max_elements: usize) -> usize {
        let texts = (self.commas + usize::from(self.has_bracket)).min(max_elements);
        let records = self.braces.min(max_elements);
        let text_bytes = texts.saturating_mul(lists.text_bytes);
        text_bytes.saturating_add(records.saturating_mul(lists.record_bytes))
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::lanes::Baseline;
    #[cfg(all(target_arch = "x86_64", not(tc_portable_scan)))]
    use crate::event::lanes::avx2::Avx2;

    /// What every way finds.
    fn survey(body: &[u8]) -> Survey {
        let survey = Survey::of(Baseline, body);
        #[cfg(all(target_arch = "x86_64", not(tc_portable_scan)))]
        if let Some(avx2) = Avx2::detect() {
            let by_avx2 = Survey::of(avx2, body);
            assert_eq!(by_avx2.is_ascii(), survey.is_ascii());
            assert_eq!(Survey { beyond_ascii: survey.beyond_ascii, ..by_avx2 }, survey);
        }
        survey
    }

    /// With the first bracket at each place, and bodies of each length.
    #[test]
    fn every_way_counts_what_comes_behind_the_first_bracket() {
        // Miri would take hours for all.
        let is_skipped = |length| cfg!(miri) && !matches!(length, 0..70 | 95..98 | 127..130);
        for length in (0..150).filter(|length| !is_skipped(*length)) {
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
                assert_eq!(survey(&body), expected, "{length} {bracket}");
            }
        }
    }

    #[test]
    fn a_byte_beyond_ascii_is_seen_wherever_it_stands() {
        for length in 0..100 {
            let mut body = vec![0x7F; length];
            assert!(survey(&body).is_ascii());
            for place in 0..length {
                body[place] = 0x80;
                assert!(!survey(&body).is_ascii());
                body[place] = 0;
            }
        }
    }
}
