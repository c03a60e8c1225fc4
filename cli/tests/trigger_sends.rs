//! What `tc-callback trigger` posts.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use std::fs;

use serde_json::{Value, json};
use support::{Emulator, Host, Received, now_s, run, run_with_input, stderr, stdout, tc_callback};
use tc_callback::catalog::Command;

const UPDATE: &str = "Room.CallbackAfterUpdateRoomInfo";

fn trigger(arguments: &[&str]) -> Received {
    let host = Host::right();
    let output = run(tc_callback(&["trigger", "--to", &host.url]).args(arguments));
    assert!(output.status.success(), "{}", stderr(&output));
    host.received()
}

fn pairs(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

#[test]
fn the_request_is_as_the_vendor_documents_it() {
    let received = trigger(&[UPDATE]);
    assert!(received.request_line.starts_with("POST /callback?"), "{}", received.request_line);
    assert_eq!(
        received.query(),
        pairs(&[
            ("SdkAppid", "1400000000"),
            ("CallbackCommand", UPDATE),
            ("contenttype", "json"),
            ("ClientIP", "127.0.0.1"),
            ("OptPlatform", "RESTAPI"),
        ])
    );
    assert!(received.headers.to_ascii_lowercase().contains("content-type: application/json\r\n"));
}

#[test]
fn the_body_is_the_vendors_sample_in_its_order_compact_with_the_time_of_now() {
    for (name, sample) in [
        (
            UPDATE,
            include_str!("../../tests/fixtures/conference/Room.CallbackAfterUpdateRoomInfo.json"),
        ),
        (
            "Mic.CallbackAfterSeatInfoChanged",
            include_str!("../../tests/fixtures/conference/Mic.CallbackAfterSeatInfoChanged.json"),
        ),
        (
            "Call.CallbackAfterRecordChanged",
            include_str!("../../tests/fixtures/call/Call.CallbackAfterRecordChanged.json"),
        ),
    ] {
        let before_ms = now_s() * 1000;
        let body = trigger(&[name]).body;
        let time = serde_json::from_str::<Value>(&body).unwrap()["EventTime"].as_u64().unwrap();
        assert!((before_ms..=(now_s() + 1) * 1000).contains(&time), "{time}");
        // No text of the samples has a space.
        let compact: String = sample.split_whitespace().collect();
        let sample_time = serde_json::from_str::<Value>(sample).unwrap()["EventTime"].to_string();
        assert_eq!(
            body,
            compact
                .replace(&format!("\"EventTime\":{sample_time}"), &format!("\"EventTime\":{time}"))
        );
        assert_eq!(trigger(&[name, "--keep-time"]).body, compact);
    }
}

#[test]
fn every_event_of_the_catalogue_can_be_sent() {
    for command in Command::all() {
        let received = trigger(&[command.word()]);
        assert_eq!(received.parameter("CallbackCommand"), command.word());
        assert_eq!(received.json()["CallbackCommand"], command.word());
    }
}

#[test]
fn a_short_form_sends_the_word_and_an_older_word_is_sent_as_it_is() {
    assert_eq!(
        trigger(&["aftermemberenter"]).parameter("CallbackCommand"),
        "Room.CallbackAfterMemberEnter"
    );
    let received = trigger(&["Room.CallbackUpdateRoomInfo"]);
    assert_eq!(received.parameter("CallbackCommand"), "Room.CallbackUpdateRoomInfo");
    assert_eq!(received.json()["CallbackCommand"], "Room.CallbackUpdateRoomInfo");
}

#[test]
fn set_and_unset_change_the_body() {
    let body = trigger(&[
        UPDATE,
        "--set",
        "RoomInfo.RoomName=Stand-up",
        "--set",
        "RoomInfo.IsCloudRecordingDisabled=true",
        "--set",
        "RoomInfo.CustomInfo=\"false\"",
        "--set",
        "EventTime=\"1670574414123\"",
        "--unset",
        "RoomInfo.MaxMemberCount",
    ])
    .json();
    assert_eq!(body["RoomInfo"]["RoomName"], "Stand-up");
    assert_eq!(body["RoomInfo"]["IsCloudRecordingDisabled"], true);
    assert_eq!(body["RoomInfo"]["CustomInfo"], "false");
    assert_eq!(body["EventTime"], "1670574414123");
    assert_eq!(body["RoomInfo"].get("MaxMemberCount"), None);
    let body =
        trigger(&["AfterStartCall", "--set", "UserList.1.Status=Calling", "--unset", "UserList.0"]);
    assert_eq!(body.json()["UserList"], json!([{ "User_Account": "user2", "Status": "Calling" }]));
}

#[test]
fn a_number_keeps_every_digit() {
    let body =
        trigger(&["SeatInfoChanged", "--set", "SeatList.0.Member_Account=99999999999999999999999"])
            .body;
    assert!(body.contains("\"Member_Account\":99999999999999999999999,"), "{body}");
}

#[test]
fn a_body_from_a_file_or_standard_input_is_sent_with_its_own_time() {
    let text = "{ \"CallbackCommand\": \"Room.X\",\n \"EventTime\": 7, \"é\": 1.0 }";
    let compact = "{\"CallbackCommand\":\"Room.X\",\"EventTime\":7,\"é\":1.0}";
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("body.json");
    fs::write(&file, text).unwrap();
    assert_eq!(trigger(&[UPDATE, "--body", file.to_str().unwrap()]).body, compact);

    let host = Host::right();
    let output = run_with_input(
        &mut tc_callback(&["trigger", UPDATE, "--to", &host.url, "--body", "-"]),
        text,
    );
    assert!(output.status.success(), "{}", stderr(&output));
    assert_eq!(host.received().body, compact);
}

#[test]
fn an_event_newer_than_this_release_can_be_sent_with_a_body() {
    let host = Host::right();
    let arguments = ["trigger", "Room.CallbackAfterNewThing", "--to", &host.url, "--body", "-"];
    let output = run_with_input(&mut tc_callback(&arguments), "{\"New\":1}");
    assert!(output.status.success(), "{}", stderr(&output));
    assert_eq!(host.received().parameter("CallbackCommand"), "Room.CallbackAfterNewThing");
}

#[test]
fn with_a_token_the_request_is_signed_and_the_token_is_never_shown() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("token");
    fs::write(&file, "a secret token\n").unwrap();
    for with_file in [true, false] {
        let host = Host::right();
        let mut command = tc_callback(&["trigger", UPDATE, "--to", &host.url]);
        match with_file {
            true => command.arg("--token-file").arg(&file),
            false => command.env("TC_TOKEN", "a secret token"),
        };
        let output = run(&mut command);
        assert!(output.status.success(), "{}", stderr(&output));
        assert!(!stdout(&output).contains("a secret token"));
        let received = host.received();
        let time = received.parameter("RequestTime");
        assert!(time.parse::<u64>().unwrap().abs_diff(now_s()) < 60);
        assert_eq!(received.parameter("Sign"), sign("a secret token", &time));
    }
}

