//! What can be other than usual in a request, and what a right back end answers to it. Where the vendor's pages leave a back end
//! its choice, so does this.

mod change;
mod draft;
mod fields;
mod form;
mod options;
mod query;
mod sign;
mod text;

pub use draft::{Draft, Message, Signing};
pub use options::{Faults, option};

use crate::delivery::reply;

/// What a right back end does with a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expected {
    /// HTTP 200 and the reply that Tencent asks for.
    Accepted,
    /// Any 4xx, or the reply with ActionStatus FAIL.
    Refused,
    /// One or the other: the vendor's pages do not decide.
    Either,
    /// One or the other, or the end of the connection before all was sent.
    EitherOrClosed,
}

/// Something that is other than usual.
pub struct Fault {
    pub name: &'static str,
    pub group: &'static str,
    pub expected: Expected,
    /// One line on what is sent; of what the vendor's pages do not decide also why.
    pub about: &'static str,
    apply: fn(&mut Draft) -> Result<(), String>,
}

/// The group of faults that only a host with a token can tell.
pub const SIGN_GROUP: &str = "sign";

impl Fault {
    /// Every fault, by group.
    pub fn all() -> impl Iterator<Item = &'static Fault> {
        [
            query::APPLICATION,
            sign::FAULTS,
            query::QUERY,
            fields::COMMAND,
            fields::FIELDS,
            form::FAULTS,
        ]
        .into_iter()
        .flatten()
    }

    pub fn find(name: &str) -> Option<&'static Fault> {
        Fault::all().find(|fault| fault.name == name)
    }

    /// Changes the request; says why if it has nothing that could be changed so.
    pub fn apply(&self, draft: &mut Draft) -> Result<(), String> {
        (self.apply)(draft)
    }
}

/// What a host answered, as far as it is judged.
pub enum Answer<'a> {
    Replied { status: u16, body: &'a [u8] },
    Closed,
    Lost(String),
}

impl Expected {
    /// Says what is wrong with the answer.
    pub fn judge(self, answer: &Answer<'_>) -> Result<(), String> {
        match answer {
            Answer::Closed if self == Expected::EitherOrClosed => Ok(()),
            Answer::Closed => Err("the connection was closed without a reply".to_owned()),
            Answer::Lost(why) => Err(why.clone()),
            Answer::Replied { status, body } => match self {
                Expected::Accepted => reply::check(*status, body),
                Expected::Refused if is_refusal(*status, body) => Ok(()),
                Expected::Refused => Err(format!("{status} is no refusal: any 4xx is")),
                Expected::Either | Expected::EitherOrClosed if is_refusal(*status, body) => Ok(()),
                Expected::Either | Expected::EitherOrClosed => reply::check(*status, body),
            },
        }
    }

    pub fn name(self) -> &'static str {
        match self {
            Expected::Accepted => "200",
            Expected::Refused => "4xx",
            Expected::Either | Expected::EitherOrClosed => "either",
        }
    }
}

/// The vendor's reply has a word for it, too.
fn is_refusal(status: u16, body: &[u8]) -> bool {
    (400..500).contains(&status) || status == 200 && reply::is_failure(body)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use std::collections::HashSet;

    use super::*;

    const OK: &[u8] = br#"{"ActionStatus":"OK","ErrorInfo":"","ErrorCode":0}"#;
    const FAIL: &[u8] = br#"{"ActionStatus":"FAIL","ErrorInfo":"no","ErrorCode":7}"#;

    #[test]
    fn no_two_faults_have_one_name_and_a_group_stands_together() {
        let names: HashSet<&str> = Fault::all().map(|fault| fault.name).collect();
        assert_eq!(names.len(), Fault::all().count());
        let mut groups: Vec<&str> = Fault::all().map(|fault| fault.group).collect();
        groups.dedup();
        assert_eq!(groups.iter().collect::<HashSet<_>>().len(), groups.len());
        assert!(groups.contains(&SIGN_GROUP));
    }

    #[test]
    fn each_answer_is_right_for_what_it_answers_and_for_nothing_else() {
        use Expected::{Accepted, Either, EitherOrClosed, Refused};
        let replied = |status, body| Answer::Replied { status, body };
        for (answer, right) in [
            (replied(200, OK), &[Accepted, Either, EitherOrClosed][..]),
            (replied(200, FAIL), &[Refused, Either, EitherOrClosed]),
            (replied(403, b""), &[Refused, Either, EitherOrClosed]),
            (replied(499, OK), &[Refused, Either, EitherOrClosed]),
            (replied(200, b"{}"), &[]),
            (replied(204, b""), &[]),
            (replied(302, b""), &[]),
            (replied(500, FAIL), &[]),
            (Answer::Closed, &[EitherOrClosed]),
            (Answer::Lost("timed out".to_owned()), &[]),
        ] {
            for expected in [Accepted, Refused, Either, EitherOrClosed] {
                assert_eq!(expected.judge(&answer).is_ok(), right.contains(&expected));
            }
        }
    }
}
