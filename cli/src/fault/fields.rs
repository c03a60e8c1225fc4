//! The event's fields as the vendor's pages show them, differ about them, or do not say.

use super::Expected::{Accepted, Either};
use super::Fault;
use super::draft::Draft;
use crate::json::Node;

/// More than 2^53, as in the sample of Mic.CallbackAfterSeatInfoChanged.
const NUMBER_ACCOUNT: &str = "144115233775727695";

pub const COMMAND: &[Fault] = &[
    Fault {
        name: "unknown-command",
        group: "command",
        expected: Accepted,
        about: "a command that no page has yet: the vendor keeps adding some",
        apply: |draft| {
            let word = draft.command.word();
            let prefix = word.split_once('.').map_or("Room", |(prefix, _)| prefix);
            draft.set_word(&format!("{prefix}.CallbackAfterSomethingNew"))
        },
    },
    Fault {
        name: "alias",
        group: "command",
        expected: Accepted,
        about: "the command's older word, which some pages still have",
        apply: |draft| match draft.command.aliases() {
            [alias, ..] => draft.set_word(alias),
            [] => Err(format!("{} has no older word", draft.command.word())),
        },
    },
];

pub const FIELDS: &[Fault] = &[
    Fault {
        name: "number-accounts",
        group: "fields",
        expected: Accepted,
        about: "accounts as numbers over 2^53, as in the vendor's samples",
        apply: |draft| {
            let mut count = 0;
            each_member(&mut draft.body, &mut |key, value| {
                if key.ends_with("_Account") {
                    count += numbers_for_texts(value);
                }
            });
            changed(count, "it has no account that is a text")
        },
    },
    Fault {
        name: "string-bools",
        group: "fields",
        expected: Accepted,
        about: "booleans as texts, as in the sample of Room.CallbackAfterUpdateRoomInfo",
        apply: |draft| {
            let count = change_scalars(draft, |_, text| {
                matches!(text, "true" | "false").then(|| format!("\"{text}\""))
            });
            changed(count, "it has no boolean")
        },
    },
    Fault {
        name: "other-page",
        group: "fields",
        expected: Accepted,
        about: "words of the vendor's other pages: MediaType, Answer, Conference",
        apply: |draft| {
            let mut count = rename(&mut draft.body, "CallMediaType", "MediaType");
            count += change_scalars(draft, |key, text| {
                let other = match (key, text) {
                    ("ActionType", "\"Accept\"") => "\"Answer\"",
                    ("ActionType", "\"Hangup\"") => "\"Hang Up\"",
                    ("RoomType", "\"Meeting\"") => "\"Conference\"",
                    _ => return None,
                };
                Some(other.to_owned())
            });
            changed(count, "the pages agree about it")
        },
    },
    Fault {
        name: "empty-seat",
        group: "fields",
        expected: Accepted,
        about: "a seat without Member_Account: nobody sits there",
        apply: |draft| {
            let unset = draft.body.unset("SeatList.0.Member_Account");
            unset.map_err(|_| "it has no seats".to_owned())
        },
    },
    Fault {
        name: "unknown-fields",
        group: "fields",
        expected: Accepted,
        about: "fields that no page has yet, in every object",
        apply: |draft| {
            add_to_objects(&mut draft.body);
            Ok(())
        },
    },
    Fault {
        name: "new-words",
        group: "fields",
        expected: Accepted,
        about: "words that no page has yet in Type, ActionType and the like",
        apply: |draft| {
            let count = change_scalars(draft, |key, _| {
                WORDS.contains(&key).then(|| "\"SomethingNew\"".to_owned())
            });
            changed(count, "it has no word out of a list")
        },
    },
    Fault {
        name: "empty-lists",
        group: "fields",
        expected: Accepted,
        about: "lists without elements",
        apply: |draft| {
            let mut count = 0;
            each_member(&mut draft.body, &mut |_, value| {
                if let Node::Array(items) = value {
                    items.clear();
                    count += 1;
                }
            });
            changed(count, "it has no list")
        },
    },
    Fault {
        name: "absent-fields",
        group: "fields",
        expected: Either,
        about: "only command and id: no page says which fields are always there",
        apply: |draft| {
            keep_ids(&mut draft.body);
            Ok(())
        },
    },
    Fault {
        name: "null-fields",
        group: "fields",
        expected: Either,
        about: "null in every field but the command and the ids: no page has null",
        apply: |draft| {
            each_member(&mut draft.body, &mut |key, value| {
                if !is_kept(key) && !matches!(value, Node::Object(_)) {
                    *value = Node::Scalar("null".to_owned());
                }
            });
            Ok(())
        },
    },
    Fault {
        name: "text-numbers",
        group: "fields",
        expected: Either,
        about: "numbers as texts: the pages have it so for other events only",
        apply: |draft| {
            let count = change_scalars(draft, |_, text| {
                text.parse::<f64>().is_ok().then(|| format!("\"{text}\""))
            });
            changed(count, "it has no number")
        },
    },
    Fault {
        name: "no-body-command",
        group: "fields",
        expected: Either,
        about: "CallbackCommand in the query only: no page says that either will do",
        apply: |draft| {
            let unset = draft.body.unset("CallbackCommand");
            unset.map_err(|_| "its body has no CallbackCommand".to_owned())
        },
    },
    Fault {
        name: "wide-text",
        group: "text",
        expected: Accepted,
        about: "Chinese, an emoji and letters beyond U+FFFF in the texts that people write",
        apply: |draft| {
            draft.body.set("SomethingNew", Node::text(WIDE)).map_err(|f| f.message().to_owned())?;
            change_scalars(draft, |key, _| {
                matches!(key, "RoomName" | "CustomInfo").then(|| Node::text(WIDE).to_string())
            });
            Ok(())
        },
    },
    Fault {
        name: "escaped",
        group: "text",
        expected: Accepted,
        about: "the same, every letter escaped: beyond U+FFFF as two surrogates",
        apply: |draft| {
            draft.is_escaped = true;
            Fault::find("wide-text").map_or(Ok(()), |fault| fault.apply(draft))
        },
    },
    Fault {
        name: "nul",
        group: "text",
        expected: Either,
        about: "a text with U+0000, which not every language can hold",
        apply: |draft| add_text(draft, r#""a\u0000b""#),
    },
    Fault {
        name: "lone-surrogate",
        group: "text",
        expected: Either,
        about: "a text with half a pair of surrogates, which is no character",
        apply: |draft| add_text(draft, r#""a\ud83db""#),
    },
];

const WIDE: &str = "\u{4f1a}\u{8bae}\u{5ba4} \u{1f468}\u{200d}\u{1f4bb} \u{1d4b3}\u{e9}";

/// Fields whose value is a word out of a list to which the vendor adds.
const WORDS: &[&str] = &[
    "Type",
    "Reason",
    "RoomType",
    "RoomStatus",
    "TakeSeatMode",
    "CallMediaType",
    "MediaType",
    "CallType",
    "CallResult",
    "Status",
    "ActionType",
];

const IDS: &[&str] = &["RoomId", "CallId"];

fn is_kept(key: &str) -> bool {
    key == "CallbackCommand" || IDS.contains(&key)
}

fn changed(count: usize, otherwise: &str) -> Result<(), String> {
    if count == 0 { Err(otherwise.to_owned()) } else { Ok(()) }
}

fn add_text(draft: &mut Draft, json: &str) -> Result<(), String> {
    let set = draft.body.set("SomethingNew", Node::Scalar(json.to_owned()));
    set.map_err(|failure| failure.message().to_owned())
}

/// Every member of every object, those within a member after it.
fn each_member(node: &mut Node, visit: &mut impl FnMut(&str, &mut Node)) {
    match node {
        Node::Object(members) => {
            for (key, value) in members {
                visit(key, value);
                each_member(value, visit);
            }
        }
        Node::Array(items) => items.iter_mut().for_each(|item| each_member(item, visit)),
        Node::Scalar(_) => {}
    }
}

/// Replaces the scalars that are members of an object; says how many.
fn change_scalars(draft: &mut Draft, change: impl Fn(&str, &str) -> Option<String>) -> usize {
    let mut count = 0;
    each_member(&mut draft.body, &mut |key, value| {
        if let Node::Scalar(text) = value
            && let Some(changed) = change(key, text)
        {
            *text = changed;
            count += 1;
        }
    });
    count
}

fn numbers_for_texts(node: &mut Node) -> usize {
    match node {
        Node::Array(items) => items.iter_mut().map(numbers_for_texts).sum(),
        Node::Scalar(text) if text.starts_with('"') => {
            let digits = text.trim_matches('"');
            let is_number = digits.parse::<u64>().is_ok() && !digits.starts_with('0');
            *text = if is_number { digits.to_owned() } else { NUMBER_ACCOUNT.to_owned() };
            1
        }
        _ => 0,
    }
}

fn rename(node: &mut Node, from: &str, to: &str) -> usize {
    match node {
        Node::Object(members) => members
            .iter_mut()
            .map(|(key, value)| {
                let is_it = key == from;
                if is_it {
                    *key = to.to_owned();
                }
                usize::from(is_it) + rename(value, from, to)
            })
            .sum(),
        Node::Array(items) => items.iter_mut().map(|item| rename(item, from, to)).sum(),
        Node::Scalar(_) => 0,
    }
}

fn add_to_objects(node: &mut Node) {
    match node {
        Node::Object(members) => {
            members.iter_mut().for_each(|(_, value)| add_to_objects(value));
            members.push(("SomethingNew".to_owned(), Node::text("x")));
            members.insert(0, ("Newer".to_owned(), Node::Array(vec![Node::Object(Vec::new())])));
        }
        Node::Array(items) => items.iter_mut().for_each(add_to_objects),
        Node::Scalar(_) => {}
    }
}

/// Leaves the command, the ids, and the objects that hold ids.
fn keep_ids(node: &mut Node) {
    if let Node::Object(members) = node {
        members.retain_mut(|(key, value)| {
            keep_ids(value);
            is_kept(key) || matches!(value, Node::Object(members) if !members.is_empty())
        });
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use tc_callback::catalog::Command;

    use super::*;
    use crate::delivery::{Query, Signed};
    use crate::sample;

    /// Whether a fault changes anything of this command's sample.
    fn applies(name: &str, command: Command) -> bool {
        let query = Query {
            sdk_app_id: 1,
            word: command.word(),
            client_ip: "",
            platform: "",
            signed: Signed::No,
        };
        let body = Node::parse(sample::of(command).unwrap()).unwrap();
        let mut draft = Draft::new(command, &query, body);
        let before = draft.body.to_string();
        Fault::find(name).unwrap().apply(&mut draft).is_ok() && draft.body.to_string() != before
    }

    #[test]
    fn each_fault_changes_some_event_and_says_where_it_changes_none() {
        for fault in COMMAND.iter().chain(FIELDS) {
            assert!(Command::all().any(|command| applies(fault.name, command)), "{}", fault.name);
        }
        assert!(applies("empty-seat", Command::MicAfterSeatInfoChanged));
        assert!(!applies("empty-seat", Command::CallAfterEndCall));
        assert!(!applies("string-bools", Command::CallAfterEndCall));
        assert!(!applies("alias", Command::CallAfterEndCall));
    }
}
