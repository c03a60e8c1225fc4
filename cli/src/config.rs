//! `tc-callback config`.

use clap::builder::PossibleValuesParser;
use clap::{Args, Subcommand};
use serde_json::{Value, json};
use tc_callback::catalog::{Command, Operation, Product};
use tc_callback::config::{CallbackConfig, Change, Response};
use tc_callback::error::{Error, Report};

use crate::account::Account;
use crate::command_word;
use crate::failure::{Failure, Result};
use crate::terminal::{self, FAINT, GOOD, NAME, Styled};

const EXAMPLES: &str = "\
Examples:
  tc-callback config ensure conference --all --url https://example.com/callback
  tc-callback config set call --command AfterStartCall AfterEndCall --url http://127.0.0.1/callback
  tc-callback config get conference --json
  tc-callback config delete call

The application, its key and the REST API come from TC_SDK_APP_ID, TC_SECRET_KEY and TC_ENDPOINT, or from options.";

/// Configure where Tencent, or the emulator, posts a product's events
#[derive(Subcommand, Debug)]
#[command(after_help = EXAMPLES)]
pub enum Config {
    /// Make the configuration what it should be, and write only if it differs: for deployments
    #[command(after_help = EXAMPLES)]
    Ensure(Write),
    /// Create the configuration; for Call also replace it
    #[command(after_help = EXAMPLES)]
    Set(Write),
    /// Replace the configuration; Conference only
    #[command(after_help = EXAMPLES)]
    Update(Write),
    /// Show the configuration
    #[command(after_help = EXAMPLES)]
    Get(Read),
    /// Delete the configuration
    #[command(after_help = EXAMPLES)]
    Delete(Read),
}

#[derive(Args, Debug)]
pub struct Write {
    /// Where events are posted to
    #[arg(long)]
    url: String,
    /// Events to post, by word or short form: AfterMemberEnter
    #[arg(long = "command", value_name = "WORD", num_args = 1.., value_delimiter = ',', required_unless_present = "all")]
    commands: Vec<String>,
    /// Post every event of the product
    #[arg(long, conflicts_with = "commands")]
    all: bool,
    /// Send words that this release does not know as they are written
    #[arg(long)]
    allow_unknown_commands: bool,
    #[command(flatten)]
    target: Read,
}

#[derive(Args, Debug)]
pub struct Read {
    /// The product
    #[arg(value_parser = PossibleValuesParser::new(Product::all().map(Product::name)))]
    product: String,
    /// Print JSON, also of a failure
    #[arg(long)]
    json: bool,
    #[command(flatten, next_help_heading = "REST API")]
    account: Account,
}

impl Config {
    pub fn run(self) -> Result<()> {
        match self {
            Config::Ensure(write) => write.run(Write::ensure),
            Config::Set(write) => write.run(|write, words| write.write(Operation::Set, words)),
            Config::Update(write) => {
                write.run(|write, words| write.write(Operation::Update, words))
            }
            Config::Get(read) => read.get(),
            Config::Delete(read) => read.delete(),
        }
    }
}

impl Write {
    fn run(self, call: impl Fn(&Write, &[&str]) -> Result<Outcome>) -> Result<()> {
        let words = self.words()?;
        let outcome = call(&self, &words)?;
        self.target.show_write(outcome, &self.url, &words)
    }

    fn words<'a>(&'a self) -> Result<Vec<&'a str>> {
        if self.all {
            return Ok(self.target.product().commands().map(Command::word).collect());
        }
        let word = |text: &'a String| match command_word::find(text) {
            Ok(command) => Ok(command_word::as_sent(command, text)),
            Err(_) if self.allow_unknown_commands => Ok(text.as_str()),
            Err(failure) => Err(failure),
        };
        self.commands.iter().map(word).collect()
    }

    fn ensure(&self, words: &[&str]) -> Result<Outcome> {
        let client = self.target.account.client(self.allow_unknown_commands)?;
        Ok(client.ensure_callback(self.target.product(), &self.url, words))
    }

    fn write(&self, operation: Operation, words: &[&str]) -> Result<Outcome> {
        let client = self.target.account.client(self.allow_unknown_commands)?;
        let product = self.target.product();
        Ok(match operation {
            Operation::Update => client.update_callback(product, &self.url, words),
            _ => client.set_callback(product, &self.url, words),
        })
    }
}

