//! Networks and hosts that would keep a call waiting for ever. Each of them ends it by success if the deadline does not.

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, UdpSocket};
use std::process::Command;
use std::thread;
use std::time::Duration;

use tc_callback::catalog::Product;
use tc_callback::config::{Cancel, Client, Options};
use tc_callback::error::{Error, Status};

use crate::{SDK_APP_ID, key};

const HEAD: &str = "HTTP/1.1 200 OK\r\nContent-Length: 15\r\n\r\n";
const BODY: &str = "{\"ErrorCode\":0}";

/// Asks once, with a deadline of half a second.
fn ask(endpoint: String) -> Error {
    let mut options = Options::new(SDK_APP_ID);
    options.set_key(key()).set_endpoint(endpoint).set_timeout_ms(500).set_attempts(1);
    Client::new(options).unwrap().delete_callback(Product::Call).unwrap_err()
}

/// Answers one request, the first part at once and then byte by byte, so slowly that it takes seconds.
fn dripping(at_once: &'static str, drop_by_drop: &'static str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let endpoint = format!("http://{}", listener.local_addr().unwrap());
    thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let head = BufReader::new(stream.try_clone().unwrap()).lines();
        head.map_while(Result::ok).take_while(|line| !line.is_empty()).for_each(drop);
        stream.write_all(at_once.as_bytes()).unwrap();
        for byte in drop_by_drop.bytes() {
            thread::sleep(Duration::from_millis(200));
            if stream.write_all(&[byte]).is_err() {
                return;
            }
        }
    });
    endpoint
}

#[test]
fn a_head_that_comes_byte_by_byte_is_not_waited_for() {
    let error = ask(dripping("", HEAD));
    assert_eq!(error.status(), Status::Timeout, "{error}");
}

#[test]
fn a_body_that_comes_byte_by_byte_is_not_waited_for() {
    let error = ask(dripping(HEAD, BODY));
    assert_eq!(error.status(), Status::Timeout, "{error}");
}

#[test]
fn a_host_that_is_silent_when_tls_begins_is_left_at_the_deadline() {
    // Nobody accepts: the system connects, and nothing more happens.
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let error = ask(format!("https://{}", listener.local_addr().unwrap()));
    assert_eq!(error.status(), Status::Timeout, "{error:?}");
    assert!(error.is_retryable());
}

/// A server that accepts no connection: what is said does not depend on which of two timers is the first by a hair.
#[test]
fn a_connect_that_hangs_ends_by_its_own_timeout_or_by_the_deadline_and_never_by_chance() {
    let (_listener, _only, port) = crate::cancel::full();
    let ask = |connect_timeout_ms, timeout_ms, proxied| {
        let mut options = Options::new(SDK_APP_ID);
        options.set_key(key()).set_attempts(3);
        options.set_connect_timeout_ms(connect_timeout_ms).set_timeout_ms(timeout_ms);
        match proxied {
            true => options
                .set_endpoint("https://192.0.2.7")
                .set_proxy(format!("http://127.0.0.1:{port}")),
            false => options.set_endpoint(format!("http://127.0.0.1:{port}")),
        };
        let client = Client::new(options).unwrap();
        let error = client.set_callback(Product::Call, crate::URL, &[crate::STARTED]).unwrap_err();
        assert!(error.is_retryable(), "{error}");
        assert!(!error.message().contains("all the same"), "nothing was sent: {error}");
        error.status()
    };
    thread::scope(|scope| {
        for _ in 0..8 {
            for proxied in [false, true] {
                let unreachable = if proxied { Status::Proxy } else { Status::Connection };
                for (connect_timeout_ms, timeout_ms, status) in [
                    (200, 200, Status::Timeout),
                    (201, 200, Status::Timeout),
                    (3_600_000, 200, Status::Timeout),
                    (150, 200, unreachable),
                    (100, 230, unreachable),
                    (50, 60_000, unreachable),
                ] {
                    scope.spawn(move || {
                        let found = ask(connect_timeout_ms, timeout_ms, proxied);
                        let what = format!("{connect_timeout_ms} of {timeout_ms} ms");
                        assert_eq!(found, status, "{what}, proxied: {proxied}");
                    });
                }
            }
        }
    });
}

#[test]
fn a_name_server_that_never_answers_is_left_at_the_deadline() {
    let scratch = crate::tls::Scratch::new("resolver");
    let file = scratch.0.join("resolv.conf");
    std::fs::write(&file, "nameserver 127.0.0.1\noptions timeout:30 attempts:5\n").unwrap();
    let script = r#"ip link set lo up && mount --bind "$0" /etc/resolv.conf && exec "$@""#;
    let in_namespaces = |program: &[&str]| {
        let mut command = Command::new("unshare");
        command.args(["--map-root-user", "--mount", "--net", "sh", "-c", script]).arg(&file);
        command.args(program).output()
    };
    if !in_namespaces(&["true"]).is_ok_and(|output| output.status.success()) {
        eprintln!(
            "skipped: no mount and network namespaces can be made here, or ip is not installed"
        );
        return;
    }
    let me = std::env::current_exe().unwrap();
    let test = "hostile_network::with_a_name_server_that_never_answers";
    let arguments = [me.to_str().unwrap(), "--exact", test, "--ignored", "--nocapture"];
    let output = in_namespaces(&arguments).unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && said.contains("1 passed"), "{said}");
}

#[test]
#[ignore = "run by a_name_server_that_never_answers_is_left_at_the_deadline in namespaces of its own"]
fn with_a_name_server_that_never_answers() {
    let name_server = UdpSocket::bind("127.0.0.1:53").unwrap();
    let mut options = Options::new(SDK_APP_ID);
    options.set_key(key()).set_endpoint("https://example.com").set_timeout_ms(500);
    let client = Client::new(options).unwrap();
    for _ in 0..3 {
        let error = client.delete_callback(Product::Call).unwrap_err();
        assert_eq!(error.status(), Status::NameResolution, "{error}");
        assert!(!error.message().contains("all the same"), "nothing was sent: {error}");
    }
    name_server.recv(&mut [0; 512]).expect("it was asked");
    assert_eq!(look_ups(), 1, "the system's look-up, which takes minutes, is left behind once");

    let mut options = Options::new(SDK_APP_ID);
    options.set_key(key()).set_endpoint("https://example.org").set_timeout_ms(3_600_000);
    options.set_connect_timeout_ms(3_600_000);
    let cancel = Cancel::new();
    let client = Client::new(options).unwrap().with_cancel(&cancel);
    thread::spawn(move || {
        while look_ups() < 2 {
            thread::yield_now();
        }
        cancel.request();
    });
    let error = client.delete_callback(Product::Call).unwrap_err();
    assert_eq!(error.status(), Status::Cancelled, "{error}");
    assert!(!error.message().contains("all the same"), "nothing was sent: {error}");
}

/// How many threads look a name up.
fn look_ups() -> usize {
    let is_look_up =
        |path| std::fs::read_to_string(path).is_ok_and(|name| name.trim() == "tc-lookup");
    let threads = std::fs::read_dir("/proc/self/task").unwrap();
    threads.filter(|thread| is_look_up(thread.as_ref().unwrap().path().join("comm"))).count()
}
