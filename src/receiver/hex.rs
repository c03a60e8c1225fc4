//! Hexadecimal digits that are compared with those received, in time that tells nothing.

/// 0 if these digits are those of the bytes, and another number if not. Takes equally long whatever they are.
#[inline(always)]
pub(super) fn difference(bytes: &[u8; 32], digits: &[u8; 64]) -> u64 {
    let mut difference = 0;
    for (four, eight) in bytes.chunks_exact(4).zip(digits.chunks_exact(8)) {
        if let (Ok(four), Ok(eight)) = (four.try_into(), eight.try_into()) {
            let (expected, letters) = eight_digits(u32::from_be_bytes(four));
            // Upper and lower case differ in one bit.
            difference |= (expected ^ u64::from_be_bytes(eight)) & !(letters << 5);
        }
    }
    difference
}

/// The digits of a number, all at once: each in a byte of its own. And a one in the byte of each that is a letter.
#[inline(always)]
fn eight_digits(number: u32) -> (u64, u64) {
    const EACH: u64 = 0x0101_0101_0101_0101;
    let halves = u64::from(number);
    let pairs = (halves | halves << 16) & 0x0000_FFFF_0000_FFFF;
    let bytes = (pairs | pairs << 8) & 0x00FF_00FF_00FF_00FF;
    let values = (bytes | bytes << 4) & (EACH * 0x0F);
    // One where the value is over 9.
    let letters = ((values + EACH * 6) >> 4) & EACH;
    (values + EACH * u64::from(b'0') + letters * u64::from(b'a' - 10 - b'0'), letters)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The digits that the standard library prints.
    fn printed(bytes: &[u8; 32]) -> [u8; 64] {
        let text: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        let mut digits = [0; 64];
        digits.copy_from_slice(text.as_bytes());
        digits
    }

    #[test]
    fn every_byte_has_the_digits_that_the_standard_library_prints_in_either_case() {
        for first in (0..=255_u8).step_by(32) {
            let bytes = std::array::from_fn(|index| first + index as u8);
            let digits = printed(&bytes);
            assert_eq!(difference(&bytes, &digits), 0);
            assert_eq!(difference(&bytes, &digits.map(|digit| digit.to_ascii_uppercase())), 0);
        }
    }

    #[test]
    fn no_other_digits_pass_for_those_of_bytes() {
        let bytes = std::array::from_fn(|index| (index as u8).wrapping_mul(0x1B));
        let mut digits = printed(&bytes);
        for place in 0..64 {
            let right = digits[place];
            for other in 0..=255_u8 {
                digits[place] = other;
                assert_eq!(difference(&bytes, &digits) == 0, other.eq_ignore_ascii_case(&right));
            }
            digits[place] = right;
        }
    }
}
