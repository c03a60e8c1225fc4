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
