//! A call that another thread gives up, in each of its waits. Each server below would keep it waiting for an hour.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::os::fd::AsRawFd;
use std::thread;

use tc_callback::catalog::Product;
use tc_callback::config::{Cancel, Client, Options};
use tc_callback::error::{Error, Status};

use crate::rest_server::{RestServer, Step, code, config};
use crate::{CREATED, SDK_APP_ID, STARTED, URL, key, options};

const HOUR_MS: u64 = 3_600_000;

fn patient(endpoint: String) -> Options {
    let mut options = Options::new(SDK_APP_ID);
    options.set_key(key()).set_endpoint(endpoint).set_timeout_ms(HOUR_MS);
    options.set_connect_timeout_ms(HOUR_MS).set_attempts(10);
    options
}

/// Sets a configuration, which must end by `cancel`.
fn set(options: Options, cancel: &Cancel) -> Error {
    let client = Client::new(options).unwrap().with_cancel(cancel);
    let error = client.set_callback(Product::Call, URL, &[STARTED]).unwrap_err();
    assert_eq!(error.status(), Status::Cancelled, "{error}");
    assert!(error.message().contains("cancelled by the caller"), "{error}");
    assert!(!error.is_retryable(), "a client that was cancelled stays so");
    error
}

fn says_that_it_may_be_done(error: &Error) -> bool {
    error.message().contains("the change may have been made all the same")
}

/// A server that takes one connection, hands it to `serve`, and cancels after that; the connection stays open.
fn server(
    scheme: &str,
    cancel: &Cancel,
    serve: impl FnOnce(&mut TcpStream) + Send + 'static,
) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let endpoint = format!("{scheme}://{}", listener.local_addr().unwrap());
    let cancel = cancel.clone();
    thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        serve(&mut stream);
        cancel.request();
        stream.read_to_end(&mut Vec::new()).ok();
    });
    endpoint
}

fn read_head(stream: &mut TcpStream) {
    let lines = BufReader::new(stream).lines();
    lines.map_while(Result::ok).take_while(|line| !line.is_empty()).for_each(drop);
}

#[test]
fn while_it_waits_for_an_answer() {
    let cancel = Cancel::new();
    let canceller = cancel.clone();
    let server = RestServer::answering(move |_| {
        canceller.request();
        Step::Silence
    });
    let error = set(patient(server.endpoint()), &cancel);
    assert!(says_that_it_may_be_done(&error), "{error}");
    assert_eq!((error.report().attempts, server.seen().len()), (1, 1), "it is not tried again");
}

#[test]
fn while_half_an_answer_is_there() {
    for half in
        ["HTTP/1.1 200 OK\r\nContent-Le", "HTTP/1.1 200 OK\r\nContent-Length: 15\r\n\r\n{\"Err"]
    {
        let cancel = Cancel::new();
        let endpoint = server("http", &cancel, |stream| {
            read_head(stream);
            stream.write_all(half.as_bytes()).unwrap();
        });
        assert!(says_that_it_may_be_done(&set(patient(endpoint), &cancel)));
    }
}

#[test]
fn while_tls_is_negotiated() {
    let cancel = Cancel::new();
    let endpoint = server("https", &cancel, |stream| stream.read_exact(&mut [0; 5]).unwrap());
    let error = set(patient(endpoint), &cancel);
    assert!(!says_that_it_may_be_done(&error), "nothing was sent: {error}");
}

#[test]
fn while_a_proxy_connects() {
    let cancel = Cancel::new();
    let proxy = server("http", &cancel, read_head);
    let mut options = patient("https://192.0.2.7".to_owned());
    options.set_proxy(proxy);
    let error = set(options, &cancel);
    assert!(!says_that_it_may_be_done(&error), "nothing was sent: {error}");
}

/// A server with no room for another connection: the system drops the first packet of each.
pub fn full() -> (TcpListener, TcpStream, u16) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    // SAFETY: the descriptor is open, and listens already.
    #[allow(unsafe_code)]
    let shortened = unsafe { libc::listen(listener.as_raw_fd(), 0) };
    assert_eq!(shortened, 0);
    let port = listener.local_addr().unwrap().port();
    let only = TcpStream::connect(("127.0.0.1", port)).unwrap();
    (listener, only, port)
}

