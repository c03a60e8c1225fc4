//! What `tc-callback scenario --dry-run` prints, read by the library.

#![allow(dead_code, clippy::unwrap_used, clippy::expect_used)]

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;
use tc_callback::event::{Limits, parse};

use crate::support::{run, stderr, stdout, tc_callback};

/// One line: a sending of an event.
#[derive(Deserialize)]
pub struct Line {
    pub room: String,
    pub delivery: String,
    pub time_ms: u64,
    pub query: String,
    pub body: Box<RawValue>,
}

impl Line {
    /// The event as the library reads it, which finds nothing in it that the vendor's pages do not say.
    pub fn event(&self) -> Value {
        let event =
            parse(self.query.as_bytes(), self.body.get().as_bytes(), &Limits::default()).unwrap();
        assert_eq!(event.mismatch_count, 0, "{}", self.body);
        serde_json::to_value(&*event).unwrap()
    }
}

/// The text that a dry run prints.
pub fn text(arguments: &[&str]) -> String {
    let output = run(tc_callback(&["scenario", "--dry-run"]).args(arguments));
    assert!(output.status.success(), "{}", stderr(&output));
    stdout(&output)
}

pub fn lines(arguments: &[&str]) -> Vec<Line> {
    text(arguments).lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// Each room's events, as the library reads them, in the order in which they are sent.
pub fn rooms(arguments: &[&str]) -> BTreeMap<String, Vec<Value>> {
    let mut rooms: BTreeMap<String, Vec<Value>> = BTreeMap::new();
    for line in lines(arguments) {
        rooms.entry(line.room.clone()).or_default().push(line.event());
    }
    rooms
}

/// The name of an event's command, without its product.
pub fn name(event: &Value) -> &str {
    event["command_word"].as_str().unwrap().rsplit('.').next().unwrap()
}

pub fn text_of(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("{value} is no text")).to_owned()
}

pub fn number_of(value: &Value) -> i64 {
    value.as_i64().unwrap_or_else(|| panic!("{value} is no number"))
}
