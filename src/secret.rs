//! Whether a key or a token is what was meant.
//!
//! What comes along when a secret is copied or read from a file makes another secret of it, and then Tencent says no more than that
//! a signature is wrong. Only what is certainly a mistake is refused: Tencent documents how long a token may be, but not of which
//! characters a key or a token is made.

use crate::error::{Error, Result, Status};

/// What is wrong with a secret. Never holds any of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mistake {
    /// There is nothing.
    Empty,
    /// UTF-16, as some editors and PowerShell write it.
    Utf16,
    /// Neither UTF-8 nor UTF-16.
    NotUtf8,
    /// U+FEFF, which editors write at the start of a file.
    ByteOrderMark,
    /// A certificate or a key in PEM.
    Pem,
    /// `TC_TOKEN=` and the like, copied with the value.
    Name,
    /// Quotes around it.
    Quotes,
    /// A line end inside: it was wrapped, or there are two.
    Lines,
    /// A carriage return after it: a line end of Windows.
    CarriageReturn,
    /// A line feed after it.
    LineFeed,
    /// White space before or after it.
    SpaceAround,
    /// A space inside hexadecimal digits.
    SpaceInside,
    /// A control character or an invisible one.
    Invisible,
}

impl Mistake {
    /// The first mistake of a key, a token or a UserSig; none if it can be meant so.
    pub fn find(secret: &[u8]) -> Option<Mistake> {
        if secret.is_empty() {
            return Some(Mistake::Empty);
        }
        // What nearly all are, and Tencent's own keys.
        // Without a branch for each byte it is done for many at once, and takes as long for one key as for another.
        if secret.iter().fold(true, |all, byte| all & byte.is_ascii_alphanumeric()) {
            return None;
        }
        match std::str::from_utf8(secret) {
            Ok(text) => Mistake::find_in_text(text),
            Err(_) if secret.starts_with(b"\xff\xfe") || secret.starts_with(b"\xfe\xff") => {
                Some(Mistake::Utf16)
            }
            Err(_) => Some(Mistake::NotUtf8),
        }
    }

    fn find_in_text(text: &str) -> Option<Mistake> {
        if text.starts_with(BYTE_ORDER_MARK) {
            return Some(Mistake::ByteOrderMark);
        }
        let bare = text.trim_matches(is_space);
        let found = [
            (bare.starts_with("-----BEGIN "), Mistake::Pem),
            (has_name(bare), Mistake::Name),
            (has_quotes(bare), Mistake::Quotes),
            (bare.contains(['\r', '\n']), Mistake::Lines),
            (text.ends_with(['\r', '\n']) && text.contains('\r'), Mistake::CarriageReturn),
            (text.ends_with('\n'), Mistake::LineFeed),
            (bare.len() != text.len(), Mistake::SpaceAround),
            (bare.contains(is_invisible), Mistake::Invisible),
            (bare.contains(' ') && is_hexadecimal(bare), Mistake::SpaceInside),
        ];
        found.into_iter().find_map(|(is_so, mistake)| is_so.then_some(mistake))
    }

    /// What the secret has or is, to follow a subject: `the key has quotes around it`.
    pub fn found(self) -> &'static str {
        match self {
            Mistake::Empty => "is empty",
            Mistake::Utf16 => "is in UTF-16",
            Mistake::NotUtf8 => "is not UTF-8",
            Mistake::ByteOrderMark => "begins with a byte order mark",
            Mistake::Pem => "is a PEM block (-----BEGIN)",
            Mistake::Name => "begins with the name of a variable and =",
            Mistake::Quotes => "has quotes around it",
            Mistake::Lines => "has a line end inside",
            Mistake::CarriageReturn => "ends with a carriage return, the line end of Windows",
            Mistake::LineFeed => "ends with a line feed",
            Mistake::SpaceAround => "begins or ends with white space",
            Mistake::SpaceInside => "has a space inside",
            Mistake::Invisible => "has a control character or an invisible one inside",
        }
    }

    /// What to do about it.
    pub fn remedy(self) -> &'static str {
        match self {
            Mistake::Empty => "check that the variable or file it comes from is set",
            Mistake::Utf16 | Mistake::NotUtf8 => "save the file as UTF-8",
            Mistake::ByteOrderMark => "save the file as UTF-8 without one",
            Mistake::Pem => "certificates and private keys are not used here",
            Mistake::Name => "give only what follows the =",
            Mistake::Quotes => "remove them",
            Mistake::Lines => "write it in one line, and only one",
            Mistake::CarriageReturn => "remove it, or save the file with the line ends of Unix",
            Mistake::LineFeed => {
                "remove it; it is perhaps the line end of the file it was read from"
            }
            Mistake::SpaceAround => "remove it",
            Mistake::SpaceInside => "remove it; it was perhaps wrapped",
            Mistake::Invisible => "copy it again",
        }
    }
}

