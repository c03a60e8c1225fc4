//! Finds the end of the plain part of a JSON text, many bytes at a time.
#![allow(unsafe_code)]

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

#[cfg(target_arch = "x86_64")]
mod imp {
    use std::arch::x86_64::{
        __m128i, _mm_cmpeq_epi8, _mm_loadu_si128, _mm_min_epu8, _mm_movemask_epi8, _mm_or_si128,
        _mm_set1_epi8,
    };

    pub(super) const WIDTH: usize = 16;

    /// SSE2, which every x86-64 processor has.
    #[inline(always)]
    pub(super) unsafe fn plain_bytes(at: *const u8) -> usize {
        // SAFETY: the caller lets 16 bytes be read, and the load needs no alignment.
        unsafe {
            let bytes = _mm_loadu_si128(at.cast::<__m128i>());
            let quotes = _mm_cmpeq_epi8(bytes, _mm_set1_epi8(b'"' as i8));
            let backslashes = _mm_cmpeq_epi8(bytes, _mm_set1_epi8(b'\\' as i8));
            let controls = _mm_cmpeq_epi8(_mm_min_epu8(bytes, _mm_set1_epi8(0x1F)), bytes);
            let stops = _mm_or_si128(_mm_or_si128(quotes, backslashes), controls);
            // Bit 16 is there for none, which counts as 16.
            (_mm_movemask_epi8(stops) | 1 << 16).trailing_zeros() as usize
        }
    }
}

#[cfg(not(target_arch = "x86_64"))]
use portable as imp;

#[cfg(any(test, not(target_arch = "x86_64")))]
mod portable {
    pub(super) const WIDTH: usize = 8;

    /// Eight bytes in a register.
    #[inline(always)]
    pub(super) unsafe fn plain_bytes(at: *const u8) -> usize {
        const ONES: u64 = 0x0101_0101_0101_0101;
        // SAFETY: the caller lets 8 bytes be read.
        let word = u64::from_le_bytes(unsafe { at.cast::<[u8; 8]>().read() });
        let zeros = |word: u64| word.wrapping_sub(ONES) & !word;
        let equals = |byte: u8| zeros(word ^ (ONES * u64::from(byte)));
        let controls = word.wrapping_sub(ONES * 0x20) & !word;
        // The lowest bit that is set is exact; a borrow can only set bits above it.
        let stops = (equals(b'"') | equals(b'\\') | controls) & (ONES << 7);
        stops.trailing_zeros() as usize / 8
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn expected(bytes: &[u8]) -> usize {
        bytes.iter().position(|byte| matches!(byte, b'"' | b'\\' | ..0x20)).unwrap_or(bytes.len())
    }

    #[test]
    fn every_way_finds_the_same_end() {
        let mut bytes = [b'a'; 16];
        for place in 0..=16 {
            for stop in 0..=255 {
                for after in [b'"', 0x80, 0xFF, 0, b' ', 0x1F, 0x20, b'!'] {
                    bytes.fill(b'a');
                    bytes[place.min(15)..].fill(after);
                    if let Some(byte) = bytes.get_mut(place) {
                        *byte = stop;
                    }
                    // SAFETY: the array has as many bytes as either looks at.
                    let (native, portable) = unsafe {
                        (plain_bytes(bytes.as_ptr()), portable::plain_bytes(bytes.as_ptr()))
                    };
                    assert_eq!(native, expected(&bytes[..WIDTH]), "{bytes:?}");
                    assert_eq!(portable, expected(&bytes[..portable::WIDTH]), "{bytes:?}");
                }
            }
        }
    }
}
