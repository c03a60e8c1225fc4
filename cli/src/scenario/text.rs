//! What is written in the same way on the command line and in a scenario's file.

use std::fmt;
use std::marker::PhantomData;
use std::ops::RangeInclusive;
use std::str::FromStr;
use std::time::Duration;

use serde::Deserialize;
use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserializer, Error, MapAccess, Visitor};
use toml::value::Datetime;

/// A share of the events: `5%`.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Percent(f64);

impl Percent {
    pub fn value(self) -> f64 {
        self.0
    }

    /// That share of a count, rounded.
    pub fn of(self, count: usize) -> usize {
        (count as f64 * self.0 / 100.0).round() as usize
    }
}

impl FromStr for Percent {
    type Err = String;

    fn from_str(text: &str) -> Result<Percent, String> {
        let number = text.strip_suffix('%').unwrap_or(text).trim_end();
        let share = number.parse().ok().filter(|share| (0.0..=100.0).contains(share));
        share.map(Percent).ok_or_else(|| format!("{text:?}: expected a share such as 5% or 0.5%"))
    }
}

/// Events per second.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rate(Option<f64>);

impl Rate {
    /// The time from one event to the next; none if there is no limit.
    pub fn pause(self) -> Option<Duration> {
        self.0.map(|rate| Duration::from_secs_f64(rate.recip()))
    }
}

impl Default for Rate {
    fn default() -> Rate {
        Rate(Some(200.0))
    }
}

impl FromStr for Rate {
    type Err = String;

    fn from_str(text: &str) -> Result<Rate, String> {
        if text == "unlimited" {
            return Ok(Rate(None));
        }
        match text.strip_suffix("/s").unwrap_or(text).parse::<f64>() {
            Ok(0.0) => Ok(Rate(None)),
            Ok(rate) if (0.001..=1e9).contains(&rate) => Ok(Rate(Some(rate))),
            _ => Err(format!("{text:?}: expected events per second such as 200/s, or unlimited")),
        }
    }
}

/// How many members a room has: `2..8`, both included, or `5`.
#[derive(Clone, Debug, PartialEq)]
pub struct Members(pub RangeInclusive<usize>);

/// Members that a room may have: what a conference of the vendor's sample takes.
const MOST_MEMBERS: usize = 300;

impl FromStr for Members {
    type Err = String;

    fn from_str(text: &str) -> Result<Members, String> {
        let (least, most) = text.split_once("..").unwrap_or((text, text));
        match (least.parse(), most.parse()) {
            (Ok(least), Ok(most)) if 2 <= least && least <= most && most <= MOST_MEMBERS => {
                Ok(Members(least..=most))
            }
            _ => Err(format!(
                "{text:?}: expected members such as 2..8 or 5, at least 2 and at most {MOST_MEMBERS}"
            )),
        }
    }
}

/// A time that passes: `200ms`, `1.5s`, `2m`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pause(pub u64);

impl FromStr for Pause {
    type Err = String;

    fn from_str(text: &str) -> Result<Pause, String> {
        let duration = text.parse::<jiff::SignedDuration>().ok();
        let milliseconds = duration.and_then(|duration| u64::try_from(duration.as_millis()).ok());
        let in_a_year = milliseconds.filter(|milliseconds| *milliseconds <= 366 * 24 * 3_600_000);
        in_a_year.map(Pause).ok_or_else(|| {
            format!("{text:?}: expected a time such as 200ms, 1.5s or 2m, of at most a year")
        })
    }
}

/// When the world begins, in milliseconds since 1970: `2026-01-05T09:00:00Z`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct StartTime(pub u64);

impl FromStr for StartTime {
    type Err = String;

    fn from_str(text: &str) -> Result<StartTime, String> {
        let time = text.parse::<jiff::Timestamp>().ok();
        let time = time.and_then(|time| u64::try_from(time.as_millisecond()).ok());
        time.map(StartTime).ok_or_else(|| {
            format!("{text:?}: expected a time from 1970 on such as 2026-01-05T09:00:00Z")
        })
    }
}

/// A number within these bounds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Number<const LEAST: u64, const MOST: u64>(pub u64);

