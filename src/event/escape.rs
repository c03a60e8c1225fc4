//! Escapes in JSON texts.
#![allow(unsafe_code)]

use super::place::At;

/// What should have stood at a place.
pub(super) type Expected<'a> = (&'static str, At<'a>);

/// Reads an escape, from its backslash on.
#[inline(always)]
pub(super) fn escape(at: At<'_>) -> std::result::Result<(char, At<'_>), Expected<'_>> {
    let at = at.past_byte(b'\\').ok_or(("an escape", at))?;
    let character = match at.byte() {
        byte @ (b'"' | b'\\' | b'/') => char::from(byte),
        b'b' => '\u{8}',
        b'f' => '\u{c}',
        b'n' => '\n',
        b'r' => '\r',
        b't' => '\t',
        b'u' => return unicode_escape(at),
        _ => return Err(("an escape that JSON knows", at)),
    };
    // SAFETY: none of them is zero.
    Ok((character, unsafe { at.past(1) }))
}

/// Reads `uXXXX`, or two of them that are a surrogate pair.
#[inline(always)]
fn unicode_escape(at: At<'_>) -> std::result::Result<(char, At<'_>), Expected<'_>> {
    let (first, end) = code_unit(at)?;
    match char::from_u32(first) {
        Some(character) => Ok((character, end)),
        None => surrogate_pair(first, end),
    }
}

/// Reads the second half of a surrogate pair.
fn surrogate_pair(first: u32, at: At<'_>) -> std::result::Result<(char, At<'_>), Expected<'_>> {
    if first >= 0xDC00 {
        return Err(("a first half before this half of a surrogate pair", at));
    }
    let no_pair = ("the second half of a surrogate pair", at);
    let second = at.past_byte(b'\\').filter(|at| at.byte() == b'u').ok_or(no_pair)?;
    let (second, end) = code_unit(second)?;
    let low = second.checked_sub(0xDC00).filter(|low| *low < 0x400);
    low.and_then(|low| char::from_u32(0x10000 + ((first - 0xD800) << 10) + low))
        .map(|character| (character, end))
        .ok_or(("the second half of a surrogate pair", end))
}

/// The character in UTF-8, with zeros behind. By shifts: the standard library's way becomes vector instructions that take longer.
#[inline(always)]
pub(super) fn utf8_of(character: char) -> [u8; 4] {
    let code = u32::from(character);
    let [first, second, third, fourth] =
        [code >> 18, code >> 12 & 0x3F, code >> 6 & 0x3F, code & 0x3F];
    let bytes = match character.len_utf8() {
        1 => code,
        2 => 0x80C0 | code >> 6 | fourth << 8,
        3 => 0x80_80E0 | code >> 12 | third << 8 | fourth << 16,
        _ => 0x8080_80F0 | first | second << 8 | third << 16 | fourth << 24,
    };
    bytes.to_le_bytes()
}

/// The value of each hexadecimal digit; of other bytes one that is too large.
static HEXADECIMAL: [u8; 256] = {
    let mut values = [0xFF; 256];
    let mut value = 0;
    while value < 16 {
        values[b"0123456789abcdef"[value] as usize] = value as u8;
        values[b"0123456789ABCDEF"[value] as usize] = value as u8;
        value += 1;
    }
    values
};

/// Reads `uXXXX`.
#[inline(always)]
fn code_unit(at: At<'_>) -> std::result::Result<(u32, At<'_>), Expected<'_>> {
    let [_, digits @ .., _, _, _] = at.prefix();
    let values = digits.map(|digit| u32::from(HEXADECIMAL[usize::from(digit)]));
    if values.iter().fold(0, |all, value| all | value) > 15 {
        let valid = values.iter().take_while(|value| **value <= 15).count();
        // SAFETY: neither the `u` nor digits are zero.
        return Err(("four hexadecimal digits", unsafe { at.past(1 + valid) }));
    }
    let code = values.iter().fold(0, |code, value| code << 4 | value);
    // SAFETY: as above.
    Ok((code, unsafe { at.past(5) }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_character_is_encoded_as_the_standard_library_does() {
        // Miri would take hours for all.
        for character in ('\0'..=char::MAX).step_by(if cfg!(miri) { 997 } else { 1 }) {
            let mut expected = [0; 4];
            character.encode_utf8(&mut expected);
            assert_eq!(utf8_of(character), expected, "{character:?}");
        }
    }
}
