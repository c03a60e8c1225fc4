//! Text from outside on its way to a person: an error's message, a log, a terminal.

use std::fmt::{self, Write};

/// Text in which nothing moves the cursor, changes colours, ends a line or turns the direction of writing: control characters, line
/// separators and bidirectional controls are escaped as in Rust, like `\n` and `\u{1b}`. Everything else stays as it is.
#[derive(Clone, Copy, Debug)]
pub struct Printable<'a>(pub &'a str);

impl Printable<'_> {
    /// Whether nothing has to be escaped.
    pub(crate) fn is_as_it_is(self) -> bool {
        let is_visible = |byte: u8| byte == b' ' || byte.is_ascii_graphic();
        self.0.bytes().all(is_visible) || !self.0.chars().any(must_be_escaped)
    }
}

impl fmt::Display for Printable<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut rest = self.0;
        while let Some((at, character)) = rest.char_indices().find(|(_, c)| must_be_escaped(*c)) {
            formatter.write_str(&rest[..at])?;
            character.escape_default().try_for_each(|escape| formatter.write_char(escape))?;
            rest = &rest[at + character.len_utf8()..];
        }
        formatter.write_str(rest)
    }
}

/// Whether a terminal would obey the character instead of showing it.
pub fn must_be_escaped(character: char) -> bool {
    character.is_control()
        || matches!(
            character,
            '\u{61c}'
                | '\u{200e}'
                | '\u{200f}'
                | '\u{2028}'..='\u{202e}'
                | '\u{2066}'..='\u{2069}'
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_terminal_would_obey_is_escaped_and_nothing_else() {
        for (text, shown) in [
            ("", ""),
            ("a plain line", "a plain line"),
            ("Raum für 你好 \u{1f600} \\n", "Raum für 你好 \u{1f600} \\n"),
            ("\x1b[31mred\x07", r"\u{1b}[31mred\u{7}"),
            ("one\r\ntwo\tthree\0", r"one\r\ntwo\tthree\u{0}"),
            ("\x7f\u{9b}31m\u{85}", r"\u{7f}\u{9b}31m\u{85}"),
            ("a\u{2028}b\u{2029}\u{202e}c\u{2066}", r"a\u{2028}b\u{2029}\u{202e}c\u{2066}"),
        ] {
            assert_eq!(Printable(text).to_string(), shown);
            assert_eq!(Printable(text).is_as_it_is(), text == shown, "{shown}");
        }
    }
}
