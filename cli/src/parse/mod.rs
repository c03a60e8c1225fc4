//! `tc-callback parse`.

mod view;

use std::path::PathBuf;

use clap::Args;
use jiff::Timestamp;
use tc_callback::event::{self, Limits};

use crate::failure::Result;
use crate::input;
use crate::json::Node;
use crate::terminal::{self, NAME, Styled};

const EXAMPLES: &str = "\
Examples:
  tc-callback parse < body.json
  tc-callback parse body.json --query 'SdkAppid=1400000000&ClientIP=127.0.0.1&OptPlatform=Web'
  tc-callback parse --json < body.json | jq .room.room_name";

/// Show what the library reads in a callback
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub struct Parse {
    /// File that holds the body; - is standard input
    #[arg(default_value = "-")]
    file: PathBuf,
    /// The query of the URL that it was posted to, or the whole URL
    #[arg(long, value_name = "STRING", default_value = "", hide_default_value = true)]
    query: String,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

impl Parse {
    pub fn run(self) -> Result<()> {
        let body = input::read(&self.file)?;
        let event = event::parse(self.query.as_bytes(), &body, &Limits::default())?;
        let document = view::of(&event)?;
        if self.json {
            return terminal::json(&document);
        }
        lines(&document, 0)
    }
}

/// One line for each field, indented by what it is in.
fn lines(node: &Node, depth: usize) -> Result<()> {
    let indent = "  ".repeat(depth);
    let width = match node {
        Node::Object(members) => {
            members.iter().filter(|(_, value)| is_short(value)).map(|(name, _)| name.len()).max()
        }
        _ => None,
    };
    let named = |name: &str, value: &Node| {
        if is_short(value) {
            let gap = " ".repeat(width.unwrap_or_default().saturating_sub(name.len()));
            let value = short(name, value);
            return terminal::line(format_args!("{indent}{}{gap}  {value}", Styled(NAME, name)));
        }
        terminal::line(format_args!("{indent}{}", Styled(NAME, name)))?;
        lines(value, depth + 1)
    };
    match node {
        Node::Object(members) => members.iter().try_for_each(|(name, value)| named(name, value)),
        Node::Array(items) => {
            let mut items = items.iter().enumerate();
            items.try_for_each(|(index, item)| named(&index.to_string(), item))
        }
        Node::Scalar(_) => Ok(()),
    }
}

fn is_short(node: &Node) -> bool {
    match node {
        Node::Scalar(_) => true,
        Node::Array(items) => items.iter().all(|item| matches!(item, Node::Scalar(_))),
        Node::Object(_) => false,
    }
}

/// A value on its line. Times, whose names end in their unit, are told as a person writes them, too.
fn short(name: &str, value: &Node) -> String {
    let text = value.to_string();
    match text.parse() {
        Ok(number) if name.ends_with("_ms") => {
            with_time(text, Timestamp::from_millisecond(number), 3)
        }
        // 0 stands for never: nobody accepted the call.
        Ok(number) if name.ends_with("_s") && number != 0 => {
            with_time(text, Timestamp::from_second(number), 0)
        }
        _ => text,
    }
}

fn with_time(
    text: String,
    time: std::result::Result<Timestamp, jiff::Error>,
    digits: usize,
) -> String {
    time.map(|time| format!("{text}  {time:.digits$}")).unwrap_or(text)
}
