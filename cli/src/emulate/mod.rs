//! `tc-callback emulate`.

mod applications;
mod faults;

use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use clap::Args;

use self::applications::{Applications, Keys};
use self::faults::{FAULTS_HEADING, Faults};
use crate::duration;
use crate::emulator::{
    Emulator, Fault, Injection, LogLine, Options, REQUESTS_PER_SECOND, StartError,
};
use crate::ending;
use crate::failure::{Failure, Result};
use crate::inspector::{self, Inspector};
use crate::secret::TokenSource;
use crate::terminal::{self, BAD, FAINT, GOOD, NAME, Styled};
use crate::whole_file;

const EXAMPLES: &str = "\
Examples:
  tc-callback emulate
      A random key is made and shown; set the three variables it prints where you run the other commands.

  TC_SECRET_KEY=... tc-callback emulate --listen 127.0.0.1:0 --ready-file url
      For scripts: a free port; the file appears once requests are answered, and holds the base URL.

  tc-callback emulate --fail 100001:30% --drop 20% --latency 50ms..2s --seed 7
      Will your client get through? The same seed gives the n-th request the same faults and RequestId again.

  tc-callback emulate --app 7=a.key --app 8=b.key --state file.json
      Two applications with keys of their own; what is configured is there again after the next start.

Answered as Tencent documents it: set_callback, update_callback, get_callback and delete_callback of room_config (Conference), \
and set, get and delete of call_config (Call), with the UserSig verified and 60007 beyond the limit. \
Ctrl-C or SIGTERM ends it with exit code 0.";

/// Be Tencent's REST API on this machine, with a page that shows what happens and sends events
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub struct Emulate {
    /// Address to listen on; port 0 takes a free one
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:9000")]
    listen: SocketAddr,
    #[command(flatten)]
    applications: Applications,
    /// An account that may call the REST API; give it several times for several
    #[arg(long = "administrator", value_name = "ACCOUNT", default_value = "administrator")]
    administrators: Vec<String>,
    /// Requests per second that each API takes before it answers 60007
    #[arg(long, value_name = "NUMBER", default_value_t = REQUESTS_PER_SECOND)]
    rate_limit: u32,
    /// Keep the configurations in this JSON file, written whole after each change; without it they end with the emulator
    #[arg(long, value_name = "FILE")]
    state: Option<PathBuf>,
    /// Let a change take effect so much later than it is answered; until then get_callback still answers what was there before
    #[arg(long, value_name = "TIME", default_value = "0s", value_parser = duration::up_to_an_hour)]
    propagation: Duration,
    /// Write the base URL to this file once requests are answered; the file appears whole
    #[arg(long, value_name = "FILE")]
    ready_file: Option<PathBuf>,
    /// No line for each request
    #[arg(long, short)]
    quiet: bool,
    #[command(flatten, next_help_heading = "The page, at the base URL")]
    page: PageOptions,
    #[command(flatten, next_help_heading = FAULTS_HEADING)]
    faults: Faults,
}

#[derive(Args, Debug)]
struct PageOptions {
    #[command(flatten)]
    token: TokenSource,
    /// Host name that the page may be opened under, besides localhost and addresses; give it several times for several
    #[arg(long = "page-host", value_name = "NAME")]
    hosts: Vec<String>,
}

impl Emulate {
    pub fn run(self) -> Result<()> {
        ending::run(self.serve())
    }

