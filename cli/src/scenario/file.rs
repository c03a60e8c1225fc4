//! A scenario's file: TOML with the names of the command line's options, and steps.

use std::path::Path;

use super::settings::Settings;
use crate::failure::{Failure, Result};
use crate::input;

/// Reads a scenario's file; `-` is standard input.
pub fn read(file: &Path) -> Result<Settings> {
    let text = input::read_text(file).map_err(|failure| {
        Failure::usage(format!(
            "{}; a scenario is meeting, call or a file, see docs/scenarios.md",
            failure.message()
        ))
    })?;
    let place = |offset: usize| {
        let before = text.get(..offset).unwrap_or_default();
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
        format!("{}:{line}:{column}", input::name(file))
    };
    let mut settings: Settings = toml::from_str(&text).map_err(|error| {
        let offset = error.span().map_or(0, |span| span.start);
        let message = error.message().trim_end().replace('\n', ", ");
        Failure::usage(format!("{}: {message}", place(offset)))
    })?;
    for step in &mut settings.step {
        step.place = place(step.event.offset());
    }
    if settings.world.is_none() {
        let place = place(0);
        return Err(Failure::usage(format!(
            "{place}: no world: expected world = \"meeting\" or \"call\""
        )));
    }
    Ok(settings)
}
