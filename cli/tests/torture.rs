//! `tc-callback trigger --torture` against a right back end, and against such as are wrong in one way.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use std::collections::BTreeSet;
use std::net::TcpListener;
use std::process::Output;

use serde_json::Value;
use support::{Host, RIGHT, Received, run, stderr, stdout, tc_callback};
use tc_callback::catalog::Command;
use tc_callback::receiver::{Delivery, Outcome};

const TOKEN: &str = "a token of the host";

fn torture(host: &Host, arguments: &[&str]) -> Output {
    let mut command = tc_callback(&["trigger", "--torture", "--to", &host.url]);
    run(command.args(arguments).env("TC_TOKEN", TOKEN))
}

/// A host that is right but for what `change` makes of some answers.
fn wrong_host(
    change: impl Fn(&Received, &Outcome) -> Option<(&'static str, &'static str)> + Send + 'static,
) -> Host {
    Host::receiving(Some(TOKEN), move |received, outcome| {
        change(received, outcome).map(|(status, body)| (status.to_owned(), body.to_owned()))
    })
}

/// The names of the cases that this host answers wrongly, of one event.
fn mistakes(host: &Host) -> BTreeSet<String> {
    let output = torture(host, &["UpdateRoomInfo", "--json"]);
    let report: Value = serde_json::from_str(&stdout(&output)).unwrap();
    let cases = report["cases"].as_array().unwrap();
    let wrong: Vec<&Value> = cases.iter().filter(|case| case["right"] == false).collect();
    assert_eq!(report["wrong"], wrong.len());
    assert_eq!(output.status.code(), Some(i32::from(!wrong.is_empty())));
    wrong.iter().map(|case| case["case"].as_str().unwrap().to_owned()).collect()
}

fn names(names: &[&str]) -> BTreeSet<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

#[test]
fn a_right_back_end_passes_every_case_with_every_event() {
    let host = wrong_host(|_, _| None);
    let output = torture(&host, &[]);
    assert_eq!(output.status.code(), Some(0), "{}{}", stdout(&output), stderr(&output));
    let table = stdout(&output);
    for part in ["as-sent", "stale", "two-signs", "after-refusal", "right: all "] {
        assert!(table.contains(part), "{part} in {table}");
    }
    assert!(!table.contains("wrong\n") && !table.contains("left out"), "{table}");
    assert_eq!(stdout(&torture(&host, &["--quiet"])), "");
}

#[test]
fn a_right_back_end_without_a_token_passes_and_what_needs_one_is_left_out() {
    let host = Host::receiving(None, |_, _| None);
    let output = run(&mut tc_callback(&["trigger", "--torture", "--to", &host.url]));
    assert_eq!(output.status.code(), Some(0), "{}{}", stdout(&output), stderr(&output));
    assert!(stdout(&output).contains("left out: bad-sign: it needs a token"));
}

#[test]
fn who_takes_forged_requests_is_told_each_forgery_and_how_to_run_it_alone() {
    let host = Host::receiving(None, |_, _| None);
    let output = torture(&host, &["--only", "sign"]);
    assert_eq!(output.status.code(), Some(1));
    let told = stdout(&output);
    for name in ["bad-sign", "no-sign", "stale", "early", "hmac-sign", "empty-sign"] {
        assert!(told.contains(&format!("  {name}: 200 is no refusal: any 4xx is")), "{told}");
    }
    let alone = format!(
        "tc-callback trigger Room.CallbackAfterCreateRoom --stale --expect 4xx --to {}",
        host.url
    );
    assert!(told.contains(&alone), "{alone} in {told}");
    assert!(stderr(&output).contains("cases were answered wrongly"));
    // Run alone, the case fails again.
    let arguments: Vec<&str> = alone.split(' ').skip(1).collect();
    let output = run(tc_callback(&arguments).env("TC_TOKEN", TOKEN));
    assert_eq!(output.status.code(), Some(1));
    assert!(stderr(&output).contains("expected status 4xx, not 200"));
}

#[test]
fn who_answers_500_to_unknown_commands_is_told_so() {
    let host = wrong_host(|_, outcome| {
        let event = outcome.event.as_ref().ok()?;
        (event.command == Command::Unknown as i32).then_some(("500 Oh", ""))
    });
    assert_eq!(mistakes(&host), names(&["unknown-command"]));
}

