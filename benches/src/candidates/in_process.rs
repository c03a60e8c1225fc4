//! Operations that are timed in this process.

use std::ffi::{c_char, c_int};
use std::rc::Rc;
use std::time::Duration;

use anyhow::{Context, Result, ensure};

use crate::bodies::Bodies;
use crate::source::{Sample, Source};

/// `bench_text` in C.
#[repr(C)]
pub struct Text {
    start: *const c_char,
    length: usize,
}

/// A pass over all bodies, in C: family, shape, bodies, how many, the place for the checksum; 0 if all went well.
pub type Native = unsafe extern "C" fn(c_int, c_int, *const Text, usize, *mut u64) -> c_int;

/// What a candidate does in a row.
pub struct Operation {
    row: String,
    candidate: String,
    /// How many operations are in a pass.
    count: usize,
    /// A pass; returns the checksum.
    pass: Box<dyn Fn() -> Result<u64>>,
}

impl Operation {
    pub fn rust(
        row: &str,
        candidate: &str,
        bodies: &Rc<Bodies>,
        pass: fn(usize, &[String]) -> Result<u64>,
    ) -> Operation {
        let bodies = Rc::clone(bodies);
        Operation {
            row: row.to_owned(),
            candidate: candidate.to_owned(),
            count: bodies.texts.len(),
            pass: Box::new(move || pass(bodies.family, &bodies.texts)),
        }
    }

    pub fn native(row: &str, candidate: &str, bodies: &Rc<Bodies>, pass: Native) -> Operation {
        let bodies = Rc::clone(bodies);
        let view = |text: &String| Text { start: text.as_ptr().cast(), length: text.len() };
        let views: Vec<_> = bodies.texts.iter().map(view).collect();
        Operation {
            row: row.to_owned(),
            candidate: candidate.to_owned(),
            count: views.len(),
            pass: Box::new(move || {
                let (family, shape) = (bodies.family as c_int, bodies.shape as c_int);
                let mut checksum = 0;
                // SAFETY: the views are into `bodies`, which lives as long as this closure; the checksum has its place.
                let status =
                    unsafe { pass(family, shape, views.as_ptr(), views.len(), &mut checksum) };
                ensure!(status == 0, "the candidate failed on a body");
                Ok(checksum)
            }),
        }
    }

    /// What needs no bodies.
    pub fn alone(
        row: &str,
        candidate: &str,
        count: usize,
        pass: impl Fn() -> Result<u64> + 'static,
    ) -> Operation {
        let (row, candidate) = (row.to_owned(), candidate.to_owned());
        Operation { row, candidate, count, pass: Box::new(pass) }
    }

    /// The same, but the figure is for each of so many parts of a pass.
    pub fn per(self, count: usize) -> Operation {
        Operation { count, ..self }
    }

    /// Nanoseconds for each operation: of this thread's processor time, which other programs disturb least.
    fn time(&self, time: Duration) -> Result<Sample> {
        let start = thread_time();
        let mut checksum = (self.pass)()?;
        let one = thread_time() - start;
        let passes = (time.as_nanos() / one.as_nanos().max(1)).max(1);
        let start = thread_time();
        for _ in 0..passes {
            checksum = (self.pass)()?;
        }
        let elapsed = thread_time() - start;
        let figure = elapsed.as_nanos() as f64 / (passes * self.count as u128) as f64;
        Ok(Sample { figure, checksum })
    }
}

pub struct InProcess(pub Vec<Operation>);

impl Source for InProcess {
    fn candidates(&self, row: &str) -> Vec<String> {
        let operations = self.0.iter().filter(|operation| operation.row == row);
        operations.map(|operation| operation.candidate.clone()).collect()
    }

    fn run(&mut self, candidate: &str, row: &str, time: Duration) -> Result<Sample> {
        let mut operations = self.0.iter();
        let operation = operations.find(|other| other.row == row && other.candidate == candidate);
        operation.context("no such operation")?.time(time)
    }
}

fn thread_time() -> Duration {
    let mut time = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: `time` is a valid place for the answer.
    unsafe { libc::clock_gettime(libc::CLOCK_THREAD_CPUTIME_ID, &mut time) };
    Duration::new(time.tv_sec as u64, time.tv_nsec as u32)
}
