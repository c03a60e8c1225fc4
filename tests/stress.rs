//! What comes to a receiver from outside, broken at random, and from many threads at once. What happens is the same each time.
//! `TC_STRESS=20` does twenty times as much: `make soak`.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "support/rest_server.rs"]
mod rest_server;

use std::sync::Barrier;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use fastrand::Rng;
use rest_server::{RestServer, config};
use tc_callback::catalog::Product;
use tc_callback::config::{Client, Options as ClientOptions};
use tc_callback::receiver::{Delivery, Options, Receiver, Request, Settlement};
use tc_callback::usersig::{Key, SignOptions, sign, verify};

const APP: u32 = 1_400_000_000;
const NOW_S: i64 = 1_669_872_112;
const THREADS: usize = 16;

/// By how much to multiply the work.
fn times(rounds: usize) -> usize {
    rounds * std::env::var("TC_STRESS").map_or(1, |times| times.parse().unwrap())
}

/// The vendor's published Sign: tests/fixtures/sign/published.json.
const QUERY: &str = "SdkAppid=1400000000&CallbackCommand=Room.CallbackAfterDestroyRoom&contenttype=json&ClientIP=10.0.0.1&OptPlatform=iOS&Sign=17773bc39a671d7b9aa835458704d2a6db81360a5940292b587d6d760d484061&RequestTime=1669872112";
const BODY: &str = r#"{"CallbackCommand":"Room.CallbackAfterDestroyRoom","RoomId":"r1","EventTime":1669872112000}"#;

/// Pieces that mean something in a query.
const QUERY_PIECES: &[&[u8]] = &[
    b"&",
    b"=",
    b"%",
    b"+",
    b"?",
    b"/",
    b"http://",
    b"%00",
    b"%26",
    b"%3d",
    b"%ff",
    b"%e4%b8%ad",
    b"%",
    b"%4",
    b"\xff",
    b"\0",
    b"&&",
    b"SdkAppid=",
    b"SDKAPPID=1400000000",
    b"sdkappid",
    b"Sign=",
    b"&sign",
    b"RequestTime=-1",
    b"RequestTime=99999999999999999999",
    b"CallbackCommand=",
    b"OptPlatform=Web",
    b"ClientIP=::1",
    b"=&=",
    b"\n",
];

/// Pieces that mean something in a body.
const BODY_PIECES: &[&[u8]] = &[
    b"{",
    b"}",
    b"[",
    b"]",
    b"\"",
    b"\\",
    b",",
    b":",
    b"null",
    b"true",
    b"1e999",
    b"-0",
    b"\\u0000",
    b"\\ud800",
    b"\xff",
    b"\0",
    b"\"EventTime\":\"7\",",
    b"\"CallbackCommand\":\"X\",",
    b"\"RoomId\":[],",
    b"\xef\xbb\xbf",
    b" ",
    b"\n",
];

/// Changes bytes, takes some away and puts pieces in.
fn mutate(bytes: &mut Vec<u8>, pieces: &[&[u8]], rng: &mut Rng) {
    for _ in 0..rng.usize(..4) {
        let at = rng.usize(..=bytes.len());
        let end = (at + rng.usize(..9)).min(bytes.len());
        match rng.u8(..4) {
            0 => drop(bytes.drain(at..end)),
            1 => drop(bytes.splice(at..at, rng.choice(pieces).unwrap().iter().copied())),
            2 => bytes[at..end].iter_mut().take(1).for_each(|byte| *byte = rng.u8(..)),
            _ => drop(bytes.splice(at..at, bytes[at..end].to_vec())),
        }
    }
}

fn receiver(token: Option<&str>) -> Receiver {
    let mut options = Options::new(APP);
    if let Some(token) = token {
        options.add_token(token);
    }
    Receiver::new(options).unwrap()
}