/// Whether a connection to this port has sent its first packet and got no answer.
fn is_connecting_to(port: u16) -> bool {
    const SYN_SENT: &str = "02";
    let remote = format!("0100007F:{port:04X}");
    let sockets = fs::read_to_string("/proc/self/net/tcp").unwrap();
    sockets.lines().any(|line| {
        let columns: Vec<_> = line.split_whitespace().collect();
        columns[2] == remote && columns[3] == SYN_SENT
    })
}

#[test]
fn while_it_connects() {
    let (_listener, _only, port) = full();
    let cancel = Cancel::new();
    let canceller = cancel.clone();
    thread::spawn(move || {
        while !is_connecting_to(port) {
            thread::yield_now();
        }
        canceller.request();
    });
    let error = set(patient(format!("http://127.0.0.1:{port}")), &cancel);
    assert!(!says_that_it_may_be_done(&error), "nothing was sent: {error}");
}

#[test]
fn between_attempts() {
    let cancel = Cancel::new();
    let (canceller, mut asked) = (cancel.clone(), 0);
    let server = RestServer::answering(move |_| {
        asked += 1;
        if asked == 3 {
            canceller.request();
        }
        code(100_001)
    });
    let error = set(patient(server.endpoint()), &cancel);
    assert!(
        says_that_it_may_be_done(&error),
        "an attempt failed in a way that leaves it open: {error}"
    );
    assert_eq!((error.report().attempts, server.seen().len()), (3, 3));
}

#[test]
fn between_the_requests_of_ensure() {
    let cancel = Cancel::new();
    let canceller = cancel.clone();
    let server = RestServer::answering(move |_| {
        canceller.request();
        config("https://example.com/other", &[CREATED])
    });
    let client = Client::new(patient(server.endpoint())).unwrap().with_cancel(&cancel);
    let error = client.ensure_callback(Product::Conference, URL, &[CREATED]).unwrap_err();
    assert_eq!(error.status(), Status::Cancelled, "{error}");
    assert!(!says_that_it_may_be_done(&error), "it only read: {error}");
    assert_eq!(server.operations(), ["get_callback"]);
}

#[test]
fn before_it_begins_nothing_is_sent() {
    let server = RestServer::scripted([]);
    let cancel = Cancel::new();
    cancel.request();
    let error = set(options(&server), &cancel);
    assert_eq!(error.report().attempts, 0);
    assert!(server.seen().is_empty());
}

#[test]
fn an_answer_that_came_first_is_kept() {
    let cancel = Cancel::new();
    let server = RestServer::answering(|_| code(0));
    let client = Client::new(options(&server)).unwrap().with_cancel(&cancel);
    client.set_callback(Product::Call, URL, &[STARTED]).unwrap();
    cancel.request();
    let error = client.delete_callback(Product::Call).unwrap_err();
    assert_eq!(error.status(), Status::Cancelled);
    assert_eq!(server.operations(), ["set_callback"]);
}

#[test]
fn others_that_share_the_connection_go_on() {
    let server = RestServer::answering(|_| code(0));
    let client = Client::new(options(&server)).unwrap();
    let (one, two) = (Cancel::new(), Cancel::new());
    let (first, both) = (client.with_cancel(&one), client.with_cancel(&one).with_cancel(&two));
    let hasty = both.with_timeout_ms(5_000).unwrap();
    for client in [&client, &first, &both, &hasty] {
        client.delete_callback(Product::Call).unwrap();
    }
    two.request();
    assert_eq!(both.delete_callback(Product::Call).unwrap_err().status(), Status::Cancelled);
    assert_eq!(hasty.delete_callback(Product::Call).unwrap_err().status(), Status::Cancelled);
    first.delete_callback(Product::Call).unwrap();
    one.request();
    assert_eq!(first.delete_callback(Product::Call).unwrap_err().status(), Status::Cancelled);
    client.delete_callback(Product::Call).unwrap();
    assert!(server.seen().iter().all(|request| request.connection == 0));
}

#[test]
fn the_deadline_holds_all_the_same() {
    let server = RestServer::answering(|_| Step::Silence);
    let mut options = options(&server);
    options.set_timeout_ms(200);
    let client = Client::new(options).unwrap().with_cancel(&Cancel::new());
    let error = client.get_callback(Product::Call).unwrap_err();
    assert_eq!(error.status(), Status::Timeout, "{error}");
    assert!(error.is_retryable());
}