const BYTE_ORDER_MARK: char = '\u{feff}';

/// Refuses a SecretKey that is certainly not what was meant.
///
/// # Errors
/// [`Status::InvalidArgument`]: what it looks like and what to do, without any of the key.
pub fn check_key(key: &[u8]) -> Result<()> {
    match Mistake::find(key) {
        None => Ok(()),
        Some(Mistake::Empty) => refuse("the key is empty: copy the SecretKey from the console"),
        Some(mistake) => refuse(&described("the key", mistake)),
    }
}

/// Refuses a token of callback authentication that is certainly not what was meant.
///
/// # Errors
/// [`Status::InvalidArgument`]: what it looks like and what to do, without any of the token.
pub fn check_token(token: &[u8]) -> Result<()> {
    match Mistake::find(token) {
        None => Ok(()),
        Some(Mistake::Empty) => refuse(
            "a token is empty: anyone could sign with it. Add no token if Sign is not to be checked",
        ),
        Some(mistake) => refuse(&described("a token", mistake)),
    }
}

/// `the key has quotes around it: remove them`.
pub(crate) fn described(subject: &str, mistake: Mistake) -> String {
    format!("{subject} {}: {}", mistake.found(), mistake.remedy())
}

fn refuse(message: &str) -> Result<()> {
    Err(Error::new(Status::InvalidArgument, message))
}

/// White space, and what is as invisible at an end.
fn is_space(character: char) -> bool {
    character.is_whitespace()
        || matches!(character, BYTE_ORDER_MARK | '\u{200b}'..='\u{200f}' | '\u{2060}')
}

/// What nobody types; joiners (U+200C, U+200D) belong to some scripts and to emoji.
fn is_invisible(character: char) -> bool {
    character.is_control()
        || matches!(character, BYTE_ORDER_MARK | '\u{200b}' | '\u{2028}' | '\u{2029}' | '\u{2060}')
}

/// Whether it begins like a line of a file of variables. `=` alone proves nothing: base64 ends with it, and a token may have it.
fn has_name(text: &str) -> bool {
    let text = text.trim_start_matches(['"', '\'']);
    let line = text.strip_prefix("export ").map_or(text, str::trim_start);
    let Some((name, value)) = line.split_once('=') else { return false };
    let name = name.trim_end();
    let is_name = name.starts_with(|first: char| first.is_ascii_alphabetic())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    let is_variable = name.contains('_') && !name.bytes().any(|byte| byte.is_ascii_lowercase());
    let last = name.rsplit('_').next().unwrap_or_default();
    let is_ours = ["key", "token", "secret", "SecretKey", "UserSig"]
        .iter()
        .any(|known| last.eq_ignore_ascii_case(known));
    is_name && (is_variable || is_ours) && !value.trim_start_matches('=').is_empty()
}

fn has_quotes(text: &str) -> bool {
    const PAIRS: [(char, char); 5] =
        [('"', '"'), ('\'', '\''), ('`', '`'), ('\u{201c}', '\u{201d}'), ('\u{2018}', '\u{2019}')];
    PAIRS
        .iter()
        .any(|(open, close)| text.strip_prefix(*open).is_some_and(|rest| rest.ends_with(*close)))
}

