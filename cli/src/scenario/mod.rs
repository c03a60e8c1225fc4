//! `tc-callback scenario`.

mod disorder;
mod dry_run;
mod file;
mod plan;
mod queue;
mod report;
mod send;
mod settings;
mod show;
mod step;
mod text;
mod world;

use std::path::Path;
use std::time::Instant;

use clap::Args;
use tc_callback::catalog::Command;

use crate::delivery::Background;
use crate::delivery::tally::Outcome;
use crate::failure::{Failure, Result};
use crate::progress::Progress;
use crate::secret::TokenSource;
use crate::target::{Destination, Target};
use crate::terminal;

use disorder::{Delivery, Room};
use plan::Plan;
use queue::Pace;
use report::Report;
use send::Sending;
use settings::{Kind, Settings};

const EXAMPLES: &str = "\
Examples:
  tc-callback scenario meeting --to http://127.0.0.1:8080/callback
  tc-callback scenario call --rooms 50 --rate unlimited --seed 7
  tc-callback scenario meeting --duplicates 5% --reorder 5% --late 5% --lost 1%
  tc-callback scenario meeting --rooms 1 --dry-run      only look at the events
  tc-callback scenario stand-up.toml --json             a scenario of your own

Events of a room follow each other: the next is sent once the last is answered. Without --to they go where they were configured to \
go, and only those whose command is registered are sent. Ctrl-C ends it early, with the report of what was done.

Exit code 0 only if all events were sent, and each reply came within 2 s and was right; 1 if not, or if ended early; 2 if called \
wrongly or the file is wrong, and nothing was sent then.";

/// Play rooms and calls: events that agree with each other, many at a time, in disorder if you like
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub struct Scenario {
    /// meeting, call, or a scenario's file in TOML; - is standard input
    #[arg(value_name = "meeting|call|FILE")]
    scenario: String,
    #[command(flatten)]
    settings: Settings,
    /// Print the events as lines of JSON, query and body, and send nothing
    #[arg(long, conflicts_with = "json")]
    dry_run: bool,
    /// Print the report as JSON
    #[arg(long)]
    json: bool,
    /// No progress bar, and no seed before a dry run
    #[arg(long, short)]
    quiet: bool,
    #[command(flatten)]
    token: TokenSource,
    #[command(flatten)]
    target: Target,
}

impl Scenario {
    pub fn run(self) -> Result<()> {
        let written = match Kind::from_name(&self.scenario) {
            Some(kind) => Settings { world: Some(kind), ..Settings::default() },
            None => file::read(Path::new(&self.scenario))?,
        };
        let settings = self.settings.or(written);
        let connections = settings.connections.map_or(16, |count| count.0 as usize);
        let retries = settings.retry.map_or(0, |times| times.0);
        let pause = settings.rate.unwrap_or_default().pause();
        let sdk_app_id = self.target.sdk_app_id()?;
        let token = self.token.read()?;
        let token = token.as_ref().map(|token| token.as_str());
        let is_seed_chosen = settings.seed.is_none();
        let plan = Plan::new(settings, sdk_app_id)?;
        if self.dry_run {
            let (_, rooms) = plan.play()?;
            if is_seed_chosen && !self.quiet {
                terminal::note(format_args!("seed {}", plan.seed));
            }
            return dry_run::write(&rooms, sdk_app_id, token);
        }
        let destination = self.target.find(plan.product())?;
        let (start_ms, mut rooms) = plan.play()?;
        let mut report = Report::new(&self.scenario, plan.seed, &rooms);
        report.not_registered = leave_out(&mut rooms, &destination);
        let pace = Pace { pause, real_time_from_ms: plan.is_real_time.then_some(start_ms) };
        let reporter = self.target.reporter()?.map(Background::new);
        let sending =
            Sending { destination: &destination, token, connections, retries, pace, reporter };
        let mut progress = Progress::new(count(&rooms), !self.quiet && !self.json);
        let start = Instant::now();
        let interrupted = sending.run(&rooms, |verdict| {
            progress.step(matches!(verdict.outcome, Outcome::Answered { check: Ok(()), .. }));
            report.take(verdict);
        })?;
        let elapsed = start.elapsed();
        drop(sending);
        progress.end();
        report.finish(elapsed, interrupted);
        if self.json {
            terminal::json(&report)?
        } else {
            report.show()?
        }
        report.failure().map_or(Ok(()), |failure| Err(Failure::operation(failure)))
    }
}

/// Leaves out what is not sent to the destination; returns how many sendings that are.
fn leave_out(rooms: &mut [Room], destination: &Destination) -> usize {
    let before = count(rooms);
    for room in &mut *rooms {
        let takes = |index: usize| destination.takes(Command::from_word(room.events[index].word));
        room.posts.retain(|post| takes(post.event));
    }
    before - count(rooms)
}

/// Sendings that reach the host.
fn count(rooms: &[Room]) -> usize {
    let posts = rooms.iter().flat_map(|room| &room.posts);
    posts.filter(|post| post.delivery != Delivery::Lost).count()
}
