//! What C hands in, checked.

use std::ffi::{CStr, c_char};
use std::mem::MaybeUninit;

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

/// A struct that callers fill. It begins with its size as the caller's header has it, and grows at its end only.
///
/// # Safety
///
/// The struct is repr(C), its first field is a `usize`, and zero is a value of every field.
pub(super) unsafe trait CallerFilled: Copy {
    /// Its name in C.
    const NAME: &str;
    /// Its size in the first header that had it: no smaller one was ever valid.
    const SMALLEST: usize;
}

/// A copy of a struct that the caller filled; fields that the caller's header does not have are zero.
///
/// # Safety
///
/// `filled` is NULL or points at a size, and at that many bytes.
pub(super) unsafe fn filled<T: CallerFilled>(filled: *const T, name: &str) -> Result<T> {
    // SAFETY: the caller's promise.
    let size = unsafe { check_size(filled, name) }?;
    let mut copy = MaybeUninit::<T>::zeroed();
    // SAFETY: both have that many bytes, and a T of which the rest is zero is a T: `CallerFilled`.
    unsafe {
        let bytes = copy.as_mut_ptr().cast::<u8>();
        filled.cast::<u8>().copy_to_nonoverlapping(bytes, size.min(size_of::<T>()));
        Ok(copy.assume_init())
    }
}

/// The size of a struct that the caller filled, which is one that it had in some release, or will have in a later one.
///
/// # Safety
///
/// `filled` is NULL or points at a size.
pub(super) unsafe fn check_size<T: CallerFilled>(filled: *const T, name: &str) -> Result<usize> {
    // SAFETY: the caller's promise. Nothing but the size is read.
    let size = *unsafe { handle(filled.cast::<usize>(), name) }?;
    // No field may be cut in two.
    if size < T::SMALLEST || size % align_of::<T>() != 0 {
        let (kind, known) = (T::NAME, size_of::<T>());
        let message =
            format!("{name}.struct_size is {size}; set it to sizeof({kind}), which is {known}");
        return Err(Error::new(Status::InvalidArgument, message));
    }
    Ok(size)
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

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    /// As it was first, and as it is two releases later.
    #[repr(C)]
    struct First {
        struct_size: usize,
        number: i64,
    }

    #[repr(C)]
    #[derive(Clone, Copy)]
    struct Grown {
        struct_size: usize,
        number: i64,
        flag: i32,
        other_flag: i32,
        name: *const c_char,
    }

    // SAFETY: repr(C), a size first, and numbers and a pointer after it.
    unsafe impl CallerFilled for Grown {
        const NAME: &str = "grown";
        const SMALLEST: usize = size_of::<First>();
    }

    #[test]
    fn a_struct_of_an_older_header_is_read_as_far_as_it_goes_and_the_rest_is_zero() {
        let first = First { struct_size: size_of::<First>(), number: 7 };
        // SAFETY: `first` has as many bytes as it says.
        let grown = unsafe { filled((&raw const first).cast::<Grown>(), "grown") }.unwrap();
        assert_eq!((grown.number, grown.flag, grown.other_flag), (7, 0, 0));
        assert!(grown.name.is_null());
    }

    #[test]
    fn a_struct_of_a_newer_header_is_read_as_far_as_it_is_known() {
        #[repr(C)]
        struct Newer(Grown, u64);
        let struct_size = size_of::<Newer>();
        let name = c"a".as_ptr();
        let newer = Newer(Grown { struct_size, number: 7, flag: 1, other_flag: 2, name }, 3);
        // SAFETY: `newer` has as many bytes as it says.
        let grown = unsafe { filled((&raw const newer).cast::<Grown>(), "grown") }.unwrap();
        assert_eq!((grown.number, grown.flag, grown.other_flag, grown.name), (7, 1, 2, name));
        assert_eq!(newer.1, 3);
    }

    #[test]
    fn a_size_that_no_release_had_is_refused() {
        for struct_size in (0..size_of::<First>()).chain([17, 23, 25, 39]) {
            let grown =
                Grown { struct_size, number: 7, flag: 1, other_flag: 2, name: std::ptr::null() };
            // SAFETY: `grown` has more bytes than it says.
            let error = unsafe { filled(&raw const grown, "grown") }.err().unwrap();
            assert_eq!(error.status(), Status::InvalidArgument);
            assert!(error.message().contains("sizeof(grown), which is 32"), "{}", error.message());
        }
    }
}
