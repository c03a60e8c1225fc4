//! `tc-callback replay`.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::path::PathBuf;
use std::str::FromStr;
use std::time::{Duration, Instant};

use clap::Args;
use tc_callback::catalog::{Command, Product};
use tc_callback::error::Status;

use crate::clock;
use crate::command_word;
use crate::delivery::query::{join, sign};
use crate::delivery::tally::{Example, Outcome, Tally};
use crate::delivery::{Reply, Sender};
use crate::ending::Asked;
use crate::failure::{Failure, Result};
use crate::fault::{Answer, Expected};
use crate::input;
use crate::progress::Progress;
use crate::recording::Record;
use crate::secret::TokenSource;
use crate::target::{Destination, Target};
use crate::terminal;

const EXAMPLES: &str = "\
Examples:
  tc-callback replay calls.jsonl --to http://127.0.0.1:8080/callback
  tc-callback replay calls.jsonl --speed 10x --only AfterEndCall
  tc-callback replay calls.jsonl --as-recorded --to http://127.0.0.1:8080/callback

The bodies are sent byte for byte as they were recorded by `tc-callback listen --record`. A query that was signed gets a RequestTime \
of now and a Sign made with the token; what was refused for its Sign, and with --as-recorded everything, keeps its query.

Exit code 0 only if each was answered as it was when it was recorded: taken, or refused.";

/// Send a recording again
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub struct Replay {
    /// The recording; - is standard input
    file: PathBuf,
    /// How fast: 1x as it was recorded, 10x ten times as fast, max without any pause
    #[arg(long, value_name = "FACTOR", default_value = "max")]
    speed: Speed,
    /// Only this command, by word or short form; give it several times for several
    #[arg(long, value_name = "COMMAND", value_delimiter = ',')]
    only: Vec<String>,
    /// Leave each query as it was recorded, with its RequestTime and Sign
    #[arg(long)]
    as_recorded: bool,
    /// Print the report as JSON
    #[arg(long)]
    json: bool,
    /// Print only what is wrong
    #[arg(long, short, conflicts_with = "json")]
    quiet: bool,
    #[command(flatten)]
    token: TokenSource,
    #[command(flatten)]
    target: Target,
}

/// How often a second of the recording fits into one of the replay; none for no pauses.
#[derive(Clone, Debug)]
struct Speed(Option<f64>);

impl FromStr for Speed {
    type Err = String;

    fn from_str(text: &str) -> std::result::Result<Speed, String> {
        if text == "max" {
            return Ok(Speed(None));
        }
        let factor = text.strip_suffix('x').and_then(|factor| factor.parse::<f64>().ok());
        match factor {
            Some(factor) if factor.is_finite() && factor > 0.0 => Ok(Speed(Some(factor))),
            _ => Err("write a factor such as 1x, 10x or 0.5x, or max".to_owned()),
        }
    }
}

impl Replay {
    pub fn run(self) -> Result<()> {
        let records = self.read()?;
        let token = self.token.read()?;
        let token = token.as_ref().map(|token| token.as_str());
        if token.is_none()
            && !self.as_recorded
            && records.iter().any(|(_, record)| is_resigned(record))
        {
            return Err(Failure::usage(
                "the recording is signed: give the token with TC_TOKEN or --token-file, or --as-recorded to send its old Signs",
            ));
        }
        let destinations = self.destinations(&records)?;
        let sender = Sender::new();
        let mut tally = Tally::default();
        let mut progress = Progress::new(records.len(), !self.quiet && !self.json);
        let mut asked = Asked::listen()?;
        let mut is_interrupted = false;
        let start = Instant::now();
        let first_ms = records.first().map_or(0, |(_, record)| record.time_ms);
        for (line, record) in &records {
            let Some(destination) = destinations.get(&product(record)) else { continue };
            let body = record.body.bytes().map_err(|why| {
                Failure::usage(format!("{} line {line}: {why}", input::name(&self.file)))
            })?;
            if asked.within(self.pause(start, record.time_ms.saturating_sub(first_ms))) {
                is_interrupted = true;
                break;
            }
            let query = match token.filter(|_| !self.as_recorded && is_resigned(record)) {
                Some(token) => resigned(&record.query, token),
                None => record.query.clone(),
            };
            let url = join(&destination.url, &query);
            let sent = sender.send(&url, record.header("content-type"), &body);
            let outcome = Outcome::of(sent, |reply| judge(record, reply));
            progress.step(matches!(outcome, Outcome::Answered { check: Ok(()), .. }));
            tally.take(outcome, || Example {
                command: record.outcome.command.clone().unwrap_or_default(),
                room: record.outcome.subject.clone().unwrap_or_default(),
                event_time_ms: record.time_ms,
            });
        }
        progress.end();
        tally.finish(start.elapsed(), is_interrupted);
        match self.json {
            true => terminal::json(&tally)?,
            false if self.quiet => {}
            false => tally.show(|| Ok(()))?,
        }
        tally.failure().map_or(Ok(()), |failure| Err(Failure::operation(failure)))
    }

