//! Memory that may be refused. Rust's own containers end the process then, but for a Vec that is asked to try.

use crate::error::{Error, Result};

/// An empty Vec with room for so many.
///
/// # Errors
/// `OutOfMemory`.
#[inline]
pub(crate) fn try_vec<T>(capacity: usize) -> Result<Vec<T>> {
    let mut empty = Vec::new();
    match empty.try_reserve_exact(capacity) {
        Ok(()) => Ok(empty),
        Err(_) => Err(Error::OUT_OF_MEMORY),
    }
}

/// A value in a box, or the value back if there is no memory for it.
#[inline]
pub(crate) fn try_box<T>(value: T) -> std::result::Result<Box<[T; 1]>, T> {
    let Ok(mut boxed) = try_vec(1) else { return Err(value) };
    boxed.push(value);
    Box::try_from(boxed).map_err(|mut boxed: Vec<T>| boxed.swap_remove(0))
}
