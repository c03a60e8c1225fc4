//! The page answers to itself and to programs, not to other web sites.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use support::{Emulator, agent};

type Headers<'a> = [(&'a str, &'a str)];

fn get(emulator: &Emulator, headers: &Headers<'_>) -> u16 {
    let request = agent().get(format!("{}/inspector/state", emulator.url));
    let with = |request: ureq::RequestBuilder<_>, (name, value): &(&str, &str)| {
        request.header(*name, *value)
    };
    headers.iter().fold(request, with).call().unwrap().status().as_u16()
}

fn post(emulator: &Emulator, headers: &Headers<'_>) -> u16 {
    let request = agent().post(format!("{}/inspector/check", emulator.url));
    let with = |request: ureq::RequestBuilder<_>, (name, value): &(&str, &str)| {
        request.header(*name, *value)
    };
    let draft = r#"{"command":"","body":""}"#;
    headers.iter().fold(request, with).send(draft).unwrap().status().as_u16()
}

#[test]
fn it_answers_to_addresses_and_localhost_and_to_no_other_name() {
    let emulator = Emulator::start(&[]);
    for host in ["127.0.0.1:9000", "localhost", "LOCALHOST:1", "[::1]:9000", "192.168.1.2"] {
        assert_eq!(get(&emulator, &[("Host", host)]), 200, "{host}");
    }
    for host in
        ["evil.example", "127.0.0.1.evil.example", "localhost.evil.example:9000", "emulator:9000"]
    {
        assert_eq!(get(&emulator, &[("Host", host)]), 403, "{host}");
    }
}

#[test]
fn a_name_that_it_is_started_with_is_its_own() {
    let emulator = Emulator::start(&["--page-host", "emulator"]);
    assert_eq!(get(&emulator, &[("Host", "emulator:9000")]), 200);
    assert_eq!(get(&emulator, &[("Host", "evil.example")]), 403);
}

#[test]
fn requests_of_other_origins_are_refused() {
    let emulator = Emulator::start(&[]);
    let own = emulator.url.clone();
    assert_eq!(get(&emulator, &[("Origin", &own)]), 200);
    let json = ("Content-Type", "application/json");
    assert_eq!(post(&emulator, &[json, ("Origin", &own)]), 200);
    for origin in ["http://evil.example", "null", "http://127.0.0.1", "https://127.0.0.1:1"] {
        assert_eq!(get(&emulator, &[("Origin", origin)]), 403, "{origin}");
        assert_eq!(post(&emulator, &[json, ("Origin", origin)]), 403, "{origin}");
    }
    for site in ["cross-site", "same-site"] {
        assert_eq!(get(&emulator, &[("Sec-Fetch-Site", site)]), 403, "{site}");
    }
    assert_eq!(get(&emulator, &[("Sec-Fetch-Site", "same-origin")]), 200);
}

#[test]
fn only_json_is_taken_since_forms_of_other_sites_can_post_the_rest() {
    let emulator = Emulator::start(&[]);
    assert_eq!(post(&emulator, &[("Content-Type", "application/json; charset=utf-8")]), 200);
    for kind in ["text/plain", "application/x-www-form-urlencoded", "text/plain; application/json"]
    {
        assert_eq!(post(&emulator, &[("Content-Type", kind)]), 415, "{kind}");
    }
}

#[test]
fn the_page_may_fetch_nothing_from_elsewhere_and_every_file_it_names_is_there() {
    let emulator = Emulator::start(&[]);
    let agent = agent();
    let mut page = agent.get(&emulator.url).call().unwrap();
    let policy = page.headers()["content-security-policy"].to_str().unwrap().to_owned();
    for part in
        ["default-src 'none'", "script-src 'self'", "connect-src 'self'", "frame-ancestors 'none'"]
    {
        assert!(policy.contains(part), "{part} in {policy}");
    }
    assert!(!policy.contains("unsafe") && !policy.contains("http"), "{policy}");
    let html = page.body_mut().read_to_string().unwrap();
    let named: Vec<&str> = html.split('"').filter(|part| part.starts_with("/page/")).collect();
    assert!(named.len() > 4, "{named:?}");
    for path in named {
        let file = agent.get(format!("{}{path}", emulator.url)).call().unwrap();
        assert_eq!(file.status(), 200, "{path}");
        assert_eq!(file.headers()["x-content-type-options"], "nosniff");
    }
    assert_eq!(agent.get(format!("{}/page/no.js", emulator.url)).call().unwrap().status(), 404);
}

#[test]
fn the_rest_api_stays_at_every_other_path_and_method() {
    let emulator = Emulator::start(&[]);
    for path in ["/", "/v4/none", "/inspector/none", "/page"] {
        assert_eq!(emulator.code(path, "{}"), 60009, "{path}");
    }
}
