//! What a receiver answers to what is posted.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use sha2::{Digest, Sha256};
use tc_callback::error::Status;
use tc_callback::receiver::{Options, Outcome, Receiver, Request};

const APP: u32 = 1_400_000_000;
const NOW: i64 = 1_669_872_112;
const BODY: &str = r#"{"CallbackCommand":"Room.CallbackAfterDestroyRoom","Operator_Account":"admin","RoomId":"r1","EventTime":1669872112000}"#;
const OK_REPLY: &str = r#"{"ActionStatus":"OK","ErrorInfo":"","ErrorCode":0}"#;

fn receiver(change: impl FnOnce(&mut Options)) -> Receiver {
    let mut options = Options::new(APP);
    change(&mut options);
    Receiver::new(options).unwrap()
}

fn post(receiver: &Receiver, query: &str, body: &str, now_s: i64) -> Outcome {
    receiver.handle(&Request { query: query.as_bytes(), body: body.as_bytes(), now_s: Some(now_s) })
}

fn plain(receiver: &Receiver, body: &str, now_s: i64) -> Outcome {
    post(receiver, &format!("SdkAppid={APP}&contenttype=json"), body, now_s)
}

fn signed_query(token: &str, time_s: i64) -> String {
    let sign: String = Sha256::digest(format!("{token}{time_s}"))
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    format!("SdkAppid={APP}&Sign={sign}&RequestTime={time_s}")
}

fn refused(outcome: Outcome, http_status: u16, status: Status) -> String {
    let error = outcome.event.expect_err("should be refused");
    assert_eq!((outcome.http_status, error.status()), (http_status, status), "{error}");
    let reply: serde_json::Value = serde_json::from_str(&outcome.reply).unwrap();
    assert_eq!(reply["ActionStatus"], "FAIL");
    assert_eq!(reply["ErrorCode"], status as i32);
    reply["ErrorInfo"].as_str().unwrap().to_string()
}

#[test]
fn a_good_request_is_answered_with_ok() {
    let outcome = plain(&receiver(|_| {}), BODY, NOW);
    assert_eq!((outcome.http_status, &*outcome.reply), (200, OK_REPLY));
    assert!(!outcome.is_duplicate);
    assert_eq!(outcome.event.unwrap().subject.get(), Some("r1"));
}

#[test]
fn the_vendors_published_sign_is_accepted() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/sign/published.json");
    let vector: serde_json::Value =
        serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let [token, time, sign] =
        ["Token", "RequestTime", "Sign"].map(|name| vector[name].as_str().unwrap());
    let receiver = receiver(|options| options.add_token(token));
    let query = |sign: &str| format!("SdkAppid={APP}&Sign={sign}&RequestTime={time}");
    let now: i64 = time.parse().unwrap();
    assert_eq!(post(&receiver, &query(sign), BODY, now).http_status, 200);
    assert_eq!(post(&receiver, &query(&sign.to_uppercase()), BODY, now).http_status, 200);
}

#[test]
fn a_sign_that_is_missing_forged_or_cut_is_refused() {
    let receiver = receiver(|options| options.add_token("right"));
    let good = signed_query("right", NOW);
    for query in [
        signed_query("wrong", NOW),
        good.replace("Sign=", "Sign=0"),
        good[..good.len() - 1].to_string(),
        format!("SdkAppid={APP}&RequestTime={NOW}"),
        format!("SdkAppid={APP}&Sign=&RequestTime={NOW}"),
        good.split("&RequestTime").next().unwrap().to_string(),
        signed_query("", NOW),
    ] {
        refused(post(&receiver, &query, BODY, NOW), 403, Status::BadSign);
    }
    assert_eq!(post(&receiver, &good, BODY, NOW).http_status, 200);
}

#[test]
fn either_of_two_tokens_will_do_while_one_is_being_replaced() {
    let receiver = receiver(|options| {
        options.add_token("old");
        options.add_token("new");
    });
    assert_eq!(post(&receiver, &signed_query("old", NOW), BODY, NOW).http_status, 200);
    assert_eq!(post(&receiver, &signed_query("new", NOW), BODY, NOW).http_status, 200);
    refused(post(&receiver, &signed_query("other", NOW), BODY, NOW), 403, Status::BadSign);
}

