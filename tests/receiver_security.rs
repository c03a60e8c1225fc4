//! What someone without the token, or with an old request, can make a receiver do. SECURITY.md is the summary.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use sha2::{Digest, Sha256};
use tc_callback::error::Status;
use tc_callback::receiver::{Delivery, Options, Outcome, Receiver, Request, Settlement};

const APP: u32 = 1_400_000_000;
const NOW: i64 = 1_669_872_112;
const TOKEN: &str = "the-token";

fn receiver() -> Receiver {
    let mut options = Options::new(APP);
    options.add_token(TOKEN);
    Receiver::new(options).unwrap()
}

fn post(receiver: &Receiver, query: impl AsRef<[u8]>, body: &str, now_s: i64) -> Outcome {
    let query = query.as_ref();
    receiver.handle(&Request { query, body: body.as_bytes(), now_s: Some(now_s) })
}

/// The same, and the event is taken if it is new. What the delivery was.
fn take(receiver: &Receiver, query: impl AsRef<[u8]>, body: &str, now_s: i64) -> Delivery {
    let mut outcome = post(receiver, query, body, now_s);
    if outcome.delivery() == Delivery::New {
        outcome.settle(Settlement::Taken).unwrap();
    }
    outcome.delivery()
}

/// What came of it.
fn status(outcome: &Outcome) -> Status {
    outcome.event.as_ref().err().map_or(Status::Ok, |error| error.status())
}

fn body(room: &str) -> String {
    format!(
        r#"{{"CallbackCommand":"Room.CallbackAfterDestroyRoom","RoomId":"{room}","EventTime":1669872112000}}"#
    )
}

