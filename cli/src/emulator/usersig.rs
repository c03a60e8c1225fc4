//! Verifies a UserSig with other crates than the library signs with, so that a mistake there cannot hide here.

use std::io::Read;
use std::sync::LazyLock;

use data_encoding::{BASE64, Encoding, Specification};
use libflate::zlib;
use ring::hmac;
use serde::Deserialize;
use tc_callback::catalog::code;

use super::refusal::Refusal;

/// Bytes of the inflated JSON; a real one has some 250, with a userbuf some 400.
const MAX_INFLATED: u64 = 16 * 1024;

/// What the URL says that the UserSig must say too.
pub struct Claimed<'a> {
    pub sdk_app_id: u32,
    pub identifier: &'a str,
}

/// The JSON inside a UserSig.
#[derive(Deserialize)]
pub(crate) struct Content {
    #[serde(rename = "TLS.ver")]
    pub(crate) version: String,
    #[serde(rename = "TLS.identifier")]
    pub(crate) identifier: String,
    #[serde(rename = "TLS.sdkappid")]
    pub(crate) sdk_app_id: u64,
    #[serde(rename = "TLS.time")]
    pub(crate) time_s: u64,
    #[serde(rename = "TLS.expire")]
    pub(crate) expire_s: u64,
    #[serde(rename = "TLS.userbuf")]
    pub(crate) userbuf: Option<String>,
    #[serde(rename = "TLS.sig")]
    pub(crate) signature: String,
}

/// Refuses a UserSig that is not this application's and account's, signed with `key` and valid at `now_s`.
pub fn check(key: &[u8], claimed: &Claimed<'_>, usersig: &str, now_s: u64) -> Result<(), Refusal> {
    let content = decode(usersig)?;
    if content.sdk_app_id != u64::from(claimed.sdk_app_id) {
        let info = format!(
            "sdkappid in the URL is {}, in the UserSig {}",
            claimed.sdk_app_id, content.sdk_app_id
        );
        return Err(Refusal::new(code::USERSIG_OTHER_APP, info));
    }
    if content.identifier != claimed.identifier {
        let info = format!(
            "identifier in the URL is {:?}, in the UserSig {:?}",
            claimed.identifier, content.identifier
        );
        return Err(Refusal::new(code::USERSIG_OTHER_IDENTIFIER, info));
    }
    let signature = BASE64
        .decode(content.signature.as_bytes())
        .map_err(|_| illegal("TLS.sig is not base64"))?;
    let key = hmac::Key::new(hmac::HMAC_SHA256, key);
    if hmac::verify(&key, signed_text(&content).as_bytes(), &signature).is_err() {
        let info = "the UserSig was not signed with this application's key";
        return Err(Refusal::new(code::USERSIG_FORGED, info));
    }
    if now_s > content.time_s.saturating_add(content.expire_s) {
        let info = format!(
            "the UserSig was signed at {} for {} s and has expired",
            content.time_s, content.expire_s
        );
        return Err(Refusal::new(code::USERSIG_EXPIRED, info));
    }
    Ok(())
}

/// What TLS.sig is made of.
pub(crate) fn signed_text(content: &Content) -> String {
    let mut text = format!(
        "TLS.identifier:{}\nTLS.sdkappid:{}\nTLS.time:{}\nTLS.expire:{}\n",
        content.identifier, content.sdk_app_id, content.time_s, content.expire_s
    );
    if let Some(userbuf) = &content.userbuf {
        text.push_str(&format!("TLS.userbuf:{userbuf}\n"));
    }
    text
}

fn decode(usersig: &str) -> Result<Content, Refusal> {
    let alphabet = ALPHABET.as_ref().ok_or_else(|| illegal("no alphabet"))?;
    let packed = alphabet
        .decode(usersig.as_bytes())
        .map_err(|error| illegal(format!("not the base64 of a UserSig: {error}")))?;
    let json = inflate(&packed)
        .map_err(|error| illegal(format!("cut short or not a zlib stream: {error}")))?;
    if json.len() as u64 > MAX_INFLATED {
        return Err(illegal("it is far too long"));
    }
    let content: Content =
        serde_json::from_slice(&json).map_err(|error| illegal(format!("not its JSON: {error}")))?;
    if content.version != "2.0" {
        return Err(illegal(format!("TLS.ver is {:?}, not \"2.0\"", content.version)));
    }
    Ok(content)
}

/// What a zlib stream holds, as far as a UserSig can be long.
pub(crate) fn inflate(packed: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut json = Vec::new();
    zlib::Decoder::new(packed)?.take(MAX_INFLATED + 1).read_to_end(&mut json)?;
    Ok(json)
}

fn illegal(why: impl std::fmt::Display) -> Refusal {
    Refusal::new(code::USERSIG_ILLEGAL, format!("the UserSig is illegal: {why}"))
}

