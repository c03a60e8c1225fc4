//! Each fault as it arrives, byte for byte.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use serde_json::{Value, json};
use support::{Host, Received, now_s, run, stderr, tc_callback};
use tc_callback::catalog::Command;

const UPDATE: &str = "Room.CallbackAfterUpdateRoomInfo";
const TOKEN: &str = "a secret token";

/// What arrives with these arguments, signed.
fn sent(arguments: &[&str]) -> Received {
    let host = Host::right();
    let mut command = tc_callback(&["trigger", "--to", &host.url, "--keep-time"]);
    let output = run(command.args(arguments).env("TC_TOKEN", TOKEN));
    assert!(output.status.success(), "{arguments:?} {}", stderr(&output));
    host.received()
}

fn usual() -> Received {
    sent(&[UPDATE])
}

fn parameters(received: &Received, name: &str) -> Vec<String> {
    received
        .query()
        .into_iter()
        .filter(|(found, _)| found == name)
        .map(|(_, value)| value)
        .collect()
}

fn sha256(token: &str, time: &str) -> String {
    let digest = ring::digest::digest(&ring::digest::SHA256, format!("{token}{time}").as_bytes());
    data_encoding::HEXLOWER.encode(digest.as_ref())
}

/// How far RequestTime is from now, after seeing that it is rightly signed.
fn signed_age_s(received: &Received) -> i64 {
    let time = received.parameter("RequestTime");
    assert_eq!(received.parameter("Sign"), sha256(TOKEN, &time));
    i64::try_from(now_s()).unwrap() - time.parse::<i64>().unwrap()
}

#[test]
fn a_stale_request_is_two_minutes_old_and_an_early_one_two_minutes_ahead() {
    assert!((120..150).contains(&signed_age_s(&sent(&[UPDATE, "--stale"]))));
    assert!((-120..-90).contains(&signed_age_s(&sent(&[UPDATE, "--fault", "early"]))));
    assert!((30..60).contains(&signed_age_s(&sent(&[UPDATE, "--fault", "half-a-minute-ago"]))));
}

#[test]
fn another_application_is_another_number_and_the_request_is_rightly_signed() {
    let received = sent(&[UPDATE, "--wrong-app", "--sdk-app-id", "7"]);
    assert_ne!(received.parameter("SdkAppid").parse::<u32>().unwrap(), 7);
    assert!(signed_age_s(&received) < 30);
}

#[test]
fn a_truncated_body_is_cut_off_in_the_middle_under_its_old_name_too() {
    let whole = usual().body;
    for option in ["--truncate", "--malformed"] {
        assert_eq!(sent(&[UPDATE, option]).body, whole[..whole.len() / 2], "{option}");
    }
}

#[test]
fn a_huge_body_is_the_same_event_in_more_than_2_mib() {
    let received = sent(&[UPDATE, "--huge"]);
    assert!(received.body.len() > 2 * 1024 * 1024);
    assert_eq!(received.json(), usual().json());
}

#[test]
fn an_unknown_command_stands_in_query_and_body_and_is_in_no_list() {
    let received = sent(&[UPDATE, "--unknown-command"]);
    let word = received.parameter("CallbackCommand");
    assert_eq!(received.json()["CallbackCommand"], word);
    assert_eq!(Command::from_word(&word), Command::Unknown);
}

#[test]
fn an_alias_stands_in_query_and_body() {
    let received = sent(&[UPDATE, "--alias"]);
    assert_eq!(received.parameter("CallbackCommand"), "Room.CallbackUpdateRoomInfo");
    assert_eq!(received.json()["CallbackCommand"], "Room.CallbackUpdateRoomInfo");
}

