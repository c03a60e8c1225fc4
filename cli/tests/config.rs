//! `tc-callback config` against the emulator.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use std::fs;
use std::process::Output;

use serde_json::{Value, json};
use support::{APP, Emulator, KEY, run, stderr, stdout, tc_callback};

const URL: &str = "https://example.com/callback";

fn config(emulator: &Emulator, arguments: &[&str]) -> Output {
    let output = run(emulator.command(&["config"]).args(arguments));
    assert!(!(stdout(&output) + &stderr(&output)).contains(KEY));
    output
}

fn json_of(output: &Output) -> Value {
    serde_json::from_str(&stdout(output)).unwrap()
}

fn succeeds(emulator: &Emulator, arguments: &[&str]) -> Value {
    let output = config(emulator, &[arguments, &["--json"]].concat());
    assert!(output.status.success(), "{arguments:?}: {}", stderr(&output));
    json_of(&output)
}

#[test]
fn a_configuration_is_set_shown_updated_and_deleted() {
    let emulator = Emulator::start(&[]);
    let set = ["set", "conference", "--url", URL, "--command", "AfterMemberEnter"];
    assert_eq!(succeeds(&emulator, &set)["change"], "created");
    let shown = succeeds(&emulator, &["get", "conference"]);
    assert_eq!(shown["url"], URL);
    assert_eq!(shown["commands"], json!(["Room.CallbackAfterMemberEnter"]));
    assert_eq!(shown["error_code"], 0);
    assert!(shown["request_id"].as_str().unwrap().starts_with("Id-"));
    let update =
        ["update", "conference", "--url", URL, "--command", "AfterMemberEnter", "AfterMemberLeave"];
    assert_eq!(succeeds(&emulator, &update)["change"], "updated");
    assert_eq!(
        succeeds(&emulator, &["get", "conference"])["commands"].as_array().unwrap().len(),
        2
    );
    assert_eq!(succeeds(&emulator, &["delete", "conference"])["change"], "deleted");
    let output = config(&emulator, &["get", "conference"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(stderr(&output).contains("100301"));
}

#[test]
fn ensure_writes_only_what_differs_and_says_what_was_there_before() {
    let emulator = Emulator::start(&[]);
    for product in ["conference", "call"] {
        let ensure = ["ensure", product, "--all", "--url", URL];
        assert_eq!(succeeds(&emulator, &ensure)["change"], "created");
        assert_eq!(succeeds(&emulator, &ensure)["change"], "unchanged");
        let moved = ["ensure", product, "--all", "--url", "https://example.com/moved"];
        let answer = succeeds(&emulator, &moved);
        assert_eq!(answer["change"], "updated");
        assert_eq!(answer["previous"]["url"], URL);
    }
}

#[test]
fn a_person_reads_what_changed_and_where_events_go() {
    let emulator = Emulator::start(&[]);
    let output = config(&emulator, &["ensure", "call", "--url", URL, "--command", "AfterEndCall"]);
    assert_eq!(
        stdout(&output),
        format!("created: call posts to {URL}\n  Call.CallbackAfterEndCall\n")
    );
    let output = config(&emulator, &["get", "call"]);
    assert_eq!(stdout(&output), format!("call posts to {URL}\n  Call.CallbackAfterEndCall\n"));
    let output = config(&emulator, &["delete", "call"]);
    assert_eq!(stdout(&output), "call has no configuration any more\n");
}

#[test]
fn a_refusal_is_told_in_json_too_when_asked_for() {
    let emulator = Emulator::start(&[]);
    let set = ["set", "conference", "--all", "--url", URL, "--json"];
    config(&emulator, &set);
    let output = config(&emulator, &set);
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(json_of(&output)["error_code"], 100300);
    assert_eq!(json_of(&output)["retryable"], false);
    assert!(stderr(&output).starts_with("error: "));
}

#[test]
fn a_wrong_key_is_told_without_showing_it() {
    let emulator = Emulator::start(&[]);
    let output =
        run(emulator.command(&["config", "get", "call"]).env("TC_SECRET_KEY", "not the key"));
    assert_eq!(output.status.code(), Some(1));
    assert!(stderr(&output).contains("70009") && !stderr(&output).contains("not the key"));
}

#[test]
fn the_key_can_come_from_a_file_and_the_rest_from_options() {
    let emulator = Emulator::start(&["--administrator", "root"]);
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("key");
    fs::write(&file, format!("{KEY}\r\n")).unwrap();
    let app = APP.to_string();
    let output = run(tc_callback(&["config", "delete", "call", "--endpoint", &emulator.url])
        .args(["--sdk-app-id", &app, "--administrator", "root", "--key-file"])
        .arg(&file));
    assert!(output.status.success(), "{}", stderr(&output));
}

#[test]
fn a_word_of_another_release_is_sent_only_when_allowed() {
    let emulator = Emulator::start(&[]);
    let set = ["set", "conference", "--url", URL, "--command", "Room.CallbackAfterNewThing"];
    let output = config(&emulator, &set);
    assert_eq!(output.status.code(), Some(2));
    let output = config(&emulator, &[&set[..], &["--allow-unknown-commands"]].concat());
    assert!(
        stderr(&output).contains("100002"),
        "the emulator knows it no more: {}",
        stderr(&output)
    );
}

#[test]
fn a_wrong_call_is_exit_code_2() {
    let emulator = Emulator::start(&[]);
    for (arguments, told) in [
        (&["set", "conference", "--url", URL][..], "--command"),
        (&["set", "conference", "--all"], "--url"),
        (&["set", "conference", "--all", "--command", "AfterMemberEnter", "--url", URL], "--all"),
        (&["set", "live", "--all", "--url", URL], "conference"),
        (&["set", "conference", "--all", "--url", "ftp://example.com"], "http://"),
        (&["set", "conference", "--command", "AfterEndCall", "--url", URL], "call"),
        (&["update", "call", "--all", "--url", URL], "set"),
        (&["get", "call", "--endpoint", &emulator.url, "--region", "seoul"], "--region"),
        (&["get", "call", "--region", "mars"], "seoul"),
        (&["get", "call", "--endpoint", "not a url"], "endpoint"),
    ] {
        let output = config(&emulator, arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {}", stderr(&output));
        assert!(stderr(&output).contains(told), "{told} in {}", stderr(&output));
    }
    let output = run(emulator.command(&["config", "get", "call"]).env("TC_SDK_APP_ID", "app"));
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("TC_SDK_APP_ID must be a number"));
    let output = run(emulator.command(&["config", "get", "call"]).env_remove("TC_ENDPOINT"));
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("--endpoint") && stderr(&output).contains("--region"));
}
