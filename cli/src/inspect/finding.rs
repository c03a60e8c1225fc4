//! What was found, and how it is told.

use serde::Serialize;
use serde_json::json;

use crate::failure::{Failure, Result};
use crate::terminal::{self, BAD, FAINT, GOOD, NAME, Styled};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    Good,
    /// Worth knowing, and no fault.
    Note,
    Wrong,
}

/// One thing that was looked at.
#[derive(Clone, Debug, Serialize)]
pub struct Finding {
    pub level: Level,
    /// The part of the input.
    pub about: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expected: Option<String>,
    pub found: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub likely: Option<String>,
}

/// All of them, in the order of the input.
#[derive(Debug, Default)]
pub struct Findings(Vec<Finding>);

impl Findings {
    pub fn good(&mut self, about: impl Into<String>, found: impl Into<String>) {
        self.add(Level::Good, about, None, found, None);
    }

    pub fn note(&mut self, about: impl Into<String>, found: impl Into<String>, likely: &str) {
        self.add(Level::Note, about, None, found, Some(likely.to_owned()));
    }

    pub fn wrong(
        &mut self,
        about: impl Into<String>,
        expected: impl Into<String>,
        found: impl Into<String>,
        likely: impl Into<String>,
    ) {
        self.add(Level::Wrong, about, Some(expected.into()), found, Some(likely.into()));
    }

    fn add(
        &mut self,
        level: Level,
        about: impl Into<String>,
        expected: Option<String>,
        found: impl Into<String>,
        likely: Option<String>,
    ) {
        let (about, found) = (about.into(), found.into());
        self.0.push(Finding { level, about, expected, found, likely });
    }

    fn wrong_count(&self) -> usize {
        self.0.iter().filter(|finding| finding.level == Level::Wrong).count()
    }

    /// Tells them; that something is wrong is a failure.
    pub fn print(&self, form: &str, is_json: bool, is_quiet: bool) -> Result<()> {
        let wrong = self.wrong_count();
        if is_json {
            terminal::json(&json!({ "form": form, "right": wrong == 0, "findings": self.0 }))?;
        } else {
            for finding in self.0.iter().filter(|one| !is_quiet || one.level == Level::Wrong) {
                finding.print()?;
            }
        }
        match wrong {
            0 => Ok(()),
            1 => Err(Failure::operation(format!("1 thing is wrong with this {form}"))),
            many => Err(Failure::operation(format!("{many} things are wrong with this {form}"))),
        }
    }
}

impl Finding {
    fn print(&self) -> Result<()> {
        let (word, style) = match self.level {
            Level::Good => ("good ", GOOD),
            Level::Note => ("note ", FAINT),
            Level::Wrong => ("wrong", BAD),
        };
        let about = Styled(NAME, &self.about);
        if self.expected.is_none() && !self.found.contains('\n') {
            terminal::line(format_args!("{}  {about}  {}", Styled(style, word), self.found))?;
        } else {
            terminal::line(format_args!("{}  {about}", Styled(style, word)))?;
            if let Some(expected) = &self.expected {
                row("expected", expected)?;
            }
            row("found", &self.found)?;
        }
        self.likely.as_ref().map_or(Ok(()), |likely| row("likely", likely))
    }
}

/// A part of a finding; further lines stand below its first.
fn row(name: &str, text: &str) -> Result<()> {
    for (index, line) in text.lines().enumerate() {
        let name = if index == 0 { name } else { "" };
        let name = format!("{name:<8}");
        terminal::line(format_args!("       {} {line}", Styled(FAINT, name)))?;
    }
    Ok(())
}