    /// The records that are wanted, each with its line.
    fn read(&self) -> Result<Vec<(usize, Record)>> {
        let text = input::read_text(&self.file)?;
        let words: Vec<Command> =
            self.only.iter().map(|text| command_word::find(text)).collect::<Result<_>>()?;
        let mut records = Vec::new();
        for (index, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
            let record: Record = serde_json::from_str(line).map_err(|error| {
                Failure::usage(format!(
                    "{} line {}: not a record of `tc-callback listen --record`: {error}",
                    input::name(&self.file),
                    index + 1
                ))
            })?;
            let is_wanted = self.only.is_empty() || words.contains(&command(&record));
            // Whatever else reached the address, such as a browser, is no callback.
            if is_wanted && record.method == "POST" {
                records.push((index + 1, record));
            }
        }
        Ok(records)
    }

    /// Where the events of each product in the recording go.
    fn destinations(&self, records: &[(usize, Record)]) -> Result<HashMap<Product, Destination>> {
        let mut destinations = HashMap::new();
        for (_, record) in records {
            if let Entry::Vacant(place) = destinations.entry(product(record)) {
                let destination = self.target.find(*place.key())?;
                place.insert(destination);
            }
        }
        Ok(destinations)
    }

    /// How long it is until an event that was recorded so much later than the first.
    fn pause(&self, start: Instant, recorded_ms: u64) -> Duration {
        let Some(factor) = self.speed.0 else { return Duration::ZERO };
        // What does not fit is later than anyone waits.
        let due = Duration::try_from_secs_f64(recorded_ms as f64 / 1000.0 / factor);
        due.unwrap_or(Duration::MAX).saturating_sub(start.elapsed())
    }
}

fn command(record: &Record) -> Command {
    record.outcome.command.as_deref().map_or(Command::Unknown, Command::from_word)
}

fn product(record: &Record) -> Product {
    command(record).listed_under()
}

/// Whether it gets another Sign: it had one that was not the reason to refuse it.
fn is_resigned(record: &Record) -> bool {
    const REFUSED: [i32; 2] = [Status::BadSign as i32, Status::StaleSign as i32];
    let has = |name| pairs(&record.query).any(|pair| is_named(pair, name));
    let was_refused = record.outcome.error_status.is_some_and(|status| REFUSED.contains(&status));
    has("Sign") && has("RequestTime") && !was_refused
}

/// The query with a RequestTime of now and the Sign for it; all else as it was.
fn resigned(query: &str, token: &str) -> String {
    let time = clock::now_s().to_string();
    let sign = sign(token, &time);
    let pairs = pairs(query).map(|pair| {
        let name = pair.split('=').next().unwrap_or_default();
        match pair {
            pair if is_named(pair, "Sign") => format!("{name}={sign}"),
            pair if is_named(pair, "RequestTime") => format!("{name}={time}"),
            pair => pair.to_owned(),
        }
    });
    pairs.collect::<Vec<_>>().join("&")
}

fn pairs(query: &str) -> impl Iterator<Item = &str> {
    query.split('&')
}

fn is_named(pair: &str, name: &str) -> bool {
    pair.split('=').next().is_some_and(|found| found.eq_ignore_ascii_case(name))
}

/// Whether it was answered as it was when it was recorded.
fn judge(record: &Record, reply: &Reply) -> std::result::Result<(), String> {
    let expected = match record.outcome.http_status {
        200 => Expected::Accepted,
        // How long a body may be is each host's own affair.
        413 => Expected::Either,
        _ => Expected::Refused,
    };
    expected.judge(&Answer::Replied { status: reply.status, body: &reply.body })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn a_query_is_signed_anew_and_is_else_byte_for_byte_what_it_was() {
        let query = "SdkAppid=7&x=%41+b&sign=00&RequestTime=1&OptPlatform=Web&y";
        let renewed = resigned(query, "token");
        let time = renewed.split("RequestTime=").nth(1).unwrap().split('&').next().unwrap();
        let sign = sign("token", time);
        assert!(time.parse::<u64>().unwrap() > 1_700_000_000);
        assert_eq!(
            renewed,
            format!("SdkAppid=7&x=%41+b&sign={sign}&RequestTime={time}&OptPlatform=Web&y")
        );
    }

    #[test]
    fn a_speed_is_a_factor_or_max() {
        assert_eq!("10x".parse::<Speed>().unwrap().0, Some(10.0));
        assert_eq!("max".parse::<Speed>().unwrap().0, None);
        for wrong in ["", "x", "0x", "-1x", "10", "infx", "NaNx", "fast"] {
            assert!(wrong.parse::<Speed>().is_err(), "{wrong}");
        }
    }
}
