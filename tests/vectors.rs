//! The vectors that every language runs: tests/vectors.json. A case without `expect` gets it from this library with
//! `UPDATE_VECTORS=1 cargo test --test vectors`; read what it wrote before you commit it.
#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stdout)]

use serde_json::{Value, json};
use tc_callback::error::Status;
use tc_callback::receiver::{Delivery, Options, Outcome, Receiver, Request, Settlement};

const PATH: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/vectors.json");

fn receiver(case: &Value) -> Receiver {
    let app = case["sdk_app_id"].as_u64().unwrap();
    let mut options = Options::new(u32::try_from(app).unwrap());
    for token in case["tokens"].as_array().unwrap() {
        options.add_token(token.as_str().unwrap());
    }
    if let Some(bytes) = case["max_body_bytes"].as_u64() {
        options.limits_mut().max_body_bytes = usize::try_from(bytes).unwrap();
    }
    Receiver::new(options).unwrap()
}

fn body(case: &Value) -> Vec<u8> {
    match case["body_hex"].as_str() {
        None => case["body"].as_str().unwrap().as_bytes().to_vec(),
        Some(hex) => (0..hex.len() / 2)
            .map(|index| u8::from_str_radix(&hex[2 * index..2 * index + 2], 16).unwrap())
            .collect(),
    }
}

/// What the last of the case's deliveries comes to, when each event that is new is taken.
fn outcome(case: &Value) -> Outcome {
    let (receiver, body) = (receiver(case), body(case));
    let request = Request {
        query: case["query"].as_str().unwrap().as_bytes(),
        body: &body,
        now_s: Some(case["now_s"].as_i64().unwrap()),
    };
    let take = || {
        let mut outcome = receiver.handle(&request);
        if outcome.delivery() == Delivery::New {
            outcome.settle(Settlement::Taken).unwrap();
        }
        outcome
    };
    for _ in 1..case["deliveries"].as_u64().unwrap_or(1) {
        take();
    }
    take()
}

fn found(case: &Value) -> Value {
    let outcome = outcome(case);
    let error = outcome.event.as_ref().err();
    json!({
        "status": error.map_or(Status::Ok, |error| error.status()) as i32,
        "http_status": outcome.http_status,
        "reply": &*outcome.reply,
        "delivery": outcome.delivery() as i32,
        "message": error.map(|error| error.message()),
        "offset": error.and_then(|error| error.offset()),
        "event": outcome.event.as_ref().ok().map(|event| serde_json::to_value(&**event).unwrap()),
    })
}

#[test]
fn every_vector_holds() {
    let text = std::fs::read_to_string(PATH).unwrap();
    let mut vectors: Value = serde_json::from_str(&text).unwrap();
    let cases = vectors["cases"].as_array_mut().unwrap();
    let may_write = std::env::var_os("UPDATE_VECTORS").is_some();
    let mut names = Vec::new();
    for case in cases.iter_mut() {
        let name = case["name"].as_str().unwrap().to_string();
        assert!(!names.contains(&name), "two vectors are called {name}");
        let found = found(case);
        if may_write && case.get("expect").is_none() {
            case["expect"] = found;
        } else {
            assert_eq!(case["expect"], found, "{name}");
        }
        names.push(name);
    }
    if may_write {
        let text = serde_json::to_string_pretty(&vectors).unwrap();
        std::fs::write(PATH, text + "\n").unwrap();
    }
    println!("{} vectors", names.len());
}
