//! Any bytes as a query: what is refused, what is read, and whose Sign is taken, are what a plain reading of the protocol says.
#![no_main]
#![allow(clippy::expect_used)]

use std::collections::HashMap;
use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use percent_encoding::percent_decode_str;
use sha2::{Digest, Sha256};
use tc_callback::error::Status;
use tc_callback::event::{Limits, parse};
use tc_callback::receiver::{Options, Receiver, Request};

const APP: u32 = 1_400_000_000;
const NOW_S: i64 = 1_669_872_112;
const TOKEN: &str = "xxxxyyyy";
const BODY: &[u8] = br#"{"CallbackCommand":"Room.CallbackAfterDestroyRoom","RoomId":"r1"}"#;
const NAMES: [&str; 6] =
    ["sdkappid", "callbackcommand", "clientip", "optplatform", "sign", "requesttime"];

static RECEIVER: LazyLock<Receiver> = LazyLock::new(|| {
    let mut options = Options::new(APP);
    options.add_token(TOKEN);
    Receiver::new(options).expect("the options are good")
});

/// The parameters that the protocol has, decoded; `None` if the query cannot be trusted.
fn parameters(query: &str) -> Option<HashMap<String, String>> {
    let mut found = HashMap::new();
    for pair in query.split('&') {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let Some(name) = decoded(name).map(|name| name.to_ascii_lowercase()) else { continue };
        if NAMES.contains(&&*name) && found.insert(name, decoded(value)?).is_some() {
            return None;
        }
    }
    Some(found)
}

fn decoded(text: &str) -> Option<String> {
    let spaced = text.replace('+', " ");
    percent_decode_str(&spaced).decode_utf8().ok().map(String::from)
}

fn number<T: std::str::FromStr>(digits: &str) -> Option<T> {
    let are_digits = digits.bytes().all(|byte| byte.is_ascii_digit());
    digits.parse().ok().filter(|_| are_digits)
}

fn is_signed(parameters: &HashMap<String, String>) -> bool {
    let (Some(sign), Some(time)) = (parameters.get("sign"), parameters.get("requesttime")) else {
        return false;
    };
    let hash = Sha256::digest(format!("{TOKEN}{time}"));
    let digits: String = hash.iter().map(|byte| format!("{byte:02x}")).collect();
    let is_fresh = number::<i64>(time).is_some_and(|time| time.abs_diff(NOW_S) <= 60);
    sign.eq_ignore_ascii_case(&digits) && is_fresh
}

fuzz_target!(|query: &[u8]| {
    let raw = std::str::from_utf8(query).ok().map(|text| match text.strip_prefix('?') {
        Some(raw) => raw,
        None if text.starts_with('/') || text.starts_with("http") => {
            text.split_once('?').map_or("", |(_, raw)| raw)
        }
        None => text,
    });
    let expected = raw.and_then(parameters);
    let app = expected.as_ref().and_then(|found| found.get("sdkappid"));
    // Of a number that is percent-encoded, more digits are refused than a number has.
    if app.is_some_and(|digits| digits.len() > 32) {
        return;
    }
    let number_of_app = app.map(|digits| number::<u32>(digits));
    let expected = expected.as_ref().filter(|_| number_of_app != Some(None));

    match (parse(query, BODY, &Limits::default()), expected) {
        (Ok(event), Some(expected)) => {
            let of = |name: &str| expected.get(name).map(String::as_str);
            assert_eq!(event.sdk_app_id, number_of_app.flatten().unwrap_or(0));
            assert_eq!(event.query_command_word.get(), of("callbackcommand"));
            assert_eq!(event.client_ip.get(), of("clientip"));
            assert_eq!(event.platform_word.get(), of("optplatform"));
            assert_eq!(event.query.get().unwrap_or(""), raw.unwrap_or_default());
            assert_eq!(event.subject.get(), Some("r1"));
        }
        (Err(error), None) => {
            assert_eq!(error.status(), Status::MalformedQuery);
            assert!(error.offset().is_some_and(|offset| offset <= query.len()), "{error}");
        }
        (answer, expected) => panic!("{:?} instead of {expected:?}", answer.err()),
    }

    let outcome = RECEIVER.handle(&Request { query, body: BODY, now_s: Some(NOW_S) });
    let is_taken = number_of_app == Some(Some(APP)) && expected.is_some_and(is_signed);
    assert_eq!(outcome.event.is_ok(), is_taken, "{}", &*outcome.reply);
});
