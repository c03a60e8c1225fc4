//! The applications that exist, and the key of each.

use std::path::PathBuf;

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
    #[arg(long = "app", value_name = "ID=KEYFILE", value_parser = parse_app)]
    own: Vec<(u32, PathBuf)>,
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
        for (id, file) in &self.own {
            keys.apps.push((*id, secret::read_file(file)?));
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

fn parse_app(text: &str) -> std::result::Result<(u32, PathBuf), String> {
    let (id, file) = text.split_once('=').ok_or("write ID=KEYFILE, such as 1400000001=app.key")?;
    match (id.parse(), file) {
        (Err(_), _) => Err(format!("{id:?} is not an SDKAppID: it is a number up to 4294967295")),
        (_, "") => Err("name the file that holds the key, such as 1400000001=app.key".to_owned()),
        (Ok(id), file) => Ok((id, file.into())),
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