#[test]
fn request_time_may_be_a_minute_off_and_no_more() {
    let default = receiver(|options| options.add_token("t"));
    for (offset, fresh) in [(0, true), (60, true), (-60, true), (61, false), (-61, false)] {
        let outcome = post(&default, &signed_query("t", NOW + offset), BODY, NOW);
        if fresh {
            assert_eq!(outcome.http_status, 200, "{offset}");
        } else {
            let info = refused(outcome, 403, Status::StaleSign);
            assert!(info.contains("61 s"), "{info}");
        }
    }
    let strict = receiver(|options| {
        options.add_token("t");
        options.set_sign_tolerance_s(5);
    });
    refused(post(&strict, &signed_query("t", NOW - 6), BODY, NOW), 403, Status::StaleSign);
}

#[test]
fn a_token_that_is_certainly_a_mistake_is_refused_before_anything_is_received() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/secrets.json");
    let secrets: serde_json::Value =
        serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    for case in secrets["refused"].as_array().unwrap() {
        let mut options = Options::new(APP);
        options.add_token("right");
        options.add_token(case["given"].as_str().unwrap());
        let error = Receiver::new(options).err().unwrap();
        assert_eq!(error.status(), Status::InvalidOption);
        assert!(error.message().starts_with("add_token: a token "), "{error}");
        assert!(error.message().contains(case["told"].as_str().unwrap()), "{case}: {error}");
        assert!(!error.message().contains("5bd2850f"), "{error}");
    }
    for token in secrets["accepted"].as_array().unwrap() {
        let token = token.as_str().unwrap();
        let receiver = receiver(|options| options.add_token(token));
        assert_eq!(post(&receiver, &signed_query(token, NOW), BODY, NOW).http_status, 200);
    }
}

#[test]
fn a_receiver_without_an_application_is_refused() {
    assert_eq!(Receiver::new(Options::new(0)).err().unwrap().status(), Status::InvalidOption);
}

#[test]
fn another_application_is_refused() {
    let receiver = receiver(|_| {});
    let info = refused(post(&receiver, "SdkAppid=7", BODY, NOW), 403, Status::WrongApp);
    assert!(info.contains("SDKAppID 7"), "{info}");
    refused(post(&receiver, "", BODY, NOW), 400, Status::MalformedQuery);
}

#[test]
fn a_malformed_body_is_refused_with_its_byte() {
    let receiver = receiver(|_| {});
    let info = refused(plain(&receiver, &BODY[..40], NOW), 400, Status::MalformedJson);
    assert!(info.ends_with("at byte 40"), "{info}");
    refused(plain(&receiver, "{}", NOW), 400, Status::NotACallback);
}

#[test]
fn a_body_over_the_limit_is_refused_before_it_is_looked_at() {
    let receiver = receiver(|options| options.limits_mut().max_body_bytes = 10);
    refused(post(&receiver, "no query", "not json at all", NOW), 413, Status::TooLarge);
}

#[test]
fn checks_come_in_the_documented_order() {
    let receiver = receiver(|options| options.add_token("t"));
    // Wrong app and bad Sign: the app is told. Bad Sign and a bad body: the Sign is told, and nothing of the body.
    refused(post(&receiver, "SdkAppid=7&Sign=x", "{", NOW), 403, Status::WrongApp);
    refused(plain(&receiver, "{", NOW), 403, Status::BadSign);
}

#[test]
fn a_callback_that_is_delivered_again_is_marked_and_answered_alike() {
    let receiver = receiver(|options| options.add_token("t"));
    assert!(!post(&receiver, &signed_query("t", NOW), BODY, NOW).is_duplicate);
    let again = post(&receiver, &signed_query("t", NOW + 3), BODY, NOW + 3);
    assert!(again.is_duplicate);
    assert_eq!((again.http_status, &*again.reply), (200, OK_REPLY));
    assert!(again.event.is_ok());
    let other = BODY.replace("r1", "r2");
    assert!(!post(&receiver, &signed_query("t", NOW), &other, NOW).is_duplicate);
}

