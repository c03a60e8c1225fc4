//! A file that others see whole or not at all.

use std::path::Path;
use std::{fs, io};

use crate::failure::{Failure, Result};

/// Takes an earlier run's file away, so that nobody takes what it says for this one's.
pub fn remove_old(file: &Path) -> Result<()> {
    match fs::remove_file(file) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            Err(Failure::operation(format!("cannot remove {}: {error}", file.display())))
        }
        _ => Ok(()),
    }
}

/// Writes the file beside its place, then moves it there.
pub fn write(file: &Path, text: &str) -> io::Result<()> {
    let mut name = file.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{}.tmp", std::process::id()));
    let unfinished = file.with_file_name(name);
    let written = fs::write(&unfinished, text).and_then(|()| fs::rename(&unfinished, file));
    if written.is_err() {
        let _ = fs::remove_file(&unfinished);
    }
    written
}
