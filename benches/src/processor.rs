//! Which processors threads may run on.

use std::fs;
use std::mem::{size_of, zeroed};

use anyhow::{Context, Result, ensure};

/// Keeps these processes on one processor until it is dropped. Otherwise one candidate's connection has its two ends on one processor
/// and another's on two, and what is measured is the interrupts between them.
pub struct OnOne {
    processes: Vec<u32>,
    before: libc::cpu_set_t,
}

impl OnOne {
    pub fn keep(processes: Vec<u32>) -> Result<OnOne> {
        // SAFETY: an array of bits, for which zero is a value; the call fills it.
        let (before, status) = unsafe {
            let mut before = zeroed();
            let status = libc::sched_getaffinity(0, size_of::<libc::cpu_set_t>(), &mut before);
            (before, status)
        };
        ensure!(status == 0, "sched_getaffinity failed");
        // SAFETY: the index is within the set.
        let first = (0..libc::CPU_SETSIZE as usize)
            .find(|cpu| unsafe { libc::CPU_ISSET(*cpu, &before) })
            .context("no processor")?;
        // SAFETY: as above.
        let one = unsafe {
            let mut one = zeroed();
            libc::CPU_SET(first, &mut one);
            one
        };
        set(&processes, &one);
        Ok(OnOne { processes, before })
    }
}

impl Drop for OnOne {
    fn drop(&mut self) {
        set(&self.processes, &self.before);
    }
}

/// For every thread of these processes; those that they start later inherit it.
fn set(processes: &[u32], processors: &libc::cpu_set_t) {
    for process in processes {
        let threads = fs::read_dir(format!("/proc/{process}/task")).into_iter().flatten().flatten();
        for thread in threads.filter_map(|thread| thread.file_name().to_str()?.parse().ok()) {
            // SAFETY: the set is valid. A thread that has ended meanwhile needs none.
            unsafe { libc::sched_setaffinity(thread, size_of::<libc::cpu_set_t>(), processors) };
        }
    }
}
