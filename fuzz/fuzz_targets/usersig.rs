//! Any text as a UserSig, and as the JSON inside one, which nobody without the key can have made; and any text as a UserID, which
//! comes back as it was signed.
#![no_main]
#![allow(clippy::expect_used)]

use std::io::Write;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use flate2::Compression;
use flate2::write::ZlibEncoder;
use libfuzzer_sys::fuzz_target;
use tc_callback::usersig::{Key, SignOptions, sign, verify};

const APP: u32 = 1_400_000_000;
const NOW_S: u64 = 1_700_000_000;

/// The text as a UserSig has its JSON.
fn packed(json: &str) -> String {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::none());
    encoder.write_all(json.as_bytes()).expect("memory takes it");
    let base64 = BASE64_STANDARD.encode(encoder.finish().expect("memory takes it"));
    base64.replace('+', "*").replace('/', "-").replace('=', "_")
}

fuzz_target!(|text: &str| {
    let key = Key::new("a key that the fuzzer does not know").expect("the key is good");
    assert!(verify(&key, APP, None, text, NOW_S).is_err());
    assert!(verify(&key, APP, None, &packed(text), NOW_S).is_err());

    for compress in [false, true] {
        let options = SignOptions {
            userbuf: Some(text.as_bytes()),
            compress,
            ..SignOptions::new(APP, text, NOW_S, 60)
        };
        if let Ok(usersig) = sign(&key, &options) {
            let claims =
                verify(&key, APP, Some(text), &usersig, NOW_S).expect("it was just signed");
            assert_eq!(claims.identifier, text);
            assert_eq!(claims.userbuf.as_deref(), Some(text.as_bytes()));
        }
    }
});
