//! The report as a person reads it.

use super::report::Report;
use crate::delivery::tally::row;
use crate::failure::Result;

impl Report {
    /// Writes it as a small table.
    pub fn show(&self) -> Result<()> {
        row(
            "world",
            format_args!(
                "{}, seed {}: {} events, {} at a time",
                self.scenario, self.seed, self.events, self.rooms
            ),
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
        self.tally.show(|| match self.retries {
            0 => Ok(()),
            retries => row("retries", retries),
        })
    }
}
