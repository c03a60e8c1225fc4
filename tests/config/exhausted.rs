//! What a process runs out of: nothing of a request is sent then, and the error does not say that it may have been carried out.

use std::fs::File;
use std::process::Command;

use tc_callback::catalog::Product;
use tc_callback::config::{Cancel, Client, Options};
use tc_callback::error::{Error, Status};

use crate::rest_server::RestServer;
use crate::{CREATED, SDK_APP_ID, URL, key};

/// Runs an ignored test of this file in a process of its own, which must pass and send nothing.
fn alone(test: &str, command: &mut Command) {
    let server = RestServer::scripted([]);
    // One thread, the main one: none can be started.
    let arguments = ["--exact", test, "--ignored", "--nocapture", "--test-threads=1"];
    let output = command.args(arguments).env("TEST_ENDPOINT", server.endpoint()).output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && said.contains("1 passed"), "{said}{errors}");
    assert!(server.seen().is_empty());
}

fn options(endpoint: &str) -> Options {
    let mut options = Options::new(SDK_APP_ID);
    options.set_key(key()).set_endpoint(endpoint).set_attempts(2);
    options
}

fn endpoint() -> String {
    std::env::var("TEST_ENDPOINT").unwrap()
}

fn check(error: &Error, status: Status, says: &str) {
    assert_eq!((error.status(), error.report().attempts), (status, 2), "{error}");
    assert!(error.message().contains(says), "{error}");
    assert!(error.is_retryable(), "{error}");
    assert!(!error.message().contains("all the same"), "nothing was sent: {error}");
}

#[test]
fn without_descriptors_nothing_may_have_been_done() {
    let mut command = Command::new("sh");
    command.args(["-c", r#"ulimit -n 64; exec "$0" "$@""#]).arg(std::env::current_exe().unwrap());
    alone("exhausted::with_no_descriptor_left", &mut command);
}

#[test]
#[ignore = "run by without_descriptors_nothing_may_have_been_done with a limit of its own"]
fn with_no_descriptor_left() {
    let client = Client::new(options(&endpoint())).unwrap();
    let set = || client.set_callback(Product::Conference, URL, &[CREATED]).unwrap_err();
    let all: Vec<_> = std::iter::from_fn(|| File::open("/dev/null").ok()).collect();
    let error = set();
    drop(all);
    check(&error, Status::Connection, "no file descriptor is left");
}

#[test]
fn without_threads_nothing_may_have_been_done() {
    let mut command = Command::new(std::env::current_exe().unwrap());
    // No system gives a thread so large a stack.
    command.env("RUST_MIN_STACK", (1_u64 << 50).to_string());
    alone("exhausted::with_no_thread_left", &mut command);
}

#[test]
#[ignore = "run by without_threads_nothing_may_have_been_done with an environment of its own"]
fn with_no_thread_left() {
    let client = Client::new(options(&endpoint())).unwrap().with_cancel(&Cancel::new());
    let error = client.set_callback(Product::Conference, URL, &[CREATED]).unwrap_err();
    check(&error, Status::Connection, "the system starts no thread for it");
    let client = Client::new(options("http://localhost:1")).unwrap();
    let error = client.set_callback(Product::Conference, URL, &[CREATED]).unwrap_err();
    check(&error, Status::NameResolution, "the system starts no thread for it");
}
