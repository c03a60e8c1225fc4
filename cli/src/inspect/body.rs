//! The body of a callback.

use tc_callback::catalog::Command;
use tc_callback::event::{self, Limits};

use super::excerpt::excerpt;
use super::finding::Findings;
use super::near::nearest;
use super::url::judge_command;
use crate::json::Node;
use crate::sample;

pub fn inspect(bytes: &[u8]) -> Findings {
    let mut findings = Findings::default();
    let bytes = without_mark(bytes, &mut findings);
    let Some(text) = text(bytes, &mut findings) else { return findings };
    let Some(body) = json(text, &mut findings) else { return findings };
    let Node::Object(members) = &body else {
        findings.wrong(
            "body",
            "a JSON object",
            "another JSON value",
            "an array of events, or not a callback: each is posted alone",
        );
        return findings;
    };
    let Some(word) = command(members, &mut findings) else { return findings };
    let command = Command::from_word(&word);
    if let Some(sample) = sample::of(command).and_then(|text| Node::parse(text).ok()) {
        compare(&sample, &body, "", &mut findings);
    }
    time(&body, &mut findings);
    mistyped(bytes, &mut findings);
    findings
}

fn without_mark<'a>(bytes: &'a [u8], findings: &mut Findings) -> &'a [u8] {
    match bytes.strip_prefix(b"\xEF\xBB\xBF") {
        None => bytes,
        Some(rest) => {
            findings.wrong(
                "body",
                "JSON from the first byte",
                "a byte-order mark",
                "it was written by an editor: JSON readers may refuse it",
            );
            rest
        }
    }
}

fn text<'a>(bytes: &'a [u8], findings: &mut Findings) -> Option<&'a str> {
    std::str::from_utf8(bytes)
        .map_err(|error| {
            let at = error.valid_up_to();
            let found = format!("byte {at} is {:#04x}", bytes.get(at).copied().unwrap_or_default());
            findings.wrong(
                "body",
                "UTF-8",
                found,
                "written in another encoding, such as GBK, or not the body",
            );
        })
        .ok()
}

fn json(text: &str, findings: &mut Findings) -> Option<Node> {
    if text.trim().is_empty() {
        findings.wrong(
            "body",
            "a JSON object",
            "nothing",
            "something has read the body before, such as a framework's middleware",
        );
        return None;
    }
    match serde_json::from_str::<&serde_json::value::RawValue>(text) {
        Ok(_) => match Node::parse(text) {
            Ok(body) => {
                findings.good("JSON", format!("{} bytes", text.len()));
                Some(body)
            }
            Err(why) => {
                findings.wrong("JSON", "an event", why, "made to exhaust its reader");
                None
            }
        },
        Err(error) => {
            let (line, column) = (error.line(), error.column());
            let found = format!("{error}\n{}", excerpt(text, line, column));
            findings.wrong("JSON", "one JSON object", found, cause(text, &error));
            None
        }
    }
}

/// What somebody did who wrote this.
fn cause(text: &str, error: &serde_json::Error) -> &'static str {
    let start: usize =
        text.split_inclusive('\n').take(error.line().saturating_sub(1)).map(str::len).sum();
    let at = (start + error.column().saturating_sub(1)).min(text.len());
    let (before, rest) = (&text.as_bytes()[..at], &text.as_bytes()[at..]);
    let last = before.iter().rev().find(|byte| !byte.is_ascii_whitespace());
    let first = text.trim_start().as_bytes().first();
    match (rest.first(), last) {
        _ if error.to_string().starts_with("control character") => {
            "a line end or another control character within a text: it must be escaped"
        }
        _ if error.is_eof() => "truncated: the end is missing",
        _ if first.is_some_and(|byte| !b"{[\"".contains(byte)) && text.contains('=') => {
            "a form, not JSON: a framework has read the body"
        }
        (Some(b'/' | b'#'), _) => "a comment: JSON has none, though the vendor's pages print some",
        (Some(b'}' | b']'), Some(b',')) => {
            "a comma behind the last field, as the vendor's pages print it"
        }
        (Some(b'"'), _) => "a comma is missing before it, as on the vendor's pages",
        (Some(b'\''), _) => "single quotes: JSON has double ones",
        (Some(b'T' | b'F' | b'N'), _) => "a value of Python's: JSON has true, false and null",
        (Some(b'}' | b']' | b'{'), _) => "something follows the body, or a bracket is too many",
        _ => "not JSON there",
    }
}

