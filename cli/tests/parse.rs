//! `tc-callback parse`.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use serde_json::{Value, json};
use support::{run, run_with_input, stderr, stdout, tc_callback};

const UPDATE: &str =
    include_str!("../../tests/fixtures/conference/Room.CallbackAfterUpdateRoomInfo.json");
const SEATS: &str =
    include_str!("../../tests/fixtures/conference/Mic.CallbackAfterSeatInfoChanged.json");

fn parsed(body: &str, arguments: &[&str]) -> String {
    let output = run_with_input(tc_callback(&["parse"]).args(arguments), body);
    assert!(output.status.success(), "{}", stderr(&output));
    stdout(&output)
}

#[test]
fn json_has_what_the_library_reads() {
    let query = "SdkAppid=1400000000&CallbackCommand=Room.CallbackAfterUpdateRoomInfo&contenttype=json&ClientIP=127.0.0.1&OptPlatform=Web";
    let event: Value =
        serde_json::from_str(&parsed(UPDATE, &["--json", "--query", query])).unwrap();
    assert_eq!(event["command"], "Room.CallbackAfterUpdateRoomInfo");
    assert_eq!(event["product"], "conference");
    assert_eq!(event["sdk_app_id"], 1400000000);
    assert_eq!(event["platform"], "Web");
    assert_eq!(event["subject"], "rid-123");
    assert_eq!(event["room"]["room_name"], "rname-123");
    assert_eq!(event["room"]["is_cloud_recording_disabled"], false);
    assert_eq!(event["event_time_ms"], 1670574414123_i64);
}

#[test]
fn text_has_a_line_for_each_field_and_times_that_a_person_can_read() {
    let text = parsed(UPDATE, &[]);
    let line = |name: &str| {
        let line = text.lines().find(|line| line.trim_start().starts_with(name));
        line.unwrap_or_else(|| panic!("no {name} in {text}")).to_owned()
    };
    assert!(line("room_name").ends_with("  \"rname-123\""));
    assert!(line("event_time_ms").ends_with("1670574414123  2022-12-09T08:26:54.123Z"));
    assert!(line("is_video_disabled").ends_with("  false"));
}

#[test]
fn an_account_that_came_as_a_number_keeps_every_digit() {
    let event: Value = serde_json::from_str(&parsed(SEATS, &["--json"])).unwrap();
    assert_eq!(event["seats"]["seats"][0]["member_account"], "144115233775727695");
}

#[test]
fn every_sample_is_read_whole() {
    let folders = ["conference", "call"]
        .map(|product| format!("{}/../tests/fixtures/{product}", env!("CARGO_MANIFEST_DIR")));
    let mut count = 0;
    for file in folders.iter().flat_map(|folder| std::fs::read_dir(folder).unwrap()) {
        let file = file.unwrap().path();
        if !file.file_name().unwrap().to_str().unwrap().contains(".Callback") {
            continue;
        }
        count += 1;
        let output = run(tc_callback(&["parse", "--json"]).arg(&file));
        let event: Value = serde_json::from_str(&stdout(&output)).unwrap();
        // Conference and Live both send seats.
        let is_shared = event["command"] == "Mic.CallbackAfterSeatInfoChanged";
        assert_eq!(event["product"] == "unknown", is_shared, "{}", file.display());
        assert_eq!(event.get("mismatch"), None, "{event}");
    }
    assert_eq!(count, 10);
}

#[test]
fn an_unknown_command_shows_its_body_and_a_wrong_type_is_told() {
    let event: Value = serde_json::from_str(&parsed(
        r#"{"CallbackCommand":"Room.New","x":[1,{"y":2}]}"#,
        &["--json"],
    ))
    .unwrap();
    assert_eq!(event["product"], "unknown");
    assert_eq!(event["body"]["x"], json!([1, { "y": 2 }]));
    let text = parsed(&UPDATE.replace("300", "\"many\""), &[]);
    assert!(text.contains("mismatch_count") && text.contains("MaxMemberCount"), "{text}");
}

#[test]
fn what_is_not_a_callback_is_exit_code_1_and_said_where() {
    for (body, told) in
        [("", "JSON"), ("{\"a\" 1}", "byte 5"), ("[]", "object"), ("{}", "CallbackCommand")]
    {
        let output = run_with_input(&mut tc_callback(&["parse"]), body);
        assert_eq!(output.status.code(), Some(1), "{body}");
        assert!(stderr(&output).contains(told), "{told} in {}", stderr(&output));
        assert_eq!(stdout(&output), "");
    }
    let output = run(&mut tc_callback(&["parse", "/no/such/file"]));
    assert_eq!(output.status.code(), Some(1));
    assert!(stderr(&output).contains("/no/such/file"));
}
