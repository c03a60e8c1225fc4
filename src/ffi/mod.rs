//! The C ABI: one file per C type, each function three lines of checks, one call into the safe library, one line of result.
//!
//! Rules that all of it keeps: a NULL where none may be is answered with `TC_ERROR_NULL_POINTER`; a panic is caught at the boundary
//! and becomes `TC_ERROR_PANIC`; what is handed out is freed by one function of its type, for which NULL is fine.
#![allow(unsafe_code)]

mod boundary;
mod draft;
mod input;
mod output;

// What follows is also the order of the header.
mod version;

mod error;

mod catalog;

mod client_options;

mod client;

mod cancel;

mod response;

mod receiver_options;

mod receiver;

mod outcome;

mod event;

mod objects;

mod json;

mod usersig;
