//! Tencent RTC server-side callbacks.

// A panic must unwind to be caught at the C boundary; with abort it would end the host.
#[cfg(panic = "abort")]
compile_error!(
    "tc-callback must be built with panic = \"unwind\": with \"abort\" a fault here would end the process that embeds it"
);

pub mod catalog;
pub mod config;
pub mod error;
pub mod event;
mod fork;
pub mod receiver;
pub mod usersig;
