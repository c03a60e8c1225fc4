//! tc_callback.hpp, and the shared vectors in C and C++.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stdout)]

#[path = "support/native.rs"]
mod native;

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use native::{Language, Leaks, Linked};
use serde_json::Value;

const STANDARDS: [&str; 2] = ["c++17", "c++20"];

/// Compiles a source that includes the header twice, in each standard, with every warning an error.
fn header_stands_alone(compiler: &str) {
    if !native::has(&[compiler]) {
        return;
    }
    let source = native::scratch(compiler).join("twice.cpp");
    fs::write(&source, "#include \"tc_callback.hpp\"\n".repeat(2)).unwrap();
    for standard in STANDARDS {
        let mut command = Command::new(compiler);
        command.args(native::compiler(Language::Cpp(standard)).get_args());
        command.args(["-Wold-style-cast", "-Wzero-as-null-pointer-constant", "-fsyntax-only"]);
        native::succeed(command.arg(&source));
    }
}

#[test]
fn the_cpp_header_stands_alone_for_gcc() {
    header_stands_alone("g++");
}

#[test]
fn the_cpp_header_stands_alone_for_clang() {
    header_stands_alone("clang++");
}

#[test]
fn events_errors_and_handlers_are_those_of_cpp() {
    if !native::has(&["make", "c++", "valgrind"]) {
        return;
    }
    let sources = ["tests/cpp/api.cpp"];
    for (standard, linked) in STANDARDS.into_iter().zip([Linked::shared(), Linked::Static]) {
        let program = native::build_from("api", &sources, Language::Cpp(standard), &linked, &[]);
        native::run_under_valgrind(&program, &[], Leaks::AreErrors);
    }
}

#[test]
fn two_translation_units_make_one_program_also_without_exceptions() {
    if !native::has(&["make", "c++"]) {
        return;
    }
    let sources = ["tests/cpp/unit_a.cpp", "tests/cpp/unit_b.cpp"];
    for more in [&[][..], &["-fno-exceptions", "-fno-rtti"]] {
        let cpp = Language::Cpp("c++17");
        let program = native::build_from("units", &sources, cpp, &Linked::shared(), more);
        assert_eq!(native::run(&program, &[]), "right\n");
    }
}

#[test]
fn reading_an_event_in_cpp_calls_no_function() {
    if !native::has(&["c++", "nm"]) {
        return;
    }
    let object = native::scratch("cost").join("cost.o");
    let mut command = native::compiler(Language::Cpp("c++17"));
    command.args(["-O2", "-fno-exceptions", "-c"]).arg(native::root().join("tests/cpp/cost.cpp"));
    native::succeed(command.arg("-o").arg(&object));
    let output = native::succeed(Command::new("nm").arg("--undefined-only").arg(&object));
    assert_eq!(String::from_utf8(output.stdout).unwrap(), "");
}

/// The file of the vectors, and what a program prints that has run them all.
fn vectors() -> (PathBuf, String) {
    let path = native::root().join("tests/vectors.json");
    let vectors: Value = serde_json::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
    let count = vectors["cases"].as_array().unwrap().len();
    (path, format!("{count} vectors\n"))
}

fn run_vectors(source: &str, language: Language, peer: &str) {
    if !native::has(&["make", "cc", "c++", "valgrind"]) {
        return;
    }
    let Some(flags) = native::pkg_config(&[peer]) else { return };
    let flags: Vec<_> = flags.iter().map(String::as_str).collect();
    let program = native::build_from("vectors", &[source], language, &Linked::shared(), &flags);
    let (path, all) = vectors();
    let printed = native::run_under_valgrind(&program, &[path], Leaks::AreErrors);
    assert_eq!(printed, all);
    println!("{source}: {printed}");
}

#[test]
fn every_vector_holds_in_c() {
    run_vectors("tests/c/vectors.c", Language::C("c99"), "libcjson");
}

#[test]
fn every_vector_holds_in_cpp() {
    run_vectors("tests/cpp/vectors.cpp", Language::Cpp("c++17"), "nlohmann_json");
}

#[test]
fn the_cpp_server_does_all_that_the_demo_asks() {
    if !native::has(&["make", "c++"]) || native::pkg_config(&["cpp-httplib"]).is_none() {
        return;
    }
    native::make(&["build/examples/cpp/server", "build/bin/tc-callback"]);
    let mut demo = Command::new("scripts/demo.sh");
    native::succeed(demo.arg("build/examples/cpp/server").current_dir(native::root()));
}
