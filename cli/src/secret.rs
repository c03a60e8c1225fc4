//! Keys and tokens: from a file or the environment, never from the command line, where every user of the machine could read them.

use std::borrow::Cow;
use std::env;
use std::path::{Path, PathBuf};

use clap::Args;
use tc_callback::secret::{check_key, check_token};
use zeroize::Zeroizing;

use crate::failure::{Failure, Result};
use crate::input;

const KEY_VARIABLE: &str = "TC_SECRET_KEY";
const TOKEN_VARIABLE: &str = "TC_TOKEN";

/// Bytes of a secret that is looked for: a shorter one would be found in words that have nothing to do with it.
const SHORTEST: usize = 8;

/// What stands where a secret stood.
pub const BLOT: &str = "***";

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
        read(self.key_file.as_deref(), "--key-file", KEY_VARIABLE, check_key)
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
        read(self.token_file.as_deref(), "--token-file", TOKEN_VARIABLE, check_token)
    }
}

/// The key in a file that an option names.
pub fn read_key_file(file: &Path, option: &str) -> Result<Zeroizing<String>> {
    read_file(file, option, check_key)
}

/// A sentence without the key and the token of the environment, which can stand where something else was meant.
pub fn blot(sentence: &str) -> String {
    let secrets = [KEY_VARIABLE, TOKEN_VARIABLE].map(|name| (name, env::var(name)));
    secrets.into_iter().fold(sentence.to_owned(), |told, (name, secret)| match secret {
        Ok(secret) if secret.len() >= SHORTEST => told.replace(&secret, &format!("<{name}>")),
        _ => told,
    })
}

/// A URL, or a part of one, without the UserSig that a REST request has in it.
pub fn blot_usersig(url: &str) -> Cow<'_, str> {
    let (before, rest) = url.split_at(before_usersig(url).len());
    if rest.is_empty() {
        return Cow::Borrowed(url);
    }
    let end = rest.find('&').unwrap_or(rest.len());
    Cow::Owned(format!("{before}{BLOT}{}", blot_usersig(&rest[end..])))
}

/// What stands before a UserSig; all of it if there is none.
pub fn before_usersig(url: &str) -> &str {
    const NAME: &str = "usersig=";
    let at = url.to_ascii_lowercase().find(NAME);
    at.map_or(url, |at| &url[..at + NAME.len()])
}

type Check = fn(&[u8]) -> tc_callback::error::Result<()>;

fn read(
    file: Option<&Path>,
    option: &str,
    variable: &str,
    check: Check,
) -> Result<Option<Zeroizing<String>>> {
    if let Some(file) = file {
        return read_file(file, option, check).map(Some);
    }
    match env::var_os(variable) {
        Some(value) => checked(value.as_encoded_bytes(), variable, check).map(Some),
        None => Ok(None),
    }
}

/// The name of the file is not told: it can be the secret itself, given in its place.
fn read_file(file: &Path, option: &str, check: Check) -> Result<Zeroizing<String>> {
    let name = format!("the file that {option} names");
    let bytes = Zeroizing::new(input::read_called(file, &name)?);
    checked(without_line_end(&bytes), &name, check)
}

/// Without the line end that editors and echo write at the end of a file.
pub fn without_line_end(bytes: &[u8]) -> &[u8] {
    let line = bytes.strip_suffix(b"\n");
    line.map_or(bytes, |line| line.strip_suffix(b"\r").unwrap_or(line))
}

fn checked(secret: &[u8], place: &str, check: Check) -> Result<Zeroizing<String>> {
    if secret.is_empty() {
        return Err(Failure::usage(format!("{place} is empty")));
    }
    check(secret).map_err(|error| Failure::usage(format!("{place}: {error}")))?;
    // What is not UTF-8 was refused.
    Ok(Zeroizing::new(String::from_utf8_lossy(secret).into_owned()))
}
