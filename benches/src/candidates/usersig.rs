//! Row `usersig/cached`: what a call takes for its UserSig once one is signed. No function of the C ABI does that by itself.

use anyhow::Result;
use tc_callback::config::Options;
use tc_callback::config::hooks::ClientUserSig;
use tc_callback::usersig::Key;

use super::in_process::Operation;

const SDK_APP_ID: u32 = 1400000000;
const KEY: &str = "5bd2850fff3ecb11d7c805251c51ee463a25727bddc2385f3fa8bfee1bb93b5e";
const COUNT: usize = 64;

pub fn cached() -> Result<Operation> {
    let mut options = Options::new(SDK_APP_ID);
    options.set_key(Key::new(KEY)?);
    let usersig = ClientUserSig::new(&options)?;
    Ok(Operation::alone("usersig/cached", "tc_callback", COUNT, move || {
        let mut length = 0;
        for _ in 0..COUNT {
            length += std::hint::black_box(usersig.get()?).len() as u64;
        }
        Ok(length)
    }))
}
