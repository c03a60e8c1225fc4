//! A recording of callbacks: one JSON object to a line, each with the bytes as they came.

use std::borrow::Cow;

use data_encoding::BASE64;
use serde::{Deserialize, Serialize};

/// One request as it came, and what was answered.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Record {
    /// When it had come in: milliseconds since 1970.
    pub time_ms: u64,
    /// Address and port that it came from.
    pub remote: String,
    pub method: String,
    pub path: String,
    /// As it stood in the URL, percent-encoded.
    pub query: String,
    /// In their order; a value that is no UTF-8 has its bytes replaced.
    pub headers: Vec<(String, String)>,
    #[serde(flatten)]
    pub body: Body,
    pub outcome: Outcome,
}

/// A body: text if it is UTF-8.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum Body {
    #[serde(rename = "body")]
    Text(String),
    #[serde(rename = "body_base64")]
    Base64(String),
    /// Too long to be kept: its bytes.
    #[serde(rename = "body_left_out")]
    LeftOut(u64),
}

/// What became of it.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Outcome {
    /// The status that was answered.
    pub http_status: u16,
    pub command: Option<String>,
    /// RoomId or CallId.
    pub subject: Option<String>,
    pub is_duplicate: bool,
    /// Why it was refused.
    pub error: Option<String>,
    /// The library's number for that.
    pub error_status: Option<i32>,
    /// The first field that holds something else than documented.
    pub mismatch: Option<String>,
}

impl Body {
    pub fn new(bytes: Vec<u8>) -> Body {
        String::from_utf8(bytes)
            .map_or_else(|error| Body::Base64(BASE64.encode(error.as_bytes())), Body::Text)
    }

    /// The bytes as they came.
    pub fn bytes(&self) -> Result<Cow<'_, [u8]>, String> {
        match self {
            Body::Text(text) => Ok(Cow::Borrowed(text.as_bytes())),
            Body::Base64(text) => match BASE64.decode(text.as_bytes()) {
                Ok(bytes) => Ok(Cow::Owned(bytes)),
                Err(error) => Err(format!("body_base64 is not base64: {error}")),
            },
            Body::LeftOut(length) => Err(format!("its body of {length} bytes was not kept")),
        }
    }
}

impl Record {
    /// The value of a header, whatever the case of its name.
    pub fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(found, _)| found.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn a_body_comes_back_byte_for_byte_through_its_line() {
        for bytes in [&b"{\"a\":\"\xE4\xBC\x9A\"}"[..], b"", b"\xFF\x00\xC3\x28", b"line\nend\r\n"]
        {
            let line = serde_json::to_string(&Body::new(bytes.to_vec())).unwrap();
            assert!(!line.contains('\n'));
            let body: Body = serde_json::from_str(&line).unwrap();
            assert_eq!(body.bytes().unwrap(), bytes);
        }
    }
}
