//! An event's body: the vendor's sample with the world's values in it.

use std::fmt::Display;
use std::sync::LazyLock;

use tc_callback::catalog::Command;

use crate::json::Node;
use crate::sample;

static SAMPLES: LazyLock<Vec<(Command, Node)>> = LazyLock::new(|| {
    let parsed = |command| Node::parse(sample::of(command)?).ok().map(|node| (command, node));
    Command::all().filter_map(parsed).collect()
});

/// A body, or an item of one of its lists. Its fields and their kinds are the sample's.
pub struct Body(Node);

impl Body {
    /// The command's sample.
    pub fn of(command: Command) -> Body {
        let sample = SAMPLES.iter().find(|(of, _)| *of == command);
        Body(sample.map_or(Node::Object(Vec::new()), |(_, node)| node.clone()))
    }

    /// Puts a value where the sample has one, as the kind that the sample has: text stays text, and a bare value bare. What the
    /// sample lacks is not sent.
    pub fn put(&mut self, path: &str, value: impl Display) {
        let Some(place) = self.place(path) else { return };
        let value = value.to_string();
        let is_text = matches!(place, Node::Scalar(old) if old.starts_with('"'));
        *place = if is_text { Node::text(&value) } else { Node::Scalar(value) };
    }

    /// Puts a list where the sample has one; each item is the sample's first with its values put in.
    pub fn put_list<T>(
        &mut self,
        path: &str,
        items: impl IntoIterator<Item = T>,
        write: impl Fn(&mut Body, T),
    ) {
        let Some(Node::Array(list)) = self.place(path) else { return };
        let Some(first) = list.first().cloned() else { return };
        let item = |item| {
            let mut body = Body(first.clone());
            write(&mut body, item);
            body.0
        };
        *list = items.into_iter().map(item).collect();
    }

    /// Puts a list of texts where the sample has one.
    pub fn put_texts<'a>(&mut self, path: &str, texts: impl IntoIterator<Item = &'a str>) {
        self.put_list(path, texts, |item, text| item.0 = Node::text(text));
    }

    /// Takes a field out.
    pub fn remove(&mut self, key: &str) {
        if let Node::Object(members) = &mut self.0 {
            members.retain(|(name, _)| name != key);
        }
    }

    /// The JSON, for edits that are not the world's.
    pub fn into_node(self) -> Node {
        self.0
    }

    fn place(&mut self, path: &str) -> Option<&mut Node> {
        let mut place = &mut self.0;
        for part in path.split('.') {
            let Node::Object(members) = place else { return None };
            place = members.iter_mut().find(|(name, _)| name == part).map(|(_, value)| value)?;
        }
        Some(place)
    }
}
