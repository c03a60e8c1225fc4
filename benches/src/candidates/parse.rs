//! Rows `parse/*`: from a body to all its fields.

use std::ffi::{c_char, c_int};
use std::time::Duration;

use anyhow::{Context, Result, ensure};

use super::{time_passes, typed};
use crate::bodies::{Bodies, FAMILIES, SHAPES};
use crate::source::{Sample, Source};

/// `bench_text` in C.
#[repr(C)]
struct Text {
    start: *const c_char,
    length: usize,
}

type Native = unsafe extern "C" fn(c_int, c_int, *const Text, usize, *mut u64) -> c_int;

unsafe extern "C" {
    fn bench_tc_callback(
        f: c_int,
        s: c_int,
        bodies: *const Text,
        count: usize,
        sum: *mut u64,
    ) -> c_int;
    fn bench_simdjson(
        f: c_int,
        s: c_int,
        bodies: *const Text,
        count: usize,
        sum: *mut u64,
    ) -> c_int;
    fn bench_yyjson(f: c_int, s: c_int, bodies: *const Text, count: usize, sum: *mut u64) -> c_int;
    fn bench_rapidjson(
        f: c_int,
        s: c_int,
        bodies: *const Text,
        count: usize,
        sum: *mut u64,
    ) -> c_int;
    fn bench_nlohmann(
        f: c_int,
        s: c_int,
        bodies: *const Text,
        count: usize,
        sum: *mut u64,
    ) -> c_int;
    fn bench_cjson(f: c_int, s: c_int, bodies: *const Text, count: usize, sum: *mut u64) -> c_int;
}

enum Candidate {
    Native(Native),
    Rust(fn(usize, &[String]) -> Result<u64>),
}

const CANDIDATES: [(&str, Candidate); 8] = [
    ("tc_callback", Candidate::Native(bench_tc_callback)),
    ("simdjson", Candidate::Native(bench_simdjson)),
    ("yyjson", Candidate::Native(bench_yyjson)),
    ("serde_json", Candidate::Rust(typed::serde_json)),
    ("sonic-rs", Candidate::Rust(typed::sonic_rs)),
    ("rapidjson", Candidate::Native(bench_rapidjson)),
    ("nlohmann", Candidate::Native(bench_nlohmann)),
    ("cjson", Candidate::Native(bench_cjson)),
];

pub struct Parse {
    all: Vec<Bodies>,
}

impl Parse {
    pub fn new(all: Vec<Bodies>) -> Parse {
        Parse { all }
    }

    fn bodies(&self, row: &str) -> Option<&Bodies> {
        let (family, shape) = row.strip_prefix("parse/")?.split_once('/')?;
        self.all
            .iter()
            .find(|bodies| FAMILIES[bodies.family] == family && SHAPES[bodies.shape] == shape)
    }
}

impl Source for Parse {
    fn candidates(&self, row: &str) -> Vec<String> {
        let names = CANDIDATES.iter().map(|(name, _)| name.to_string());
        if self.bodies(row).is_some() { names.collect() } else { Vec::new() }
    }

    fn run(&mut self, name: &str, row: &str, time: Duration) -> Result<Sample> {
        let bodies = self.bodies(row).context("no such row")?;
        let (_, candidate) =
            CANDIDATES.iter().find(|(other, _)| *other == name).context("no such candidate")?;
        let texts = &bodies.texts;
        match candidate {
            Candidate::Rust(parse) => {
                time_passes(time, texts.len(), || parse(bodies.family, texts))
            }
            Candidate::Native(parse) => {
                let views: Vec<_> = texts
                    .iter()
                    .map(|text| Text { start: text.as_ptr().cast(), length: text.len() })
                    .collect();
                let (family, shape) = (bodies.family as c_int, bodies.shape as c_int);
                time_passes(time, texts.len(), || {
                    let mut checksum = 0;
                    // SAFETY: the views are valid during the call, as is the place for the checksum.
                    let status =
                        unsafe { parse(family, shape, views.as_ptr(), views.len(), &mut checksum) };
                    ensure!(status == 0, "cannot parse a body");
                    Ok(checksum)
                })
            }
        }
    }
}
