//! Another library in Rust, to be linked into one program with this one.

use std::collections::HashMap;

/// How many different bytes a text has. Uses enough of std to bring most of it along.
#[unsafe(no_mangle)]
pub extern "C" fn other_count(text: *const u8, len: usize) -> usize {
    let text = unsafe { std::slice::from_raw_parts(text, len) };
    let counted = std::panic::catch_unwind(|| {
        let mut counts = HashMap::new();
        for byte in text {
            *counts.entry(byte).or_insert(0) += 1;
        }
        counts.len()
    });
    counted.unwrap_or(0)
}
