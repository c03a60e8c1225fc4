//! Whether a host's reply is what the vendor asks for: HTTP 200 and `{"ActionStatus":"OK","ErrorInfo":"","ErrorCode":0}`.

use serde_json::Value;

use super::expect::Expect;

/// Judges a reply, in a sentence either way. If statuses are expected, one of them is all that it takes.
pub fn judge(status: u16, body: &[u8], expected: &[Expect]) -> Result<String, String> {
    if expected.is_empty() {
        return check(status, body).map(|()| "the reply is what Tencent asks for".to_owned());
    }
    match expected.iter().any(|expected| expected.matches(status)) {
        true => Ok(format!("status {status}, as expected")),
        false => Err(format!("expected status {}, not {status}", Expect::any_of(expected))),
    }
}

/// Says what is wrong with a reply.
pub fn check(status: u16, body: &[u8]) -> Result<(), String> {
    if status != 200 {
        return Err(format!("the status must be 200, not {status}"));
    }
    let reply: Value = serde_json::from_slice(body).map_err(|error| {
        if body.is_empty() {
            "the reply has no body: it must be JSON".to_owned()
        } else {
            format!("the reply is not JSON: {error}")
        }
    })?;
    let Value::Object(reply) = reply else {
        return Err("the reply must be a JSON object".to_owned());
    };
    let field = |name: &str| reply.get(name).ok_or_else(|| format!("the reply lacks {name}"));
    match field("ActionStatus")? {
        Value::String(status) if status == "OK" => {}
        other => return Err(format!("ActionStatus must be \"OK\", not {other}")),
    }
    match field("ErrorCode")? {
        code if code.as_i64() == Some(0) => {}
        other => return Err(format!("ErrorCode must be the number 0, not {other}")),
    }
    match field("ErrorInfo")? {
        Value::String(_) => Ok(()),
        other => Err(format!("ErrorInfo must be text, not {other}")),
    }
}

/// Whether a reply says in the vendor's words that the event was not taken: ActionStatus FAIL and an ErrorCode that is not 0.
pub fn is_failure(body: &[u8]) -> bool {
    let reply: Option<Value> = serde_json::from_slice(body).ok();
    reply.is_some_and(|reply| {
        reply["ActionStatus"] == "FAIL" && reply["ErrorCode"].as_i64().is_some_and(|code| code != 0)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_vendors_own_replies_are_right() {
        for reply in [
            include_str!("../../../tests/fixtures/conference/webhook.reply.json"),
            include_str!("../../../tests/fixtures/call/webhook.reply.json"),
        ] {
            assert_eq!(check(200, reply.as_bytes()), Ok(()));
        }
    }

    #[test]
    fn each_mistake_is_named() {
        let right = r#"{"ActionStatus":"OK","ErrorInfo":"","ErrorCode":0}"#;
        for (status, body, named) in [
            (204, right, "204"),
            (302, right, "302"),
            (200, "", "no body"),
            (200, "OK", "not JSON"),
            (200, "[]", "object"),
            (200, "{}", "ActionStatus"),
            (200, r#"{"ActionStatus":"ok","ErrorInfo":"","ErrorCode":0}"#, "ActionStatus"),
            (200, r#"{"ActionStatus":"OK","ErrorInfo":""}"#, "ErrorCode"),
            (200, r#"{"ActionStatus":"OK","ErrorInfo":"","ErrorCode":"0"}"#, "ErrorCode"),
            (200, r#"{"ActionStatus":"OK","ErrorInfo":"","ErrorCode":1}"#, "ErrorCode"),
            (200, r#"{"ActionStatus":"OK","ErrorCode":0}"#, "ErrorInfo"),
        ] {
            let wrong = check(status, body.as_bytes()).err().unwrap_or_default();
            assert!(wrong.contains(named), "{body}: {wrong}");
        }
    }
}
