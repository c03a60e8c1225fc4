//! Any bytes as a query and, after the first line, a body: whatever comes, the answer is JSON with a fitting HTTP status; a copy of an
//! event with a key is busy while the event is handled, and done after it was taken.
#![no_main]
#![allow(clippy::expect_used)]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use tc_callback::receiver::{Delivery, Options, Receiver, Request, Settlement};

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
        let mut first = receiver.handle(&request);
        let copy = receiver.handle(&request).delivery();
        let has_key = first.event.as_ref().is_ok_and(|event| event.duplicate_key().is_some());
        let is_new = first.delivery() == Delivery::New;
        assert_eq!(first.event.is_ok(), is_new || first.delivery() == Delivery::Done);
        assert_eq!(copy == Delivery::Busy, is_new && has_key);
        if is_new {
            assert_eq!(first.http_status, 503);
            first.settle(Settlement::Taken).expect("a new outcome is settled");
        }
        let reply: serde_json::Value = serde_json::from_str(&first.reply).expect("a reply is JSON");
        assert_eq!(reply["ActionStatus"], if first.event.is_ok() { "OK" } else { "FAIL" });
        assert_eq!(first.event.is_ok(), first.http_status == 200);
        assert!(first.event.is_ok() || matches!(first.http_status, 400 | 403 | 413));
        let again = receiver.handle(&request).delivery();
        assert_eq!(again == Delivery::Done, has_key);
    }
});
