//! Faults that are put in on purpose: how often, for which API, and which of them meet a request.

use std::fmt::{Display, Formatter};
use std::ops::RangeInclusive;
use std::time::Duration;

use tc_callback::catalog::{ErrorCode, Operation, Product};

use super::api::Api;
use super::chance::{Chance, Draw};

/// What is put in.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Fault {
    /// The connection is closed without an answer, and the request is not carried out.
    DropBefore,
    /// An HTML page with this HTTP status, as a proxy sends it; the request is not carried out.
    Http(u16),
    /// A refusal with this error code. The request is not carried out. One that is refused anyway keeps its own code.
    Fail(i64),
    /// The answer comes this much later. The request is carried out at once.
    Latency(RangeInclusive<Duration>),
    /// The connection is closed without an answer, after the request was carried out.
    Drop,
}

/// A fault, how often, and of which API.
#[derive(Clone, Debug, PartialEq)]
pub struct Injection {
    fault: Fault,
    percent: f64,
    api: Option<Api>,
}

impl Injection {
    /// A fault for every request.
    pub fn new(fault: Fault) -> Injection {
        Injection { fault, percent: 100.0, api: None }
    }

    /// Only for this percentage of the requests, 0 to 100, drawn for each on its own.
    pub fn percent(mut self, percent: f64) -> Injection {
        self.percent = percent;
        self
    }

    /// Only for this API.
    pub fn only(mut self, product: Product, operation: Operation) -> Injection {
        self.api = Some(Api { product, operation });
        self
    }
}

impl Display for Fault {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> std::fmt::Result {
        match self {
            Fault::DropBefore => formatter.write_str("not carried out, connection closed"),
            Fault::Http(status) => write!(formatter, "not carried out, HTTP status {status}"),
            Fault::Fail(code) => write!(formatter, "{code}, {}", meaning(*code)),
            Fault::Latency(range) if range.start() == range.end() => {
                write!(formatter, "{:.1?} late", range.start())
            }
            Fault::Latency(range) => {
                write!(formatter, "{:.1?} to {:.1?} late", range.start(), range.end())
            }
            Fault::Drop => formatter.write_str("answer lost, connection closed"),
        }
    }
}

impl Display for Injection {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> std::fmt::Result {
        match self.api {
            Some(api) => write!(formatter, "{}% of {api}: {}", self.percent, self.fault),
            None => write!(formatter, "{}% of all requests: {}", self.percent, self.fault),
        }
    }
}

/// What the vendor documents about a code.
pub fn meaning(code: i64) -> &'static str {
    ErrorCode::find(code).map_or("a code that Tencent does not document", |row| row.meaning)
}

/// What meets one request.
#[derive(Default)]
pub struct Plan {
    /// [`Fault::DropBefore`] or [`Fault::Http`].
    pub instead: Option<Fault>,
    pub fail: Option<i64>,
    pub latency: Duration,
    pub drop: bool,
}

/// All that is put in, and the draws.
pub struct Injections {
    rules: Vec<(Injection, Draw)>,
    chance: Chance,
}

impl Injections {
    pub fn new(injections: Vec<Injection>, chance: Chance) -> Injections {
        let mut rules: Vec<(Injection, Draw)> = Vec::new();
        for injection in injections {
            let kind = kind(&injection.fault);
            let rule = rules.iter().filter(|(_, draw)| draw.kind == kind).count();
            // Numbered within its kind, so that what else is put in does not change its draws.
            rules.push((injection, Draw { kind, rule: u32::try_from(rule).unwrap_or(u32::MAX) }));
        }
        Injections { rules, chance }
    }

    /// What meets the request of this number: of each kind the first rule that applies.
    pub fn plan(&self, number: u64, api: Option<Api>) -> Plan {
        let mut plan = Plan::default();
        for (injection, draw) in self.rules.iter().rev() {
            let applies = injection.api.is_none() || injection.api == api;
            if !applies || self.chance.fraction(number, *draw) * 100.0 >= injection.percent {
                continue;
            }
            match &injection.fault {
                fault @ (Fault::DropBefore | Fault::Http(_)) => plan.instead = Some(fault.clone()),
                Fault::Fail(code) => plan.fail = Some(*code),
                Fault::Latency(range) => plan.latency = self.within(range, number, *draw),
                Fault::Drop => plan.drop = true,
            }
        }
        plan
    }

    fn within(&self, range: &RangeInclusive<Duration>, number: u64, draw: Draw) -> Duration {
        let draw = Draw { kind: LENGTH, ..draw };
        let width = range.end().saturating_sub(*range.start());
        *range.start() + width.mul_f64(self.chance.fraction(number, draw))
    }
}

/// The draw of how long, which is another than that of whether.
const LENGTH: u8 = 0;

fn kind(fault: &Fault) -> u8 {
    match fault {
        Fault::DropBefore => 1,
        Fault::Http(_) => 2,
        Fault::Fail(_) => 3,
        Fault::Latency(_) => 4,
        Fault::Drop => 5,
    }
}
