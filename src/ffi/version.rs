//! Versions of the library and of its ABI.

use std::ffi::{CStr, c_char};

/// Version of the ABI that a header was made for; it is also the number in the library's soname. It changes only when programs
/// that were compiled against an older header would no longer run.
pub const TC_ABI_VERSION: u32 = 1;

const VERSION: &CStr =
    match CStr::from_bytes_with_nul(concat!(env!("CARGO_PKG_VERSION"), "\0").as_bytes()) {
        Ok(version) => version,
        Err(_) => c"",
    };

/// The version of the library that is loaded: "0.1.0". Compare TC_VERSION_STRING, that of the header.
#[unsafe(no_mangle)]
pub extern "C" fn tc_version() -> *const c_char {
    VERSION.as_ptr()
}

/// The ABI version of the library that is loaded. If it is not TC_ABI_VERSION, call nothing else.
#[unsafe(no_mangle)]
pub extern "C" fn tc_abi_version() -> u32 {
    TC_ABI_VERSION
}
