//! Candidates in this process, and probes of the library's file.

mod in_process;
mod parse;
pub mod probes;
mod typed;
mod usersig;

use std::ffi::{CString, c_char, c_int};
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use std::rc::Rc;

use anyhow::{Result, ensure};

use crate::bodies::Bodies;
use in_process::InProcess;

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

/// All candidates in this process; ours are calls into the library at this path.
pub fn in_process(library: &Path, bodies: &[Rc<Bodies>]) -> Result<InProcess> {
    let path = CString::new(library.canonicalize()?.as_os_str().as_bytes())?;
    // SAFETY: `path` is NUL-terminated, and no candidate runs yet.
    ensure!(unsafe { bench_tc_load(path.as_ptr()) } == 0, "cannot load {}", library.display());
    let mut operations = parse::operations(bodies);
    operations.push(usersig::cached()?);
    Ok(InProcess(operations))
}
