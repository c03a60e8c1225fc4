//! Outbound: the callback configuration at Tencent, over its REST API.
//!
//! ```no_run
//! use tc_callback::catalog::Product;
//! use tc_callback::config::{Client, Options};
//! use tc_callback::usersig::Key;
//!
//! # fn main() -> tc_callback::error::Result<()> {
//! let mut options = Options::new(1400000000);
//! options.set_key(Key::new("the SecretKey from the console")?);
//! let client = Client::new(options)?;
//! let commands = ["Room.CallbackAfterCreateRoom", "Room.CallbackAfterDestroyRoom"];
//! let done = client.ensure_callback(Product::Conference, "https://example.com/callback", &commands)?;
//! println!("{:?}", done.change);
//! # Ok(())
//! # }
//! ```
//!
//! A call goes from `client` (and `ensure`) through `retry`, which takes a UserSig, a slot of the limiter and time from the
//! deadline for each attempt, to `transport`. `message` reads the answer, `fault` puts into words why there is none.

mod check;
mod client;
mod deadline;
mod ensure;
mod fault;
mod limiter;
mod log;
mod message;
mod options;
mod resolver;
mod retry;
mod roots;
mod settings;
mod state;
mod transport;
mod usersig_cache;

pub use client::{Change, Client, Response};
pub use log::{Level, LogFn};
pub use message::CallbackConfig;
pub use options::Options;
