//! Checks before anything is sent.

use std::collections::BTreeSet;

use ureq::http::Uri;

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

/// Refuses a URL that Tencent cannot post to.
pub(super) fn url(url: &str) -> Result<()> {
    let wrong = |why: &str| {
        let message = format!(
            "the callback URL {url:?} {why}: use a URL that Tencent can reach, like https://example.com/callback"
        );
        Err(Error::new(Status::InvalidUrl, message))
    };
    if url.is_empty() {
        return wrong("is empty");
    }
    if url.contains(|c: char| c.is_whitespace() || c.is_control()) {
        return wrong("has white space or a control character");
    }
    let lower = url.to_ascii_lowercase();
    if !lower.starts_with("http://") && !lower.starts_with("https://") {
        return wrong("does not begin with http:// or https://");
    }
    match url.parse::<Uri>().ok().and_then(|uri| uri.host().map(str::to_owned)) {
        Some(host) if !host.is_empty() => Ok(()),
        _ => wrong("has no valid host"),
    }
}

/// Refuses an empty list, and words that the product does not send unless the client allows them.
pub(super) fn commands(product: Product, commands: &[&str], allow_unknown: bool) -> Result<()> {
    if commands.is_empty() {
        let message = format!(
            "the list of commands is empty: name at least one, like {:?}; to stop all callbacks use delete",
            product.commands().next().map_or("", Command::word)
        );
        return Err(Error::new(Status::EmptyCommandList, message));
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