#[test]
fn accounts_become_numbers_over_2_to_the_53_in_lists_too_and_nothing_else_does() {
    let received = sent(&["AfterMemberEnter", "--number-accounts"]);
    let mut expected = sent(&["AfterMemberEnter"]).json();
    let number: Value = 144115233775727695_u64.into();
    expected["Operator_Account"] = number.clone();
    expected["MemberList_Account"] = json!([number]);
    assert_eq!(received.json(), expected);
    let digits = sent(&["AfterEndCall", "--number-accounts"]).json();
    assert_eq!(digits["CallRecord"]["Caller_Account"], 10001);
}

#[test]
fn booleans_become_texts() {
    let room = sent(&[UPDATE, "--string-bools"]).json()["RoomInfo"].clone();
    let texts = ["IsVideoDisabled", "IsAudioDisabled", "IsCloudRecordingDisabled"];
    assert!(texts.iter().all(|name| room[name].is_string()), "{room}");
    assert!(room["MaxMemberCount"].is_number());
}

#[test]
fn a_shuffled_body_is_the_same_with_its_last_field_first_and_a_pretty_one_has_lines() {
    let shuffled = sent(&[UPDATE, "--shuffled"]);
    assert!(shuffled.body.starts_with("{\"EventTime\":"), "{}", shuffled.body);
    assert!(shuffled.body.ends_with("\"CallbackCommand\":\"Room.CallbackAfterUpdateRoomInfo\"}"));
    let pretty = sent(&[UPDATE, "--pretty"]);
    assert!(pretty.body.starts_with("{\n  \"CallbackCommand\": "), "{}", pretty.body);
    for received in [shuffled, pretty] {
        assert_eq!(received.json(), usual().json());
    }
}

#[test]
fn faults_can_be_combined() {
    let received = sent(&[
        UPDATE,
        "--alias",
        "--shuffled",
        "--pretty",
        "--stale",
        "--wrong-app",
        "--number-accounts",
        "--fault",
        "percent-encoded,unknown-fields",
        "--fault",
        "byte-order-mark",
    ]);
    assert!((120..150).contains(&signed_age_s(&received)));
    assert!(received.request_line.contains("&CallbackCommand=%52%6F%6F%6D%2E"));
    assert_eq!(received.parameter("CallbackCommand"), "Room.CallbackUpdateRoomInfo");
    assert_ne!(received.parameter("SdkAppid"), "1400000000");
    let body = received.bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap();
    assert!(body.starts_with(b"{\n  \"SomethingNew\""), "{}", received.body);
    let body: Value = serde_json::from_slice(body).unwrap();
    assert_eq!(body["Operator_Account"], 144115233775727695_u64);
    assert_eq!(body["RoomInfo"]["SomethingNew"], "x");
}

#[test]
fn signs_are_wrong_in_the_way_that_is_asked_for() {
    let fault = |name| sent(&[UPDATE, "--fault", name]);
    let none = fault("no-sign");
    assert!(parameters(&none, "Sign").is_empty() && parameters(&none, "RequestTime").is_empty());
    assert!(parameters(&fault("no-request-time"), "RequestTime").is_empty());
    assert_eq!(fault("empty-sign").parameter("Sign"), "");
    let half = fault("half-sign");
    let right = sha256(TOKEN, &half.parameter("RequestTime"));
    assert_eq!(half.parameter("Sign"), right[..32]);
    let two = fault("two-signs");
    let right = sha256(TOKEN, &two.parameter("RequestTime"));
    assert_eq!(parameters(&two, "Sign"), [right, "0".repeat(64)]);
    let bad = fault("two-bad-signs");
    let right = sha256(TOKEN, &bad.parameter("RequestTime"));
    let signs = parameters(&bad, "Sign");
    assert!(signs.len() == 2 && !signs.contains(&right), "{signs:?}");
    let empty = fault("no-token-sign");
    assert_eq!(empty.parameter("Sign"), sha256("", &empty.parameter("RequestTime")));
    let hmac = fault("hmac-sign");
    let key = ring::hmac::Key::new(ring::hmac::HMAC_SHA256, TOKEN.as_bytes());
    let tag = ring::hmac::sign(&key, hmac.parameter("RequestTime").as_bytes());
    assert_eq!(hmac.parameter("Sign"), data_encoding::HEXLOWER.encode(tag.as_ref()));
    let upper = fault("upper-case-sign");
    let right = sha256(TOKEN, &upper.parameter("RequestTime"));
    assert_eq!(upper.parameter("Sign"), right.to_uppercase());
    let milliseconds = fault("milliseconds");
    assert_eq!(milliseconds.parameter("RequestTime").len(), 13);
    assert!(signed_age_s(&milliseconds) < 0);
    assert_eq!(fault("no-number-time").parameter("Sign"), sha256(TOKEN, "now"));
}

