//! Proxies: only the one that the host sets.

use std::io::{self, BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

use tc_callback::catalog::Product;
use tc_callback::config::{Client, Options};
use tc_callback::error::Status;

use crate::rest_server::{RestServer, code};
use crate::{SDK_APP_ID, key, options};

/// A proxy that understands CONNECT and nothing else. Remembers the requests' heads.
pub struct Proxy {
    pub port: u16,
    pub heads: Arc<Mutex<Vec<String>>>,
}

impl Proxy {
    /// `refusal` is what it answers instead of connecting.
    pub fn start(refusal: Option<&'static str>) -> Proxy {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let heads = Arc::new(Mutex::new(Vec::new()));
        let all_heads = Arc::clone(&heads);
        thread::spawn(move || {
            for stream in listener.incoming() {
                let heads = Arc::clone(&all_heads);
                thread::spawn(move || relay(stream.unwrap(), refusal, &heads));
            }
        });
        Proxy { port, heads }
    }
}

fn relay(stream: TcpStream, refusal: Option<&str>, heads: &Mutex<Vec<String>>) {
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    let mut writer = stream;
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        reader.read_line(&mut head).unwrap();
    }
    heads.lock().unwrap().push(head.clone());
    if let Some(refusal) = refusal {
        write!(writer, "HTTP/1.1 {refusal}\r\nContent-Length: 0\r\n\r\n").unwrap();
        return;
    }
    let target = TcpStream::connect(head.split(' ').nth(1).unwrap()).unwrap();
    writer.write_all(b"HTTP/1.1 200 Connected\r\n\r\n").unwrap();
    let (mut up, mut down) = (target.try_clone().unwrap(), target);
    thread::spawn(move || io::copy(&mut reader, &mut up));
    io::copy(&mut down, &mut writer).ok();
}

#[test]
fn a_call_goes_through_the_proxy_that_was_set() {
    let server = RestServer::answering(|_| code(0));
    let proxy = Proxy::start(None);
    let mut options = options(&server);
    options.set_proxy(format!("http://me:word@127.0.0.1:{}", proxy.port));
    Client::new(options).unwrap().delete_callback(Product::Call).unwrap();
    assert_eq!(server.operations(), ["delete_callback"]);
    let heads = proxy.heads.lock().unwrap().clone();
    assert!(heads[0].starts_with(&format!("CONNECT 127.0.0.1:{} ", server.port())), "{heads:?}");
    assert!(heads[0].contains("Proxy-Authorization: Basic bWU6d29yZA=="), "{heads:?}");
}

#[test]
fn a_proxy_that_wants_another_password_is_asked_once() {
    let server = RestServer::scripted([]);
    let proxy = Proxy::start(Some("407 Proxy Authentication Required"));
    let mut options = options(&server);
    options.set_proxy(format!("http://me:word@127.0.0.1:{}", proxy.port));
    let error = Client::new(options).unwrap().delete_callback(Product::Call).unwrap_err();
    assert_eq!(error.status(), Status::Proxy);
    assert!(error.message().contains("407"), "{error}");
    assert_eq!(proxy.heads.lock().unwrap().len(), 1, "accounts get locked by repeated failures");
}

#[test]
fn a_proxy_that_does_not_listen_is_a_proxy_fault() {
    let server = RestServer::scripted([]);
    let mut options = options(&server);
    options.set_proxy("http://127.0.0.1:1").set_attempts(1);
    let error = Client::new(options).unwrap().get_callback(Product::Call).unwrap_err();
    assert_eq!(error.status(), Status::Proxy, "{error}");
    assert!(server.seen().is_empty());
}

#[test]
fn a_proxy_that_the_environment_names_is_not_used() {
    let server = RestServer::answering(|_| code(0));
    let me = std::env::current_exe().unwrap();
    let output = std::process::Command::new(me)
        .args(["--exact", "proxy::in_an_environment_with_a_proxy", "--ignored", "--nocapture"])
        .env("ALL_PROXY", "http://127.0.0.1:1")
        .env("HTTP_PROXY", "http://127.0.0.1:1")
        .env("HTTPS_PROXY", "http://127.0.0.1:1")
        .env("TEST_ENDPOINT", server.endpoint())
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
    assert_eq!(server.operations(), ["delete_callback"]);
}

#[test]
#[ignore = "run by a_proxy_that_the_environment_names_is_not_used in an environment of its own"]
fn in_an_environment_with_a_proxy() {
    let mut options = Options::new(SDK_APP_ID);
    options.set_key(key()).set_endpoint(std::env::var("TEST_ENDPOINT").unwrap());
    Client::new(options).unwrap().delete_callback(Product::Call).unwrap();
}
