//! The emulator keeps configurations and answers in the vendor's form.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use serde_json::{Value, json};
use support::{APP, Emulator, code, query, usersig};

const ROOM: &str = include_str!("../../tests/fixtures/conference/api.set_callback.request.json");
const CALL: &str = include_str!("../../tests/fixtures/call/api.set_callback.request.json");

/// The fields and the types of their values, nested ones too.
fn shape(value: &Value) -> Value {
    match value {
        Value::Object(object) => {
            object.iter().map(|(key, value)| (key.clone(), shape(value))).collect()
        }
        Value::Array(_) => "array".into(),
        Value::String(_) => "text".into(),
        Value::Number(_) => "number".into(),
        Value::Bool(_) => "bool".into(),
        Value::Null => "null".into(),
    }
}

macro_rules! sample {
    ($name:literal) => {
        serde_json::from_str::<Value>(include_str!(concat!(
            "../../tests/fixtures/",
            $name,
            ".response.json"
        )))
        .unwrap()
    };
}

#[test]
fn every_answer_has_the_fields_of_the_vendors_sample() {
    let emulator = Emulator::start(&[]);
    for (api, body, sample) in [
        ("room_config/set_callback", ROOM, sample!("conference/api.set_callback")),
        ("room_config/update_callback", ROOM, sample!("conference/api.update_callback")),
        ("room_config/get_callback", "{}", sample!("conference/api.get_callback")),
        ("room_config/delete_callback", "{}", sample!("conference/api.delete_callback")),
        ("call_config/set_callback", CALL, sample!("call/api.set_callback")),
        ("call_config/get_callback", "{}", sample!("call/api.get_callback")),
        ("call_config/delete_callback", "{}", sample!("call/api.delete_callback")),
    ] {
        let answer = emulator.call(api, body);
        assert_eq!(code(&answer), 0, "{api}: {answer}");
        assert_eq!(shape(&answer), shape(&sample), "{api}");
    }
}

#[test]
fn a_refusal_has_the_same_fields_as_a_success() {
    let answer = Emulator::start(&[]).call("room_config/get_callback", "{}");
    assert_eq!(shape(&answer), shape(&sample!("conference/api.set_callback")));
    assert_ne!(answer["ErrorInfo"], "");
}

#[test]
fn every_request_id_is_new_and_formed_as_the_vendors() {
    let emulator = Emulator::start(&[]);
    let ids: Vec<String> = (0..3)
        .map(|_| {
            let answer = emulator.call("room_config/delete_callback", "{}");
            answer["RequestId"].as_str().unwrap().to_owned()
        })
        .collect();
    for id in &ids {
        let (hex, number) = id.strip_prefix("Id-").unwrap().split_once("-O-Seq-").unwrap();
        assert!(hex.len() == 32 && hex.bytes().all(|byte| byte.is_ascii_hexdigit()), "{id}");
        number.parse::<u64>().unwrap();
        assert_eq!(ids.iter().filter(|other| *other == id).count(), 1);
    }
}

#[test]
fn get_hands_back_what_was_set() {
    let emulator = Emulator::start(&[]);
    emulator.call("room_config/set_callback", ROOM);
    let answer = emulator.call("room_config/get_callback", "{}");
    assert_eq!(answer["Response"], serde_json::from_str::<Value>(ROOM).unwrap());
}

#[test]
fn the_older_word_in_the_vendors_sample_is_accepted_and_handed_back() {
    let emulator = Emulator::start(&[]);
    let response = sample!("conference/api.get_callback")["Response"].clone();
    assert_eq!(code(&emulator.call("room_config/set_callback", &response.to_string())), 0);
    assert_eq!(emulator.call("room_config/get_callback", "{}")["Response"], response);
}

#[test]
fn conference_refuses_a_second_set_with_100300_and_keeps_the_first() {
    let emulator = Emulator::start(&[]);
    assert_eq!(code(&emulator.call("room_config/set_callback", ROOM)), 0);
    let second = ROOM.replace("www.example.com", "second.example.com");
    assert_eq!(code(&emulator.call("room_config/set_callback", &second)), 100300);
    assert_eq!(
        emulator.call("room_config/get_callback", "{}")["Response"]["Url"],
        "http://www.example.com/callback"
    );
    assert_eq!(code(&emulator.call("room_config/update_callback", &second)), 0);
    assert_eq!(
        emulator.call("room_config/get_callback", "{}")["Response"]["Url"],
        "http://second.example.com/callback"
    );
}

