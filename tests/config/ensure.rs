//! ensure_callback: read, compare, write only what differs.

use std::sync::{Arc, Mutex};
use std::thread;

use serde_json::json;
use tc_callback::catalog::Product;
use tc_callback::config::{Change, Response};
use tc_callback::error::{Result, Status};

use crate::rest_server::{RestServer, Step, code, config};
use crate::{CREATED, OTHER_URL, STARTED, UPDATED, UPDATED_ALIAS, URL, client};

const BOTH: [&str; 2] = [CREATED, UPDATED];

/// Runs ensure against a script and returns its result and the operations that it asked for.
fn ensure(
    product: Product,
    commands: &[&str],
    script: impl IntoIterator<Item = Step>,
) -> (Result<Response>, Vec<String>) {
    let server = RestServer::scripted(script);
    let result = client(&server).ensure_callback(product, URL, commands);
    (result, server.operations())
}

#[test]
fn what_is_right_already_is_left_alone() {
    let (done, operations) = ensure(Product::Conference, &BOTH, [config(URL, &BOTH)]);
    let done = done.unwrap();
    assert_eq!(operations, ["get_callback"]);
    assert_eq!(done.change, Change::Unchanged);
    assert_eq!(done.previous.unwrap().url, URL);
    assert_eq!(done.report.attempts, 1);
}

#[test]
fn order_repetition_and_older_words_make_no_difference() {
    let (done, operations) =
        ensure(Product::Conference, &BOTH, [config(URL, &[UPDATED_ALIAS, CREATED, CREATED])]);
    assert_eq!(done.unwrap().change, Change::Unchanged);
    assert_eq!(operations, ["get_callback"]);
}

#[test]
fn what_is_missing_is_created() {
    let (done, operations) = ensure(Product::Conference, &BOTH, [code(100_301), code(0)]);
    let done = done.unwrap();
    assert_eq!(operations, ["get_callback", "set_callback"]);
    assert_eq!(done.change, Change::Created);
    assert_eq!(done.previous, None);
    assert_eq!(done.report.attempts, 2);
}

#[test]
fn another_url_or_list_is_updated_and_the_previous_one_reported() {
    for found in [config(OTHER_URL, &BOTH), config(URL, &[CREATED]), config(URL, &[])] {
        let (done, operations) = ensure(Product::Conference, &BOTH, [found, code(0)]);
        let done = done.unwrap();
        assert_eq!(operations, ["get_callback", "update_callback"]);
        assert_eq!(done.change, Change::Updated);
        assert!(done.previous.is_some());
    }
}

#[test]
fn call_is_set_whether_it_is_missing_or_different() {
    let (done, operations) = ensure(Product::Call, &[STARTED], [code(100_301), code(0)]);
    assert_eq!(done.unwrap().change, Change::Created);
    assert_eq!(operations, ["get_callback", "set_callback"]);
    let (done, operations) =
        ensure(Product::Call, &[STARTED], [config(OTHER_URL, &[STARTED]), code(0)]);
    let done = done.unwrap();
    assert_eq!(done.change, Change::Updated);
    assert_eq!(done.previous.unwrap().url, OTHER_URL);
    assert_eq!(operations, ["get_callback", "set_callback"]);
}

#[test]
fn a_configuration_that_another_host_creates_meanwhile_is_updated_if_it_differs() {
    let script = [code(100_301), code(100_300), config(OTHER_URL, &BOTH), code(0)];
    let (done, operations) = ensure(Product::Conference, &BOTH, script);
    let done = done.unwrap();
    assert_eq!(operations, ["get_callback", "set_callback", "get_callback", "update_callback"]);
    assert_eq!(done.change, Change::Updated);
    assert_eq!(done.previous.unwrap().url, OTHER_URL);
}

#[test]
fn a_configuration_that_another_host_creates_meanwhile_is_left_alone_if_it_is_right() {
    let script = [code(100_301), code(100_300), config(URL, &BOTH)];
    let (done, operations) = ensure(Product::Conference, &BOTH, script);
    assert_eq!(done.unwrap().change, Change::Unchanged);
    assert_eq!(operations, ["get_callback", "set_callback", "get_callback"]);
}

#[test]
fn a_configuration_that_another_host_deletes_meanwhile_is_created_again() {
    let script = [config(OTHER_URL, &BOTH), code(100_301), code(100_301), code(0)];
    let (done, operations) = ensure(Product::Conference, &BOTH, script);
    assert_eq!(done.unwrap().change, Change::Created);
    assert_eq!(operations, ["get_callback", "update_callback", "get_callback", "set_callback"]);
}

#[test]
fn a_set_that_took_effect_although_its_answer_was_lost_is_written() {
    let script = [code(100_301), Step::Drop, code(100_300), config(URL, &BOTH)];
    let (done, _) = ensure(Product::Conference, &BOTH, script);
    let done = done.unwrap();
    assert_eq!(done.change, Change::Written);
    assert_eq!(done.report.attempts, 4);
}

#[test]
fn hosts_that_fight_without_end_get_an_error_instead_of_a_loop() {
    let server = RestServer::answering(|seen| match seen.operation() {
        "get_callback" => code(100_301),
        _ => code(100_300),
    });
    let error = client(&server).ensure_callback(Product::Conference, URL, &BOTH).unwrap_err();
    assert_eq!(error.status(), Status::AlreadyExists);
    assert_eq!(server.seen().len(), 8);
}

#[test]
fn a_refusal_ends_it() {
    let (done, operations) = ensure(Product::Conference, &BOTH, [code(70_009)]);
    assert_eq!(done.unwrap_err().status(), Status::Unauthorized);
    assert_eq!(operations, ["get_callback"]);
    let (done, operations) = ensure(Product::Conference, &BOTH, [code(100_301), code(100_002)]);
    assert_eq!(done.unwrap_err().status(), Status::Refused);
    assert_eq!(operations, ["get_callback", "set_callback"]);
}

/// Conference's service with one configuration, as the vendor documents it.
fn conference() -> RestServer {
    let stored = Mutex::new(None);
    RestServer::answering(move |seen| {
        let mut stored = stored.lock().unwrap();
        match (seen.operation(), stored.is_some()) {
            ("get_callback", true) => {
                let body = json!({"ErrorCode": 0, "ActionStatus": "OK", "Response": *stored});
                Step::Answer(200, body.to_string())
            }
            ("set_callback", false) | ("update_callback", true) => {
                *stored = Some(seen.body.clone());
                code(0)
            }
            ("set_callback", true) => code(100_300),
            _ => code(100_301),
        }
    })
}

#[test]
fn hosts_that_race_all_succeed() {
    let server = Arc::new(conference());
    let threads: Vec<_> = (0..8)
        .map(|_| {
            let server = Arc::clone(&server);
            thread::spawn(move || {
                client(&server).ensure_callback(Product::Conference, URL, &BOTH).unwrap().change
            })
        })
        .collect();
    let changes: Vec<_> = threads.into_iter().map(|thread| thread.join().unwrap()).collect();
    let count = |change| changes.iter().filter(|of| **of == change).count();
    assert_eq!((count(Change::Created), count(Change::Unchanged)), (1, 7), "{changes:?}");
    assert_eq!(client(&server).get_callback(Product::Conference).unwrap().url, URL);
}