/// Standard base64 with padding, but `*`, `-` and `_` for `+`, `/` and `=`.
pub(crate) static ALPHABET: LazyLock<Option<Encoding>> = LazyLock::new(|| {
    let mut specification = Specification::new();
    specification
        .symbols
        .push_str("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789*-");
    specification.padding = Some('_');
    specification.encoding().ok()
});

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::panic)]

    use serde_json::{Value, json};

    use super::*;

    fn vectors() -> Vec<Value> {
        serde_json::from_str(include_str!("../../../tests/fixtures/usersig/vectors.json")).unwrap()
    }

    fn deflate(json: &[u8]) -> String {
        let mut encoder = zlib::Encoder::new(Vec::new()).unwrap();
        std::io::Write::write_all(&mut encoder, json).unwrap();
        let packed = encoder.finish().into_result().unwrap();
        ALPHABET.as_ref().unwrap().encode(&packed)
    }

    struct Case {
        key: String,
        sdk_app_id: u32,
        identifier: String,
        json: Value,
        last_s: u64,
    }

    impl Case {
        fn read(vector: &Value) -> Case {
            let number = |name: &str| vector[name].as_u64().unwrap();
            Case {
                key: vector["key"].as_str().unwrap().to_owned(),
                sdk_app_id: number("sdkappid").try_into().unwrap(),
                identifier: vector["identifier"].as_str().unwrap().to_owned(),
                json: match &vector["json"] {
                    Value::Null => json!({
                        "TLS.ver": "2.0",
                        "TLS.identifier": vector["identifier"],
                        "TLS.sdkappid": vector["sdkappid"],
                        "TLS.time": vector["time"],
                        "TLS.expire": vector["expire"],
                        "TLS.userbuf": vector["userbuf_b64"],
                        "TLS.sig": vector["tls_sig"],
                    }),
                    json => json.clone(),
                },
                last_s: number("time") + number("expire"),
            }
        }

        fn check(&self, usersig: &str, now_s: u64) -> i64 {
            let claimed = Claimed { sdk_app_id: self.sdk_app_id, identifier: &self.identifier };
            check(self.key.as_bytes(), &claimed, usersig, now_s).map_or_else(|no| no.code, |()| 0)
        }
    }

    fn cases() -> Vec<Case> {
        vectors().iter().map(Case::read).collect()
    }

    #[test]
    fn the_vendors_own_usersigs_are_accepted_up_to_their_last_second() {
        let mut seen = 0;
        for vector in vectors() {
            let Some(usersig) = vector["usersig_official_node_zlib6"].as_str() else { continue };
            let case = Case::read(&vector);
            assert_eq!(case.check(usersig, case.last_s), 0);
            assert_eq!(case.check(usersig, case.last_s + 1), code::USERSIG_EXPIRED);
            seen += 1;
        }
        assert!(seen >= 3, "the fixture lost its published vectors");
    }

    #[test]
    fn every_vector_is_accepted_whichever_way_it_was_deflated_and_with_a_userbuf_too() {
        let cases = cases();
        assert!(cases.iter().any(|case| case.json.get("TLS.userbuf").is_some()));
        for case in cases {
            let usersig = deflate(&serde_json::to_vec(&case.json).unwrap());
            assert_eq!(case.check(&usersig, case.last_s), 0, "{}", case.json);
        }
    }

    #[test]
    fn each_claim_is_covered_by_the_signature() {
        for case in cases() {
            for name in ["TLS.time", "TLS.expire", "TLS.sig", "TLS.userbuf"] {
                let mut json = case.json.clone();
                json[name] = match json[name].as_u64() {
                    Some(number) => (number + 1).into(),
                    None => "AAAA".into(),
                };
                let usersig = deflate(&serde_json::to_vec(&json).unwrap());
                assert_eq!(case.check(&usersig, case.last_s), code::USERSIG_FORGED, "{name}");
            }
        }
    }

    #[test]
    fn another_application_account_or_key_has_its_own_code() {
        for mut case in cases() {
            let usersig = deflate(&serde_json::to_vec(&case.json).unwrap());
            case.key.push('x');
            assert_eq!(case.check(&usersig, case.last_s), code::USERSIG_FORGED);
            case.identifier.push('x');
            assert_eq!(case.check(&usersig, case.last_s), code::USERSIG_OTHER_IDENTIFIER);
            case.sdk_app_id += 1;
            assert_eq!(case.check(&usersig, case.last_s), code::USERSIG_OTHER_APP);
        }
    }

    #[test]
    fn what_is_not_a_usersig_is_illegal() {
        let case = cases().remove(0);
        let json = serde_json::to_string(&case.json).unwrap();
        let whole = deflate(json.as_bytes());
        let not_version_two = deflate(json.replace("\"2.0\"", "\"1.0\"").as_bytes());
        let bad_base64 = deflate(json.replace("b8=\"", "b8\"").replace("B4=\"", "B4\"").as_bytes());
        for usersig in [
            "",
            "!",
            "AAAA",
            &whole[..whole.len() - 4],
            &format!("{whole}="),
            &deflate(b"{}"),
            &deflate(b"not JSON"),
            &not_version_two,
            &bad_base64,
        ] {
            assert_eq!(case.check(usersig, case.last_s), code::USERSIG_ILLEGAL, "{usersig:?}");
        }
    }

    #[test]
    fn a_small_usersig_that_inflates_to_a_huge_one_is_refused_at_a_bound() {
        let case = cases().remove(0);
        let bomb = deflate(&vec![b' '; 4 * 1024 * 1024]);
        assert!(bomb.len() < 1024 * 1024);
        assert_eq!(case.check(&bomb, case.last_s), code::USERSIG_ILLEGAL);
        assert!(
            inflate(&ALPHABET.as_ref().unwrap().decode(bomb.as_bytes()).unwrap()).unwrap().len()
                as u64
                <= MAX_INFLATED + 1
        );
    }
}
