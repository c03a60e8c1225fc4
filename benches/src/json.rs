//! JSON whose texts stand as they are to be written, escapes and all.

/// A value; a scalar is its JSON, quotes included.
#[derive(Clone)]
pub enum Json {
    Scalar(String),
    Array(Vec<Json>),
    Object(Vec<(&'static str, Json)>),
}

impl Json {
    /// A text that is JSON inside its quotes already.
    pub fn text(escaped: impl AsRef<str>) -> Json {
        Json::Scalar(format!("\"{}\"", escaped.as_ref()))
    }

    /// A number or a boolean.
    pub fn plain(value: impl ToString) -> Json {
        Json::Scalar(value.to_string())
    }

    /// The same with another value at this key, in whatever object has it.
    pub fn with(mut self, key: &str, value: Json) -> Json {
        self.each_object(&mut |members| {
            if let Some((_, slot)) = members.iter_mut().find(|(name, _)| *name == key) {
                *slot = value.clone();
            }
        });
        self
    }

    /// Calls `change` for each object, from the outermost inwards.
    pub fn each_object(&mut self, change: &mut impl FnMut(&mut Vec<(&'static str, Json)>)) {
        match self {
            Json::Scalar(_) => {}
            Json::Array(elements) => {
                elements.iter_mut().for_each(|element| element.each_object(change));
            }
            Json::Object(members) => {
                members.iter_mut().for_each(|(_, value)| value.each_object(change));
                change(members);
            }
        }
    }

    /// Without any white space.
    pub fn compact(&self) -> String {
        let mut text = String::new();
        self.write(&mut text, None);
        text
    }

    /// As the vendor's pages print it: a line for each value, two spaces for each level.
    pub fn pretty(&self) -> String {
        let mut text = String::new();
        self.write(&mut text, Some(0));
        text
    }

    fn write(&self, text: &mut String, level: Option<usize>) {
        match self {
            Json::Scalar(scalar) => text.push_str(scalar),
            Json::Array(elements) => {
                Json::write_all(text, level, ['[', ']'], elements, |text, element, level| {
                    element.write(text, level);
                });
            }
            Json::Object(members) => {
                Json::write_all(text, level, ['{', '}'], members, |text, (key, value), level| {
                    let space = if level.is_some() { " " } else { "" };
                    text.push_str(&format!("\"{key}\":{space}"));
                    value.write(text, level);
                });
            }
        }
    }

    fn write_all<T>(
        text: &mut String,
        level: Option<usize>,
        [open, close]: [char; 2],
        parts: &[T],
        write: impl Fn(&mut String, &T, Option<usize>),
    ) {
        let inner = level.map(|level| level + 1);
        text.push(open);
        for (index, part) in parts.iter().enumerate() {
            if index != 0 {
                text.push(',');
            }
            Json::new_line(text, inner);
            write(text, part, inner);
        }
        Json::new_line(text, level);
        text.push(close);
    }

    fn new_line(text: &mut String, level: Option<usize>) {
        if let Some(level) = level {
            text.push('\n');
            text.push_str(&"  ".repeat(level));
        }
    }
}
