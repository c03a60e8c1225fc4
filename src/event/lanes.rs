//! Looks at many bytes of a JSON text at once.
#![allow(unsafe_code)]

use super::literal::Literal;

/// What the decoder does most, in a way that a kind of processor is fast at. Whoever has one runs on such a processor.
pub(super) trait Lanes: Copy {
    /// How many bytes a step copies and looks at.
    const WIDTH: usize;

    /// How far the bits of one byte are from those of the next.
    const BITS_OF_A_BYTE: usize;

    /// Copies `WIDTH` bytes, and says how many of them come before the first quote, backslash or control character.
    ///
    /// # Safety
    ///
    /// As many bytes may be read from `from` and written to `to`, and they do not overlap.
    unsafe fn copy_plain(self, from: *const u8, to: *mut u8) -> usize;

    /// How many of the next `WIDTH` bytes come before the first that is no white space.
    ///
    /// # Safety
    ///
    /// `WIDTH` bytes may be read from `at`.
    unsafe fn space_bytes(self, at: *const u8) -> usize;

    /// Whether this text stands at a place.
    ///
    /// # Safety
    ///
    /// [`Literal::WIDTH`] bytes may be read from `at`.
    unsafe fn has_literal(self, at: *const u8, text: &Literal<4>) -> bool;

    /// A bit for each of the next `WIDTH` bytes that is this one, that of the first byte lowest.
    ///
    /// # Safety
    ///
    /// `WIDTH` bytes may be read from `at`.
    unsafe fn matches(self, at: *const u8, byte: u8) -> u64;

    /// Bits of the next `WIDTH` bytes that are beyond ASCII; 0 if none is.
    ///
    /// # Safety
    ///
    /// `WIDTH` bytes may be read from `at`.
    unsafe fn beyond_ascii(self, at: *const u8) -> u64;
}

/// What any processor that this library is built for can do.
#[derive(Clone, Copy)]
pub(super) struct Baseline;

impl Lanes for Baseline {
    const WIDTH: usize = WIDTH;
    const BITS_OF_A_BYTE: usize = imp::BITS_OF_A_BYTE;

    #[inline(always)]
    unsafe fn copy_plain(self, from: *const u8, to: *mut u8) -> usize {
        // SAFETY: the caller's promise.
        unsafe {
            to.copy_from_nonoverlapping(from, WIDTH);
            plain_bytes(from)
        }
    }

    #[inline(always)]
    unsafe fn space_bytes(self, at: *const u8) -> usize {
        // SAFETY: the caller's promise.
        unsafe { imp::space_bytes(at) }
    }

    #[inline(always)]
    unsafe fn has_literal(self, at: *const u8, text: &Literal<4>) -> bool {
        // SAFETY: the caller's promise.
        unsafe { text.is_at(at) }
    }

    #[inline(always)]
    unsafe fn matches(self, at: *const u8, byte: u8) -> u64 {
        // SAFETY: the caller's promise.
        unsafe { imp::matches(at, byte) }
    }

    #[inline(always)]
    unsafe fn beyond_ascii(self, at: *const u8) -> u64 {
        // SAFETY: the caller's promise.
        unsafe { imp::beyond_ascii(at) }
    }
}

/// How many bytes one step looks at.
pub(super) const WIDTH: usize = imp::WIDTH;

/// How many of the next [`WIDTH`] bytes come before the first quote, backslash or control character.
///
/// # Safety
///
/// `WIDTH` bytes may be read from `at`.
#[inline(always)]
pub(super) unsafe fn plain_bytes(at: *const u8) -> usize {
    // SAFETY: the caller's promise.
    unsafe { imp::plain_bytes(at) }
}

