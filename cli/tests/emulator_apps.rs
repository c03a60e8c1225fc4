//! Several applications in one emulator.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use std::fs;

use support::{APP, Emulator, KEY, now_s, query, run, signed_with, stderr, tc_callback, usersig};
use tc_callback::usersig::SignOptions;

const OTHER_KEY: &str = "0123456789abcdef";

fn answer(emulator: &Emulator, app: u32, key: &str) -> i64 {
    let usersig = signed_with(key, &SignOptions::new(app, "administrator", now_s(), 60));
    let query = query(app, "administrator", &usersig);
    emulator.code(&format!("/v4/room_config/delete_callback?{query}"), "{}")
}

#[test]
fn each_application_has_its_own_key_and_no_key_is_shown() {
    let folder = tempfile::tempdir().unwrap();
    let app = |id: u32, key: &str| {
        let file = folder.path().join(id.to_string());
        fs::write(&file, format!("{key}\n")).unwrap();
        format!("--app={id}={}", file.display())
    };
    let emulator = Emulator::start(&[
        "--sdk-app-id",
        "1400000000",
        &app(APP + 1, OTHER_KEY),
        &app(APP + 2, "third"),
    ]);
    assert_eq!(answer(&emulator, APP, KEY), 0);
    assert_eq!(answer(&emulator, APP + 1, OTHER_KEY), 0);
    assert_eq!(answer(&emulator, APP + 2, "third"), 0);
    assert_eq!(answer(&emulator, APP + 1, KEY), 70009);
    assert_eq!(answer(&emulator, APP, OTHER_KEY), 70009);
    assert_eq!(answer(&emulator, APP + 3, KEY), 70020);
    let (_, lines) = emulator.end("-TERM");
    assert!(!lines.iter().any(|line| line.contains(KEY) || line.contains(OTHER_KEY)));
}

#[test]
fn applications_with_own_keys_take_the_place_of_the_one_that_exists_otherwise() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("key");
    fs::write(&file, OTHER_KEY).unwrap();
    let emulator = Emulator::start(&[&format!("--app=7={}", file.display())]);
    assert_eq!(answer(&emulator, 7, OTHER_KEY), 0);
    assert_eq!(answer(&emulator, APP, KEY), 70020);
    let (_, lines) = emulator.end("-TERM");
    assert!(lines.iter().any(|line| line.ends_with("TC_SDK_APP_ID=7")), "{lines:?}");
    assert!(!lines.iter().any(|line| line.contains("TC_SECRET_KEY")), "{lines:?}");
}

#[test]
fn each_applications_limit_is_its_own() {
    let emulator = Emulator::start(&["--sdk-app-id=1", "--sdk-app-id=2", "--rate-limit=1"]);
    for app in [1, 2] {
        let query = query(app, "administrator", &usersig(app, "administrator"));
        assert_eq!(emulator.code(&format!("/v4/room_config/get_callback?{query}"), "{}"), 100301);
    }
}

#[test]
fn an_application_that_is_named_wrongly_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let (key, empty) = (folder.path().join("key"), folder.path().join("empty"));
    fs::write(&key, KEY).unwrap();
    fs::write(&empty, "\n").unwrap();
    let (key, empty) = (key.display(), empty.display());
    for (arguments, status, told) in [
        (vec!["--app=7".to_owned()], 2, "ID=KEYFILE"),
        (vec!["--app=7=".to_owned()], 2, "name the file"),
        (vec![format!("--app=x={key}")], 2, "ID is an SDKAppID"),
        (vec![format!("--app=4294967296={key}")], 2, "ID is an SDKAppID"),
        (vec![format!("--app=7={empty}")], 2, "is empty"),
        (vec!["--app=7=/no/such/file".to_owned()], 1, "--app 7"),
        (vec![format!("--app=7={key}"), "--sdk-app-id=7".to_owned()], 2, "7 is named twice"),
        (vec!["--sdk-app-id=7".to_owned(), "--sdk-app-id=7".to_owned()], 2, "7 is named twice"),
    ] {
        let output = run(tc_callback(&["emulate"]).args(&arguments).env("TC_SECRET_KEY", KEY));
        assert_eq!(output.status.code(), Some(status), "{arguments:?}");
        assert!(stderr(&output).contains(told), "{arguments:?}: {}", stderr(&output));
    }
}
