//! A candidate's program in any language. It is told on its standard input what to run and answers on its standard output, a line
//! for a line:
//!
//! ```text
//! WORKER BODIES_FOLDER SERVER_HOST:PORT
//! > has CANDIDATE ROW                       once for each that it can run
//! > ready
//! < run CANDIDATE ROW MILLISECONDS
//! > NANOSECONDS_PER_OPERATION CHECKSUM      or: error TEXT
//! ```

use std::io::{BufRead, BufReader, Write};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, bail};

use crate::candidates::ALLOCATOR;
use crate::source::{Sample, Source};

pub struct Worker {
    command: String,
    child: Child,
    input: Option<ChildStdin>,
    output: BufReader<ChildStdout>,
    /// Candidates and rows.
    offers: Vec<(String, String)>,
}

impl Worker {
    /// Starts a command line, whose words are parted by spaces.
    pub fn start(command: &str, bodies: &Path, server: SocketAddr) -> Result<Worker> {
        let mut words = command.split(' ');
        let mut child = Command::new(words.next().unwrap_or_default())
            .args(words)
            .arg(bodies)
            .arg(server.to_string())
            .envs(ALLOCATOR.map(|(variable, _, value)| (variable, value.to_string())))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .with_context(|| command.to_owned())?;
        let input = child.stdin.take();
        let output = BufReader::new(child.stdout.take().context("a worker has an output")?);
        let mut worker =
            Worker { command: command.to_owned(), child, input, output, offers: Vec::new() };
        loop {
            let line = worker.read()?;
            match line.split(' ').collect::<Vec<_>>()[..] {
                ["has", candidate, row] => {
                    worker.offers.push((candidate.to_owned(), row.to_owned()));
                }
                ["ready"] => return Ok(worker),
                _ => bail!("{command}: {line}"),
            }
        }
    }

    fn read(&mut self) -> Result<String> {
        let mut line = String::new();
        if self.output.read_line(&mut line)? == 0 {
            bail!("{} has ended", self.command);
        }
        Ok(line.trim_end().to_owned())
    }
}

impl Source for Worker {
    fn candidates(&self, row: &str) -> Vec<String> {
        let offers = self.offers.iter().filter(|(_, other)| other == row);
        offers.map(|(candidate, _)| candidate.clone()).collect()
    }

    fn process(&self) -> Option<u32> {
        Some(self.child.id())
    }

    fn run(&mut self, candidate: &str, row: &str, time: Duration) -> Result<Sample> {
        let input = self.input.as_mut().context("a worker has an input")?;
        writeln!(input, "run {candidate} {row} {}", time.as_millis())?;
        let line = self.read()?;
        let figures = line.split_once(' ').and_then(|(figure, checksum)| {
            Some(Sample { figure: figure.parse().ok()?, checksum: checksum.parse().ok()? })
        });
        figures.with_context(|| format!("{}: {line}", self.command))
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        // The end of its input tells it to end.
        self.input = None;
        let _ = self.child.wait();
    }
}
