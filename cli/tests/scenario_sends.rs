//! `tc-callback scenario` against servers: what they receive, and what it says of their replies.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "support/dry_run.rs"]
mod dry_run;
#[path = "support/keep_alive.rs"]
mod keep_alive;
mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::net::TcpListener;
use std::process::{Command, Output, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::channel;
use std::time::{SystemTime, UNIX_EPOCH};

use dry_run::lines;
use keep_alive::KeepAlive;
use serde_json::Value;
use support::{APP, Emulator, RIGHT, Received, run, run_with_input, stderr, stdout, tc_callback};
use tc_callback::receiver::{Delivery, Options, Receiver, Request, Settlement};

/// A world that is the same in each of these tests.
const WORLD: [&str; 7] =
    ["meeting", "--rooms", "8", "--seed", "1", "--start-time", "2026-01-05T09:00:00Z"];

fn right() -> KeepAlive {
    KeepAlive::answering(|_| Some((200, RIGHT.to_owned())))
}

fn scenario(url: &str, arguments: &[&str]) -> Command {
    let mut command = tc_callback(&["scenario", "--json", "--rate", "unlimited", "--to", url]);
    command.args(arguments);
    command
}

/// Its exit code and its report.
fn reported(output: &Output) -> (Option<i32>, Value) {
    let report = serde_json::from_str(&stdout(output));
    (output.status.code(), report.unwrap_or_else(|_| panic!("{}", stderr(output))))
}

fn play(url: &str, arguments: &[&str]) -> (Option<i32>, Value) {
    reported(&run(&mut scenario(url, arguments)))
}

fn room(received: &Received) -> String {
    let body = received.json();
    let id = [&body["RoomId"], &body["RoomInfo"]["RoomId"]].into_iter().find_map(Value::as_str);
    id.unwrap().to_owned()
}

fn now_ms() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_millis().try_into().unwrap()
}

#[test]
fn a_host_that_answers_rightly_receives_what_the_dry_run_shows() {
    let host = right();
    let (code, report) = play(&host.url, &WORLD);
    let expected = lines(&WORLD);
    assert_eq!(code, Some(0));
    assert_eq!(report["rooms"], 8);
    for field in ["events", "sent", "right"] {
        assert_eq!(report[field], expected.len(), "{report}");
    }
    for field in ["late", "refused", "wrong", "retries", "not_registered"] {
        assert_eq!(report[field], 0, "{report}");
    }
    let latency = |name: &str| report["latency_ms"][name].as_f64().unwrap();
    assert!(0.0 < latency("p50") && latency("p50") <= latency("p99"));
    assert!(latency("p99") <= latency("max"));
    let received: BTreeSet<_> =
        host.received().into_iter().map(|one| (one.request_line, one.body)).collect();
    let shown = expected.iter().map(|line| {
        let target = format!("POST /callback?{} HTTP/1.1", line.query);
        (target, line.body.get().to_owned())
    });
    assert_eq!(received, shown.collect());
}

#[test]
fn a_rooms_events_come_one_after_the_other_in_their_order_over_few_connections() {
    let host = right();
    let (code, report) = play(&host.url, &[&WORLD[..], &["--connections", "4"]].concat());
    assert_eq!(code, Some(0), "{report}");
    let mut times: BTreeMap<String, Vec<u64>> = BTreeMap::new();
    for received in host.received() {
        let time_ms = received.json()["EventTime"].as_u64().unwrap();
        times.entry(room(&received)).or_default().push(time_ms);
    }
    assert_eq!(times.len(), 8);
    for times in times.values() {
        assert!(times.is_sorted(), "{times:?}");
    }
    assert!(host.connections() <= 4, "{}", host.connections());
}

#[test]
fn wrong_replies_are_told_by_kind_with_the_first_of_each() {
    let host = KeepAlive::answering(|received| {
        Some(match received.json()["CallbackCommand"].as_str().unwrap() {
            "Room.CallbackAfterCreateRoom" => (403, RIGHT.to_owned()),
            "Room.CallbackAfterMemberEnter" => (200, "OK".to_owned()),
            _ => (200, RIGHT.to_owned()),
        })
    });
    let (code, report) = play(&host.url, &WORLD);
    assert_eq!(code, Some(1));
    let kinds = report["wrong_kinds"].as_array().unwrap();
    let find = |part: &str| {
        kinds.iter().find(|kind| kind["what"].as_str().unwrap().contains(part)).unwrap()
    };
    assert_eq!(find("403")["count"], 8);
    assert_eq!(find("403")["first"]["command"], "Room.CallbackAfterCreateRoom");
    assert!(find("403")["first"]["room"].as_str().unwrap().starts_with("room-1-"));
    let entered = report["wrong"].as_u64().unwrap() - 8;
    assert_eq!(find("not JSON")["count"], entered);
    assert_eq!(kinds.len(), 2);
    let sum = report["right"].as_u64().unwrap() + report["wrong"].as_u64().unwrap();
    assert_eq!(report["sent"], sum);
}

