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
}

impl Query<'_> {
    /// The URL to post to now: the configured one with the query.
    pub fn url(&self, configured: &str) -> String {
        join(configured, &self.text(clock::now_s()))
    }

    /// The vendor's parameters in the vendor's order; what is signed is signed for this time.
    pub fn text(&self, time: u64) -> String {
        let mut parameters = self.parameters();
        let time = time.to_string();
        let sign = match self.signed {
            Signed::No => None,
            Signed::With(token) => Some(sign(token, &time)),
        };
        if let Some(sign) = sign {
            parameters.extend([("Sign".to_owned(), sign), ("RequestTime".to_owned(), time)]);
        }
        Serializer::new(String::new()).extend_pairs(parameters).finish()
    }

    /// What the query says but for Sign and RequestTime, in the vendor's order.
    pub fn parameters(&self) -> Vec<(String, String)> {
        let sdk_app_id = self.sdk_app_id.to_string();
        let parameters = [
            ("SdkAppid", sdk_app_id.as_str()),
            ("CallbackCommand", self.word),
            ("contenttype", "json"),
            ("ClientIP", self.client_ip),
            ("OptPlatform", self.platform),
        ];
        parameters.map(|(name, value)| (name.to_owned(), value.to_owned())).into()
    }
}

/// The configured URL with a query behind it.
pub fn join(configured: &str, query: &str) -> String {
    let joint = if configured.contains('?') { '&' } else { '?' };
    format!("{configured}{joint}{query}")
}

/// A token that is made up for this once.
pub fn nobodys_token() -> String {
    let mut token = [0; 16];
    // Even all zeros are nobody's token.
    let _ = SystemRandom::new().fill(&mut token);
    data_encoding::HEXLOWER.encode(&token)
}

/// sha256(token + time) in lower-case hexadecimal; the time is the text that RequestTime has.
pub fn sign(token: &str, time: &str) -> String {
    let mut context = digest::Context::new(&digest::SHA256);
    context.update(token.as_bytes());
    context.update(time.as_bytes());
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
        let made = sign(text("Token"), text("RequestTime"));
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
        let expected = sign("secret token", time);
        assert_eq!(rest, format!("http://h?{parameters}&Sign={expected}"));
    }
}
