//! The page's routes: what they tell, what they send, whom they refuse.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use serde_json::{Value, json};
use support::inspector::Stream;
use support::{APP, Emulator, Host, Received, agent, run, tc_callback};

const ENTER: &str = "Room.CallbackAfterMemberEnter";
const SEATS: &str = "Mic.CallbackAfterSeatInfoChanged";
const TOKEN: &str = "the-token-of-these-tests";

fn emulator() -> Emulator {
    let mut command = tc_callback(&["emulate", "--listen", "127.0.0.1:0"]);
    Emulator::spawn(command.env("TC_SECRET_KEY", support::KEY).env("TC_TOKEN", TOKEN))
}

fn register(emulator: &Emulator, host: &Host, command: &str) {
    let body = json!({ "Url": host.url, "CallbackCommandList": [command] });
    assert_eq!(emulator.call("room_config/set_callback", &body.to_string())["ErrorCode"], 0);
}

fn order(body: &str) -> Value {
    json!({ "sdk_app_id": APP, "command": ENTER, "body": body, "sign": "token" })
}

/// sha256(token + RequestTime), as the vendor says it.
fn sign_of(received: &Received) -> String {
    let signed = format!("{TOKEN}{}", received.parameter("RequestTime"));
    let digest = ring::digest::digest(&ring::digest::SHA256, signed.as_bytes());
    data_encoding::HEXLOWER.encode(digest.as_ref())
}

fn deliveries(emulator: &Emulator) -> Vec<Value> {
    emulator.get("/inspector/state")["deliveries"].as_array().unwrap().clone()
}

#[test]
fn the_state_holds_the_catalogue_with_a_sample_of_each_command_and_what_is_configured() {
    let (emulator, host) = (emulator(), Host::right());
    register(&emulator, &host, ENTER);
    let state = emulator.get("/inspector/state");
    assert_eq!(state["sdk_app_ids"], json!([APP]));
    assert_eq!(state["can_sign"], true);
    let conference = &state["products"][0];
    assert_eq!(conference["service"], "room_config");
    for command in conference["commands"].as_array().unwrap() {
        let sample: Value = serde_json::from_str(command["sample"].as_str().unwrap()).unwrap();
        assert_eq!(sample["CallbackCommand"], command["word"]);
        // Live sends seats as well.
        assert_eq!(command["is_shared"], command["word"] == SEATS);
    }
    let expected =
        json!({ "sdk_app_id": APP, "product": "conference", "url": host.url, "commands": [ENTER] });
    assert_eq!(state["configurations"], json!([expected]));
    let request = &state["requests"][0];
    assert_eq!(request["path"], "/v4/room_config/set_callback");
    assert_eq!(request["code"], 0);
}

#[test]
fn an_event_goes_where_it_is_registered_signed_and_byte_for_byte() {
    let (emulator, host) = (emulator(), Host::right());
    register(&emulator, &host, ENTER);
    let body =
        "{ \"CallbackCommand\" : \"Room.CallbackAfterMemberEnter\",\n\"RoomId\":\"\\u00e9\"}";
    let delivery = emulator.inspect("trigger", &order(body)).unwrap();
    let received = host.received();
    assert_eq!(received.body, body);
    assert_eq!(received.parameter("CallbackCommand"), ENTER);
    assert_eq!(received.parameter("Sign"), sign_of(&received));
    let attempt = &delivery["attempts"][0];
    assert_eq!(attempt["right"], true);
    assert_eq!(attempt["reply"]["status"], 200);
    assert_eq!(attempt["reply"]["body"], support::RIGHT);
    assert_eq!(deliveries(&emulator), [delivery]);
}

