//! Injections as they are written on the command line: `[SERVICE/OPERATION=]VALUE`.

use std::time::Duration;

use super::api::Api;
use super::injection::{Fault, Injection};

type Parsed = Result<Injection, String>;

impl Injection {
    /// `[API=]CODE:PERCENT%`.
    pub fn parse_fail(text: &str) -> Parsed {
        with_api(text, |value| {
            let (code, percent) =
                value.split_once(':').ok_or("write CODE:PERCENT%, such as 100001:10%")?;
            match code.parse() {
                Ok(0) => Err("0 is success: write one of Tencent's error codes".to_owned()),
                Ok(code) => Ok(Injection::new(Fault::Fail(code)).percent(parse_percent(percent)?)),
                Err(_) => {
                    Err(format!("{code:?} is not an error code: write a number, such as 100001"))
                }
            }
        })
    }

    /// `[API=]STATUS[:PERCENT%]`.
    pub fn parse_http(text: &str) -> Parsed {
        with_api(text, |value| {
            let (status, percent) = match value.split_once(':') {
                Some((status, percent)) => (status, parse_percent(percent)?),
                None => (value, 100.0),
            };
            match status.parse() {
                Ok(status @ 200..=599) => Ok(Injection::new(Fault::Http(status)).percent(percent)),
                _ => Err(format!("{status:?} is not an HTTP status from 200 to 599, such as 502")),
            }
        })
    }

    /// `[API=]DURATION` or `[API=]DURATION..DURATION`.
    pub fn parse_latency(text: &str) -> Parsed {
        with_api(text, |value| {
            let (least, most) = value.split_once("..").unwrap_or((value, value));
            let (least, most) = (parse_duration(least)?, parse_duration(most)?);
            if least > most {
                return Err(format!(
                    "{least:?} is longer than {most:?}: write the shorter one first"
                ));
            }
            Ok(Injection::new(Fault::Latency(least..=most)))
        })
    }

    /// `[API=]PERCENT%` after the request was carried out.
    pub fn parse_drop(text: &str) -> Parsed {
        with_api(text, |value| Ok(Injection::new(Fault::Drop).percent(parse_percent(value)?)))
    }

    /// `[API=]PERCENT%` before the request is carried out.
    pub fn parse_drop_before(text: &str) -> Parsed {
        with_api(text, |value| Ok(Injection::new(Fault::DropBefore).percent(parse_percent(value)?)))
    }
}

fn with_api(text: &str, parse: impl FnOnce(&str) -> Parsed) -> Parsed {
    let Some((api, value)) = text.split_once('=') else { return parse(text) };
    let (service, operation) = api
        .split_once('/')
        .ok_or_else(|| format!("{api:?} is not an API: write such as room_config/set_callback"))?;
    let api = Api::find(service, operation)?;
    Ok(parse(value)?.only(api.product, api.operation))
}

fn parse_percent(text: &str) -> Result<f64, String> {
    let number = text.strip_suffix('%').and_then(|number| number.parse::<f64>().ok());
    number
        .filter(|percent| (0.0..=100.0).contains(percent))
        .ok_or_else(|| format!("{text:?} is not a percentage from 0% to 100%, such as 10%"))
}

fn parse_duration(text: &str) -> Result<Duration, String> {
    let unsuitable = || format!("{text:?} is not a time up to an hour, such as 50ms or 2s");
    let (number, per_second) = match (text.strip_suffix("ms"), text.strip_suffix('s')) {
        (Some(number), _) => (number, 1000.0),
        (None, Some(number)) => (number, 1.0),
        (None, None) => return Err(unsuitable()),
    };
    let seconds = number.parse::<f64>().map_err(|_| unsuitable())? / per_second;
    match (0.0..=3600.0).contains(&seconds) {
        true => Ok(Duration::from_secs_f64(seconds)),
        false => Err(unsuitable()),
    }
}
