//! `tc-callback trigger`.

mod event;

use clap::Args;
use serde_json::json;
use tc_callback::catalog::{Command, Product};

use crate::command_word;
use crate::delivery::expect::Expect;
use crate::delivery::record::{Clock, Delivery, Event, Sign, judge};
use crate::delivery::{Query, Reply, Sender, Signed};
use crate::failure::{Failure, Result};
use crate::fault::{Draft, Faults, Message};
use crate::secret::TokenSource;
use crate::target::{Destination, Target};
use crate::terminal::{self, BAD, FAINT, GOOD, NAME, Styled};
use crate::torture::Torture;

const EXAMPLES: &str = r#"Examples:
  tc-callback trigger AfterMemberEnter --to http://127.0.0.1:8080/callback
  tc-callback trigger UpdateRoomInfo --set RoomInfo.RoomName=Stand-up
  tc-callback trigger UpdateRoomInfo --set 'RoomInfo.IsCloudRecordingDisabled="true"'
  tc-callback trigger UpdateRoomInfo --bad-sign --expect 403     a forged request is refused
  tc-callback trigger UpdateRoomInfo --truncate --expect 4xx     so is a broken one
  tc-callback trigger AfterEndCall --body call.json
  tc-callback trigger --torture        every event in every form, and each answer judged
  tc-callback trigger --torture --list

Without --to the event goes where it was configured to go: the REST API is asked for the product's URL and commands.

Exit code 0 only if the reply came within 2 s and was right: HTTP 200 with ActionStatus OK and ErrorCode 0, or with --expect the status that is expected. With --torture only if no answer was wrong."#;

/// Bytes of a body that are shown.
const SHOWN: usize = 4096;

/// Post an event to a server as Tencent does, and judge its reply
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub struct Trigger {
    /// The event: Room.CallbackAfterMemberEnter, or short AfterMemberEnter
    #[arg(value_name = "EVENT", required_unless_present_any = ["list", "torture"])]
    command: Option<String>,
    /// List the events; with --torture its cases
    #[arg(long, conflicts_with = "command")]
    list: bool,
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
    /// The HTTP status to expect, or a class of them such as 4xx; the reply is not judged then
    #[arg(long, value_name = "STATUS", value_delimiter = ',')]
    expect: Vec<Expect>,
    /// Print JSON
    #[arg(long)]
    json: bool,
    /// Print only what is wrong
    #[arg(long, short, conflicts_with = "json")]
    quiet: bool,
    /// Send all events, or the one that is named, in every form there is, and tell which were answered wrongly
    #[arg(long, conflicts_with_all = ["Edits", "Faults", "expect"])]
    torture: bool,
    /// Only this group or case of --torture
    #[arg(long, value_name = "GROUP", value_delimiter = ',', requires = "torture")]
    only: Vec<String>,
    #[command(flatten)]
    target: Target,
    #[command(flatten)]
    faults: Faults,
}

impl Trigger {
    pub fn run(self) -> Result<()> {
        if self.torture {
            return self.run_torture();
        }
        let Some(text) = &self.command else { return list() };
        let (command, word) = self.name(text)?;
        let body = self.edits.apply(command, word)?;
        let token = self.token.read()?;
        let query = Query {
            sdk_app_id: self.target.sdk_app_id()?,
            word,
            client_ip: &self.client_ip,
            platform: &self.platform,
            signed: token.as_ref().map_or(Signed::No, |token| Signed::With(token)),
        };
        let mut draft = Draft::new(command, &query, body);
        self.faults.apply(&mut draft)?;
        let destination = self.target.find(command.listed_under())?;
        destination.require(command)?;
        let reporter = self.target.reporter()?;
        let message = draft.write(&destination.url);
        if !self.is_silent() {
            show(&message)?;
        }
        let clock = Clock::start();
        let result = message.send(&Sender::new());
        let judged = judge(&result, &self.expect);
        let reply = result.as_ref().ok();
        if let Some(reporter) = reporter {
            let attempts = vec![clock.attempt(&message.url, reply, &judged)];
            let event = self.event(&draft, &message, destination, token.as_deref());
            reporter.report(&Delivery { source: "trigger".to_owned(), event, attempts });
        }
        if let Some(reply) = reply.filter(|_| !self.is_silent()) {
            show_reply(reply)?;
        }
        self.conclude(&message, reply, judged)
    }

