//! Changes to a body, wherever in it they apply.

use super::draft::Draft;
use crate::json::Node;

/// More than 2^53, as in the sample of Mic.CallbackAfterSeatInfoChanged.
const NUMBER_ACCOUNT: &str = "144115233775727695";

const IDS: &[&str] = &["RoomId", "CallId"];

pub fn is_kept(key: &str) -> bool {
    key == "CallbackCommand" || IDS.contains(&key)
}

/// Every member of every object, those within a member after it.
pub fn each_member(node: &mut Node, visit: &mut impl FnMut(&str, &mut Node)) {
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
pub fn change_scalars(draft: &mut Draft, change: impl Fn(&str, &str) -> Option<String>) -> usize {
    let mut count = 0;
    each_member(&mut draft.body, &mut |key, value| {
        let Node::Scalar(text) = value else { return };
        if let Some(changed) = change(key, text) {
            *text = changed;
            count += 1;
        }
    });
    count
}

pub fn numbers_for_texts(node: &mut Node) -> usize {
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

pub fn rename(node: &mut Node, from: &str, to: &str) -> usize {
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

pub fn add_to_objects(node: &mut Node) {
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
pub fn keep_ids(node: &mut Node) {
    if let Node::Object(members) = node {
        members.retain_mut(|(key, value)| {
            keep_ids(value);
            is_kept(key) || matches!(value, Node::Object(members) if !members.is_empty())
        });
    }
}