/// Where one of these bytes stands first, at `from` or behind. memchr takes longer for as little as a query.
#[inline]
pub(super) fn find<const N: usize>(text: &[u8], from: usize, bytes: [u8; N]) -> Option<usize> {
    let Some(last_step) = text.len().checked_sub(WIDTH) else {
        return Some(from + text.get(from..)?.iter().position(|byte| bytes.contains(byte))?);
    };
    let mut step = from;
    while step < text.len() {
        let (at, seen) = (step.min(last_step), step.saturating_sub(last_step));
        // SAFETY: there are as many bytes as a step has.
        let matches = |byte: &u8| unsafe { imp::matches(text.as_ptr().add(at), *byte) };
        let found = bytes.iter().fold(0, |all, byte| all | matches(byte));
        let found = found & (u64::MAX << (seen * imp::BITS_OF_A_BYTE));
        if found != 0 {
            return Some(at + found.trailing_zeros() as usize / imp::BITS_OF_A_BYTE);
        }
        step += WIDTH;
    }
    None
}

/// Whether there is ASCII only.
#[inline]
pub(super) fn is_ascii(text: &[u8]) -> bool {
    let Some(last_step) = text.len().checked_sub(WIDTH) else { return text.is_ascii() };
    // SAFETY: each step ends where the text does, or before.
    let beyond = |at| unsafe { imp::beyond_ascii(text.as_ptr().add(at)) };
    let steps = (0..last_step).step_by(WIDTH);
    steps.fold(beyond(last_step), |all, step| all | beyond(step)) == 0
}

#[cfg(all(target_arch = "x86_64", not(tc_portable_scan)))]
use sse2 as imp;

#[cfg(all(target_arch = "aarch64", not(tc_portable_scan)))]
use neon as imp;

#[cfg(any(tc_portable_scan, not(any(target_arch = "x86_64", target_arch = "aarch64"))))]
use portable as imp;

/// Which every x86-64 processor has.
#[cfg(target_arch = "x86_64")]
#[cfg_attr(tc_portable_scan, allow(dead_code))]
mod sse2 {
    use std::arch::x86_64::{
        __m128i, _mm_cmpeq_epi8, _mm_loadu_si128, _mm_min_epu8, _mm_movemask_epi8, _mm_or_si128,
        _mm_set1_epi8,
    };

    /// Two registers: most texts of a callback are shorter than both, so that whether another step is needed can be foreseen.
    pub(super) const WIDTH: usize = 32;
    pub(super) const BITS_OF_A_BYTE: usize = 1;

    #[inline(always)]
    pub(super) unsafe fn plain_bytes(at: *const u8) -> usize {
        // SAFETY: the caller lets 32 bytes be read.
        unsafe {
            before_first(at, |bytes| {
                let controls = _mm_cmpeq_epi8(_mm_min_epu8(bytes, _mm_set1_epi8(0x1F)), bytes);
                _mm_movemask_epi8(_mm_or_si128(controls, either(bytes, b'"', b'\\')))
            })
        }
    }

    #[inline(always)]
    pub(super) unsafe fn space_bytes(at: *const u8) -> usize {
        // SAFETY: as above.
        unsafe {
            before_first(at, |bytes| {
                let spaces = _mm_or_si128(either(bytes, b' ', b'\n'), either(bytes, b'\r', b'\t'));
                0xFFFF ^ _mm_movemask_epi8(spaces)
            })
        }
    }

    #[inline(always)]
    pub(super) unsafe fn matches(at: *const u8, byte: u8) -> u64 {
        // SAFETY: as above.
        unsafe {
            bits(at, |bytes| _mm_movemask_epi8(_mm_cmpeq_epi8(bytes, _mm_set1_epi8(byte as i8))))
        }
    }

    #[inline(always)]
    pub(super) unsafe fn beyond_ascii(at: *const u8) -> u64 {
        // SAFETY: as above.
        unsafe { bits(at, |bytes| _mm_movemask_epi8(bytes)) }
    }

    /// How many bytes come before the first whose bit is set.
    ///
    /// # Safety
    ///
    /// 32 bytes may be read from `at`.
    #[inline(always)]
    unsafe fn before_first(at: *const u8, stops: impl Fn(__m128i) -> i32) -> usize {
        // SAFETY: the caller's promise. Bit 32 is there for none, which counts as 32.
        unsafe { (bits(at, stops) | 1 << 32).trailing_zeros() as usize }
    }

