//! Any bytes as a body: the decoder answers as serde_json does, and every value that it reads is the same.
#![no_main]
#![allow(dead_code, unused_imports, clippy::expect_used, clippy::panic)]

#[path = "../../tests/support/differential/mod.rs"]
mod differential;

use libfuzzer_sys::fuzz_target;
use tc_callback::event::Limits;

fuzz_target!(|body: &[u8]| {
    let limits = Limits::default();
    // A hint that is wrong for most bodies must change nothing.
    let answers = differential::QUERIES.map(|query| differential::check(&query, body, &limits));
    assert_eq!(answers[0], answers[1]);
});
