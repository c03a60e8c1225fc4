//! The file that a recording is added to.

use std::cell::RefCell;
use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::failure::{Failure, Result};
use crate::recording::Record;
use crate::terminal;

pub struct Recorder {
    path: PathBuf,
    file: RefCell<File>,
}

impl Recorder {
    /// Opens the file; what it holds already stays.
    pub fn open(path: &Path) -> Result<Recorder> {
        let file = OpenOptions::new().create(true).append(true).open(path);
        let file = file.map_err(|error| {
            Failure::operation(format!("cannot record to {}: {error}", path.display()))
        })?;
        Ok(Recorder { path: path.to_owned(), file: RefCell::new(file) })
    }

    /// Adds a line. That it could not be is told, and callbacks are answered all the same.
    pub fn add(&self, record: &Record) {
        if let Err(error) = self.write(record) {
            let path = self.path.display();
            terminal::error(format_args!("not recorded: cannot write to {path}: {error}"));
        }
    }

    fn write(&self, record: &Record) -> io::Result<()> {
        let mut line = serde_json::to_vec(record)?;
        line.push(b'\n');
        // At once, so that a line is whole or not there.
        self.file.borrow_mut().write_all(&line)
    }
}
