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
use tc_callback::usersig::Key;

const URL: &str = "https://example.com/callback";
const FORKS: usize = 40;

#[test]
fn a_client_made_before_fork_works_in_the_child() {
    let server = RestServer::answering(|_| config(URL, &["Call.CallbackAfterStartCall"]));
    let mut options = Options::new(1400000000);
    options.set_key(Key::new("a key for tests").unwrap());
    options.set_endpoint(server.endpoint()).set_rate_limit(0);
    let client = Arc::new(Client::new(options).unwrap());

    let stop = Arc::new(AtomicBool::new(false));
    let started = Arc::new(Barrier::new(5));
    let callers: Vec<_> = (0..4)
        .map(|_| {
            let (client, stop, started) =
                (Arc::clone(&client), Arc::clone(&stop), Arc::clone(&started));
            thread::spawn(move || {
                client.get_callback(Product::Call).unwrap();
                started.wait();
                while !stop.load(Ordering::Relaxed) {
                    assert_eq!(client.get_callback(Product::Call).unwrap().url, URL);
                }
            })
        })
        .collect();
    started.wait();

    for _ in 0..FORKS {
        // SAFETY: the child only makes one call and leaves by _exit; nothing of the parent's runs in it.
        let child = unsafe { libc::fork() };
        assert!(child >= 0, "fork failed");
        if child == 0 {
            // SAFETY: a child that waits for a lock of its parent's is ended by the signal, and the test fails.
            unsafe { libc::alarm(30) };
            let found = get_conference(&client);
            // SAFETY: ends the child without the parent's destructors.
            unsafe { libc::_exit(i32::from(!found)) };
        }
        let mut status = 0;
        // SAFETY: waits for the child that was just made, with a pointer to a live integer.
        assert_eq!(unsafe { libc::waitpid(child, &mut status, 0) }, child);
        assert_eq!(status, 0, "the child's call failed");
    }
    stop.store(true, Ordering::Relaxed);
    callers.into_iter().for_each(|caller| caller.join().unwrap());

    let connections = |path: &str| -> BTreeSet<usize> {
        let seen = server.seen().into_iter();
        seen.filter(|seen| seen.path.contains(path)).map(|seen| seen.connection).collect()
    };
    let (parents, children) = (connections("call_config"), connections("room_config"));
    assert_eq!(children.len(), FORKS, "each child has a connection of its own");
    assert!(parents.is_disjoint(&children), "no child wrote to a connection of its parent");
}

/// The children ask for Conference and the parent for Call, so that the server can tell them apart.
fn get_conference(client: &Client) -> bool {
    client.get_callback(Product::Conference).is_ok_and(|found| found.url == URL)
}
