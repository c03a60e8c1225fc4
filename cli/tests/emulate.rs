//! `tc-callback emulate` as a process: its start, its output, its end.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use std::fs;
use std::io::Write;
use std::net::TcpStream;

use support::{APP, Emulator, KEY, code, query, run, stderr, tc_callback, usersig};

#[test]
fn sigterm_and_sigint_end_it_with_exit_code_0() {
    for signal in ["-TERM", "-INT"] {
        let emulator = Emulator::start(&[]);
        emulator.call("room_config/get_callback", "{}");
        let (status, _) = emulator.end(signal);
        assert_eq!(status.code(), Some(0), "{signal}");
    }
}

#[test]
fn a_client_that_stops_in_the_middle_of_a_request_cannot_keep_it_from_ending() {
    let emulator = Emulator::start(&[]);
    let address = emulator.url.strip_prefix("http://").unwrap().to_owned();
    let mut stream = TcpStream::connect(address).unwrap();
    stream
        .write_all(b"POST /v4/room_config/get_callback HTTP/1.1\r\nContent-Length: 9\r\n\r\n{")
        .unwrap();
    emulator.call("room_config/get_callback", "{}");
    let (status, _) = emulator.end("-TERM");
    assert_eq!(status.code(), Some(0));
}

#[test]
fn each_request_is_one_line_with_what_a_person_needs_and_no_secret() {
    let emulator = Emulator::start(&[]);
    let usersig = usersig(APP, "administrator");
    let path = format!("/v4/room_config/get_callback?{}", query(APP, "administrator", &usersig));
    let answer = emulator.post(&path, "{}");
    emulator.call("room_config/delete_callback", "{}");
    emulator.get("/favicon.ico");
    let (_, lines) = emulator.end("-TERM");
    let lines: Vec<&String> = lines.iter().filter(|line| line.contains("Id-")).collect();
    assert_eq!(lines.len(), 3, "{lines:?}");
    let request_id = answer["RequestId"].as_str().unwrap();
    for part in ["room_config/get_callback", "100301", "does not exist", request_id] {
        assert!(lines[0].contains(part), "{part} in {}", lines[0]);
    }
    assert!(
        lines[1].contains("room_config/delete_callback") && lines[1].contains("OK"),
        "{}",
        lines[1]
    );
    assert!(lines[2].contains("GET /favicon.ico"), "{}", lines[2]);
    for line in lines {
        assert!(!line.contains(&usersig) && !line.contains(KEY), "{line}");
        assert!(!line.contains('\x1b'), "no colours but on a terminal: {line}");
    }
}

#[test]
fn quiet_means_no_line_for_a_request() {
    let emulator = Emulator::start(&["--quiet"]);
    emulator.call("room_config/get_callback", "{}");
    let (_, lines) = emulator.end("-TERM");
    assert!(!lines.iter().any(|line| line.contains("Id-")), "{lines:?}");
}

#[test]
fn a_given_key_is_never_shown_and_a_made_one_is_shown_to_be_used() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("key");
    fs::write(&file, format!("{KEY}\n")).unwrap();
    let emulator = Emulator::spawn(
        tc_callback(&["emulate", "--listen", "127.0.0.1:0", "--key-file"]).arg(&file),
    );
    assert_eq!(code(&emulator.call("room_config/delete_callback", "{}")), 0);
    let (_, lines) = emulator.end("-TERM");
    assert!(!lines.concat().contains(KEY));

    let emulator = Emulator::spawn(&mut tc_callback(&["emulate", "--listen", "127.0.0.1:0"]));
    let line = std::iter::repeat_with(|| emulator.next_line())
        .find(|line| line.contains("TC_SECRET_KEY="))
        .unwrap();
    let key = line.split_once('=').unwrap().1.split_whitespace().next().unwrap();
    assert_eq!(key.len(), 64);
    let output =
        run(emulator.command(&["config", "delete", "conference"]).env("TC_SECRET_KEY", key));
    assert!(output.status.success(), "{}", stderr(&output));
}

#[test]
fn the_ready_file_holds_the_url_once_requests_are_answered() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("ready");
    fs::write(&file, "http://an.earlier.run").unwrap();
    let emulator = Emulator::start(&["--ready-file", file.to_str().unwrap()]);
    emulator.call("room_config/get_callback", "{}");
    assert_eq!(fs::read_to_string(&file).unwrap(), emulator.url);
    let files = fs::read_dir(folder.path()).unwrap().count();
    assert_eq!(files, 1, "no unfinished file is left");
}

#[test]
fn a_taken_address_and_an_unreadable_key_are_told_in_a_sentence() {
    let emulator = Emulator::start(&[]);
    let address = emulator.url.strip_prefix("http://").unwrap();
    let taken = run(tc_callback(&["emulate", "--listen", address]).env("TC_SECRET_KEY", KEY));
    assert_eq!(taken.status.code(), Some(1));
    assert!(stderr(&taken).contains(address) && stderr(&taken).contains("--listen"));

    let missing = run(&mut tc_callback(&["emulate", "--key-file", "/no/such/file"]));
    assert_eq!(missing.status.code(), Some(1));
    assert!(stderr(&missing).contains("--key-file"));

    let empty = run(tc_callback(&["emulate"]).env("TC_SECRET_KEY", ""));
    assert_eq!(empty.status.code(), Some(2));
    assert!(stderr(&empty).contains("TC_SECRET_KEY is empty"));
}
