//! The README's quick starts do what it says.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stdout)]

#[path = "support/native.rs"]
mod native;

use std::fs;
use std::process::Command;

/// The blocks of this language in the README.
fn blocks(language: &str) -> Vec<String> {
    let readme = fs::read_to_string(native::root().join("README.md")).unwrap();
    let parts: Vec<_> = readme.split("```").collect();
    let inside = parts.iter().skip(1).step_by(2);
    let blocks = inside.filter_map(|block| block.strip_prefix(&format!("{language}\n")));
    blocks.map(str::to_string).collect()
}

/// Runs a program; it says what the README says.
fn says_what_the_readme_says(program: &mut Command) {
    let output = String::from_utf8(native::succeed(program).stdout).unwrap();
    assert_eq!(output, blocks("text")[0]);
}

/// Writes the first block of this language to `file` in a new folder, builds it by the README's lines that begin with
/// `compiler`, and runs it.
fn builds_and_runs(language: &str, file: &str, compiler: &str, line_count: usize) {
    if !native::has(&["make", compiler]) {
        return;
    }
    native::lib_dir();
    let folder = native::scratch(&format!("readme-{language}"));
    fs::write(folder.join(file), &blocks(language)[0]).unwrap();
    let lines = blocks("sh").concat();
    let lines: Vec<_> =
        lines.lines().filter(|line| line.starts_with(&format!("{compiler} "))).collect();
    assert_eq!(lines.len(), line_count);
    for line in lines {
        let line = line.replace(file, folder.join(file).to_str().unwrap());
        let line = line.replace("-o quick", &format!("-o {}", folder.join("quick").display()));
        native::succeed(Command::new("sh").args(["-ec", &line]).current_dir(native::root()));
        says_what_the_readme_says(&mut Command::new(folder.join("quick")));
    }
}

#[test]
fn no_quick_start_is_longer_than_eighteen_lines() {
    for language in ["c", "cpp", "python", "go"] {
        let lines = blocks(language)[0].lines().filter(|line| !line.trim().is_empty()).count();
        assert!(lines <= 18, "{language}: {lines}");
    }
}

#[test]
fn the_c_quick_start_builds_shared_and_static() {
    builds_and_runs("c", "quick.c", "cc", 2);
}

#[test]
fn the_cpp_quick_start_builds() {
    builds_and_runs("cpp", "quick.cpp", "c++", 1);
}

#[test]
fn the_python_quick_start_runs() {
    if !native::has(&["make", "python3"]) {
        return;
    }
    let mut python = Command::new("python3");
    python.args(["-c", &blocks("python")[0]]);
    python.env("PYTHONPATH", native::root().join("bindings/python/src"));
    python.env("TC_CALLBACK_LIBRARY", native::lib_dir().join("libtc_callback.so"));
    python.env("PYTHONDONTWRITEBYTECODE", "1");
    says_what_the_readme_says(&mut python);
}

#[test]
fn the_go_quick_start_runs_in_a_module_of_its_own() {
    if !native::has(&["make", "go", "cc", "pkg-config"]) {
        return;
    }
    let version = |arguments: &[&str]| {
        let mut go = Command::new("go");
        go.args(arguments).args(["env", "GOVERSION"]).current_dir(native::root()).output().unwrap()
    };
    // A module of its own has the version of the Go that made it, and would have to be told to ask for a later one.
    if version(&[]).stdout != version(&["-C", "bindings/go"]).stdout {
        println!("skipped: this Go is older than the one that bindings/go asks for");
        return;
    }
    let library = native::lib_dir();
    let folder = native::scratch("readme-go");
    let include = native::root().join("include");
    let binding = native::root().join("bindings/go");
    fs::write(folder.join("main.go"), &blocks("go")[0]).unwrap();
    fs::write(
        folder.join("tc_callback.pc"),
        format!(
            "Name: tc_callback\nDescription: tree\nVersion: 0\nCflags: -I{}\nLibs: -L{} -ltc_callback\n",
            include.display(),
            library.display()
        ),
    )
    .unwrap();
    let go = |arguments: &[&str]| {
        let mut go = Command::new("go");
        go.args(arguments).current_dir(&folder);
        go.env("PKG_CONFIG_PATH", &folder).env("LD_LIBRARY_PATH", &library);
        go
    };
    fs::remove_file(folder.join("go.mod")).ok();
    native::succeed(&mut go(&["mod", "init", "quick"]));
    let replace = format!("tccallback={}", binding.display());
    native::succeed(&mut go(&[
        "mod",
        "edit",
        "-require",
        "tccallback@v0.0.0",
        "-replace",
        &replace,
    ]));
    says_what_the_readme_says(&mut go(&["run", "."]));
}
