//! docs/tour.md shows what a terminal shows: its commands are run, one after the other in one shell, and what they print is what the
//! page says, but for numbers. `UPDATE_TOUR=1 cargo test -p tc-callback-cli --test tour` writes the page anew.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

const PAGE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/tour.md");
const END: &str = "-- the command has ended --";

/// Of one command, and of what another program writes meanwhile.
const PATIENCE: Duration = Duration::from_secs(60);

/// A shell that the page's commands are typed into.
struct Shell {
    child: Child,
    input: ChildStdin,
    lines: Receiver<String>,
    /// The page's ports, and those that are free here.
    ports: [(&'static str, String); 2],
}

impl Shell {
    fn start(folder: &Path) -> Shell {
        let free = [(); 2].map(|()| TcpListener::bind("127.0.0.1:0").unwrap());
        let [api, server] = free.map(|listener| listener.local_addr().unwrap().port().to_string());
        let command = Path::new(env!("CARGO_BIN_EXE_tc-callback"));
        let path = format!("{}:{}", command.parent().unwrap().display(), env!("PATH"));
        let mut child = Command::new("bash")
            .args(["--norc", "--noprofile"])
            .current_dir(folder)
            .env("PATH", path)
            .env("COLUMNS", "100")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let (sender, lines) = channel();
        let output = BufReader::new(child.stdout.take().unwrap());
        std::thread::spawn(move || {
            output.lines().map_while(Result::ok).try_for_each(|line| sender.send(line))
        });
        let mut input = child.stdin.take().unwrap();
        // Jobs are what `kill %1` ends.
        writeln!(input, "exec 2>&1; set -m").unwrap();
        Shell { child, input, lines, ports: [("9000", api), ("8080", server)] }
    }

    /// What a command prints, with the page's ports.
    fn run(&mut self, command: &str) -> Vec<String> {
        let typed = self.ports.iter().fold(command.to_owned(), |typed, (page, here)| {
            typed.replace(&format!(":{page}"), &format!(":{here}"))
        });
        writeln!(self.input, "{typed}\necho '{END}'").unwrap();
        let mut printed = Vec::new();
        loop {
            match self.lines.recv_timeout(PATIENCE) {
                Ok(line) if line == END => break,
                Ok(line) => printed.push(line),
                Err(RecvTimeoutError::Timeout) => panic!("{command} does not end: {printed:?}"),
                Err(RecvTimeoutError::Disconnected) => panic!("{command} ended the shell"),
            }
        }
        if command.ends_with('&') {
            self.wait_for_listener(&typed);
        }
        self.ports.iter().fold(printed, |printed, (page, here)| {
            let place = |line: String| line.replace(&format!(":{here}"), &format!(":{page}"));
            printed.into_iter().map(place).collect()
        })
    }

    fn wait_for_listener(&self, typed: &str) {
        let (_, address) = typed.split_once("--listen ").unwrap();
        let address = address.split_whitespace().next().unwrap();
        let start = Instant::now();
        while TcpStream::connect(address).is_err() {
            assert!(start.elapsed() < PATIENCE, "{typed} does not listen");
            std::thread::yield_now();
        }
    }
}

impl Drop for Shell {
    fn drop(&mut self) {
        let _ = writeln!(self.input, "kill $(jobs -p) 2>/dev/null; exit");
        let _ = self.child.wait();
    }
}

/// A line without what differs from run to run: numbers, Signs, and the width of columns.
fn steady(line: &str) -> String {
    let mut steady = String::new();
    for part in line.split_inclusive(|character: char| !character.is_ascii_alphanumeric()) {
        let word = part.trim_end_matches(|character: char| !character.is_ascii_alphanumeric());
        let between = &part[word.len()..];
        let is_sign = word.len() >= 32;
        let shown = if is_sign { "SIGN" } else { word };
        for character in shown.chars() {
            let shown = if character.is_ascii_digit() { '9' } else { character };
            if shown != '9' || !steady.ends_with('9') {
                steady.push(shown);
            }
        }
        steady += between;
    }
    steady.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Whether another program writes what this command shows, maybe a little later.
fn looks_at_a_log(command: &str) -> bool {
    command.starts_with("tail ") || command.starts_with("grep ")
}

/// The README's block is typed as it is; each command succeeds.
#[test]
fn the_readmes_commands_work_in_their_order() {
    let readme = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../README.md")).unwrap();
    let section = readme.split("## Without an account").nth(1).unwrap();
    let block = section.split("```sh\n").nth(1).unwrap().split("```").next().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let fixtures = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests");
    std::os::unix::fs::symlink(fixtures, folder.path().join("tests")).unwrap();
    let mut shell = Shell::start(folder.path());
    shell.run("set -o pipefail");
    for line in block.lines() {
        let command = line.split(" #").next().unwrap().trim_end();
        if command.ends_with('&') {
            shell.run(command);
            continue;
        }
        let printed = shell.run(&format!("{command}; echo \"status $?\""));
        assert_eq!(printed.last().unwrap(), "status 0", "{command}\n{}", printed.join("\n"));
    }
}

#[test]
fn the_tour_shows_what_a_terminal_shows() {
    let page = fs::read_to_string(PAGE).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let mut shell = Shell::start(folder.path());
    let mut written = String::new();
    let mut wrong = Vec::new();
    let is_recording = std::env::var_os("UPDATE_TOUR").is_some();
    let mut lines = page.lines().peekable();
    let mut is_console = false;
    while let Some(line) = lines.next() {
        written += &format!("{line}\n");
        is_console = match line {
            "```console" => true,
            "```" => false,
            _ => is_console,
        };
        let Some(command) = line.strip_prefix("$ ").filter(|_| is_console) else { continue };
        let mut expected = Vec::new();
        while let Some(next) = lines.next_if(|next| *next != "```" && !next.starts_with("$ ")) {
            expected.push(next);
        }
        let steady_lines =
            |lines: &[String]| lines.iter().map(|line| steady(line)).collect::<Vec<_>>();
        let expected: Vec<String> = expected.into_iter().map(str::to_owned).collect();
        let start = Instant::now();
        let printed = loop {
            let printed = shell.run(command);
            let is_expected = steady_lines(&printed) == steady_lines(&expected);
            if is_expected || !looks_at_a_log(command) || is_recording || start.elapsed() > PATIENCE
            {
                break printed;
            }
        };
        if steady_lines(&printed) != steady_lines(&expected) {
            let (printed, expected) = (printed.join("\n"), expected.join("\n"));
            wrong.push(format!("$ {command}\n{printed}\n-- instead of:\n{expected}"));
        }
        printed.iter().for_each(|line| written += &format!("{}\n", line.trim_end()));
    }
    if is_recording {
        fs::write(PAGE, written).unwrap();
        return;
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}
