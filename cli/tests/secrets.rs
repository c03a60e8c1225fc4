//! Whatever the command shows, writes or answers: neither a key nor a token nor a UserSig is in it.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use std::fs;
use std::process::Output;

use serde_json::json;
use support::inspector::Stream;
use support::{APP, Emulator, Host, KEY, query, run, stderr, stdout, tc_callback, usersig};
use tempfile::TempDir;

const TOKEN: &str = "the-token-of-these-tests";
const ENTER: &str = "Room.CallbackAfterMemberEnter";

/// Looks for the key, the token and these other secrets.
fn holds_none(told: &str, others: &[&str]) {
    for secret in [KEY, TOKEN].iter().chain(others) {
        assert!(!told.contains(secret), "{secret} in {told}");
    }
    // A UserSig begins with zlib's first bytes in base64, and goes on for a hundred characters or more.
    let is_of_a_usersig =
        |character: char| character.is_ascii_alphanumeric() || "*-_%".contains(character);
    for word in told.split(|character| !is_of_a_usersig(character)) {
        assert!(!(word.starts_with("eJ") && word.len() > 60), "{word} in {told}");
    }
}

/// What a command printed, in which there is no secret.
fn told(output: &Output, others: &[&str]) -> String {
    let told = stdout(output) + &stderr(output);
    holds_none(&told, others);
    told
}

/// `tc-callback` with key and token in its environment, as a server or a client.
fn with_secrets(arguments: &[&str]) -> std::process::Command {
    let mut command = tc_callback(arguments);
    command.env("TC_SECRET_KEY", KEY).env("TC_TOKEN", TOKEN);
    command
}

fn emulator() -> Emulator {
    Emulator::spawn(&mut with_secrets(&["emulate", "--listen", "127.0.0.1:0"]))
}

/// `tc-callback listen` that records to this file.
fn listen(file: &str) -> Emulator {
    Emulator::spawn(&mut with_secrets(&["listen", "--listen", "127.0.0.1:0", "--record", file]))
}

fn recording() -> (TempDir, String) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("calls.jsonl");
    (folder, file.to_str().unwrap().to_owned())
}

#[test]
fn listen_shows_and_records_no_token() {
    let (_folder, file) = recording();
    let listener = listen(&file);
    for fault in ["--quiet", "--bad-sign", "--stale", "--wrong-app", "--truncate", "--pretty"] {
        let trigger = ["trigger", "AfterMemberEnter", "--to", &listener.url, fault];
        told(&run(&mut with_secrets(&trigger)), &[]);
    }
    let (_, lines) = listener.end("-TERM");
    assert!(lines.iter().any(|line| line.contains("200  Room")), "{lines:?}");
    assert!(lines.iter().any(|line| line.contains("refused")), "{lines:?}");
    holds_none(&lines.join("\n"), &[]);
    let recorded = fs::read_to_string(&file).unwrap();
    assert_eq!(recorded.lines().count(), 6);
    holds_none(&recorded, &[]);
}

#[test]
fn a_rest_request_that_reaches_listen_by_mistake_leaves_no_usersig_there() {
    let (_folder, file) = recording();
    let listener = listen(&file);
    let url = listener.url.trim_end_matches("/callback").to_owned();
    let ensure = ["config", "ensure", "call", "--all", "--url", "http://127.0.0.1:1/"];
    let output = run(listener.command(&ensure).env("TC_ENDPOINT", &url));
    assert_eq!(output.status.code(), Some(1));
    told(&output, &[]);
    // The same without the question mark, and with another spelling.
    let signed = usersig(APP, "administrator");
    let query = query(APP, "administrator", &signed);
    for target in [
        format!("{url}/v4/call_config/get_callback&{query}"),
        format!("{url}/?UserSig={signed}&x=1"),
    ] {
        support::agent().post(&target).send("{}").unwrap();
    }
    let (_, lines) = listener.end("-TERM");
    holds_none(&lines.join("\n"), &[&signed]);
    let recorded = fs::read_to_string(&file).unwrap();
    assert!(recorded.contains("usersig=***"), "{recorded}");
    assert!(
        recorded.contains("?UserSig=***&x=1") || recorded.contains("\"UserSig=***&x=1\""),
        "{recorded}"
    );
    holds_none(&recorded, &[&signed]);
}

#[test]
fn replay_shows_no_token_whatever_it_is_answered() {
    let (_folder, file) = recording();
    let listener = listen(&file);
    run(&mut with_secrets(&["trigger", "AfterMemberEnter", "--to", &listener.url]));
    listener.end("-TERM");
    for host in [Host::receiving(Some(TOKEN), |_, _| None), Host::replying("500 Oh", "no")] {
        for form in ["--json", "--speed=max"] {
            let replay = ["replay", &file, "--to", &host.url, form];
            assert!(!told(&run(&mut with_secrets(&replay)), &[]).is_empty());
        }
    }
    let refused = ["replay", &file, "--to", "http://127.0.0.1:1/"];
    assert!(told(&run(&mut with_secrets(&refused)), &[]).contains("1 of 1"));
}

