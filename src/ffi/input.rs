//! What C hands in, checked.

use std::ffi::{CStr, c_char};

use crate::error::{Error, Result, Status};

/// The error for a pointer that is NULL.
pub(super) fn null(name: &str) -> Error {
    Error::new(Status::NullPointer, format!("{name} is NULL"))
}

/// What a handle leads to.
///
/// # Safety
///
/// `handle` is NULL or came from this library and has not been freed; nobody changes it while the reference lives.
pub(super) unsafe fn handle<'a, T>(handle: *const T, name: &str) -> Result<&'a T> {
    // SAFETY: the caller's promise.
    unsafe { handle.as_ref() }.ok_or_else(|| null(name))
}

/// Checks a struct that the caller filled, which begins with its size as the caller knows it. `kind` is its type's name.
///
/// # Safety
///
/// `filled` is NULL or leads to a size.
pub(super) unsafe fn check_size<T>(filled: *const T, name: &str, kind: &str) -> Result<()> {
    // SAFETY: the caller's promise. The size is read before anything behind it.
    let size = unsafe { handle(filled.cast::<usize>(), name) }?;
    if *size < size_of::<T>() {
        let known = size_of::<T>();
        let message =
            format!("{name}.struct_size is {size}; set it to sizeof({kind}), which is {known}");
        return Err(Error::new(Status::InvalidArgument, message));
    }
    Ok(())
}

/// Text that a person configures: UTF-8 up to a NUL.
///
/// # Safety
///
/// `text` is NULL or leads to a NUL-terminated text that stays while the reference lives.
pub(super) unsafe fn text<'a>(text: *const c_char, name: &str) -> Result<&'a str> {
    if text.is_null() {
        return Err(null(name));
    }
    // SAFETY: the caller's promise, and the check.
    let text = unsafe { CStr::from_ptr(text) };
    text.to_str().map_err(|error| {
        let message = format!("{name} is not UTF-8 at byte {}", error.valid_up_to());
        Error::at(Status::InvalidArgument, error.valid_up_to(), message)
    })
}

/// Bytes off the wire. NULL is fine for none.
///
/// # Safety
///
/// `bytes` is NULL or leads to `len` bytes that stay, unchanged, while the reference lives.
pub(super) unsafe fn bytes<'a>(bytes: *const c_char, len: usize, name: &str) -> Result<&'a [u8]> {
    if bytes.is_null() {
        return if len == 0 { Ok(&[]) } else { Err(null(name)) };
    }
    if isize::try_from(len).is_err() {
        let message = format!("the length of {name} is more than memory can hold");
        return Err(Error::new(Status::InvalidArgument, message));
    }
    // SAFETY: the caller's promise, and the checks.
    Ok(unsafe { std::slice::from_raw_parts(bytes.cast(), len) })
}

/// An array of texts.
///
/// # Safety
///
/// `list` is NULL or leads to `count` pointers, for each of which the same holds as for [`text`].
pub(super) unsafe fn texts<'a>(
    list: *const *const c_char,
    count: usize,
    name: &str,
) -> Result<Vec<&'a str>> {
    if count == 0 {
        return Ok(Vec::new());
    }
    if list.is_null() {
        return Err(null(name));
    }
    (0..count)
        .map(|index| {
            // SAFETY: the caller's promise.
            unsafe { text(list.add(index).read(), &format!("{name}[{index}]")) }
        })
        .collect()
}

/// A number that stands for one thing of a kind.
pub(super) fn number<T>(found: Option<T>, number: i32, name: &str, kind: &str) -> Result<T> {
    found.ok_or_else(|| {
        let message = format!("{name} is {number}, which is no {kind}");
        Error::new(Status::InvalidArgument, message)
    })
}
