//! Who sent it: `Sign = hex(sha256(Token + RequestTime))`, both in the query. <https://trtc.io/document/34354>
//!
//! Sign does not cover the body, so whoever sees a request can send another body with it for as long as RequestTime is fresh:
//! serve the callback URL over HTTPS.

use sha2::{Digest, Sha256};
use subtle::{Choice, ConstantTimeEq};

use super::hex;
use crate::error::{Error, Message, Result, Status};
use crate::event::query::{Query, Value};

/// A token, ready to be hashed with a RequestTime. Zeroed when dropped.
pub(super) struct Signer(Sha256);

impl Signer {
    pub(super) fn new(token: &str) -> Signer {
        Signer(Sha256::new_with_prefix(token))
    }

    fn sign(&self, request_time: Value<'_>) -> [u8; 32] {
        let mut hash = self.0.clone();
        // That it is UTF-8 was seen when the query was read.
        let _ = request_time.pieces(|piece| {
            hash.update(piece);
            Ok(())
        });
        hash.finalize().into()
    }
}

/// Checks Sign and RequestTime, if there is a token to check with.
pub(super) fn check(
    query: &Query<'_>,
    signers: &[Signer],
    now_s: i64,
    tolerance_s: u32,
) -> Result<()> {
    if signers.is_empty() {
        return Ok(());
    }
    let missing = |name| {
        let message = Message::from(format_args!(
            "the URL query has no {name}: is a token set for this callback on the vendor's side?"
        ));
        Error::new(Status::BadSign, message)
    };
    let sign = query.sign.ok_or_else(|| missing("Sign"))?;
    let request_time = query.request_time.ok_or_else(|| missing("RequestTime"))?;
    if !is_signed(sign, request_time, signers) {
        let message = "Sign was not made with any of the receiver's tokens";
        return Err(Error::new(Status::BadSign, message));
    }
    let Some(time_s) = request_time.number::<i64>() else {
        return Err(Error::new(Status::BadSign, "RequestTime is not a time in seconds"));
    };
    let age_s = now_s.saturating_sub(time_s);
    if age_s.unsigned_abs() > u64::from(tolerance_s) {
        let (distance, side) =
            (age_s.unsigned_abs(), if age_s > 0 { "behind" } else { "ahead of" });
        let message = Message::from(format_args!(
            "RequestTime is {distance} s {side} this machine's clock, more than {tolerance_s} s: a request sent again, or a clock that is off"
        ));
        return Err(Error::new(Status::StaleSign, message));
    }
    Ok(())
}

/// Takes equally long whichever token matches and however much of Sign is right.
fn is_signed(sign: Value<'_>, request_time: Value<'_>, signers: &[Signer]) -> bool {
    let mut room = [0; 64];
    let digits = sign.text(&mut room).and_then(|digits| digits.as_bytes().try_into().ok());
    let Some(digits) = digits else { return false };
    signers
        .iter()
        .map(|signer| hex::difference(&signer.sign(request_time), digits).ct_eq(&0))
        .fold(Choice::from(0), |any, one| any | one)
        .into()
}
