//! JSON that is sent and received.

use serde_json::{Value, json};

use crate::catalog::code;
use crate::error::{Error, Report, Result, Status};

use super::fault::LOST;
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
        let parsed = serde_json::from_slice(&answer.body);
        let is_cut_off =
            answer.ends_with_connection && parsed.as_ref().is_err_and(serde_json::Error::is_eof);
        let body = parsed.unwrap_or(Value::Null);
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
        if is_cut_off {
            let message = format!("{LOST}: its JSON ends after {} bytes", answer.body.len());
            return Err(Error::new(Status::Connection, message)
                .with_report(report)
                .with_retryable(true));
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

    /// The configuration in the answer of get; `None` if the answer says that there is none by leaving it empty.
    ///
    /// # Errors
    /// [`Status::InvalidResponse`] if the answer is neither: what is written on the strength of it could overwrite what is there.
    pub(super) fn config(&self) -> Result<Option<CallbackConfig>> {
        let wrong = |what: &str| {
            let message = format!("the answer has ErrorCode 0, but {what}");
            Err(Error::new(Status::InvalidResponse, message).with_report(self.report.clone()))
        };
        // The vendor's tables list the fields flat, its samples nest them.
        let at = match self.body.get("Response") {
            Some(Value::Object(nested)) => nested,
            None | Some(Value::Null) => match &self.body {
                Value::Object(flat) if flat.contains_key("Url") => flat,
                _ => return wrong("no Response"),
            },
            Some(_) => return wrong("its Response is not an object"),
        };
        let commands = match at.get("CallbackCommandList") {
            None | Some(Value::Null) => Vec::new(),
            Some(Value::Array(list)) => {
                let words = list.iter().map(|word| word.as_str().map(str::to_owned));
                match words.collect::<Option<Vec<_>>>() {
                    Some(words) => words,
                    None => return wrong("an element of its CallbackCommandList is not a string"),
                }
            }
            Some(_) => return wrong("its CallbackCommandList is not an array"),
        };
        let url = match at.get("Url") {
            None | Some(Value::Null) => "",
            Some(Value::String(url)) => url,
            Some(_) => return wrong("its Url is not a string"),
        };
        match (url, commands.is_empty()) {
            ("", true) => Ok(None),
            ("", false) => wrong("it has commands and no Url"),
            _ => Ok(Some(CallbackConfig {
                url: url.to_owned(),
                commands,
                report: self.report.clone(),
            })),
        }
    }
}

fn without(usersig: &str, text: &str) -> String {
    match text.len() < usersig.len() {
        true => text.to_owned(),
        false => text.replace(usersig, "<UserSig>"),
    }
}

/// An integer, also as text: Tencent's services differ. As text only if it is written as JSON would write it.
fn integer(value: &Value) -> Option<i64> {
    value.as_i64().or_else(|| {
        let text = value.as_str()?;
        text.parse().ok().filter(|number: &i64| number.to_string() == text)
    })
}
