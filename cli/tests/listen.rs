//! `tc-callback listen` and `tc-callback replay`: what is received, what is recorded, and what a recording sends.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Output, Stdio};

use serde_json::Value;
use support::{Emulator, Host, Received, now_s, run, run_with_input, stderr, stdout, tc_callback};
use tempfile::TempDir;

const TOKEN: &str = "a secret token";

/// `tc-callback listen` on a free port. Its URL is read from its first line, which it does not have with --quiet or --json.
fn listen(arguments: &[&str]) -> Emulator {
    let mut command = tc_callback(&["listen", "--listen", "127.0.0.1:0"]);
    Emulator::spawn(command.args(arguments).env("TC_TOKEN", TOKEN))
}

fn trigger(url: &str, arguments: &[&str]) -> Output {
    run(tc_callback(&["trigger", "--to", url]).args(arguments).env("TC_TOKEN", TOKEN))
}

/// A recording with one request for each of these triggers.
fn recording(triggers: &[&[&str]]) -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("calls.jsonl");
    let listener = listen(&["--record", file.to_str().unwrap()]);
    for arguments in triggers {
        trigger(&listener.url, arguments);
    }
    assert_eq!(listener.end("-TERM").0.code(), Some(0));
    (folder, file)
}

fn records(file: &Path) -> Vec<Value> {
    let text = fs::read_to_string(file).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn replay(file: &Path, host: &Host, arguments: &[&str]) -> Output {
    let file = file.to_str().unwrap();
    run(tc_callback(&["replay", file, "--to", &host.url]).args(arguments).env("TC_TOKEN", TOKEN))
}

fn receiving() -> Host {
    Host::receiving(Some(TOKEN), |_, _| None)
}

#[test]
fn it_answers_every_case_of_the_torture_rightly() {
    let listener = listen(&[]);
    let output = trigger(&listener.url, &["--torture", "UpdateRoomInfo", "--quiet"]);
    assert_eq!(output.status.code(), Some(0), "{}{}", stdout(&output), stderr(&output));
}

#[test]
fn each_request_is_a_line_with_command_subject_and_what_was_wrong() {
    let listener = listen(&[]);
    let url = listener.url.clone();
    trigger(&url, &["AfterMemberEnter"]);
    trigger(&url, &["AfterMemberEnter", "--bad-sign"]);
    trigger(&url, &["AfterStartCall", "--set", "CallInfo.RoomIdType=[]"]);
    let (status, lines) = listener.end("-INT");
    assert_eq!(status.code(), Some(0));
    let find = |part: &str| lines.iter().position(|line| line.contains(part));
    let taken = find("200  Room.CallbackAfterMemberEnter  rid-123").unwrap();
    let refused = find("403  Room.CallbackAfterMemberEnter").unwrap();
    assert!(lines[refused + 1].contains("refused: Sign was not made"), "{lines:?}");
    assert!(taken < refused && find("unusual: CallInfo.RoomIdType").is_some(), "{lines:?}");
}

#[test]
fn who_is_quiet_sees_only_refusals_and_who_wants_json_sees_records() {
    let folder = tempfile::tempdir().unwrap();
    for (option, expected) in [("--quiet", 1), ("--json", 2)] {
        let ready = folder.path().join(option);
        let mut command =
            tc_callback(&["listen", "--listen", "127.0.0.1:0", option, "--ready-file"]);
        let mut child = command
            .arg(&ready)
            .env("TC_TOKEN", TOKEN)
            .stdout(std::process::Stdio::piped())
            .spawn()
            .unwrap();
        let url = loop {
            match fs::read_to_string(&ready) {
                Ok(url) => break url,
                Err(_) => assert!(child.try_wait().unwrap().is_none(), "it ended"),
            }
        };
        trigger(&url, &["AfterMemberEnter"]);
        trigger(&url, &["AfterMemberEnter", "--stale"]);
        let pid = child.id().to_string();
        run(std::process::Command::new("kill").arg(&pid));
        let output = child.wait_with_output().unwrap();
        assert_eq!(output.status.code(), Some(0));
        let lines = stdout(&output);
        let heads = lines.lines().filter(|line| line.contains("AfterMemberEnter")).count();
        assert_eq!(heads, expected, "{lines}");
        if option == "--json" {
            let record: Value = serde_json::from_str(lines.lines().next().unwrap()).unwrap();
            assert_eq!(record["outcome"]["http_status"], 200);
        }
    }
}

#[test]
fn a_recording_has_the_bytes_the_query_the_headers_and_what_was_answered() {
    let (_folder, file) = recording(&[
        &["UpdateRoomInfo", "--fault", "escaped,percent-encoded", "--pretty"],
        &["UpdateRoomInfo", "--fault", "not-utf-8"],
        &["UpdateRoomInfo", "--stale"],
    ]);
    let records = records(&file);
    assert_eq!(records.len(), 3);
    let body = records[0]["body"].as_str().unwrap();
    assert!(body.starts_with("{\n  \"\\u0043") && body.ends_with("\n}"), "{body}");
    assert!(records[0]["query"].as_str().unwrap().contains("CallbackCommand=%52%6F"));
    assert!(records[0]["remote"].as_str().unwrap().starts_with("127.0.0.1:"));
    let headers = records[0]["headers"].as_array().unwrap();
    assert!(headers.contains(&serde_json::json!(["content-type", "application/json"])));
    assert_eq!(records[0]["outcome"]["command"], "Room.CallbackAfterUpdateRoomInfo");
    assert_eq!(records[0]["outcome"]["subject"], "rid-123");
    let bytes = records[1]["body_base64"].as_str().unwrap();
    let bytes = data_encoding::BASE64.decode(bytes.as_bytes()).unwrap();
    assert!(std::str::from_utf8(&bytes).is_err());
    assert_eq!(records[1]["outcome"]["http_status"], 400);
    assert_eq!(records[2]["outcome"]["http_status"], 403);
    assert!(!fs::read_to_string(&file).unwrap().contains(TOKEN));
}

#[test]
fn a_recording_is_added_to() {
    let (_folder, file) = recording(&[&["AfterMemberEnter"]]);
    let listener = listen(&["--record", file.to_str().unwrap()]);
    trigger(&listener.url, &["AfterEndCall"]);
    listener.end("-TERM");
    assert_eq!(records(&file).len(), 2);
}

#[test]
fn a_replay_sends_the_recorded_bytes_with_a_fresh_sign_and_is_answered_as_before() {
    let (_folder, file) = recording(&[
        &["UpdateRoomInfo", "--fault", "escaped,percent-encoded,charset", "--pretty"],
        &["UpdateRoomInfo", "--fault", "not-utf-8"],
    ]);
    let old = fs::read_to_string(&file).unwrap();
    // Time passes: the recorded Sign is from an hour ago.
    let records = records(&file);
    let time = |record: &Value| {
        let query = record["query"].as_str().unwrap().to_owned();
        form_urlencoded::parse(query.as_bytes())
            .find(|(name, _)| name == "RequestTime")
            .unwrap()
            .1
            .into_owned()
    };
    let text = old.replace(&format!("RequestTime={}", time(&records[1])), "RequestTime=1600000000");
    fs::write(&file, text).unwrap();
    let host = receiving();
    let output = replay(&file, &host, &[]);
    assert_eq!(output.status.code(), Some(0), "{}{}", stdout(&output), stderr(&output));
    let first: Received = host.received();
    assert_eq!(first.body, records[0]["body"].as_str().unwrap());
    assert!(first.headers.contains("charset=utf-8"));
    assert!(first.request_line.contains("CallbackCommand=%52%6F"));
    let second = host.received();
    let bytes = data_encoding::BASE64.encode(&second.bytes);
    assert_eq!(bytes, records[1]["body_base64"].as_str().unwrap());
    assert!(second.parameter("RequestTime").parse::<u64>().unwrap().abs_diff(now_s()) < 60);
    assert!(stdout(&output).contains("right    2"), "{}", stdout(&output));
}

#[test]
fn ctrl_c_ends_a_replay_with_the_report_of_what_was_sent_and_exit_code_1() {
    let (_folder, file) = recording(&[&["AfterMemberEnter"], &["AfterMemberLeave"]]);
    // The second came an hour after the first.
    let text = fs::read_to_string(&file).unwrap();
    let time = records(&file)[0]["time_ms"].as_u64().unwrap();
    let text = text.replacen(&time.to_string(), &(time - 3_600_000).to_string(), 1);
    fs::write(&file, text).unwrap();
    let host = receiving();
    let file = file.to_str().unwrap();
    let mut command = tc_callback(&["replay", file, "--to", &host.url, "--speed", "1x", "--json"]);
    let piped = command.env("TC_TOKEN", TOKEN).stdin(Stdio::null()).stdout(Stdio::piped());
    let child = piped.stderr(Stdio::piped()).spawn().unwrap();
    host.received();
    run(std::process::Command::new("kill").args(["-INT", &child.id().to_string()]));
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    let report: Value = serde_json::from_str(&stdout(&output)).unwrap();
    assert_eq!((&report["sent"], &report["interrupted"]), (&Value::from(1), &Value::from(true)));
}

#[test]
fn what_was_refused_for_its_sign_keeps_it_and_is_refused_again() {
    let (_folder, file) =
        recording(&[&["AfterMemberEnter", "--bad-sign"], &["AfterMemberEnter", "--stale"]]);
    let host = receiving();
    assert_eq!(replay(&file, &host, &[]).status.code(), Some(0));
    for record in records(&file) {
        let received = host.received();
        assert!(received.request_line.contains(record["query"].as_str().unwrap()));
    }
}

#[test]
fn as_recorded_leaves_every_query_alone_and_needs_no_token() {
    let (_folder, file) = recording(&[&["AfterMemberEnter"]]);
    let host = Host::right();
    let arguments = ["replay", file.to_str().unwrap(), "--to", &host.url];
    let output = run(&mut tc_callback(&arguments));
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("--as-recorded"), "{}", stderr(&output));
    let output = run(tc_callback(&arguments).arg("--as-recorded"));
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let query = records(&file)[0]["query"].as_str().unwrap().to_owned();
    assert!(host.received().request_line.contains(&format!("?{query} ")));
}

