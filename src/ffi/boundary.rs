//! Where C calls in: panics end here, and results become out-parameters.

use std::any::Any;
use std::cell::{Cell, RefCell};
use std::panic::{self, AssertUnwindSafe, PanicHookInfo};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};

use super::error::{StatusNumber, TcError};
use crate::error::{Error, Result, Status};

/// Runs the body of a C function that can fail: its error goes to `error_out` unless that is NULL, its status is returned.
///
/// # Safety
///
/// `error_out` is NULL or may be written to.
pub(super) unsafe fn status(
    error_out: *mut *mut TcError,
    body: impl FnOnce() -> Result<()>,
) -> StatusNumber {
    let result = guarded(body).and_then(|result| result);
    let status = result.as_ref().map_or_else(Error::status, |()| Status::Ok) as StatusNumber;
    if error_out.is_null() {
        return status;
    }
    let error = result.err().map(TcError::into_raw);
    // SAFETY: the caller's promise; an error that was just made is there.
    unsafe {
        error_out.write(error.unwrap_or(std::ptr::null_mut()));
        // There may have been no memory for the error: then it is another.
        error.map_or(status, |error| (*error).status)
    }
}

/// Like [`status`], with a result that goes to `out`; that is NULL when there is an error.
///
/// # Safety
///
/// `out` and `error_out` are NULL or may be written to.
pub(super) unsafe fn result<T>(
    out: *mut *mut T,
    error_out: *mut *mut TcError,
    name: &str,
    body: impl FnOnce() -> Result<*mut T>,
) -> StatusNumber {
    if out.is_null() {
        let body = || Err(super::input::null(name));
        // SAFETY: the caller's promise.
        return unsafe { status(error_out, body) };
    }
    // SAFETY: the caller's promise.
    unsafe { optional_result(out, error_out, body) }
}

/// Like [`result`], for a result that the caller need not take: with `out` NULL the body returns NULL.
///
/// # Safety
///
/// `out` and `error_out` are NULL or may be written to.
pub(super) unsafe fn optional_result<T>(
    out: *mut *mut T,
    error_out: *mut *mut TcError,
    body: impl FnOnce() -> Result<*mut T>,
) -> StatusNumber {
    if !out.is_null() {
        // SAFETY: the caller's promise.
        unsafe { out.write(std::ptr::null_mut()) };
    }
    let body = || {
        let value = body()?;
        if !out.is_null() {
            // SAFETY: the caller's promise.
            unsafe { out.write(value) };
        }
        Ok(())
    };
    // SAFETY: the caller's promise.
    unsafe { status(error_out, body) }
}

/// Runs the body of a C function that cannot fail. Should it panic all the same, `fallback` is the answer.
pub(super) fn infallible<T>(fallback: T, body: impl FnOnce() -> T) -> T {
    guarded(body).unwrap_or(fallback)
}

/// Runs a body; a panic becomes an error.
pub(super) fn guarded<T>(body: impl FnOnce() -> T) -> Result<T> {
    let outcome = CALLS.with(|calls| {
        install_hook();
        calls.set(calls.get() + 1);
        let outcome = panic::catch_unwind(AssertUnwindSafe(body));
        calls.set(calls.get() - 1);
        outcome
    });
    outcome.map_err(|payload| {
        let place = PLACE.take().map_or_else(String::new, |place| format!(" at {place}"));
        let text = payload_text(&*payload);
        let message = format!("a fault in tc-callback, please report it: {text}{place}");
        Error::new(Status::Panic, message)
    })
}

/// The test suite's way to a panic, in a library of its own: `--cfg tc_provoke_panic`.
#[cfg(tc_provoke_panic)]
#[allow(clippy::panic)]
pub(super) fn provoke(body: &[u8]) {
    if body == b"provoke a panic" {
        panic!("provoked by the test suite");
    }
}

fn payload_text(payload: &(dyn Any + Send)) -> &str {
    let text = payload.downcast_ref::<&str>().copied();
    text.or_else(|| payload.downcast_ref::<String>().map(String::as_str)).unwrap_or("no message")
}

thread_local! {
    /// How many calls into the library this thread is inside of.
    static CALLS: Cell<usize> = const { Cell::new(0) };
    static PLACE: RefCell<Option<String>> = const { RefCell::new(None) };
}

type Hook = dyn Fn(&PanicHookInfo<'_>) + Send + Sync;

/// The host's.
static PREVIOUS: OnceLock<Box<Hook>> = OnceLock::new();

/// From now on a panic inside a call is not printed: a library writes nothing to its host's stderr.
fn install_hook() {
    static IS_INSTALLED: AtomicBool = AtomicBool::new(false);
    // Not `Once`: a thread that forks while another installs the hook must not wait for it in the child.
    if IS_INSTALLED.load(Ordering::Relaxed) || IS_INSTALLED.swap(true, Ordering::Relaxed) {
        return;
    }
    let _ = PREVIOUS.set(panic::take_hook());
    // A function, which takes no memory.
    panic::set_hook(Box::new(hook));
}

fn hook(info: &PanicHookInfo<'_>) {
    if CALLS.get() > 0 {
        PLACE.set(
            info.location().map(|location| format!("{}:{}", location.file(), location.line())),
        );
    } else if let Some(previous) = PREVIOUS.get() {
        previous(info);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_becomes_an_error_with_its_text_and_place() {
        let error = guarded(|| panic!("the {} one", "provoked")).err();
        let error = error.as_ref().map(Error::message).unwrap_or_default();
        assert!(error.contains("the provoked one at src/ffi/boundary.rs:"), "{error}");
        assert_eq!(infallible(7, || panic!("another")), 7);
    }
}
