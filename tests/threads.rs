//! Which steps start a thread or a process: counted by the program itself, and by strace, whom nothing escapes.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stdout)]

#[path = "support/native.rs"]
mod native;
#[path = "support/rest_server.rs"]
mod rest_server;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use native::{Language, Linked};
use rest_server::{RestServer, config};

/// The program, built once; it loads the library by itself, which has to find the program's pthread_create.
fn program() -> &'static Path {
    static PROGRAM: OnceLock<PathBuf> = OnceLock::new();
    PROGRAM.get_or_init(|| {
        let source = ["tests/c/no_thread.c"];
        let more = ["-Wl,--as-needed", "-rdynamic"];
        native::build_from("no_thread", &source, Language::C("c99"), &Linked::shared(), &more)
    })
}

/// What the program is given: the library, and an endpoint whose name has to be looked up.
fn arguments(server: &RestServer) -> [PathBuf; 2] {
    let endpoint = format!("http://localhost:{}", server.port());
    [native::lib_dir().join("libtc_callback.so"), endpoint.into()]
}

fn server() -> RestServer {
    RestServer::answering(|_| config("https://example.com/", &["Call.Any"]))
}

/// All calls came over one connection, so that all but the first were warm.
fn check_connections(server: &RestServer) {
    let seen = server.seen();
    assert_eq!(seen.len(), 21);
    assert!(seen.iter().all(|request| request.connection == 0));
}

#[test]
fn nothing_but_the_first_look_up_of_a_name_starts_a_thread() {
    if native::has(&["make", "cc"]) {
        let server = server();
        let threads = native::run(program(), &arguments(&server));
        assert_eq!(threads, "1\n");
        check_connections(&server);
    }
}

/// The calls that make a thread or a process.
const STARTS: [&str; 4] = ["clone(", "clone3(", "fork(", "vfork("];

/// The steps of the program that strace told of, each with the calls that start something.
fn steps(trace: &Path) -> Vec<(String, Vec<String>)> {
    let mut steps = vec![("exec".to_owned(), Vec::new())];
    for line in fs::read_to_string(trace).unwrap().lines() {
        if let Some((_, step)) = line.split_once("write(-1, \"") {
            steps.push((step.split('"').next().unwrap().to_owned(), Vec::new()));
        } else if STARTS.iter().any(|call| line.contains(call)) {
            steps.last_mut().unwrap().1.push(line.to_owned());
        }
    }
    steps
}

#[test]
fn strace_sees_no_thread_and_no_process_started_but_for_the_first_look_up_of_a_name() {
    if !native::has(&["make", "cc", "strace"]) {
        return;
    }
    let trace = native::scratch("threads").join("trace");
    let mut strace = Command::new("strace");
    strace.args(["-f", "-e", "trace=clone,clone3,fork,vfork,write", "-o"]).arg(&trace);
    let denied = Command::new(strace.get_program()).args(strace.get_args()).arg("true").output();
    if let Some(why) = denied.ok().filter(|output| !output.status.success()) {
        println!("skipped: strace cannot trace here: {}", String::from_utf8_lossy(&why.stderr));
        return;
    }
    let server = server();
    native::succeed(strace.arg(program()).args(arguments(&server)));
    check_connections(&server);
    let steps = steps(&trace);
    let names: Vec<&str> = steps.iter().map(|(name, _)| name.as_str()).collect();
    let expected = [
        "exec",
        "load",
        "parse",
        "receive",
        "sign",
        "make a client",
        "first call",
        "warm calls",
        "end",
    ];
    assert_eq!(names, expected);
    for (name, starts) in &steps {
        let allowed = usize::from(name == "first call");
        assert_eq!(starts.len(), allowed, "{name}: {starts:?}");
    }
}
