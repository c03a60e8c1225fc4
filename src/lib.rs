//! Tencent RTC's server-side callbacks (Conference, Call), for back ends in any language.
//!
//! This is the Rust library; the C ABI over it is `include/tc_callback.h`, which is its own manual.
//!
//! # Inbound: what Tencent posts
//!
//! One call from a request to the event, checked and parsed; another says that the host has it, which decides the answer:
//!
//! ```
//! use tc_callback::receiver::{Delivery, Options, Receiver, Request, Settlement};
//!
//! # fn main() -> tc_callback::error::Result<()> {
//! let receiver = Receiver::new(Options::new(1400000000))?;
//!
//! let query = b"SdkAppid=1400000000&CallbackCommand=Room.CallbackAfterDestroyRoom&contenttype=json";
//! let body = br#"{"CallbackCommand":"Room.CallbackAfterDestroyRoom","RoomId":"r1","EventTime":1703589922780}"#;
//! let mut outcome = receiver.handle(&Request { query, body, now_s: None });
//! if outcome.delivery() == Delivery::New {
//!     // Put `outcome.event` where a crash does not lose it, then:
//!     outcome.settle(Settlement::Taken)?;
//! }
//!
//! assert_eq!(outcome.http_status, 200);
//! assert_eq!(&*outcome.reply, r#"{"ActionStatus":"OK","ErrorInfo":"","ErrorCode":0}"#);
//! assert_eq!(outcome.event?.subject.get(), Some("r1"));
//! # Ok(())
//! # }
//! ```
//!
//! # Outbound: where Tencent posts to
//!
//! ```no_run
//! use tc_callback::catalog::{Command, Product};
//! use tc_callback::config::{Client, Options};
//! use tc_callback::usersig::Key;
//!
//! # fn main() -> tc_callback::error::Result<()> {
//! let mut options = Options::new(1400000000);
//! options.set_key(Key::new("the SecretKey of the application")?);
//! let client = Client::new(options)?;
//! let commands: Vec<&str> = Product::Call.commands().map(Command::word).collect();
//! let response = client.ensure_callback(Product::Call, "https://example.com/callback", &commands)?;
//! println!("{:?}", response.change);
//! # Ok(())
//! # }
//! ```
//!
//! # Map
//!
//! ```text
//! catalog    products, commands, regions, error codes: the one table
//! error      the one error type
//! secret     whether a key or a token is what was meant
//! usersig    sign and verify
//! config     outbound: client, retries, rate limit, transport
//! event      inbound: query and body to a typed event in one block of memory
//! receiver   inbound: checks, duplicates, replies
//! ffi        the C ABI over all of it
//! ```

// A panic must unwind to be caught at the C boundary; with abort it would end the host.
#[cfg(panic = "abort")]
compile_error!(
    "tc-callback must be built with panic = \"unwind\": with \"abort\" a fault here would end the process that embeds it"
);

pub mod catalog;
pub mod config;
pub mod error;
pub mod event;
mod ffi;
mod fork;
mod memory;
mod printable;
pub mod receiver;
pub mod secret;
mod text;
pub mod usersig;

pub use printable::{Printable, must_be_escaped};
