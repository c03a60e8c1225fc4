//! Hexadecimal digits: lower-case ones are written, either are read.

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
    fn every_byte_is_read_back_in_either_case_and_nothing_else_is_read() {
        for byte in 0..=255 {
            let mut digits = [0; 2];
            encode(&[byte], &mut digits);
            assert_eq!(decode(&digits), Some([byte]));
            assert_eq!(decode(&digits.map(|digit| digit.to_ascii_uppercase())), Some([byte]));
            let is_digit = byte.is_ascii_hexdigit();
            assert_eq!(decode::<1>(&[byte, b'0']).is_some(), is_digit, "{byte:#x}");
            assert_eq!(decode::<1>(&[b'0', byte]).is_some(), is_digit, "{byte:#x}");
        }
        assert_eq!(decode::<1>(b"123"), None);
        assert_eq!(decode::<2>(b"12"), None);
    }
}
