//! A request before it is written down: what faults change.

use tc_callback::catalog::Command;
use zeroize::Zeroizing;

use super::text;
use crate::clock;
use crate::delivery::{CONTENT_TYPE, Lost, Query, Reply, Sender, Signed, query};
use crate::json::Node;

/// Names and values of a query.
pub type Parameters = Vec<(String, String)>;

/// An event on its way to be posted.
#[derive(Clone)]
pub struct Draft {
    pub command: Command,
    /// In the vendor's order, without Sign and RequestTime.
    pub parameters: Parameters,
    /// Without a token there is neither Sign nor RequestTime.
    pub signing: Option<Signing>,
    pub body: Node,
    pub content_type: Option<&'static str>,
    pub is_pretty: bool,
    /// Every letter of the body's texts as \u and four digits.
    pub is_escaped: bool,
    /// Every byte of the query's values as % and two digits.
    pub is_percent_encoded: bool,
    /// What is done to the parameters once they are signed.
    pub query_edits: Vec<fn(&mut Parameters)>,
    /// What is done to the body once it is written.
    pub byte_edits: Vec<fn(&mut Vec<u8>)>,
}

/// How Sign is made.
#[derive(Clone)]
pub struct Signing {
    pub token: Zeroizing<String>,
    pub request_time: String,
    pub formula: fn(&str, &str) -> String,
}

impl Signing {
    /// As the vendor signs, this many seconds from now.
    pub fn at(token: &str, seconds_from_now: i64) -> Signing {
        Signing {
            token: Zeroizing::new(token.to_owned()),
            request_time: clock::now_s().saturating_add_signed(seconds_from_now).to_string(),
            formula: query::sign,
        }
    }
}

/// A request as it goes out.
pub struct Message {
    pub url: String,
    pub content_type: Option<&'static str>,
    pub body: Vec<u8>,
}

impl Message {
    pub fn send(&self, sender: &Sender) -> Result<Reply, Lost> {
        sender.send(&self.url, self.content_type, &self.body)
    }
}

impl Draft {
    /// The event as the vendor sends it.
    pub fn new(command: Command, query: &Query<'_>, body: Node) -> Draft {
        let signing = match query.signed {
            Signed::With(token) => Some(Signing::at(token, 0)),
            Signed::No => None,
        };
        Draft {
            command,
            parameters: query.parameters(),
            signing,
            body,
            content_type: Some(CONTENT_TYPE),
            is_pretty: false,
            is_escaped: false,
            is_percent_encoded: false,
            query_edits: Vec::new(),
            byte_edits: Vec::new(),
        }
    }

    /// Changes the value of a parameter that is there before the request is signed.
    pub fn set_parameter(&mut self, name: &str, value: &str) {
        change(&mut self.parameters, name, |_| value.to_owned());
    }

    /// The word in the query and in the body.
    pub fn set_word(&mut self, word: &str) -> Result<(), String> {
        self.set_parameter("CallbackCommand", word);
        let set = self.body.set("CallbackCommand", Node::text(word));
        set.map_err(|failure| failure.message().to_owned())
    }

    /// Writes the request for a configured URL.
    pub fn write(&self, configured: &str) -> Message {
        Message {
            url: query::join(configured, &self.query()),
            content_type: self.content_type,
            body: self.bytes(),
        }
    }

    fn query(&self) -> String {
        let mut parameters = self.parameters.clone();
        if let Some(signing) = &self.signing {
            let sign = (signing.formula)(&signing.token, &signing.request_time);
            parameters.push(("Sign".to_owned(), sign));
            parameters.push(("RequestTime".to_owned(), signing.request_time.clone()));
        }
        for edit in &self.query_edits {
            edit(&mut parameters);
        }
        if self.is_percent_encoded {
            let pairs: Vec<String> = parameters
                .iter()
                .map(|(name, value)| format!("{name}={}", text::percent_encoded(value)))
                .collect();
            return pairs.join("&");
        }
        form_urlencoded::Serializer::new(String::new()).extend_pairs(parameters).finish()
    }

    fn bytes(&self) -> Vec<u8> {
        let text = match self.is_pretty {
            // What was read as JSON can be written as JSON.
            true => serde_json::to_string_pretty(&self.body).unwrap_or_default(),
            false => self.body.to_string(),
        };
        let text = if self.is_escaped { text::escaped(&text) } else { text };
        let mut bytes = text.into_bytes();
        for edit in &self.byte_edits {
            edit(&mut bytes);
        }
        bytes
    }
}

/// Changes the value of a parameter that is there.
pub fn change(parameters: &mut [(String, String)], name: &str, change: impl Fn(&str) -> String) {
    if let Some((_, value)) = parameters.iter_mut().find(|(found, _)| found == name) {
        *value = change(value);
    }
}