    /// The bits of 32 bytes, of 16 at a time.
    ///
    /// # Safety
    ///
    /// They may be read from `at`.
    #[inline(always)]
    unsafe fn bits(at: *const u8, of: impl Fn(__m128i) -> i32) -> u64 {
        // SAFETY: the caller's promise; the loads need no alignment.
        let [low, high] = unsafe {
            [_mm_loadu_si128(at.cast::<__m128i>()), _mm_loadu_si128(at.add(16).cast::<__m128i>())]
        };
        of(low) as u64 | (of(high) as u64) << 16
    }

    #[inline(always)]
    unsafe fn either(bytes: __m128i, one: u8, other: u8) -> __m128i {
        // SAFETY: these need SSE2 only.
        unsafe {
            _mm_or_si128(
                _mm_cmpeq_epi8(bytes, _mm_set1_epi8(one as i8)),
                _mm_cmpeq_epi8(bytes, _mm_set1_epi8(other as i8)),
            )
        }
    }
}

/// Which x86-64 processors have had since 2013.
#[cfg(all(target_arch = "x86_64", not(tc_portable_scan)))]
pub(super) mod avx2 {
    use std::arch::x86_64::{
        __m256i, _mm_loadu_si128, _mm256_broadcastsi128_si256, _mm256_cmpeq_epi8,
        _mm256_loadu_si256, _mm256_min_epu8, _mm256_movemask_epi8, _mm256_or_si256,
        _mm256_set1_epi8, _mm256_shuffle_epi8, _mm256_storeu_si256, _mm256_testz_si256,
        _mm256_xor_si256,
    };

    use super::{Lanes, Literal};

    #[derive(Clone, Copy)]
    pub(in super::super) struct Avx2(());

    impl Avx2 {
        /// Asks the processor; the standard library remembers the answer.
        #[inline(always)]
        pub(in super::super) fn detect() -> Option<Avx2> {
            use std::arch::is_x86_feature_detected as has;
            (has!("avx2") && has!("bmi1") && has!("popcnt")).then_some(Avx2(()))
        }
    }

    /// For each low half of a byte, the one of a set that has it, or what no byte with it is.
    type Set = [u8; 16];
    const SPACES: Set = *b" \0\0\0\0\0\0\0\0\t\n\0\0\r\0\0";
    const QUOTE_AND_BACKSLASH: Set = *b"\x01\0\"\0\0\0\0\0\0\0\0\0\\\0\0\0";

    /// Which bytes are in a set.
    ///
    /// # Safety
    ///
    /// The processor has AVX2.
    #[inline(always)]
    unsafe fn one_of(bytes: __m256i, set: Set) -> __m256i {
        // SAFETY: the caller's promise; a set has 16 bytes.
        unsafe {
            let set = _mm256_broadcastsi128_si256(_mm_loadu_si128(set.as_ptr().cast()));
            _mm256_cmpeq_epi8(_mm256_shuffle_epi8(set, bytes), bytes)
        }
    }

    impl Lanes for Avx2 {
        const WIDTH: usize = 32;
        const BITS_OF_A_BYTE: usize = 1;

        #[inline(always)]
        unsafe fn copy_plain(self, from: *const u8, to: *mut u8) -> usize {
            // SAFETY: the caller lets 32 bytes be read and written, and neither needs alignment.
            unsafe {
                let bytes = _mm256_loadu_si256(from.cast::<__m256i>());
                _mm256_storeu_si256(to.cast::<__m256i>(), bytes);
                let low = _mm256_min_epu8(bytes, _mm256_set1_epi8(0x1F));
                let controls = _mm256_cmpeq_epi8(low, bytes);
                let stops = _mm256_or_si256(controls, one_of(bytes, QUOTE_AND_BACKSLASH));
                // No bit is set for none, which counts as 32.
                (_mm256_movemask_epi8(stops) as u32).trailing_zeros() as usize
            }
        }

        #[inline(always)]
        unsafe fn space_bytes(self, at: *const u8) -> usize {
            // SAFETY: the caller lets 32 bytes be read, and the load needs no alignment.
            unsafe {
                let spaces = one_of(_mm256_loadu_si256(at.cast::<__m256i>()), SPACES);
                // No bit is set for none, which counts as 32.
                (!_mm256_movemask_epi8(spaces) as u32).trailing_zeros() as usize
            }
        }

