//! `tc-callback inspect`.

mod body;
mod excerpt;
mod finding;
mod near;
mod sign;
mod url;
mod usersig;

use std::path::{Path, PathBuf};

use clap::Args;
use tc_callback::secret::Mistake;
use zeroize::Zeroizing;

use crate::account::Application;
use crate::failure::{Failure, Result};
use crate::input;
use crate::secret::TokenSource;
use finding::Findings;

const EXAMPLES: &str = "\
Examples:
  tc-callback inspect 'http://example.com/cb?SdkAppid=1400000000&Sign=...&RequestTime=...'
  tc-callback inspect usersig usersig.txt --identifier alice --key-file key
  tc-callback inspect body body.json
  pbpaste | tc-callback inspect -

Says of a UserSig, a callback's URL or a callback's body what was expected, what was found, and what the cause is likely to be. \
Exit code 0 if nothing is wrong with it, 1 if something is.";

/// Explain a UserSig, a URL or a body that fails
#[derive(Args, Debug)]
#[command(
    after_help = EXAMPLES,
    override_usage = "tc-callback inspect [OPTIONS] [usersig|url|body] <INPUT>"
)]
pub struct Inspect {
    /// The text, a file that holds it, or - for standard input; before it, if it cannot be told apart: usersig, url or body
    #[arg(value_name = "INPUT", required = true, num_args = 1..=2)]
    input: Vec<String>,
    /// File that holds the body that was posted to the URL, to see whether it was signed, too
    #[arg(long, value_name = "FILE")]
    body: Option<PathBuf>,
    /// The account that the UserSig should be for
    #[arg(long, value_name = "ACCOUNT")]
    identifier: Option<String>,
    #[command(flatten)]
    application: Application,
    #[command(flatten)]
    token: TokenSource,
    /// Print JSON
    #[arg(long)]
    json: bool,
    /// Print only what is wrong
    #[arg(long, short, conflicts_with = "json")]
    quiet: bool,
}

/// What the input should be like.
struct Expected {
    sdk_app_id: Option<u32>,
    identifier: Option<String>,
    key: Option<Zeroizing<String>>,
    token: Option<Zeroizing<String>>,
}

/// What the input is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    UserSig,
    Url,
    Body,
}

impl Form {
    const ALL: [(&str, Form); 3] =
        [("usersig", Form::UserSig), ("url", Form::Url), ("body", Form::Body)];

    fn from_name(name: &str) -> Result<Form> {
        let found = Form::ALL.into_iter().find(|(known, _)| *known == name);
        found.map(|(_, form)| form).ok_or_else(|| {
            Failure::usage(format!("{name:?}: one of usersig, url and body can stand before INPUT"))
        })
    }

    fn name(self) -> &'static str {
        Form::ALL.into_iter().find(|(_, form)| *form == self).map_or("", |(name, _)| name)
    }
}

impl Inspect {
    pub fn run(self) -> Result<()> {
        let (form, input) = match self.input.as_slice() {
            [form, input] => (Some(Form::from_name(form)?), input),
            [input] => (None, input),
            _ => return Err(Failure::usage("nothing to inspect")),
        };
        let bytes = read(input)?;
        let form = form.unwrap_or_else(|| guess(&bytes));
        self.inspect(form, &bytes)?.print(form.name(), self.json, self.quiet)
    }

    fn inspect(&self, form: Form, bytes: &[u8]) -> Result<Findings> {
        let expected = Expected {
            sdk_app_id: self.application.id()?,
            identifier: self.identifier.clone(),
            key: self.application.key.read()?,
            token: self.token.read()?,
        };
        let text = || {
            let text = std::str::from_utf8(bytes);
            text.map_err(|error| match Mistake::find(bytes) {
                Some(Mistake::Utf16) => {
                    Failure::usage("it is in UTF-16, as PowerShell writes files: save it as UTF-8")
                }
                _ => Failure::usage(format!(
                    "it is not text: byte {} is not UTF-8",
                    error.valid_up_to()
                )),
            })
        };
        Ok(match form {
            Form::UserSig => usersig::inspect(text()?, &expected),
            Form::Url => {
                let body = self.body.as_deref().map(input::read).transpose()?;
                url::inspect(text()?.trim(), &expected, body.as_deref())
            }
            Form::Body => body::inspect(bytes),
        })
    }
}

fn read(input: &str) -> Result<Zeroizing<Vec<u8>>> {
    let file = Path::new(input);
    let is_file = input == "-" || file.is_file();
    let bytes = if is_file { input::read(file)? } else { input.to_owned().into_bytes() };
    Ok(Zeroizing::new(bytes))
}

/// What it looks like.
fn guess(bytes: &[u8]) -> Form {
    let text = String::from_utf8_lossy(bytes);
    let text = text.trim_start_matches('\u{feff}').trim();
    let is_query = ["sdkappid=", "callbackcommand=", "sign=", "requesttime="];
    let lower = text.to_ascii_lowercase();
    if text.starts_with(['{', '[']) {
        Form::Body
    } else if text.starts_with("-----BEGIN ") {
        Form::UserSig
    } else if text.contains("://") || is_query.iter().any(|name| lower.contains(name)) {
        Form::Url
    } else if text.is_empty() || text.contains('"') {
        Form::Body
    } else {
        Form::UserSig
    }
}
