//! A text that is kept in place up to so many bytes, and on the heap beyond them: for errors and replies, of which someone who floods a
//! host with forged requests makes very many.

use std::fmt;
use std::io;
use std::ops::Deref;

use smallvec::SmallVec;

/// A text, with a NUL behind it for C.
#[derive(Clone, PartialEq, Eq)]
pub struct Text<const IN_PLACE: usize>(SmallVec<[u8; IN_PLACE]>);

impl<const IN_PLACE: usize> Text<IN_PLACE> {
    /// Without the NUL.
    pub fn as_str(&self) -> &str {
        let bytes = self.0.split_last().map_or(&[][..], |(_nul, bytes)| bytes);
        std::str::from_utf8(bytes).unwrap_or_default()
    }

    /// With the NUL.
    pub(crate) fn with_nul(&self) -> &[u8] {
        &self.0
    }

    /// A text that is written in pieces, as UTF-8; `None` if that failed, or there was no memory for all of it.
    pub(crate) fn written<E>(
        write: impl FnOnce(&mut dyn io::Write) -> Result<(), E>,
    ) -> Option<Text<IN_PLACE>> {
        let mut pieces = Pieces::default();
        write(&mut pieces).ok()?;
        (!pieces.is_cut).then(|| pieces.finish())
    }
}

/// A text that is being written. One that there is no memory for is cut off.
#[derive(Default)]
struct Pieces<const IN_PLACE: usize> {
    bytes: SmallVec<[u8; IN_PLACE]>,
    is_cut: bool,
}

impl<const IN_PLACE: usize> Pieces<IN_PLACE> {
    fn push(&mut self, piece: &[u8]) {
        // There is always room for the NUL.
        self.is_cut |= self.bytes.try_reserve(piece.len() + 1).is_err();
        if !self.is_cut {
            self.bytes.extend_from_slice(piece);
        }
    }

    fn finish(mut self) -> Text<IN_PLACE> {
        self.bytes.push(0);
        Text(self.bytes)
    }
}

impl<const IN_PLACE: usize> fmt::Write for Pieces<IN_PLACE> {
    fn write_str(&mut self, piece: &str) -> fmt::Result {
        self.push(piece.as_bytes());
        Ok(())
    }
}

impl<const IN_PLACE: usize> io::Write for Pieces<IN_PLACE> {
    fn write(&mut self, piece: &[u8]) -> io::Result<usize> {
        self.push(piece);
        Ok(piece.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<const IN_PLACE: usize> From<fmt::Arguments<'_>> for Text<IN_PLACE> {
    fn from(arguments: fmt::Arguments<'_>) -> Text<IN_PLACE> {
        let mut pieces = Pieces::default();
        // Nothing that is written here fails.
        let _ = fmt::Write::write_fmt(&mut pieces, arguments);
        pieces.finish()
    }
}

impl<const IN_PLACE: usize> From<&str> for Text<IN_PLACE> {
    fn from(text: &str) -> Text<IN_PLACE> {
        let mut pieces = Pieces::default();
        pieces.push(text.as_bytes());
        pieces.finish()
    }
}

impl<const IN_PLACE: usize> From<String> for Text<IN_PLACE> {
    fn from(text: String) -> Text<IN_PLACE> {
        text.as_str().into()
    }
}

impl<const IN_PLACE: usize> Deref for Text<IN_PLACE> {
    type Target = str;

    fn deref(&self) -> &str {
        self.as_str()
    }
}

impl<const IN_PLACE: usize> fmt::Debug for Text<IN_PLACE> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.as_str().fmt(formatter)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_the_same_in_place_and_on_the_heap_however_it_was_made() {
        for text in ["", "seven b", "eight by", "many more bytes than there are in place: é"] {
            for made in [
                Text::<8>::from(text),
                Text::from(text.to_owned()),
                Text::from(format_args!("{}{}", &text[..text.len() / 2], &text[text.len() / 2..])),
            ] {
                assert_eq!(made.as_str(), text);
                assert_eq!(made.0.last(), Some(&0));
            }
        }
    }
}