        #[inline(always)]
        unsafe fn has_literal(self, at: *const u8, text: &Literal<4>) -> bool {
            let (words, mask) = text.parts();
            // SAFETY: the caller lets 32 bytes be read, and the literal has twice as many.
            unsafe {
                let load = |from: *const u8| _mm256_loadu_si256(from.cast::<__m256i>());
                let difference = _mm256_xor_si256(load(at), load(words.as_ptr().cast()));
                _mm256_testz_si256(difference, load(mask.as_ptr().cast())) == 1
            }
        }

        #[inline(always)]
        unsafe fn matches(self, at: *const u8, byte: u8) -> u64 {
            // SAFETY: the caller lets 32 bytes be read, and the load needs no alignment.
            unsafe {
                let bytes = _mm256_loadu_si256(at.cast::<__m256i>());
                let found = _mm256_cmpeq_epi8(bytes, _mm256_set1_epi8(byte as i8));
                u64::from(_mm256_movemask_epi8(found) as u32)
            }
        }

        #[inline(always)]
        unsafe fn beyond_ascii(self, at: *const u8) -> u64 {
            // SAFETY: as above.
            unsafe {
                let bytes = _mm256_loadu_si256(at.cast::<__m256i>());
                u64::from(_mm256_movemask_epi8(bytes) as u32)
            }
        }
    }
}

/// Which every AArch64 processor has that runs an operating system.
#[cfg(target_arch = "aarch64")]
#[cfg_attr(tc_portable_scan, allow(dead_code))]
mod neon {
    use std::arch::aarch64::{
        uint8x16_t, vceqq_u8, vcgeq_u8, vcltq_u8, vdupq_n_u8, vget_lane_u64, vld1q_u8, vmvnq_u8,
        vorrq_u8, vreinterpret_u64_u8, vreinterpretq_u16_u8, vshrn_n_u16,
    };

    pub(super) const WIDTH: usize = 16;
    pub(super) const BITS_OF_A_BYTE: usize = 4;

    #[inline(always)]
    pub(super) unsafe fn plain_bytes(at: *const u8) -> usize {
        // SAFETY: the caller lets 16 bytes be read, and the load needs no alignment.
        unsafe {
            let bytes = vld1q_u8(at);
            let controls = vcltq_u8(bytes, vdupq_n_u8(0x20));
            before_first(vorrq_u8(controls, either(bytes, b'"', b'\\')))
        }
    }

    #[inline(always)]
    pub(super) unsafe fn space_bytes(at: *const u8) -> usize {
        // SAFETY: as above.
        unsafe {
            let bytes = vld1q_u8(at);
            let spaces = vorrq_u8(either(bytes, b' ', b'\n'), either(bytes, b'\r', b'\t'));
            before_first(vmvnq_u8(spaces))
        }
    }

    #[inline(always)]
    pub(super) unsafe fn matches(at: *const u8, byte: u8) -> u64 {
        // SAFETY: as above.
        unsafe { nibbles(vceqq_u8(vld1q_u8(at), vdupq_n_u8(byte))) & 0x1111_1111_1111_1111 }
    }

    #[inline(always)]
    pub(super) unsafe fn beyond_ascii(at: *const u8) -> u64 {
        // SAFETY: as above.
        unsafe { nibbles(vcgeq_u8(vld1q_u8(at), vdupq_n_u8(0x80))) }
    }

    #[inline(always)]
    unsafe fn either(bytes: uint8x16_t, one: u8, other: u8) -> uint8x16_t {
        // SAFETY: these need NEON only.
        unsafe { vorrq_u8(vceqq_u8(bytes, vdupq_n_u8(one)), vceqq_u8(bytes, vdupq_n_u8(other))) }
    }

    /// How many bytes come before the first that is set.
    #[inline(always)]
    unsafe fn before_first(set: uint8x16_t) -> usize {
        // SAFETY: as above.
        unsafe { nibbles(set).trailing_zeros() as usize / 4 }
    }