/// Whether it is a SecretKey's digits but for spaces. A passphrase, which may have spaces, is not.
fn is_hexadecimal(text: &str) -> bool {
    const SHORTEST: usize = 32;
    text.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b' ')
        && text.bytes().filter(u8::is_ascii_hexdigit).count() >= SHORTEST
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &str = "5bd2850fff3ecb11d7c805251c51ee463a25727bddc2385f3fa8bfee1bb93b5e";

    /// Forms in which a secret is handed in by mistake.
    fn mistakes(secret: &str) -> Vec<(String, Mistake)> {
        let (first, second) = secret.split_at(secret.len() / 2);
        [
            (String::new(), Mistake::Empty),
            (format!("\u{feff}{secret}"), Mistake::ByteOrderMark),
            (format!("\u{feff}{secret}\r\n"), Mistake::ByteOrderMark),
            (format!("{secret}\r\n"), Mistake::CarriageReturn),
            (format!("{secret}\r"), Mistake::CarriageReturn),
            (format!("{secret}\n"), Mistake::LineFeed),
            (format!("{secret}\n\n"), Mistake::LineFeed),
            (format!("{first}\n{second}\n"), Mistake::Lines),
            (format!("{first}\r\n{second}"), Mistake::Lines),
            (format!(" {secret}"), Mistake::SpaceAround),
            (format!("{secret}\t"), Mistake::SpaceAround),
            (format!("{secret}\u{a0}"), Mistake::SpaceAround),
            (format!("{secret}\u{200b}"), Mistake::SpaceAround),
            (format!("\u{3000}{secret}"), Mistake::SpaceAround),
            (" ".to_owned(), Mistake::SpaceAround),
            (format!("{first}\t{second}"), Mistake::Invisible),
            (format!("{first}\0{second}"), Mistake::Invisible),
            (format!("{first}\u{200b}{second}"), Mistake::Invisible),
            (format!("\"{secret}\""), Mistake::Quotes),
            (format!("'{secret}'\n"), Mistake::Quotes),
            (format!("\u{201c}{secret}\u{201d}"), Mistake::Quotes),
            (format!("TC_SECRET_KEY={secret}"), Mistake::Name),
            (format!("TC_SECRET_KEY=\"{secret}\"\n"), Mistake::Name),
            (format!("export TC_TOKEN={secret}"), Mistake::Name),
            (format!("export   SOME_VARIABLE={secret}"), Mistake::Name),
            (format!("\"TC_TOKEN={secret}\""), Mistake::Name),
            (format!("SECRETKEY={secret}"), Mistake::Name),
            (format!("token = {secret}"), Mistake::Name),
            (
                format!("-----BEGIN PRIVATE KEY-----\n{secret}\n-----END PRIVATE KEY-----\n"),
                Mistake::Pem,
            ),
        ]
        .into()
    }

    #[test]
    fn each_form_of_a_mistake_is_named_with_what_to_do_and_none_of_the_secret() {
        // A token has characters that a key has not.
        for secret in [KEY, "p@ss=w\"rd-1"] {
            for (given, mistake) in mistakes(secret) {
                assert_eq!(Mistake::find(given.as_bytes()), Some(mistake), "{given:?}");
                for error in [check_key(given.as_bytes()), check_token(given.as_bytes())] {
                    let error = error.unwrap_err();
                    assert_eq!(error.status(), Status::InvalidArgument);
                    assert!(!error.message().contains(&secret[..8]), "{error}");
                    assert!(error.message().contains(": "), "{error}");
                }
            }
        }
    }

    #[test]
    fn a_key_wrapped_with_a_space_is_a_mistake_and_a_passphrase_is_not() {
        let wrapped = format!("{} {}", &KEY[..32], &KEY[32..]);
        assert_eq!(Mistake::find(wrapped.as_bytes()), Some(Mistake::SpaceInside));
        assert_eq!(Mistake::find(b"a token of five words"), None);
    }

    #[test]
    fn files_in_another_encoding_are_named() {
        let utf16: Vec<u8> =
            [0xfeff].into_iter().chain(KEY.encode_utf16()).flat_map(u16::to_le_bytes).collect();
        assert_eq!(Mistake::find(&utf16), Some(Mistake::Utf16));
        assert_eq!(Mistake::find(b"caf\xe9"), Some(Mistake::NotUtf8));
        // UTF-16 without a mark.
        assert_eq!(Mistake::find(&utf16[2..]), Some(Mistake::Invisible));
    }

    #[test]
    fn what_a_token_may_be_is_left_alone() {
        let longest = "x".repeat(128);
        for token in [
            "t",
            KEY,
            &longest,
            "\"",
            "say \"hi\"",
            "\"quoted\" and not",
            "it's",
            "a=b",
            "A=B",
            "monkey=banana",
            "ABC=def",
            "dG9rZW4=",
            "QUJDREVG==",
            "A_B==",
            "=",
            "TOKEN=",
            "x y",
            "dead beef",
            "<tag>",
            "$HOME",
            "密钥里有中文和 emoji 🎮",
            "\u{1f468}\u{200d}\u{1f469}",
            "-----",
        ] {
            assert_eq!(Mistake::find(token.as_bytes()), None, "{token:?}");
        }
    }
}
