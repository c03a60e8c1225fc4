//! A UserSig: zlib of JSON, in base64 of Tencent's own. <https://trtc.io/document/34385>

use data_encoding::{BASE64, HEXLOWER_PERMISSIVE};
use jiff::Timestamp;
use ring::hmac;
use serde_json::Value;
use tc_callback::secret::Mistake;

use super::Expected;
use super::finding::Findings;
use super::url::told_distance;
use crate::clock;
use crate::emulator::usersig::{ALPHABET, Content, inflate, signed_text};

/// Tencent advises that it be valid for a day or more.
const DAY_S: u64 = 86_400;

pub fn inspect(text: &str, expected: &Expected) -> Findings {
    let mut findings = Findings::default();
    let Some(text) = unwrapped(text, &mut findings) else { return findings };
    let Some(packed) = decode(&text, &mut findings) else { return findings };
    let Some(json) = unpack(&packed, text.len(), &mut findings) else { return findings };
    let Some(content) = read(&json, &mut findings) else { return findings };
    claims(&content, expected, &mut findings);
    time(&content, &mut findings);
    signature(&content, expected, &mut findings);
    findings
}

/// Without what came along when it was copied or written to a file; `None` if nothing is left to look at.
fn unwrapped(text: &str, findings: &mut Findings) -> Option<String> {
    let mut text = text.strip_suffix('\n').unwrap_or(text).to_owned();
    while let Some(mistake) = Mistake::find(text.as_bytes()) {
        let bare = bare(&text, mistake);
        if mistake == Mistake::Pem || bare == text {
            break;
        }
        let is_harmless = matches!(mistake, Mistake::SpaceAround | Mistake::LineFeed)
            || mistake == Mistake::Name && text.starts_with("usersig=");
        if !is_harmless {
            wrong_around(mistake, findings);
        }
        text = bare;
    }
    if text.trim_start().starts_with("-----BEGIN ") {
        wrong_around(Mistake::Pem, findings);
        return None;
    }
    if text.contains('%') {
        findings.note("text", "percent-encoded", "it was taken from a URL: it is decoded here");
        return Some(percent_encoding::percent_decode_str(&text).decode_utf8_lossy().into_owned());
    }
    if text.contains(' ') {
        wrong_around(Mistake::SpaceInside, findings);
        text.retain(|character| character != ' ');
    }
    Some(text)
}

/// The text without this mistake, if it can be taken away.
fn bare(text: &str, mistake: Mistake) -> String {
    const QUOTES: [char; 7] = ['"', '\'', '`', '\u{201c}', '\u{201d}', '\u{2018}', '\u{2019}'];
    let is_space = |character: char| {
        character.is_whitespace()
            || character.is_control()
            || "\u{feff}\u{200b}\u{2060}".contains(character)
    };
    let trimmed = text.trim_matches(is_space);
    match mistake {
        Mistake::Name => {
            let value = trimmed.split_once('=').map_or(trimmed, |(_, value)| value);
            value.trim_matches(is_space).trim_matches(QUOTES).to_owned()
        }
        Mistake::Quotes => trimmed.trim_matches(QUOTES).to_owned(),
        Mistake::Lines | Mistake::Invisible => {
            trimmed.chars().filter(|character| !is_space(*character)).collect()
        }
        _ => trimmed.to_owned(),
    }
}

fn wrong_around(mistake: Mistake, findings: &mut Findings) {
    let likely = match mistake {
        Mistake::ByteOrderMark => "an editor wrote one: save the file as UTF-8 without it",
        Mistake::CarriageReturn => {
            "the file has the line ends of Windows, and $(cat FILE) leaves a carriage return of them"
        }
        Mistake::Quotes => "it was copied out of JSON or source code",
        Mistake::Name => "a whole line was copied out of a file of variables",
        Mistake::Pem => "a certificate or private key, which is used nowhere here",
        Mistake::Lines | Mistake::SpaceInside => "it was wrapped by a terminal or an e-mail",
        other => other.remedy(),
    };
    let found = format!("one that {}", mistake.found());
    findings.wrong("text", "the UserSig alone, in one line", found, likely);
}

