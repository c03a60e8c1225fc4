//! What came from outside is shown and not obeyed: no control character of it reaches a terminal or the pipe before one, and each line
//! stays one.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use std::process::{Command, Output};

use serde_json::{Value, json};
use support::{Host, KEY, run, run_with_input, stderr, stdout, tc_callback};

/// C0, DEL, C1, line ends of all kinds, and what turns the direction of writing.
const HOSTILE: &str =
    "a\u{1b}[31m!\u{7}c\rd\ne\u{7f}f\u{9b}2Jg\u{85}h\u{2028}i\u{202e}j\0k\tl\u{8}m";
/// How that is shown.
const SHOWN: &str =
    r"a\u{1b}[31m!\u{7}c\rd\ne\u{7f}f\u{9b}2Jg\u{85}h\u{2028}i\u{202e}j\u{0}k\tl\u{8}m";

/// A line of either stream has it escaped, and nothing has it as it is. Colours are switched on: they are all that may remain.
fn is_shown(output: &Output, times: usize) {
    let told = stdout(output) + &stderr(output);
    assert_eq!(told.matches(SHOWN).count(), times, "{told:?}");
    let mut rest = told.as_str();
    while let Some((before, after)) = rest.split_once('\u{1b}') {
        is_plain(before);
        let (style, after) = after.split_once('m').unwrap();
        assert!(style.bytes().all(|byte| matches!(byte, b'[' | b';' | b'0'..=b'9')), "{told:?}");
        assert_ne!(after.chars().next(), Some('!'), "the style is not one of ours: {told:?}");
        rest = after;
    }
    is_plain(rest);
}

fn is_plain(text: &str) {
    let hidden = |c: char| c != '\n' && (c.is_control() || "\u{2028}\u{202e}".contains(c));
    assert!(!text.contains(hidden), "{text:?}");
}

/// A REST API that answers all with this.
fn api(answer: &Value) -> Host {
    Host::replying("200 OK", &answer.to_string())
}

fn command(host: &Host, arguments: &[&str]) -> Command {
    let mut command = tc_callback(&["--color", "always"]);
    command.args(arguments).env("TC_ENDPOINT", host.url.trim_end_matches("/callback"));
    command.env("TC_SDK_APP_ID", "1400000000").env("TC_SECRET_KEY", KEY);
    command
}

fn configuration() -> Value {
    json!({"ErrorCode": 0, "RequestId": HOSTILE, "Response": {"Url": HOSTILE, "CallbackCommandList": [HOSTILE]}})
}

#[test]
fn a_configuration_is_shown_with_its_control_characters_escaped() {
    is_shown(&run(&mut command(&api(&configuration()), &["config", "get", "conference"])), 2);
}

#[test]
fn the_configuration_that_ensure_replaces_is_shown_so() {
    let ensure = ["config", "ensure", "conference", "--all", "--url", "https://example.com/cb"];
    let output = run(&mut command(&api(&configuration()), &ensure));
    assert!(output.status.success(), "{}", stderr(&output));
    is_shown(&output, 1);
}

#[test]
fn a_refusal_of_tencents_is_shown_so() {
    let host = api(&json!({"ErrorCode": 100_002, "ErrorInfo": HOSTILE, "RequestId": HOSTILE}));
    for arguments in [
        &["config", "get", "conference"][..],
        &["config", "delete", "call"],
        &["trigger", "AfterMemberEnter"],
    ] {
        let output = run(&mut command(&host, arguments));
        assert_eq!(output.status.code(), Some(1));
        is_shown(&output, 1);
    }
}

#[test]
fn json_has_them_escaped_as_json_does() {
    for (host, arguments) in [
        (api(&configuration()), &["config", "get", "conference", "--json"][..]),
        (
            api(&json!({"ErrorCode": 100_002, "ErrorInfo": HOSTILE})),
            &["config", "get", "call", "--json"],
        ),
    ] {
        let output = run(&mut command(&host, arguments));
        is_plain(&stdout(&output));
        let document: Value = serde_json::from_str(&stdout(&output)).unwrap();
        let texts = [&document["url"], &document["commands"][0], &document["error_info"]];
        assert!(texts.iter().any(|text| **text == HOSTILE), "it is the same text: {document}");
    }
}

#[test]
fn what_a_host_replies_is_shown_so() {
    let host = Host::replying("200 OK", HOSTILE);
    let to = ["trigger", "AfterMemberEnter", "--to", &host.url];
    let output = run(&mut command(&api(&json!({})), &to));
    assert_eq!(output.status.code(), Some(1));
    is_shown(&output, 1);
    let status = json!({"ActionStatus": HOSTILE, "ErrorInfo": "", "ErrorCode": 0});
    let host = Host::replying("200 OK", &status.to_string());
    for arguments in [
        &["trigger", "AfterMemberEnter", "--quiet", "--to", &host.url][..],
        &["scenario", "meeting", "--rooms", "1", "--to", &host.url],
    ] {
        let output = run(&mut command(&api(&json!({})), arguments));
        is_plain(&stdout(&output).replace('\u{1b}', ""));
        is_plain(&stderr(&output).replace('\u{1b}', ""));
    }
}

#[test]
fn what_an_event_says_is_shown_so() {
    let host = Host::right();
    let body = json!({
        "CallbackCommand": "Room.CallbackAfterDestroyRoom", "RoomId": HOSTILE, "EventTime": 1_703_589_922_780_u64,
    });
    // Strings are shown as JSON, which escapes some of them in its own way.
    for arguments in [&["parse"][..], &["parse", "--json"], &["inspect", "body", "-"]] {
        let output = run_with_input(&mut command(&host, arguments), &body.to_string());
        assert!(output.status.success(), "{}", stderr(&output));
        is_shown(&output, 0);
    }
}