impl<const LEAST: u64, const MOST: u64> FromStr for Number<LEAST, MOST> {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let number = text.parse().ok().filter(|number| (LEAST..=MOST).contains(number));
        number
            .map(Number)
            .ok_or_else(|| format!("{text:?}: expected a whole number from {LEAST} to {MOST}"))
    }
}

/// Reads such a value from a file, where it may also stand as a number.
pub fn from_file<'de, D, T>(deserializer: D) -> Result<Option<T>, D::Error>
where
    D: Deserializer<'de>,
    T: FromStr<Err = String>,
{
    deserializer.deserialize_any(Text(PhantomData)).map(Some)
}

struct Text<T>(PhantomData<T>);

impl<'de, T: FromStr<Err = String>> Visitor<'de> for Text<T> {
    type Value = T;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("text in quotes or a number")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<T, E> {
        text.parse().map_err(E::custom)
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<T, E> {
        self.visit_str(&number.to_string())
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<T, E> {
        self.visit_str(&number.to_string())
    }

    /// A time of TOML's own comes as a map.
    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<T, A::Error> {
        let time = Datetime::deserialize(MapAccessDeserializer::new(map))?;
        self.visit_str(&time.to_string())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn shares_are_of_the_whole_and_rounded() {
        assert_eq!("5%".parse::<Percent>().unwrap().of(1000), 50);
        assert_eq!("0.5".parse::<Percent>().unwrap().of(1000), 5);
        assert_eq!("0 %".parse::<Percent>().unwrap().of(1000), 0);
        for wrong in ["", "%", "-1%", "101%", "NaN", "inf", "5%%"] {
            assert!(wrong.parse::<Percent>().unwrap_err().contains("5%"), "{wrong}");
        }
    }

    #[test]
    fn a_rate_is_a_pause_or_none() {
        assert_eq!("200/s".parse::<Rate>().unwrap().pause(), Some(Duration::from_millis(5)));
        assert_eq!("0.5".parse::<Rate>().unwrap().pause(), Some(Duration::from_secs(2)));
        for unlimited in ["0", "0/s", "unlimited"] {
            assert_eq!(unlimited.parse::<Rate>().unwrap().pause(), None);
        }
        for wrong in ["", "/s", "-1/s", "200/m", "NaN", "inf"] {
            assert!(wrong.parse::<Rate>().unwrap_err().contains("200/s"), "{wrong}");
        }
    }

    #[test]
    fn members_are_a_range_with_both_ends() {
        assert_eq!("2..8".parse(), Ok(Members(2..=8)));
        assert_eq!("5".parse(), Ok(Members(5..=5)));
        for wrong in ["", "1", "1..8", "8..2", "2..", "..8", "2..301", "2..=8"] {
            assert!(wrong.parse::<Members>().unwrap_err().contains("2..8"), "{wrong}");
        }
    }

    #[test]
    fn a_number_is_within_its_bounds() {
        assert_eq!("1".parse(), Ok(Number::<1, 9>(1)));
        assert_eq!("9".parse(), Ok(Number::<1, 9>(9)));
        for wrong in ["", "0", "10", "-1", "1.0"] {
            assert!(wrong.parse::<Number<1, 9>>().unwrap_err().contains("1 to 9"), "{wrong}");
        }
    }

    #[test]
    fn times_are_read_with_their_units() {
        assert_eq!("200ms".parse(), Ok(Pause(200)));
        assert_eq!("1.5s".parse(), Ok(Pause(1500)));
        assert_eq!("2m".parse(), Ok(Pause(120_000)));
        for wrong in ["", "200", "-1s", "2 parsecs", "1000000h"] {
            assert!(wrong.parse::<Pause>().unwrap_err().contains("200ms"), "{wrong}");
        }
        assert_eq!("1970-01-01T00:00:01Z".parse(), Ok(StartTime(1000)));
        for wrong in ["", "now", "1969-12-31T23:59:59Z", "2026-01-05"] {
            assert!(wrong.parse::<StartTime>().unwrap_err().contains("2026"), "{wrong}");
        }
    }
}
