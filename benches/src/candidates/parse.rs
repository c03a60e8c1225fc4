//! Rows `parse/*`: from a body to all its fields; and what else is made of the same bodies.

use std::ffi::c_int;
use std::rc::Rc;

use super::in_process::{Native, Operation, Text};
use super::typed;
use crate::bodies::{self, Bodies};

/// Candidates in C and C++, all with the signature of [`Native`].
macro_rules! natives {
    ($($name:ident,)*) => {
        unsafe extern "C" {
            $(fn $name(f: c_int, s: c_int, bodies: *const Text, count: usize, sum: *mut u64) -> c_int;)*
        }
    };
}

natives! {
    bench_tc_callback,
    bench_tc_callback_buffer,
    bench_simdjson,
    bench_yyjson,
    bench_rapidjson,
    bench_nlohmann,
    bench_cjson,
    bench_receiver_tc_callback,
    bench_receiver_with_claims,
    bench_receiver_by_hand,
    bench_usersig_tc_callback,
    bench_usersig_by_hand,
}

pub fn operations(all: &[Rc<Bodies>]) -> Vec<Operation> {
    let mut operations = Vec::new();
    for bodies in all {
        let row = format!("parse/{}", bodies.name().replace('-', "/"));
        let mut native = |name: &str, pass: Native| {
            operations.push(Operation::native(&row, name, bodies, pass));
        };
        native("tc_callback", bench_tc_callback);
        native("in a buffer", bench_tc_callback_buffer);
        native("simdjson", bench_simdjson);
        native("yyjson", bench_yyjson);
        native("rapidjson", bench_rapidjson);
        native("nlohmann", bench_nlohmann);
        native("cjson", bench_cjson);
        operations.push(Operation::rust(&row, "serde_json", bodies, typed::serde_json));
        operations.push(Operation::rust(&row, "sonic-rs", bodies, typed::sonic_rs));
    }
    if let Some(rooms) = all.first() {
        let mut native = |row: &str, name: &str, pass: Native| {
            operations.push(Operation::native(row, name, rooms, pass));
        };
        native("receiver/a", "tc_callback", bench_receiver_tc_callback);
        native("receiver/a", "c-yyjson-openssl", bench_receiver_by_hand);
        native("receiver/a", "and claims", bench_receiver_with_claims);
        native("usersig/fresh", "tc_callback", bench_usersig_tc_callback);
        native("usersig/fresh", "c-openssl-zlib", bench_usersig_by_hand);
        native("usersig/cached", "fresh", bench_usersig_tc_callback);
    }
    operations.extend(growth());
    operations
}

/// One long body at a time: nanoseconds for each byte. Ours is the longest, its peers are shorter ones.
fn growth() -> Vec<Operation> {
    let sizes = [("tc_callback", 1_000_000), ("at 100 kB", 100_000), ("at 10 kB", 10_000)];
    let mut operations = Vec::new();
    for (name, size) in sizes {
        for (kind, long) in bodies::long(size) {
            let count = long.texts[0].len();
            let row = format!("growth/parse/{kind}");
            operations
                .push(Operation::native(&row, name, &Rc::new(long), bench_tc_callback).per(count));
        }
    }
    operations
}
