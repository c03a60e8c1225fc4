//! Keys, UserSigs and proxy passwords stay out of errors, logs and Debug.

use std::panic::{self, AssertUnwindSafe};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use serde_json::json;
use tc_callback::catalog::Product;
use tc_callback::config::{Client, Level, Options};

use crate::rest_server::{RestServer, Step, code};
use crate::{CREATED, KEY, URL, options};

#[test]
fn nothing_that_is_told_holds_the_key_or_a_usersig() {
    // A service that repeats the UserSig in its answer, then one that breaks off, refuses, and fails in each way.
    let mut steps = vec![
        Step::Drop,
        Step::CloseMidway,
        Step::Answer(500, "no".to_owned()),
        code(70_001),
        code(100_002),
        Step::Raw("garbage\r\n\r\n".to_owned()),
    ]
    .into_iter();
    let server = RestServer::answering(move |seen| {
        steps.next().unwrap_or_else(|| {
            let info = format!("bad usersig {}", seen.query("usersig"));
            let body = json!({"ErrorCode": 70_009, "ErrorInfo": info, "RequestId": info});
            Step::Answer(200, body.to_string())
        })
    });
    let lines = Arc::new(Mutex::new(Vec::new()));
    let log = Arc::clone(&lines);
    let mut options = options(&server);
    options.set_proxy("http://me:proxy-secret@127.0.0.1:1");
    let mut told = format!("{options:?}");
    let proxied = Client::new(options).unwrap();
    told += &format!("{:?} {proxied:?}", proxied.get_callback(Product::Call).unwrap_err());

    let mut options = crate::options(&server);
    options.set_log(Arc::new(move |level: Level, line: &str| {
        log.lock().unwrap().push(format!("{level:?} {line}"));
    }));
    told += &format!("{options:?}");
    let client = Client::new(options).unwrap();
    told += &format!("{client:?}");
    for _ in 0..6 {
        let error = client.set_callback(Product::Conference, URL, &[CREATED]).unwrap_err();
        told += &format!("{error} {error:?}");
    }
    told += &lines.lock().unwrap().join("\n");

    assert!(told.contains("<UserSig>"), "the echoed UserSig was blotted out: {told}");
    assert!(!told.contains(KEY));
    assert!(!told.contains("proxy-secret"));
    for seen in server.seen() {
        assert!(!told.contains(seen.query("usersig")));
        assert!(!told.contains(&seen.raw_query));
    }
}

#[test]
fn a_ready_usersig_is_not_shown() {
    let mut options = Options::new(1);
    options.set_usersig("eJwReadySecret");
    assert!(!format!("{options:?}").contains("eJwReadySecret"));
    let client = Client::new(options).unwrap();
    assert!(!format!("{client:?}").contains("eJwReadySecret"));
}

#[test]
fn the_log_tells_attempts_retries_and_new_usersigs() {
    let two_lines = json!({"ErrorCode": 100_001, "ErrorInfo": "one\nERROR two"});
    let two_lines = Step::Answer(200, two_lines.to_string());
    let server = RestServer::scripted([code(70_001), two_lines, code(0)]);
    let lines = Arc::new(Mutex::new(Vec::new()));
    let log = Arc::clone(&lines);
    let caller = std::thread::current().id();
    let mut options = options(&server);
    options.set_log(Arc::new(move |level: Level, line: &str| {
        assert_eq!(std::thread::current().id(), caller);
        log.lock().unwrap().push((level, line.to_owned()));
    }));
    Client::new(options).unwrap().delete_callback(Product::Call).unwrap();
    let lines = lines.lock().unwrap();
    let levels: Vec<_> = lines.iter().map(|(level, _)| *level).collect();
    use Level::{Debug, Info, Warn};
    assert_eq!(levels, [Debug, Debug, Info, Debug, Debug, Warn, Debug, Debug], "{lines:?}");
    assert!(lines.iter().all(|(_, line)| line.starts_with("call delete_callback: ")));
    assert!(lines.iter().all(|(_, line)| !line.contains('\n')));
    assert!(lines[2].1.contains("signing a new UserSig"));
    assert!(lines[5].1.contains("again in"));
    assert!(lines[7].1.contains("RequestId Id-0"));
}

#[test]
fn control_characters_of_an_answer_are_escaped_in_messages_and_log_lines_and_kept_in_the_report() {
    let hostile = "a\u{1b}[31mb\r\nc\u{7f}\u{9b}d\u{2028}e\0f";
    let shown = r"a\u{1b}[31mb\r\nc\u{7f}\u{9b}d\u{2028}e\u{0}f";
    let body = json!({"ErrorCode": 100_001, "ErrorInfo": hostile, "RequestId": hostile});
    let server = RestServer::answering(move |_| Step::Answer(200, body.to_string()));
    let lines = Arc::new(Mutex::new(Vec::new()));
    let log = Arc::clone(&lines);
    let mut options = options(&server);
    options.set_attempts(2);
    options
        .set_log(Arc::new(move |_: Level, line: &str| log.lock().unwrap().push(line.to_owned())));
    let error = Client::new(options).unwrap().get_callback(Product::Call).unwrap_err();
    assert!(error.message().contains(shown), "{error}");
    assert!(!error.message().contains(|c: char| c.is_control() || c == '\u{2028}'), "{error}");
    let report = error.report();
    assert_eq!(
        [&report.info, &report.request_id],
        [&Some(hostile.to_owned()), &Some(hostile.to_owned())]
    );
    let lines = lines.lock().unwrap();
    assert_eq!(lines.iter().filter(|line| line.contains(shown)).count(), 3, "{lines:?}");
    assert!(!lines.iter().any(|line| line.contains(char::is_control)), "{lines:?}");
}

#[test]
fn a_log_that_panics_takes_no_secret_along_and_leaves_the_client_usable() {
    let server = RestServer::answering(|_| code(0));
    let has_panicked = Arc::new(AtomicBool::new(false));
    let panicked = Arc::clone(&has_panicked);
    let mut options = options(&server);
    options.set_log(Arc::new(move |_: Level, line: &str| {
        assert!(panicked.swap(true, Ordering::SeqCst), "a fault of the host at: {line}");
    }));
    let client = Client::new(options).unwrap();
    let call = || client.delete_callback(Product::Call);
    let payload = panic::catch_unwind(AssertUnwindSafe(call)).unwrap_err();
    let text = payload.downcast_ref::<String>().unwrap();
    assert!(text.contains("attempt 1: POST") && !text.contains("usersig"), "{text}");
    assert!(!text.contains(KEY), "{text}");
    call().unwrap();
}
