//! A step of a scenario's file.

use std::ops::Range;

use serde::Deserialize;
use tc_callback::catalog::Command;
use toml::{Spanned, Value};

use super::text::{Number, Pause, from_file};
use super::world::Step;
use crate::command_word;
use crate::failure::{Failure, Result};
use crate::json::Node;

/// One `[[step]]`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct WrittenStep {
    pub event: WrittenEvent,
    pub action: Option<String>,
    #[serde(default, deserialize_with = "from_file")]
    member: Option<Number<1, 300>>,
    #[serde(default, deserialize_with = "from_file")]
    after: Option<Pause>,
    #[serde(default, deserialize_with = "from_file")]
    repeat: Option<Number<1, 10_000>>,
    #[serde(default)]
    set: toml::Table,
    #[serde(default)]
    unset: Vec<String>,
    /// Where it stands, as file:line:column; known once the file is read.
    #[serde(skip)]
    pub place: String,
}

/// The command that a step names, as it is written there.
#[derive(Debug, Deserialize)]
#[serde(try_from = "Spanned<String>")]
pub struct WrittenEvent {
    pub command: Command,
    text: String,
    span: Range<usize>,
}

impl TryFrom<Spanned<String>> for WrittenEvent {
    type Error = String;

    fn try_from(text: Spanned<String>) -> std::result::Result<WrittenEvent, String> {
        let (span, text) = (text.span(), text.into_inner());
        let command = command_word::find(&text).map_err(|failure| failure.message().to_owned())?;
        Ok(WrittenEvent { command, text, span })
    }
}

impl WrittenEvent {
    /// In the file, in bytes.
    pub fn offset(&self) -> usize {
        self.span.start
    }
}

impl WrittenStep {
    pub fn step(&self) -> Step {
        let member = self.member.as_ref().map(|member| member.0 as usize - 1);
        let command = self.event.command;
        let word = command_word::as_sent(command, &self.event.text);
        Step { command, word, action: self.action.clone(), member }
    }

    /// The time since the step before.
    pub fn after_ms(&self) -> u64 {
        self.after.map_or(1000, |pause| pause.0)
    }

    pub fn repeat(&self) -> usize {
        self.repeat.as_ref().map_or(1, |times| times.0 as usize)
    }

    /// Changes a body as `set` and `unset` say.
    pub fn edit(&self, body: &mut Node) -> std::result::Result<(), String> {
        let told = |failure: Failure| failure.message().to_owned();
        for (key, value) in &self.set {
            set(body, key, value).map_err(told)?;
        }
        self.unset.iter().try_for_each(|path| body.unset(path).map_err(told))
    }
}

/// Sets a value, or each value of a table: `RoomInfo.RoomName = …` is a table in TOML.
fn set(body: &mut Node, path: &str, value: &Value) -> Result<()> {
    match value {
        Value::Table(table) if !table.is_empty() => {
            table.iter().try_for_each(|(key, value)| set(body, &format!("{path}.{key}"), value))
        }
        value => body.set(path, node(value)),
    }
}

/// The same value in JSON; a time is text there.
fn node(value: &Value) -> Node {
    match value {
        Value::String(text) => Node::text(text),
        Value::Datetime(time) => Node::text(&time.to_string()),
        Value::Integer(number) => Node::Scalar(number.to_string()),
        // JSON has no name for what is no number.
        Value::Float(number) if !number.is_finite() => Node::Scalar("null".to_owned()),
        Value::Float(number) => Node::Scalar(format!("{number:?}")),
        Value::Boolean(is_true) => Node::Scalar(is_true.to_string()),
        Value::Array(items) => Node::Array(items.iter().map(node).collect()),
        Value::Table(table) => {
            Node::Object(table.iter().map(|(key, value)| (key.clone(), node(value))).collect())
        }
    }
}
