//! What a receiver answers to what is posted.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use sha2::{Digest, Sha256};
use tc_callback::error::Status;
use tc_callback::receiver::{Delivery, Options, Outcome, Receiver, Request, Settlement};

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

/// Posts an event and takes it, if it is new. What the delivery was.
fn take(receiver: &Receiver, body: &str, now_s: i64) -> Delivery {
    settle(plain(receiver, body, now_s), Settlement::Taken)
}

/// Settles an outcome, if it is new. What the delivery was.
fn settle(mut outcome: Outcome, settlement: Settlement) -> Delivery {
    if outcome.delivery() == Delivery::New {
        outcome.settle(settlement).unwrap();
    }
    outcome.delivery()
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
    let mut outcome = plain(&receiver(|_| {}), BODY, NOW);
    assert_eq!(outcome.delivery(), Delivery::New);
    outcome.settle(Settlement::Taken).unwrap();
    assert_eq!((outcome.http_status, &*outcome.reply), (200, OK_REPLY));
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
    for sign in [sign.to_string(), sign.to_uppercase()] {
        assert!(post(&receiver, &query(&sign), BODY, now).event.is_ok(), "{sign}");
    }
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
    assert!(post(&receiver, &good, BODY, NOW).event.is_ok());
}

#[test]
fn either_of_two_tokens_will_do_while_one_is_being_replaced() {
    let receiver = receiver(|options| {
        options.add_token("old");
        options.add_token("new");
    });
    assert!(post(&receiver, &signed_query("old", NOW), BODY, NOW).event.is_ok());
    assert!(post(&receiver, &signed_query("new", NOW), BODY, NOW).event.is_ok());
    refused(post(&receiver, &signed_query("other", NOW), BODY, NOW), 403, Status::BadSign);
}

