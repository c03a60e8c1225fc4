//! `tc-callback listen`.

mod recorder;
mod server;

use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;

use clap::Args;
use tc_callback::receiver::{Options, Receiver};
use tokio::net::TcpListener;

use crate::account::AppId;
use crate::ending;
use crate::failure::{Failure, Result};
use crate::recording::Record;
use crate::secret::TokenSource;
use crate::target::EMULATED_APP;
use crate::terminal::{self, BAD, FAINT, GOOD, NAME, Styled};
use crate::whole_file;
use recorder::Recorder;

const EXAMPLES: &str = "\
Examples:
  tc-callback listen
  tc-callback listen --listen 0.0.0.0:8080 --token-file token --record calls.jsonl
  tc-callback listen --json | jq .outcome
  tc-callback listen --record calls.jsonl    and later: tc-callback replay calls.jsonl --to URL

Answers as a right back end does: each request is checked (SdkAppid, and with a token Sign and RequestTime), parsed, answered with \
the reply that Tencent asks for or refused, and shown with what was wrong. A recording is added to, and holds each request as it \
came. Ctrl-C or SIGTERM ends it with exit code 0.";

/// Be a right back end: receive callbacks, show and record them
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub struct Listen {
    /// Address to listen on; port 0 takes a free one
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8080")]
    listen: SocketAddr,
    #[command(flatten)]
    app: AppId,
    #[command(flatten)]
    token: TokenSource,
    /// Add each request to this file, one JSON object to a line
    #[arg(long, value_name = "FILE")]
    record: Option<PathBuf>,
    /// Write the URL to this file once requests are answered; the file appears whole
    #[arg(long, value_name = "FILE")]
    ready_file: Option<PathBuf>,
    /// Print each request as a line of JSON, as in a recording
    #[arg(long)]
    json: bool,
    /// Print only requests that were refused
    #[arg(long, short, conflicts_with = "json")]
    quiet: bool,
}

impl Listen {
    pub fn run(self) -> Result<()> {
        ending::run(self.serve())
    }

    async fn serve(self) -> Result<()> {
        if let Some(file) = &self.ready_file {
            whole_file::remove_old(file)?;
        }
        let app = self.app.id()?.unwrap_or(EMULATED_APP);
        let token = self.token.read()?;
        let mut options = Options::new(app);
        if let Some(token) = &token {
            options.add_token(token);
        }
        let receiver = Receiver::new(options)?;
        let recorder = self.record.as_deref().map(Recorder::open).transpose()?;
        let address = self.listen;
        let listener = TcpListener::bind(address).await.map_err(|error| cannot(address, &error))?;
        let address = listener.local_addr().map_err(|error| cannot(address, &error))?;
        let url = format!("http://{address}/callback");
        let ending = ending::asked_for()?;
        if !self.json && !self.quiet {
            greet(&url, app, token.is_some())?;
        }
        if let Some(file) = &self.ready_file {
            whole_file::write(file, &url).map_err(|error| {
                Failure::operation(format!("cannot write {}: {error}", file.display()))
            })?;
        }
        let (is_json, is_quiet) = (self.json, self.quiet);
        let take = move |record: &Record| {
            if let Some(recorder) = &recorder {
                recorder.add(record);
            }
            // A line that nobody can read is no reason to stop answering.
            let _ = match is_json {
                true => terminal::json_line(record),
                false if is_quiet && record.outcome.http_status == 200 => Ok(()),
                false => show(record),
            };
        };
        server::serve(listener, receiver, take, ending)
            .await
            .map_err(|error| Failure::operation(format!("stopped listening: {error}")))
    }
}

fn cannot(address: SocketAddr, error: &io::Error) -> Failure {
    let hint = match error.kind() {
        io::ErrorKind::AddrInUse => "; choose another with --listen 127.0.0.1:0",
        _ => "",
    };
    Failure::operation(format!("cannot listen on {address}: {error}{hint}"))
}

fn greet(url: &str, app: u32, has_token: bool) -> Result<()> {
    let sign = if has_token { "Sign is checked" } else { "Sign is not checked: no token" };
    terminal::line(format_args!("Callbacks are received on {}", Styled(GOOD, url)))?;
    terminal::line(Styled(FAINT, format_args!("for SDKAppID {app}; {sign}")))?;
    terminal::line("")
}

fn show(record: &Record) -> Result<()> {
    let outcome = &record.outcome;
    let time = jiff::Zoned::now().strftime("%H:%M:%S%.3f").to_string();
    let style = if outcome.http_status == 200 { GOOD } else { BAD };
    let command = outcome.command.as_deref().unwrap_or("-");
    let subject = outcome.subject.as_deref().unwrap_or_default();
    terminal::line(format_args!(
        "{}  {}  {}  {}{}",
        Styled(FAINT, time),
        Styled(style, outcome.http_status),
        Styled(NAME, command),
        subject,
        if outcome.is_duplicate { "  delivered again" } else { "" }
    ))?;
    let remarks = [("refused", &outcome.error), ("unusual", &outcome.mismatch)];
    for (what, why) in remarks.into_iter().filter_map(|(what, why)| Some((what, why.as_ref()?))) {
        terminal::line(format_args!("    {} {}", Styled(style, format_args!("{what}:")), why))?;
    }
    Ok(())
}
