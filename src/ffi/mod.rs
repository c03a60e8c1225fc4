//! The C ABI: one file per C type, each function three lines of checks, one call into the safe library, one line of result.
//!
//! Rules that all of it keeps: a NULL where none may be is answered with `TC_NULL_POINTER`; a panic is caught at the boundary
//! and becomes `TC_PANIC`; what is handed out is freed by one function of its type, for which NULL is fine.
#![allow(unsafe_code)]

mod boundary;
mod catalog;
mod client;
mod client_options;
mod draft;
mod error;
mod event;
mod input;
mod json;
mod outcome;
mod output;
mod receiver;
mod receiver_options;
mod response;
mod usersig;
mod version;
