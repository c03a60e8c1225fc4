//! The URL that an event is posted to: the configured one, with what Tencent adds.

use form_urlencoded::Serializer;
use ring::digest;
use ring::rand::{SecureRandom, SystemRandom};

use crate::clock;

/// What the URL's query says about an event.
pub struct Query<'a> {
    pub sdk_app_id: u32,
    pub word: &'a str,
    pub client_ip: &'a str,
    pub platform: &'a str,
    pub signed: Signed<'a>,
}

/// How the request is signed.
pub enum Signed<'a> {
    No,
    With(&'a str),
    Forged,
}

impl Query<'_> {
    /// The URL to post to now: the configured one with the query.
    pub fn url(&self, configured: &str) -> String {
        let joint = if configured.contains('?') { '&' } else { '?' };
        format!("{configured}{joint}{}", self.text(clock::now_s()))
    }

    /// The vendor's parameters in the vendor's order; what is signed is signed for this time.
    pub fn text(&self, time: u64) -> String {
        let mut query = Serializer::new(String::new());
        query
            .append_pair("SdkAppid", &self.sdk_app_id.to_string())
            .append_pair("CallbackCommand", self.word)
            .append_pair("contenttype", "json")
            .append_pair("ClientIP", self.client_ip)
            .append_pair("OptPlatform", self.platform);
        let sign = match self.signed {
            Signed::No => None,
            Signed::With(token) => Some(sign(token.as_bytes(), time)),
            Signed::Forged => {
                let mut token = [0; 32];
                // Even all zeros are nobody's token.
                let _ = SystemRandom::new().fill(&mut token);
                Some(sign(&token, time))
            }
        };
        if let Some(sign) = sign {
            query.append_pair("Sign", &sign).append_pair("RequestTime", &time.to_string());
        }
        query.finish()
    }
}

/// sha256(token + time) in lower-case hexadecimal.
fn sign(token: &[u8], time_s: u64) -> String {
    let mut context = digest::Context::new(&digest::SHA256);
    context.update(token);
    context.update(time_s.to_string().as_bytes());
    data_encoding::HEXLOWER.encode(context.finish().as_ref())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn the_sign_is_the_published_one() {
        let published = include_str!("../../../tests/fixtures/sign/published.json");
        let published: serde_json::Value = serde_json::from_str(published).unwrap();
        let text = |name: &str| published[name].as_str().unwrap();
        let made = sign(text("Token").as_bytes(), text("RequestTime").parse().unwrap());
        assert_eq!(made, text("Sign"));
    }

    fn query(signed: Signed<'_>) -> Query<'_> {
        let sdk_app_id = 1400000000;
        Query { sdk_app_id, word: "Room.X", client_ip: "::1", platform: "RESTAPI", signed }
    }

    #[test]
    fn the_parameters_follow_the_configured_url_in_the_vendors_order() {
        let parameters = "SdkAppid=1400000000&CallbackCommand=Room.X&contenttype=json&ClientIP=%3A%3A1&OptPlatform=RESTAPI";
        assert_eq!(query(Signed::No).url("http://h/cb"), format!("http://h/cb?{parameters}"));
        assert_eq!(
            query(Signed::No).url("http://h/cb?a=b"),
            format!("http://h/cb?a=b&{parameters}")
        );
        let signed = query(Signed::With("secret token")).url("http://h");
        let (rest, time) = signed.rsplit_once("&RequestTime=").unwrap();
        let expected = sign(b"secret token", time.parse().unwrap());
        assert_eq!(rest, format!("http://h?{parameters}&Sign={expected}"));
    }
}
