//! Lower-case hexadecimal digits.

/// Writes the digits of `bytes` to `digits`, which is twice as long.
#[inline(always)]
pub(crate) fn encode(bytes: &[u8], digits: &mut [u8]) {
    for (pair, byte) in digits.chunks_exact_mut(2).zip(bytes) {
        pair[0] = digit(byte >> 4);
        pair[1] = digit(byte & 15);
    }
}

/// Reckoned rather than looked up, so that the compiler can do many at once.
#[inline(always)]
fn digit(value: u8) -> u8 {
    value + if value < 10 { b'0' } else { b'a' - 10 }
}
