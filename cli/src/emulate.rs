//! `tc-callback emulate`.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::{fs, io};

use clap::Args;
use ring::rand::{SecureRandom, SystemRandom};
use zeroize::Zeroizing;

use crate::emulator::{Emulator, LogLine, Options, REQUESTS_PER_SECOND};
use crate::failure::{Failure, Result};
use crate::inspector::{self, Inspector};
use crate::secret::{KeySource, TokenSource};
use crate::terminal::{self, BAD, FAINT, GOOD, NAME, Styled};

const EXAMPLES: &str = "\
Examples:
  tc-callback emulate
      A random key is made and shown; set the three variables it prints where you run the other commands.

  TC_SECRET_KEY=... tc-callback emulate --listen 127.0.0.1:0 --ready-file /tmp/emulator.url
      For scripts: a free port; the file appears once requests are answered, and holds the base URL.

Answered as Tencent documents it: set_callback, update_callback, get_callback and delete_callback of room_config (Conference), \
and set, get and delete of call_config (Call), with the UserSig verified and 60007 beyond the limit. Nothing is kept when it ends. \
Ctrl-C or SIGTERM ends it with exit code 0.";

/// Be Tencent's REST API on this machine, to try a client against
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub struct Emulate {
    /// Address to listen on; port 0 takes a free one
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:9000")]
    listen: SocketAddr,
    /// An application that exists; give it several times for several, all with the same key
    #[arg(long = "sdk-app-id", value_name = "ID", default_value = "1400000000")]
    sdk_app_ids: Vec<u32>,
    #[command(flatten)]
    key: KeySource,
    /// An account that may call the REST API; give it several times for several
    #[arg(long = "administrator", value_name = "ACCOUNT", default_value = "administrator")]
    administrators: Vec<String>,
    /// Requests per second that each API takes before it answers 60007
    #[arg(long, value_name = "NUMBER", default_value_t = REQUESTS_PER_SECOND)]
    rate_limit: u32,
    /// Write the base URL to this file once requests are answered; the file appears whole
    #[arg(long, value_name = "FILE")]
    ready_file: Option<PathBuf>,
    #[command(flatten, next_help_heading = "The page, at the base URL")]
    page: PageOptions,
    /// No line for each request
    #[arg(long, short)]
    quiet: bool,
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
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let runtime =
            runtime.map_err(|error| Failure::operation(format!("cannot start: {error}")))?;
        runtime.block_on(self.serve())
    }

    async fn serve(self) -> Result<()> {
        if let Some(file) = &self.ready_file {
            remove_old(file)?;
        }
        let given = self.key.read()?;
        let is_given = given.is_some();
        let key = given.map_or_else(random_key, Ok)?;
        let app = self.sdk_app_ids.first().copied().unwrap_or_default();
        let listen = self.listen;
        let inspector = Arc::new(Inspector::new(inspector::Options {
            sdk_app_ids: self.sdk_app_ids.clone(),
            token: self.page.token.read()?,
            hosts: self.page.hosts,
        }));
        let (of_requests, of_changes) = (Arc::clone(&inspector), Arc::clone(&inspector));
        let mut options = Options::new(key.as_str())
            .listen(listen)
            .sdk_app_ids(self.sdk_app_ids)
            .administrators(self.administrators)
            .requests_per_second(self.rate_limit)
            .on_request(move |line| of_requests.answered(line))
            .on_change(move |change| of_changes.changed(change));
        if !self.quiet {
            options = options.on_request(log);
        }
        let emulator = Emulator::bind(options).await.map_err(|error| {
            let hint = match error.kind() {
                io::ErrorKind::AddrInUse => "; choose another with --listen 127.0.0.1:0",
                _ => "",
            };
            Failure::operation(format!("cannot listen on {listen}: {error}{hint}"))
        })?;
        inspector.configured(emulator.configurations());
        let url = emulator.url();
        let shutdown = signals()
            .map_err(|error| Failure::operation(format!("cannot wait for signals: {error}")))?;
        greet(&url, app, (!is_given).then_some(&key))?;
        if let Some(file) = &self.ready_file {
            write_whole(file, &url).map_err(|error| {
                Failure::operation(format!("cannot write {}: {error}", file.display()))
            })?;
        }
        let emulator = emulator.with_routes(inspector::router(Arc::clone(&inspector)));
        let shutdown = async move {
            shutdown.await;
            inspector.end();
        };
        emulator
            .serve(shutdown)
            .await
            .map_err(|error| Failure::operation(format!("stopped listening: {error}")))
    }
}

fn greet(url: &str, app: u32, made_key: Option<&Zeroizing<String>>) -> Result<()> {
    terminal::line(format_args!(
        "Tencent RTC's callback configuration API on {}",
        Styled(GOOD, url)
    ))?;
    terminal::line("Open it in a browser to see what happens, and to send events.")?;
    terminal::line("\nFor the other commands:\n")?;
    terminal::line(format_args!("  export TC_ENDPOINT={url}"))?;
    terminal::line(format_args!("  export TC_SDK_APP_ID={app}"))?;
    match made_key {
        Some(key) => terminal::line(format_args!("  export TC_SECRET_KEY={}\n", key.as_str())),
        None => terminal::line(""),
    }
}

fn log(line: &LogLine<'_>) {
    let time = jiff::Zoned::now().strftime("%H:%M:%S%.3f").to_string();
    let api = line.path.strip_prefix("/v4/").filter(|_| line.method == "POST");
    let api = api.map_or_else(|| format!("{} {}", line.method, line.path), str::to_owned);
    let outcome = if line.code == 0 {
        Styled(GOOD, "OK".to_owned())
    } else {
        Styled(BAD, format!("{} {}", line.code, line.info))
    };
    // A log that nobody can read is no reason to stop answering.
    let _ = terminal::line(format_args!(
        "{}  {}  {outcome}  {}",
        Styled(FAINT, time),
        Styled(NAME, api.escape_debug()),
        Styled(FAINT, line.request_id)
    ));
}

#[cfg(unix)]
fn signals() -> io::Result<impl Future<Output = ()> + Send + 'static> {
    use tokio::signal::unix::{SignalKind, signal};

    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    })
}

#[cfg(not(unix))]
fn signals() -> io::Result<impl Future<Output = ()> + Send + 'static> {
    Ok(async { _ = tokio::signal::ctrl_c().await })
}

/// 64 hexadecimal digits, as Tencent's own keys.
fn random_key() -> Result<Zeroizing<String>> {
    let mut bytes = Zeroizing::new([0; 32]);
    SystemRandom::new()
        .fill(bytes.as_mut_slice())
        .map_err(|_| Failure::operation("the system gave no random bytes for a key"))?;
    Ok(Zeroizing::new(data_encoding::HEXLOWER.encode(bytes.as_slice())))
}

/// Takes an earlier run's file away, so that nobody takes its URL for this one's.
fn remove_old(file: &Path) -> Result<()> {
    match fs::remove_file(file) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            Err(Failure::operation(format!("cannot remove {}: {error}", file.display())))
        }
        _ => Ok(()),
    }
}

fn write_whole(file: &Path, text: &str) -> io::Result<()> {
    let mut name = file.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{}.tmp", std::process::id()));
    let unfinished = file.with_file_name(name);
    fs::write(&unfinished, text)?;
    fs::rename(&unfinished, file)
}