#[test]
fn a_person_reads_a_table_and_what_was_not_right() {
    let host = KeepAlive::answering(|_| Some((500, String::new())));
    let arguments = ["scenario", "--rate", "0", "--to", &host.url, "--duplicates", "10%"];
    let output = run(tc_callback(&arguments).args(WORLD));
    assert_eq!(output.status.code(), Some(1));
    let table = stdout(&output);
    for row in [
        "world    meeting, seed 1: ",
        "disorder ",
        "sent     ",
        "right    0\n",
        "late     0\n",
        " x the status must be 200, not 500\n",
        "  first Room.CallbackAfterCreateRoom\n",
        "  of room-1-",
        "latency  p50 ",
    ] {
        assert!(table.contains(row), "{row}: {table}");
    }
    let said = stderr(&output);
    assert!(said.starts_with("error: ") && said.contains("were not answered rightly"), "{said}");
    assert_eq!(said.lines().count(), 1, "no progress bar where nobody looks: {said}");
}

#[test]
fn refused_connections_are_counted() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    drop(listener);
    let (code, report) = play(&url, &WORLD);
    assert_eq!(code, Some(1));
    assert_eq!(report["refused"], report["sent"]);
    assert_eq!(report["wrong"], 0);
    assert_eq!(report["latency_ms"]["max"], 0.0);
}

/// Takes 4 s: the limit of the protocol cannot be made shorter.
#[test]
fn a_reply_that_does_not_come_is_late_after_the_retries_and_one_that_comes_then_is_right() {
    let seen = AtomicUsize::new(0);
    let host = KeepAlive::answering(move |received| {
        let is_answered = room(received).ends_with("-2") && seen.fetch_add(1, Ordering::SeqCst) > 0;
        is_answered.then(|| (200, RIGHT.to_owned()))
    });
    let file =
        "world = \"meeting\"\nrooms = 2\nretry = 1\nstep = [{ event = \"AfterCreateRoom\" }]";
    let (code, report) = reported(&run_with_input(&mut scenario(&host.url, &["-"]), file));
    assert_eq!(code, Some(1));
    assert_eq!(report["sent"], 2);
    assert_eq!(report["late"], 1);
    assert_eq!(report["right"], 1);
    assert_eq!(report["retries"], 2);
    let bodies: BTreeSet<_> = host.received().into_iter().map(|received| received.body).collect();
    assert_eq!(bodies.len(), 2, "what is sent again is the same");
}

#[test]
fn the_librarys_receiver_takes_all_of_it_and_finds_what_was_sent_twice() {
    let mut options = Options::new(APP);
    options.add_token("a token");
    let receiver = Receiver::new(options).unwrap();
    let (sender, duplicates) = channel();
    let host = KeepAlive::answering(move |received| {
        let query = received.request_line.split(['?', ' ']).nth(2).unwrap().as_bytes();
        let mut outcome =
            receiver.handle(&Request { query, body: received.body.as_bytes(), now_s: None });
        if outcome.delivery() == Delivery::New {
            outcome.settle(Settlement::Taken).unwrap();
        }
        sender.send(outcome.delivery() == Delivery::Done).unwrap();
        Some((outcome.http_status, outcome.reply.to_string()))
    });
    let world =
        ["meeting", "--rooms", "20", "--duplicates", "10%", "--reorder", "5%", "--late", "5%"];
    let (code, report) = reported(&run(scenario(&host.url, &world).env("TC_TOKEN", "a token")));
    assert_eq!(code, Some(0), "{report}");
    let found: Vec<bool> = duplicates.try_iter().collect();
    assert_eq!(report["sent"], found.len());
    let twice = found.iter().filter(|is_duplicate| **is_duplicate).count();
    assert_eq!(report["disorder"]["duplicates"], twice);
    assert!(twice > 20, "{twice}");
}