fn decode(text: &str, findings: &mut Findings) -> Option<Vec<u8>> {
    const NAME: &str = "base64";
    const WANTED: &str = "A-Z a-z 0-9, * for +, - for /, _ for =";
    let body = text.trim_end_matches(['_', '=']);
    let padding = text.len() - body.len();
    let has = |symbols: &[char]| body.contains(symbols);
    let (standard, is_own) = if has(&['+', '/']) || text.ends_with('=') {
        findings.wrong(NAME, WANTED, "+, / or =", "standard base64: the alphabets are mixed up");
        (body.to_owned(), false)
    } else if body.contains('_') {
        findings.wrong(
            NAME,
            WANTED,
            "_ before the end",
            "URL-safe base64 of RFC 4648: the alphabets are mixed up",
        );
        (body.replace('-', "+").replace('_', "/"), false)
    } else {
        (body.replace('*', "+").replace('-', "/"), true)
    };
    if let Some((at, other)) =
        standard.char_indices().find(|(_, c)| !c.is_ascii_alphanumeric() && !"+/".contains(*c))
    {
        findings.wrong(
            NAME,
            WANTED,
            format!("{other:?} at character {}", at + 1),
            "not a UserSig, or something was added to it",
        );
        return None;
    }
    let missing = (4 - standard.len() % 4) % 4;
    if missing == 3 || (is_own && padding != missing) {
        let found = format!("{} characters, the last {padding} of them _", text.len());
        findings.wrong(
            NAME,
            "a multiple of four characters",
            found,
            "truncated: the end is missing",
        );
        return None;
    }
    let padded = format!("{standard}{}", "=".repeat(missing));
    match BASE64.decode(padded.as_bytes()) {
        Ok(packed) => {
            if is_own && ALPHABET.is_some() {
                findings.good(NAME, format!("{} characters in Tencent's alphabet", text.len()));
            }
            Some(packed)
        }
        Err(error) => {
            findings.wrong(
                NAME,
                WANTED,
                error.to_string(),
                "a character is missing or was changed",
            );
            None
        }
    }
}

fn unpack(packed: &[u8], length: usize, findings: &mut Findings) -> Option<Vec<u8>> {
    const NAME: &str = "zlib";
    match inflate(packed) {
        Ok(json) => {
            findings.good(NAME, format!("{} bytes of JSON", json.len()));
            Some(json)
        }
        Err(_) if packed.first() == Some(&0x78) => {
            let found =
                format!("it begins as one, and breaks off or is damaged ({length} characters)");
            findings.wrong(NAME, "a whole zlib stream", found, "truncated, or a character was changed; a column of a database may be too short for it");
            None
        }
        Err(_) if packed.first() == Some(&b'{') => {
            findings.wrong(
                NAME,
                "a zlib stream",
                "JSON that is not compressed",
                "the step of compressing it was left out",
            );
            None
        }
        Err(_) => {
            let start = data_encoding::HEXLOWER.encode(packed.get(..4).unwrap_or(packed));
            findings.wrong(
                NAME,
                "a zlib stream: 78 first",
                format!("bytes that begin with {start}"),
                "not a UserSig, its start is missing, or the alphabets are mixed up",
            );
            None
        }
    }
}

fn read(json: &[u8], findings: &mut Findings) -> Option<Content> {
    const FIELDS: [&str; 6] =
        ["TLS.ver", "TLS.identifier", "TLS.sdkappid", "TLS.time", "TLS.expire", "TLS.sig"];
    match serde_json::from_slice::<Content>(json) {
        Ok(content) if content.version == "2.0" => return Some(content),
        Ok(content) => findings.wrong(
            "TLS.ver",
            "2.0",
            content.version,
            "made by another version of the algorithm: ECDSA, of applications before 2019-07",
        ),
        Err(error) => {
            let value: Value = serde_json::from_slice(json).unwrap_or_default();
            let missing: Vec<&str> =
                FIELDS.into_iter().filter(|name| value.get(name).is_none()).collect();
            match missing.as_slice() {
                [] => findings.wrong(
                    "JSON",
                    "numbers in TLS.sdkappid, TLS.time and TLS.expire, texts elsewhere",
                    error.to_string(),
                    "made by a library of one's own",
                ),
                missing => findings.wrong(
                    "JSON",
                    FIELDS.join(", "),
                    format!("no {}", missing.join(", ")),
                    "not a UserSig, or made by a library of one's own",
                ),
            }
        }
    }
    None
}

