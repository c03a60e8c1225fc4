//! The committed header and list of exports are those of the source. `make header` writes them anew.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

const GENERATED: &str = include_str!(concat!(env!("OUT_DIR"), "/tc_callback.h"));

fn committed(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// Compares a committed file with what it should be, or writes it if asked to.
fn check(path: &str, expected: &str) {
    let path = committed(path);
    if std::env::var_os("UPDATE_HEADER").is_some() {
        fs::write(&path, expected).unwrap();
    }
    let found = fs::read_to_string(&path).unwrap_or_default();
    assert!(found == expected, "{} is not up to date: run `make header`", path.display());
}

/// The functions that the header declares.
fn declared() -> BTreeSet<&'static str> {
    let lines = GENERATED.lines().filter(|line| !line.starts_with([' ', '/', '#', '}']));
    let names = lines.filter_map(|line| line.split_once('(')).map(|(before, _)| before);
    names
        .filter(|before| !before.starts_with("typedef"))
        .filter_map(|before| before.split([' ', '*']).next_back())
        .filter(|name| name.starts_with("tc_"))
        .collect()
}

#[test]
fn the_committed_header_is_that_of_the_source() {
    check("include/tc_callback.h", GENERATED);
}

#[test]
fn every_name_that_the_header_takes_has_the_librarys_prefix() {
    for line in GENERATED.lines() {
        let macro_name = line.strip_prefix("#define ").and_then(|rest| rest.split(' ').next());
        let type_name = line.strip_prefix("} ").and_then(|rest| rest.strip_suffix(';'));
        let opaque_name = line
            .strip_prefix("typedef struct ")
            .and_then(|rest| rest.strip_suffix(';'))
            .and_then(|rest| rest.split(' ').next_back());
        let enumerator = line.strip_prefix("  ").and_then(|rest| rest.split_once(" = "));
        for name in [macro_name, type_name, opaque_name, enumerator.map(|(name, _)| name)] {
            let Some(name) = name.filter(|name| !name.starts_with("//")) else { continue };
            assert!(name.starts_with("TC_") || name.starts_with("tc_"), "{line}");
        }
    }
}

#[test]
fn the_committed_exports_are_the_functions_of_the_header() {
    let exports: String = declared().into_iter().map(|name| format!("{name}\n")).collect();
    check("abi/exports.txt", &exports);
}

#[test]
fn every_function_of_the_source_is_in_the_header() {
    let mut defined = BTreeSet::new();
    for entry in fs::read_dir(committed("src/ffi")).unwrap() {
        let source = fs::read_to_string(entry.unwrap().path()).unwrap();
        let mut lines = source.lines();
        while lines.any(|line| line == "#[unsafe(no_mangle)]") {
            let signature = lines.next().unwrap();
            let name = signature.split_once("fn ").unwrap().1.split('(').next().unwrap();
            defined.insert(name.to_string());
        }
    }
    let declared: BTreeSet<String> = declared().into_iter().map(str::to_string).collect();
    assert_eq!(declared, defined);
}
