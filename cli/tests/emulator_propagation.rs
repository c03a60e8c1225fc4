//! A configuration that takes its time to take effect.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use serde_json::json;
use support::{Emulator, code};

const SET: &str = "room_config/set_callback";
const UPDATE: &str = "room_config/update_callback";
const GET: &str = "room_config/get_callback";
const DELETE: &str = "room_config/delete_callback";

fn room(url: &str) -> String {
    json!({ "Url": url, "CallbackCommandList": ["Room.CallbackAfterCreateRoom"] }).to_string()
}

#[test]
fn until_a_change_takes_effect_it_is_written_but_not_read() {
    let emulator = Emulator::start(&["--propagation", "1h"]);
    assert_eq!(code(&emulator.call(SET, &room("https://a.example/"))), 0);
    assert_eq!(code(&emulator.call(GET, "{}")), 100301);
    assert_eq!(code(&emulator.call(SET, &room("https://b.example/"))), 100300);
    assert_eq!(code(&emulator.call(UPDATE, &room("https://b.example/"))), 0);
    assert_eq!(code(&emulator.call(GET, "{}")), 100301);
}

#[test]
fn what_the_state_file_holds_is_in_effect_until_a_change_takes_effect() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("state.json");
    let file = file.to_str().unwrap();
    Emulator::start(&["--state", file]).call(SET, &room("https://a.example/"));

    let emulator = Emulator::start(&["--state", file, "--propagation", "1h"]);
    assert_eq!(code(&emulator.call(DELETE, "{}")), 0);
    assert_eq!(emulator.call(GET, "{}")["Response"]["Url"], "https://a.example/");
    assert_eq!(code(&emulator.call(SET, &room("https://b.example/"))), 0, "it was deleted");
    drop(emulator);

    let emulator = Emulator::start(&["--state", file]);
    assert_eq!(emulator.call(GET, "{}")["Response"]["Url"], "https://b.example/");
}
