//! Lower-case hexadecimal digits.

/// Writes the digits of `bytes`, whose number is a multiple of four, to `digits`, which is twice as long.
#[inline(always)]
pub(crate) fn encode(bytes: &[u8], digits: &mut [u8]) {
    for (four, eight) in bytes.chunks_exact(4).zip(digits.chunks_exact_mut(8)) {
        if let Ok(four) = four.try_into() {
            eight.copy_from_slice(&eight_digits(u32::from_be_bytes(four)).to_be_bytes());
        }
    }
}

/// The digits of a number, all at once: each in a byte of its own.
#[inline(always)]
fn eight_digits(number: u32) -> u64 {
    const EACH: u64 = 0x0101_0101_0101_0101;
    let halves = u64::from(number);
    let pairs = (halves | halves << 16) & 0x0000_FFFF_0000_FFFF;
    let bytes = (pairs | pairs << 8) & 0x00FF_00FF_00FF_00FF;
    let values = (bytes | bytes << 4) & (EACH * 0x0F);
    // One where the value is over 9.
    let letters = ((values + EACH * 6) >> 4) & EACH;
    values + EACH * u64::from(b'0') + letters * u64::from(b'a' - 10 - b'0')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_has_the_digits_that_the_standard_library_prints() {
        for byte in 0..=255_u8 {
            let bytes = [byte, !byte, byte.rotate_left(4), 0x9A];
            let mut digits = [0; 8];
            encode(&bytes, &mut digits);
            let expected: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
            assert_eq!(digits, expected.as_bytes());
        }
    }
}