#[test]
fn who_refuses_older_words_is_told_so() {
    let host = wrong_host(|received, _| {
        let is_old = received.body.contains("Room.CallbackUpdateRoomInfo\"");
        is_old.then_some(("404 Not Found", ""))
    });
    assert_eq!(mistakes(&host), names(&["alias"]));
}

#[test]
fn who_refuses_accounts_that_are_numbers_is_told_so() {
    let host = wrong_host(|received, _| {
        let is_number = received.body.contains("Operator_Account\":1");
        is_number.then_some(("400 Bad Request", RIGHT))
    });
    assert_eq!(mistakes(&host), names(&["number-accounts"]));
}

#[test]
fn who_replies_without_error_info_is_told_so_for_whatever_is_accepted() {
    let host = wrong_host(|_, outcome| {
        (outcome.http_status == 200).then_some(("200 OK", r#"{"ActionStatus":"OK","ErrorCode":0}"#))
    });
    let output = torture(&host, &["--only", "event,sign"]);
    assert!(stdout(&output).contains("as-sent: the reply lacks ErrorInfo"), "{}", stdout(&output));
    assert!(!stdout(&output).contains("  stale: "), "{}", stdout(&output));
    assert_eq!(output.status.code(), Some(1));
}

#[test]
fn who_refuses_what_is_delivered_again_is_told_so() {
    let host = wrong_host(|_, outcome| {
        (outcome.delivery() == Delivery::Done).then_some(("409 Conflict", ""))
    });
    assert!(mistakes(&host).contains("repeat"));
}

#[test]
fn a_server_error_is_wrong_also_where_the_pages_leave_the_answer_open() {
    let host = wrong_host(|_, outcome| (outcome.http_status == 413).then_some(("502 Oh", "")));
    assert_eq!(mistakes(&host), names(&["huge", "after-huge"]));
}

#[test]
fn a_refusal_in_the_vendors_own_words_is_one() {
    let host = wrong_host(|_, outcome| {
        let fail = r#"{"ActionStatus":"FAIL","ErrorInfo":"no","ErrorCode":1}"#;
        (outcome.http_status != 200).then_some(("200 OK", fail))
    });
    assert_eq!(mistakes(&host), names(&[]));
}

#[test]
fn only_one_event_or_one_case_can_be_sent() {
    let host = wrong_host(|_, _| None);
    let output = torture(&host, &["AfterEndCall", "--only", "repeat,stale", "--json"]);
    let report: Value = serde_json::from_str(&stdout(&output)).unwrap();
    let sent: Vec<_> = report["cases"]
        .as_array()
        .unwrap()
        .iter()
        .map(|case| (case["case"].as_str().unwrap(), case["event"].as_str().unwrap()))
        .collect();
    let event = Command::CallAfterEndCall.word();
    assert_eq!(sent, [("stale", event), ("repeat", event)]);
    assert_eq!(report["cases"][1]["got"], serde_json::json!(["200", "200"]));
}

#[test]
fn the_list_names_every_case_and_sends_nothing() {
    let listed = stdout(&run(&mut tc_callback(&["trigger", "--torture", "--list"])));
    for part in ["sequence\n", "  stale                  4xx ", "  huge                   either "]
    {
        assert!(listed.contains(part), "{part} in {listed}");
    }
    let output = run(&mut tc_callback(&["trigger", "--torture", "--list", "--json"]));
    let cases: Vec<Value> = serde_json::from_str(&stdout(&output)).unwrap();
    assert!(cases.len() > 50);
    assert!(cases.iter().all(|case| listed.contains(case["about"].as_str().unwrap())));
}

#[test]
fn where_nobody_listens_it_ends_at_once() {
    let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let url = format!("http://{address}/");
    let output = run(&mut tc_callback(&["trigger", "--torture", "--to", &url]));
    assert_eq!(output.status.code(), Some(1));
    assert!(stderr(&output).contains("refused"), "{}", stderr(&output));
}

#[test]
fn what_never_answers_is_given_up_after_a_few_events() {
    let output = torture(&Host::silent(), &[]);
    assert_eq!(output.status.code(), Some(1));
    assert!(stderr(&output).contains("in a row"), "{}", stderr(&output));
}
