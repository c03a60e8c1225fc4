//! `make bench`: tc-callback beside what people would use in its place, in one table.

mod bodies;
mod candidates;
mod json;
mod measure;
mod rows;
mod source;
mod table;

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result};
use clap::Parser;

use measure::Effort;
use source::Source;

#[derive(Parser)]
struct Arguments {
    /// Fewer and shorter rounds: under two minutes.
    #[arg(long)]
    quick: bool,
    /// Only the rows whose name begins so: parse, rest/cpu-1.
    #[arg(long, default_value = "")]
    only: String,
    /// libtc_callback.so
    #[arg(long)]
    library: PathBuf,
    /// Folder for the bodies and bench.json.
    #[arg(long)]
    output: PathBuf,
}

fn main() -> Result<()> {
    let arguments = Arguments::parse();
    candidates::keep_freed_memory();
    let bodies = bodies::all();
    let folder = arguments.output.join("bodies");
    fs::create_dir_all(&folder).with_context(|| folder.display().to_string())?;
    bodies::write(&bodies, &folder)?;

    candidates::load(&arguments.library)?;
    let mut sources: Vec<Box<dyn Source>> = vec![Box::new(candidates::parse::Parse::new(bodies))];
    let effort = if arguments.quick { Effort::QUICK } else { Effort::FULL };
    let results = measure::measure(&mut sources, rows::all(), &arguments.only, effort)?;
    table::print(&results);
    table::write(&results, &arguments.output.join("bench.json"))
}