#[test]
fn queries_and_headers_are_other_than_usual_in_the_way_that_is_asked_for() {
    let fault = |name| sent(&[UPDATE, "--fault", name]);
    assert!(parameters(&fault("no-app"), "SdkAppid").is_empty());
    assert_eq!(fault("no-number-app").parameter("SdkAppid"), "abc");
    assert_eq!(parameters(&fault("two-apps"), "SdkAppid"), ["1400000000", "1"]);
    assert_eq!(fault("other-app-spelling").parameter("SdkAppId"), "1400000000");
    let names = |received: &Received| -> Vec<String> {
        received.query().into_iter().map(|(name, _)| name).collect()
    };
    let mut reversed = names(&fault("reversed-query"));
    reversed.reverse();
    assert_eq!(reversed, names(&usual()));
    assert!(!names(&fault("no-client")).iter().any(|name| name == "ClientIP"));
    let other = fault("other-query-command");
    assert_ne!(other.json()["CallbackCommand"], other.parameter("CallbackCommand"));
    assert!(!fault("no-content-type").headers.to_ascii_lowercase().contains("content-type"));
    assert!(usual().headers.to_ascii_lowercase().contains("content-type: application/json\r\n"));
    assert!(fault("charset").headers.contains("charset=utf-8"));
}

#[test]
fn bodies_are_other_than_usual_in_the_way_that_is_asked_for() {
    let fault = |name| sent(&[UPDATE, "--fault", name]);
    let escaped = fault("escaped");
    assert!(escaped.body.is_ascii() && escaped.body.contains("\\ud83d\\udc68"), "{}", escaped.body);
    let wide = fault("wide-text").json();
    assert_eq!(escaped.json(), wide);
    assert!(wide["RoomInfo"]["RoomName"].as_str().unwrap().contains('\u{1f468}'));
    assert!(fault("nul").json()["SomethingNew"].as_str().unwrap().contains('\0'));
    assert!(std::str::from_utf8(&fault("not-utf-8").bytes).is_err());
    assert!(fault("trailing-garbage").body.ends_with("}}"));
    assert_eq!(fault("empty-body").body, "");
    assert_eq!(fault("no-object").json(), json!([]));
    assert_eq!(fault("duplicate-keys").body.matches("\"EventTime\"").count(), 2);
    assert!(fault("deep").body.contains(&"[".repeat(10_000)));
    let absent = json!({ "CallbackCommand": UPDATE, "RoomInfo": { "RoomId": "rid-123" } });
    assert_eq!(fault("absent-fields").json(), absent);
    let nulls = fault("null-fields").json();
    assert!(nulls["EventTime"].is_null() && nulls["RoomInfo"]["RoomName"].is_null());
    assert_eq!(nulls["RoomInfo"]["RoomId"], "rid-123");
    assert!(fault("text-numbers").json()["EventTime"].is_string());
    let lists = sent(&["AfterMemberEnter", "--fault", "empty-lists"]).json();
    assert_eq!(lists["MemberList_Account"], json!([]));
    let call = sent(&["AfterStartCall", "--fault", "other-page"]).json();
    assert_eq!(call["CallInfo"]["MediaType"], "Audio");
}
