//! The C ABI as C sees it: the shipped libraries, their symbols, the header, and programs in C that use them under valgrind.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stdout)]

#[path = "support/native.rs"]
mod native;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use native::{Language, Leaks, Linked};

/// Runs tests/c/`name`.c in each form that a host may choose; returns what the first printed.
fn run_program(name: &str, arguments: &[PathBuf], leaks: Leaks) -> String {
    if !native::has(&["make", "cc", "c++", "valgrind"]) {
        return String::new();
    }
    let shared = native::build(name, Language::C("c99"), &Linked::shared());
    let printed = native::run_under_valgrind(&shared, arguments, leaks);
    let in_archive = native::build(name, Language::C("c17"), &Linked::Static);
    native::run_under_valgrind(&in_archive, arguments, leaks);
    let as_cpp = native::build(name, Language::Cpp("c++17"), &Linked::shared());
    native::run(&as_cpp, arguments);
    println!("{printed}");
    printed
}

/// The vendor's sample of every callback command.
fn fixtures() -> Vec<PathBuf> {
    let folders =
        ["conference", "call"].map(|product| native::root().join("tests/fixtures").join(product));
    let mut found: Vec<_> = folders
        .iter()
        .flat_map(|folder| fs::read_dir(folder).unwrap())
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.file_name().unwrap().to_str().unwrap().contains(".Callback"))
        .collect();
    found.sort();
    assert_eq!(found.len(), 10);
    found
}

fn header() -> String {
    fs::read_to_string(native::root().join("include/tc_callback.h")).unwrap()
}

/// The name that the loader knows the shared library by.
fn soname() -> String {
    let header = header();
    let abi = header.lines().find_map(|line| line.strip_prefix("#define TC_ABI_VERSION ")).unwrap();
    format!("libtc_callback.so.{abi}")
}

fn exports() -> BTreeSet<String> {
    let text = fs::read_to_string(native::root().join("abi/exports.txt")).unwrap();
    text.lines().map(str::to_string).collect()
}

/// What a tool says about the shared library.
fn inspect(tool: &str, arguments: &[&str]) -> Option<String> {
    if !native::has(&["make", tool]) {
        return None;
    }
    let library = native::lib_dir().join("libtc_callback.so");
    let output = native::succeed(Command::new(tool).args(arguments).arg(library));
    Some(String::from_utf8(output.stdout).unwrap())
}

#[test]
fn the_shared_library_exports_the_functions_of_the_header_and_nothing_else() {
    let Some(symbols) = inspect("nm", &["--dynamic", "--defined-only"]) else { return };
    let symbols: BTreeSet<_> =
        symbols.lines().map(|line| line.split(' ').next_back().unwrap().to_string()).collect();
    println!("{} symbols", symbols.len());
    assert_eq!(symbols, exports());
}

#[test]
fn the_shared_library_is_named_for_its_abi_stays_loaded_and_needs_only_the_system() {
    let Some(dynamic) = inspect("readelf", &["--dynamic", "--wide"]) else { return };
    assert!(dynamic.contains(&format!("soname: [{}]", soname())), "{dynamic}");
    assert!(dynamic.contains("NODELETE"), "{dynamic}");
    let needed = dynamic.lines().filter(|line| line.contains("(NEEDED)"));
    for library in needed {
        let system = ["libc.so", "libm.so", "libgcc_s.so", "libpthread.so", "libdl.so", "ld-linux"];
        assert!(system.iter().any(|name| library.contains(name)), "{library}");
    }
}

#[test]
fn the_header_stands_alone_in_every_standard_of_c_and_cpp() {
    if !native::has(&["cc", "c++"]) {
        return;
    }
    let source = native::scratch("header").join("twice.c");
    fs::write(&source, "#include \"tc_callback.h\"\n#include \"tc_callback.h\"\n").unwrap();
    let c = ["c99", "c11", "c17", "c2x"].map(Language::C);
    let cpp = ["c++11", "c++14", "c++17", "c++20"].map(Language::Cpp);
    for language in c.into_iter().chain(cpp) {
        let mut command = native::compiler(language);
        if matches!(language, Language::Cpp(_)) {
            command.args(["-Wold-style-cast", "-Wzero-as-null-pointer-constant"]);
        }
        native::succeed(command.arg("-fsyntax-only").arg(&source));
    }
}

#[test]
fn the_macros_of_the_header_have_the_versions_of_the_library() {
    run_program("versions", &[], Leaks::AreErrors);
}

