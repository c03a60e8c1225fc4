//! The faults to put in.

use clap::Args;

use crate::emulator::{Injection, Options};

pub const FAULTS_HEADING: &str =
    "Faults (repeatable; for one API: --drop call_config/get_callback=5%)";

/// The faults to put in.
#[derive(Args, Debug)]
pub struct Faults {
    /// Refuse this percentage of the requests with an error code, without carrying them out
    #[arg(long, value_name = "CODE:PERCENT%", value_parser = Injection::parse_fail)]
    fail: Vec<Injection>,
    /// Answer this much later; the request is carried out at once
    #[arg(long, value_name = "TIME[..TIME]", value_parser = Injection::parse_latency)]
    latency: Vec<Injection>,
    /// Carry the request out, but close the connection without an answer
    #[arg(long, value_name = "PERCENT%", value_parser = Injection::parse_drop)]
    drop: Vec<Injection>,
    /// Close the connection without an answer, before the request is carried out
    #[arg(long, value_name = "PERCENT%", value_parser = Injection::parse_drop_before)]
    drop_before: Vec<Injection>,
    /// Answer with an HTML page and this HTTP status, as a proxy that cannot reach the service
    #[arg(long, value_name = "STATUS[:PERCENT%]", value_parser = Injection::parse_http)]
    http: Vec<Injection>,
    /// Makes faults and RequestIds the same again for the same requests in the same order
    #[arg(long, value_name = "NUMBER")]
    pub seed: Option<u64>,
}

impl Faults {
    pub fn injections(&self) -> Vec<Injection> {
        [&self.drop_before, &self.http, &self.fail, &self.latency, &self.drop]
            .into_iter()
            .flatten()
            .cloned()
            .collect()
    }

    pub fn seeded(&self, options: Options) -> Options {
        match self.seed {
            Some(seed) => options.seed(seed),
            None => options,
        }
    }
}