#[test]
fn an_event_that_several_products_send_goes_where_conference_has_it_registered() {
    let (emulator, host) = (emulator(), Host::right());
    register(&emulator, &host, SEATS);
    let mut order = order(&format!(r#"{{"CallbackCommand":"{SEATS}","RoomId":"r"}}"#));
    order["command"] = SEATS.into();
    let delivery = emulator.inspect("trigger", &order).unwrap();
    assert_eq!(host.received().parameter("CallbackCommand"), SEATS);
    assert_eq!(delivery["attempts"][0]["right"], true);
}

#[test]
fn a_wrong_reply_is_judged_and_an_expected_status_is_right() {
    let (emulator, host) = (emulator(), Host::replying("403 Forbidden", "no"));
    let mut order = order("{}");
    order["to"] = host.url.clone().into();
    order["sign"] = "forged".into();
    let wrong = emulator.inspect("trigger", &order).unwrap();
    assert_eq!(wrong["attempts"][0]["right"], false);
    assert_eq!(wrong["attempts"][0]["verdict"], "the status must be 200, not 403");
    order["expect"] = json!(["403"]);
    let right = emulator.inspect("trigger", &order).unwrap();
    assert_eq!(right["attempts"][0]["right"], true);
}

#[test]
fn it_is_sent_again_while_no_reply_comes_and_each_attempt_is_told() {
    let emulator = emulator();
    let mut count = 0;
    let host = Host::answering(move |_| {
        count += 1;
        let body = if count < 3 { "HTTP/1.1 200 OK" } else { support::RIGHT };
        // A status line that is none breaks the exchange off.
        (if count < 3 { "nonsense" } else { "200 OK" }.to_owned(), body.to_owned())
    });
    let mut order = order("{}");
    order["to"] = host.url.clone().into();
    order["retries"] = 5.into();
    let delivery = emulator.inspect("trigger", &order).unwrap();
    let attempts = delivery["attempts"].as_array().unwrap();
    assert_eq!(attempts.len(), 3, "{delivery}");
    assert!(attempts[..2].iter().all(|attempt| attempt["reply"].is_null()));
    assert_eq!(attempts[2]["right"], true);
    assert_eq!(delivery["is_pending"], false);
}

#[test]
fn what_cannot_be_sent_is_refused_with_the_reason_and_leaves_no_delivery() {
    let (emulator, host) = (emulator(), Host::right());
    let refused = |order: &Value| emulator.inspect("trigger", order).unwrap_err();
    assert!(refused(&order("{}")).contains("has no URL registered for conference"));
    register(&emulator, &host, "Room.CallbackAfterCreateRoom");
    let message = refused(&order("{}"));
    assert!(message.contains("not among the commands registered for conference"), "{message}");
    let mut changed = order("{}");
    for (name, value, named) in [
        ("to", json!("ftp://host/"), "http://"),
        ("to", json!("http://"), "http://"),
        ("command", json!(""), "no command"),
        ("retries", json!(11), "retries"),
        ("sign", json!("maybe"), "maybe"),
    ] {
        changed["to"] = host.url.clone().into();
        let kept = changed[name].take();
        changed[name] = value;
        assert!(refused(&changed).contains(named), "{name}");
        changed[name] = if kept.is_null() { json!(0) } else { kept };
    }
    assert_eq!(deliveries(&emulator), [] as [Value; 0]);
}

#[test]
fn without_a_token_nothing_is_signed_and_the_way_to_one_is_told() {
    let emulator = Emulator::start(&[]);
    let mut order = order("{}");
    order["to"] = "http://127.0.0.1:9/".into();
    let message = emulator.inspect("trigger", &order).unwrap_err();
    assert!(message.contains("TC_TOKEN") && message.contains("--token-file"), "{message}");
}

#[test]
fn a_delivery_is_sent_again_with_the_same_body_and_a_sign_of_its_own_time() {
    let (emulator, host) = (emulator(), Host::right());
    register(&emulator, &host, ENTER);
    let first = emulator.inspect("trigger", &order("{\"once\": 1.0}")).unwrap();
    let path = format!("deliveries/{}/resend", first["id"]);
    let again = emulator.inspect(&path, &json!({})).unwrap();
    let (one, other) = (host.received(), host.received());
    assert_eq!(one.body, other.body);
    assert_eq!(other.parameter("Sign"), sign_of(&other));
    assert_eq!(again["resend_of"], first["id"]);
    assert_ne!(again["id"], first["id"]);
    let message = emulator.inspect("deliveries/9999/resend", &json!({})).unwrap_err();
    assert!(message.contains("9999"), "{message}");
}

#[test]
fn a_body_is_checked_and_each_problem_has_its_place() {
    let emulator = emulator();
    let places = |body: &str| -> Vec<(bool, u64, u64, String)> {
        let found = emulator.inspect("check", &json!({ "command": ENTER, "body": body })).unwrap();
        let problems = found["problems"].as_array().unwrap().iter();
        let read = |problem: &Value| {
            let number = |name: &str| problem[name].as_u64().unwrap();
            let message = problem["message"].as_str().unwrap().to_owned();
            (problem["is_error"] == true, number("line"), number("column"), message)
        };
        problems.map(read).collect()
    };
    let sample = include_str!("../../tests/fixtures/conference/Room.CallbackAfterMemberEnter.json");
    assert_eq!(places(sample), []);
    let broken = places("{\n  \"é\": \"é\" 1\n}");
    assert_eq!(broken.len(), 1);
    assert!(broken[0].0 && (broken[0].1, broken[0].2) == (2, 12), "{broken:?}");
    let other = places(&sample.replace("AfterMemberEnter", "AfterMemberLeave"));
    assert!(other[0].0 && other[0].3.contains("in the URL it is"), "{other:?}");
    let differs = places(
        "{\"CallbackCommand\":\"Room.CallbackAfterMemberEnter\",\n\"RoomId\": [1],\n  \"Extra\":1}",
    );
    let found = |line, column, part: &str| {
        let is_it = |problem: &(bool, u64, u64, String)| {
            (problem.1, problem.2) == (line, column) && problem.3.contains(part)
        };
        assert!(differs.iter().any(is_it), "{part}: {differs:?}");
    };
    found(2, 11, "RoomId is an array, in Tencent's sample it is text");
    found(3, 11, "Extra is not in Tencent's sample");
    found(1, 1, "EventTime is missing");
    assert!(places("")[0].0, "an empty body");
}

#[test]
fn a_delivery_of_another_process_is_shown_as_it_was_and_trigger_tells_of_its_own() {
    let (emulator, host) = (emulator(), Host::replying("200 OK", "not JSON"));
    let trigger = ["trigger", "AfterMemberEnter", "--to", &host.url];
    let output = run(&mut emulator.command(&trigger));
    assert_eq!(output.status.code(), Some(1));
    let all = deliveries(&emulator);
    assert_eq!(all.len(), 1);
    assert_eq!(all[0]["source"], "trigger");
    assert_eq!(all[0]["command"], ENTER);
    assert_eq!(all[0]["attempts"][0]["right"], false);
    assert_eq!(all[0]["body"], host.received().body);
    let mut reported = all[0].clone();
    reported["source"] = "another".into();
    assert_eq!(emulator.inspect("deliveries", &reported).unwrap(), Value::Null);
    assert_eq!(deliveries(&emulator)[1]["source"], "another");
}

#[test]
fn what_a_scenario_sends_is_told_while_it_runs() {
    let (emulator, host) = (emulator(), Host::right());
    let scenario = [
        "scenario",
        "call",
        "--rooms",
        "2",
        "--seed",
        "1",
        "--rate",
        "unlimited",
        "--json",
        "--to",
        &host.url,
    ];
    let output = run(&mut emulator.command(&scenario));
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    let all = deliveries(&emulator);
    assert_eq!(all.len() as u64, report["sent"].as_u64().unwrap());
    for delivery in all {
        assert_eq!(delivery["source"], "scenario");
        assert_eq!(delivery["attempts"][0]["right"], true);
        assert!(delivery["body"].as_str().unwrap().contains(delivery["command"].as_str().unwrap()));
    }
}

#[test]
fn a_flood_of_reports_leaves_the_newest_five_hundred() {
    let (emulator, host) = (emulator(), Host::right());
    run(&mut emulator.command(&["trigger", "AfterMemberEnter", "--to", &host.url]));
    let mut report = deliveries(&emulator).remove(0);
    let agent = agent();
    for number in 0..700 {
        report["body"] = number.to_string().into();
        let post = agent.post(format!("{}/inspector/deliveries", emulator.url));
        let sent = post.header("Content-Type", "application/json").send(report.to_string());
        assert_eq!(sent.unwrap().status(), 204);
    }
    let kept = deliveries(&emulator);
    assert_eq!(kept.len(), 500);
    assert_eq!(kept[0]["body"], "200");
    assert_eq!(kept[499]["body"], "699");
}

#[test]
fn a_stream_tells_of_deliveries_requests_and_configurations_as_they_come() {
    let (emulator, host) = (emulator(), Host::right());
    let mut stream = Stream::open(&emulator, &[]);
    stream.wait_for("reset");
    register(&emulator, &host, ENTER);
    let (configuration, _) = stream.wait_for("configuration");
    assert_eq!(configuration[0]["url"], host.url);
    assert_eq!(stream.wait_for("request").0["path"], "/v4/room_config/set_callback");
    emulator.inspect("trigger", &order("{}")).unwrap();
    let delivered = loop {
        let (delivery, _) = stream.wait_for("delivery");
        if delivery["is_pending"] == false {
            break delivery;
        }
    };
    assert_eq!(delivered["attempts"][0]["right"], true);
}

#[test]
fn who_comes_back_hears_what_was_missed_and_nothing_twice() {
    let (emulator, host) = (emulator(), Host::right());
    register(&emulator, &host, ENTER);
    let mut stream = Stream::open(&emulator, &[]);
    let (_, seen) = stream.wait_for("request");
    drop(stream);
    emulator.call("room_config/delete_callback", "{}");
    let mut stream = Stream::open(&emulator, &[("Last-Event-ID", &seen)]);
    let events = [stream.next().unwrap(), stream.next().unwrap()];
    assert_eq!(events[0].name, "configuration");
    assert_eq!(events[0].data, json!([]));
    assert_eq!(events[1].name, "request");
    assert_eq!(events[1].data["path"], "/v4/room_config/delete_callback");
}

#[test]
fn an_open_stream_does_not_keep_the_emulator_from_ending() {
    let emulator = emulator();
    let mut stream = Stream::open(&emulator, &[]);
    stream.wait_for("reset");
    let (status, _) = emulator.end("-TERM");
    assert_eq!(status.code(), Some(0));
    assert!(stream.next().is_none(), "the stream has ended, not broken off");
}
