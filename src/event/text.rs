//! Text as the C ABI hands it out.

use std::ffi::{CStr, c_char};
use std::fmt;
use std::ptr::NonNull;

use super::place::Padded;

/// Text: UTF-8, `len` bytes, with a NUL behind it that `len` does not count.
///
/// `ptr == NULL` means absent; an empty text has a pointer and `len == 0`. It is owned by the object it came in and valid
/// until that is freed: never free it. Text from the wire can hold a NUL of its own (JSON `\u0000`), so trust `len` rather
/// than `strlen` where that matters.
#[repr(C)]
pub struct Str {
    /// The first byte, or NULL when absent.
    ptr: *const c_char,
    /// Bytes before the NUL.
    len: usize,
}

// SAFETY: a Str only stands inside an object that owns its bytes and never changes them, so any thread may read it.
#[allow(unsafe_code)]
unsafe impl Send for Str {}
// SAFETY: as above.
#[allow(unsafe_code)]
unsafe impl Sync for Str {}

impl Str {
    /// No text.
    pub const ABSENT: Str = Str { ptr: std::ptr::null(), len: 0 };

    /// Text that lives as long as the program.
    pub const fn from_static(text: &'static CStr) -> Str {
        Str { ptr: text.as_ptr(), len: text.count_bytes() }
    }

    /// Text of `len` bytes at `ptr`.
    ///
    /// # Safety
    ///
    /// `ptr` points at `len` bytes of UTF-8 and a NUL, and the object that the Str is put into keeps them, unchanged, for as
    /// long as it lets anyone see the Str.
    #[allow(unsafe_code)]
    pub(crate) const unsafe fn new(ptr: NonNull<u8>, len: usize) -> Str {
        Str { ptr: ptr.as_ptr().cast_const().cast(), len }
    }

    /// Another Str for the same bytes.
    ///
    /// # Safety
    ///
    /// It goes into the same object, or one that lives no longer.
    #[allow(unsafe_code)]
    pub(crate) const unsafe fn alias(&self) -> Str {
        Str { ptr: self.ptr, len: self.len }
    }

    /// The empty text at its end, which goes into the same block.
    pub(super) fn empty_end(&self) -> Str {
        Str { ptr: self.ptr.wrapping_add(self.len), len: 0 }
    }

    /// The text as the scanner wants it; absent is empty, which is no JSON.
    ///
    /// # Safety
    ///
    /// The Str came from `Block::store_padded`, and its block lives for `'a`.
    #[allow(unsafe_code)]
    pub(super) unsafe fn padded<'a>(&self) -> Padded<'a> {
        static NOTHING: [u8; Padded::PADDING] = [0; Padded::PADDING];
        // SAFETY: `store_padded` put the zeros behind it, or they stand in the static.
        unsafe {
            if self.ptr.is_null() {
                return Padded::new(&NOTHING);
            }
            let length = self.len + Padded::PADDING;
            Padded::new(std::slice::from_raw_parts(self.ptr.cast(), length))
        }
    }

    /// The first byte, or NULL when absent.
    #[inline(always)]
    pub(super) fn as_ptr(&self) -> *const u8 {
        self.ptr.cast()
    }

    /// Bytes.
    #[inline(always)]
    pub(super) fn len(&self) -> usize {
        self.len
    }

    /// Whether there is no text, which is not the same as empty text.
    pub fn is_absent(&self) -> bool {
        self.ptr.is_null()
    }

    /// The text, unless absent.
    pub fn get(&self) -> Option<&str> {
        if self.ptr.is_null() {
            return None;
        }
        // SAFETY: those who may call `new` and `alias` see to it that the bytes are UTF-8 and live as long as `self`; a Str
        // cannot be copied or moved out of the object that owns them.
        #[allow(unsafe_code)]
        let text = unsafe {
            let bytes = std::slice::from_raw_parts(self.ptr.cast::<u8>(), self.len);
            std::str::from_utf8_unchecked(bytes)
        };
        Some(text)
    }

    /// The text, or `""` when absent.
    pub fn or_empty(&self) -> &str {
        self.get().unwrap_or("")
    }
}

impl fmt::Debug for Str {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.get().fmt(formatter)
    }
}
