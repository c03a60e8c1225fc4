//! URLs that cannot be right: refused before anything is sent, with the part that is wrong and without a password.

use serde_json::Value;
use tc_callback::catalog::Product;
use tc_callback::config::{Client, Options, check_url};
use tc_callback::error::{Error, Status};

use crate::rest_server::{RestServer, code};
use crate::{CREATED, client, key, options};

fn fixture() -> Value {
    serde_json::from_str(include_str!("../fixtures/urls.json")).unwrap()
}

/// The URLs of this kind, each with a part of the message.
fn rows(kind: &str) -> Vec<(String, String)> {
    serde_json::from_value(fixture()[kind].clone()).unwrap()
}

fn check(error: &Error, url: &str, says: &str) {
    let message = error.message();
    assert!(message.contains(says), "{url}: {message}");
    assert!(!message.contains("secret"), "{url}: {message}");
    assert!(!format!("{error:?}").contains("secret"), "{url}");
}

fn refusal(set: impl FnOnce(&mut Options)) -> Error {
    let mut options = Options::new(1400000000);
    options.set_key(key());
    set(&mut options);
    let error = Client::new(options).unwrap_err();
    assert_eq!(error.status(), Status::InvalidOption, "{error}");
    error
}

#[test]
fn an_endpoint_that_would_be_another_server_is_refused() {
    for (url, says) in rows("endpoints") {
        let error = refusal(|options| _ = options.set_endpoint(&url));
        assert!(error.message().starts_with("set_endpoint"), "{error}");
        check(&error, &url, &says);
    }
}

#[test]
fn a_proxy_that_would_be_another_server_is_refused() {
    for (url, says) in rows("proxies") {
        let error = refusal(|options| _ = options.set_proxy(&url));
        assert!(error.message().starts_with("set_proxy"), "{error}");
        check(&error, &url, &says);
    }
}

#[test]
fn no_port_but_1_to_65535_is_taken_anywhere() {
    for port in fixture()["ports"].as_array().unwrap() {
        let url = format!("http://127.0.0.1:{}", port.as_str().unwrap());
        refusal(|options| _ = options.set_endpoint(&url));
        refusal(|options| _ = options.set_proxy(&url));
        for url in [url.clone(), format!("{url}/cb")] {
            assert_eq!(check_url("--to", &url).unwrap_err().status(), Status::InvalidUrl, "{url}");
        }
    }
    for port in [1, 80, 65535] {
        check_url("--to", &format!("http://127.0.0.1:{port}/cb")).unwrap();
        check_url("--to", &format!("http://[::1]:{port}")).unwrap();
    }
}

#[test]
fn a_callback_url_that_nobody_can_post_to_is_refused_by_each_write() {
    let server = RestServer::scripted([]);
    let client = client(&server);
    for (url, says) in rows("callbacks") {
        for error in [
            client.set_callback(Product::Conference, &url, &[CREATED]).unwrap_err(),
            client.update_callback(Product::Conference, &url, &[CREATED]).unwrap_err(),
            client.ensure_callback(Product::Conference, &url, &[CREATED]).unwrap_err(),
        ] {
            assert_eq!(error.status(), Status::InvalidUrl, "{url}: {error}");
            check(&error, &url, &says);
        }
    }
    assert!(server.seen().is_empty());
}

#[test]
fn a_callback_url_is_sent_as_it_was_given() {
    let server = RestServer::answering(|_| code(0));
    let client = client(&server);
    for url in fixture()["good_callbacks"].as_array().unwrap() {
        let url = url.as_str().unwrap();
        client.set_callback(Product::Conference, url, &[CREATED]).unwrap();
        assert_eq!(server.seen().pop().unwrap().body["Url"], url);
    }
}

#[test]
fn user_and_password_reach_the_proxy_as_they_were_meant() {
    use base64::Engine;
    use base64::prelude::BASE64_STANDARD;

    for (user_info, meant) in [
        ("me:word", "me:word"),
        ("me:w%2Fo%40r%3Fd", "me:w/o@r?d"),
        ("me:a:b", "me:a:b"),
        ("me:p@ss", "me:p@ss"),
        ("m%20e:%25", "m e:%"),
        ("me:a+b", "me:a+b"),
        ("me:%C3%A9", "me:\u{e9}"),
        ("me", "me:"),
    ] {
        let server = RestServer::answering(|_| code(0));
        let proxy = crate::proxy::Proxy::start(None);
        for scheme in ["http://", ""] {
            let mut options = options(&server);
            options.set_proxy(format!("{scheme}{user_info}@127.0.0.1:{}", proxy.port));
            Client::new(options).unwrap().delete_callback(Product::Call).unwrap();
            let head = proxy.heads.lock().unwrap().pop().unwrap();
            let sent = format!("Basic {}\r\n", BASE64_STANDARD.encode(meant));
            assert!(head.contains(&sent), "{user_info}: {head}");
        }
    }
}
