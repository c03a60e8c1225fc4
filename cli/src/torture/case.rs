//! The cases: the events as they are, each with each fault, and several in a row.

use crate::fault::Expected::{Accepted, EitherOrClosed, Refused};
use crate::fault::{Draft, Expected, Fault, SIGN_GROUP, Signing};

/// A request and what a right back end does with it.
pub struct Step {
    pub draft: Draft,
    pub expected: Expected,
}

/// One case, for any event.
#[derive(Clone, Copy)]
pub struct Kind {
    pub group: &'static str,
    pub name: &'static str,
    pub about: &'static str,
    make: Make,
}

#[derive(Clone, Copy)]
enum Make {
    Fault(&'static Fault),
    /// Requests one after the other on a connection: a fault or none, and what is expected.
    Row(&'static [(Option<&'static str>, Expected)]),
    /// Signed requests, so many seconds from now.
    Times(&'static [i64]),
}

const AS_SENT: (Option<&str>, Expected) = (None, Accepted);

const ROWS: &[Kind] = &[
    Kind {
        group: "sequence",
        name: "repeat",
        about: "the same bytes twice: the vendor may deliver again",
        make: Make::Row(&[AS_SENT, AS_SENT]),
    },
    Kind {
        group: "sequence",
        name: "keep-alive",
        about: "eight on one connection",
        make: Make::Row(&[AS_SENT; 8]),
    },
    Kind {
        group: "sequence",
        name: "after-refusal",
        about: "a broken body, then a right one on the same connection",
        make: Make::Row(&[(Some("truncate"), Refused), AS_SENT]),
    },
    Kind {
        group: "sequence",
        name: "after-huge",
        about: "a body of 2 MiB, then a usual one",
        make: Make::Row(&[(Some("huge"), EitherOrClosed), AS_SENT]),
    },
    Kind {
        group: "sequence",
        name: "times-out-of-order",
        about: "RequestTimes within the minute that do not ascend",
        make: Make::Times(&[-10, -40, 20, -25, 0]),
    },
];

const PLAIN: Kind = Kind {
    group: "event",
    name: "as-sent",
    about: "the vendor's own sample",
    make: Make::Row(&[AS_SENT]),
};

impl Kind {
    pub fn all() -> impl Iterator<Item = Kind> {
        let of_fault = |fault: &'static Fault| Kind {
            group: fault.group,
            name: fault.name,
            about: fault.about,
            make: Make::Fault(fault),
        };
        std::iter::once(PLAIN).chain(Fault::all().map(of_fault)).chain(ROWS.iter().copied())
    }

    /// The requests for an event; an error if it has nothing that the fault could change.
    pub fn steps(self, draft: &Draft) -> Result<Vec<Step>, String> {
        match self.make {
            Make::Fault(fault) => Ok(vec![with(draft, Some(fault), fault.expected)?]),
            Make::Row(row) => row
                .iter()
                .map(|(fault, expected)| with(draft, fault.and_then(Fault::find), *expected))
                .collect(),
            Make::Times(seconds) => {
                Ok(seconds.iter().map(|seconds| signed_at(draft, *seconds)).collect())
            }
        }
    }

    /// Whether only a signed request can show it.
    pub fn needs_token(self) -> bool {
        self.group == SIGN_GROUP || matches!(self.make, Make::Times(_))
    }

    /// The fault, if it is that alone.
    pub fn fault(self) -> Option<&'static Fault> {
        match self.make {
            Make::Fault(fault) => Some(fault),
            _ => None,
        }
    }

    pub fn is_plain(self) -> bool {
        self.name == PLAIN.name
    }

    /// What a right back end answers, one word for requests that expect the same.
    pub fn expected(self) -> String {
        let mut names: Vec<&str> = match self.make {
            Make::Fault(fault) => vec![fault.expected.name()],
            Make::Row(row) => row.iter().map(|(_, expected)| expected.name()).collect(),
            Make::Times(_) => vec![Accepted.name()],
        };
        names.dedup();
        names.join(", ")
    }

    /// Whether the vendor's pages leave the answer open.
    pub fn is_open(self) -> bool {
        self.fault().is_some_and(|fault| !matches!(fault.expected, Accepted | Refused))
    }
}

/// Every group, in its order.
pub fn groups() -> Vec<&'static str> {
    let mut groups: Vec<&str> = Kind::all().map(|kind| kind.group).collect();
    groups.dedup();
    groups
}

fn with(draft: &Draft, fault: Option<&Fault>, expected: Expected) -> Result<Step, String> {
    let mut draft = draft.clone();
    if let Some(signing) = &mut draft.signing {
        *signing = Signing::at(&signing.token, 0);
    }
    if let Some(fault) = fault {
        fault.apply(&mut draft)?;
    }
    Ok(Step { draft, expected })
}

fn signed_at(draft: &Draft, seconds: i64) -> Step {
    let mut draft = draft.clone();
    if let Some(signing) = &mut draft.signing {
        *signing = Signing::at(&signing.token, seconds);
    }
    Step { draft, expected: Accepted }
}
