//! An event as a document.

use tc_callback::catalog::{Command, Product};
use tc_callback::event::Event;

use crate::failure::{Failure, Result};
use crate::json::Node;

/// The document of an event: the library's fields, without those that are absent; of a word and its number, the word.
pub fn of(event: &Event) -> Result<Node> {
    let json =
        serde_json::to_string(event).map_err(|error| Failure::operation(error.to_string()))?;
    let mut document = without_absent(parse(&json)?);
    let product = Product::from_number(event.product).unwrap_or(Product::Unknown);
    document.set("product", Node::text(product.name()))?;
    if event.query_command_word.get() == event.command_word.get() {
        document.unset("query_command")?;
    }
    if event.sdk_app_id == 0 {
        document.unset("sdk_app_id")?;
    }
    if event.mismatch_count == 0 {
        document.unset("mismatch_count")?;
    }
    // Of an event that this release does not know the body is all there is to show.
    if event.command == Command::Unknown as i32 {
        document.set("body", parse(event.body.or_empty())?)?;
    }
    Ok(document)
}

fn parse(json: &str) -> Result<Node> {
    Node::parse(json).map_err(Failure::operation)
}

fn without_absent(node: Node) -> Node {
    match node {
        Node::Object(members) => {
            let words: Vec<String> = members
                .iter()
                .filter_map(|(name, _)| name.strip_suffix("_word").map(str::to_owned))
                .collect();
            let kept = members
                .into_iter()
                .filter(|(name, value)| !words.contains(name) && !is_absent(value))
                .map(|(name, value)| {
                    let name = name.strip_suffix("_word").map_or(name.clone(), str::to_owned);
                    (name, without_absent(value))
                });
            Node::Object(kept.collect())
        }
        Node::Array(items) => Node::Array(items.into_iter().map(without_absent).collect()),
        scalar => scalar,
    }
}

fn is_absent(node: &Node) -> bool {
    match node {
        Node::Scalar(text) => text == "null",
        Node::Array(items) => items.is_empty(),
        Node::Object(_) => false,
    }
}
