//! Any bytes as a query and, after the first line, a body: whatever comes, the answer is JSON with a fitting HTTP status, and the
//! same the second time but for the mark of a duplicate.
#![no_main]
#![allow(clippy::expect_used)]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use tc_callback::receiver::{Options, Receiver, Request};

static RECEIVERS: LazyLock<[Receiver; 2]> = LazyLock::new(|| {
    let open = Options::new(1_400_000_000);
    let mut signed = open.clone();
    signed.add_token("xxxxyyyy");
    [open, signed].map(|options| Receiver::new(options).expect("the options are good"))
});

fuzz_target!(|input: &[u8]| {
    let end = input.iter().position(|byte| *byte == b'\n').unwrap_or(input.len());
    let body = input.get(end + 1..).unwrap_or_default();
    let request = Request { query: &input[..end], body, now_s: Some(1_669_872_112) };
    for receiver in &*RECEIVERS {
        let first = receiver.handle(&request);
        let again = receiver.handle(&request);
        let reply: serde_json::Value = serde_json::from_str(&first.reply).expect("a reply is JSON");
        assert_eq!(reply["ActionStatus"], if first.event.is_ok() { "OK" } else { "FAIL" });
        assert_eq!(first.event.is_ok(), first.http_status == 200);
        assert!(first.event.is_ok() || matches!(first.http_status, 400 | 403 | 413));
        assert_eq!((&first.reply, first.http_status), (&again.reply, again.http_status));
        let has_key = again.event.as_ref().is_ok_and(|event| event.duplicate_key().is_some());
        assert_eq!(again.is_duplicate, has_key);
    }
});
