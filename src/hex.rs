//! Hexadecimal digits: lower-case ones are written, either are read.

/// Writes the digits of `bytes`, whose number is a multiple of four, to `digits`, which is twice as long.
#[inline(always)]
pub(crate) fn encode(bytes: &[u8], digits: &mut [u8]) {
    for (four, eight) in bytes.chunks_exact(4).zip(digits.chunks_exact_mut(8)) {
        if let Ok(four) = four.try_into() {
            eight.copy_from_slice(&eight_digits(u32::from_be_bytes(four)).0.to_be_bytes());
        }
    }
}

/// 0 if these digits are those of the bytes, and another number if not. Takes equally long whatever they are.
#[inline(always)]
pub(crate) fn difference(bytes: &[u8; 32], digits: &[u8; 64]) -> u64 {
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

/// The bytes that these digits stand for; `None` if there are not twice as many digits, or others.
#[inline(always)]
pub(crate) fn decode<const N: usize>(digits: &[u8]) -> Option<[u8; N]> {
    if digits.len() != 2 * N {
        return None;
    }
    let mut bytes = [0; N];
    for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
        // Both digits in one number, which the compiler can do many of at once. The value of a letter is 9 more than its low bits.
        let pair = u16::from_le_bytes([pair[0], pair[1]]);
        let values = (pair & 0x0F0F) + 9 * (pair >> 6 & 0x0101);
        *byte = (values << 4 | values >> 8) as u8;
    }
    let others =
        digits.iter().fold(0, |others, digit| others | u8::from(!digit.is_ascii_hexdigit()));
    (others == 0).then_some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_has_the_digits_that_the_standard_library_prints_and_is_read_back() {
        for byte in 0..=255_u8 {
            let bytes = [byte, !byte, byte.rotate_left(4), 0x9A];
            let mut digits = [0; 8];
            encode(&bytes, &mut digits);
            let expected: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
            assert_eq!(digits, expected.as_bytes());
            assert_eq!(decode(&digits), Some(bytes));
            assert_eq!(decode(&digits.map(|digit| digit.to_ascii_uppercase())), Some(bytes));
        }
    }

    #[test]
    fn no_other_digits_pass_for_those_of_bytes() {
        let bytes: [u8; 32] = std::array::from_fn(|index| (index as u8).wrapping_mul(0x1B));
        let mut digits = [0; 64];
        encode(&bytes, &mut digits);
        assert_eq!(difference(&bytes, &digits), 0);
        assert_eq!(difference(&bytes, &digits.map(|digit| digit.to_ascii_uppercase())), 0);
        for place in 0..64 {
            let right = digits[place];
            for other in 0..=255_u8 {
                digits[place] = other;
                assert_eq!(difference(&bytes, &digits) == 0, other.eq_ignore_ascii_case(&right));
            }
            digits[place] = right;
        }
    }

    #[test]
    fn nothing_else_is_read() {
        for byte in 0..=255_u8 {
            let is_digit = byte.is_ascii_hexdigit();
            assert_eq!(decode::<1>(&[byte, b'0']).is_some(), is_digit, "{byte:#x}");
            assert_eq!(decode::<1>(&[b'0', byte]).is_some(), is_digit, "{byte:#x}");
        }
        assert_eq!(decode::<1>(b"123"), None);
        assert_eq!(decode::<2>(b"12"), None);
    }
}
