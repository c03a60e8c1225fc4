//! Eight bytes in a register.
#![allow(unsafe_code)]

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
