//! The emulator refuses what Tencent refuses, with Tencent's codes.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use support::{APP, Emulator, KEY, agent, code, now_s, query, read, signed_with, usersig};
use tc_callback::usersig::SignOptions;

const PATH: &str = "/v4/room_config/delete_callback";

fn valid_query() -> String {
    query(APP, "administrator", &usersig(APP, "administrator"))
}

/// The answer to a request that is right but for one part of its query.
fn with_query_changed(from: &str, to: &str) -> i64 {
    let valid = valid_query();
    assert!(valid.contains(from));
    Emulator::start(&[]).code(&format!("{PATH}?{}", valid.replace(from, to)), "{}")
}

fn with_usersig(options: &SignOptions<'_>) -> i64 {
    let usersig = signed_with(KEY, options);
    Emulator::start(&[]).code(&format!("{PATH}?{}", query(APP, "administrator", &usersig)), "{}")
}

#[test]
fn a_right_request_is_accepted_with_its_parameters_in_any_order() {
    let emulator = Emulator::start(&[]);
    assert_eq!(emulator.code(&format!("{PATH}?{}", valid_query()), "{}"), 0);
    let reversed: Vec<String> = valid_query().rsplit('&').map(str::to_owned).collect();
    assert_eq!(emulator.code(&format!("{PATH}?{}", reversed.join("&")), "{}"), 0);
}

#[test]
fn a_percent_encoded_usersig_is_the_same_usersig() {
    let usersig = usersig(APP, "administrator");
    let encoded: String = usersig.bytes().map(|byte| format!("%{byte:02x}")).collect();
    let path = format!("{PATH}?{}", query(APP, "administrator", &encoded));
    assert_eq!(Emulator::start(&[]).code(&path, "{}"), 0);
}

#[test]
fn another_method_than_post_is_60002() {
    let answer = Emulator::start(&[]).get(&format!("{PATH}?{}", valid_query()));
    assert_eq!(code(&answer), 60002);
    assert!(answer["ErrorInfo"].as_str().unwrap().contains("POST"));
}

#[test]
fn a_malformed_url_is_60002() {
    assert_eq!(with_query_changed("random=4294967295", "random=4294967296"), 60002);
    assert_eq!(with_query_changed("random=4294967295", "random=-1"), 60002);
    assert_eq!(with_query_changed("random=4294967295", "random=%zz"), 60002);
    assert_eq!(with_query_changed("random=4294967295", "random=%ff"), 60002);
    assert_eq!(with_query_changed("random=4294967295", "random=1&random=1"), 60002);
}

#[test]
fn an_unknown_path_is_60009() {
    let emulator = Emulator::start(&[]);
    for path in [
        "/",
        "/v4/room_config",
        "/v4/room_config/set_callback/",
        "/v3/room_config/set_callback",
        "/v4/live_config/set_callback",
        "/v4/room_config/Set_Callback",
        "/v4/room_config/set_callback_token",
        "/v4/call_config/update_callback",
    ] {
        assert_eq!(emulator.code(&format!("{path}?{}", valid_query()), "{}"), 60009, "{path}");
    }
}

#[test]
fn a_wrong_sdkappid_is_60012_60006_or_70020() {
    assert_eq!(with_query_changed("sdkappid=1400000000&", ""), 60012);
    assert_eq!(with_query_changed("sdkappid", "sdkAppId"), 60012, "names are case-sensitive");
    assert_eq!(with_query_changed("sdkappid=1400000000", "sdkappid=app"), 60006);
    assert_eq!(with_query_changed("sdkappid=1400000000", "sdkappid="), 60006);
    assert_eq!(with_query_changed("sdkappid=1400000000", "sdkappid=1400000001"), 70020);
}

#[test]
fn a_missing_or_wrong_parameter_is_60025() {
    assert_eq!(with_query_changed("contenttype=json", "contenttype=xml"), 60025);
    assert_eq!(with_query_changed("contenttype=json", "contenttype=JSON"), 60025);
    assert_eq!(with_query_changed("&contenttype=json", ""), 60025);
    assert_eq!(with_query_changed("&random=4294967295", ""), 60025);
    assert_eq!(with_query_changed("identifier=administrator&", ""), 60025);
    assert_eq!(with_query_changed("usersig=", "UserSig="), 60025);
}

