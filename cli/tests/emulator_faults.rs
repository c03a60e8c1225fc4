//! Faults that are put in: which requests they meet, and what is left of the request.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;

use serde_json::Value;
use support::{
    APP, Emulator, KEY, agent, code, query, run, signed_with, stderr, tc_callback, usersig,
};
use tc_callback::usersig::SignOptions;

const SET: &str = "room_config/set_callback";
const GET: &str = "room_config/get_callback";
const ROOM: &str =
    r#"{"Url":"http://www.example.com/","CallbackCommandList":["Room.CallbackAfterCreateRoom"]}"#;

fn path(api: &str) -> String {
    format!("/v4/{api}?{}", query(APP, "administrator", &usersig(APP, "administrator")))
}

fn answers(arguments: &[&str], count: usize) -> Vec<Value> {
    let emulator = Emulator::start(arguments);
    (0..count).map(|_| emulator.call(GET, "{}")).collect()
}

fn codes(arguments: &[&str], count: usize) -> Vec<i64> {
    answers(arguments, count).iter().map(code).collect()
}

/// Sends a request and leaves the answer to be read.
fn send(emulator: &Emulator, api: &str, body: &str, headers: &str) -> TcpStream {
    let (path, length) = (path(api), body.len());
    let mut stream = TcpStream::connect(emulator.url.strip_prefix("http://").unwrap()).unwrap();
    let head = format!("POST {path} HTTP/1.1\r\nHost: h\r\nContent-Length: {length}\r\n");
    write!(stream, "{head}{headers}\r\n{body}").unwrap();
    stream
}

/// Whether there is no answer, not even the beginning of one.
fn is_dropped(emulator: &Emulator, api: &str, body: &str) -> bool {
    let mut stream = send(emulator, api, body, "Connection: close\r\n");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer.is_empty()
}

#[test]
fn the_same_seed_gives_the_same_requests_the_same_faults_and_request_ids() {
    let arguments = ["--fail", "100001:30%", "--seed", "7"];
    let expected = [100301, 100301, 100001, 100301, 100301, 100301, 100301, 100001, 100001, 100301];
    assert_eq!(codes(&arguments, 10), expected);
    assert_eq!(answers(&arguments, 3), answers(&arguments, 3));
    assert_eq!(
        answers(&arguments, 1)[0]["RequestId"],
        "Id-91f679b682b9f20603b504cf7a6f7a31-O-Seq-1"
    );
    assert_ne!(codes(&["--fail", "100001:30%", "--seed", "8"], 10), expected);
}

#[test]
fn what_else_is_put_in_does_not_change_which_requests_fail() {
    let alone = codes(&["--fail", "100001:30%", "--seed", "7"], 10);
    let more = ["--fail", "100001:30%", "--seed", "7", "--latency", "1ms", "--http", "502:0%"];
    assert_eq!(codes(&more, 10), alone);
    let second = ["--fail", "100001:30%", "--fail", "60008:50%", "--seed", "7"];
    let both = codes(&second, 10);
    assert_eq!(both, [100301, 60008, 100001, 100301, 100301, 60008, 60008, 100001, 100001, 60008]);
}

#[test]
fn a_seed_that_was_chosen_is_told_and_can_be_given_again() {
    let emulator = Emulator::start(&["--fail", "100001:50%"]);
    let line = std::iter::repeat_with(|| emulator.next_line())
        .find(|line| line.starts_with("Faults, with seed"))
        .unwrap();
    let seed = line.split(|c: char| !c.is_ascii_digit()).find(|word| !word.is_empty()).unwrap();
    assert!(line.contains("--seed"), "{line}");
    let first: Vec<Value> = (0..5).map(|_| emulator.call(GET, "{}")).collect();
    assert_eq!(answers(&["--fail", "100001:50%", "--seed", seed], 5), first);
}

#[test]
fn a_failing_request_changes_nothing_and_says_that_it_was_made_to_fail() {
    let emulator = Emulator::start(&["--fail", &format!("{SET}=100001:100%")]);
    let answer = emulator.call(SET, ROOM);
    assert_eq!(code(&answer), 100001);
    assert!(answer["ErrorInfo"].as_str().unwrap().contains("injected"), "{answer}");
    assert_eq!(code(&emulator.call(GET, "{}")), 100301, "another API does not fail");
}

#[test]
fn a_code_that_tencent_does_not_document_can_be_answered_too() {
    assert_eq!(codes(&["--fail", "99999:100%"], 1), [99999]);
}

#[test]
fn a_request_with_a_mistake_of_its_own_keeps_its_own_code() {
    let emulator = Emulator::start(&["--fail", "100001:100%"]);
    let forged = signed_with("x", &SignOptions::new(APP, "administrator", support::now_s(), 60));
    let path = format!("/v4/{GET}?{}", query(APP, "administrator", &forged));
    assert_eq!(emulator.code(&path, "{}"), 70009);
    assert_eq!(code(&emulator.call(GET, "")), 60003);
    assert_eq!(emulator.code("/v4/room_config/nothing", "{}"), 60009);
}

#[test]
fn a_dropped_answer_is_that_of_a_request_that_was_carried_out() {
    let emulator = Emulator::start(&["--drop", &format!("{SET}=100%")]);
    assert!(is_dropped(&emulator, SET, ROOM));
    assert_eq!(emulator.call(GET, "{}")["Response"], serde_json::from_str::<Value>(ROOM).unwrap());
    assert!(!is_dropped(&emulator, GET, "{}"));
}

