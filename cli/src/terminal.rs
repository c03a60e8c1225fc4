//! Lines to the terminal: coloured only there, and quiet when the reader has gone. Whatever a line quotes is escaped, so that what came
//! from outside is shown and not obeyed, and stays one line; also in a pipe, whose end may be a terminal.

use std::cell::Cell;
use std::fmt::{self, Display, Formatter, Write as _};
use std::io::{self, ErrorKind, Write};

use anstyle::{AnsiColor, Style};
use tc_callback::{Printable, must_be_escaped};

use crate::failure::{Failure, Result};

/// Something that went right.
pub const GOOD: Style = AnsiColor::Green.on_default().bold();
/// Something that went wrong.
pub const BAD: Style = AnsiColor::Red.on_default().bold();
/// What a line is about.
pub const NAME: Style = AnsiColor::Cyan.on_default();
/// What need not be read.
pub const FAINT: Style = Style::new().dimmed();

/// Text in a style. Nothing but its style reaches the terminal unescaped, so it is formatted where it is printed, not before.
pub struct Styled<T>(pub Style, pub T);

impl<T: Display> Display for Styled<T> {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        as_it_is(|| write!(formatter, "{}", self.0))?;
        self.1.fmt(formatter)?;
        as_it_is(|| write!(formatter, "{:#}", self.0))
    }
}

thread_local! {
    static IS_OURS: Cell<bool> = const { Cell::new(false) };
}

/// Writes what need not be escaped.
fn as_it_is(write: impl FnOnce() -> fmt::Result) -> fmt::Result {
    IS_OURS.set(true);
    let result = write();
    IS_OURS.set(false);
    result
}

/// A line in which all is escaped but styles.
#[derive(Default)]
struct Escaped(String);

impl Escaped {
    fn line(text: impl Display) -> String {
        let mut line = Escaped::default();
        // Nothing that is written here fails.
        let _ = write!(line, "{text}");
        line.0.push('\n');
        line.0
    }
}

impl fmt::Write for Escaped {
    fn write_str(&mut self, piece: &str) -> fmt::Result {
        match IS_OURS.get() {
            true => self.0.write_str(piece),
            false => write!(self.0, "{}", Printable(piece)),
        }
    }
}

/// Writes a line to standard output. A closed pipe is no failure: the command goes on and its exit code stays right.
pub fn line(text: impl Display) -> Result<()> {
    printed(&Escaped::line(text))
}

/// Writes one JSON document to standard output.
pub fn json(value: &impl serde::Serialize) -> Result<()> {
    print_json(serde_json::to_string_pretty(value))
}

/// Writes a JSON document as one line of standard output.
pub fn json_line(value: &impl serde::Serialize) -> Result<()> {
    print_json(serde_json::to_string(value))
}

/// JSON escapes control characters but for some, which it has in strings alone.
fn print_json(json: serde_json::Result<String>) -> Result<()> {
    let json = json.map_err(|error| Failure::operation(format!("cannot write JSON: {error}")))?;
    let mut text = String::with_capacity(json.len() + 1);
    for character in json.chars() {
        match must_be_escaped(character) && character != '\n' {
            // None of them takes two units of UTF-16.
            true => text.push_str(&format!("\\u{:04x}", u32::from(character))),
            false => text.push(character),
        }
    }
    text.push('\n');
    printed(&text)
}

/// Writes a failure to standard error.
pub fn error(text: impl Display) {
    note(format_args!("{} {text}", Styled(BAD, "error:")));
}

/// Writes how the command is to be called to standard error.
pub fn usage(text: impl Display) {
    let _ = write!(anstream::stderr().lock(), "{text}");
}

/// Writes a line to standard error that is not what the command is called for.
pub fn note(text: impl Display) {
    let _ = anstream::stderr().lock().write_all(Escaped::line(text).as_bytes());
}

fn printed(text: &str) -> Result<()> {
    let result: io::Result<()> = anstream::stdout().lock().write_all(text.as_bytes());
    match result {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            Err(Failure::operation(format!("cannot write to standard output: {error}")))
        }
        _ => Ok(()),
    }
}