#[test]
fn an_account_that_is_no_administrator_is_60010() {
    let emulator = Emulator::start(&["--administrator", "root", "--administrator", "admin"]);
    let with = |account: &str| {
        emulator.code(&format!("{PATH}?{}", query(APP, account, &usersig(APP, account))), "{}")
    };
    assert_eq!(with("administrator"), 60010);
    assert_eq!(with("root"), 0);
    assert_eq!(with("admin"), 0);
}

#[test]
fn an_empty_or_broken_body_is_60003() {
    let emulator = Emulator::start(&[]);
    for body in ["", " ", "{", "{} {}", "null", "[]", "'{}'", "{\"Url\":}"] {
        let answer = emulator.call("room_config/delete_callback", body);
        assert_eq!(code(&answer), 60003, "{body:?}");
    }
    let huge = format!("\"{}\"", "x".repeat(2 * 1024 * 1024));
    assert_eq!(code(&emulator.call("room_config/delete_callback", &huge)), 60003);
}

#[test]
fn an_expired_usersig_is_70001() {
    assert_eq!(with_usersig(&SignOptions::new(APP, "administrator", now_s() - 7200, 3600)), 70001);
}

#[test]
fn a_usersig_that_cannot_be_read_is_70003() {
    let usersig = usersig(APP, "administrator");
    let emulator = Emulator::start(&[]);
    for broken in [&usersig[..usersig.len() / 2], &usersig[1..], "x", "%00", "eJw_"] {
        let path = format!("{PATH}?{}", query(APP, "administrator", broken));
        assert_eq!(emulator.code(&path, "{}"), 70003, "{broken}");
    }
}

#[test]
fn a_usersig_of_another_key_is_70009() {
    let options = SignOptions::new(APP, "administrator", now_s(), 3600);
    let usersig = signed_with("another key", &options);
    let path = format!("{PATH}?{}", query(APP, "administrator", &usersig));
    assert_eq!(Emulator::start(&[]).code(&path, "{}"), 70009);
}

#[test]
fn a_usersig_of_another_account_is_70013() {
    assert_eq!(with_usersig(&SignOptions::new(APP, "alice", now_s(), 3600)), 70013);
}

#[test]
fn a_usersig_of_another_application_is_70014() {
    assert_eq!(with_usersig(&SignOptions::new(APP + 1, "administrator", now_s(), 3600)), 70014);
}

#[test]
fn a_compressed_usersig_is_accepted_too() {
    let options = SignOptions::new(APP, "administrator", now_s(), 3600);
    assert_eq!(with_usersig(&SignOptions { compress: true, ..options }), 0);
}

#[test]
fn more_than_200_requests_a_second_to_one_api_are_60007() {
    let emulator = Emulator::start(&["--quiet"]);
    let url = format!("{}{PATH}?{}", emulator.url, valid_query());
    let (sent, refused) = (AtomicUsize::new(0), AtomicUsize::new(0));
    thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                let agent = agent();
                while refused.load(Ordering::Relaxed) == 0
                    && sent.fetch_add(1, Ordering::Relaxed) < 20_000
                {
                    let answer = read(agent.post(&url).send("{}").unwrap());
                    match code(&answer) {
                        0 => {}
                        60007 => _ = refused.fetch_add(1, Ordering::Relaxed),
                        other => panic!("{other}"),
                    }
                }
            });
        }
    });
    assert!(refused.load(Ordering::Relaxed) > 0);
    assert!(sent.load(Ordering::Relaxed) > 200, "refused too early");
}

#[test]
fn each_api_has_its_own_limit_and_the_limit_can_be_set() {
    let emulator = Emulator::start(&["--rate-limit", "0"]);
    assert_eq!(code(&emulator.call("room_config/delete_callback", "{}")), 60007);
    let emulator = Emulator::start(&["--rate-limit", "1"]);
    assert_eq!(code(&emulator.call("room_config/delete_callback", "{}")), 0);
    assert_eq!(code(&emulator.call("call_config/delete_callback", "{}")), 0);
}

#[test]
fn a_request_with_a_bad_usersig_does_not_use_up_the_limit() {
    let emulator = Emulator::start(&["--rate-limit", "1"]);
    for _ in 0..3 {
        let path = format!("{PATH}?{}", query(APP, "administrator", "x"));
        assert_eq!(emulator.code(&path, "{}"), 70003);
    }
    assert_eq!(code(&emulator.call("room_config/delete_callback", "{}")), 0);
}
