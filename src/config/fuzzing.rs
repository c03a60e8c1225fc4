//! What fuzz/fuzz_targets/rest_response.rs drives: an answer of Tencent's, as a call reads it.

use crate::error::{Error, Result};

use super::message::{CallbackConfig, Reply};
use super::transport::Answer;

/// The configuration in an answer to get, if there is one in it. `usersig` is the one that the request went with.
///
/// # Errors
/// As a call's.
pub fn read_answer(
    http_status: u16,
    body: Vec<u8>,
    usersig: &str,
) -> Result<Option<CallbackConfig>> {
    let reply = Reply::read(&Answer { http_status, body }, usersig)?;
    match reply.is_ok() {
        true => Ok(reply.config()),
        false => Err(Error::from_tencent(reply.report)),
    }
}