#[test]
fn a_request_changed_at_random_is_answered_in_json_with_a_fitting_status_and_alike_again() {
    let receivers = [receiver(None), receiver(Some("xxxxyyyy"))];
    let mut rng = Rng::with_seed(1);
    let (mut taken, mut refused) = (0, 0);
    for _ in 0..times(20_000) {
        let (mut query, mut body) = (QUERY.as_bytes().to_vec(), BODY.as_bytes().to_vec());
        mutate(&mut query, QUERY_PIECES, &mut rng);
        mutate(&mut body, BODY_PIECES, &mut rng);
        let request = Request { query: &query, body: &body, now_s: Some(NOW_S) };
        for receiver in &receivers {
            let [mut first, again] = [receiver.handle(&request), receiver.handle(&request)];
            let is_new = first.delivery() == Delivery::New;
            // It has no time, and so no key; or it came before.
            let is_busy = again.delivery() == Delivery::Busy;
            if is_new {
                first.settle(Settlement::Taken).unwrap();
            }
            let reply: serde_json::Value = serde_json::from_str(&first.reply).unwrap();
            let is_taken = first.event.is_ok();
            assert_eq!(reply["ActionStatus"], if is_taken { "OK" } else { "FAIL" });
            match first.http_status {
                200 => assert!(is_taken),
                status => assert!(!is_taken && matches!(status, 400 | 403 | 413), "{status}"),
            }
            let has_key = first.event.is_ok_and(|event| event.duplicate_key().is_some());
            assert_eq!(is_busy, is_new && has_key);
            let twice = receiver.handle(&request).delivery();
            assert_eq!(twice == Delivery::Done, has_key);
            *if is_taken { &mut taken } else { &mut refused } += 1;
        }
    }
    assert!(taken > 1_000 && refused > 1_000, "{taken} taken, {refused} refused");
}

#[test]
fn a_usersig_changed_at_random_is_refused_or_says_what_was_signed() {
    let key = Key::new("a key for tests").unwrap();
    let mut rng = Rng::with_seed(2);
    let now_s = u64::try_from(NOW_S).unwrap();
    let base64: Vec<[u8; 1]> = (b'0'..=b'z').map(|byte| [byte]).collect();
    let pieces: Vec<&[u8]> = base64
        .iter()
        .map(|byte| &byte[..])
        .chain([&b"_"[..], b"__", b"*", b"-", "é".as_bytes()])
        .collect();
    for compress in [false, true] {
        let options = SignOptions { compress, ..SignOptions::new(APP, "user", now_s, 60) };
        let good = sign(&key, &options).unwrap();
        let claims = verify(&key, APP, Some("user"), &good, now_s).unwrap();
        for _ in 0..times(10_000) {
            let mut bytes = good.as_bytes().to_vec();
            mutate(&mut bytes, &pieces, &mut rng);
            let text = String::from_utf8_lossy(&bytes);
            match verify(&key, APP, Some("user"), &text, now_s) {
                // Not every bit of a zlib stream says something; what is read is what was signed.
                Ok(read) => assert_eq!(read, claims, "{text}"),
                Err(error) => assert_ne!(text, *good, "{error}"),
            }
        }
    }
}

#[test]
fn of_many_threads_that_deliver_the_same_events_one_has_each_first() {
    let rounds = times(500);
    let mut options = Options::new(APP);
    options.set_duplicate_window(rounds, 600);
    let receiver = Receiver::new(options).unwrap();
    let firsts: Vec<_> = (0..rounds).map(|_| AtomicUsize::new(0)).collect();
    let start = Barrier::new(THREADS);
    thread::scope(|scope| {
        for _ in 0..THREADS {
            scope.spawn(|| {
                start.wait();
                for (event, first) in firsts.iter().enumerate() {
                    let body = BODY.replace("r1", &event.to_string());
                    let request = Request {
                        query: QUERY.as_bytes(),
                        body: body.as_bytes(),
                        now_s: Some(NOW_S),
                    };
                    let mut outcome = receiver.handle(&request);
                    assert_eq!(
                        outcome.event.as_ref().unwrap().subject.get(),
                        Some(&*event.to_string())
                    );
                    if outcome.delivery() == Delivery::New {
                        first.fetch_add(1, Ordering::Relaxed);
                        outcome.settle(Settlement::Taken).unwrap();
                    }
                }
            });
        }
    });
    assert!(firsts.iter().all(|first| first.load(Ordering::Relaxed) == 1));
}

#[test]
fn many_threads_call_with_one_client_and_each_gets_its_own_answer() {
    let server = RestServer::answering(|seen| {
        config(&format!("https://example.com{}", seen.path), &["Any"])
    });
    let mut options = ClientOptions::new(APP);
    options.set_key(Key::new("a key for tests").unwrap());
    options.set_endpoint(server.endpoint()).set_rate_limit(0);
    let client = Client::new(options).unwrap();
    let start = Barrier::new(THREADS);
    thread::scope(|scope| {
        for thread in 0..THREADS {
            let (client, start) = (&client, &start);
            scope.spawn(move || {
                let (product, service) = match thread % 2 {
                    0 => (Product::Call, "call_config"),
                    _ => (Product::Conference, "room_config"),
                };
                start.wait();
                for _ in 0..times(10) {
                    assert!(client.get_callback(product).unwrap().url.contains(service));
                }
            });
        }
    });
    assert_eq!(server.seen().len(), THREADS * times(10));
}