#[test]
fn the_emulators_lines_and_answers_and_all_that_its_page_fetches_hold_no_secret() {
    let (emulator, host) = (emulator(), Host::right());
    let mut stream = Stream::open(&emulator, &[]);
    let signed = usersig(APP, "administrator");
    let forged = format!("{}AAAA{}", &signed[..80], &signed[84..]);
    let other = usersig(APP, "somebody");
    let mut answers = String::new();
    let body = json!({ "Url": host.url, "CallbackCommandList": [ENTER] }).to_string();
    for usersig in [&signed, &forged, &other, &signed[..90].to_owned()] {
        let query = query(APP, "administrator", usersig);
        for path in [
            format!("/v4/room_config/set_callback?{query}"),
            format!("/v4/room_config/get_callback&{query}"),
            format!("/v4/{}", query.replace("usersig=", "UserSig=")),
            format!("/v4/room_config/get_callback?{query}&{query}"),
        ] {
            answers += &emulator.post(&path, &body).to_string();
        }
    }
    // As the page does: an event signed with the token, sent again, checked, and refused.
    let order = json!({ "sdk_app_id": APP, "command": ENTER, "body": "{}", "sign": "token" });
    let delivery = emulator.inspect("trigger", &order).unwrap();
    let resend = format!("deliveries/{}/resend", delivery["id"]);
    answers += &delivery.to_string();
    answers += &emulator.inspect(&resend, &json!({})).unwrap().to_string();
    answers +=
        &emulator.inspect("check", &json!({ "command": ENTER, "body": "{" })).unwrap().to_string();
    answers += &emulator.inspect("trigger", &json!({ "sdk_app_id": TOKEN.len() })).unwrap_err();
    answers += &emulator.inspect("deliveries/99/resend", &json!({})).unwrap_err();
    told(&run(emulator.command(&["trigger", "AfterMemberEnter"]).env("TC_TOKEN", TOKEN)), &[]);
    let state = emulator.get("/inspector/state");
    assert_eq!(state["requests"].as_array().unwrap().len(), 17, "{state}");
    assert_eq!(state["deliveries"].as_array().unwrap().len(), 3, "{state}");
    let mut streamed = String::new();
    let mut is_reported = false;
    while !is_reported {
        let event = stream.next().unwrap();
        is_reported = event.data["source"] == "trigger";
        streamed += &format!("{} {}\n", event.name, event.data);
    }
    let (_, lines) = emulator.end("-TERM");
    for told in [answers, state.to_string(), streamed, lines.join("\n")] {
        assert!(told.contains(ENTER) || told.contains("room_config"), "{told}");
        holds_none(&told, &[&signed, &forged, &other, &signed[..40]]);
    }
}

#[test]
fn what_the_emulator_keeps_on_the_disk_holds_no_key() {
    let folder = tempfile::tempdir().unwrap();
    let [state, ready] = ["state.json", "ready"].map(|name| folder.path().join(name));
    let mut command = with_secrets(&["emulate", "--listen", "127.0.0.1:0", "--state"]);
    let emulator = Emulator::spawn(command.arg(&state).arg("--ready-file").arg(&ready));
    let body = json!({ "Url": "http://127.0.0.1:1/", "CallbackCommandList": [ENTER] });
    emulator.call("room_config/set_callback", &body.to_string());
    for file in [state, ready] {
        holds_none(&fs::read_to_string(&file).unwrap(), &[]);
    }
}

#[test]
fn config_shows_no_usersig_even_where_a_service_repeats_it() {
    let mut requests = 0;
    let host = Host::answering(move |received| {
        requests += 1;
        let signed = received.parameter("usersig");
        let info = format!("{signed} in {}", received.request_line);
        let answer = json!({ "ActionStatus": "FAIL", "ErrorCode": 70003, "ErrorInfo": info, "RequestId": signed });
        match requests % 3 {
            0 => ("302 Found".to_owned(), info),
            1 => ("200 OK".to_owned(), answer.to_string()),
            _ => ("200 OK".to_owned(), info),
        }
    });
    let endpoint = host.url.trim_end_matches("/callback");
    for operation in ["ensure", "set", "update", "get", "delete"] {
        let write = ["--all", "--url", "http://127.0.0.1:1/"];
        for form in [&[][..], &["--json"]] {
            let mut command = with_secrets(&["config", operation, "conference"]);
            if matches!(operation, "ensure" | "set" | "update") {
                command.args(write);
            }
            command.env("TC_ENDPOINT", endpoint).env("TC_SDK_APP_ID", APP.to_string());
            let output = run(command.args(form));
            assert_eq!(output.status.code(), Some(1), "{}", stderr(&output));
            told(&output, &[&host.received().parameter("usersig")]);
        }
    }
}

