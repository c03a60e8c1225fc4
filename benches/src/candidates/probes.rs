//! Rows `size/*` and `load/*`: what the library's file costs, beside libcurl's.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, ensure};

use crate::rows::OURS;
use crate::source::{Sample, Source};

pub struct Probes {
    pub library: PathBuf,
    /// The program of benches/c/load.c.
    pub load: PathBuf,
}

impl Source for Probes {
    fn candidates(&self, row: &str) -> Vec<String> {
        let candidates: &[&str] = match row {
            "size/file" | "load/dlopen" | "load/rss" => &[OURS, "libcurl"],
            "size/needed" => &[OURS],
            _ => &[],
        };
        candidates.iter().map(ToString::to_string).collect()
    }

    fn run(&mut self, candidate: &str, row: &str, _: Duration) -> Result<Sample> {
        let is_ours = candidate == OURS;
        let library = if is_ours { self.library.canonicalize()? } else { "libcurl.so.4".into() };
        let figure = match row {
            "size/needed" => needed(&library)?,
            "size/file" if is_ours => fs::metadata(&library)?.len() as f64,
            "size/file" => self.loaded(&library)?[2],
            "load/rss" => self.loaded(&library)?[1],
            _ => self.loaded(&library)?[0],
        };
        Ok(Sample { figure, checksum: 0 })
    }
}

impl Probes {
    /// Microseconds, KiB of memory, and bytes of the library with all that came with it.
    fn loaded(&self, library: &Path) -> Result<[f64; 3]> {
        let output = succeed(Command::new(&self.load).arg(library))?;
        let figures = output.split_whitespace().map(|figure| Ok(figure.parse()?));
        let figures: Vec<f64> = figures.collect::<Result<_>>()?;
        figures.try_into().ok().with_context(|| format!("load printed {output}"))
    }
}

fn needed(library: &Path) -> Result<f64> {
    let dynamic = succeed(Command::new("readelf").arg("-d").arg(library))?;
    Ok(dynamic.matches("(NEEDED)").count() as f64)
}

fn succeed(command: &mut Command) -> Result<String> {
    let output = command.output().with_context(|| format!("{command:?}"))?;
    ensure!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
    Ok(String::from_utf8(output.stdout)?)
}
