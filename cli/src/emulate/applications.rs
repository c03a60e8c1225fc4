//! The applications that exist, and the key of each.

use std::path::Path;

use clap::Args;
use ring::rand::{SecureRandom, SystemRandom};
use zeroize::Zeroizing;

use crate::emulator::SDK_APP_ID;
use crate::failure::{Failure, Result};
use crate::secret::{self, KeySource};

/// The applications that exist.
#[derive(Args, Debug)]
pub struct Applications {
    /// An application that exists; give it several times for several, all with the same key; 1400000000 if none is named
    #[arg(long = "sdk-app-id", value_name = "ID")]
    ids: Vec<u32>,
    #[command(flatten)]
    key: KeySource,
    /// An application with a key of its own, which is in this file; give it several times for several
    #[arg(long = "app", value_name = "ID=KEYFILE")]
    own: Vec<String>,
}

/// The applications with their keys, in the order they were named.
pub struct Keys {
    pub apps: Vec<(u32, Zeroizing<String>)>,
    /// Whether the key of the first was made here, and has to be shown.
    pub is_made: bool,
}

impl Applications {
    pub fn read(&self) -> Result<Keys> {
        let mut keys = Keys { apps: Vec::new(), is_made: false };
        let mut shared = self.ids.clone();
        if shared.is_empty() && self.own.is_empty() {
            shared.push(SDK_APP_ID);
        }
        if !shared.is_empty() {
            let given = self.key.read()?;
            keys.is_made = given.is_none();
            let key = given.map_or_else(random_key, Ok)?;
            keys.apps.extend(shared.into_iter().map(|id| (id, key.clone())));
        }
        for text in &self.own {
            let (id, file) = parse_app(text)?;
            keys.apps.push((id, secret::read_key_file(file, &format!("--app {id}"))?));
        }
        match keys.twice() {
            Some(id) => Err(Failure::usage(format!("the application {id} is named twice"))),
            None => Ok(keys),
        }
    }
}

impl Keys {
    fn twice(&self) -> Option<u32> {
        let mut ids: Vec<u32> = self.apps.iter().map(|(id, _)| *id).collect();
        ids.sort_unstable();
        ids.windows(2).find(|pair| pair.first() == pair.last())?.first().copied()
    }
}

/// Not by clap, which tells what it refuses: that can be the key.
fn parse_app(text: &str) -> Result<(u32, &Path)> {
    let wrong = |what| Failure::usage(format!("--app: {what}, such as 1400000001=app.key"));
    let (id, file) = text.split_once('=').ok_or_else(|| wrong("write ID=KEYFILE"))?;
    match (id.parse(), file) {
        (Err(_), _) => Err(wrong("ID is an SDKAppID, a number up to 4294967295")),
        (_, "") => Err(wrong("name the file that holds the key")),
        (Ok(id), file) => Ok((id, Path::new(file))),
    }
}

/// 64 hexadecimal digits, as Tencent's own keys.
fn random_key() -> Result<Zeroizing<String>> {
    let mut bytes = Zeroizing::new([0; 32]);
    SystemRandom::new()
        .fill(bytes.as_mut_slice())
        .map_err(|_| Failure::operation("the system gave no random bytes for a key"))?;
    Ok(Zeroizing::new(data_encoding::HEXLOWER.encode(bytes.as_slice())))
}
