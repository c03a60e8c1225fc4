//! Input from a file or from standard input.

use std::io::Read;
use std::path::Path;
use std::{fs, io};

use crate::failure::{Failure, Result};

/// The bytes of a file; `-` is standard input.
pub fn read(file: &Path) -> Result<Vec<u8>> {
    read_called(file, &name(file))
}

/// The text of a file; `-` is standard input.
pub fn read_text(file: &Path) -> Result<String> {
    String::from_utf8(read(file)?)
        .map_err(|_| Failure::operation(format!("{} is not UTF-8", name(file))))
}

/// Its bytes, with something else to call it when it cannot be read.
pub fn read_called(file: &Path, name: &str) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let read = match is_standard(file) {
        true => io::stdin().read_to_end(&mut bytes).map(|_| bytes),
        false => fs::read(file),
    };
    read.map_err(|error| Failure::operation(format!("cannot read {name}: {error}")))
}

/// What to call it in a sentence.
pub fn name(file: &Path) -> String {
    match is_standard(file) {
        true => "standard input".to_owned(),
        false => file.display().to_string(),
    }
}

fn is_standard(file: &Path) -> bool {
    file == Path::new("-")
}
