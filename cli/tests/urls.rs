//! URLs that cannot be right are refused by every option that takes one, by the emulator, and by the client in the same words.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use std::process::Output;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::{Value, json};
use support::{Emulator, Host, KEY, RIGHT, code, run, stderr, stdout, tc_callback};

const UPDATE: &str = "Room.CallbackAfterUpdateRoomInfo";

fn fixture() -> Value {
    serde_json::from_str(include_str!("../../tests/fixtures/urls.json")).unwrap()
}

/// The URLs of this kind, each with a part of the message.
fn rows(kind: &str) -> Vec<(String, String)> {
    serde_json::from_value(fixture()[kind].clone()).unwrap()
}

fn is_wrong_call(output: &Output, name: &str, says: &str) {
    let told = stderr(output);
    assert_eq!(output.status.code(), Some(2), "{name}: {told}");
    assert!(told.contains(name) && told.contains(says), "{name}, {says}: {told}");
    assert!(!told.contains("secret"), "{told}");
    assert_eq!(stdout(output), "", "{name}");
}

#[test]
fn an_endpoint_that_would_be_another_server_is_refused_by_the_name_it_was_given_with() {
    for (url, says) in rows("endpoints") {
        let get = || {
            let mut command = tc_callback(&["config", "get", "conference"]);
            command.env("TC_SDK_APP_ID", "1400000000").env("TC_SECRET_KEY", KEY);
            command
        };
        is_wrong_call(&run(get().args(["--endpoint", &url])), "--endpoint", &says);
        is_wrong_call(&run(get().env("TC_ENDPOINT", &url)), "TC_ENDPOINT", &says);
    }
}

#[test]
fn nothing_is_posted_to_a_port_that_was_not_meant() {
    for port in fixture()["ports"].as_array().unwrap() {
        let url = format!("http://127.0.0.1:{}/callback", port.as_str().unwrap());
        for arguments in [
            &["trigger", UPDATE, "--to", &url][..],
            &["trigger", "--torture", "--to", &url],
            &["scenario", "meeting", "--rooms", "1", "--to", &url],
        ] {
            is_wrong_call(&run(&mut tc_callback(arguments)), "--to", "127.0.0.1");
        }
    }
}

#[test]
fn a_wrong_endpoint_is_noticed_before_an_event_is_sent_elsewhere() {
    let count = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&count);
    let host = Host::answering(move |_| {
        counter.fetch_add(1, Ordering::SeqCst);
        ("200 OK".to_owned(), RIGHT.to_owned())
    });
    for arguments in
        [&["trigger", UPDATE, "--to", &host.url][..], &["scenario", "meeting", "--to", &host.url]]
    {
        let output = run(tc_callback(arguments).env("TC_ENDPOINT", "http://127.0.0.1:900O"));
        is_wrong_call(&output, "TC_ENDPOINT", "port \"900O\"");
    }
    assert_eq!(count.load(Ordering::SeqCst), 0);
}

#[test]
fn the_emulator_and_the_client_agree_on_callback_urls() {
    let emulator = Emulator::start(&[]);
    let set = |url: &str| {
        let body = json!({"Url": url, "CallbackCommandList": ["Call.CallbackAfterStartCall"]});
        emulator.call("call_config/set_callback", &body.to_string())
    };
    let ensure = |url: &str| {
        let arguments = ["config", "ensure", "call", "--all", "--url", url];
        run(&mut emulator.command(&arguments))
    };
    for (url, says) in rows("callbacks") {
        let answer = set(&url);
        assert_eq!(code(&answer), 100002, "{url}");
        let info = answer["ErrorInfo"].as_str().unwrap();
        assert!(info.starts_with("Url ") && info.contains(&says), "{url}: {info}");
        assert!(!info.contains("secret"), "{info}");
        is_wrong_call(&ensure(&url), "the callback URL", &says);
    }
    assert_eq!(code(&emulator.call("call_config/get_callback", "{}")), 100301);
    for url in fixture()["good_callbacks"].as_array().unwrap() {
        let url = url.as_str().unwrap();
        assert_eq!(code(&set(url)), 0, "{url}");
        let found = emulator.call("call_config/get_callback", "{}");
        assert_eq!(found["Response"]["Url"], url);
        assert!(ensure(url).status.success(), "{url}");
    }
}
