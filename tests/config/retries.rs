//! Which failures are tried again, and which are not.

use tc_callback::catalog::Product;
use tc_callback::config::{Change, Client};
use tc_callback::error::Status;

use crate::rest_server::{RestServer, Step, code, config};
use crate::{CREATED, OTHER_URL, URL, client, options};

#[test]
fn passing_faults_are_tried_again() {
    let passing = [
        code(100_001),
        code(60_007),
        code(70_169),
        Step::Answer(502, "<html>bad gateway</html>".to_owned()),
        Step::Answer(503, String::new()),
        Step::Drop,
        Step::CloseMidway,
    ];
    for fault in passing {
        let server = RestServer::scripted([fault.clone(), config(URL, &[CREATED])]);
        let found = client(&server).get_callback(Product::Conference);
        let found = found.unwrap_or_else(|error| panic!("{fault:?}: {error}"));
        assert_eq!(found.report.attempts, 2, "{fault:?}");
    }
}

#[test]
fn faults_that_a_retry_cannot_cure_are_returned_at_once() {
    let lasting = [
        (code(100_002), Status::Refused),
        (code(60_026), Status::Refused),
        (code(70_009), Status::Unauthorized),
        (code(60_010), Status::Unauthorized),
        (code(100_300), Status::AlreadyExists),
        (code(100_301), Status::NotFound),
        (code(123_456), Status::Refused),
        (Step::Answer(404, "not here".to_owned()), Status::HttpStatus),
        (Step::Answer(302, String::new()), Status::HttpStatus),
        (Step::Answer(200, "<html></html>".to_owned()), Status::InvalidResponse),
        (Step::Answer(200, "{}".to_owned()), Status::InvalidResponse),
        (Step::Answer(200, "[1]".to_owned()), Status::InvalidResponse),
        (Step::Answer(200, String::new()), Status::InvalidResponse),
        (Step::Answer(200, " ".repeat(2 << 20)), Status::InvalidResponse),
        (Step::Raw("SSH-2.0-OpenSSH_9.2\r\n\r\n".to_owned()), Status::InvalidResponse),
    ];
    for (fault, status) in lasting {
        let server = RestServer::scripted([fault.clone()]);
        let error = client(&server).get_callback(Product::Conference).unwrap_err();
        let shown = format!("{fault:?}").chars().take(80).collect::<String>();
        assert_eq!(error.status(), status, "{shown}: {error}");
        assert_eq!(error.report().attempts, 1, "{shown}");
        assert!(!error.is_retryable(), "{shown}");
        assert_eq!(server.seen().len(), 1, "{shown}");
    }
}

#[test]
fn after_the_last_attempt_the_error_says_all_that_is_known() {
    let server = RestServer::answering(|_| code(100_001));
    let mut options = options(&server);
    options.set_attempts(2);
    let error = Client::new(options).unwrap().get_callback(Product::Conference).unwrap_err();
    assert_eq!(server.seen().len(), 2);
    assert_eq!(error.status(), Status::ServiceFailed);
    assert!(error.is_retryable());
    let report = error.report();
    assert_eq!(report.attempts, 2);
    assert_eq!(report.http_status, Some(200));
    assert_eq!(report.code, Some(100_001));
    assert_eq!(report.info.as_deref(), Some("info 100001"));
    assert_eq!(report.request_id.as_deref(), Some("Id-100001"));
    assert!(error.message().starts_with("conference get_callback: Tencent answered 100001"));
}

#[test]
fn the_last_cause_is_the_one_that_is_told() {
    let server = RestServer::scripted([code(100_001), Step::Drop, code(60_007)]);
    let error = client(&server).get_callback(Product::Conference).unwrap_err();
    assert_eq!(error.status(), Status::RateLimited);
    assert_eq!(error.report().code, Some(60_007));
}

#[test]
fn a_host_that_does_not_listen_is_a_connection_fault() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    let mut options = tc_callback::config::Options::new(1);
    options.set_key(crate::key()).set_endpoint(format!("http://{address}")).set_attempts(2);
    let error = Client::new(options)
        .unwrap()
        .set_callback(Product::Conference, URL, &[CREATED])
        .unwrap_err();
    assert_eq!(error.status(), Status::Connection);
    assert_eq!(error.report().attempts, 2);
    assert_eq!(error.report().http_status, None);
    assert!(error.is_retryable());
    assert!(!error.message().contains("all the same"), "nothing was sent: {error}");
}