#[test]
fn calls_second_set_overwrites_the_first() {
    let emulator = Emulator::start(&[]);
    let second = CALL.replace("www.example.com", "second.example.com");
    assert_eq!(code(&emulator.call("call_config/set_callback", CALL)), 0);
    assert_eq!(code(&emulator.call("call_config/set_callback", &second)), 0);
    assert_eq!(
        emulator.call("call_config/get_callback", "{}")["Response"]["Url"],
        "http://second.example.com/callback"
    );
}

#[test]
fn without_a_configuration_get_and_update_are_100301_and_delete_succeeds() {
    let emulator = Emulator::start(&[]);
    assert_eq!(code(&emulator.call("room_config/get_callback", "{}")), 100301);
    assert_eq!(code(&emulator.call("call_config/get_callback", "{}")), 100301);
    assert_eq!(code(&emulator.call("room_config/update_callback", ROOM)), 100301);
    assert_eq!(code(&emulator.call("room_config/delete_callback", "{}")), 0);
    emulator.call("room_config/set_callback", ROOM);
    assert_eq!(code(&emulator.call("room_config/delete_callback", "{}")), 0);
    assert_eq!(code(&emulator.call("room_config/get_callback", "{}")), 100301);
}

#[test]
fn products_and_applications_have_configurations_of_their_own() {
    let emulator = Emulator::start(&["--sdk-app-id", "1400000000", "--sdk-app-id", "1400000001"]);
    emulator.call("room_config/set_callback", ROOM);
    assert_eq!(code(&emulator.call("call_config/get_callback", "{}")), 100301);
    let of = |app: u32| {
        let query = query(app, "administrator", &usersig(app, "administrator"));
        emulator.code(&format!("/v4/room_config/get_callback?{query}"), "{}")
    };
    assert_eq!(of(APP), 0);
    assert_eq!(of(APP + 1), 100301);
}

#[test]
fn each_invalid_parameter_is_100002_and_named() {
    let emulator = Emulator::start(&[]);
    let word = "Room.CallbackAfterCreateRoom";
    let url = "https://example.com/callback";
    for (body, named) in [
        (json!({}), "Url"),
        (json!({ "url": url, "CallbackCommandList": [word] }), "Url"),
        (json!({ "Url": 1, "CallbackCommandList": [word] }), "Url"),
        (json!({ "Url": "", "CallbackCommandList": [word] }), "Url"),
        (json!({ "Url": "example.com", "CallbackCommandList": [word] }), "Url"),
        (json!({ "Url": "ftp://example.com", "CallbackCommandList": [word] }), "http"),
        (json!({ "Url": "http://", "CallbackCommandList": [word] }), "Url"),
        (json!({ "Url": "http://a b/", "CallbackCommandList": [word] }), "Url"),
        (json!({ "Url": url }), "CallbackCommandList"),
        (json!({ "Url": url, "CallbackCommandList": word }), "CallbackCommandList"),
        (json!({ "Url": url, "CallbackCommandList": [] }), "empty"),
        (json!({ "Url": url, "CallbackCommandList": [word, 1] }), "CallbackCommandList[1]"),
        (json!({ "Url": url, "CallbackCommandList": ["Room.No"] }), "\"Room.No\""),
        (
            json!({ "Url": url, "CallbackCommandList": [word.to_lowercase()] }),
            "CallbackCommandList[0]",
        ),
        (json!({ "Url": url, "CallbackCommandList": ["Call.CallbackAfterEndCall"] }), "call"),
    ] {
        let answer = emulator.call("room_config/set_callback", &body.to_string());
        assert_eq!(code(&answer), 100002, "{body}");
        assert!(answer["ErrorInfo"].as_str().unwrap().contains(named), "{body}: {answer}");
    }
    assert_eq!(code(&emulator.call("room_config/get_callback", "{}")), 100301, "nothing was kept");
}
