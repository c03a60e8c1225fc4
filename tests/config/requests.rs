//! What goes over the wire.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::thread;
use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::{Value, json};
use tc_callback::catalog::Product;
use tc_callback::config::Client;
use tc_callback::usersig::verify;

use crate::rest_server::{RestServer, code, config};
use crate::{CREATED, SDK_APP_ID, STARTED, UPDATED, URL, client, key, options};

fn fixture(path: &str) -> Value {
    let path = format!("{}/tests/fixtures/{path}", env!("CARGO_MANIFEST_DIR"));
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

/// Sends what a fixture of the vendor's page holds.
fn list(body: &Value) -> (String, Vec<String>) {
    let words = body["CallbackCommandList"].as_array().unwrap().iter();
    let words = words.map(|word| word.as_str().unwrap().to_owned()).collect();
    (body["Url"].as_str().unwrap().to_owned(), words)
}

#[test]
fn bodies_and_paths_are_those_of_the_vendors_samples() {
    let server = RestServer::answering(|_| code(0));
    let client = client(&server);
    for (product, name, service) in
        [(Product::Conference, "conference", "room_config"), (Product::Call, "call", "call_config")]
    {
        let sample = fixture(&format!("{name}/api.set_callback.request.json"));
        let (url, words) = list(&sample);
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        client.set_callback(product, &url, &words).unwrap();
        let seen = server.seen().pop().unwrap();
        assert_eq!(seen.method, "POST");
        assert_eq!(seen.path, format!("/v4/{service}/set_callback"));
        assert_eq!(seen.body, sample);

        client.delete_callback(product).unwrap();
        let seen = server.seen().pop().unwrap();
        assert_eq!(seen.path, format!("/v4/{service}/delete_callback"));
        assert_eq!(seen.body, json!({}));
    }
    let (url, words) = list(&fixture("conference/api.update_callback.request.json"));
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    client.update_callback(Product::Conference, &url, &words).unwrap();
    let seen = server.seen().pop().unwrap();
    assert_eq!(seen.path, "/v4/room_config/update_callback");
    assert_eq!(seen.body["Url"], url);
}

#[test]
fn get_reads_the_vendors_samples() {
    for (product, name) in [(Product::Conference, "conference"), (Product::Call, "call")] {
        let sample = fixture(&format!("{name}/api.get_callback.response.json"));
        let answer = crate::rest_server::Step::Answer(200, sample.to_string());
        let server = RestServer::scripted([answer]);
        let found = client(&server).get_callback(product).unwrap();
        assert_eq!((found.url, found.commands), list(&sample["Response"]));
        assert_eq!(found.report.request_id.as_deref(), sample["RequestId"].as_str());
        assert_eq!(found.report.http_status, Some(200));
        assert_eq!(server.seen()[0].body, json!({}), "Tencent refuses an empty body");
    }
}

#[test]
fn the_query_names_the_app_and_carries_a_usersig_of_the_administrator() {
    let server = RestServer::answering(|_| code(0));
    let client = client(&server);
    client.delete_callback(Product::Conference).unwrap();
    client.delete_callback(Product::Conference).unwrap();
    let seen = server.seen();
    let query = |name: &str| seen[0].query(name).to_owned();
    assert_eq!(query("sdkappid"), SDK_APP_ID.to_string());
    assert_eq!(query("identifier"), "administrator");
    assert_eq!(query("contenttype"), "json");
    query("random").parse::<u32>().unwrap();
    assert_ne!(query("random"), seen[1].query("random"));
    let now_s = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
    let claims =
        verify(&key(), SDK_APP_ID, Some("administrator"), &query("usersig"), now_s).unwrap();
    assert_eq!(claims.expire_s, 86_400);
    assert_eq!(query("usersig"), seen[1].query("usersig"), "signed once, then reused");
}

#[test]
fn an_identifier_is_percent_encoded() {
    let server = RestServer::answering(|_| code(0));
    let mut options = options(&server);
    options.set_administrator("a b&c=d+é/?#");
    Client::new(options).unwrap().delete_callback(Product::Call).unwrap();
    assert_eq!(server.seen()[0].query("identifier"), "a%20b%26c%3Dd%2B%C3%A9%2F%3F%23");
}

#[test]
fn headers_say_json_and_who_calls() {
    let server = RestServer::answering(|_| code(0));
    client(&server).delete_callback(Product::Call).unwrap();
    let mut options = options(&server);
    options.set_user_agent("my-server/2");
    Client::new(options).unwrap().delete_callback(Product::Call).unwrap();
    let seen = server.seen();
    assert_eq!(seen[0].headers["content-type"], "application/json");
    assert_eq!(seen[0].headers["user-agent"], concat!("tc-callback/", env!("CARGO_PKG_VERSION")));
    assert_eq!(seen[1].headers["user-agent"], "my-server/2");
}

#[test]
fn calls_one_after_the_other_share_one_connection() {
    let server = RestServer::answering(|_| config(URL, &[CREATED]));
    let client = client(&server);
    for _ in 0..5 {
        client.get_callback(Product::Conference).unwrap();
    }
    let seen = server.seen();
    assert_eq!(seen.len(), 5);
    assert!(seen.iter().all(|seen| seen.connection == 0));
}

#[test]
fn threads_share_a_client() {
    let server = RestServer::answering(|_| config(URL, &[CREATED]));
    let client = Arc::new(client(&server));
    let threads: Vec<_> = (0..8)
        .map(|_| {
            let client = Arc::clone(&client);
            thread::spawn(move || {
                for _ in 0..10 {
                    assert_eq!(client.get_callback(Product::Conference).unwrap().url, URL);
                }
            })
        })
        .collect();
    threads.into_iter().for_each(|thread| thread.join().unwrap());
    let usersigs: BTreeSet<_> =
        server.seen().iter().map(|seen| seen.query("usersig").to_owned()).collect();
    assert_eq!(server.seen().len(), 80);
    assert_eq!(usersigs.len(), 1, "one UserSig for all threads");
}

#[test]
fn a_command_word_is_sent_as_it_was_given() {
    let server = RestServer::answering(|_| code(0));
    let client = client(&server);
    client.set_callback(Product::Call, URL, &[STARTED]).unwrap();
    client.set_callback(Product::Conference, URL, &[crate::UPDATED_ALIAS, UPDATED]).unwrap();
    let bodies: Vec<_> =
        server.seen().into_iter().map(|seen| seen.body["CallbackCommandList"].clone()).collect();
    assert_eq!(bodies, [json!([STARTED]), json!([crate::UPDATED_ALIAS, UPDATED])]);
}
