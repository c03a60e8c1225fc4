//! The status that a person expects: one, or a class of them.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A status such as 403, or a class such as 4xx.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(try_from = "String", into = "String")]
pub struct Expect {
    text: String,
    first: u16,
    last: u16,
}

impl Expect {
    pub fn matches(&self, status: u16) -> bool {
        (self.first..=self.last).contains(&status)
    }

    /// All of them in a sentence.
    pub fn any_of(all: &[Expect]) -> String {
        all.iter().map(ToString::to_string).collect::<Vec<_>>().join(" or ")
    }
}

impl From<Expect> for String {
    fn from(expect: Expect) -> String {
        expect.text
    }
}

impl TryFrom<String> for Expect {
    type Error = String;

    fn try_from(text: String) -> Result<Expect, String> {
        text.parse()
    }
}

impl fmt::Display for Expect {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.text)
    }
}

impl FromStr for Expect {
    type Err = String;

    fn from_str(text: &str) -> Result<Expect, String> {
        let text = text.to_ascii_lowercase();
        let range = match text.strip_suffix("xx") {
            Some(class) => class.parse().ok().map(|class: u16| (class.saturating_mul(100), 99)),
            None => text.parse().ok().map(|status| (status, 0)),
        };
        match range {
            Some((first, more)) if (100..600).contains(&first) => {
                Ok(Expect { text, first, last: first + more })
            }
            _ => Err("write a status such as 403, or a class such as 4xx".to_owned()),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn a_class_takes_its_hundred_and_a_status_itself() {
        let class: Expect = "4XX".parse().unwrap();
        assert!([400, 413, 499].iter().all(|status| class.matches(*status)));
        assert!([399, 500, 200].iter().all(|status| !class.matches(*status)));
        let status: Expect = "403".parse().unwrap();
        assert!(status.matches(403) && !status.matches(404));
        for wrong in ["", "xx", "9", "9xx", "600", "0xx", "65xx", "99999", "4x", "ok"] {
            assert!(wrong.parse::<Expect>().is_err(), "{wrong}");
        }
    }
}
