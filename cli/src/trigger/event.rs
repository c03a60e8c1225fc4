//! The event's body: the vendor's sample or a file, with what the person changes.

use std::path::{Path, PathBuf};

use clap::Args;
use tc_callback::catalog::Command;

use crate::clock;
use crate::failure::{Failure, Result};
use crate::input;
use crate::json::Node;
use crate::sample;

/// How the body differs from the vendor's sample.
#[derive(Args, Debug)]
pub struct Edits {
    /// Put a value into the event: RoomInfo.RoomName=Stand-up, UserList.0.Status=Waiting. It is taken as JSON if it is JSON, else as text; 'x="false"' is the text
    #[arg(long = "set", value_name = "PATH=VALUE")]
    sets: Vec<String>,
    /// Take a field out of the event
    #[arg(long = "unset", value_name = "PATH")]
    unsets: Vec<String>,
    /// Send this JSON file instead of the vendor's sample; - is standard input
    #[arg(long, value_name = "FILE")]
    body: Option<PathBuf>,
    /// Leave the sample's EventTime instead of now
    #[arg(long)]
    keep_time: bool,
}

impl Edits {
    /// Whether the body is the person's own.
    pub fn has_own_body(&self) -> bool {
        self.body.is_some()
    }

    /// The body to send for this command, of which `word` is the word to send.
    pub fn apply(&self, command: Command, word: &str) -> Result<Node> {
        let mut event = match &self.body {
            Some(file) => read_body(file)?,
            None => {
                let text = sample::of(command).ok_or_else(|| {
                    Failure::usage(format!("there is no sample of {word}: give one with --body"))
                })?;
                let mut event = Node::parse(text).map_err(Failure::Operation)?;
                event.set("CallbackCommand", Node::text(word))?;
                event
            }
        };
        let has_own_time = self.has_own_body() && event.get("EventTime").is_some();
        if !self.keep_time && !has_own_time {
            event.set("EventTime", Node::Scalar(clock::now_ms().to_string()))?;
        }
        for set in &self.sets {
            let (path, value) = set.split_once('=').ok_or_else(|| {
                Failure::usage(format!(
                    "--set {set}: write PATH=VALUE, as in --set RoomInfo.RoomName=Stand-up"
                ))
            })?;
            event.set(path, Node::parse(value).unwrap_or_else(|_| Node::text(value)))?;
        }
        for path in &self.unsets {
            event.unset(path)?;
        }
        Ok(event)
    }
}

fn read_body(file: &Path) -> Result<Node> {
    let place = input::name(file);
    match Node::parse(&input::read_text(file)?) {
        Ok(event @ Node::Object(_)) => Ok(event),
        Ok(_) => Err(Failure::usage(format!("{place} is not a JSON object"))),
        Err(error) => Err(Failure::usage(format!("{place} is not JSON: {error}"))),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn edits(sets: &[&str]) -> Edits {
        Edits {
            sets: sets.iter().map(|set| (*set).to_owned()).collect(),
            unsets: Vec::new(),
            body: None,
            keep_time: true,
        }
    }

    #[test]
    fn without_edits_the_body_is_the_vendors_sample() {
        for command in Command::all() {
            let event = edits(&[]).apply(command, command.word()).unwrap();
            assert_eq!(event, Node::parse(sample::of(command).unwrap()).unwrap());
        }
    }

    #[test]
    fn the_sample_of_a_changed_room_keeps_the_vendors_text_for_a_boolean() {
        let command = Command::RoomAfterUpdateRoomInfo;
        let body = edits(&[]).apply(command, command.word()).unwrap().to_string();
        assert!(body.contains(r#""IsCloudRecordingDisabled":"false""#), "{body}");
    }

    #[test]
    fn a_value_is_json_if_it_is_json_and_else_text() {
        let command = Command::RoomAfterUpdateRoomInfo;
        let sets = [
            "RoomInfo.RoomName=Stand-up",
            "RoomInfo.RoomId=\"42\"",
            "RoomInfo.MaxMemberCount=42",
            "RoomInfo.CustomInfo=a=b",
            "Extra={\"b\":1,\"a\":[true]}",
            "EventTime=7",
        ];
        let body = edits(&sets).apply(command, command.word()).unwrap().to_string();
        for part in [
            r#""RoomName":"Stand-up""#,
            r#""RoomId":"42""#,
            r#""MaxMemberCount":42"#,
            r#""CustomInfo":"a=b""#,
            r#""Extra":{"b":1,"a":[true]}"#,
            r#""EventTime":7"#,
        ] {
            assert!(body.contains(part), "{part} in {body}");
        }
    }

    #[test]
    fn a_set_without_a_value_says_how_to_write_it() {
        let command = Command::RoomAfterUpdateRoomInfo;
        let failure = edits(&["RoomInfo.RoomName"]).apply(command, command.word()).unwrap_err();
        assert!(failure.message().contains("PATH=VALUE"));
        assert_eq!(failure.exit_code(), 2);
    }
}