fn command(members: &[(String, Node)], findings: &mut Findings) -> Option<String> {
    const NAME: &str = "CallbackCommand";
    if let Some((_, value)) = members.iter().find(|(name, _)| name == NAME) {
        let word = value.as_text();
        match &word {
            Some(word) => judge_command(findings, word),
            None => findings.wrong(NAME, "a text", value.to_string(), "written by hand"),
        }
        return word;
    }
    let engine = members.iter().any(|(name, _)| name == "EventGroupId");
    let near = members.iter().find(|(name, _)| nearest(name, [NAME]).is_some());
    match near {
        Some((name, _)) => findings.wrong(
            NAME,
            NAME,
            name.as_str(),
            "misspelled: names are compared with their case",
        ),
        None if engine => findings.wrong(
            NAME,
            "in the body",
            "none, but EventGroupId",
            "a callback of the TRTC engine, which is another protocol",
        ),
        None => findings.wrong(
            NAME,
            "in the body",
            "none",
            "not a callback, or of the older version 1, which is another protocol",
        ),
    }
    None
}

/// Compares with the vendor's sample: fields that are missing, misspelled or new.
fn compare(sample: &Node, found: &Node, path: &str, findings: &mut Findings) {
    match (sample, found) {
        (Node::Object(wanted), Node::Object(members)) => {
            let is_in =
                |name: &str, list: &[(String, Node)]| list.iter().any(|(known, _)| known == name);
            let missing: Vec<&str> = wanted
                .iter()
                .map(|(name, _)| name.as_str())
                .filter(|name| !is_in(name, members))
                .collect();
            let mut meant = Vec::new();
            for (name, _) in members.iter().filter(|(name, _)| !is_in(name, wanted)) {
                let place = format!("{path}{name}");
                match nearest(name, missing.iter().copied()) {
                    Some(right) => {
                        meant.push(right);
                        let likely = if right.eq_ignore_ascii_case(name) {
                            "spelled in another case"
                        } else {
                            "misspelled"
                        };
                        findings.wrong(place, right, name.as_str(), likely);
                    }
                    None => findings.note(
                        place,
                        "not in the vendor's sample",
                        "newer, or of another page: to be passed over",
                    ),
                }
            }
            for name in missing.into_iter().filter(|name| !meant.contains(name)) {
                findings.note(
                    format!("{path}{name}"),
                    "missing",
                    "it is in the vendor's sample; which fields are always sent is not documented",
                );
            }
            for (name, value) in members {
                if let Some((_, wanted)) = wanted.iter().find(|(known, _)| known == name) {
                    compare(wanted, value, &format!("{path}{name}."), findings);
                }
            }
        }
        (Node::Array(wanted), Node::Array(items)) => {
            for (index, item) in items.iter().enumerate() {
                if let Some(wanted) = wanted.first() {
                    compare(wanted, item, &format!("{path}{index}."), findings);
                }
            }
        }
        (Node::Scalar(wanted), Node::Scalar(found)) if kind(wanted) != kind(found) => {
            let place = path.trim_end_matches('.');
            let told = format!("{found}: {} instead of {}", kind(found), kind(wanted));
            findings.note(
                place,
                told,
                "the vendor's pages differ about some types: a receiver should take both",
            );
        }
        _ => {}
    }
}

fn kind(json: &str) -> &'static str {
    match json.as_bytes().first() {
        Some(b'"') => "a text",
        Some(b't' | b'f') => "a boolean",
        Some(b'n') => "null",
        _ => "a number",
    }
}

fn time(body: &Node, findings: &mut Findings) {
    let time = body
        .get("EventTime")
        .and_then(|time| time.to_string().trim_matches('"').parse::<u64>().ok());
    match time {
        Some(time) if time > 0 && time < 100_000_000_000 => {
            findings.wrong(
                "EventTime",
                "milliseconds since 1970",
                time.to_string(),
                "seconds instead of milliseconds",
            );
        }
        _ => {}
    }
}

/// What the library's own reader finds in fields that it knows.
fn mistyped(bytes: &[u8], findings: &mut Findings) {
    match event::parse(b"", bytes, &Limits::default()) {
        Ok(event) => {
            if let Some(mismatch) = event.mismatch.get() {
                let more = event.mismatch_count.saturating_sub(1);
                let found = if more == 0 {
                    mismatch.to_owned()
                } else {
                    format!("{mismatch}, and {more} more")
                };
                findings.wrong(
                    "fields",
                    "the documented types",
                    found,
                    "a type that no page has: the library leaves the field absent",
                );
            }
        }
        Err(error) => {
            findings.wrong("body", "a callback", error.message(), "the library refuses it")
        }
    }
}
