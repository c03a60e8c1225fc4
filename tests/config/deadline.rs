//! One deadline over all that a call does.

use tc_callback::catalog::Product;
use tc_callback::config::Client;
use tc_callback::error::Status;

use crate::rest_server::{RestServer, Step, code};
use crate::{CREATED, STARTED, URL, options};

#[test]
fn a_host_that_never_answers_is_left_at_the_deadline() {
    let server = RestServer::answering(|_| Step::Silence);
    let mut options = options(&server);
    options.set_timeout_ms(500);
    let client = Client::new(options).unwrap();
    let error = client.set_callback(Product::Conference, URL, &[CREATED]).unwrap_err();
    assert_eq!(error.status(), Status::Timeout);
    assert_eq!(error.report().attempts, 1);
    assert!(error.is_retryable());
    assert!(error.message().contains("the change may have been made all the same"), "{error}");
}

#[test]
fn a_client_with_an_earlier_deadline_shares_all_but_that() {
    let server = RestServer::scripted([code(0), code(0), Step::Silence]);
    let mut options = options(&server);
    options.set_timeout_ms(60_000);
    let client = Client::new(options).unwrap();
    client.delete_callback(Product::Call).unwrap();
    let hasty = client.with_timeout_ms(500).unwrap();
    drop(client);
    hasty.delete_callback(Product::Call).unwrap();
    let later = hasty.with_timeout_ms(60_000).unwrap();
    assert_eq!(later.delete_callback(Product::Call).unwrap_err().status(), Status::Timeout);
    let connections: std::collections::BTreeSet<_> =
        server.seen().iter().map(|request| request.connection).collect();
    assert_eq!(connections.len(), 1, "they share connections");
    assert_eq!(hasty.with_timeout_ms(0).unwrap_err().status(), Status::InvalidArgument);
}

#[test]
fn a_retry_that_would_come_after_the_deadline_is_not_waited_for() {
    // The first back-off is at least 50 ms, which this deadline has no room for.
    let server = RestServer::answering(|_| code(100_001));
    let mut options = options(&server);
    options.set_timeout_ms(49);
    let error = Client::new(options).unwrap().get_callback(Product::Call).unwrap_err();
    assert!(server.seen().len() <= 1);
    assert!(matches!(error.status(), Status::ServiceFailed | Status::Timeout), "{error}");
}

#[test]
fn ensure_has_one_deadline_for_all_its_requests() {
    let server = RestServer::scripted([code(100_301), Step::Silence]);
    let mut options = options(&server);
    options.set_timeout_ms(1_000);
    let client = Client::new(options).unwrap();
    let error = client.ensure_callback(Product::Call, URL, &[STARTED]).unwrap_err();
    assert_eq!(error.status(), Status::Timeout);
    assert_eq!(error.report().attempts, 2);
}

#[test]
fn requests_over_the_rate_limit_wait_or_fail_by_the_deadline() {
    let server = RestServer::answering(|_| code(0));
    let mut options = options(&server);
    options.set_rate_limit(1).set_timeout_ms(500);
    let client = Client::new(options).unwrap();
    let results: Vec<_> = (0..3).map(|_| client.delete_callback(Product::Call)).collect();
    let refused = results.into_iter().filter_map(Result::err).next();
    let error = refused.expect("three calls at once are over a limit of one a second");
    assert_eq!(error.status(), Status::RateLimited);
    assert_eq!(error.report().attempts, 0, "it was not sent");
    assert!(error.message().contains("limit of 1 requests a second"), "{error}");
}

#[test]
fn each_api_has_a_limit_of_its_own() {
    let server = RestServer::answering(|_| code(0));
    let mut options = options(&server);
    options.set_rate_limit(1).set_timeout_ms(500);
    let client = Client::new(options).unwrap();
    client.delete_callback(Product::Call).unwrap();
    client.delete_callback(Product::Conference).unwrap();
    client.set_callback(Product::Call, URL, &[STARTED]).unwrap();
}

#[test]
fn the_rate_limit_can_be_switched_off() {
    let server = RestServer::answering(|_| code(0));
    let mut options = options(&server);
    options.set_rate_limit(0);
    let client = Client::new(options).unwrap();
    for _ in 0..300 {
        client.delete_callback(Product::Call).unwrap();
    }
    assert_eq!(server.seen().len(), 300);
}
