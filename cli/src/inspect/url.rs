//! The URL of a callback, or its query. <https://trtc.io/document/60731>

use tc_callback::catalog::Command;
use tc_callback::config::ADDED_BY_TENCENT;

use super::Expected;
use super::finding::Findings;
use super::near::{command_words, nearest};
use super::sign;
use crate::clock;
use crate::delivery::query;
use crate::secret::BLOT;

/// Seconds that RequestTime may be from now. <https://trtc.io/document/64412>
const TOLERANCE_S: i64 = 60;

struct Url<'a> {
    pairs: Vec<(String, String)>,
    expected: &'a Expected,
    body: Option<&'a [u8]>,
    findings: Findings,
}

pub fn inspect(text: &str, expected: &Expected, body: Option<&[u8]>) -> Findings {
    let mut findings = Findings::default();
    let query = match text.split_once('?') {
        Some((_, query)) => query,
        None if text.contains("://") => {
            findings.wrong(
                "query",
                "?SdkAppid=...&CallbackCommand=...",
                "none",
                "the query was cut off, perhaps by a log or a router",
            );
            return findings;
        }
        None => text,
    };
    let query = query.split('#').next().unwrap_or_default();
    if query.contains("&amp;") {
        findings.wrong("query", "parameters parted by &", "&amp;", "it was copied out of HTML");
    }
    let pairs = form_urlencoded::parse(query.as_bytes()).into_owned().collect();
    let mut url = Url { pairs, expected, body, findings };
    url.names();
    url.application();
    url.command();
    url.signature();
    url.findings
}

impl Url<'_> {
    fn value(&self, name: &str) -> Option<&str> {
        let found = self.pairs.iter().find(|(found, _)| found.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str())
    }

    /// Names that are missing, misspelled, there twice, or not the protocol's.
    fn names(&mut self) {
        for name in ADDED_BY_TENCENT {
            let same = self.pairs.iter().filter(|(found, _)| found.eq_ignore_ascii_case(name));
            if same.count() > 1 {
                self.findings.wrong(
                    name,
                    "once",
                    "more than once",
                    "two parts of the way add it, or somebody tries what the receiver does with it",
                );
            }
        }
        for (found, value) in &self.pairs {
            if ADDED_BY_TENCENT.contains(&found.as_str()) {
                continue;
            }
            match nearest(found, ADDED_BY_TENCENT) {
                Some(name) if name.eq_ignore_ascii_case(found) => {
                    let likely = format!("spelled differently: the vendor's samples have {name}; a receiver should not mind");
                    self.findings.note(found.as_str(), value.as_str(), &likely);
                }
                Some(name) => self.findings.wrong(found.as_str(), name, found.as_str(), "misspelled"),
                None if found == "command" => self.findings.wrong(
                    "command",
                    "CallbackCommand",
                    value.as_str(),
                    "a callback of the older version 1, which is another protocol: its body has no CallbackCommand either",
                ),
                None if found.eq_ignore_ascii_case("usersig") => self.findings.note(
                    found.as_str(),
                    BLOT,
                    "of a request to the REST API, not of a callback: look at it with `inspect usersig`",
                ),
                None => self.findings.note(found.as_str(), value.as_str(), "not the protocol's: a receiver should pass it over"),
            }
        }
    }

    fn application(&mut self) {
        const NAME: &str = "SdkAppid";
        let expected = self.expected.sdk_app_id;
        let wanted = expected.map_or("a number".to_owned(), |app| app.to_string());
        let Some(found) = self.value(NAME).map(str::to_owned) else {
            self.findings.wrong(
                NAME,
                wanted,
                "none",
                "the query was cut or built by hand: a receiver has to refuse it",
            );
            return;
        };
        match (found.parse::<u32>(), expected) {
            (Err(_), _) => self.findings.wrong(
                NAME,
                wanted,
                found,
                "not an SDKAppID: a number up to 4294967295",
            ),
            (Ok(app), Some(expected)) if app != expected => {
                self.findings.wrong(NAME, wanted, found, "a callback of another application");
            }
            (Ok(_), Some(_)) => self.findings.good(NAME, found),
            (Ok(_), None) => {
                self.findings.good(NAME, format!("{found}, not compared: give --sdk-app-id"))
            }
        }
    }

    fn command(&mut self) {
        const NAME: &str = "CallbackCommand";
        let Some(word) = self.value(NAME).map(str::to_owned) else {
            self.findings.note(NAME, "none", "the body's is what counts");
            return;
        };
        judge_command(&mut self.findings, &word);
    }

    fn signature(&mut self) {
        let (sign, time) =
            (self.value("Sign").map(str::to_owned), self.value("RequestTime").map(str::to_owned));
        match (sign, time) {
            (None, None) if self.expected.token.is_some() => self.findings.wrong(
                "Sign",
                "Sign and RequestTime",
                "neither",
                "no token is set on the vendor's side, or only for another product",
            ),
            (None, None) => self.findings.note(
                "Sign",
                "none",
                "no token is set on the vendor's side: anybody can post events",
            ),
            (Some(_), None) => self.findings.wrong(
                "RequestTime",
                "seconds since 1970",
                "none",
                "the query was cut: Sign cannot be checked without it",
            ),
            (None, Some(time)) => self.findings.wrong(
                "Sign",
                "64 hexadecimal digits",
                "none",
                format!("the query was cut, or the request is forged (RequestTime={time})"),
            ),
            (Some(sign), Some(time)) => {
                self.time(&time);
                self.sign(&sign, &time);
            }
        }
    }

    fn time(&mut self, time: &str) {
        const NAME: &str = "RequestTime";
        const WANTED: &str = "seconds since 1970, 60 s from now at most";
        let now_s = i64::try_from(clock::now_s()).unwrap_or(i64::MAX);
        let Ok(found_s) = time.parse::<i64>() else {
            self.findings.wrong(NAME, WANTED, time, "not a number");
            return;
        };
        // Seconds reach this in the year 5138.
        if found_s > 100_000_000_000 {
            self.findings.wrong(NAME, WANTED, time, "milliseconds instead of seconds");
            return;
        }
        let age_s = now_s.saturating_sub(found_s);
        let told = format!("{time}, {}", told_distance(age_s));
        if age_s.abs() <= TOLERANCE_S {
            self.findings.good(NAME, told);
        } else if age_s > 0 {
            self.findings.wrong(
                NAME,
                WANTED,
                told,
                "expired: an old request sent again, or this machine's clock is ahead",
            );
        } else {
            self.findings.wrong(
                NAME,
                WANTED,
                told,
                "this machine's clock is behind, or the sender's ahead",
            );
        }
    }

    fn sign(&mut self, sign: &str, time: &str) {
        const NAME: &str = "Sign";
        const FORM: &str = "64 hexadecimal digits: sha256(token + RequestTime)";
        let is_hex = sign.len() == 64 && sign.bytes().all(|byte| byte.is_ascii_hexdigit());
        let Some(token) = &self.expected.token else {
            match is_hex {
                true => self.findings.good(
                    NAME,
                    "has the right form, not checked: give the token with --token-file or TC_TOKEN",
                ),
                false => self.findings.wrong(NAME, FORM, shape(sign), form_mistake(sign)),
            }
            return;
        };
        let right = query::sign(token, time);
        if sign == right {
            self.findings.good(NAME, "made with this token for this RequestTime");
        } else if sign.eq_ignore_ascii_case(&right) {
            self.findings.wrong(
                NAME,
                FORM,
                "the right digits in upper case",
                "the vendor sends lower case: whoever compares texts refuses it",
            );
        } else {
            let likely = match sign::mistake(sign, token, time, self.body) {
                Some(what) => what,
                None if is_hex => {
                    "made with another token, for another RequestTime, or forged".to_owned()
                }
                None => form_mistake(sign).to_owned(),
            };
            self.findings.wrong(
                NAME,
                format!("{right}\nthat is sha256(token + \"{time}\")"),
                sign,
                likely,
            );
        }
    }
}