#[test]
fn only_a_commands_requests_are_sent_and_another_answer_than_before_is_told() {
    let (_folder, file) =
        recording(&[&["AfterMemberEnter"], &["AfterEndCall"], &["AfterMemberLeave"]]);
    let host = Host::replying("500 Oh", "");
    let output = replay(&file, &host, &["--only", "AfterEndCall", "--speed", "1000x", "--json"]);
    assert_eq!(output.status.code(), Some(1));
    let report: Value = serde_json::from_str(&stdout(&output)).unwrap();
    assert_eq!((&report["sent"], &report["wrong"]), (&1.into(), &1.into()));
    assert_eq!(report["wrong_kinds"][0]["first"]["command"], "Call.CallbackAfterEndCall");
    assert!(stderr(&output).contains("1 of 1 events were not answered rightly"));
}

#[test]
fn what_is_no_recording_is_told_with_its_line() {
    let host = Host::right();
    let arguments = ["replay", "-", "--to", &host.url];
    for (text, told) in [("{}\n", "line 1"), ("\n\nnonsense", "line 3"), ("", "nothing was sent")] {
        let output = run_with_input(&mut tc_callback(&arguments), text);
        assert!(stderr(&output).contains(told), "{}", stderr(&output));
        assert_ne!(output.status.code(), Some(0));
    }
}
