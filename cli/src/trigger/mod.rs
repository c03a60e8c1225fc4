//! `tc-callback trigger`.

mod event;

use std::time::Duration;

use clap::Args;
use tc_callback::catalog::{Command, Product};

use crate::account::Account;
use crate::command_word;
use crate::delivery::record::{Attempt, Delivery, Event, Sign};
use crate::delivery::{Reporter, Sender};
use crate::failure::{Failure, Result};
use crate::secret::TokenSource;
use crate::terminal::{self, BAD, FAINT, GOOD, NAME, Styled};

const EXAMPLES: &str = r#"Examples:
  tc-callback trigger AfterMemberEnter --to http://127.0.0.1:8080/callback
  tc-callback trigger UpdateRoomInfo --set RoomInfo.RoomName=Stand-up
  tc-callback trigger UpdateRoomInfo --set 'RoomInfo.IsCloudRecordingDisabled="true"'
  tc-callback trigger UpdateRoomInfo --bad-sign --expect 403     a forged request is refused
  tc-callback trigger UpdateRoomInfo --malformed --expect 400    so is a broken one
  tc-callback trigger AfterEndCall --body call.json

Without --to the event goes where it was configured to go: the REST API is asked for the product's URL and commands.

Exit code 0 only if the reply came within 2 s and was right: HTTP 200 with ActionStatus OK and ErrorCode 0, or with --expect the status that is expected."#;

/// The SDKAppID that `emulate` has unless told otherwise.
const EMULATED_APP: u32 = 1400000000;

/// Post an event to a server as Tencent does, and judge its reply
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub struct Trigger {
    /// The event: Room.CallbackAfterMemberEnter, or short AfterMemberEnter
    #[arg(value_name = "EVENT", required_unless_present = "list")]
    command: Option<String>,
    /// List the events
    #[arg(long, conflicts_with = "command")]
    list: bool,
    /// Post to this URL instead of the registered one
    #[arg(long, value_name = "URL")]
    to: Option<String>,
    #[command(flatten)]
    edits: event::Edits,
    #[command(flatten)]
    token: TokenSource,
    /// ClientIP in the query
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1")]
    client_ip: String,
    /// OptPlatform in the query: RESTAPI, Web, Android, iOS, Windows, Mac, iPad, Unknown
    #[arg(long, value_name = "WORD", default_value = "RESTAPI")]
    platform: String,
    /// Sign with a token that nobody has
    #[arg(long)]
    bad_sign: bool,
    /// Cut the body off in the middle
    #[arg(long)]
    malformed: bool,
    /// The HTTP status to expect; the reply is not judged then
    #[arg(long, value_name = "STATUS", value_parser = clap::value_parser!(u16).range(100..600))]
    expect: Option<u16>,
    #[command(flatten, next_help_heading = "The REST API that knows the registered URL")]
    account: Account,
}

impl Trigger {
    pub fn run(self) -> Result<()> {
        let Some(text) = &self.command else { return list() };
        let (command, word) = self.name(text)?;
        let body = self.edits.apply(command, word)?.to_string();
        let token = self.token.read()?;
        let (url, sdk_app_id) = self.target(command)?;
        let sign = match &token {
            _ if self.bad_sign => Sign::Forged,
            Some(_) => Sign::Token,
            None => Sign::No,
        };
        let body = if self.malformed { first_half(&body) } else { &body };
        let event = Event {
            sdk_app_id,
            command: word.to_owned(),
            to: url,
            client_ip: self.client_ip.clone(),
            platform: self.platform.clone(),
            sign,
            expect: self.expect,
            body: body.to_owned(),
        };
        let url = event.url(token.as_ref().map(|token| token.as_str()));
        terminal::line(format_args!("{} {url}", Styled(NAME, "POST")))?;
        terminal::line(Styled(FAINT, body))?;
        let attempt = event.post(&Sender::new(), url);
        let told = tell(&attempt);
        if let Some(reporter) = self.account.endpoint().as_deref().and_then(Reporter::new) {
            reporter.report(&Delivery {
                source: "trigger".to_owned(),
                event,
                attempts: vec![attempt],
            });
        }
        told
    }

    /// The command and the word to send. A word that is not in the catalogue can be sent with a body of one's own.
    fn name<'a>(&self, text: &'a str) -> Result<(Command, &'a str)> {
        match command_word::find(text) {
            Ok(command) => Ok((command, command_word::as_sent(command, text))),
            Err(_) if text.contains('.') && self.edits.has_own_body() => {
                Ok((Command::Unknown, text))
            }
            Err(failure) => Err(failure),
        }
    }

    fn target(&self, command: Command) -> Result<(String, u32)> {
        if let Some(url) = &self.to {
            if !url.starts_with("http://") && !url.starts_with("https://") {
                return Err(Failure::usage(format!(
                    "--to {url}: it must start with http:// or https://"
                )));
            }
            return Ok((url.clone(), self.account.application.id()?.unwrap_or(EMULATED_APP)));
        }
        if command.product() == Product::Unknown {
            return Err(Failure::usage(
                "no product is known to have this command: say --to which URL",
            ));
        }
        if !self.account.has_api() {
            return Err(Failure::usage(
                "where to? Give --to URL, or set TC_ENDPOINT, TC_SDK_APP_ID and TC_SECRET_KEY to send it where it is registered",
            ));
        }
        registered(&self.account, command)
    }
}

fn tell(attempt: &Attempt) -> Result<()> {
    if let Some(reply) = &attempt.reply {
        let milliseconds = Duration::from_micros(attempt.latency_us).as_secs_f64() * 1000.0;
        let style = if reply.status == 200 { GOOD } else { BAD };
        let status = format!("{} {}", reply.status, reply.reason);
        terminal::line(format_args!(
            "{} in {milliseconds:.1} ms",
            Styled(style, status.trim_end())
        ))?;
        if !reply.body.is_empty() {
            terminal::line(reply.body.trim_end())?;
        }
    }
    match attempt.right {
        true => terminal::line(format_args!("{} {}", Styled(GOOD, "right:"), attempt.verdict)),
        false => Err(Failure::operation(&attempt.verdict)),
    }
}

/// The registered URL, if the command is one of those that are sent there.
fn registered(account: &Account, command: Command) -> Result<(String, u32)> {
    let client = account.client(false)?;
    let product = command.product();
    let configuration = client.get_callback(product)?;
    if !configuration.commands.iter().any(|word| Command::from_word(word) == command) {
        return Err(Failure::operation(format!(
            "{} is not among the commands registered for {}: {}",
            command.word(),
            product.name(),
            configuration.commands.join(", ")
        )));
    }
    Ok((configuration.url, account.application.require_id()?))
}

fn list() -> Result<()> {
    for product in Product::all() {
        terminal::line(Styled(NAME, product.name()))?;
        for command in product.commands() {
            terminal::line(format_args!("  {}", command.word()))?;
            for alias in command.aliases() {
                terminal::line(Styled(FAINT, format_args!("    also {alias}")))?;
            }
        }
    }
    Ok(())
}

/// Up to the middle, and not within a character.
fn first_half(text: &str) -> &str {
    let middle = (0..=text.len() / 2).rev().find(|index| text.is_char_boundary(*index));
    &text[..middle.unwrap_or_default()]
}
