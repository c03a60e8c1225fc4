//! The progress bar on standard error, where a person looks at it.

use std::fmt::Write;
use std::io::{IsTerminal, stderr};

use indicatif::{ProgressBar, ProgressState, ProgressStyle};

const TEMPLATE: &str = "{bar:30} {pos}/{len} events, {rate}, {eta} left{msg}";

/// A bar, or nothing.
pub struct Progress {
    bar: ProgressBar,
    not_right: usize,
}

impl Progress {
    /// A bar over so many events; nothing if it is not wanted or standard error is no terminal.
    pub fn new(events: usize, is_wanted: bool) -> Progress {
        let bar = match is_wanted && stderr().is_terminal() {
            true => ProgressBar::new(events as u64),
            false => ProgressBar::hidden(),
        };
        if let Ok(style) = ProgressStyle::with_template(TEMPLATE) {
            bar.set_style(style.with_key("rate", write_rate));
        }
        Progress { bar, not_right: 0 }
    }

    /// One event is done.
    pub fn step(&mut self, is_right: bool) {
        if !is_right {
            self.not_right += 1;
            self.bar.set_message(format!(", {} not right", self.not_right));
        }
        self.bar.inc(1);
    }

    /// Takes the bar away.
    pub fn end(self) {
        self.bar.finish_and_clear();
    }
}

fn write_rate(state: &ProgressState, writer: &mut dyn Write) {
    let _ = write!(writer, "{:.0}/s", state.per_sec());
}
