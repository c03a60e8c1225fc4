//! `tc-callback usersig`.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use std::fs;
use std::process::{Command, Output};

use serde_json::Value;
use support::{
    APP, Emulator, KEY, now_s, query, run, run_with_input, signed_with, stderr, stdout, tc_callback,
};
use tc_callback::usersig::SignOptions;

fn usersig(arguments: &[&str]) -> Command {
    let mut command = tc_callback(&["usersig"]);
    command.args(arguments).env("TC_SDK_APP_ID", APP.to_string()).env("TC_SECRET_KEY", KEY);
    command
}

fn verify(arguments: &[&str], text: &str) -> Output {
    run_with_input(usersig(&["verify"]).args(arguments), text)
}

fn signed(arguments: &[&str]) -> String {
    let output = run(usersig(&["sign"]).args(arguments));
    assert!(output.status.success(), "{}", stderr(&output));
    stdout(&output).trim_end().to_owned()
}

#[test]
fn what_sign_makes_the_emulator_accepts() {
    let path =
        format!("/v4/call_config/delete_callback?{}", query(APP, "administrator", &signed(&[])));
    assert_eq!(Emulator::start(&[]).code(&path, "{}"), 0);
}

#[test]
fn what_sign_makes_verify_reads() {
    let usersig = signed(&["--identifier", "alice", "--expire", "60"]);
    let output = verify(&["--identifier", "alice", "--json"], &format!("{usersig}\n"));
    assert!(output.status.success(), "{}", stderr(&output));
    let claims: Value = serde_json::from_str(&stdout(&output)).unwrap();
    assert_eq!(claims["identifier"], "alice");
    assert_eq!(claims["sdk_app_id"], APP);
    assert_eq!(claims["expire_s"], 60);
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("usersig");
    fs::write(&file, usersig).unwrap();
    let output = verify(&[file.to_str().unwrap()], "");
    assert!(
        stdout(&output).starts_with("valid for alice of SDKAppID 1400000000\n"),
        "{}",
        stderr(&output)
    );
}

#[test]
fn an_invalid_usersig_is_exit_code_1_and_said_why_without_showing_it() {
    let expired = signed_with(KEY, &SignOptions::new(APP, "alice", now_s() - 100, 10));
    let forged = signed_with("another key", &SignOptions::new(APP, "alice", now_s(), 100));
    let other = signed_with(KEY, &SignOptions::new(APP + 1, "alice", now_s(), 100));
    for (usersig, told) in [
        (expired.as_str(), "expired"),
        (&forged, "key"),
        (&other, "SDKAppID"),
        ("x", "UserSig"),
        ("", "UserSig"),
    ] {
        let output = verify(&[], usersig);
        assert_eq!(output.status.code(), Some(1), "{told}");
        assert!(stderr(&output).contains(told), "{told} in {}", stderr(&output));
        assert!(usersig.len() < 2 || !stderr(&output).contains(usersig));
    }
    assert_eq!(verify(&["--identifier", "bob"], &signed(&[])).status.code(), Some(1));
}

#[test]
fn without_a_key_or_an_application_it_says_how_to_give_them() {
    let output = run(usersig(&["sign"]).env_remove("TC_SECRET_KEY"));
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("TC_SECRET_KEY") && stderr(&output).contains("--key-file"));
    let output = run(usersig(&["sign"]).env_remove("TC_SDK_APP_ID"));
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("--sdk-app-id"));
}

/// What is refused as a key or a token, with what it is said to be.
fn mistakes() -> Vec<(String, String)> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/fixtures/secrets.json");
    let secrets: Value = serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap();
    let cases = secrets["refused"].as_array().unwrap().iter();
    let of = |case: &Value, name: &str| case[name].as_str().unwrap().to_owned();
    cases.map(|case| (of(case, "given"), of(case, "told"))).collect()
}