    async fn serve(self) -> Result<()> {
        if let Some(file) = &self.ready_file {
            whole_file::remove_old(file)?;
        }
        let keys = self.applications.read()?;
        let inspector = Arc::new(Inspector::new(inspector::Options {
            sdk_app_ids: keys.apps.iter().map(|(id, _)| *id).collect(),
            token: self.page.token.read()?,
            hosts: self.page.hosts,
        }));
        let (of_requests, of_changes) = (Arc::clone(&inspector), Arc::clone(&inspector));
        let mut options = Options::new("")
            .apps(keys.apps.iter().map(|(id, key)| (*id, key.as_str())))
            .listen(self.listen)
            .administrators(self.administrators)
            .requests_per_second(self.rate_limit)
            .propagation(self.propagation)
            .on_request(move |line| of_requests.answered(line))
            .on_change(move |change| of_changes.changed(change));
        if let Some(file) = &self.state {
            options = options.state(file);
        }
        if !self.quiet {
            options = options.on_request(log);
        }
        let is_seed_given = self.faults.seed.is_some();
        let faults = self.faults.injections();
        options = faults.iter().cloned().fold(self.faults.seeded(options), Options::inject);
        let emulator = Emulator::bind(options).await.map_err(no_start)?;
        inspector.configured(emulator.configurations());
        let url = emulator.url();
        let shutdown = ending::asked_for()?;
        greet(&url, &keys)?;
        tell_faults(&faults, emulator.seed(), is_seed_given)?;
        if let Some(file) = &self.ready_file {
            whole_file::write(file, &url).map_err(|error| {
                Failure::operation(format!("cannot write {}: {error}", file.display()))
            })?;
        }
        let emulator = emulator.with_routes(inspector::router(Arc::clone(&inspector)));
        let shutdown = async move {
            shutdown.await;
            inspector.end();
        };
        emulator.serve(shutdown).await;
        Ok(())
    }
}

fn no_start(error: StartError) -> Failure {
    let hint = match &error {
        StartError::Address(_, error) if error.kind() == io::ErrorKind::AddrInUse => {
            "; choose another with --listen 127.0.0.1:0"
        }
        _ => "",
    };
    Failure::operation(format!("{error}{hint}"))
}

fn greet(url: &str, keys: &Keys) -> Result<()> {
    terminal::line(format_args!(
        "Tencent RTC's callback configuration API on {}",
        Styled(GOOD, url)
    ))?;
    terminal::line("Open it in a browser to see what happens, and to send events.")?;
    terminal::line("")?;
    terminal::line("For the other commands:")?;
    terminal::line("")?;
    terminal::line(format_args!("  export TC_ENDPOINT={url}"))?;
    if let Some((id, key)) = keys.apps.first() {
        terminal::line(format_args!("  export TC_SDK_APP_ID={id}"))?;
        if keys.is_made {
            terminal::line(format_args!("  export TC_SECRET_KEY={}", key.as_str()))?;
        }
    }
    terminal::line("")
}

fn tell_faults(faults: &[Injection], seed: u64, is_seed_given: bool) -> Result<()> {
    if faults.is_empty() {
        return Ok(());
    }
    let again = if is_seed_given { "" } else { "; to have the same again, give it as --seed" };
    terminal::line(format_args!("Faults, with seed {}{again}:", Styled(NAME, seed)))?;
    terminal::line("")?;
    for fault in faults {
        terminal::line(format_args!("  {fault}"))?;
    }
    terminal::line("")
}

fn log(line: &LogLine<'_>) {
    let time = jiff::Zoned::now().strftime("%H:%M:%S%.3f").to_string();
    let api = line.path.strip_prefix("/v4/").filter(|_| line.method == "POST");
    let api = api.map_or_else(|| format!("{} {}", line.method, line.path), str::to_owned);
    let mut parts: Vec<String> = match line.code {
        Some(0) => vec!["OK".to_owned()],
        Some(code) => vec![format!("{code} {}", line.info)],
        None => Vec::new(),
    };
    parts.extend(line.faults.iter().filter_map(|fault| match fault {
        Fault::Fail(_) => None,
        fault => Some(fault.to_string()),
    }));
    let is_good = line.code == Some(0) && !line.faults.contains(&Fault::Drop);
    let style = if is_good { GOOD } else { BAD };
    // A log that nobody can read is no reason to stop answering.
    let _ = terminal::line(format_args!(
        "{}  {}  {}  {}",
        Styled(FAINT, time),
        Styled(NAME, api),
        Styled(style, parts.join("; ")),
        Styled(FAINT, line.request_id)
    ));
}
