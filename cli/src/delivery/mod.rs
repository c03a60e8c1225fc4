//! One event on its way to a host, as Tencent sends it: the URL, the exchange, what the reply must be.

pub mod query;
pub mod reply;
mod sender;
pub mod tally;

pub use query::{Query, Signed};
pub use sender::{CONTENT_TYPE, Lost, Reply, Sender};
