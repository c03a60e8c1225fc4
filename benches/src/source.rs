//! Where figures come from: this process, a probe, or a worker in another language.

use std::time::Duration;

use anyhow::Result;

/// One figure, and what the candidate read meanwhile, folded into a number.
pub struct Sample {
    pub figure: f64,
    pub checksum: u64,
}

pub trait Source {
    /// The candidates for this row.
    fn candidates(&self, row: &str) -> Vec<String>;

    /// The process it runs in, if that is another.
    fn process(&self) -> Option<u32> {
        None
    }

    /// Repeats the row's operation for about so long.
    fn run(&mut self, candidate: &str, row: &str, time: Duration) -> Result<Sample>;
}
