//! The query but for Sign. <https://trtc.io/document/60731>

use super::Expected::{Accepted, Either, Refused};
use super::Fault;
use super::draft;

const APP: &str = "SdkAppid";

pub const APPLICATION: &[Fault] = &[
    Fault {
        name: "wrong-app",
        group: "application",
        expected: Refused,
        about: "SdkAppid of another application",
        apply: |draft| {
            let app = draft.parameters.iter().find(|(name, _)| name == APP);
            let number = app.and_then(|(_, value)| value.parse::<u32>().ok()).unwrap_or_default();
            draft.set_parameter(APP, &number.wrapping_add(1).max(1).to_string());
            Ok(())
        },
    },
    Fault {
        name: "no-app",
        group: "application",
        expected: Refused,
        about: "no SdkAppid: every page says to compare it",
        apply: |draft| {
            draft.parameters.retain(|(name, _)| name != APP);
            Ok(())
        },
    },
    Fault {
        name: "no-number-app",
        group: "application",
        expected: Refused,
        about: "SdkAppid is a word",
        apply: |draft| {
            draft.set_parameter(APP, "abc");
            Ok(())
        },
    },
    Fault {
        name: "two-apps",
        group: "application",
        expected: Either,
        about: "SdkAppid twice, the first of them right: which one counts is nowhere said",
        apply: |draft| {
            draft.parameters.push((APP.to_owned(), "1".to_owned()));
            Ok(())
        },
    },
    Fault {
        name: "other-app-spelling",
        group: "application",
        expected: Either,
        about: "SdkAppId instead of SdkAppid: samples and tables of the pages differ",
        apply: |draft| {
            draft.parameters.iter_mut().filter(|(name, _)| name == APP).for_each(|(name, _)| {
                *name = "SdkAppId".to_owned();
            });
            Ok(())
        },
    },
];

pub const QUERY: &[Fault] = &[
    Fault {
        name: "percent-encoded",
        group: "query",
        expected: Accepted,
        about: "every byte of the query's values as % and two digits",
        apply: |draft| {
            draft.is_percent_encoded = true;
            Ok(())
        },
    },
    Fault {
        name: "reversed-query",
        group: "query",
        expected: Accepted,
        about: "the parameters in reverse order",
        apply: |draft| {
            draft.query_edits.push(|parameters| parameters.reverse());
            Ok(())
        },
    },
    Fault {
        name: "unknown-parameter",
        group: "query",
        expected: Accepted,
        about: "a parameter that no page has yet",
        apply: |draft| {
            draft.parameters.push(("SomethingNew".to_owned(), "1".to_owned()));
            Ok(())
        },
    },
    Fault {
        name: "contenttype-upper-case",
        group: "query",
        expected: Accepted,
        about: "contenttype=JSON, as the pages' tables have it",
        apply: |draft| {
            draft.set_parameter("contenttype", "JSON");
            Ok(())
        },
    },
    Fault {
        name: "new-platform",
        group: "query",
        expected: Accepted,
        about: "an OptPlatform that no page has yet",
        apply: |draft| {
            draft.set_parameter("OptPlatform", "Glasses");
            Ok(())
        },
    },
    Fault {
        name: "ipv6",
        group: "query",
        expected: Accepted,
        about: "ClientIP is an IPv6 address",
        apply: |draft| {
            draft.set_parameter("ClientIP", "2001:db8::1");
            Ok(())
        },
    },
    Fault {
        name: "no-client",
        group: "query",
        expected: Either,
        about: "neither ClientIP nor OptPlatform: some pages of Live omit them",
        apply: |draft| {
            draft.parameters.retain(|(name, _)| name != "ClientIP" && name != "OptPlatform");
            Ok(())
        },
    },
    Fault {
        name: "no-query-command",
        group: "query",
        expected: Either,
        about: "CallbackCommand in the body only: no page says that either will do",
        apply: |draft| {
            draft.parameters.retain(|(name, _)| name != "CallbackCommand");
            Ok(())
        },
    },
    Fault {
        name: "other-query-command",
        group: "query",
        expected: Either,
        about: "another CallbackCommand in the query: so on one page of Live",
        apply: |draft| {
            draft.query_edits.push(|parameters| {
                draft::change(parameters, "CallbackCommand", |_| {
                    "Room.CallbackAfterOther".to_owned()
                });
            });
            Ok(())
        },
    },
    Fault {
        name: "no-content-type",
        group: "query",
        expected: Accepted,
        about: "no Content-Type header: the pages show a request without one",
        apply: |draft| {
            draft.content_type = None;
            Ok(())
        },
    },
    Fault {
        name: "charset",
        group: "query",
        expected: Accepted,
        about: "Content-Type: application/json; charset=utf-8",
        apply: |draft| {
            draft.content_type = Some("application/json; charset=utf-8");
            Ok(())
        },
    },
];
