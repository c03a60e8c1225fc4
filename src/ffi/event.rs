//! tc_event: parse, copy and free.

use std::ffi::{c_char, c_void};
use std::io::Write;
use std::mem::offset_of;
use std::ptr;

use super::boundary;
use super::error::{StatusNumber, TcError};
use super::input::{self, CallerFilled};
use crate::error::Result;
use crate::event::{self, Event, Lent, Limits, ParsedEvent};

/// Where an event is copied to, and what became of it. Filled by the caller, who sets it to zero first, up to `buffer_size`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct TcEventCopy {
    /// sizeof(tc_event_copy) of the header that the caller is compiled with.
    pub struct_size: usize,
    /// Memory of the caller, aligned in any way; fastest as for a pointer. NULL is fine for none.
    pub buffer: *mut c_void,
    /// Bytes of `buffer`. A tc_event, its payload and its texts take about 1 KiB and twice the body; a list of records more. What
    /// the event leaves of them may be written to.
    pub buffer_size: usize,
    /// Bytes of the event with all that it points at; 0 after a failure.
    pub block_size: usize,
    /// The address that the event had when it was read. What a pointer in the copy leads to stands at
    /// `(char *)buffer + ((const char *)pointer - (const char *)base)`.
    pub base: *const c_void,
    /// NULL if the event was copied. Otherwise it is larger than `buffer_size`, and this is the event itself, to be freed by
    /// tc_event_free.
    pub event: *mut Event,
}

// SAFETY: repr(C), the size first, and pointers and numbers after it.
unsafe impl CallerFilled for TcEventCopy {
    const NAME: &str = "tc_event_copy";
    const SMALLEST: usize = offset_of!(TcEventCopy, event) + size_of::<*mut Event>();
}

/// Parses a callback without checking who sent it; tc_receiver_handle does both. The default limits of tc_receiver_options apply.
///
/// `query` is the URL's query as received (or a whole path, or nothing), `body` the raw bytes of the body. Both are copied.
/// `*event` is to be freed by tc_event_free; it is NULL if the call fails.
///
/// The order of an object's members does not matter. Of members with the same key the last one counts, whatever the values are. After
/// that, a field with several documented keys takes the first that holds a value: null is none, nor is a value of a type that the field
/// does not take. The keys are, in this order: RoomInfo.RoomId and RoomId; EventTime and RoomInfo.EventTime; CallInfo.CallMediaType and
/// CallInfo.MediaType; for the subject of an unknown command RoomId and CallId.
///
/// Errors: TC_ERROR_MALFORMED_JSON and TC_ERROR_NOT_A_CALLBACK with `offset`, TC_ERROR_MALFORMED_QUERY, TC_ERROR_TOO_LARGE,
/// TC_ERROR_TOO_DEEP, TC_ERROR_TOO_MANY_ELEMENTS, TC_ERROR_OUT_OF_MEMORY. Any thread may call it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tc_parse_event(
    query: *const c_char,
    query_len: usize,
    body: *const c_char,
    body_len: usize,
    event: *mut *mut Event,
    error: *mut *mut TcError,
) -> StatusNumber {
    let parse = || {
        // SAFETY: the caller hands in pointers and lengths that belong together.
        let event = unsafe { parse(&Lent::NONE, query, query_len, body, body_len) };
        event.map(ParsedEvent::into_raw)
    };
    // SAFETY: the caller hands in NULL or places to write to.
    unsafe { boundary::result(event, error, "event", parse) }
}

/// # Safety
///
/// The pointers are NULL or lead to so many bytes.
#[inline(always)]
unsafe fn parse(
    lent: &Lent,
    query: *const c_char,
    query_len: usize,
    body: *const c_char,
    body_len: usize,
) -> Result<ParsedEvent> {
    // SAFETY: the caller's promise.
    let (query, body) = unsafe {
        (input::bytes(query, query_len, "query")?, input::bytes(body, body_len, "body")?)
    };
    #[cfg(tc_provoke_panic)]
    boundary::provoke(body);
    event::parse_in(lent, query, body, &Limits::default())
}

