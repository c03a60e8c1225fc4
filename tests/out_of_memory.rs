//! What becomes of a host that has no memory left.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stdout)]

#[path = "support/native.rs"]
mod native;

use native::{Language, Linked};

#[test]
fn wherever_memory_is_refused_the_answer_is_a_status_and_nothing_is_corrupt() {
    if !native::has(&["make", "cc"]) {
        return;
    }
    let program = native::build("out_of_memory", Language::C("c99"), &Linked::shared());
    println!("{}", native::run(&program, &[]));
}
