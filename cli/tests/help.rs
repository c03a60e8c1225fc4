//! Every command explains itself.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use support::{KEY, run, stdout, tc_callback};

#[test]
fn every_command_has_help_with_examples_and_shows_no_key() {
    for command in [
        &[][..],
        &["emulate"],
        &["trigger"],
        &["config"],
        &["config", "ensure"],
        &["config", "set"],
        &["config", "update"],
        &["config", "get"],
        &["config", "delete"],
        &["usersig"],
        &["usersig", "sign"],
        &["usersig", "verify"],
        &["parse"],
        &["listen"],
        &["replay"],
        &["inspect"],
    ] {
        let output =
            run(tc_callback(command).arg("--help").env("TC_SECRET_KEY", KEY).env("TC_TOKEN", KEY));
        assert_eq!(output.status.code(), Some(0), "{command:?}");
        let help = stdout(&output);
        assert!(help.contains("Usage: tc-callback"), "{help}");
        assert!(help.contains("Examples:\n  tc-callback "), "{help}");
        assert!(!help.contains(KEY), "{help}");
    }
}

#[test]
fn the_exit_codes_and_the_version_are_told() {
    let help = stdout(&run(&mut tc_callback(&["--help"])));
    assert!(help.contains("Exit codes:"));
    let version = stdout(&run(&mut tc_callback(&["--version"])));
    assert_eq!(version, format!("tc-callback {}\n", env!("CARGO_PKG_VERSION")));
}