#[test]
fn a_host_without_an_address_is_a_name_fault() {
    let mut options = tc_callback::config::Options::new(1);
    // A label of 64 letters is too long for DNS, so no name server is asked.
    let endpoint = format!("http://{}.example", "a".repeat(64));
    options.set_key(crate::key()).set_endpoint(endpoint).set_attempts(1);
    let error = Client::new(options).unwrap().get_callback(Product::Call).unwrap_err();
    assert_eq!(error.status(), Status::NameResolution, "{error}");
}

#[test]
fn a_refused_usersig_is_signed_anew_once() {
    for refusal in [60_004, 60_005, 70_001, 70_003, 70_347] {
        let server = RestServer::scripted([code(refusal), code(0)]);
        let done = client(&server).delete_callback(Product::Call).unwrap();
        assert_eq!(done.report.attempts, 2, "{refusal}");

        let server = RestServer::answering(move |_| code(refusal));
        let error = client(&server).delete_callback(Product::Call).unwrap_err();
        assert_eq!(error.status(), Status::Unauthorized, "{refusal}");
        assert_eq!(server.seen().len(), 2, "{refusal}: once, although three attempts are allowed");
    }
}

#[test]
fn a_ready_usersig_that_is_refused_is_not_sent_again() {
    let server = RestServer::answering(|_| code(70_001));
    let mut options = tc_callback::config::Options::new(1);
    options.set_usersig("eJw-ready*_").set_endpoint(server.endpoint());
    let error = Client::new(options).unwrap().delete_callback(Product::Call).unwrap_err();
    assert_eq!(error.status(), Status::Unauthorized);
    assert_eq!(error.report().code, Some(70_001));
    assert_eq!(server.seen().len(), 1);
    assert_eq!(server.seen()[0].query("usersig"), "eJw-ready*_");
}

#[test]
fn a_set_that_took_effect_although_its_answer_was_lost_is_a_success() {
    for lost in [Step::Drop, Step::CloseMidway, Step::Answer(502, String::new()), code(100_001)] {
        let script = [lost.clone(), code(100_300), config(URL, &[CREATED])];
        let server = RestServer::scripted(script);
        let done = client(&server).set_callback(Product::Conference, URL, &[CREATED]);
        let done = done.unwrap_or_else(|error| panic!("{lost:?}: {error}"));
        assert_eq!(done.change, Change::Written);
        assert_eq!(done.report.attempts, 3);
        assert_eq!(server.operations(), ["set_callback", "set_callback", "get_callback"]);
    }
}

#[test]
fn an_attempt_that_gets_no_answer_leaves_time_for_another() {
    let script = [Step::Silence, code(100_300), config(URL, &[CREATED])];
    let server = RestServer::scripted(script);
    let mut options = options(&server);
    options.set_timeout_ms(8_000).set_attempts(2);
    let client = Client::new(options).unwrap();
    let done = client.set_callback(Product::Conference, URL, &[CREATED]).unwrap();
    assert_eq!(done.change, Change::Written);
    assert_eq!(done.report.attempts, 3);
}

#[test]
fn a_set_that_meets_another_configuration_after_a_lost_answer_is_refused() {
    let script = [Step::Drop, code(100_300), config(OTHER_URL, &[CREATED])];
    let server = RestServer::scripted(script);
    let error = client(&server).set_callback(Product::Conference, URL, &[CREATED]).unwrap_err();
    assert_eq!(error.status(), Status::AlreadyExists);
    assert!(!error.message().contains("all the same"), "it was read and is not: {error}");
}

#[test]
fn a_set_that_was_refused_for_its_frequency_did_not_create_what_exists() {
    let server = RestServer::scripted([code(60_007), code(100_300)]);
    let error = client(&server).set_callback(Product::Conference, URL, &[CREATED]).unwrap_err();
    assert_eq!(error.status(), Status::AlreadyExists);
    assert_eq!(server.operations(), ["set_callback", "set_callback"]);
}

#[test]
fn a_delete_that_took_effect_although_its_answer_was_lost_is_a_success() {
    let server = RestServer::scripted([Step::Drop, code(100_301)]);
    let done = client(&server).delete_callback(Product::Conference).unwrap();
    assert_eq!(done.change, Change::Deleted);
    assert_eq!(done.report.attempts, 2);
}

#[test]
fn a_write_whose_end_is_not_known_says_so() {
    let server = RestServer::answering(|_| Step::Drop);
    let client = client(&server);
    let error = client.set_callback(Product::Conference, URL, &[CREATED]).unwrap_err();
    assert_eq!(error.status(), Status::Connection);
    assert!(error.message().contains("the change may have been made all the same"), "{error}");
    let error = client.get_callback(Product::Conference).unwrap_err();
    assert!(!error.message().contains("all the same"), "{error}");
}
