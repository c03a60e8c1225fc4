//! `make bench`: tc-callback beside what people would use in its place, in one table.

mod bodies;
mod candidates;
mod json;
mod measure;
mod processor;
mod rows;
mod server;
mod source;
mod table;
mod worker;

use std::fs;
use std::path::PathBuf;

use anyhow::Result;
use clap::Parser;

use candidates::probes::Probes;
use measure::Effort;
use source::Source;
use table::Table;
use worker::Worker;

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
    /// Where the C programs are; the bodies and bench.json are written there.
    #[arg(long)]
    folder: PathBuf,
    /// Command line of a worker.
    #[arg(long)]
    worker: Vec<String>,
}

fn main() -> Result<()> {
    let arguments = Arguments::parse();
    let folder = arguments.folder.canonicalize()?;
    candidates::keep_freed_memory();
    let bodies = bodies::all();
    let texts = folder.join("bodies");
    fs::create_dir_all(&texts)?;
    bodies::write(&bodies, &texts)?;

    let library = arguments.library;
    let mut sources: Vec<Box<dyn Source>> = vec![
        Box::new(candidates::in_process(&library, &bodies)?),
        Box::new(Probes { library, load: folder.join("load") }),
    ];
    let server = server::start()?;
    for worker in &arguments.worker {
        sources.push(Box::new(Worker::start(worker, &texts, server)?));
    }
    let effort = if arguments.quick { Effort::QUICK } else { Effort::FULL };
    let mut table = Table::default();
    table::print_head();
    for row in rows::all().into_iter().filter(|row| row.name.starts_with(&arguments.only)) {
        let name = row.name.clone();
        match measure::measure(&mut sources, row, effort)? {
            Some(outcome) => table.add(&outcome),
            None => println!("{name:<22} nothing here can run it"),
        }
    }
    table.finish(&folder.join("bench.json"))
}
