//! Keys and tokens: from a file or the environment, never from the command line, where every user of the machine could read them.

use std::env;
use std::path::{Path, PathBuf};

use clap::Args;
use zeroize::Zeroizing;

use crate::failure::{Failure, Result};
use crate::input;

const KEY_VARIABLE: &str = "TC_SECRET_KEY";
const TOKEN_VARIABLE: &str = "TC_TOKEN";

/// Where the application's secret key is.
#[derive(Args, Debug)]
pub struct KeySource {
    /// File that holds the application's secret key; without it the environment variable TC_SECRET_KEY
    #[arg(long, value_name = "FILE")]
    key_file: Option<PathBuf>,
}

impl KeySource {
    /// The key, if a file is named or the variable is set.
    pub fn read(&self) -> Result<Option<Zeroizing<String>>> {
        read(self.key_file.as_deref(), KEY_VARIABLE)
    }

    /// The key; to have none is a mistake in the call.
    pub fn require(&self) -> Result<Zeroizing<String>> {
        self.read()?.ok_or_else(|| {
            Failure::usage(format!(
                "no secret key: set {KEY_VARIABLE} or name a file with --key-file"
            ))
        })
    }
}

/// Where the token that signs callbacks is.
#[derive(Args, Debug)]
pub struct TokenSource {
    /// File that holds the token that callbacks are signed with; without it the environment variable TC_TOKEN; without both they are not signed
    #[arg(long, value_name = "FILE")]
    token_file: Option<PathBuf>,
}

impl TokenSource {
    /// The token, if there is one.
    pub fn read(&self) -> Result<Option<Zeroizing<String>>> {
        read(self.token_file.as_deref(), TOKEN_VARIABLE)
    }
}

/// The secret in a file.
pub fn read_file(file: &Path) -> Result<Zeroizing<String>> {
    trim(&Zeroizing::new(input::read_text(file)?), &input::name(file))
}

fn read(file: Option<&Path>, variable: &str) -> Result<Option<Zeroizing<String>>> {
    if let Some(file) = file {
        return read_file(file).map(Some);
    }
    match env::var(variable) {
        Ok(text) => trim(&Zeroizing::new(text), variable).map(Some),
        Err(env::VarError::NotPresent) => Ok(None),
        Err(env::VarError::NotUnicode(_)) => {
            Err(Failure::usage(format!("{variable} is not UTF-8")))
        }
    }
}

fn trim(text: &str, place: &str) -> Result<Zeroizing<String>> {
    // Editors and echo end a file with a line feed that is no part of the secret.
    let secret = text.trim_end_matches(['\r', '\n']);
    if secret.is_empty() {
        return Err(Failure::usage(format!("{place} is empty")));
    }
    Ok(Zeroizing::new(secret.to_owned()))
}
