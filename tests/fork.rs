//! A client made before fork works in the child, whatever the parent's threads were doing at that moment.
#![allow(unsafe_code, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "support/rest_server.rs"]
mod rest_server;

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Barrier};
use std::thread;

use rest_server::{RestServer, config};
use tc_callback::catalog::Product;
use tc_callback::config::{Client, Options};
use tc_callback::receiver::{Options as ReceiverOptions, Receiver, Request};
use tc_callback::usersig::{Key, SignOptions, sign, verify};

const URL: &str = "https://example.com/callback";

/// `make soak` asks for more.
fn forks() -> usize {
    std::env::var("TC_FORKS").map_or(40, |forks| forks.parse().unwrap())
}

#[test]
fn a_client_and_a_receiver_made_before_fork_work_in_the_child() {
    let server = RestServer::answering(|_| config(URL, &["Call.CallbackAfterStartCall"]));
    let mut options = Options::new(1400000000);
    options.set_key(Key::new("a key for tests").unwrap());
    options.set_endpoint(server.endpoint()).set_rate_limit(0);
    let client = Arc::new(Client::new(options).unwrap());
    let receiver = Arc::new(Receiver::new(ReceiverOptions::new(1400000000)).unwrap());

    let stop = Arc::new(AtomicBool::new(false));
    let started = Arc::new(Barrier::new(5));
    let callers: Vec<_> = (0..4)
        .map(|_| {
            let (client, stop, started) =
                (Arc::clone(&client), Arc::clone(&stop), Arc::clone(&started));
            let receiver = Arc::clone(&receiver);
            thread::spawn(move || {
                client.get_callback(Product::Call).unwrap();
                started.wait();
                while !stop.load(Ordering::Relaxed) {
                    assert_eq!(client.get_callback(Product::Call).unwrap().url, URL);
                    assert!(is_received(&receiver) && is_signed());
                }
            })
        })
        .collect();
    started.wait();

    for _ in 0..forks() {
        // SAFETY: the child only makes calls and leaves by _exit; nothing of the parent's runs in it.
        let child = unsafe { libc::fork() };
        assert!(child >= 0, "fork failed");
        if child == 0 {
            // SAFETY: a child that waits for a lock of its parent's is ended by the signal, and the test fails.
            unsafe { libc::alarm(30) };
            let found = get_conference(&client) && is_received(&receiver) && is_signed();
            // SAFETY: ends the child without the parent's destructors.
            unsafe { libc::_exit(i32::from(!found)) };
        }
        let mut status = 0;
        // SAFETY: waits for the child that was just made, with a pointer to a live integer.
        assert_eq!(unsafe { libc::waitpid(child, &mut status, 0) }, child);
        assert_eq!(status, 0, "a call of the child's failed");
    }
    stop.store(true, Ordering::Relaxed);
    callers.into_iter().for_each(|caller| caller.join().unwrap());

    let connections = |path: &str| -> BTreeSet<usize> {
        let seen = server.seen().into_iter();
        seen.filter(|seen| seen.path.contains(path)).map(|seen| seen.connection).collect()
    };
    let (parents, children) = (connections("call_config"), connections("room_config"));
    assert_eq!(children.len(), forks(), "each child has a connection of its own");
    assert!(parents.is_disjoint(&children), "no child wrote to a connection of its parent");
}

/// The children ask for Conference and the parent for Call, so that the server can tell them apart.
fn get_conference(client: &Client) -> bool {
    client.get_callback(Product::Conference).is_ok_and(|found| found.url == URL)
}

fn is_received(receiver: &Receiver) -> bool {
    let body =
        br#"{"CallbackCommand":"Room.CallbackAfterDestroyRoom","RoomId":"r1","EventTime":7}"#;
    let request = Request { query: b"SdkAppid=1400000000", body, now_s: None };
    receiver.handle(&request).event.is_ok_and(|event| event.subject.get() == Some("r1"))
}

fn is_signed() -> bool {
    let Ok(key) = Key::new("a key for tests") else { return false };
    sign(&key, &SignOptions::new(1400000000, "user", 7, 60))
        .is_ok_and(|usersig| verify(&key, 1400000000, Some("user"), &usersig, 8).is_ok())
}
