//! Who sent it: `Sign = hex(sha256(Token + RequestTime))`, both in the query. <https://trtc.io/document/34354>
//!
//! Sign does not cover the body, so whoever sees a request can send another body with it for as long as RequestTime is fresh:
//! serve the callback URL over HTTPS.

use sha2::{Digest, Sha256};
use subtle::{Choice, ConstantTimeEq};
use zeroize::Zeroizing;

use crate::error::{Error, Result, Status};
use crate::event::query::{Query, number};
use crate::hex;

/// Checks Sign and RequestTime, if there is a token to check with.
pub(super) fn check(
    query: &Query<'_>,
    tokens: &[Zeroizing<String>],
    now_s: i64,
    tolerance_s: u32,
) -> Result<()> {
    if tokens.is_empty() {
        return Ok(());
    }
    let missing = |name| {
        let message = format!(
            "the URL query has no {name}: is a token set for this callback on the vendor's side?"
        );
        Error::new(Status::BadSign, message)
    };
    let sign = query.sign.as_deref().ok_or_else(|| missing("Sign"))?;
    let request_time = query.request_time.as_deref().ok_or_else(|| missing("RequestTime"))?;
    if !is_signed(sign, request_time, tokens) {
        let message = "Sign was not made with any of the receiver's tokens";
        return Err(Error::new(Status::BadSign, message));
    }
    let Some(time_s) = number::<i64>(request_time) else {
        return Err(Error::new(Status::BadSign, "RequestTime is not a time in seconds"));
    };
    let age_s = now_s.saturating_sub(time_s);
    if age_s.unsigned_abs() > u64::from(tolerance_s) {
        let (distance, side) =
            (age_s.unsigned_abs(), if age_s > 0 { "behind" } else { "ahead of" });
        let message = format!(
            "RequestTime is {distance} s {side} this machine's clock, more than {tolerance_s} s: a request sent again, or a clock that is off"
        );
        return Err(Error::new(Status::StaleSign, message));
    }
    Ok(())
}

/// Takes equally long whichever token matches and however much of Sign is right.
fn is_signed(sign: &str, request_time: &str, tokens: &[Zeroizing<String>]) -> bool {
    let sign = sign.to_ascii_lowercase();
    tokens
        .iter()
        .map(|token| expected_sign(token, request_time).ct_eq(sign.as_bytes()))
        .fold(Choice::from(0), |any, one| any | one)
        .into()
}

fn expected_sign(token: &str, request_time: &str) -> [u8; 64] {
    let digest = Sha256::new().chain_update(token).chain_update(request_time).finalize();
    let mut digits = [0; 64];
    hex::encode(&digest, &mut digits);
    digits
}