    /// Four bits of each byte.
    #[inline(always)]
    unsafe fn nibbles(set: uint8x16_t) -> u64 {
        // SAFETY: as above.
        unsafe {
            vget_lane_u64::<0>(vreinterpret_u64_u8(vshrn_n_u16::<4>(vreinterpretq_u16_u8(set))))
        }
    }
}

/// Eight bytes in a register.
#[cfg(any(test, tc_portable_scan, not(any(target_arch = "x86_64", target_arch = "aarch64"))))]
mod portable {
    pub(super) const WIDTH: usize = 8;
    #[cfg_attr(test, allow(dead_code))]
    pub(super) const BITS_OF_A_BYTE: usize = 8;

    const ONES: u64 = 0x0101_0101_0101_0101;
    const HIGH_BITS: u64 = ONES << 7;

    #[inline(always)]
    pub(super) unsafe fn plain_bytes(at: *const u8) -> usize {
        // SAFETY: the caller lets 8 bytes be read.
        let word = unsafe { read(at) };
        let controls = word.wrapping_sub(ONES * 0x20) & !word;
        before_first(equals(word, b'"') | equals(word, b'\\') | controls)
    }

    #[inline(always)]
    pub(super) unsafe fn space_bytes(at: *const u8) -> usize {
        // SAFETY: as above.
        let word = unsafe { read(at) };
        let is = |byte| differs(word, byte);
        before_first(is(b' ') & is(b'\n') & is(b'\r') & is(b'\t'))
    }

    #[inline(always)]
    pub(super) unsafe fn matches(at: *const u8, byte: u8) -> u64 {
        // SAFETY: as above.
        !differs(unsafe { read(at) }, byte) & HIGH_BITS
    }

    #[inline(always)]
    #[cfg_attr(test, allow(dead_code))]
    pub(super) unsafe fn beyond_ascii(at: *const u8) -> u64 {
        // SAFETY: as above.
        unsafe { read(at) & HIGH_BITS }
    }

    unsafe fn read(at: *const u8) -> u64 {
        // SAFETY: the caller's promise.
        u64::from_le_bytes(unsafe { at.cast::<[u8; 8]>().read() })
    }

    /// The high bit of each byte that is this one. Above the lowest of them a borrow may have set more.
    fn equals(word: u64, byte: u8) -> u64 {
        let zeros = word ^ (ONES * u64::from(byte));
        zeros.wrapping_sub(ONES) & !zeros
    }

    /// The high bit of each byte that is another one, without a carry between bytes.
    fn differs(word: u64, byte: u8) -> u64 {
        let zeros = word ^ (ONES * u64::from(byte));
        ((zeros & !HIGH_BITS) + !HIGH_BITS) | zeros
    }

