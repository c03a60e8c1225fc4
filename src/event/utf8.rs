//! Whether bytes are a text.
#![allow(unsafe_code)]

/// The text, or where it is not UTF-8. Looking for ASCII first is faster, for what is short.
pub(super) fn utf8(bytes: &[u8], is_ascii: bool) -> Result<&str, usize> {
    if is_ascii {
        // SAFETY: ASCII is UTF-8.
        return Ok(unsafe { std::str::from_utf8_unchecked(bytes) });
    }
    simdutf8::compat::from_utf8(bytes).map_err(|error| error.valid_up_to())
}
