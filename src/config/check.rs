//! Checks before anything is sent.

use std::collections::BTreeSet;

use crate::catalog::{Command, Operation, Product};
use crate::error::{Error, Result, Status};

/// Refuses an operation that the product lacks.
pub(super) fn operation(product: Product, operation: Operation) -> Result<()> {
    if product.has(operation) {
        return Ok(());
    }
    let advice = if product.set_overwrites() {
        "use set, which overwrites, or ensure".to_owned()
    } else {
        let products: Vec<_> = Product::all().map(Product::name).collect();
        format!("choose one of the products {}", products.join(", "))
    };
    let message = format!("{} has no {}: {advice}", product.name(), operation.path());
    Err(Error::new(Status::UnsupportedOperation, message))
}

/// Refuses an empty list, words that cannot be one, and those that the product does not send unless the client allows them.
pub(super) fn commands(product: Product, commands: &[&str], allow_unknown: bool) -> Result<()> {
    if commands.is_empty() {
        let message = format!(
            "the list of commands is empty: name at least one, like {:?}; to stop all callbacks use delete",
            product.commands().next().map_or("", Command::word)
        );
        return Err(Error::new(Status::EmptyCommandList, message));
    }
    let is_none = |word: &&&str| {
        word.is_empty() || word.contains(|c: char| c.is_whitespace() || c.is_control())
    };
    if let Some(word) = commands.iter().find(is_none) {
        let message = format!(
            "the command {word:?} is empty or has white space: name it as {:?} is named",
            product.commands().next().map_or("", Command::word)
        );
        return Err(Error::new(Status::UnknownCommand, message));
    }
    if allow_unknown {
        return Ok(());
    }
    for word in commands {
        let why = match Command::from_word(word).listed_under() {
            of if of == product => continue,
            Product::Unknown => "is not known to this release".to_owned(),
            of => format!("belongs to {}", of.name()),
        };
        let known: Vec<_> = product.commands().map(Command::word).collect();
        let message = format!(
            "the command {word:?} {why}: {} has {}; set_allow_unknown_commands sends it all the same",
            product.name(),
            known.join(", ")
        );
        return Err(Error::new(Status::UnknownCommand, message));
    }
    Ok(())
}

/// Whether two lists name the same commands, in any order and under any of their words.
pub(super) fn same_commands<'a>(
    one: impl IntoIterator<Item = &'a str>,
    other: impl IntoIterator<Item = &'a str>,
) -> bool {
    let one: BTreeSet<_> = one.into_iter().map(canonical).collect();
    one == other.into_iter().map(canonical).collect()
}

fn canonical(word: &str) -> &str {
    match Command::from_word(word) {
        Command::Unknown => word,
        known => known.word(),
    }
}
