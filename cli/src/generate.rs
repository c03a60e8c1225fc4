//! `tc-callback generate`: what an installation puts beside the command. Hidden, since only `make install` calls it.

use std::fs;
use std::io;
use std::path::PathBuf;

use clap::{Args, CommandFactory};
use clap_complete::Shell;

use crate::failure::{Failure, Result};
use crate::{Cli, Tool};

/// Write the manual pages and the shells' completions
#[derive(Args, Debug)]
pub struct Generate {
    /// Folder to write them to
    folder: PathBuf,
}

impl Generate {
    pub fn run(self) -> Result<()> {
        self.write().map_err(|error| {
            Failure::operation(format!("cannot write to {}: {error}", self.folder.display()))
        })
    }

    fn write(&self) -> io::Result<()> {
        fs::create_dir_all(&self.folder)?;
        let documented = Cli::<Tool>::command;
        for shell in [Shell::Bash, Shell::Fish, Shell::Zsh] {
            clap_complete::generate_to(shell, &mut documented(), "tc-callback", &self.folder)?;
        }
        clap_mangen::generate_to(documented(), &self.folder)
    }
}
