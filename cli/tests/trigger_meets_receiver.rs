//! `tc-callback trigger` against a host that does what the library's receiver says.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use std::process::Output;

use support::{APP, Host, run, stderr, stdout, tc_callback};
use tc_callback::receiver::{Options, Receiver, Request};

const TOKEN: &str = "a token of the host";

fn host() -> Host {
    let mut options = Options::new(APP);
    options.add_token(TOKEN);
    let receiver = Receiver::new(options).unwrap();
    Host::answering(move |received| {
        let query = received.request_line.split(['?', ' ']).nth(2).unwrap();
        let body = received.body.as_bytes();
        let outcome = receiver.handle(&Request { query: query.as_bytes(), body, now_s: None });
        (format!("{} Answered", outcome.http_status), outcome.reply.to_string())
    })
}

fn trigger(arguments: &[&str]) -> Output {
    let host = host();
    let output = run(tc_callback(&["trigger", "AfterUpdateRoomInfo", "--to", &host.url])
        .args(arguments)
        .env("TC_TOKEN", TOKEN));
    host.received();
    output
}

fn assert_right(output: &Output) {
    assert!(output.status.success(), "{}{}", stdout(output), stderr(output));
}

#[test]
fn a_signed_event_is_taken_and_the_reply_is_right() {
    assert_right(&trigger(&["--set", "RoomInfo.RoomName=Stand-up"]));
}

#[test]
fn a_forged_event_is_refused_with_403() {
    assert_right(&trigger(&["--bad-sign", "--expect", "403"]));
}

#[test]
fn an_event_of_another_application_is_refused_with_403() {
    assert_right(&trigger(&["--sdk-app-id", "7", "--expect", "403"]));
}

#[test]
fn a_malformed_event_is_refused_with_400() {
    assert_right(&trigger(&["--malformed", "--expect", "400"]));
}

#[test]
fn a_refusal_that_was_not_expected_is_a_wrong_reply() {
    let output = trigger(&["--bad-sign"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(stdout(&output).contains("\"ActionStatus\":\"FAIL\""));
}
