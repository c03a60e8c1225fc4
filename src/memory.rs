//! Memory that may be refused. Rust's own containers end the process then, but for a Vec that is asked to try.

/// A value in a box, or the value back if there is no memory for it.
#[inline]
pub(crate) fn try_box<T>(value: T) -> Result<Box<[T; 1]>, T> {
    let mut boxed = Vec::new();
    if boxed.try_reserve_exact(1).is_err() {
        return Err(value);
    }
    boxed.push(value);
    Box::try_from(boxed).map_err(|mut boxed: Vec<T>| boxed.swap_remove(0))
}
