//! With which mistake a Sign was made.

use data_encoding::{BASE64, HEXLOWER};
use ring::{digest, hmac};

/// What makes this Sign, if it is one of the usual mistakes. The body is the request's, if it is known.
pub fn mistake(sign: &str, token: &str, time: &str, body: Option<&[u8]>) -> Option<String> {
    let attempts = attempts(token, time, body);
    let lower = sign.to_ascii_lowercase();
    if let Some((what, _)) = attempts.iter().find(|(_, bytes)| HEXLOWER.encode(bytes) == lower) {
        return Some((*what).to_owned());
    }
    let unpadded = |text: &str| text.trim_end_matches('=').to_owned();
    let is_it = |bytes: &[u8]| unpadded(&BASE64.encode(bytes)) == unpadded(sign);
    if is_it(&sha256(&[token, time])) {
        return Some("base64 instead of hexadecimal".to_owned());
    }
    let found = attempts.iter().find(|(_, bytes)| is_it(bytes));
    found.map(|(what, _)| format!("base64 instead of hexadecimal, and {what}"))
}

/// What it is said to be, and the bytes that it makes.
fn attempts(token: &str, time: &str, body: Option<&[u8]>) -> Vec<(&'static str, Vec<u8>)> {
    let mut attempts = vec![
        (
            "HMAC-SHA256 keyed with the token, instead of SHA-256 of both",
            keyed(token, time.as_bytes()),
        ),
        (
            "HMAC-SHA256 keyed with RequestTime, instead of SHA-256 of both",
            keyed(time, token.as_bytes()),
        ),
        ("RequestTime before the token: the token comes first", sha256(&[time, token])),
        (
            "a line end behind the token, perhaps of the file it was read from",
            sha256(&[token, "\n", time]),
        ),
        ("a carriage return and a line end behind the token", sha256(&[token, "\r\n", time])),
        ("a line end behind RequestTime", sha256(&[token, time, "\n"])),
        ("the token alone, without RequestTime", sha256(&[token])),
        ("RequestTime alone, as if the token were empty", sha256(&[time])),
    ];
    if token.trim() != token {
        let what = "the token without the white space around it";
        attempts.push((what, sha256(&[token.trim(), time])));
    }
    for joint in ["&", ":", "+", "_", "-", " ", ",", "|"] {
        attempts.push(("something between token and RequestTime", sha256(&[token, joint, time])));
    }
    if let Ok(number) = time.parse::<u64>() {
        let (ms, s) = (number.saturating_mul(1000).to_string(), (number / 1000).to_string());
        attempts
            .push(("signed with the time in milliseconds, sent in seconds", sha256(&[token, &ms])));
        attempts
            .push(("signed with the time in seconds, sent in milliseconds", sha256(&[token, &s])));
    }
    if let Some(body) = body {
        let with_body =
            |parts: [&[u8]; 3]| digest::digest(&digest::SHA256, &parts.concat()).as_ref().to_vec();
        let (token_bytes, time) = (token.as_bytes(), time.as_bytes());
        attempts.push((
            "the body signed, too: Sign covers token and RequestTime only",
            with_body([token_bytes, time, body]),
        ));
        attempts.push((
            "the body signed, too: Sign covers token and RequestTime only",
            with_body([token_bytes, body, time]),
        ));
        attempts.push((
            "the body signed, as callbacks of the TRTC engine are: this is another protocol",
            keyed(token, body),
        ));
    }
    attempts
}

fn sha256(parts: &[&str]) -> Vec<u8> {
    digest::digest(&digest::SHA256, parts.concat().as_bytes()).as_ref().to_vec()
}

fn keyed(key: &str, text: &[u8]) -> Vec<u8> {
    let key = hmac::Key::new(hmac::HMAC_SHA256, key.as_bytes());
    hmac::sign(&key, text).as_ref().to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_right_sign_is_no_mistake_and_neither_is_a_strange_one() {
        let right = HEXLOWER.encode(&sha256(&["token", "1700000000"]));
        for sign in [right.as_str(), &"0".repeat(64), ""] {
            assert_eq!(mistake(sign, "token", "1700000000", Some(b"{}")), None);
        }
    }

    #[test]
    fn every_mistake_is_recognised_in_hexadecimal_and_in_base64() {
        let (token, time, body) = (" token", "1700000000", Some(&b"{}"[..]));
        for (what, bytes) in attempts(token, time, body) {
            let upper = HEXLOWER.encode(&bytes).to_uppercase();
            assert_eq!(mistake(&upper, token, time, body).as_deref(), Some(what));
            let told = mistake(&BASE64.encode(&bytes), token, time, body).unwrap_or_default();
            assert!(told.starts_with("base64") && told.ends_with(what), "{told}");
        }
    }
}
