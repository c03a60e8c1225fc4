//! What C is handed: a public struct, and behind it the texts that it points at.

use std::mem::MaybeUninit;
use std::ptr::NonNull;

use zeroize::Zeroizing;

use crate::error::{Error, Result};
use crate::event::Str;
use crate::memory::try_box;

/// Texts that a struct points at. Cleared when freed, since a UserSig may be among them.
#[derive(Default)]
pub(super) struct Texts {
    texts: Vec<Zeroizing<Box<[u8]>>>,
    lists: Vec<Box<[Str]>>,
}

impl Texts {
    /// Keeps a copy of the text, with a NUL.
    pub(super) fn keep(&mut self, text: &str) -> Str {
        let mut bytes = Vec::with_capacity(text.len() + 1);
        bytes.extend_from_slice(text.as_bytes());
        bytes.push(0);
        let mut bytes = Zeroizing::new(bytes.into_boxed_slice());
        let first = NonNull::from(&mut bytes[0]);
        self.texts.push(bytes);
        // SAFETY: the bytes are a str and a NUL, on the heap, and never touched again; `Owned` keeps them as long as the struct
        // that the Str goes into.
        unsafe { Str::new(first, text.len()) }
    }

    /// Keeps a copy, if there is anything to keep.
    pub(super) fn keep_optional(&mut self, text: Option<&str>) -> Str {
        text.map_or(Str::ABSENT, |text| self.keep(text))
    }

    /// Keeps a copy of each text; returns the first.
    pub(super) fn keep_list(&mut self, list: &[String]) -> *const Str {
        let list: Box<[Str]> = list.iter().map(|text| self.keep(text)).collect();
        let first = list.as_ptr();
        self.lists.push(list);
        first
    }
}

/// A Str of a text that what C is handed keeps anyway.
///
/// # Safety
///
/// `text` is UTF-8 and a NUL, and stays where it is, unchanged, as long as the struct that the Str goes into.
pub(super) unsafe fn lend(text: &[u8]) -> Str {
    // SAFETY: the caller's promise.
    unsafe { Str::new(NonNull::from(text).cast(), text.len() - 1) }
}

/// A struct that C sees, in one allocation with what it owns and C does not see.
#[repr(C)]
pub(super) struct Owned<T, H = ()> {
    seen: MaybeUninit<T>,
    texts: Texts,
    hidden: H,
}

impl<T, H> Owned<T, H> {
    /// Makes the struct and hands it out; `free` takes it back. `hidden` does not move any more when `make` is called.
    ///
    /// # Errors
    /// `OutOfMemory`.
    pub(super) fn hand_out(
        hidden: H,
        make: impl FnOnce(&mut Texts, &mut H) -> T,
    ) -> Result<*mut T> {
        Self::hand_out_or_return(hidden, make).map_err(|_| Error::OUT_OF_MEMORY)
    }

    /// The same; `hidden` comes back if there is no memory.
    pub(super) fn hand_out_or_return(
        hidden: H,
        make: impl FnOnce(&mut Texts, &mut H) -> T,
    ) -> Result<*mut T, H> {
        let texts = Texts::default();
        let owned = try_box(Self { seen: MaybeUninit::uninit(), texts, hidden })
            .map_err(|refused| refused.hidden)?;
        let owned = Box::into_raw(owned).cast::<Self>();
        // SAFETY: `owned` is a Box's. Nothing but what `make` keeps leads into it, and only `seen` is touched after that.
        unsafe {
            let seen = make(&mut (*owned).texts, &mut (*owned).hidden);
            (&raw mut (*owned).seen).write(MaybeUninit::new(seen));
        }
        Ok(owned.cast())
    }

    /// Takes back what `hand_out` made.
    ///
    /// # Safety
    ///
    /// `seen` is NULL, or came from `hand_out` of the same `T` and `H` and is not used any more.
    pub(super) unsafe fn free(seen: *mut T) {
        if !seen.is_null() {
            // SAFETY: `hand_out` cast a Box of one Self to its first field, and Self is repr(C).
            drop(unsafe { Box::from_raw(seen.cast::<Self>()) });
        }
    }

    /// What C does not see. No reference to the whole of it may be made: what C sees leads into its parts.
    ///
    /// # Safety
    ///
    /// `seen` came from `hand_out` of the same `T` and `H`.
    pub(super) unsafe fn hidden(seen: *mut T) -> *mut H {
        // SAFETY: as above.
        unsafe { &raw mut (*seen.cast::<Self>()).hidden }
    }
}
