//! What every AArch64 processor has that runs an operating system.
#![allow(unsafe_code)]

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
    unsafe { vget_lane_u64::<0>(vreinterpret_u64_u8(vshrn_n_u16::<4>(vreinterpretq_u16_u8(set)))) }
}