/// Parses a callback like tc_parse_event, and copies the event to memory of the caller: for a language that keeps objects in memory of
/// its own, in one call and with nothing to free, or to hand the event to another process.
///
/// The event begins at `copy->buffer`; its pointers count from `copy->base`. One that has no room there is handed out instead. With a
/// buffer that is aligned for pointers and larger than any event of such a body, nothing is allocated or copied: the event is made in
/// it, and `copy->base` is `copy->buffer`.
///
/// Errors: those of tc_parse_event, and TC_ERROR_INVALID_ARGUMENT for `copy->struct_size`. Any thread may call it, each with a
/// tc_event_copy of its own.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tc_parse_event_copy(
    query: *const c_char,
    query_len: usize,
    body: *const c_char,
    body_len: usize,
    copy: *mut TcEventCopy,
    error: *mut *mut TcError,
) -> StatusNumber {
    let parse = || {
        // SAFETY: the caller hands in NULL, or a struct of the size that it says, which nobody else uses meanwhile.
        let copy = unsafe {
            input::check_size(copy, "copy")?;
            &mut *copy
        };
        copy.block_size = 0;
        copy.base = ptr::null();
        copy.event = ptr::null_mut();
        // SAFETY: the caller hands in pointers and lengths that belong together; the event is used only here.
        let event = unsafe {
            let lent = Lent::new(copy.buffer.cast(), copy.buffer_size);
            parse(&lent, query, query_len, body, body_len)
        }?;
        copy.block_size = event.block_size;
        copy.base = (&raw const *event).cast();
        if event.is_lent() {
            return Ok(());
        }
        if copy.buffer.is_null() || event.block_size > copy.buffer_size {
            copy.event = event.into_raw();
        } else {
            // SAFETY: an event is the start of `block_size` bytes, and the caller's buffer, which has room for them, is apart from them.
            unsafe { copy.base.copy_to_nonoverlapping(copy.buffer, event.block_size) };
        }
        Ok(())
    };
    // SAFETY: the caller hands in NULL or a place to write to.
    unsafe { boundary::status(error, parse) }
}

/// Bytes of a duplicate key with the NUL behind it.
pub const TC_DUPLICATE_KEY_SIZE: usize = 33;

/// Writes the key of an event to `key`, which has room for TC_DUPLICATE_KEY_SIZE bytes: 32 hexadecimal digits and a NUL. It is the same for
/// every delivery of the event, in every process and every release: a message id, or the key of an idempotency table.
///
/// The vendor sends no event id. The key is the first 128 bits of the SHA-256 of: the SDKAppID in decimal, a line feed, the command as
/// received, a line feed, the body as received. So a database or another language can compute it, and nobody can make two events with
/// the same key.
///
/// Returns 32, or 0 with an empty string if the body has no EventTime: two equal bodies can then be two events. Of the event,
/// `sdk_app_id`, `event_time_ms`, `command_word` and `body` are read: a tc_event with those four will do. Either pointer may be NULL. Any
/// thread may call it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tc_event_duplicate_key(event: *const Event, key: *mut c_char) -> usize {
    if key.is_null() {
        return 0;
    }
    let mut text = [0; TC_DUPLICATE_KEY_SIZE];
    let len = boundary::infallible(0, || {
        // SAFETY: the caller hands in NULL or an event.
        let found = unsafe { event.as_ref() }.and_then(Event::duplicate_key);
        let [digits @ .., _] = &mut text;
        // There is room for all digits.
        found.filter(|found| write!(&mut digits[..], "{found}").is_ok()).map_or(0, |_| digits.len())
    });
    // SAFETY: the caller hands in room for so many bytes.
    unsafe { key.cast::<[u8; TC_DUPLICATE_KEY_SIZE]>().write(text) };
    len
}

/// Frees an event. NULL is fine. An event that came in a tc_outcome is freed with that instead.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tc_event_free(event: *mut Event) {
    // Freeing memory cannot panic, so it needs no guard.
    // SAFETY: the caller hands back what tc_parse_event or tc_parse_event_copy handed out, once.
    drop(unsafe { ParsedEvent::from_raw(event) });
}