#[test]
fn a_request_that_is_dropped_before_is_not_carried_out() {
    let emulator = Emulator::start(&["--drop-before", &format!("{SET}=100%")]);
    assert!(is_dropped(&emulator, SET, ROOM));
    assert_eq!(code(&emulator.call(GET, "{}")), 100301);
}

#[test]
fn which_answers_are_dropped_is_the_seeds_too() {
    let emulator = Emulator::start(&["--drop", "20%", "--seed", "7"]);
    let dropped: Vec<bool> = (0..9).map(|_| is_dropped(&emulator, GET, "{}")).collect();
    assert_eq!(dropped, [false, true, true, false, true, false, false, true, true]);
}

#[test]
fn an_http_fault_is_a_proxys_page_and_the_request_is_not_carried_out() {
    let emulator = Emulator::start(&["--http", &format!("{SET}=502")]);
    let url = format!("{}{}", emulator.url, path(SET));
    let mut response = agent().post(url).send(ROOM).unwrap();
    assert_eq!(response.status(), 502);
    assert_eq!(response.headers()["content-type"], "text/html");
    let page = response.body_mut().read_to_string().unwrap();
    assert!(page.contains("<h1>502 Bad Gateway</h1>"), "{page}");
    assert_eq!(code(&emulator.call(GET, "{}")), 100301);
}

#[test]
fn a_late_answer_is_that_of_a_request_that_was_carried_out_at_once() {
    let emulator = Emulator::start(&["--latency", &format!("{SET}=3600s")]);
    let mut stream = send(&emulator, SET, ROOM, "");
    let line =
        std::iter::repeat_with(|| emulator.next_line()).find(|line| line.contains("Id-")).unwrap();
    assert!(line.contains("OK; 3600.0s late"), "{line}");
    assert_eq!(code(&emulator.call(GET, "{}")), 0);
    stream.set_nonblocking(true).unwrap();
    assert_eq!(stream.read(&mut [0]).unwrap_err().kind(), ErrorKind::WouldBlock);
    assert_eq!(emulator.end("-TERM").0.code(), Some(0), "it ends although an answer is due");
}

#[test]
fn each_fault_stands_in_the_line_of_its_request_and_in_the_greeting() {
    for (arguments, greeting, line) in [
        (["--fail", "60008:100%"], "100% of all requests: 60008, the service timed out", "60008"),
        (["--drop", "100%"], "answer lost", "100301 the callback configuration does not exist"),
        (["--drop-before", "100%"], "not carried out", "not carried out, connection closed"),
        (["--http", "503"], "HTTP status 503", "not carried out, HTTP status 503"),
        (["--latency", "1ms..2ms"], "100% of all requests: 1.0ms to 2.0ms late", "ms late"),
    ] {
        let emulator = Emulator::start(&arguments);
        let _ = agent().post(format!("{}{}", emulator.url, path(GET))).send("{}");
        let (_, lines) = emulator.end("-TERM");
        assert!(lines.iter().any(|found| found.contains(greeting)), "{greeting} in {lines:?}");
        let of_request = lines.iter().find(|line| line.contains("Id-")).unwrap();
        assert!(of_request.contains(line), "{line} in {of_request}");
    }
}

#[test]
fn a_client_that_is_run_again_gets_through_failures_and_lost_answers() {
    let emulator = Emulator::start(&["--fail", "100001:30%", "--drop", "20%", "--seed", "7"]);
    for url in ["https://example.com/1", "https://example.com/2"] {
        let mut command =
            emulator.command(&["config", "ensure", "conference", "--all", "--url", url]);
        // Three attempts of one operation fail every eleventh time.
        assert!((0..5).any(|_| run(&mut command).status.success()), "{url}");
    }
    let (_, lines) = emulator.end("-TERM");
    let met = |what: &str| lines.iter().filter(|l| l.contains("Id-") && l.contains(what)).count();
    assert!(met("injected") > 0 && met("answer lost") > 0, "{lines:?}");
}

#[test]
fn a_fault_that_is_none_is_told_with_what_to_write() {
    for (option, value, told) in [
        ("--fail", "100001", "write CODE:PERCENT%"),
        ("--fail", "100001:10", "\"10\" is not a percentage"),
        ("--fail", "internal:10%", "\"internal\" is not an error code"),
        ("--fail", "0:10%", "0 is success"),
        ("--fail", "room_config=1:1%", "\"room_config\" is not an API"),
        ("--fail", "live_config/set_callback=1:1%", "there is no service \"live_config\""),
        ("--fail", "call_config/update_callback=1:1%", "no operation \"update_callback\""),
        ("--drop", "5", "\"5\" is not a percentage"),
        ("--drop", "100.1%", "from 0% to 100%"),
        ("--drop-before", "-1%", "from 0% to 100%"),
        ("--drop-before", "NaN%", "from 0% to 100%"),
        ("--http", "100", "200 to 599"),
        ("--http", "Bad Gateway", "such as 502"),
        ("--http", "502:x", "\"x\" is not a percentage"),
        ("--latency", "5", "such as 50ms or 2s"),
        ("--latency", "-5s", "such as 50ms or 2s"),
        ("--latency", "infs", "such as 50ms or 2s"),
        ("--latency", "2s..50ms", "write the shorter one first"),
        ("--seed", "dice", "invalid digit"),
    ] {
        let argument = format!("{option}={value}");
        let output = run(tc_callback(&["emulate", &argument]).env("TC_SECRET_KEY", KEY));
        assert_eq!(output.status.code(), Some(2), "{argument}");
        let said = stderr(&output);
        assert!(said.contains(told) && said.contains(option), "{argument}: {said}");
    }
}
