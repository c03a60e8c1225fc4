//! `tc-callback usersig`.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use jiff::Timestamp;
use serde_json::json;
use tc_callback::usersig::{self, Claims, SignOptions};
use zeroize::Zeroizing;

use crate::account::Application;
use crate::clock;
use crate::failure::Result;
use crate::input;
use crate::terminal::{self, GOOD, Styled};

const EXAMPLES: &str = "\
Examples:
  tc-callback usersig sign --identifier alice --expire 604800
  tc-callback usersig sign | tc-callback usersig verify
  tc-callback usersig verify usersig.txt --identifier alice";

/// Make and check UserSigs
#[derive(Subcommand, Debug)]
#[command(after_help = EXAMPLES)]
pub enum UserSig {
    /// Print a UserSig, valid from now
    #[command(after_help = EXAMPLES)]
    Sign(Sign),
    /// Say what a UserSig is for, if it is valid now
    #[command(after_help = EXAMPLES)]
    Verify(Verify),
}

#[derive(Args, Debug)]
pub struct Sign {
    /// The account it is for
    #[arg(long, value_name = "ACCOUNT", default_value = "administrator")]
    identifier: String,
    /// Seconds that it is valid; Tencent advises 86400 or more
    #[arg(long, value_name = "SECONDS", default_value_t = 86400, value_parser = clap::value_parser!(u64).range(1..))]
    expire: u64,
    #[command(flatten)]
    application: Application,
}

#[derive(Args, Debug)]
pub struct Verify {
    /// File that holds the UserSig; - is standard input
    #[arg(default_value = "-")]
    file: PathBuf,
    /// The account it must be for; without it any
    #[arg(long, value_name = "ACCOUNT")]
    identifier: Option<String>,
    /// Print JSON
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    application: Application,
}

impl UserSig {
    pub fn run(self) -> Result<()> {
        match self {
            UserSig::Sign(sign) => sign.run(),
            UserSig::Verify(verify) => verify.run(),
        }
    }
}

impl Sign {
    fn run(self) -> Result<()> {
        let app = self.application.require_id()?;
        let key = self.application.require_key()?;
        let options = SignOptions::new(app, &self.identifier, clock::now_s(), self.expire);
        let usersig = usersig::sign(&key, &SignOptions { compress: true, ..options })?;
        terminal::line(usersig.as_str())
    }
}

impl Verify {
    fn run(self) -> Result<()> {
        let app = self.application.require_id()?;
        let key = self.application.require_key()?;
        let usersig = Zeroizing::new(input::read_text(&self.file)?);
        let identifier = self.identifier.as_deref();
        let claims = usersig::verify(&key, app, identifier, usersig.trim(), clock::now_s())?;
        if self.json { print_json(&claims) } else { print_text(&claims) }
    }
}

fn print_json(claims: &Claims) -> Result<()> {
    terminal::json(&json!({
        "identifier": claims.identifier,
        "sdk_app_id": claims.sdk_app_id,
        "time_s": claims.time_s,
        "expire_s": claims.expire_s,
    }))
}

fn print_text(claims: &Claims) -> Result<()> {
    terminal::line(format_args!(
        "{} for {} of SDKAppID {}",
        Styled(GOOD, "valid"),
        claims.identifier,
        claims.sdk_app_id
    ))?;
    terminal::line(format_args!("  from   {}", moment(claims.time_s)))?;
    terminal::line(format_args!(
        "  until  {}",
        moment(claims.time_s.saturating_add(claims.expire_s))
    ))
}

fn moment(time_s: u64) -> String {
    let time = i64::try_from(time_s).ok().and_then(|time| Timestamp::from_second(time).ok());
    time.map_or_else(|| format!("{time_s} s after 1970"), |time| time.to_string())
}