fn claims(content: &Content, expected: &Expected, findings: &mut Findings) {
    let app = content.sdk_app_id.to_string();
    match expected.sdk_app_id {
        Some(wanted) if app != wanted.to_string() => {
            findings.wrong("TLS.sdkappid", wanted.to_string(), app, "of another application");
        }
        Some(_) => findings.good("TLS.sdkappid", app),
        None => findings.good("TLS.sdkappid", format!("{app}, not compared: give --sdk-app-id")),
    }
    let identifier = content.identifier.clone();
    match &expected.identifier {
        Some(wanted) if *wanted != content.identifier => {
            let is_case = wanted.eq_ignore_ascii_case(&content.identifier);
            let is_space = wanted.trim() == content.identifier.trim();
            let likely = match (is_case, is_space) {
                (_, true) => "white space around the account",
                (true, _) => "spelled in another case",
                _ => {
                    "of another account: each signs for itself, and the REST API wants an administrator's"
                }
            };
            findings.wrong("TLS.identifier", wanted.as_str(), identifier, likely);
        }
        Some(_) => findings.good("TLS.identifier", identifier),
        None => findings
            .good("TLS.identifier", format!("{identifier}, not compared: give --identifier")),
    }
    if content.userbuf.is_some() {
        findings.note(
            "TLS.userbuf",
            "there",
            "it is a PrivateMapKey: for one room, not for the REST API",
        );
    }
}

fn time(content: &Content, findings: &mut Findings) {
    let now = clock::now_s();
    let made = content.time_s;
    if made > 100_000_000_000 {
        findings.wrong(
            "TLS.time",
            "seconds since 1970",
            made.to_string(),
            "milliseconds instead of seconds",
        );
        return;
    }
    let age = signed_distance(now, made);
    if age < -60 {
        findings.wrong(
            "TLS.time",
            "a moment that has been",
            format!("{}, {}", moment(made), told_distance(age)),
            "the clock of the machine that signed is ahead",
        );
    } else {
        findings.good("TLS.time", format!("{}, {}", moment(made), told_distance(age)));
    }
    let last = made.saturating_add(content.expire_s);
    let told = format!("{}, {}", moment(last), told_distance(signed_distance(now, last)));
    if now > last {
        findings.wrong(
            "TLS.expire",
            format!("later than {}", moment(now)),
            format!("valid until {told}"),
            "expired: sign again, and early enough",
        );
    } else if content.expire_s < DAY_S {
        findings.note("TLS.expire", format!("valid until {told}"), "Tencent advises a day or more");
    } else {
        findings.good("TLS.expire", format!("valid until {told}"));
    }
}

fn signature(content: &Content, expected: &Expected, findings: &mut Findings) {
    const NAME: &str = "TLS.sig";
    let Some(key) = &expected.key else {
        findings.note(
            NAME,
            "not checked",
            "give the application's key with --key-file or TC_SECRET_KEY",
        );
        return;
    };
    let Ok(found) = BASE64.decode(content.signature.as_bytes()) else {
        findings.wrong(
            NAME,
            "HMAC-SHA256 in standard base64",
            "no base64",
            "made by a library of one's own, or changed",
        );
        return;
    };
    let text = signed_text(content);
    let is_made = |key: &[u8], text: &str| {
        let key = hmac::Key::new(hmac::HMAC_SHA256, key);
        hmac::verify(&key, text.as_bytes(), &found).is_ok()
    };
    if is_made(key.as_bytes(), &text) {
        findings.good(NAME, "made with this key");
        return;
    }
    let decoded = HEXLOWER_PERMISSIVE.decode(key.as_bytes()).ok();
    let likely = if is_made(format!("{}\n", key.as_str()).as_bytes(), &text) {
        "the key was used with a line end behind it, perhaps of the file that it was read from"
    } else if decoded.is_some_and(|decoded| is_made(&decoded, &text)) {
        "the key was decoded from hexadecimal: its text itself is the key"
    } else if is_made(key.as_bytes(), text.trim_end()) {
        "the last line end of the text that is signed was left out"
    } else {
        "made with the key of another application, or changed afterwards"
    };
    findings.wrong(NAME, "made with this key", "something else", likely);
}

fn signed_distance(now: u64, then: u64) -> i64 {
    let number = |time: u64| i64::try_from(time).unwrap_or(i64::MAX);
    number(now).saturating_sub(number(then))
}

fn moment(time_s: u64) -> String {
    let time = i64::try_from(time_s).ok().and_then(|time| Timestamp::from_second(time).ok());
    time.map_or_else(|| format!("{time_s} s after 1970"), |time| time.to_string())
}