#[test]
fn request_time_may_be_a_minute_off_and_no_more() {
    let default = receiver(|options| options.add_token("t"));
    for (offset, fresh) in [(0, true), (60, true), (-60, true), (61, false), (-61, false)] {
        let outcome = post(&default, &signed_query("t", NOW + offset), BODY, NOW);
        if fresh {
            assert!(outcome.event.is_ok(), "{offset}");
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
fn without_a_time_of_the_hosts_the_systems_clock_judges() {
    let receiver = receiver(|options| options.add_token("t"));
    let now = std::time::UNIX_EPOCH.elapsed().unwrap().as_secs();
    let now = i64::try_from(now).unwrap();
    for (time_s, expected) in
        [(now, None), (now - 100, Some(Status::StaleSign)), (now + 100, Some(Status::StaleSign))]
    {
        let query = signed_query("t", time_s);
        let request = Request { query: query.as_bytes(), body: BODY.as_bytes(), now_s: None };
        let outcome = receiver.handle(&request);
        assert_eq!(outcome.event.err().map(|error| error.status()), expected, "{}", time_s - now);
    }
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
        assert!(post(&receiver, &signed_query(token, NOW), BODY, NOW).event.is_ok());
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
fn an_event_that_was_taken_is_done_when_it_is_delivered_again() {
    let receiver = receiver(|options| options.add_token("t"));
    let first = post(&receiver, &signed_query("t", NOW), BODY, NOW);
    assert_eq!(settle(first, Settlement::Taken), Delivery::New);
    let again = post(&receiver, &signed_query("t", NOW + 3), BODY, NOW + 3);
    assert_eq!(again.delivery(), Delivery::Done);
    assert_eq!((again.http_status, &*again.reply), (200, OK_REPLY));
    assert!(again.event.is_ok());
    let other = BODY.replace("r1", "r2");
    assert_eq!(post(&receiver, &signed_query("t", NOW), &other, NOW).delivery(), Delivery::New);
}

#[test]
fn a_copy_of_an_event_that_is_being_handled_is_busy_and_never_answered_with_200() {
    let receiver = receiver(|_| {});
    let mut first = plain(&receiver, BODY, NOW);
    let copy = plain(&receiver, BODY, NOW);
    assert_eq!((copy.delivery(), copy.http_status), (Delivery::Busy, 503));
    let reply: serde_json::Value = serde_json::from_str(&copy.reply).unwrap();
    assert_eq!(reply["ActionStatus"], "FAIL");
    // A copy that goes releases nothing.
    drop(copy);
    assert_eq!(plain(&receiver, BODY, NOW).delivery(), Delivery::Busy);
    first.settle(Settlement::Refused).unwrap();
    assert_eq!(first.http_status, 503);
    assert_eq!(
        take(&receiver, BODY, NOW),
        Delivery::New,
        "the handler failed: the event comes anew"
    );
    assert_eq!(take(&receiver, BODY, NOW), Delivery::Done);
}

#[test]
fn an_outcome_that_nobody_settled_says_503_and_releases_its_event_when_it_is_dropped() {
    let receiver = receiver(|_| {});
    let first = plain(&receiver, BODY, NOW);
    assert_eq!((first.delivery(), first.http_status), (Delivery::New, 503));
    let reply: serde_json::Value = serde_json::from_str(&first.reply).unwrap();
    assert_eq!((&reply["ActionStatus"], &reply["ErrorCode"]), (&"FAIL".into(), &503.into()));
    assert_eq!(plain(&receiver, BODY, NOW).delivery(), Delivery::Busy);
    drop(first);
    assert_eq!(plain(&receiver, BODY, NOW).delivery(), Delivery::New);
}

#[test]
fn a_result_that_is_not_known_keeps_the_event_busy_for_a_minute_unless_it_becomes_known() {
    let receiver = receiver(|_| {});
    let mut first = plain(&receiver, BODY, NOW);
    first.settle(Settlement::Unknown).unwrap();
    assert_eq!(first.http_status, 503);
    assert_eq!(plain(&receiver, BODY, NOW + 59).delivery(), Delivery::Busy);
    let later = plain(&receiver, BODY, NOW + 62);
    assert_eq!(later.delivery(), Delivery::New);
    // Late, and a fact: the sink has it.
    first.settle(Settlement::Taken).unwrap();
    assert_eq!(first.http_status, 200);
    assert_eq!(plain(&receiver, BODY, NOW + 62).delivery(), Delivery::Done);
    drop(later);
    assert_eq!(
        plain(&receiver, BODY, NOW + 62).delivery(),
        Delivery::Done,
        "a late release is refused"
    );

    let other = BODY.replace("r1", "r2");
    let mut first = plain(&receiver, &other, NOW);
    first.settle(Settlement::Unknown).unwrap();
    drop(first);
    assert_eq!(
        plain(&receiver, &other, NOW).delivery(),
        Delivery::Busy,
        "dropping settles nothing"
    );
    let third = BODY.replace("r1", "r3");
    let mut first = plain(&receiver, &third, NOW);
    first.settle(Settlement::Unknown).unwrap();
    first.settle(Settlement::Refused).unwrap();
    assert_eq!(plain(&receiver, &third, NOW).delivery(), Delivery::New);
}

#[test]
fn an_event_without_a_time_has_no_key_and_is_always_new() {
    let receiver = receiver(|_| {});
    let body = r#"{"CallbackCommand":"Room.CallbackAfterDestroyRoom","RoomId":"r1"}"#;
    let first = plain(&receiver, body, NOW);
    assert_eq!(first.delivery(), Delivery::New);
    assert_eq!(take(&receiver, body, NOW), Delivery::New);
    assert_eq!(take(&receiver, body, NOW), Delivery::New);
    let mut first = first;
    first.settle(Settlement::Taken).unwrap();
    assert_eq!(first.http_status, 200);
}

#[test]
fn what_cannot_be_settled_says_why_and_stays_as_it_is() {
    let receiver = receiver(|_| {});
    let mut first = plain(&receiver, BODY, NOW);
    first.settle(Settlement::Taken).unwrap();
    first.settle(Settlement::Taken).unwrap();
    for settlement in [Settlement::Refused, Settlement::Unknown] {
        let error = first.settle(settlement).unwrap_err();
        assert_eq!(error.status(), Status::InvalidArgument);
        assert!(error.message().contains("settled as Taken"), "{error}");
    }
    assert_eq!(first.http_status, 200);
    for (mut outcome, name) in
        [(plain(&receiver, BODY, NOW), "Done"), (plain(&receiver, "{}", NOW), "Rejected")]
    {
        let before = (outcome.http_status, outcome.reply.to_string());
        let error = outcome.settle(Settlement::Taken).unwrap_err();
        assert!(error.message().contains(name), "{error}");
        assert_eq!((outcome.http_status, outcome.reply.to_string()), before);
    }
}

#[test]
fn an_outcome_settles_after_its_receiver_is_gone_and_from_another_thread() {
    let receiver = receiver(|_| {});
    let mut outcome = plain(&receiver, BODY, NOW);
    drop(receiver);
    std::thread::spawn(move || outcome.settle(Settlement::Taken).unwrap()).join().unwrap();
}

#[test]
fn a_rejected_request_claims_nothing() {
    let receiver = receiver(|options| options.add_token("t"));
    let forged = post(&receiver, &signed_query("forged", NOW), BODY, NOW);
    assert_eq!(forged.delivery(), Delivery::Rejected);
    assert_eq!(post(&receiver, &signed_query("t", NOW), BODY, NOW).delivery(), Delivery::New);
}

#[test]
fn the_duplicate_window_is_bounded_in_time_and_count() {
    let brief = receiver(|options| options.set_duplicate_window(100, 10));
    assert_eq!(take(&brief, BODY, NOW), Delivery::New);
    assert_eq!(take(&brief, BODY, NOW + 9), Delivery::Done);
    assert_eq!(take(&brief, BODY, NOW + 12), Delivery::New);

    let small = receiver(|options| options.set_duplicate_window(2, 100));
    for room in ["r1", "r2", "r3"] {
        assert_eq!(take(&small, &BODY.replace("r1", room), NOW), Delivery::New);
    }
    assert_eq!(take(&small, BODY, NOW), Delivery::New, "the oldest of three is forgotten");

    let off = receiver(|options| options.set_duplicate_window(0, 0));
    take(&off, BODY, NOW);
    assert_eq!(take(&off, BODY, NOW), Delivery::New);
}

#[test]
fn a_receiver_full_of_events_that_are_being_handled_answers_503_and_forgets_none_of_them() {
    let small = receiver(|options| options.set_duplicate_window(2, 100));
    let of = |room: &str| BODY.replace("r1", room);
    let mut held = ["r1", "r2"].map(|room| plain(&small, &of(room), NOW));
    let third = plain(&small, &of("r3"), NOW);
    assert_eq!((third.delivery(), third.http_status), (Delivery::Busy, 503));
    assert_eq!(plain(&small, &of("r1"), NOW).delivery(), Delivery::Busy);
    held[0].settle(Settlement::Taken).unwrap();
    assert_eq!(take(&small, &of("r3"), NOW), Delivery::New);
}

#[test]
fn threads_share_one_window() {
    let receiver = receiver(|_| {});
    let count = |delivery: Delivery| usize::from(delivery == Delivery::New);
    let news: usize = std::thread::scope(|scope| {
        let threads: Vec<_> =
            (0..8).map(|_| scope.spawn(|| count(take(&receiver, BODY, NOW)))).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).sum()
    });
    assert_eq!(news, 1);
}

/// A failing handler of the first copy must not swallow the second: it is answered with 503 and delivered again.
#[test]
fn an_event_whose_handler_fails_while_its_copy_arrives_is_not_lost() {
    let receiver = receiver(|_| {});
    let (copied, go_on) = std::sync::mpsc::channel();
    std::thread::scope(|scope| {
        let first = plain(&receiver, BODY, NOW);
        let handler = scope.spawn(move || {
            go_on.recv().unwrap();
            settle(first, Settlement::Refused)
        });
        let copy = plain(&receiver, BODY, NOW);
        assert_eq!((copy.delivery(), copy.http_status), (Delivery::Busy, 503));
        copied.send(()).unwrap();
        handler.join().unwrap();
    });
    assert_eq!(take(&receiver, BODY, NOW), Delivery::New);
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
        assert!(post(&receiver, &query, BODY, NOW).event.is_ok(), "{query}");
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
