//! Outbound: the callback configuration at Tencent, over its REST API.
//!
//! A call goes from `client` (and `ensure`) through `retry`, which takes a UserSig, a slot of the limiter and time from the
//! deadline for each attempt, to `transport`. `message` reads the answer, `fault` puts into words why there is none. Each wait on the
//! way ends with the deadline and, within 50 ms, with `cancel`.

mod aside;
mod cancel;
mod check;
mod client;
mod connect;
mod crypto;
mod deadline;
mod ensure;
mod exchange;
mod fault;
mod gathered;
#[cfg(any(fuzzing, tc_bench))]
#[doc(hidden)]
pub mod hooks;
mod limiter;
mod log;
mod message;
mod options;
mod resolver;
mod response;
mod retry;
mod settings;
mod state;
mod stream;
mod tls;
mod transport;
mod trust;
mod url;
mod usersig_cache;

pub use cancel::Cancel;
pub use client::Client;
pub use log::{Level, LogFn};
pub use message::CallbackConfig;
pub use options::Options;
pub use response::{Change, Response};
pub use url::{ADDED_BY_TENCENT, check_callback_url, check_endpoint, check_url};
