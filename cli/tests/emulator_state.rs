//! The configurations of an emulator in a file.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use std::fs;
use std::path::Path;

use serde_json::{Value, json};
use support::{APP, Emulator, KEY, code, run, stderr, tc_callback};

const SET: &str = "room_config/set_callback";
const GET: &str = "room_config/get_callback";

fn start(file: &Path) -> Emulator {
    Emulator::start(&["--state", file.to_str().unwrap()])
}

fn room(url: &str) -> Value {
    json!({ "Url": url, "CallbackCommandList": ["Room.CallbackAfterCreateRoom"] })
}

fn saved(file: &Path) -> Value {
    serde_json::from_slice(&fs::read(file).unwrap()).unwrap()
}

#[test]
fn what_was_configured_is_there_after_the_next_start_and_what_was_deleted_is_not() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("state.json");
    let emulator = start(&file);
    let call = json!({ "Url": "https://c.example/", "CallbackCommandList": ["Call.CallbackAfterEndCall"] });
    emulator.call(SET, &room("https://a.example/").to_string());
    emulator.call("call_config/set_callback", &call.to_string());
    drop(emulator);

    let emulator = start(&file);
    assert_eq!(emulator.call(GET, "{}")["Response"], room("https://a.example/"));
    assert_eq!(emulator.call("call_config/get_callback", "{}")["Response"], call);
    assert_eq!(code(&emulator.call(SET, &room("https://b.example/").to_string())), 100300);
    emulator.call("room_config/update_callback", &room("https://b.example/").to_string());
    emulator.call("call_config/delete_callback", "{}");
    drop(emulator);

    let emulator = start(&file);
    assert_eq!(emulator.call(GET, "{}")["Response"], room("https://b.example/"));
    assert_eq!(code(&emulator.call("call_config/get_callback", "{}")), 100301);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "no unfinished file is left");
}

#[test]
fn the_file_is_written_with_each_change_as_documented_and_holds_no_secret() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("state.json");
    let emulator = start(&file);
    assert_eq!(saved(&file), json!({ "Version": 1, "Configurations": [] }));
    emulator.call(SET, &room("https://a.example/").to_string());
    let row = json!({
        "SDKAppID": APP,
        "Product": "conference",
        "Url": "https://a.example/",
        "CallbackCommandList": ["Room.CallbackAfterCreateRoom"],
    });
    assert_eq!(saved(&file), json!({ "Version": 1, "Configurations": [row] }));
    assert!(!fs::read_to_string(&file).unwrap().contains(KEY));
}

#[test]
fn what_is_of_an_application_that_does_not_exist_this_time_is_not_lost() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("state.json");
    let other = json!({
        "SDKAppID": 7,
        "Product": "conference",
        "Url": "https://a.example/",
        "CallbackCommandList": ["Room.CallbackAfterCreateRoom"],
    });
    fs::write(&file, json!({ "Version": 1, "Configurations": [other] }).to_string()).unwrap();
    let emulator = start(&file);
    assert_eq!(code(&emulator.call(GET, "{}")), 100301);
    emulator.call(SET, &room("https://b.example/").to_string());
    assert_eq!(saved(&file)["Configurations"][0], other);
    assert_eq!(saved(&file)["Configurations"][1]["SDKAppID"], APP);
}

#[test]
fn a_broken_file_is_refused_with_the_reason_and_left_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("state.json");
    let row = |change: &dyn Fn(&mut Value)| {
        let mut row = room("https://a.example/");
        (row["SDKAppID"], row["Product"]) = (json!(7), json!("conference"));
        change(&mut row);
        json!({ "Version": 1, "Configurations": [row] }).to_string()
    };
    let same = row(&|_| ());
    let known = serde_json::from_str::<Value>(&same).unwrap()["Configurations"][0].clone();
    let twice = json!({ "Version": 1, "Configurations": [known, known] }).to_string();
    for (content, told) in [
        (String::new(), "EOF"),
        (same[..same.len() - 1].to_owned(), "line 1 column"),
        ("[]".to_owned(), "line 1 column"),
        (same.replace("\"Version\":1", "\"Version\":2"), "Version is 2, not 1"),
        (same.replace("Configurations", "Configuration"), "unknown field"),
        (row(&|row| row["SDKAppID"] = json!(-7)), "Configurations[0]: SDKAppID"),
        (row(&|row| row["Product"] = json!("room")), "Product must be conference or call"),
        (row(&|row| row["Url"] = json!("nowhere")), "Configurations[0]: Url"),
        (row(&|row| row["CallbackCommandList"] = json!(["X"])), "CallbackCommandList[0]"),
        (twice, "Configurations[1]: it is there twice"),
    ] {
        fs::write(&file, &content).unwrap();
        let output = run(tc_callback(&["emulate", "--listen=127.0.0.1:0", "--state"])
            .arg(&file)
            .env("TC_SECRET_KEY", KEY));
        assert_eq!(output.status.code(), Some(1), "{content}");
        let said = stderr(&output);
        assert!(said.contains(file.to_str().unwrap()) && said.contains(told), "{content}: {said}");
        assert!(said.contains("remove it"), "{said}");
        assert_eq!(fs::read_to_string(&file).unwrap(), content);
    }
}

#[test]
fn a_file_that_cannot_be_written_is_told_at_the_start() {
    let output =
        run(tc_callback(&["emulate", "--listen=127.0.0.1:0", "--state=/no/such/folder/f"])
            .env("TC_SECRET_KEY", KEY));
    assert_eq!(output.status.code(), Some(1));
    assert!(stderr(&output).contains("cannot write /no/such/folder/f"), "{}", stderr(&output));
}

#[test]
fn a_change_that_cannot_be_kept_is_refused_and_not_made() {
    let folder = tempfile::tempdir().unwrap();
    let emulator = start(&folder.path().join("state.json"));
    folder.close().unwrap();
    let answer = emulator.call(SET, &room("https://a.example/").to_string());
    assert_eq!(code(&answer), 100001);
    assert!(answer["ErrorInfo"].as_str().unwrap().contains("cannot write"), "{answer}");
    assert_eq!(code(&emulator.call(GET, "{}")), 100301);
}
