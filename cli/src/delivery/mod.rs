//! One event on its way to a host, as Tencent sends it: the URL, the exchange, what the reply must be.

pub mod expect;
pub mod query;
pub mod record;
pub mod reply;
mod report;
mod sender;
pub mod tally;

pub use query::{Query, Signed};
pub use report::{Background, Reporter};
pub use sender::{CONTENT_TYPE, Lost, Reply, Sender};
