//! The report as a person reads it.

use std::fmt::Display;

use anstyle::Style;

use super::report::Report;
use crate::failure::Result;
use crate::terminal::{self, BAD, FAINT, GOOD, NAME, Styled};

impl Report {
    /// Writes it as a small table.
    pub fn show(&self) -> Result<()> {
        let (rooms, events) = (self.rooms, self.events);
        row(
            "world",
            format_args!("{}, seed {}: {events} events in {rooms}", self.scenario, self.seed),
        )?;
        let disorder = &self.disorder;
        if disorder.duplicates + disorder.reordered + disorder.late + disorder.lost > 0 {
            row(
                "disorder",
                format_args!(
                    "{} twice, {} reordered, {} late, {} lost",
                    disorder.duplicates, disorder.reordered, disorder.late, disorder.lost
                ),
            )?;
        }
        if self.not_registered > 0 {
            row(
                "left out",
                format_args!("{}, of commands that are not registered", self.not_registered),
            )?;
        }
        let rate = self.events_per_second;
        row("sent", format_args!("{} in {:.1} s, {rate:.0}/s", self.sent, self.seconds))?;
        row(
            "right",
            Styled(if self.right == self.sent { GOOD } else { Style::new() }, self.right),
        )?;
        row("late", bad(self.late, "replies did not come within 2 s"))?;
        row("refused", bad(self.refused, "connections"))?;
        row("wrong", bad(self.wrong, "replies"))?;
        for kind in &self.wrong_kinds {
            row("", format_args!("{} x {}", kind.count, kind.what))?;
            let first = format!("    first {} of {}", kind.first.command, kind.first.room);
            row("", Styled(FAINT, first))?;
        }
        if self.retries > 0 {
            row("retries", self.retries)?;
        }
        let latency = &self.latency_ms;
        row(
            "latency",
            format_args!(
                "p50 {:.1} ms, p90 {:.1} ms, p99 {:.1} ms, max {:.1} ms",
                latency.p50, latency.p90, latency.p99, latency.max
            ),
        )
    }
}

fn row(name: &str, text: impl Display) -> Result<()> {
    terminal::line(format_args!("{} {text}", Styled(NAME, format_args!("{name:<8}"))))
}

/// A count of something bad; nothing more if there is none.
fn bad(count: usize, of_what: &str) -> String {
    match count {
        0 => "0".to_owned(),
        count => format!("{} {of_what}", Styled(BAD, count)),
    }
}
