//! Lines to the terminal: coloured only there, and quiet when the reader has gone.

use std::fmt::{Display, Formatter};
use std::io::{self, ErrorKind, Write};

use anstyle::{AnsiColor, Style};

use crate::failure::{Failure, Result};

/// Something that went right.
pub const GOOD: Style = AnsiColor::Green.on_default().bold();
/// Something that went wrong.
pub const BAD: Style = AnsiColor::Red.on_default().bold();
/// What a line is about.
pub const NAME: Style = AnsiColor::Cyan.on_default();
/// What need not be read.
pub const FAINT: Style = Style::new().dimmed();

/// Text in a style.
pub struct Styled<T>(pub Style, pub T);

impl<T: Display> Display for Styled<T> {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{}{}{:#}", self.0, self.1, self.0)
    }
}

/// Writes a line to standard output. A closed pipe is no failure: the command goes on and its exit code stays right.
pub fn line(text: impl Display) -> Result<()> {
    written(writeln!(anstream::stdout().lock(), "{text}"))
}

/// Text from outside, with its control characters escaped: they would move the cursor or change colours.
pub fn printable(text: &str) -> String {
    let escaped = |character: char| match character.is_control() {
        true => character.escape_default().collect(),
        false => String::from(character),
    };
    text.chars().map(escaped).collect()
}

/// Writes one JSON document to standard output.
pub fn json(value: &impl serde::Serialize) -> Result<()> {
    match serde_json::to_string_pretty(value) {
        Ok(text) => line(text),
        Err(error) => Err(Failure::operation(format!("cannot write JSON: {error}"))),
    }
}

/// Writes a JSON document as one line of standard output.
pub fn json_line(value: &impl serde::Serialize) -> Result<()> {
    match serde_json::to_string(value) {
        Ok(text) => line(text),
        Err(error) => Err(Failure::operation(format!("cannot write JSON: {error}"))),
    }
}

/// Writes a failure to standard error.
pub fn error(text: impl Display) {
    let _ = writeln!(anstream::stderr().lock(), "{} {text}", Styled(BAD, "error:"));
}

/// Writes how the command is to be called to standard error.
pub fn usage(text: impl Display) {
    let _ = write!(anstream::stderr().lock(), "{text}");
}

/// Writes a line to standard error that is not what the command is called for.
pub fn note(text: impl Display) {
    let _ = writeln!(anstream::stderr().lock(), "{text}");
}

fn written(result: io::Result<()>) -> Result<()> {
    match result {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            Err(Failure::operation(format!("cannot write to standard output: {error}")))
        }
        _ => Ok(()),
    }
}
