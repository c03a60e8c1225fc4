//! Any bytes as Tencent's answer to get: what is read of it is what serde_json reads, and no UserSig that it repeats comes out again.
#![no_main]
#![allow(clippy::expect_used)]

use libfuzzer_sys::fuzz_target;
use serde_json::Value;
use tc_callback::config::hooks::read_answer;
use tc_callback::error::Status;

/// What the dictionary has in its ErrorInfo.
const USERSIG: &str = "eJyrVgrxCdYrSy1SslI";

fn has_usersig(text: Option<&String>) -> bool {
    text.is_some_and(|text| text.contains(USERSIG))
}

fuzz_target!(|body: &[u8]| {
    let reference: Value = serde_json::from_slice(body).unwrap_or_default();
    let code = match &reference["ErrorCode"] {
        Value::String(text) => text.parse().ok().filter(|code: &i64| code.to_string() == *text),
        other => other.as_i64(),
    };
    for http_status in [200, 502] {
        let answer = read_answer(http_status, body.to_vec(), USERSIG);
        let report = match &answer {
            Ok(config) => config.as_ref().map(|config| &config.report),
            Err(error) => {
                assert!(!error.message().contains(USERSIG), "{error}");
                Some(error.report())
            }
        };
        if let Some(report) = report {
            assert_eq!((report.http_status, report.code), (Some(http_status), code));
            assert!(!has_usersig(report.info.as_ref()) && !has_usersig(report.request_id.as_ref()));
        }
        let status = answer.as_ref().map_or_else(|error| error.status(), |_| Status::Ok);
        match (http_status, code) {
            (200, None) => assert_eq!(status, Status::InvalidResponse),
            (200, Some(0)) => assert!(matches!(status, Status::Ok | Status::InvalidResponse)),
            (200, Some(_)) => assert!((300..400).contains(&(status as i32)), "{status:?}"),
            _ => assert_eq!(status, Status::HttpStatus),
        }
        let Ok(Some(config)) = answer else { continue };
        let at =
            if reference["Response"].is_object() { &reference["Response"] } else { &reference };
        assert_eq!(Some(&*config.url), at["Url"].as_str());
        let words = at["CallbackCommandList"].as_array().cloned().unwrap_or_default();
        let words: Vec<_> = words.iter().map(|word| word.as_str().expect("a string")).collect();
        assert_eq!(config.commands, words);
    }
});