#[test]
fn a_bad_sign_has_the_form_of_a_sign_and_is_not_the_tokens() {
    let host = Host::replying("403 Forbidden", "");
    let output =
        run(tc_callback(&["trigger", UPDATE, "--to", &host.url, "--bad-sign", "--expect", "403"])
            .env("TC_TOKEN", "a secret token"));
    assert!(output.status.success(), "{}", stderr(&output));
    let received = host.received();
    let made = received.parameter("Sign");
    assert!(made.len() == 64 && made.bytes().all(|byte| byte.is_ascii_hexdigit()));
    assert_ne!(made, sign("a secret token", &received.parameter("RequestTime")));
}

#[test]
fn client_ip_platform_and_application_can_be_chosen() {
    let received =
        trigger(&[UPDATE, "--client-ip", "::1", "--platform", "iOS", "--sdk-app-id", "7"]);
    assert_eq!(received.parameter("ClientIP"), "::1");
    assert_eq!(received.parameter("OptPlatform"), "iOS");
    assert_eq!(received.parameter("SdkAppid"), "7");
}

#[test]
fn without_a_url_the_event_goes_where_it_is_registered() {
    let (emulator, host) = (Emulator::start(&[]), Host::right());
    let ensure =
        ["config", "ensure", "conference", "--command", "AfterMemberEnter", "--url", &host.url];
    assert!(run(&mut emulator.command(&ensure)).status.success());
    let output = run(&mut emulator.command(&["trigger", "AfterMemberEnter"]));
    assert!(output.status.success(), "{}", stderr(&output));
    assert_eq!(host.received().parameter("CallbackCommand"), "Room.CallbackAfterMemberEnter");

    let output = run(&mut emulator.command(&["trigger", "AfterMemberLeave"]));
    assert_eq!(output.status.code(), Some(1));
    assert!(stderr(&output).contains("AfterMemberLeave is not among"), "{}", stderr(&output));

    let output = run(&mut emulator.command(&["trigger", "AfterEndCall"]));
    assert_eq!(output.status.code(), Some(1));
    assert!(stderr(&output).contains("100301"), "{}", stderr(&output));
}

#[test]
fn an_event_registered_by_its_older_word_is_sent() {
    let (emulator, host) = (Emulator::start(&[]), Host::right());
    let ensure = [
        "config",
        "ensure",
        "conference",
        "--command",
        "Room.CallbackUpdateRoomInfo",
        "--url",
        &host.url,
    ];
    assert!(run(&mut emulator.command(&ensure)).status.success());
    let output = run(&mut emulator.command(&["trigger", UPDATE]));
    assert!(output.status.success(), "{}", stderr(&output));
}

fn sign(token: &str, time: &str) -> String {
    let digest = ring::digest::digest(&ring::digest::SHA256, format!("{token}{time}").as_bytes());
    data_encoding::HEXLOWER.encode(digest.as_ref())
}