    /// The event to send again: of its faults only those of body, command and Sign.
    fn event(
        &self,
        draft: &Draft,
        message: &Message,
        destination: Destination,
        token: Option<&String>,
    ) -> Event {
        let sign = match &draft.signing {
            None => Sign::No,
            Some(signing) if Some(&*signing.token) == token => Sign::Token,
            Some(_) => Sign::Forged,
        };
        let word = draft.parameters.iter().find(|(name, _)| name == "CallbackCommand");
        Event {
            sdk_app_id: destination.sdk_app_id,
            command: word.map(|(_, word)| word.clone()).unwrap_or_default(),
            to: destination.url,
            client_ip: self.client_ip.clone(),
            platform: self.platform.clone(),
            sign,
            expect: self.expect.clone(),
            body: String::from_utf8_lossy(&message.body).into_owned(),
        }
    }

    fn run_torture(self) -> Result<()> {
        let command = self.command.as_deref().map(command_word::find).transpose()?;
        let torture = Torture { command, only: self.only.clone() };
        if self.list {
            return torture.list(self.json);
        }
        let token = self.token.read()?;
        let token = token.as_ref().map(|token| token.as_str());
        let report = torture.run(&self.target, token, !self.is_silent())?;
        match self.json {
            true => report.print_json(),
            false => report.print(self.quiet),
        }
    }

    fn is_silent(&self) -> bool {
        self.json || self.quiet
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

    fn conclude(
        &self,
        message: &Message,
        reply: Option<&Reply>,
        judged: std::result::Result<String, String>,
    ) -> Result<()> {
        if self.json {
            terminal::json(&json!({
                "url": message.url,
                "body": String::from_utf8_lossy(&message.body),
                "status": reply.map(|reply| reply.status),
                "reply": reply.map(|reply| String::from_utf8_lossy(&reply.body)),
                "latency_ms": reply.map(milliseconds),
                "right": judged.is_ok(),
                "wrong": judged.as_ref().err(),
            }))?;
        }
        match judged {
            Ok(_) if self.is_silent() => Ok(()),
            Ok(what) => terminal::line(format_args!("{} {what}", Styled(GOOD, "right:"))),
            Err(wrong) => Err(Failure::operation(wrong)),
        }
    }
}

fn milliseconds(reply: &Reply) -> f64 {
    reply.latency.as_secs_f64() * 1000.0
}

fn show(message: &Message) -> Result<()> {
    terminal::line(format_args!("{} {}", Styled(NAME, "POST"), message.url))?;
    let body = String::from_utf8_lossy(&message.body);
    let end = (0..=SHOWN).rev().find(|end| body.is_char_boundary(*end)).unwrap_or_default();
    match body.get(..end).filter(|start| start.len() < body.len()) {
        Some(start) => terminal::line(format_args!(
            "{}",
            Styled(FAINT, format_args!("{start} ... {} bytes", message.body.len()))
        )),
        None => terminal::line(Styled(FAINT, body)),
    }
}

fn show_reply(reply: &Reply) -> Result<()> {
    let style = if reply.status == 200 { GOOD } else { BAD };
    let status = format!("{} {}", reply.status, reply.reason);
    let milliseconds = milliseconds(reply);
    terminal::line(format_args!("{} in {milliseconds:.1} ms", Styled(style, status.trim_end())))?;
    match String::from_utf8_lossy(&reply.body).trim_end() {
        "" => Ok(()),
        body => terminal::line(body),
    }
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
