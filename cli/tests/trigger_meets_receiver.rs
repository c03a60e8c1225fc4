//! `tc-callback trigger` against a host that does what the library's receiver says.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use std::process::Output;

use support::{Host, run, stderr, stdout, tc_callback};

const TOKEN: &str = "a token of the host";

fn trigger(arguments: &[&str]) -> Output {
    let host = Host::receiving(Some(TOKEN), |_, _| None);
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
    assert_right(&trigger(&["--wrong-app", "--expect", "403"]));
}

#[test]
fn a_truncated_event_is_refused_with_400() {
    assert_right(&trigger(&["--truncate", "--expect", "400"]));
}

#[test]
fn a_stale_event_is_refused_with_403_and_an_oversized_one_with_413() {
    assert_right(&trigger(&["--stale", "--expect", "403"]));
    assert_right(&trigger(&["--huge", "--expect", "413"]));
}

#[test]
fn what_differs_from_page_to_page_is_taken() {
    assert_right(&trigger(&[
        "--number-accounts",
        "--string-bools",
        "--shuffled",
        "--pretty",
        "--alias",
    ]));
    assert_right(&trigger(&["--unknown-command"]));
}

#[test]
fn a_refusal_that_was_not_expected_is_a_wrong_reply() {
    let output = trigger(&["--bad-sign"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(stdout(&output).contains("\"ActionStatus\":\"FAIL\""));
}