fn sign(time: impl std::fmt::Display) -> String {
    let digest = Sha256::digest(format!("{TOKEN}{time}"));
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn query(time_s: i64) -> String {
    format!("SdkAppid={APP}&Sign={}&RequestTime={time_s}", sign(time_s))
}

/// What a fresh receiver makes of a query, with a good body.
fn of_query(query: impl AsRef<[u8]>) -> Status {
    status(&post(&receiver(), query, &body("r1"), NOW))
}

#[test]
fn a_request_is_good_for_a_minute_before_and_after_its_time_and_for_no_longer() {
    let receiver = receiver();
    let recorded = query(NOW);
    for (later_s, expected) in [
        (-3600, Status::StaleSign),
        (-61, Status::StaleSign),
        (-60, Status::Ok),
        (60, Status::Ok),
        (61, Status::StaleSign),
        (3600, Status::StaleSign),
        (i64::MAX - NOW, Status::StaleSign),
        (i64::MIN, Status::StaleSign),
    ] {
        let now_s = NOW.saturating_add(later_s);
        assert_eq!(status(&post(&receiver, &recorded, &body("r1"), now_s)), expected, "{later_s}");
    }
}

#[test]
fn an_old_request_does_not_become_fresh_by_another_time() {
    let old = query(NOW - 100);
    for fresh in [
        old.replace(&format!("RequestTime={}", NOW - 100), &format!("RequestTime={NOW}")),
        old.replace("RequestTime=", "RequestTime=0"),
        old.replace("RequestTime=", "RequestTime=+"),
        old.replace("RequestTime=", "RequestTime=-"),
        format!("{old}0"),
    ] {
        assert_eq!(of_query(&fresh), Status::BadSign, "{fresh}");
    }
}

#[test]
fn a_signed_time_that_is_no_number_is_refused_and_not_read_as_some_other_time() {
    for time in [
        "",
        " ",
        "now",
        "1669872112.0",
        "1669872112000",
        "99999999999999999999",
        "-1",
        "0x6388",
        "١٦٦٩٨٧٢١١٢",
    ] {
        let query = format!("SdkAppid={APP}&Sign={}&RequestTime={time}", sign(time));
        let status = of_query(&query);
        assert!(matches!(status, Status::BadSign | Status::StaleSign), "{time}: {status:?}");
    }
}

#[test]
fn token_and_time_cannot_be_shifted_into_each_other() {
    // Sign is the digest of the two joined: with one digit of the time moved to a token, it is that of another token.
    let mut options = Options::new(APP);
    options.add_token("token1");
    let receiver = Receiver::new(options).unwrap();
    let digest = Sha256::digest(format!("token1{NOW}"));
    let sign: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    let post = |time: &str| {
        let query = format!("SdkAppid={APP}&Sign={sign}&RequestTime={time}");
        status(&post(&receiver, query, &body("r1"), NOW))
    };
    assert_eq!(post(&NOW.to_string()), Status::Ok);
    assert_eq!(post(&format!("1{NOW}")), Status::BadSign);
    assert_eq!(post(&NOW.to_string()[1..]), Status::BadSign);
}

#[test]
fn a_request_sent_again_in_time_is_marked_whatever_its_signature_and_order() {
    let receiver = receiver();
    let rooms: Vec<String> = (0..50).map(|room| body(&format!("r{room}"))).collect();
    for room in &rooms {
        assert_eq!(take(&receiver, query(NOW), room, NOW), Delivery::New);
    }
    // In another order, later, and signed anew: the vendor's own retry looks like that.
    for (index, room) in rooms.iter().rev().enumerate() {
        let later = NOW + 1 + i64::try_from(index).unwrap();
        assert_eq!(take(&receiver, query(later), room, later), Delivery::Done);
    }
}

#[test]
fn sign_does_not_cover_the_body_so_that_another_one_is_taken_while_it_is_fresh() {
    // The vendor's protocol has it so; this test is to fail on the day that it is otherwise.
    let receiver = receiver();
    let recorded = query(NOW);
    assert_eq!(take(&receiver, &recorded, &body("r1"), NOW), Delivery::New);
    let forged = post(&receiver, &recorded, &body("forged"), NOW + 60);
    assert_eq!((status(&forged), forged.delivery()), (Status::Ok, Delivery::New));
    // A space more makes another body of the same event: the duplicate window is against retries, not against attackers.
    let spaced = body("r1").replace(":", ": ");
    assert_eq!(take(&receiver, &recorded, &spaced, NOW), Delivery::New);
    assert_eq!(status(&post(&receiver, &recorded, &body("forged"), NOW + 61)), Status::StaleSign);
}

#[test]
fn requests_that_are_refused_do_not_push_events_out_of_the_duplicate_window() {
    let mut options = Options::new(APP);
    options.add_token(TOKEN);
    options.set_duplicate_window(4, 600);
    let receiver = Receiver::new(options).unwrap();
    assert_eq!(take(&receiver, query(NOW), &body("r1"), NOW), Delivery::New);
    for index in 0..100 {
        let forged = query(NOW).replace("Sign=", "Sign=0");
        post(&receiver, forged, &body(&format!("x{index}")), NOW);
        post(&receiver, query(NOW - 100), &body(&format!("y{index}")), NOW);
        post(&receiver, query(NOW), "{", NOW);
    }
    assert_eq!(take(&receiver, query(NOW), &body("r1"), NOW), Delivery::Done);
}

#[test]
fn a_clock_that_goes_back_neither_fails_nor_forgets() {
    let receiver = receiver();
    assert_eq!(take(&receiver, query(NOW), &body("r1"), NOW), Delivery::New);
    assert_eq!(take(&receiver, query(NOW - 500), &body("r1"), NOW - 500), Delivery::Done);
}

/// One rule: a name of the protocol, in any case and however it is escaped, may stand once.
#[test]
fn a_parameter_that_stands_twice_is_refused_whichever_is_right() {
    let good = query(NOW);
    for more in [
        format!("&SdkAppid={APP}"),
        "&sdkappid=7".to_string(),
        "&SDKAPPID=".to_string(),
        "&SdkAppId=7".to_string(),
        "&%53dkAppid=7".to_string(),
        "&Sdk%41ppid=7".to_string(),
        format!("&Sign={}", sign(NOW)),
        "&sign=x".to_string(),
        "&SIGN".to_string(),
        "&%73ign=x".to_string(),
        format!("&requesttime={NOW}"),
        "&RequestTime=1".to_string(),
        "&Request%54ime=1".to_string(),
    ] {
        assert_eq!(of_query(format!("{good}{more}")), Status::MalformedQuery, "behind: {more}");
        let before = format!("{}&{good}", &more[1..]);
        assert_eq!(of_query(&before), Status::MalformedQuery, "before: {more}");
    }
}

/// One rule: pairs are parted by '&' and nothing else.
#[test]
fn no_other_separator_hides_or_adds_a_parameter() {
    let time = format!("RequestTime={NOW}");
    for separator in [";", "%26", "&amp;", "%3B", "\n", "&&amp;", "?", "#", "%00", "\0"] {
        let query = query(NOW).replace(&format!("&{time}"), &format!("{separator}{time}"));
        assert_eq!(of_query(&query), Status::BadSign, "{separator:?}");
        // Something more behind it is part of the value in front of it.
        let query = self::query(NOW) + separator + "SdkAppid=7";
        let expected = if separator.starts_with('&') { Status::Ok } else { Status::BadSign };
        assert_eq!(of_query(&query), expected, "{separator:?}");
    }
    assert_eq!(of_query(query(NOW).replace('&', "&&")), Status::Ok, "empty pairs are nothing");
}

/// One rule: names and values are percent-decoded once, '+' is a space, and what is then not the value is refused.
#[test]
fn escapes_are_decoded_once() {
    let good = query(NOW);
    let digit = |escape: &str| good.replace("RequestTime=1", &format!("RequestTime={escape}"));
    assert_eq!(of_query(digit("%31")), Status::Ok);
    for escape in
        ["%2531", "%253", "%u0031", "%", "%3", "%zz1", "1%00", "%001", "%2b1", "+1", "%201"]
    {
        assert_eq!(of_query(digit(escape)), Status::BadSign, "{escape}");
    }
    let app = |app: &str| of_query(good.replace(&format!("SdkAppid={APP}"), app));
    assert_eq!(app("SdkAppid=%31400000000"), Status::Ok);
    for wrong in [
        "SdkAppid=%2531400000000",
        "SdkAppid=1400000000%00",
        "SdkAppid=%2b1400000000",
        "SdkAppid=+1400000000",
        "SdkAppid=1400000000%20",
        "SdkAppid=5694967296",
        "SdkAppid=1.4e9",
        "SdkAppid[]=1400000000",
        "SdkAppid%00=1400000000",
        "SdkAppid =1400000000",
        "SdkAppid==1400000000",
        "SdkAppid",
        "",
    ] {
        assert_eq!(app(wrong), Status::MalformedQuery, "{wrong}");
    }
    assert_eq!(app("SdkAppid=7"), Status::WrongApp);
}

/// One rule: what is not UTF-8, escaped or not, is refused where it stands for a value of the protocol, and is passed over elsewhere.
#[test]
fn overlong_utf_8_is_no_other_way_to_write_a_value() {
    let good = query(NOW);
    for overlong in ["%c0%b1", "%e0%80%b1", "%f0%80%80%b1", "%ff", "%ed%a0%80"] {
        let query = good.replace("RequestTime=1", &format!("RequestTime={overlong}"));
        assert_eq!(of_query(&query), Status::MalformedQuery, "{overlong}");
        let unknown = format!("{good}&other={overlong}&{overlong}=x");
        assert_eq!(of_query(&unknown), Status::Ok, "{overlong}");
    }
    // The byte 0xC0 as it is: no URL has it, and the query as a whole is refused.
    let raw = [good.as_bytes(), b"&other=\xc0\xb1"].concat();
    assert_eq!(of_query(&raw), Status::MalformedQuery);
    // Letters that only look alike, or fold to ASCII by Unicode's rules, are other names: U+017F, U+0131.
    assert_eq!(of_query(good.replace("Sign=", "\u{17f}ign=")), Status::BadSign);
    assert_eq!(of_query(good.replace("Sign=", "S%C4%B1gn=")), Status::BadSign);
}

#[test]
fn what_a_refusal_says_cannot_break_out_of_the_reply() {
    let query = "SdkAppid=1&%22},%22ActionStatus%22:%22OK%22%0d%0a=1&SdkAppid=%22%0d%0a";
    let outcome = post(&receiver(), query, &body("r1"), NOW);
    let reply: serde_json::Value = serde_json::from_str(&outcome.reply).unwrap();
    assert_eq!(reply["ActionStatus"], "FAIL");
    assert!(!outcome.reply.contains(['\r', '\n']));
}