type Outcome = tc_callback::error::Result<Response>;

impl Read {
    fn product(&self) -> Product {
        Product::from_name(&self.product).unwrap_or(Product::Unknown)
    }

    fn get(&self) -> Result<()> {
        let product = self.product();
        let found = self.account.client(false)?.get_callback(product);
        let found = found.map_err(|error| self.fail(error))?;
        if self.json {
            let mut value = described(&found);
            merge(&mut value, &found.report);
            return terminal::json(&value);
        }
        terminal::line(format_args!("{} posts to {}", product.name(), Styled(NAME, &found.url)))?;
        show_commands(found.commands.iter().map(String::as_str))
    }

    fn delete(&self) -> Result<()> {
        let product = self.product();
        let response = self.account.client(false)?.delete_callback(product);
        let response = response.map_err(|error| self.fail(error))?;
        if self.json {
            return terminal::json(&written(&response));
        }
        let text = match response.change {
            Change::Unchanged => "had no configuration",
            _ => "has no configuration any more",
        };
        terminal::line(format_args!("{} {text}", product.name()))
    }

    fn show_write(&self, outcome: Outcome, url: &str, words: &[&str]) -> Result<()> {
        let response = outcome.map_err(|error| self.fail(error))?;
        if self.json {
            let mut value = written(&response);
            value["url"] = url.into();
            value["commands"] = words.into();
            return terminal::json(&value);
        }
        let change = Styled(GOOD, change_word(response.change));
        let name = self.product().name();
        terminal::line(format_args!("{change}: {name} posts to {}", Styled(NAME, url)))?;
        if let Some(previous) = response.previous.filter(|_| response.change == Change::Updated) {
            let count = previous.commands.len();
            let before = format!("before: {count} commands to {}", previous.url);
            terminal::line(Styled(FAINT, before))?;
        }
        show_commands(words.iter().copied())
    }

    /// With --json a failure is told as JSON too.
    fn fail(&self, error: Error) -> Failure {
        if self.json {
            let mut value = json!({
                "error": error.message(),
                "status": error.status() as i32,
                "retryable": error.is_retryable(),
            });
            merge(&mut value, error.report());
            // Standard output may be closed; the sentence and the exit code still tell.
            let _ = terminal::json(&value);
        }
        Failure::from(error)
    }
}

fn show_commands<'a>(words: impl Iterator<Item = &'a str>) -> Result<()> {
    for word in words {
        terminal::line(format_args!("  {word}"))?;
    }
    Ok(())
}

fn change_word(change: Change) -> &'static str {
    match change {
        Change::Created => "created",
        Change::Updated => "updated",
        Change::Unchanged => "unchanged",
        Change::Deleted => "deleted",
        Change::Written => "written",
    }
}

fn written(response: &Response) -> Value {
    let mut value = json!({ "change": change_word(response.change) });
    if let Some(previous) = &response.previous {
        value["previous"] = described(previous);
    }
    merge(&mut value, &response.report);
    value
}

fn described(configuration: &CallbackConfig) -> Value {
    json!({ "url": configuration.url, "commands": configuration.commands })
}

/// Adds what is known about the REST call.
fn merge(value: &mut Value, report: &Report) {
    value["http_status"] = report.http_status.into();
    value["error_code"] = report.code.into();
    value["error_info"] = report.info.clone().into();
    value["request_id"] = report.request_id.clone().into();
    value["attempts"] = report.attempts.into();
}
