//! Inbound: from what Tencent posts to a typed event.
//!
//! [`parse`] reads the URL's query and the body into one block of memory, the [`Event`]. It is strict about JSON (it refuses what
//! serde_json refuses, but for numbers beyond a double, whose digits it keeps) and tolerant about what the JSON says: the
//! vendor's pages contradict each other, so accounts may be numbers, booleans may be texts, and unknown commands, fields and
//! words are kept and reachable by [`Event::json`].

mod again;
mod block;
mod columns;
mod command;
mod decode;
mod duplicate_key;
mod escape;
mod lanes;
mod limits;
mod literal;
mod mismatch;
mod objects;
mod parse;
mod place;
mod pointer;
pub(crate) mod query;
mod scan;
mod schema;
mod serialize;
mod survey;
mod text;
mod types;
mod uncommon;
mod utf8;
mod words;

pub(crate) use block::Lent;
pub use block::ParsedEvent;
pub use duplicate_key::DuplicateKey;
pub use limits::Limits;
pub(crate) use objects::{Host, event as to_object};
pub use parse::parse;
pub(crate) use parse::{check_size, parse_body, parse_in};
pub use pointer::{Json, JsonKind};
pub use text::Str;
pub use types::{
    ABSENT, CallChange, CallEnd, CallMembers, CallRecord, CallStart, CallUser, Event, NOT_SENT,
    RecordKind, RoomInfo, RoomMembers, RoomSeats, Seat,
};
pub use words::{
    CallAction, CallResult, CallType, CallUserStatus, MediaType, MemberChange, Platform,
    RoomIdType, RoomStatus, RoomType, TakeSeatMode,
};
