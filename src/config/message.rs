//! JSON that is sent and received.

use serde_json::{Value, json};

use crate::catalog::code;
use crate::error::{Error, Report, Result, Status};

use super::transport::Answer;

/// A callback configuration as it stands at Tencent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CallbackConfig {
    /// Where events are posted to.
    pub url: String,
    /// The command words, as Tencent lists them: possibly an older alias of a word that was set.
    pub commands: Vec<String>,
    /// What is known about the call that read it.
    pub report: Report,
}

/// The body of requests that have nothing to say: Tencent refuses an empty one.
pub(super) const NOTHING: &[u8] = b"{}";

pub(super) fn config_body(url: &str, commands: &[&str]) -> Vec<u8> {
    json!({ "Url": url, "CallbackCommandList": commands }).to_string().into_bytes()
}

/// An answer with HTTP status 200 whose `ErrorCode` could be read.
pub(super) struct Reply {
    pub(super) report: Report,
    body: Value,
}

impl Reply {
    /// Reads an answer. `usersig` is blotted out of what the answer says.
    pub(super) fn read(answer: &Answer, usersig: &str) -> Result<Reply> {
        let mut report = Report { http_status: Some(answer.http_status), ..Report::default() };
        let body = serde_json::from_slice(&answer.body).unwrap_or(Value::Null);
        let text = |key: &str| body.get(key)?.as_str().map(|text| without(usersig, text));
        report.code = body.get("ErrorCode").and_then(integer);
        report.info = text("ErrorInfo");
        report.request_id = text("RequestId");
        if answer.http_status != 200 {
            let retryable = answer.http_status >= 500 || answer.http_status == 429;
            let message = format!(
                "the HTTP status is {} instead of 200: check the endpoint, and any proxy on the way",
                answer.http_status
            );
            return Err(Error::new(Status::HttpStatus, message)
                .with_report(report)
                .with_retryable(retryable));
        }
        if report.code.is_none() {
            let message = format!(
                "the answer ({} bytes) is not JSON with an ErrorCode: check that the endpoint is Tencent's REST API",
                answer.body.len()
            );
            return Err(Error::new(Status::InvalidResponse, message).with_report(report));
        }
        Ok(Reply { report, body })
    }

    pub(super) fn is_ok(&self) -> bool {
        self.report.code == Some(code::OK)
    }

    /// The configuration in the answer of get. `None` if the answer has none, which Tencent may say in this way too.
    pub(super) fn config(&self) -> Option<CallbackConfig> {
        // The vendor's tables list the fields flat, its samples nest them.
        let at =
            self.body.get("Response").filter(|nested| nested.is_object()).unwrap_or(&self.body);
        let url = at.get("Url")?.as_str().filter(|url| !url.is_empty())?;
        let list = at.get("CallbackCommandList").and_then(Value::as_array);
        let word = |word: &Value| word.as_str().map_or_else(|| word.to_string(), str::to_owned);
        Some(CallbackConfig {
            url: url.to_owned(),
            commands: list.map(|list| list.iter().map(word).collect()).unwrap_or_default(),
            report: self.report.clone(),
        })
    }
}

fn without(usersig: &str, text: &str) -> String {
    match text.len() < usersig.len() {
        true => text.to_owned(),
        false => text.replace(usersig, "<UserSig>"),
    }
}

/// An integer, also as text: Tencent's services differ.
fn integer(value: &Value) -> Option<i64> {
    value.as_i64().or_else(|| value.as_str()?.trim().parse().ok())
}
