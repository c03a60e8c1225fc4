//! Each example in each language, started wrongly, ends with one sentence that says what is wrong: no crash, no traceback, no panic.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stdout)]

#[path = "support/native.rs"]
mod native;

use std::fs;
use std::net::TcpListener;
use std::process::{Command, Output, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

const KEY: &str = "5bd2850fff3ecb11d7c805251c51ee463a25727bddc2385f3fa8bfee1bb93b5e";
const TOKEN: &str = "the-token-of-these-tests";
const NOBODY: &str = "http://127.0.0.1:1";

/// A way to start an example wrongly.
struct Start {
    variables: Vec<(&'static str, String)>,
    argument: Option<String>,
    /// What the sentence has.
    told: &'static str,
}

/// All variables as they should be, but that nobody listens at the endpoint.
fn right() -> Vec<(&'static str, String)> {
    vec![
        ("TC_SDK_APP_ID", "1400000000".to_owned()),
        ("TC_SECRET_KEY", KEY.to_owned()),
        ("TC_TOKEN", TOKEN.to_owned()),
        ("TC_ENDPOINT", NOBODY.to_owned()),
    ]
}

/// The right variables but for this one.
fn with(name: &str, value: &str, told: &'static str) -> Start {
    let mut variables = right();
    variables.iter_mut().find(|(other, _)| *other == name).unwrap().1 = value.to_owned();
    Start { variables, argument: None, told }
}

fn without(names: &[&str], told: &'static str) -> Start {
    let mut variables = right();
    variables.retain(|(name, _)| !names.contains(name));
    Start { variables, argument: None, told }
}

fn at_port(port: &str, told: &'static str) -> Start {
    Start { variables: right(), argument: Some(port.to_owned()), told }
}

fn starts(taken_port: u16) -> Vec<Start> {
    let all = ["TC_SDK_APP_ID", "TC_SECRET_KEY", "TC_TOKEN", "TC_ENDPOINT"];
    vec![
        without(&all, "TC_SDK_APP_ID is not set"),
        without(&["TC_SECRET_KEY"], "TC_SECRET_KEY is not set"),
        with("TC_SDK_APP_ID", "", "TC_SDK_APP_ID is set but empty"),
        with("TC_SECRET_KEY", "", "TC_SECRET_KEY is set but empty"),
        with("TC_TOKEN", "", "TC_TOKEN is set but empty"),
        with("TC_ENDPOINT", "", "TC_ENDPOINT is set but empty"),
        with("TC_SDK_APP_ID", "0", "SDKAppID"),
        with("TC_SDK_APP_ID", "-1", "TC_SDK_APP_ID must be a number"),
        with("TC_SDK_APP_ID", "4294967296", "TC_SDK_APP_ID must be a number"),
        with("TC_SDK_APP_ID", "1400000000x", "TC_SDK_APP_ID must be a number"),
        with("TC_SECRET_KEY", &format!("\"{KEY}\""), "quotes around it"),
        with("TC_TOKEN", &format!("{TOKEN}\r"), "carriage return"),
        with("TC_ENDPOINT", "ftp://127.0.0.1", "ndpoint"),
        with("TC_ENDPOINT", NOBODY, "refused"),
        at_port("nonsense", "port"),
        at_port("65536", "port"),
        at_port("-1", "port"),
        at_port(&taken_port.to_string(), "in use"),
    ]
}

fn start_wrongly(example: impl Fn() -> Command) {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    for start in starts(taken.local_addr().unwrap().port()) {
        let mut command = example();
        for (name, _) in right() {
            command.env_remove(name);
        }
        command.envs(start.variables).args(start.argument);
        let output = ended(&mut command);
        let [printed, said] =
            [output.stdout, output.stderr].map(|all| String::from_utf8(all).unwrap());
        let shown = format!("{command:?}: {}\n{printed}\n{said}", output.status);
        assert_eq!(output.status.code(), Some(1), "{shown}");
        assert_eq!(said.trim_end_matches('\n').lines().count(), 1, "{shown}");
        assert!(said.contains(start.told), "{:?} is missing: {shown}", start.told);
        for not_for_people in ["Traceback", "panic", "goroutine", "terminate called", KEY, TOKEN] {
            assert!(!said.contains(not_for_people), "{shown}");
        }
        assert!(!printed.contains("listening"), "{shown}");
    }
}

/// Waits for the end of a program, which might go on as a server.
fn ended(command: &mut Command) -> Output {
    const PATIENCE: Duration = Duration::from_secs(60);
    let begun = Instant::now();
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    while child.try_wait().unwrap().is_none() {
        if begun.elapsed() > PATIENCE {
            child.kill().unwrap();
            panic!("it does not end: {command:?}: {:?}", child.wait_with_output());
        }
        sleep(Duration::from_millis(5));
    }
    child.wait_with_output().unwrap()
}

#[test]
fn the_example_in_c_says_what_is_wrong_in_a_sentence() {
    if !native::has(&["make", "cc"]) || native::pkg_config(&["libmicrohttpd"]).is_none() {
        return;
    }
    native::make(&["build/examples/c/server"]);
    start_wrongly(|| Command::new(native::root().join("build/examples/c/server")));
}

#[test]
fn the_example_in_cpp_says_what_is_wrong_in_a_sentence() {
    if !native::has(&["make", "c++"]) || native::pkg_config(&["cpp-httplib"]).is_none() {
        return;
    }
    native::make(&["build/examples/cpp/server"]);
    start_wrongly(|| Command::new(native::root().join("build/examples/cpp/server")));
}

#[test]
fn the_example_in_python_says_what_is_wrong_in_a_sentence() {
    if !native::has(&["make", "python3"]) {
        return;
    }
    let is_new_enough = ["-c", "import sys; sys.exit(sys.version_info < (3, 9))"];
    if !Command::new("python3").args(is_new_enough).status().unwrap().success() {
        println!("skipped: python3 is older than 3.9 on this machine");
        return;
    }
    let library = native::lib_dir().join("libtc_callback.so");
    start_wrongly(|| {
        let mut python = Command::new("python3");
        python.arg(native::root().join("examples/python/server.py"));
        python.env("PYTHONPATH", native::root().join("bindings/python/src"));
        python.env("PYTHONDONTWRITEBYTECODE", "1").env("TC_CALLBACK_LIBRARY", &library);
        python
    });
}

#[test]
fn the_example_in_go_says_what_is_wrong_in_a_sentence() {
    if !native::has(&["make", "go", "cc", "pkg-config"]) {
        return;
    }
    let (folder, lib) = (native::scratch("examples"), native::lib_dir());
    let include = native::root().join("include");
    let about = format!(
        "Name: tc_callback\nDescription: the source tree\nVersion: 0\nCflags: -I{}\nLibs: -L{} -ltc_callback\n",
        include.display(),
        lib.display()
    );
    fs::write(folder.join("tc_callback.pc"), about).unwrap();
    let program = folder.join("go-server");
    let mut go = Command::new("go");
    go.args(["build", "-o"]).arg(&program).arg(".");
    go.current_dir(native::root().join("examples/go")).env("PKG_CONFIG_PATH", &folder);
    // Whether the header has changed Go does not look at.
    let header = fs::read(include.join("tc_callback.h")).unwrap();
    go.env("CGO_CFLAGS", format!("-O2 -g -DTREE={}", crc(&header)));
    let built = go.output().unwrap();
    if !built.status.success() {
        // The tests of bindings/go fail if it is not for want of a newer Go.
        let said = String::from_utf8_lossy(&built.stderr);
        println!(
            "skipped: go cannot build examples/go: {}",
            said.lines().next_back().unwrap_or_default()
        );
        return;
    }
    start_wrongly(|| {
        let mut server = Command::new(&program);
        server.env("LD_LIBRARY_PATH", &lib);
        server
    });
}

fn crc(bytes: &[u8]) -> u32 {
    let mut crc = flate2::Crc::new();
    crc.update(bytes);
    crc.sum()
}
