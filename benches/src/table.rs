//! The table, and the same as JSON.

use std::fs;
use std::path::Path;

use anyhow::Result;
use serde::Serialize;

use crate::measure::{Figures, Outcome};
use crate::rows::{Goal, OURS};

/// One line: a candidate in a row.
#[derive(Serialize)]
struct Line {
    row: String,
    candidate: String,
    unit: &'static str,
    figure: Spread,
    /// Ours divided by this candidate's, round by round.
    ratio: Option<Spread>,
    goal: Option<f64>,
    is_met: Option<bool>,
}

/// The median, and the quartiles around it.
#[derive(Clone, Copy, Serialize)]
struct Spread {
    low: f64,
    median: f64,
    high: f64,
}

impl Spread {
    fn of(mut values: Vec<f64>) -> Spread {
        values.sort_by(f64::total_cmp);
        let at = |quarter: usize| values[(values.len() - 1) * quarter / 4];
        Spread { low: at(1), median: at(2), high: at(3) }
    }
}

#[derive(Default)]
pub struct Table(Vec<Line>);

pub fn print_head() {
    println!(
        "{:<22} {:<18} {:>14} {:>19}  {:>8} {:>13}  goal",
        "row", "candidate", "median", "quartiles", "ours is", "quartiles"
    );
}

impl Table {
    /// Prints what a row came to.
    pub fn add(&mut self, outcome: &Outcome) {
        for line in lines(outcome) {
            let Spread { low, median, high } = line.figure;
            let figure = format!("{} {}", short(median), line.unit);
            let quartiles = format!("{} - {}", short(low), short(high));
            print!("{:<22} {:<18} {figure:>14} {quartiles:>19}", line.row, line.candidate);
            if let Some(Spread { low, median, high }) = line.ratio {
                print!("  {median:>7.3}x {:>13}", format!("{low:.2} - {high:.2}"));
            } else {
                print!("{:24}", "");
            }
            if let (Some(goal), Some(is_met)) = (line.goal, line.is_met) {
                let goal = if line.ratio.is_some() { format!("{goal:.2}x") } else { short(goal) };
                print!("  <= {goal} {}", if is_met { "met" } else { "NOT MET" });
            }
            println!();
            self.0.push(line);
        }
    }

    /// Sums up, and writes all lines as JSON.
    pub fn finish(&self, path: &Path) -> Result<()> {
        let goals = self.0.iter().filter_map(|line| line.is_met);
        println!(
            "{} of {} goals met",
            goals.clone().filter(|is_met| *is_met).count(),
            goals.count()
        );
        fs::write(path, serde_json::to_string_pretty(&self.0)?)?;
        Ok(())
    }
}

fn lines(outcome: &Outcome) -> Vec<Line> {
    let ours = outcome.candidates.iter().find(|figures| figures.candidate == OURS);
    let line = |figures: &Figures| {
        let is_ours = figures.candidate == OURS;
        let ratio = ours.filter(|_| !is_ours).map(|ours| ratio(ours, figures));
        let figure = Spread::of(figures.rounds.clone());
        let goal = outcome.row.goals.iter().find_map(|goal| match *goal {
            Goal::Figure(at_most) if is_ours => Some((at_most, figure.median <= at_most)),
            Goal::Ratio(peers, at_most) if fastest(outcome, peers) == Some(&figures.candidate) => {
                ratio.map(|ratio| (at_most, ratio.median <= at_most))
            }
            _ => None,
        });
        Line {
            row: outcome.row.name.clone(),
            candidate: figures.candidate.clone(),
            unit: outcome.row.unit,
            figure,
            ratio,
            goal: goal.map(|(at_most, _)| at_most),
            is_met: goal.map(|(_, is_met)| is_met),
        }
    };
    outcome.candidates.iter().map(line).collect()
}

fn ratio(ours: &Figures, peer: &Figures) -> Spread {
    Spread::of(ours.rounds.iter().zip(&peer.rounds).map(|(ours, peer)| ours / peer).collect())
}

fn fastest<'a>(outcome: &'a Outcome, peers: &[&str]) -> Option<&'a String> {
    let peers =
        outcome.candidates.iter().filter(|figures| peers.contains(&figures.candidate.as_str()));
    let median = |figures: &&Figures| Spread::of(figures.rounds.clone()).median;
    peers.min_by(|one, other| median(one).total_cmp(&median(other))).map(|peer| &peer.candidate)
}

fn short(figure: f64) -> String {
    match figure {
        0.0..10.0 => format!("{figure:.3}"),
        10.0..1000.0 => format!("{figure:.1}"),
        _ => format!("{figure:.0}"),
    }
}