/// Commands that need a key or a token, without what says where it is.
const WITH_KEY: [&[&str]; 4] = [
    &["usersig", "sign", "--sdk-app-id=7"],
    &["emulate", "--listen=127.0.0.1:0"],
    &["config", "get", "call", "--sdk-app-id=7", "--endpoint=http://127.0.0.1:1"],
    &["inspect", "usersig", "eJwx"],
];
const WITH_TOKEN: [&[&str]; 5] = [
    &["listen", "--listen=127.0.0.1:0"],
    &["trigger", "AfterMemberEnter", "--to=http://127.0.0.1:1/"],
    &["scenario", "call", "--rooms=1", "--to=http://127.0.0.1:1/"],
    &["emulate", "--listen=127.0.0.1:0"],
    &["inspect", "url", "http://127.0.0.1/?SdkAppid=7"],
];

#[test]
fn every_command_refuses_a_key_or_token_that_is_certainly_a_mistake() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("secret");
    for (index, (given, told)) in mistakes().into_iter().enumerate() {
        // Each form is tried with one command of each kind, and each command with several forms.
        for (commands, variable, option) in [
            (&WITH_KEY[..], "TC_SECRET_KEY", "--key-file"),
            (&WITH_TOKEN, "TC_TOKEN", "--token-file"),
        ] {
            let command = commands[index % commands.len()];
            let output = run(tc_callback(command).env(variable, &given));
            assert_eq!(output.status.code(), Some(2), "{command:?} {given:?}: {}", stderr(&output));
            let sentence = stderr(&output);
            assert!(
                sentence.contains(variable) && sentence.contains(&told),
                "{given:?}: {sentence}"
            );
            assert!(!sentence.contains("5bd2850f"), "{sentence}");

            if given.ends_with('\r') {
                continue; // With the file's own line feed it is a line end of Windows.
            }
            fs::write(&file, format!("{given}\n")).unwrap();
            let output = run(tc_callback(command).arg(option).arg(&file));
            assert_eq!(output.status.code(), Some(2), "{command:?} {given:?}: {}", stderr(&output));
            let sentence = stderr(&output);
            assert!(sentence.contains(option), "{given:?}: {sentence}");
            assert!(!sentence.contains("5bd2850f"), "{sentence}");
        }
    }
}

#[test]
fn the_line_end_of_a_file_is_not_part_of_the_secret_in_it() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("key");
    let mut made = Vec::new();
    for line_end in ["", "\n", "\r\n"] {
        fs::write(&file, format!("{KEY}{line_end}")).unwrap();
        let key_file = format!("--key-file={}", file.display());
        let output = run(usersig(&["sign", &key_file]).env_remove("TC_SECRET_KEY"));
        assert_eq!(output.status.code(), Some(0), "{line_end:?}: {}", stderr(&output));
        made.push(stdout(&output));
        let output = verify(&[], made.last().unwrap());
        assert_eq!(output.status.code(), Some(0), "{line_end:?}: {}", stderr(&output));
    }
    let utf16: Vec<u8> =
        format!("\u{feff}{KEY}").encode_utf16().flat_map(u16::to_le_bytes).collect();
    fs::write(&file, utf16).unwrap();
    let key_file = format!("--key-file={}", file.display());
    let output = run(usersig(&["sign", &key_file]).env_remove("TC_SECRET_KEY"));
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("UTF-16"), "{}", stderr(&output));
}

#[test]
fn a_variable_that_is_set_to_nothing_is_not_taken_for_one_that_is_not_set() {
    for (variable, arguments) in [
        ("TC_SECRET_KEY", &["emulate", "--listen=127.0.0.1:0"][..]),
        ("TC_TOKEN", &["trigger", "AfterMemberEnter", "--to=http://127.0.0.1:1/"]),
        ("TC_TOKEN", &["listen", "--listen=127.0.0.1:0"]),
        ("TC_SDK_APP_ID", &["trigger", "AfterMemberEnter", "--to=http://127.0.0.1:1/"]),
        ("TC_ENDPOINT", &["trigger", "AfterMemberEnter", "--sdk-app-id=7"]),
    ] {
        let mut command = tc_callback(arguments);
        if variable == "TC_ENDPOINT" {
            command.env("TC_SECRET_KEY", KEY);
        }
        let output = run(command.env(variable, ""));
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {}", stderr(&output));
        assert!(stderr(&output).contains(variable), "{arguments:?}: {}", stderr(&output));
    }
}
