//! Candidates in this process, and the programs that run apart.

pub mod parse;
mod typed;

use std::ffi::{CString, c_char, c_int};
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use std::time::Duration;

use anyhow::{Result, ensure};

use crate::source::Sample;

/// Allocators that give memory back to the system and fetch it again would be what is measured; so nobody's does.
pub const ALLOCATOR: [(&str, c_int, c_int); 2] = [
    ("MALLOC_TRIM_THRESHOLD_", libc::M_TRIM_THRESHOLD, 1 << 30),
    ("MALLOC_MMAP_THRESHOLD_", libc::M_MMAP_THRESHOLD, 1 << 25),
];

/// [`ALLOCATOR`] for this process.
pub fn keep_freed_memory() {
    for (_, parameter, value) in ALLOCATOR {
        // SAFETY: called before any other thread is started.
        unsafe { libc::mallopt(parameter, value) };
    }
}

unsafe extern "C" {
    fn bench_tc_load(path: *const c_char) -> c_int;
}

/// Loads libtc_callback.so for all candidates in C.
pub fn load(library: &Path) -> Result<()> {
    let path = CString::new(library.canonicalize()?.as_os_str().as_bytes())?;
    // SAFETY: `path` is NUL-terminated, and no candidate runs yet.
    ensure!(unsafe { bench_tc_load(path.as_ptr()) } == 0, "cannot load {}", library.display());
    Ok(())
}

/// Nanoseconds for each of the `count` operations of a pass: of this thread's processor time, which other programs disturb least.
fn time_passes(
    time: Duration,
    count: usize,
    mut pass: impl FnMut() -> Result<u64>,
) -> Result<Sample> {
    let start = thread_time();
    let mut checksum = pass()?;
    let one = thread_time() - start;
    let passes = (time.as_nanos() / one.as_nanos().max(1)).max(1);
    let start = thread_time();
    for _ in 0..passes {
        checksum = pass()?;
    }
    let elapsed = thread_time() - start;
    Ok(Sample { figure: elapsed.as_nanos() as f64 / (passes * count as u128) as f64, checksum })
}

fn thread_time() -> Duration {
    let mut time = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: `time` is a valid place for the answer.
    unsafe { libc::clock_gettime(libc::CLOCK_THREAD_CPUTIME_ID, &mut time) };
    Duration::new(time.tv_sec as u64, time.tv_nsec as u32)
}
