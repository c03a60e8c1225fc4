//! The README's quick start does what it says.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stdout)]

#[path = "support/native.rs"]
mod native;

use std::fs;
use std::process::Command;

/// The first block of this language in the README.
fn block(language: &str) -> String {
    let readme = fs::read_to_string(native::root().join("README.md")).unwrap();
    let (_, after) = readme.split_once(&format!("```{language}\n")).unwrap();
    after.split_once("```").unwrap().0.to_string()
}

#[test]
fn the_c_quick_start_builds_with_each_of_its_lines_and_answers() {
    if !native::has(&["make", "cc"]) {
        return;
    }
    native::lib_dir();
    let folder = native::scratch("readme");
    fs::write(folder.join("quick.c"), block("c")).unwrap();
    let lines = block("sh");
    let compilations: Vec<_> = lines.lines().filter(|line| line.starts_with("cc ")).collect();
    assert_eq!(compilations.len(), 2, "shared and static");
    for line in compilations {
        let line = line.replace("quick.c", folder.join("quick.c").to_str().unwrap());
        let line = line.replace("-o quick", &format!("-o {}", folder.join("quick").display()));
        native::succeed(Command::new("sh").args(["-ec", &line]).current_dir(native::root()));
        let output = native::succeed(&mut Command::new(folder.join("quick")));
        assert_eq!(
            String::from_utf8(output.stdout).unwrap(),
            "answer 200 {\"ActionStatus\":\"OK\",\"ErrorInfo\":\"\",\"ErrorCode\":0}\n\
             Room.CallbackAfterDestroyRoom: r1\n"
        );
    }
}
