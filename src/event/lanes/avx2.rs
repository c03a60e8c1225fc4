//! What x86-64 processors have had since 2013.
#![allow(unsafe_code)]

use std::arch::x86_64::{
    __m256i, _mm_loadu_si128, _mm256_broadcastsi128_si256, _mm256_cmpeq_epi8, _mm256_loadu_si256,
    _mm256_min_epu8, _mm256_movemask_epi8, _mm256_or_si256, _mm256_set1_epi8, _mm256_shuffle_epi8,
    _mm256_storeu_si256, _mm256_testz_si256, _mm256_xor_si256,
};

use super::Lanes;
use crate::event::literal::Literal;

#[derive(Clone, Copy)]
pub(in crate::event) struct Avx2(());

impl Avx2 {
    /// Asks the processor; the standard library remembers the answer.
    #[inline(always)]
    pub(in crate::event) fn detect() -> Option<Avx2> {
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

/// How many come before the first quote, backslash or control character.
///
/// # Safety
///
/// As above.
#[inline(always)]
unsafe fn before_stop(bytes: __m256i) -> usize {
    // SAFETY: the caller's promise.
    unsafe {
        let controls = _mm256_cmpeq_epi8(_mm256_min_epu8(bytes, _mm256_set1_epi8(0x1F)), bytes);
        let stops = _mm256_or_si256(controls, one_of(bytes, QUOTE_AND_BACKSLASH));
        // No bit is set for none, which counts as 32.
        (_mm256_movemask_epi8(stops) as u32).trailing_zeros() as usize
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
            before_stop(bytes)
        }
    }

    #[inline(always)]
    unsafe fn plain_bytes(self, at: *const u8) -> usize {
        // SAFETY: the caller lets 32 bytes be read, and the load needs no alignment.
        unsafe { before_stop(_mm256_loadu_si256(at.cast::<__m256i>())) }
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