    fn before_first(stops: u64) -> usize {
        (stops & HIGH_BITS).trailing_zeros() as usize / 8
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Its name, how many bytes it looks at, and what it counts.
    type Way<'a> = (&'a str, usize, &'a dyn Fn(*const u8) -> usize);

    /// Each way against the plain definition, with each byte at each place, before bytes that could be mistaken.
    fn compare(ways: &[Way<'_>], plain: u8, stops: fn(u8) -> bool) {
        for place in 0..=32 {
            for stop in 0..=255 {
                for after in [b'"', 0x80, 0xFF, 0, b' ', 0x1F, 0x20, b'!', b'\t', b'\n'] {
                    let mut bytes = [plain; 32];
                    bytes[place.min(31)..].fill(after);
                    if let Some(byte) = bytes.get_mut(place) {
                        *byte = stop;
                    }
                    for (name, width, way) in ways {
                        let end = bytes[..*width].iter().position(|byte| stops(*byte));
                        assert_eq!(way(bytes.as_ptr()), end.unwrap_or(*width), "{name}: {bytes:?}");
                    }
                }
            }
        }
    }

    fn copied<L: Lanes>(lanes: L) -> impl Fn(*const u8) -> usize {
        move |at| {
            let mut copy = [0; 32];
            // SAFETY: both arrays have as many bytes as any way looks at.
            unsafe {
                let plain = lanes.copy_plain(at, copy.as_mut_ptr());
                assert_eq!(copy[..L::WIDTH], *std::slice::from_raw_parts(at, L::WIDTH));
                plain
            }
        }
    }

    fn spaces<L: Lanes>(lanes: L) -> impl Fn(*const u8) -> usize {
        // SAFETY: the array has as many bytes as any way looks at.
        move |at| unsafe { lanes.space_bytes(at) }
    }

    #[test]
    fn every_way_finds_the_same_end_of_plain_bytes() {
        let stops = |byte| matches!(byte, b'"' | b'\\' | ..0x20);
        // SAFETY: the array has as many bytes as any way looks at.
        let portable = |at| unsafe { portable::plain_bytes(at) };
        let baseline = copied(Baseline);
        compare(
            &[("baseline", WIDTH, &baseline), ("portable", portable::WIDTH, &portable)],
            b'a',
            stops,
        );
        #[cfg(all(target_arch = "x86_64", not(tc_portable_scan)))]
        if let Some(avx2) = avx2::Avx2::detect() {
            compare(&[("avx2", 32, &copied(avx2))], b'a', stops);
        }
    }

    #[test]
    fn every_way_finds_the_same_end_of_white_space() {
        for plain in *b" \n\r\t" {
            let stops = |byte| !matches!(byte, b' ' | b'\n' | b'\r' | b'\t');
            // SAFETY: the array has as many bytes as any way looks at.
            let portable = |at| unsafe { portable::space_bytes(at) };
            let baseline = spaces(Baseline);
            compare(
                &[("baseline", WIDTH, &baseline), ("portable", portable::WIDTH, &portable)],
                plain,
                stops,
            );
            #[cfg(all(target_arch = "x86_64", not(tc_portable_scan)))]
            if let Some(avx2) = avx2::Avx2::detect() {
                compare(&[("avx2", 32, &spaces(avx2))], plain, stops);
            }
        }
    }

    #[test]
    fn a_byte_is_found_from_any_place_on() {
        for length in 0..100 {
            let text: Vec<u8> = (0..length).map(|place| b"a&bc&\xA6"[place * 7 % 6]).collect();
            for from in 0..=length {
                let expected = text[from..].iter().position(|byte| *byte == b'&');
                assert_eq!(find(&text, from, [b'&']), expected.map(|place| from + place));
            }
        }
    }

    #[test]
    fn a_byte_beyond_ascii_is_seen_wherever_it_stands() {
        for length in 0..100 {
            let mut text = vec![0x7F; length];
            assert!(is_ascii(&text));
            for place in 0..length {
                text[place] = 0x80;
                assert!(!is_ascii(&text));
                text[place] = 0;
            }
        }
    }

    #[test]
    fn every_way_finds_each_place_of_a_byte() {
        let mut rng = fastrand::Rng::with_seed(1);
        for _ in 0..10_000 {
            let bytes: [u8; 32] =
                std::array::from_fn(|_| *b",,{\"\xAC\x2D".get(rng.usize(..6)).unwrap_or(&0));
            let check = |name, width: usize, found: u64| {
                let stride = if width == 32 { 1 } else { 64 / width };
                let here = |place: &usize| bytes[*place] == b',';
                let places: u64 = (0..width).filter(here).map(|place| 1 << (place * stride)).sum();
                let first_bits = if width == 8 { places << 7 } else { places };
                assert_eq!(found, first_bits, "{name}: {bytes:?}");
            };
            // SAFETY: the array has as many bytes as any way looks at.
            unsafe {
                check("baseline", WIDTH, Baseline.matches(bytes.as_ptr(), b','));
                check("portable", portable::WIDTH, portable::matches(bytes.as_ptr(), b','));
                #[cfg(all(target_arch = "x86_64", not(tc_portable_scan)))]
                if let Some(avx2) = avx2::Avx2::detect() {
                    check("avx2", 32, avx2.matches(bytes.as_ptr(), b','));
                }
            }
        }
    }
}
