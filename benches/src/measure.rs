//! Rounds: in each, every candidate of a row runs once, so that whatever else the machine does hits all alike.

use std::time::Duration;

use anyhow::{Context, Result, ensure};

use crate::processor::OnOne;
use crate::rows::Row;
use crate::source::Source;

/// How long to measure.
#[derive(Clone, Copy)]
pub struct Effort {
    rounds: usize,
    time: Duration,
}

impl Effort {
    pub const QUICK: Effort = Effort { rounds: 15, time: Duration::from_millis(3) };
    pub const FULL: Effort = Effort { rounds: 51, time: Duration::from_millis(10) };
}

/// What a row came to.
pub struct Outcome {
    pub row: Row,
    pub candidates: Vec<Figures>,
}

/// The figures of a candidate, one for each round.
pub struct Figures {
    pub candidate: String,
    pub rounds: Vec<f64>,
}

/// Runs every candidate of a row. `None` if no source has any.
pub fn measure(
    sources: &mut [Box<dyn Source>],
    row: Row,
    effort: Effort,
) -> Result<Option<Outcome>> {
    let processes =
        sources.iter().filter_map(|source| source.process()).chain([std::process::id()]);
    let on_one =
        if row.is_on_one_processor { Some(OnOne::keep(processes.collect())?) } else { None };
    let candidates = rounds(sources, &row, effort).with_context(|| row.name.clone())?;
    drop(on_one);
    Ok((!candidates.is_empty()).then_some(Outcome { row, candidates }))
}

fn rounds(sources: &mut [Box<dyn Source>], row: &Row, effort: Effort) -> Result<Vec<Figures>> {
    let mut lanes: Vec<(usize, String)> = Vec::new();
    for (index, source) in sources.iter().enumerate() {
        lanes.extend(source.candidates(&row.name).into_iter().map(|candidate| (index, candidate)));
    }
    let mut all: Vec<_> = lanes
        .iter()
        .map(|(_, candidate)| Figures { candidate: candidate.clone(), rounds: Vec::new() })
        .collect();
    let mut expected = None;
    // The first round warms everything up and is not counted.
    for round in 0..=effort.rounds {
        for ((index, candidate), figures) in lanes.iter().zip(&mut all) {
            let sample = sources[*index]
                .run(candidate, &row.name, effort.time * row.slowness)
                .with_context(|| candidate.clone())?;
            let expected = *expected.get_or_insert(sample.checksum);
            ensure!(
                !row.is_checked || sample.checksum == expected,
                "{candidate} read other values: checksum {}, not {expected}",
                sample.checksum
            );
            if round > 0 {
                figures.rounds.push(sample.figure);
            }
        }
    }
    Ok(all)
}
