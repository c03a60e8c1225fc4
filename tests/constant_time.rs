//! That it takes as long to refuse a wrong Sign whichever part of it is wrong, in the library as it is shipped: with all optimisations,
//! which take a minute to build. The rest of what guards a receiver is in receiver_security.rs.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stdout)]

#[path = "support/native.rs"]
mod native;

use std::process::Command;

use native::{Language, Linked};

/// Counted, not timed: an instruction more for a digit more that is right would show.
#[test]
fn a_sign_takes_as_many_instructions_to_refuse_whichever_digit_is_wrong() {
    if !native::has(&["make", "cc", "valgrind"]) {
        return;
    }
    let program = native::build("refuse", Language::C("c99"), &Linked::shared());
    let count = |tokens: &str, sign: &str| {
        let mut command = Command::new("valgrind");
        command.args(["--tool=callgrind", "--callgrind-out-file=/dev/null"]).arg(&program);
        // Nothing of the environment, whose size moves the stack.
        let output = native::succeed(command.args([tokens, sign]).env_clear());
        let words = String::from_utf8(output.stderr).unwrap();
        let count = words.lines().find_map(|line| line.split_once("Collected : ")).unwrap().1;
        count.trim().parse::<u64>().unwrap()
    };
    let good = "17773bc39a671d7b9aa835458704d2a6db81360a5940292b587d6d760d484061";
    let with = |index: usize| {
        let other = if &good[index..=index] == "0" { "1" } else { "0" };
        format!("{}{other}{}", &good[..index], &good[index + 1..])
    };
    let refused: Vec<u64> =
        [0, 1, 31, 62, 63].map(|index| count("xxxxyyyy,otherone", &with(index))).to_vec();
    println!("instructions for a Sign whose digit 0, 1, 31, 62, 63 is wrong: {refused:?}");
    assert!(refused.iter().all(|count| count == &refused[0]), "{refused:?}");
    let [first, last] =
        ["xxxxyyyy,otherone", "otherone,xxxxyyyy"].map(|tokens| count(tokens, good));
    println!("instructions for the first of two tokens and for the last: {first}, {last}");
    assert_eq!(first, last);
}
