//! How many instructions the shipped library takes for an operation, held to what tests/instructions.txt says. They repeat
//! exactly on every machine with the same compiler, C library and valgrind, whatever else runs there.
//!
//! After a change that is worth its price, or makes an operation cheaper: `UPDATE_INSTRUCTIONS=1 cargo test --test instructions`
//! records what is counted now.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stdout)]

#[path = "support/native.rs"]
mod native;

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use native::{Language, Linked};

const RECORD: &str = "tests/instructions.txt";
const TIMES: u64 = 1_000;

/// By how much a count may differ from the recorded one: C libraries differ by less.
const TOLERANCE: f64 = 0.05;

/// An operation of tests/c/instructions.c, what it is applied to, and how the record calls it.
const OPERATIONS: [(&str, Option<Body>, &str); 6] = [
    ("parse", Some(update_room_info), "parse UpdateRoomInfo"),
    ("parse", Some(member_enter), "parse MemberEnter"),
    ("parse", Some(sixteen_seats), "parse SeatInfoChanged, 16 seats"),
    ("parse", Some(end_call), "parse EndCall"),
    ("receive", Some(update_room_info), "receive UpdateRoomInfo, signed"),
    ("sign", None, "sign a UserSig"),
];

type Body = fn() -> String;

/// A sample of the vendor's, as it comes over the wire: without white space, which none of its texts has.
fn sample(name: &str) -> String {
    let path = native::root().join("tests/fixtures").join(name);
    fs::read_to_string(path).unwrap().split_ascii_whitespace().collect()
}

fn update_room_info() -> String {
    sample("conference/Room.CallbackAfterUpdateRoomInfo.json")
}

fn member_enter() -> String {
    sample("conference/Room.CallbackAfterMemberEnter.json")
}

fn end_call() -> String {
    sample("call/Call.CallbackAfterEndCall.json")
}

fn sixteen_seats() -> String {
    let body = sample("conference/Mic.CallbackAfterSeatInfoChanged.json");
    let (before, rest) = body.split_once('[').unwrap();
    let (seat, after) = rest.split_once(']').unwrap();
    let seats: Vec<_> =
        (0..16).map(|index| seat.replace("\"Index\":1,", &format!("\"Index\":{index},"))).collect();
    format!("{before}[{}]{after}", seats.join(","))
}

#[test]
fn no_operation_takes_more_instructions_than_are_recorded() {
    if !native::has(&["make", "cc", "rustc", "valgrind"]) {
        return;
    }
    // The C library has other ways to copy memory for other processors; of later extensions valgrind shows none.
    if !fs::read_to_string("/proc/cpuinfo").unwrap_or_default().contains(" avx2 ") {
        println!("skipped: the instructions were counted on an x86-64 processor with AVX2");
        return;
    }
    let record = native::root().join(RECORD);
    let recorded = fs::read_to_string(&record).unwrap_or_default();
    let at = recorded.lines().next().unwrap_or("# Nothing is recorded.");
    let updates = std::env::var_os("UPDATE_INSTRUCTIONS").is_some();
    // Another compiler makes other code: 6 to 7 % between 1.85 and 1.95.
    if !updates && !at.ends_with(&format!(" {}.", compiler())) {
        println!("skipped: another compiler than the recorded one: {}; {RECORD}: {at}", compiler());
        return;
    }
    let program = native::build("instructions", Language::C("c99"), &Linked::shared());

    let mut now = format!(
        "# Instructions of one operation: see tests/instructions.rs. Counted with {}.\n",
        compiler()
    );
    let mut table = format!("{:<32} {:>10} {:>10}\n", "instructions", "recorded", "now");
    let (mut grown, mut shrunk) = (false, false);
    for (operation, body, name) in OPERATIONS {
        let count = instructions_of(&program, operation, body.map(|body| body()));
        writeln!(now, "{name}: {count}").unwrap();
        let before = recorded.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "));
        let before: f64 = before.map_or(0.0, |count| count.parse().unwrap());
        let change = count as f64 / before - 1.0;
        grown |= change > TOLERANCE;
        shrunk |= change < -TOLERANCE;
        writeln!(table, "{name:<32} {before:>10} {count:>10} {:+6.1} %", change * 100.0).unwrap();
    }
    println!("{table}");
    let how = "UPDATE_INSTRUCTIONS=1 cargo test --test instructions";
    if updates {
        fs::write(&record, now).unwrap();
        return;
    }
    assert!(
        !grown,
        "an operation takes over {} % more instructions than {RECORD} says. Make it cheaper, or, if that is its price, record it with\n    {how}\n\n{table}\nrecorded: {at}\nnow:      with {}",
        TOLERANCE * 100.0,
        compiler()
    );
    if shrunk {
        println!(
            "note: an operation takes over 5 % fewer instructions. Record it, or it may grow again unseen: {how}"
        );
    }
}

fn compiler() -> String {
    let output = native::succeed(Command::new("rustc").arg("--version"));
    String::from_utf8(output.stdout).unwrap().trim().to_string()
}

/// What one more operation adds.
fn instructions_of(program: &Path, operation: &str, body: Option<String>) -> u64 {
    let file = body.map(|body| {
        let path = native::scratch("instructions").join("body.json");
        fs::write(&path, body).unwrap();
        path
    });
    let [once, twice] =
        [TIMES, 2 * TIMES].map(|times| instructions(program, operation, times, file.as_ref()));
    (twice - once + TIMES / 2) / TIMES
}

/// Of a whole run of the program.
fn instructions(program: &Path, operation: &str, times: u64, body: Option<&PathBuf>) -> u64 {
    let mut command = Command::new("valgrind");
    command.args(["--tool=callgrind", "--callgrind-out-file=/dev/null"]).arg(program);
    // Nothing of the environment, whose size moves the stack.
    command.arg(operation).arg(times.to_string()).args(body).env_clear();
    let output = native::succeed(&mut command);
    let words = String::from_utf8(output.stderr).unwrap();
    let count = words.lines().find_map(|line| line.split_once("Collected : "));
    count.unwrap_or_else(|| panic!("no count in: {words}")).1.trim().parse().unwrap()
}
