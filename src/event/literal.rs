//! Short texts that are known beforehand, compared with what stands at a place eight bytes at a time.
#![allow(unsafe_code)]

/// A text of at most `8 * WORDS` bytes, without a zero byte.
pub(super) struct Literal<const WORDS: usize> {
    words: [u64; WORDS],
    /// All ones where the text is.
    mask: [u64; WORDS],
    len: usize,
}

impl<const WORDS: usize> Literal<WORDS> {
    /// How many bytes a comparison reads.
    pub(super) const WIDTH: usize = 8 * WORDS;

    /// The text that these pieces make together.
    pub(super) const fn new(pieces: &[&str]) -> Literal<WORDS> {
        let mut literal = Literal { words: [0; WORDS], mask: [0; WORDS], len: 0 };
        let mut piece = 0;
        while piece < pieces.len() {
            let bytes = pieces[piece].as_bytes();
            let mut index = 0;
            while index < bytes.len() {
                let (word, shift) = (literal.len / 8, 8 * (literal.len % 8));
                assert!(word < WORDS, "the text is too long for a literal of this width");
                assert!(bytes[index] != 0, "a literal holds no zero byte");
                literal.words[word] |= (bytes[index] as u64) << shift;
                literal.mask[word] |= 0xFF << shift;
                literal.len += 1;
                index += 1;
            }
            piece += 1;
        }
        literal
    }

    /// Its first eight bytes, with zeros behind its end.
    pub(super) const fn prefix(&self) -> [u8; 8] {
        self.words[0].to_le_bytes()
    }

    /// Its length in bytes.
    #[inline(always)]
    pub(super) const fn len(&self) -> usize {
        self.len
    }

    /// Its bytes, little end first, with zeros behind; and all ones where it is.
    #[cfg(all(target_arch = "x86_64", not(tc_portable_scan)))]
    #[inline(always)]
    pub(super) const fn parts(&self) -> (&[u64; WORDS], &[u64; WORDS]) {
        (&self.words, &self.mask)
    }

    /// Whether it stands at this place.
    ///
    /// # Safety
    ///
    /// [`Literal::WIDTH`] bytes may be read from `at`.
    #[inline(always)]
    pub(super) unsafe fn is_at(&self, at: *const u8) -> bool {
        // SAFETY: the caller's promise; the read needs no alignment.
        let found = unsafe { at.cast::<[u64; WORDS]>().read_unaligned() };
        let mut difference = 0;
        for (index, word) in found.iter().enumerate() {
            difference |= (word.to_le() ^ self.words[index]) & self.mask[index];
        }
        difference == 0
    }
}

/// A text of at most 16 bytes, without a zero byte, in a register.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Short(u128);

impl Short {
    /// How many bytes a reading reads, and a text has at most.
    pub(super) const WIDTH: usize = 16;

    /// This text.
    pub(super) const fn new(text: &str) -> Short {
        let literal = Literal::<2>::new(&[text]);
        Short(literal.words[0] as u128 | (literal.words[1] as u128) << 64)
    }

    /// The text of this length that stands at a place; of a longer one its beginning.
    ///
    /// # Safety
    ///
    /// [`Short::WIDTH`] bytes may be read from `at`.
    #[inline(always)]
    pub(super) unsafe fn read(at: *const u8, length: usize) -> Short {
        // SAFETY: the caller's promise; the read needs no alignment.
        let [low, high] = unsafe { at.cast::<[u64; 2]>().read_unaligned() };
        let bytes = u128::from(low.to_le()) | u128::from(high.to_le()) << 64;
        let unused = 8 * (Short::WIDTH - length.min(Short::WIDTH)) as u32;
        Short(bytes & u128::MAX.checked_shr(unused).unwrap_or(0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_found_where_each_of_its_bytes_stands() {
        let literal = Literal::<4>::new(&["\"", "Member", "Count\""]);
        let mut place = *b"\"MemberCount\":20,\"Type\":\"Enter\"}";
        // SAFETY: the array has the width of the literal.
        let mut is_there = |index: Option<usize>| unsafe {
            index.inspect(|index| place[*index] ^= 0x20);
            let is_there = literal.is_at(place.as_ptr());
            index.inspect(|index| place[*index] ^= 0x20);
            is_there
        };
        assert!(is_there(None));
        for index in 0..32 {
            assert_eq!(is_there(Some(index)), index >= literal.len(), "byte {index}");
        }
    }

    #[test]
    fn a_short_text_ends_where_its_length_says() {
        let place = *b"Cancel_Invite\",\"C";
        // SAFETY: the array has the width of a short text.
        let read = |length| unsafe { Short::read(place.as_ptr(), length) };
        assert!(read(13) == Short::new("Cancel_Invite"));
        assert!(read(12) == Short::new("Cancel_Invit"));
        assert!(read(0) == Short::new(""));
        assert!(read(16) == read(100));
    }
}
