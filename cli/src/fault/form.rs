//! The body as JSON: written otherwise, broken, or very large.

use super::Expected::{Accepted, Either, EitherOrClosed, Refused};
use super::Fault;
use super::draft::Draft;
use crate::json::Node;

/// Twice what proxies let through unless they are told otherwise; an event of the vendor's has hundreds of bytes.
const HUGE: usize = 2 * 1024 * 1024;

const DEEP: usize = 10_000;

pub const FAULTS: &[Fault] = &[
    Fault {
        name: "shuffled",
        group: "json",
        expected: Accepted,
        about: "the fields of every object in reverse order",
        apply: |draft| {
            reverse(&mut draft.body);
            Ok(())
        },
    },
    Fault {
        name: "pretty",
        group: "json",
        expected: Accepted,
        about: "line ends and indents, as in the vendor's samples",
        apply: |draft| {
            draft.is_pretty = true;
            Ok(())
        },
    },
    Fault {
        name: "duplicate-keys",
        group: "json",
        expected: Either,
        about: "a field twice: JSON leaves open which one counts",
        apply: |draft| {
            if let Node::Object(members) = &mut draft.body {
                members.extend(members.last().cloned());
            }
            Ok(())
        },
    },
    Fault {
        name: "byte-order-mark",
        group: "json",
        expected: Either,
        about: "a byte-order mark before the body: JSON lets a reader ignore or refuse it",
        apply: |draft| edit(draft, |bytes| drop(bytes.splice(0..0, *b"\xEF\xBB\xBF"))),
    },
    Fault {
        name: "not-utf-8",
        group: "json",
        expected: Either,
        about: "bytes that are no UTF-8: some readers put another character",
        apply: |draft| {
            let set = draft.body.set("SomethingNew", Node::text("\u{fffd}"));
            set.map_err(|failure| failure.message().to_owned())?;
            edit(draft, |bytes| {
                if let Some(at) = bytes.windows(3).position(|bytes| bytes == b"\xEF\xBF\xBD") {
                    bytes.splice(at..at + 3, *b"\xC3\x28\xFF");
                }
            })
        },
    },
    Fault {
        name: "deep",
        group: "json",
        expected: Either,
        about: "10,000 arrays in each other: a reader may have a limit, but must not end",
        apply: |draft| {
            edit(draft, |bytes| {
                let field = format!(r#","SomethingNew":{}{}"#, "[".repeat(DEEP), "]".repeat(DEEP));
                let end = bytes.iter().rposition(|byte| *byte == b'}').unwrap_or(bytes.len());
                bytes.splice(end..end, field.into_bytes());
            })
        },
    },
    Fault {
        name: "huge",
        group: "json",
        expected: EitherOrClosed,
        about: "2 MiB of white space in the body: no page has a limit",
        apply: |draft| {
            edit(draft, |bytes| {
                let at = bytes.len().min(1);
                bytes.splice(at..at, std::iter::repeat_n(b' ', HUGE));
            })
        },
    },
    Fault {
        name: "truncate",
        group: "json",
        expected: Refused,
        about: "the first half of the body",
        apply: |draft| edit(draft, cut_off),
    },
    Fault {
        name: "empty-body",
        group: "json",
        expected: Refused,
        about: "no body",
        apply: |draft| edit(draft, Vec::clear),
    },
    Fault {
        name: "no-object",
        group: "json",
        expected: Refused,
        about: "the body is a list",
        apply: |draft| edit(draft, |bytes| *bytes = b"[]".to_vec()),
    },
    Fault {
        name: "no-json",
        group: "json",
        expected: Refused,
        about: "the body is a form: a=1&b=2",
        apply: |draft| edit(draft, |bytes| *bytes = b"a=1&b=2".to_vec()),
    },
    Fault {
        name: "trailing-garbage",
        group: "json",
        expected: Refused,
        about: "another closing brace behind the body",
        apply: |draft| edit(draft, |bytes| bytes.push(b'}')),
    },
];

fn edit(draft: &mut Draft, edit: fn(&mut Vec<u8>)) -> Result<(), String> {
    draft.byte_edits.push(edit);
    Ok(())
}

/// In the middle, and not within a character.
fn cut_off(bytes: &mut Vec<u8>) {
    let is_boundary = |at: &usize| bytes.get(*at).is_none_or(|byte| byte & 0xC0 != 0x80);
    let middle = (0..=bytes.len() / 2).rev().find(is_boundary);
    bytes.truncate(middle.unwrap_or_default());
}

fn reverse(node: &mut Node) {
    match node {
        Node::Object(members) => {
            members.reverse();
            members.iter_mut().for_each(|(_, value)| reverse(value));
        }
        Node::Array(items) => items.iter_mut().for_each(reverse),
        Node::Scalar(_) => {}
    }
}
