//! What is wrong with a body, and where: what the library refuses, and what differs from the vendor's sample.

use serde::Serialize;
use serde_json::value::RawValue;
use tc_callback::catalog::Command;
use tc_callback::event::{Limits, parse};

use crate::json;
use crate::sample;

/// More notes than these help nobody.
const MAX_PROBLEMS: usize = 50;

#[derive(Serialize)]
pub struct Findings {
    problems: Vec<Problem>,
}

#[derive(Debug, Serialize)]
pub struct Problem {
    /// A host will refuse it; else it merely differs from the sample.
    is_error: bool,
    /// From 1.
    line: usize,
    /// From 1, in characters.
    column: usize,
    message: String,
}

/// Reads a body as the library does, and beside the sample of the command that `word` means.
pub fn check(word: &str, body: &str) -> Findings {
    let mut checker = Checker { body, problems: Vec::new() };
    match serde_json::from_str::<&RawValue>(body) {
        Err(error) => checker.syntax(&error),
        Ok(root) => checker.event(word, root),
    }
    let mut problems = checker.problems;
    problems.sort_by_key(|problem| (!problem.is_error, problem.line, problem.column));
    problems.truncate(MAX_PROBLEMS);
    Findings { problems }
}

struct Checker<'a> {
    body: &'a str,
    problems: Vec<Problem>,
}

impl<'a> Checker<'a> {
    fn syntax(&mut self, error: &serde_json::Error) {
        let line = self.body.split_inclusive('\n').nth(error.line().saturating_sub(1));
        let before = self.body.split_inclusive('\n').take(error.line().saturating_sub(1));
        let start: usize = before.map(str::len).sum();
        let column = error.column().saturating_sub(1).min(line.map_or(0, str::len));
        let message = error.to_string();
        let what = message.rsplit_once(" at line ").map_or(message.as_str(), |(what, _)| what);
        self.add(true, start + column, format!("not JSON: {what}"));
    }

    fn event(&mut self, word: &str, root: &'a RawValue) {
        if let Err(error) = parse(b"", self.body.as_bytes(), &Limits::default()) {
            self.add(true, error.offset().unwrap_or_default(), error.message().to_owned());
        }
        if kind(root) != "an object" {
            return;
        }
        self.command(word, root);
        let sample = sample::of(Command::from_word(word)).unwrap_or("{}");
        if let Ok(sample) = serde_json::from_str(sample) {
            self.compare("", sample, root);
        }
    }

    fn command(&mut self, word: &str, root: &'a RawValue) {
        let members = json::members(root).unwrap_or_default();
        let found = members.iter().find(|(name, _)| name == COMMAND);
        let Some((_, found)) = found else { return };
        let text = serde_json::from_str::<String>(found.get()).unwrap_or_default();
        if text != word {
            let message = format!("{COMMAND} is {}, in the URL it is {word:?}", found.get());
            self.add(true, self.place(found), message);
        }
    }

    /// Says where the body is not like the sample: the vendor's pages contradict each other, so that is no error.
    fn compare(&mut self, path: &str, sample: &RawValue, body: &'a RawValue) {
        let (expected, found) = (kind(sample), kind(body));
        if expected != found {
            let message = format!("{path} is {found}, in Tencent's sample it is {expected}");
            return self.add(false, self.place(body), message);
        }
        match expected {
            "an object" => self.compare_members(path, sample, body),
            "an array" => {
                let sample = json::items(sample).unwrap_or_default();
                let Some(sample) = sample.first() else { return };
                for (index, item) in json::items(body).unwrap_or_default().iter().enumerate() {
                    self.compare(&join(path, &index.to_string()), sample, item);
                }
            }
            _ => {}
        }
    }

    fn compare_members(&mut self, path: &str, sample: &RawValue, body: &'a RawValue) {
        let expected = json::members(sample).unwrap_or_default();
        let members = json::members(body).unwrap_or_default();
        for (index, (name, value)) in members.iter().enumerate() {
            let path = join(path, name);
            if members[..index].iter().any(|(earlier, _)| earlier == name) {
                self.add(false, self.place(value), format!("{path} stands there twice"));
            }
            match expected.iter().find(|(known, _)| known == name) {
                Some((_, sample)) => self.compare(&path, sample, value),
                None => {
                    self.add(false, self.place(value), format!("{path} is not in Tencent's sample"))
                }
            }
        }
        for (name, _) in &expected {
            if !members.iter().any(|(known, _)| known == name) {
                let is_needed = path.is_empty() && name == COMMAND;
                let path = join(path, name);
                self.add(is_needed, self.place(body), format!("{path} is missing"));
            }
        }
    }

    /// The byte at which a part of the body begins.
    fn place(&self, part: &RawValue) -> usize {
        part.get().as_ptr().addr() - self.body.as_ptr().addr()
    }

    fn add(&mut self, is_error: bool, offset: usize, message: String) {
        let before = (0..=offset.min(self.body.len())).rev();
        let before = before.filter_map(|end| self.body.get(..end)).next().unwrap_or_default();
        let line_start = before.rfind('\n').map_or(0, |end| end + 1);
        let line = before.matches('\n').count() + 1;
        let column = before[line_start..].chars().count() + 1;
        self.problems.push(Problem { is_error, line, column, message });
    }
}

const COMMAND: &str = "CallbackCommand";

fn kind(value: &RawValue) -> &'static str {
    match value.get().as_bytes().first() {
        Some(b'{') => "an object",
        Some(b'[') => "an array",
        Some(b'"') => "text",
        Some(b't' | b'f') => "a boolean",
        Some(b'n') => "null",
        _ => "a number",
    }
}

fn join(path: &str, name: &str) -> String {
    match path {
        "" => name.to_owned(),
        path => format!("{path}.{name}"),
    }
}
