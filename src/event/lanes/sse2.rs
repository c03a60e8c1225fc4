//! What every x86-64 processor has.
#![allow(unsafe_code)]

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
    unsafe { bits(at, |bytes| _mm_movemask_epi8(_mm_cmpeq_epi8(bytes, _mm_set1_epi8(byte as i8)))) }
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
