//! Texts written in another way that means the same.

use std::fmt::Write;

/// Every byte as % and two digits.
pub fn percent_encoded(text: &str) -> String {
    text.bytes().fold(String::new(), |mut encoded, byte| {
        let _ = write!(encoded, "%{byte:02X}");
        encoded
    })
}

/// JSON in which every character of a text is written as \u and four digits, beyond U+FFFF as two surrogates.
pub fn escaped(json: &str) -> String {
    let mut escaped = String::with_capacity(json.len() * 4);
    let mut is_text = false;
    let mut characters = json.chars();
    while let Some(character) = characters.next() {
        match character {
            // What is an escape already stays one.
            '\\' => {
                let escape = characters.next();
                let digits = if escape == Some('u') { 4 } else { 0 };
                escaped.push(character);
                escaped.extend(escape.into_iter().chain(characters.by_ref().take(digits)));
            }
            '"' => {
                is_text = !is_text;
                escaped.push(character);
            }
            _ if is_text => {
                for unit in character.encode_utf16(&mut [0; 2]) {
                    let _ = write!(escaped, "\\u{unit:04x}");
                }
            }
            _ => escaped.push(character),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn an_escaped_document_says_the_same_in_ascii() {
        let json = r#"{"a\"b":"会议 👋 \\\" \u00e9 \n","c":[1.0,true,"","\\"]}"#;
        let escaped = escaped(json);
        assert!(escaped.is_ascii() && escaped.contains(r"\ud83d\udc4b"), "{escaped}");
        let values = [json, &escaped].map(|text| serde_json::from_str(text).unwrap());
        let [one, other]: [serde_json::Value; 2] = values;
        assert_eq!(one, other);
    }

    #[test]
    fn every_byte_is_percent_encoded() {
        assert_eq!(percent_encoded("Az1é"), "%41%7A%31%C3%A9");
    }
}
