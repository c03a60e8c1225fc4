//! What a scenario is to be like. The command line and a scenario's file say it with the same names.

use clap::Args;
use serde::Deserialize;

use super::step::WrittenStep;
use super::text::{Members, Number, Percent, Rate, StartTime, from_file};

/// Which kind of world.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    Meeting,
    Call,
}

impl Kind {
    pub fn from_name(name: &str) -> Option<Kind> {
        [Kind::Meeting, Kind::Call].into_iter().find(|kind| kind.name() == name)
    }

    pub fn name(self) -> &'static str {
        match self {
            Kind::Meeting => "meeting",
            Kind::Call => "call",
        }
    }
}

/// What is not said is `None`.
#[derive(Args, Debug, Default, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Settings {
    #[arg(skip)]
    pub world: Option<Kind>,
    #[arg(skip)]
    #[serde(default)]
    pub step: Vec<WrittenStep>,
    /// Rooms or calls at a time [default: 10]
    #[arg(long, value_name = "NUMBER")]
    #[serde(default, deserialize_with = "from_file")]
    pub rooms: Option<Number<1, 10_000>>,
    /// Members of each, both numbers included [default: 2..8]
    #[arg(long, value_name = "RANGE")]
    #[serde(default, deserialize_with = "from_file")]
    pub members: Option<Members>,
    /// Events per second over all rooms, at most; 0 or unlimited: as fast as they are answered [default: 200/s]
    #[arg(long, value_name = "NUMBER/s")]
    #[serde(default, deserialize_with = "from_file")]
    pub rate: Option<Rate>,
    /// What the world is made from: the same again gives the same events [default: another each time]
    #[arg(long, value_name = "NUMBER")]
    #[serde(default, deserialize_with = "from_file")]
    pub seed: Option<Number<0, { u64::MAX }>>,
    /// When the world's clock starts, as 2026-01-05T09:00:00Z [default: so that its last event is now]
    #[arg(long, value_name = "TIME")]
    #[serde(default, deserialize_with = "from_file")]
    pub start_time: Option<StartTime>,
    /// Send each event when the world's clock says so, not as fast as the rate allows
    #[arg(long)]
    #[serde(default)]
    pub real_time: bool,
    /// Share of the events that are sent twice
    #[arg(long, value_name = "PERCENT", help_heading = "Disorder")]
    #[serde(default, deserialize_with = "from_file")]
    pub duplicates: Option<Percent>,
    /// Share of the events that are sent after the next one of their room
    #[arg(long, value_name = "PERCENT", help_heading = "Disorder")]
    #[serde(default, deserialize_with = "from_file")]
    pub reorder: Option<Percent>,
    /// Share of the events that are sent 5 to 60 s later by the world's clock, with their old EventTime
    #[arg(long, value_name = "PERCENT", help_heading = "Disorder")]
    #[serde(default, deserialize_with = "from_file")]
    pub late: Option<Percent>,
    /// Share of the events that are not sent
    #[arg(long, value_name = "PERCENT", help_heading = "Disorder")]
    #[serde(default, deserialize_with = "from_file")]
    pub lost: Option<Percent>,
    /// Connections at a time [default: 16]
    #[arg(long, value_name = "NUMBER")]
    #[serde(default, deserialize_with = "from_file")]
    pub connections: Option<Number<1, 256>>,
    /// Send an event again so many times while its reply does not come in 2 s; Tencent by default does not [default: 0]
    #[arg(long, value_name = "TIMES")]
    #[serde(default, deserialize_with = "from_file")]
    pub retry: Option<Number<0, 10>>,
}

impl Settings {
    /// These, and what they do not say from others.
    pub fn or(self, other: Settings) -> Settings {
        Settings {
            world: self.world.or(other.world),
            step: if self.step.is_empty() { other.step } else { self.step },
            rooms: self.rooms.or(other.rooms),
            members: self.members.or(other.members),
            rate: self.rate.or(other.rate),
            seed: self.seed.or(other.seed),
            start_time: self.start_time.or(other.start_time),
            real_time: self.real_time || other.real_time,
            duplicates: self.duplicates.or(other.duplicates),
            reorder: self.reorder.or(other.reorder),
            late: self.late.or(other.late),
            lost: self.lost.or(other.lost),
            connections: self.connections.or(other.connections),
            retry: self.retry.or(other.retry),
        }
    }
}
