//! tc_json: a value of a body that has no field.

use std::ffi::c_char;

use super::boundary;
use super::error::{StatusNumber, TcError};
use super::input;
use super::output::Owned;
use crate::event::{Event, Str};

/// A value of an event's body. Read-only; freed by tc_json_free; independent of the event.
#[repr(C)]
pub struct TcJson {
    /// TC_JSON_KIND_*
    pub kind: i32,
    /// A boolean: 1 or 0; otherwise TC_NOT_SENT.
    pub boolean: i32,
    /// A number that is an integer of 64 bits; otherwise TC_ABSENT. `raw` has every digit of any number.
    pub integer: i64,
    /// How many elements an array has, or an object keys.
    pub length: usize,
    /// A text, its escapes decoded; otherwise absent.
    pub text: Str,
    /// The value as it stands in the body, with quotes and escapes.
    pub raw: Str,
}

/// Reads a value of an event's body by its JSON pointer (RFC 6901): `/RoomInfo/RoomName`, `/SeatList/0/Index`; "" is the whole
/// body. For commands and fields that this release does not know. In a key `~` is written as `~0` and `/` as `~1`. Of members with the
/// same key the last one counts, as for the fields of the event.
///
/// `*value` is to be freed by tc_json_free. Errors: TC_ERROR_NO_SUCH_VALUE, TC_ERROR_INVALID_ARGUMENT if `pointer` is none. Any number of
/// threads may read the same event.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tc_event_json(
    event: *const Event,
    pointer: *const c_char,
    value: *mut *mut TcJson,
    error: *mut *mut TcError,
) -> StatusNumber {
    let read = || {
        // SAFETY: the caller hands in NULL, or an event of this library and a NUL-terminated text.
        let (event, pointer) =
            unsafe { (input::handle(event, "event")?, input::text(pointer, "pointer")?) };
        let json = event.json(pointer)?;
        Owned::hand_out((), |texts, ()| TcJson {
            kind: json.kind as i32,
            boolean: json.boolean,
            integer: json.integer,
            length: json.length,
            text: texts.keep_optional(json.text.as_deref()),
            raw: texts.keep(json.raw),
        })
    };
    // SAFETY: the caller hands in NULL or places to write to.
    unsafe { boundary::result(value, error, "value", read) }
}

/// Frees a value. NULL is fine.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tc_json_free(value: *mut TcJson) {
    // SAFETY: the caller hands back what tc_event_json handed out, once.
    boundary::infallible((), || unsafe { Owned::<TcJson>::free(value) });
}