#[test]
fn null_in_any_argument_of_any_function_is_answered() {
    let source = fs::read_to_string(native::root().join("tests/c/null.c")).unwrap();
    let source = source.split_whitespace().collect::<Vec<_>>().join(" ");
    for (function, pointers) in functions_with_pointers(&header()) {
        // One macro tries the three functions that write alike.
        let name =
            if source.contains(&format!("WRITES({function});")) { "function" } else { &*function };
        for argument in &pointers {
            // REFUSED makes each call with and without a place for the error, ALL_NULL without.
            let is_covered = source.contains(&format!("{name}, {argument}, "))
                || argument == "error" && source.contains(&format!("ALL_NULL({function}, "));
            assert!(is_covered, "null.c does not try {argument} of {function}");
        }
    }
    run_program("null", &[], Leaks::AreErrors);
}

/// The functions of the header, each with its arguments that are pointers.
fn functions_with_pointers(header: &str) -> Vec<(String, Vec<String>)> {
    let code: Vec<_> = header.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
    let code = code.join(" ");
    let (_, declarations) = code.split_once("extern \"C\" {").unwrap();
    let functions = declarations.split(';').filter_map(|declaration| {
        let (before, arguments) = declaration.trim_end().strip_suffix(')')?.split_once('(')?;
        let function = before.rsplit([' ', '*']).next()?;
        let is_pointer = |argument: &&str| argument.contains('*') || argument.contains("_fn ");
        let name = |argument: &str| argument.rsplit([' ', '*']).next().unwrap().to_string();
        Some((function.to_string(), arguments.split(',').filter(is_pointer).map(name).collect()))
    });
    let functions: Vec<_> = functions.collect();
    assert_eq!(functions.len(), exports().len());
    functions
}

#[test]
fn an_event_is_copied_to_memory_of_the_caller_or_handed_out_where_it_has_no_room() {
    run_program("event_copy", &fixtures(), Leaks::AreErrors);
}

#[test]
fn an_event_becomes_objects_that_the_host_makes_and_a_host_that_fails_is_left_with_none() {
    run_program("objects", &fixtures(), Leaks::AreErrors);
}

#[test]
fn every_callback_of_the_vendors_pages_is_read_into_typed_fields() {
    run_program("events", &fixtures(), Leaks::AreErrors);
}

#[test]
fn what_has_no_field_is_read_by_json_pointer() {
    run_program("json", &[], Leaks::AreErrors);
}

#[test]
fn an_event_is_one_allocation_whatever_it_carries() {
    let printed = run_program("allocations", &fixtures(), Leaks::AreErrors);
    assert!(printed.is_empty() || printed.lines().count() == 11, "{printed}");
}

#[test]
fn a_receiver_answers_what_is_posted_from_any_number_of_threads() {
    run_program("receiver", &[], Leaks::AreErrors);
}

#[test]
fn a_client_checks_before_it_sends_and_says_why_it_failed() {
    run_program("client", &[], Leaks::AreErrors);
}

#[test]
fn an_operation_is_given_up_by_another_thread_and_by_a_signal_handler() {
    run_program("cancel", &[], Leaks::AreErrors);
}

#[test]
fn a_usersig_is_signed_and_verified() {
    run_program("usersig", &[], Leaks::AreErrors);
}

#[test]
fn a_receiver_made_before_fork_works_in_the_child() {
    // A child leaves alone what its parent's threads were using, and so never frees it.
    run_program("fork", &[], Leaks::AreMeant);
}

#[test]
fn a_panic_becomes_a_status_and_prints_nothing() {
    if !native::has(&["cc", "valgrind"]) {
        return;
    }
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args(["rustc", "--quiet", "--lib", "--crate-type", "cdylib"]);
    native::succeed(cargo.args(["--", "--cfg", "tc_provoke_panic"]).current_dir(native::root()));
    let built = Path::new(env!("CARGO_TARGET_TMPDIR")).with_file_name("debug/libtc_callback.so");
    // The library is looked for by its soname; without the number the linker finds it.
    let folder = native::scratch("provoke");
    for name in [&*soname(), "libtc_callback.so"] {
        fs::copy(&built, folder.join(name)).unwrap();
    }
    let program = native::build("panic", Language::C("c99"), &Linked::Shared(folder));
    native::run(&program, &[]);
    native::run_under_valgrind(&program, &[], Leaks::AreErrors);
}