#[test]
fn lost_events_are_not_sent() {
    let host = right();
    let (code, report) = play(&host.url, &[&WORLD[..], &["--lost", "20%"]].concat());
    assert_eq!(code, Some(0));
    let count = |name: &str| report[name].as_u64().unwrap();
    let lost = report["disorder"]["lost"].as_u64().unwrap();
    assert_eq!(count("sent") + lost, count("events"));
    assert_eq!(host.received().len() as u64, count("sent"));
    let (code, report) = play(&host.url, &[&WORLD[..], &["--lost", "100%"]].concat());
    assert_eq!((code, &report["sent"]), (Some(1), &Value::from(0)), "nothing was tried");
}

#[test]
fn without_a_url_they_go_where_they_are_registered_and_only_those_that_are() {
    let emulator = Emulator::start(&["--quiet"]);
    let host = right();
    let commands = ["Room.CallbackAfterMemberEnter", "Room.CallbackUpdateRoomInfo"];
    let ensure = ["config", "ensure", "conference", "--url", &host.url, "--command"];
    let registered = run(emulator.command(&ensure).args(commands));
    assert!(registered.status.success(), "{}", stderr(&registered));
    let arguments = [&["scenario", "--json", "--rate", "0"], &WORLD[..]].concat();
    let (code, report) = reported(&run(&mut emulator.command(&arguments)));
    assert_eq!(code, Some(0), "{report}");
    let received = host.received();
    let word = |received: &Received| received.parameter("CallbackCommand");
    let words: BTreeSet<_> = received.iter().map(word).collect();
    let sent = ["Room.CallbackAfterMemberEnter", "Room.CallbackAfterUpdateRoomInfo"];
    assert_eq!(words, sent.map(str::to_owned).into());
    let all = report["events"].as_u64().unwrap();
    assert_eq!(report["not_registered"], all - received.len() as u64);
}

#[test]
fn ctrl_c_ends_it_with_the_report_of_what_was_done_and_exit_code_1() {
    let (sender, arrived) = channel();
    let host = KeepAlive::answering(move |_| {
        sender.send(()).unwrap();
        Some((200, RIGHT.to_owned()))
    });
    let arguments = ["scenario", "meeting", "--json", "--rate", "0.01/s", "--to", &host.url];
    let mut command = tc_callback(&arguments);
    let piped = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let child = piped.spawn().unwrap();
    arrived.recv().unwrap();
    let kill = Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    assert!(kill.success());
    let (code, report) = reported(&child.wait_with_output().unwrap());
    assert_eq!(code, Some(1));
    assert_eq!(report["interrupted"], true);
    assert_eq!((&report["sent"], &report["right"]), (&Value::from(1), &Value::from(1)));
}

#[test]
fn in_real_time_no_event_comes_before_its_time() {
    let host = KeepAlive::answering(|received| {
        let is_time = received.json()["EventTime"].as_u64().unwrap() <= now_ms();
        Some((if is_time { 200 } else { 500 }, RIGHT.to_owned()))
    });
    let file = r#"
        world = "meeting"
        real-time = true
        step = [
            { event = "AfterCreateRoom", after = "30ms" },
            { event = "AfterMemberEnter", after = "50ms" },
            { event = "AfterUpdateRoomInfo", after = "20ms", repeat = 3 },
        ]
    "#;
    let (code, report) = reported(&run_with_input(&mut scenario(&host.url, &["-"]), file));
    assert_eq!(code, Some(0), "{report}");
    assert_eq!(report["sent"], 50);
}

#[test]
fn a_wrong_call_is_exit_code_2_and_nothing_is_sent() {
    let host = right();
    for arguments in [
        &["meeting", "--rooms", "0"][..],
        &["meeting", "--members", "1"],
        &["meeting", "--retry", "99"],
        &["meeting", "--lost", "101%"],
        &["meeting", "--start-time", "soon"],
        &["meeting", "--dry-run"],
        &["meeting", "--connections", "0"],
        &[],
    ] {
        let output = run(&mut scenario(&host.url, arguments));
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(stderr(&output).starts_with("error: "), "{}", stderr(&output));
    }
    let output = run(&mut tc_callback(&["scenario", "meeting"]));
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("where to?"));
    assert!(host.received().is_empty());
}
