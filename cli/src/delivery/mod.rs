//! One event on its way to a host, as Tencent sends it: the URL, the exchange, what the reply must be.

mod query;
pub mod record;
mod reply;
mod report;
mod sender;

use query::{Query, Signed};
pub use report::Reporter;
pub use sender::Sender;