#[test]
fn a_refused_request_is_not_remembered() {
    let receiver = receiver(|options| options.add_token("t"));
    post(&receiver, &signed_query("forged", NOW), BODY, NOW);
    assert!(!post(&receiver, &signed_query("t", NOW), BODY, NOW).is_duplicate);
}

#[test]
fn the_duplicate_window_is_bounded_in_time_and_count() {
    let brief = receiver(|options| options.set_duplicate_window(100, 10));
    assert!(!plain(&brief, BODY, NOW).is_duplicate);
    assert!(plain(&brief, BODY, NOW + 10).is_duplicate);
    assert!(!plain(&brief, BODY, NOW + 11).is_duplicate);

    let small = receiver(|options| options.set_duplicate_window(2, 100));
    for room in ["r1", "r2", "r3"] {
        assert!(!plain(&small, &BODY.replace("r1", room), NOW).is_duplicate);
    }
    assert!(!plain(&small, BODY, NOW).is_duplicate, "the oldest of three is forgotten");

    let off = receiver(|options| options.set_duplicate_window(0, 0));
    plain(&off, BODY, NOW);
    assert!(!plain(&off, BODY, NOW).is_duplicate);
}

#[test]
fn an_event_that_the_host_could_not_take_can_be_forgotten() {
    let receiver = receiver(|_| {});
    let event = plain(&receiver, BODY, NOW).event.unwrap();
    receiver.forget(event.duplicate_key().unwrap());
    assert!(!plain(&receiver, BODY, NOW).is_duplicate);
    assert!(plain(&receiver, BODY, NOW).is_duplicate);
}

#[test]
fn threads_share_one_window() {
    let receiver = receiver(|_| {});
    let firsts: usize = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..8)
            .map(|_| scope.spawn(|| usize::from(!plain(&receiver, BODY, NOW).is_duplicate)))
            .collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).sum()
    });
    assert_eq!(firsts, 1);
}

#[test]
fn tokens_are_not_shown() {
    let mut options = Options::new(APP);
    options.add_token("secret-token");
    assert!(!format!("{options:?}").contains("secret-token"));
    let receiver = Receiver::new(options).unwrap();
    let outcome = post(&receiver, &signed_query("x", NOW), BODY, NOW);
    assert!(!format!("{outcome:?}").contains("secret-token"));
}

#[test]
fn a_percent_encoded_query_is_read_like_a_plain_one_and_hides_no_second_name() {
    let receiver = receiver(|options| options.add_token("t"));
    let good = signed_query("t", NOW);
    let encoded: String = NOW.to_string().bytes().map(|byte| format!("%{byte:02x}")).collect();
    for query in [
        good.replace("Sign=", "%53iGn="),
        good.replace(&format!("RequestTime={NOW}"), &format!("Request%54ime={encoded}")),
        format!("{good}&Sign+=another+name&%FF=1&=&&Sig"),
        format!("/callback?{good}"),
    ] {
        assert_eq!(post(&receiver, &query, BODY, NOW).http_status, 200, "{query}");
    }
    for second in ["%73ign=1", "Sign", "SIGN=", "Reques%74Time=1"] {
        let info = refused(
            post(&receiver, &format!("{good}&{second}"), BODY, NOW),
            400,
            Status::MalformedQuery,
        );
        assert!(info.contains("stands twice"), "{info}");
    }

    let query = format!("{good}&ClientIP=%E4%BD%A0+%2B%&OptPlatform=i%4FS");
    let event = post(&receiver, &query, BODY, NOW).event.unwrap();
    assert_eq!(event.client_ip.get(), Some("你 +%"));
    assert_eq!((event.platform, event.platform_word.get()), (4, Some("iOS")));
    let cut = format!("{good}&ClientIP=%E4%BD");
    refused(post(&receiver, &cut, BODY, NOW), 400, Status::MalformedQuery);
}
