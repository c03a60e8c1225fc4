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
        &["scenario"],
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
        &["scenario"],
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
    assert!(
        help.contains("Exit codes:\n  0  ") && help.contains("\n  1  ") && help.contains("\n  2  ")
    );
    let version = stdout(&run(&mut tc_callback(&["--version"])));
    assert_eq!(version, format!("tc-callback {}\n", env!("CARGO_PKG_VERSION")));
}

/// The names behind `Commands:` in a help text.
fn subcommands(arguments: &[&str]) -> Vec<String> {
    let help = stdout(&run(tc_callback(arguments).arg("--help")));
    let (_, list) = help.split_once("Commands:\n").unwrap();
    let names = list.lines().take_while(|line| !line.is_empty());
    let names = names.filter(|line| line.starts_with("  ") && !line.starts_with("   "));
    names.map(|line| line.split_whitespace().next().unwrap().to_owned()).collect()
}

#[test]
fn every_command_has_a_manual_page_is_completed_and_is_described_in_the_documentation() {
    let folder = tempfile::tempdir().unwrap();
    let output = run(tc_callback(&["generate"]).arg(folder.path()));
    assert!(output.status.success());
    let read = |name: &str| std::fs::read_to_string(folder.path().join(name)).unwrap();
    let documentation = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/command.md");
    let documentation = std::fs::read_to_string(documentation).unwrap();
    let names: Vec<String> = subcommands(&[]).into_iter().filter(|name| name != "help").collect();
    assert!(names.len() >= 9, "{names:?}");
    for name in names {
        assert!(read(&format!("tc-callback-{name}.1")).contains(".TH"), "{name}");
        for completion in ["tc-callback.bash", "tc-callback.fish", "_tc-callback"] {
            assert!(read(completion).contains(&name), "{name} in {completion}");
        }
        assert!(documentation.contains(&format!("\n## {name}\n")), "{name}");
    }
    for (name, option) in [("trigger", "torture"), ("listen", "record"), ("inspect", "identifier")]
    {
        let page = read(&format!("tc-callback-{name}.1")).replace("\\-", "-");
        assert!(page.contains(&format!("--{option}")), "{option} in {page}");
    }
    assert!(read("tc-callback.bash").contains("hmac-sign"), "the faults are completed");
}
