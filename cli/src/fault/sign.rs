//! Sign and RequestTime: sha256(token + time), no more than a minute from now. <https://trtc.io/document/34354>
//! <https://trtc.io/document/64412>

use ring::hmac;

use super::Expected::{Accepted, Either, Refused};
use super::draft::{self, Draft, Parameters, Signing};
use super::{Fault, SIGN_GROUP};
use crate::clock;
use crate::delivery::query::{nobodys_token, sign};

pub const FAULTS: &[Fault] = &[
    Fault {
        name: "bad-sign",
        group: SIGN_GROUP,
        expected: Refused,
        about: "signed with a token that nobody has",
        apply: |draft| {
            draft.signing = Some(Signing::at(&nobodys_token(), 0));
            Ok(())
        },
    },
    Fault {
        name: "no-sign",
        group: SIGN_GROUP,
        expected: Refused,
        about: "neither Sign nor RequestTime",
        apply: |draft| {
            signed(draft)?;
            draft.signing = None;
            Ok(())
        },
    },
    Fault {
        name: "no-request-time",
        group: SIGN_GROUP,
        expected: Refused,
        about: "Sign without RequestTime",
        apply: |draft| {
            edit(draft, |parameters| parameters.retain(|(name, _)| name != "RequestTime"))
        },
    },
    Fault {
        name: "empty-sign",
        group: SIGN_GROUP,
        expected: Refused,
        about: "Sign without a value",
        apply: |draft| {
            edit(draft, |parameters| draft::change(parameters, "Sign", |_| String::new()))
        },
    },
    Fault {
        name: "half-sign",
        group: SIGN_GROUP,
        expected: Refused,
        about: "the first half of the right Sign",
        apply: |draft| {
            edit(draft, |parameters| {
                draft::change(parameters, "Sign", |sign| sign.chars().take(32).collect());
            })
        },
    },
    Fault {
        name: "two-bad-signs",
        group: SIGN_GROUP,
        expected: Refused,
        about: "two Signs, none of them right",
        apply: |draft| {
            draft.signing = Some(Signing::at(&nobodys_token(), 0));
            edit(draft, |parameters| {
                let sign = sign(&nobodys_token(), &value(parameters, "RequestTime"));
                parameters.push(("Sign".to_owned(), sign));
            })
        },
    },
    Fault {
        name: "two-signs",
        group: SIGN_GROUP,
        expected: Either,
        about: "two Signs, the first of them right: which one counts is nowhere said",
        apply: |draft| {
            edit(draft, |parameters| parameters.push(("Sign".to_owned(), "0".repeat(64))))
        },
    },
    Fault {
        name: "no-token-sign",
        group: SIGN_GROUP,
        expected: Refused,
        about: "Sign made of RequestTime alone, as if the token were empty",
        apply: |draft| signed(draft).map(|signing| signing.formula = |_, time| sign("", time)),
    },
    Fault {
        name: "hmac-sign",
        group: SIGN_GROUP,
        expected: Refused,
        about: "HMAC-SHA256 instead of SHA-256",
        apply: |draft| {
            signed(draft).map(|signing| {
                signing.formula = |token, time| {
                    let key = hmac::Key::new(hmac::HMAC_SHA256, token.as_bytes());
                    data_encoding::HEXLOWER.encode(hmac::sign(&key, time.as_bytes()).as_ref())
                };
            })
        },
    },
    Fault {
        name: "upper-case-sign",
        group: SIGN_GROUP,
        expected: Either,
        about: "the right Sign in upper case: the pages have lower case",
        apply: |draft| {
            edit(draft, |parameters| {
                draft::change(parameters, "Sign", str::to_uppercase);
            })
        },
    },
    Fault {
        name: "stale",
        group: SIGN_GROUP,
        expected: Refused,
        about: "RequestTime two minutes ago, rightly signed",
        apply: |draft| at(draft, -120),
    },
    Fault {
        name: "early",
        group: SIGN_GROUP,
        expected: Refused,
        about: "RequestTime in two minutes, rightly signed",
        apply: |draft| at(draft, 120),
    },
    Fault {
        name: "milliseconds",
        group: SIGN_GROUP,
        expected: Refused,
        about: "RequestTime in milliseconds, rightly signed",
        apply: |draft| {
            signed(draft).map(|signing| signing.request_time = clock::now_ms().to_string())
        },
    },
    Fault {
        name: "no-number-time",
        group: SIGN_GROUP,
        expected: Refused,
        about: "RequestTime is a word, rightly signed",
        apply: |draft| signed(draft).map(|signing| signing.request_time = "now".to_owned()),
    },
    Fault {
        name: "half-a-minute-ago",
        group: SIGN_GROUP,
        expected: Accepted,
        about: "RequestTime 30 s ago: within the minute",
        apply: |draft| at(draft, -30),
    },
    Fault {
        name: "in-half-a-minute",
        group: SIGN_GROUP,
        expected: Accepted,
        about: "RequestTime in 30 s: within the minute",
        apply: |draft| at(draft, 30),
    },
];

fn signed(draft: &mut Draft) -> Result<&mut Signing, String> {
    draft.signing.as_mut().ok_or_else(|| "it is not signed: there is no token".to_owned())
}

fn at(draft: &mut Draft, seconds_from_now: i64) -> Result<(), String> {
    let signing = signed(draft)?;
    signing.request_time = Signing::at("", seconds_from_now).request_time;
    Ok(())
}

fn edit(draft: &mut Draft, edit: fn(&mut Parameters)) -> Result<(), String> {
    signed(draft)?;
    draft.query_edits.push(edit);
    Ok(())
}

fn value(parameters: &[(String, String)], name: &str) -> String {
    let found = parameters.iter().find(|(found, _)| found == name);
    found.map(|(_, value)| value.clone()).unwrap_or_default()
}
