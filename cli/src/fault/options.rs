//! The options that make an event other than usual.

use clap::Args;
use clap::builder::PossibleValuesParser;

use super::{Draft, Fault};
use crate::failure::{Failure, Result};

/// How the request differs from the vendor's. They can be combined.
#[derive(Args, Debug)]
#[command(next_help_heading = "Faults, which can be combined")]
pub struct Faults {
    /// Sign with a token that nobody has
    #[arg(long)]
    bad_sign: bool,
    /// Sign rightly, but for two minutes ago
    #[arg(long)]
    stale: bool,
    /// SdkAppid of another application
    #[arg(long)]
    wrong_app: bool,
    /// Cut the body off in the middle
    #[arg(long, visible_alias = "malformed")]
    truncate: bool,
    /// 2 MiB of white space in the body
    #[arg(long)]
    huge: bool,
    /// A command that does not exist yet
    #[arg(long, conflicts_with = "alias")]
    unknown_command: bool,
    /// The command's older word
    #[arg(long)]
    alias: bool,
    /// Accounts as numbers over 2^53
    #[arg(long)]
    number_accounts: bool,
    /// Booleans as texts
    #[arg(long)]
    string_bools: bool,
    /// The fields in another order
    #[arg(long)]
    shuffled: bool,
    /// The body with line ends and indents
    #[arg(long)]
    pretty: bool,
    /// Any other of those that `trigger --torture --list` shows
    #[arg(long = "fault", value_name = "NAME", value_delimiter = ',', hide_possible_values = true,
        value_parser = PossibleValuesParser::new(Fault::all().map(|fault| fault.name)))]
    named: Vec<String>,
}

impl Faults {
    /// Applies those that were asked for.
    pub fn apply(&self, draft: &mut Draft) -> Result<()> {
        for fault in Fault::all().filter(|fault| self.has(fault.name)) {
            fault
                .apply(draft)
                .map_err(|why| Failure::usage(format!("{}: {why}", option(fault.name))))?;
        }
        Ok(())
    }

    fn has(&self, name: &str) -> bool {
        FLAGS.iter().any(|(flag, is_set)| *flag == name && is_set(self))
            || self.named.iter().any(|named| named == name)
    }
}

type IsSet = fn(&Faults) -> bool;

/// Faults that have an option of their own.
const FLAGS: [(&str, IsSet); 11] = [
    ("bad-sign", |faults| faults.bad_sign),
    ("stale", |faults| faults.stale),
    ("wrong-app", |faults| faults.wrong_app),
    ("truncate", |faults| faults.truncate),
    ("huge", |faults| faults.huge),
    ("unknown-command", |faults| faults.unknown_command),
    ("alias", |faults| faults.alias),
    ("number-accounts", |faults| faults.number_accounts),
    ("string-bools", |faults| faults.string_bools),
    ("shuffled", |faults| faults.shuffled),
    ("pretty", |faults| faults.pretty),
];

/// How a person asks for this fault.
pub fn option(name: &str) -> String {
    match FLAGS.iter().any(|(flag, _)| *flag == name) {
        true => format!("--{name}"),
        false => format!("--fault {name}"),
    }
}
