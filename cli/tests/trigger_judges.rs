//! How `tc-callback trigger` judges the reply, and how it tells.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use std::io::Write;
use std::net::TcpListener;
use std::process::{Output, Stdio};

use support::{Host, RIGHT, run, run_with_input, stderr, stdout, tc_callback};
use tc_callback::catalog::Command;

fn trigger(host: &Host, arguments: &[&str]) -> Output {
    run(tc_callback(&["trigger", "AfterMemberEnter", "--to", &host.url]).args(arguments))
}

fn assert_fails(output: &Output, exit_code: i32, told: &str) {
    assert_eq!(output.status.code(), Some(exit_code), "{}{}", stdout(output), stderr(output));
    let error = stderr(output);
    assert!(error.starts_with("error: ") && error.contains(told), "{told:?} in {error}");
}

#[test]
fn a_right_reply_is_shown_with_the_request_its_status_and_its_latency() {
    let host = Host::right();
    let output = trigger(&host, &[]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let shown = stdout(&output);
    for part in
        [&format!("POST {}?SdkAppid=", host.url), "\"CallbackCommand\"", "200 OK in ", " ms", RIGHT]
    {
        assert!(shown.contains(part), "{part} in {shown}");
    }
    assert!(!shown.contains('\x1b'), "no colours but on a terminal");
    assert_eq!(stderr(&output), "");
}

#[test]
fn a_wrong_reply_is_exit_code_1_and_its_mistake_is_told() {
    for (status, body, told) in [
        ("403 Forbidden", RIGHT, "403"),
        ("500 Internal Server Error", "", "500"),
        ("200 OK", "", "no body"),
        ("200 OK", "OK", "not JSON"),
        ("200 OK", "{\"ActionStatus\":\"OK\",\"ErrorInfo\":\"\"}", "ErrorCode"),
        (
            "200 OK",
            "{\"ActionStatus\":\"FAIL\",\"ErrorInfo\":\"\",\"ErrorCode\":1}",
            "ActionStatus",
        ),
    ] {
        assert_fails(&trigger(&Host::replying(status, body), &[]), 1, told);
    }
}

#[test]
fn a_redirect_is_not_followed() {
    let mut is_first = true;
    let host = Host::answering(move |_| {
        let status = if is_first { "302 Found\r\nLocation: /elsewhere" } else { "200 OK" };
        is_first = false;
        (status.to_owned(), RIGHT.to_owned())
    });
    assert_fails(&trigger(&host, &[]), 1, "302");
}

#[test]
fn a_reply_that_does_not_come_times_out() {
    assert_fails(&trigger(&Host::silent(), &[]), 1, "timed out");
}

#[test]
fn a_reply_without_end_is_not_read_without_end() {
    let host = Host::replying("200 OK", &" ".repeat(1024 * 1024));
    assert_fails(&trigger(&host, &[]), 1, "over");
}

#[test]
fn a_server_that_does_not_run_is_told() {
    let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let output = run(&mut tc_callback(&[
        "trigger",
        "AfterMemberEnter",
        "--to",
        &format!("http://{address}/"),
    ]));
    assert_fails(&output, 1, "refused");
}

#[test]
fn an_expected_status_is_success_and_any_other_a_failure() {
    let refusing = Host::replying("403 Forbidden", "no");
    assert_eq!(trigger(&refusing, &["--bad-sign", "--expect", "403"]).status.code(), Some(0));
    assert_fails(
        &trigger(&refusing, &["--malformed", "--expect", "400"]),
        1,
        "expected status 400, not 403",
    );
    assert_fails(&trigger(&Host::right(), &["--expect", "403"]), 1, "expected status 403, not 200");
}

#[test]
fn a_class_of_statuses_can_be_expected() {
    let refusing = Host::replying("403 Forbidden", "no");
    assert_eq!(trigger(&refusing, &["--expect", "4xx"]).status.code(), Some(0));
    assert_eq!(trigger(&refusing, &["--expect", "200,4xx"]).status.code(), Some(0));
    let output = trigger(&refusing, &["--expect", "200,5xx"]);
    assert_fails(&output, 1, "expected status 200 or 5xx, not 403");
}

#[test]
fn a_machine_gets_one_document_and_who_wants_quiet_gets_only_what_is_wrong() {
    let output = trigger(&Host::right(), &["--json"]);
    let document: serde_json::Value = serde_json::from_str(&stdout(&output)).unwrap();
    assert_eq!((&document["status"], &document["right"]), (&200.into(), &true.into()));
    assert_eq!(document["reply"], RIGHT);

    let output = trigger(&Host::replying("500 Oh", ""), &["--json"]);
    assert_fails(&output, 1, "500");
    let document: serde_json::Value = serde_json::from_str(&stdout(&output)).unwrap();
    assert_eq!((&document["status"], &document["right"]), (&500.into(), &false.into()));
    assert!(document["wrong"].as_str().unwrap().contains("500"));

    let output = trigger(&Host::right(), &["--quiet"]);
    assert_eq!(
        (stdout(&output), stderr(&output), output.status.code()),
        (String::new(), String::new(), Some(0))
    );
    let output = trigger(&Host::replying("500 Oh", ""), &["-q"]);
    assert_fails(&output, 1, "500");
    assert_eq!(stdout(&output), "");
}

#[test]
fn a_wrong_call_is_exit_code_2_and_nothing_is_sent() {
    for (arguments, told) in [
        (&["trigger"][..], "EVENT"),
        (&["trigger", "AfterNothing"], "--list"),
        (&["trigger", "Member"], "did you mean"),
        (&["trigger", "AfterMemberEnter", "--to", "localhost:80"], "http://"),
        (
            &["trigger", "AfterMemberEnter", "--to", "http://127.0.0.1:1", "--set", "RoomId"],
            "PATH=VALUE",
        ),
        (
            &["trigger", "AfterMemberEnter", "--to", "http://127.0.0.1:1", "--set", "RoomId.x=1"],
            "RoomId.x",
        ),
        (
            &["trigger", "AfterMemberEnter", "--to", "http://127.0.0.1:1", "--unset", "Nothing"],
            "Nothing",
        ),
        (&["trigger", "AfterMemberEnter"], "--to"),
        (&["trigger", "AfterMemberEnter", "--region", "seoul"], "TC_SDK_APP_ID"),
        (
            &["trigger", "AfterMemberEnter", "--sdk-app-id", "7", "--region", "seoul"],
            "TC_SECRET_KEY",
        ),
        (&["trigger", "AfterMemberEnter", "--expect", "9"], "--expect"),
        (&["trigger", "AfterMemberEnter", "--fault", "nonsense"], "--fault"),
        (
            &["trigger", "AfterMemberEnter", "--alias"],
            "--alias: Room.CallbackAfterMemberEnter has no older word",
        ),
        (&["trigger", "AfterMemberEnter", "--stale"], "--stale: it is not signed"),
        (
            &["trigger", "AfterMemberEnter", "--fault", "empty-seat"],
            "--fault empty-seat: it has no seats",
        ),
        (&["trigger", "--torture", "--stale"], "cannot be used with"),
        (&["trigger", "--torture", "--set", "a=b"], "cannot be used with"),
        (&["trigger", "--torture", "--only", "nonsense"], "groups: event, application, sign"),
        (&["trigger", "--torture"], "--to"),
    ] {
        let output = run(&mut tc_callback(arguments));
        assert_fails(&output, 2, told);
        assert_eq!(stdout(&output), "", "{arguments:?}");
    }
    for body in ["", "{", "[1]", "1"] {
        let arguments =
            ["trigger", "AfterMemberEnter", "--to", "http://127.0.0.1:1", "--body", "-"];
        assert_fails(
            &run_with_input(&mut tc_callback(&arguments), body),
            2,
            "standard input is not",
        );
    }
}

#[test]
fn the_list_has_every_word_and_older_word() {
    let output = run(&mut tc_callback(&["trigger", "--list"]));
    assert!(output.status.success());
    for command in Command::all() {
        for word in command.aliases().iter().chain([&command.word()]) {
            assert!(stdout(&output).lines().any(|line| line.ends_with(word)), "{word}");
        }
    }
}

#[test]
fn colours_appear_when_asked_for() {
    let output = trigger(&Host::right(), &["--color", "always"]);
    assert!(stdout(&output).contains('\x1b'));
}

#[test]
fn a_reader_that_has_gone_changes_neither_the_exit_code_nor_standard_error() {
    let host = Host::right();
    let mut command =
        tc_callback(&["trigger", "AfterMemberEnter", "--to", &host.url, "--body", "-"]);
    let piped = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = piped.spawn().unwrap();
    // It prints nothing before it has read its body.
    drop(child.stdout.take());
    child.stdin.take().unwrap().write_all(b"{}").unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    assert_eq!(stderr(&output), "");
}