/// Looks at a command word, of a query or a body.
pub fn judge_command(findings: &mut Findings, word: &str) {
    const NAME: &str = "CallbackCommand";
    let command = Command::from_word(word);
    if command.word() == word {
        findings.good(NAME, word);
    } else if command != Command::Unknown {
        let likely = format!("an older word for {}: to be taken as the same", command.word());
        findings.note(NAME, word, &likely);
    } else if let Some(known) = nearest(word, command_words()) {
        let case = known.eq_ignore_ascii_case(word);
        let likely = if case { "spelled in another case" } else { "misspelled" };
        findings.wrong(NAME, known, word, likely);
    } else {
        let likely = match word.split_once('.').map(|(prefix, _)| prefix) {
            Some("Live" | "Group" | "Follow") => {
                "a callback of Live or Chat, which this release does not know"
            }
            Some("Room" | "Mic" | "Call") => {
                "newer than this release, perhaps: to be answered OK all the same"
            }
            _ => "no callback command has such a form",
        };
        findings.note(NAME, word, likely);
    }
}

/// How far in the past, or below zero in the future.
pub fn told_distance(age_s: i64) -> String {
    let seconds = age_s.unsigned_abs();
    let told = match seconds {
        0..=119 => format!("{seconds} s"),
        120..=7199 => format!("{} min", seconds / 60),
        7200..=172_799 => format!("{} h", seconds / 3600),
        _ => format!("{} days", seconds / 86_400),
    };
    if age_s < 0 { format!("in {told}") } else { format!("{told} ago") }
}

fn shape(sign: &str) -> String {
    format!("{} characters: {sign}", sign.chars().count())
}

fn form_mistake(sign: &str) -> &'static str {
    let is_hex = sign.bytes().all(|byte| byte.is_ascii_hexdigit());
    match sign.len() {
        0 => "Sign is empty: the sender has no token",
        43 | 44 => "base64: Sign is hexadecimal, or this is a callback of the TRTC engine",
        32 if is_hex => "MD5, or half of it was cut off",
        40 if is_hex => "SHA-1 instead of SHA-256",
        1..64 if is_hex => "cut off",
        64 => "a digit is wrong",
        _ => "not what the vendor sends",
    }
}