#[test]
fn a_key_or_token_where_something_else_belongs_is_not_repeated() {
    let app = format!("7={KEY}");
    let swapped = format!("{KEY}=7");
    let token_file = format!("--token-file={TOKEN}");
    // What the environment does not hold can only be kept back where a secret's place is named.
    for arguments in [
        &["emulate", "--key-file", KEY][..],
        &["emulate", "--app", &app],
        &["emulate", "--app", &swapped],
        &["emulate", "--app", KEY],
        &["emulate", "--key", KEY],
        &["emulate", "--secret-key", KEY],
        &["usersig", "sign", "--sdk-app-id=7", "--key-file", KEY],
        &[
            "config",
            "get",
            "call",
            "--sdk-app-id=7",
            "--endpoint=http://[::1]:1",
            "--key-file",
            KEY,
        ],
        &["inspect", "{}", &token_file],
        &["listen", &token_file],
        &["listen", "--token", TOKEN],
        &["trigger", "AfterMemberEnter", "--to=http://127.0.0.1:1/", &token_file],
    ] {
        let output = run(&mut tc_callback(arguments));
        assert!(!output.status.success() && !told(&output, &[]).is_empty(), "{arguments:?}");
    }
    for arguments in [
        &["config", "get", KEY][..],
        &["config", "get", "call", KEY],
        &["config", "get", "call", "--sdk-app-id", KEY],
        &["usersig", "sign", "--expire", KEY],
        &["listen", "--listen", TOKEN],
        &["trigger", TOKEN],
        &["trigger", "AfterMemberEnter", "--to", TOKEN],
        &["replay", TOKEN, "--to", "http://127.0.0.1:1/"],
        &["parse", KEY],
        &[KEY],
    ] {
        let output = run(&mut with_secrets(arguments));
        let sentence = told(&output, &[]);
        assert_ne!(output.status.code(), Some(0), "{arguments:?}: {sentence}");
        assert!(
            sentence.contains("<TC_SECRET_KEY>") || sentence.contains("<TC_TOKEN>"),
            "{sentence}"
        );
    }
    for (variable, secret) in [("TC_SDK_APP_ID", KEY), ("TC_ENDPOINT", KEY), ("TC_ENDPOINT", TOKEN)]
    {
        let mut command = with_secrets(&["config", "get", "call"]);
        let output = run(command.env("TC_SDK_APP_ID", "7").env(variable, secret));
        assert!(!output.status.success());
        told(&output, &[]);
    }
}

#[test]
fn inspecting_shows_neither_the_key_nor_the_token_nor_a_usersig() {
    let signed = usersig(APP, "administrator");
    let rest = format!("https://example.com/v4/x?{}", query(APP, "administrator", &signed));
    let unsigned = "http://127.0.0.1/?SdkAppid=7&Sign=00&RequestTime=1";
    for arguments in [
        &["inspect", "usersig", &signed][..],
        &["inspect", "usersig", &signed[..90]],
        &["inspect", &rest],
        &["inspect", unsigned],
    ] {
        for form in [&[][..], &["--json"], &["--quiet"]] {
            told(&run(with_secrets(arguments).args(form)), &[&signed[..40]]);
        }
    }
    for arguments in [&["usersig", "verify"][..], &["usersig", "verify", "--json"]] {
        let mut command = with_secrets(arguments);
        command.env("TC_SDK_APP_ID", APP.to_string());
        for usersig in [&signed, &signed[..90]] {
            let output = support::run_with_input(&mut command, usersig);
            assert!(!told(&output, &[&signed[..40]]).is_empty());
        }
    }
}

#[test]
fn what_is_sent_is_told_without_the_token() {
    let host = Host::replying("500 Oh", "no");
    for arguments in [
        &["trigger", "AfterMemberEnter"][..],
        &["trigger", "AfterMemberEnter", "--json"],
        &["trigger", "--torture", "AfterMemberEnter"],
        &["trigger", "--torture", "AfterMemberEnter", "--json"],
        &["scenario", "call", "--rooms", "1", "--seed", "1", "--rate", "unlimited"],
        &["scenario", "call", "--rooms", "1", "--seed", "1", "--dry-run"],
    ] {
        let output = run(with_secrets(arguments).args(["--to", &host.url]));
        assert!(!told(&output, &[]).is_empty(), "{arguments:?}");
    }
    // A host that repeats what it was sent has the Sign to repeat, no more.
    assert!(!host.received().request_line.contains(TOKEN));
}
