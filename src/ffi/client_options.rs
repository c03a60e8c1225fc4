//! tc_client_options and tc_log_fn.

use std::ffi::{CString, c_char, c_void};
use std::sync::Arc;

use super::boundary;
use super::draft::Draft;
use super::input;
use crate::catalog::Region;
use crate::config::{Level, Options};
use crate::error::Result;
use crate::usersig::Key;

/// What a client is to be like. One thread at a time may use it.
pub struct ClientOptions(Draft<Options>);

impl ClientOptions {
    /// The options, unless a setter was given something wrong.
    pub(super) fn checked(&self) -> Result<Options> {
        self.0.checked()
    }
}

/// # Safety
///
/// `options` is NULL, or came from `tc_client_options_new` and no other thread uses it.
unsafe fn set(
    options: *mut ClientOptions,
    setter: &str,
    body: impl FnOnce(&mut Options) -> Result<()>,
) {
    // SAFETY: the caller's promise.
    let options = unsafe { options.as_mut() };
    Draft::set(options.map(|options| &mut options.0), setter, body);
}

/// Makes options for an SDKAppID, with the defaults that the setters name. Freed by tc_client_options_free. Never NULL.
///
/// Setters return nothing: what one was given that cannot be used is reported by tc_client_new, which names the setter.
/// Texts are copied. A setter whose `options` is NULL does nothing.
#[unsafe(no_mangle)]
pub extern "C" fn tc_client_options_new(sdk_app_id: u32) -> *mut ClientOptions {
    boundary::infallible(std::ptr::null_mut(), || {
        let options = Options::new(sdk_app_id);
        Box::into_raw(Box::new(ClientOptions(Draft::new(options))))
    })
}

/// Frees options and clears the key in them. NULL is fine.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tc_client_options_free(options: *mut ClientOptions) {
    // SAFETY: the caller hands back what tc_client_options_new handed out, once.
    let free = || drop((!options.is_null()).then(|| unsafe { Box::from_raw(options) }));
    boundary::infallible((), free);
}

/// The application's SecretKey, from the vendor's console: the client signs UserSigs with it. Either this or
/// tc_client_options_set_usersig is needed. Kept in memory that is cleared when freed, and never shown.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tc_client_options_set_key(
    options: *mut ClientOptions,
    key: *const c_char,
) {
    // SAFETY: the caller hands in NULL, or options of one thread and a NUL-terminated text.
    unsafe {
        set(options, "tc_client_options_set_key", |options| {
            options.set_key(Key::new(input::text(key, "key")?)?);
            Ok(())
        });
    }
}

/// A UserSig of the administrator, for a host that may not hold the key. The client cannot renew it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tc_client_options_set_usersig(
    options: *mut ClientOptions,
    usersig: *const c_char,
) {
    // SAFETY: the caller hands in NULL, or options of one thread and a NUL-terminated text.
    unsafe {
        set(options, "tc_client_options_set_usersig", |options| {
            options.set_usersig(input::text(usersig, "usersig")?);
            Ok(())
        });
    }
}

/// UserID of the App administrator in whose name the client calls. Default "administrator".
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tc_client_options_set_administrator(
    options: *mut ClientOptions,
    administrator: *const c_char,
) {
    // SAFETY: the caller hands in NULL, or options of one thread and a NUL-terminated text.
    unsafe {
        set(options, "tc_client_options_set_administrator", |options| {
            options.set_administrator(input::text(administrator, "administrator")?);
            Ok(())
        });
    }
}

/// TC_REGION_*: the data centre of the application. Default TC_REGION_SINGAPORE.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tc_client_options_set_region(options: *mut ClientOptions, region: i32) {
    // SAFETY: the caller hands in NULL or options of one thread.
    unsafe {
        set(options, "tc_client_options_set_region", |options| {
            let found = Region::from_number(region);
            options.set_region(input::number(found, region, "region", "TC_REGION_")?);
            Ok(())
        });
    }
}

/// Any other host in place of a region: "host", "https://host:port", or "http://127.0.0.1:9000" for the emulator.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tc_client_options_set_endpoint(
    options: *mut ClientOptions,
    endpoint: *const c_char,
) {
    // SAFETY: the caller hands in NULL, or options of one thread and a NUL-terminated text.
    unsafe {
        set(options, "tc_client_options_set_endpoint", |options| {
            options.set_endpoint(input::text(endpoint, "endpoint")?);
            Ok(())
        });
    }
}

/// How long a new connection may take, name look-up and TLS included: 1 to 3600000 milliseconds. Default 3000.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tc_client_options_set_connect_timeout_ms(
    options: *mut ClientOptions,
    timeout_ms: u64,
) {
    // SAFETY: the caller hands in NULL or options of one thread.
    unsafe {
        set(options, "tc_client_options_set_connect_timeout_ms", |options| {
            options.set_connect_timeout_ms(timeout_ms);
            Ok(())
        });
    }
}

/// The deadline of a whole operation, with its retries, waits and the several requests of tc_ensure_callback: 1 to 3600000
/// milliseconds. Default 10000. Tencent's own limit for one request is 3000.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tc_client_options_set_timeout_ms(
    options: *mut ClientOptions,
    timeout_ms: u64,
) {
    // SAFETY: the caller hands in NULL or options of one thread.
    unsafe {
        set(options, "tc_client_options_set_timeout_ms", |options| {
            options.set_timeout_ms(timeout_ms);
            Ok(())
        });
    }
}

/// How often one request may be sent at most: 1 to 10. Default 3.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tc_client_options_set_attempts(
    options: *mut ClientOptions,
    attempts: u32,
) {
    // SAFETY: the caller hands in NULL or options of one thread.
    unsafe {
        set(options, "tc_client_options_set_attempts", |options| {
            options.set_attempts(attempts);
            Ok(())
        });
    }
}

/// Requests a second that the client sends at most to each API (each operation of each product); more wait, within the deadline.
/// Default 200, Tencent's own limit. 0: no limit.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tc_client_options_set_rate_limit(
    options: *mut ClientOptions,
    requests_per_second: u32,
) {
    // SAFETY: the caller hands in NULL or options of one thread.
    unsafe {
        set(options, "tc_client_options_set_rate_limit", |options| {
            options.set_rate_limit(requests_per_second);
            Ok(())
        });
    }
}

/// How long a UserSig that the client signs is valid: 60 to 315360000 seconds (ten years). Default 86400. It is renewed before it ends.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tc_client_options_set_usersig_lifetime_s(
    options: *mut ClientOptions,
    lifetime_s: u64,
) {
    // SAFETY: the caller hands in NULL or options of one thread.
    unsafe {
        set(options, "tc_client_options_set_usersig_lifetime_s", |options| {
            options.set_usersig_lifetime_s(lifetime_s);
            Ok(())
        });
    }
}

/// A PEM file with the certificate authorities to trust, in place of the system's: for a proxy that opens TLS.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tc_client_options_set_ca_file(
    options: *mut ClientOptions,
    path: *const c_char,
) {
    // SAFETY: the caller hands in NULL, or options of one thread and a NUL-terminated text.
    unsafe {
        set(options, "tc_client_options_set_ca_file", |options| {
            options.set_ca_file(input::text(path, "path")?);
            Ok(())
        });
    }
}

/// A PEM file with lists of revoked certificates (X.509 CRLs). A server's certificate that is on one is refused; so is one of whose
/// chain an authority has no list there, or one that has run out. The file is read by tc_client_new and at the first operation: make
/// another client when there are newer lists. By default revocation is not checked.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tc_client_options_set_crl_file(
    options: *mut ClientOptions,
    path: *const c_char,
) {
    // SAFETY: the caller hands in NULL, or options of one thread and a NUL-terminated text.
    unsafe {
        set(options, "tc_client_options_set_crl_file", |options| {
            options.set_crl_file(input::text(path, "path")?);
            Ok(())
        });
    }
}

/// An HTTP proxy that understands CONNECT: "http://[user:password@]host:port", or https for a proxy that is itself
/// reached in TLS. Environment variables are not read.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tc_client_options_set_proxy(
    options: *mut ClientOptions,
    url: *const c_char,
) {
    // SAFETY: the caller hands in NULL, or options of one thread and a NUL-terminated text.
    unsafe {
        set(options, "tc_client_options_set_proxy", |options| {
            options.set_proxy(input::text(url, "url")?);
            Ok(())
        });
    }
}

/// The User-Agent header: visible ASCII. Default "tc-callback/VERSION".
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tc_client_options_set_user_agent(
    options: *mut ClientOptions,
    user_agent: *const c_char,
) {
    // SAFETY: the caller hands in NULL, or options of one thread and a NUL-terminated text.
    unsafe {
        set(options, "tc_client_options_set_user_agent", |options| {
            options.set_user_agent(input::text(user_agent, "user_agent")?);
            Ok(())
        });
    }
}

/// Whether to send command words that this release does not know, or that are of another product: 1 or 0. Default 0, which refuses
/// them with TC_ERROR_UNKNOWN_COMMAND, since a misspelt word is otherwise an event that never comes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tc_client_options_set_allow_unknown_commands(
    options: *mut ClientOptions,
    allow: i32,
) {
    // SAFETY: the caller hands in NULL or options of one thread.
    unsafe {
        set(options, "tc_client_options_set_allow_unknown_commands", |options| {
            options.set_allow_unknown_commands(allow != 0);
            Ok(())
        });
    }
}

/// Takes a line for the host's log: TC_LEVEL_*, a NUL-terminated text without line end that lives during the call, and the
/// `user_data` given with the function. Runs on the thread that called the client, with no lock held. Must return: no longjmp,
/// no exception.
pub type LogFunction =
    Option<unsafe extern "C" fn(level: i32, line: *const c_char, user_data: *mut c_void)>;

/// Releases `user_data`, when neither options nor clients use it any more. May be NULL.
pub type DropFunction = Option<unsafe extern "C" fn(user_data: *mut c_void)>;

/// A log function of the host's with its data.
struct HostLog {
    function: unsafe extern "C" fn(i32, *const c_char, *mut c_void),
    user_data: *mut c_void,
    drop_user_data: DropFunction,
}

// SAFETY: the header tells the host that the function is called from every thread that uses the client.
unsafe impl Send for HostLog {}
// SAFETY: as above.
unsafe impl Sync for HostLog {}

impl HostLog {
    fn line(&self, level: Level, text: &str) {
        let text = CString::new(text.replace('\0', "\u{fffd}")).unwrap_or_default();
        // SAFETY: the host gave the function and its data to be called like this.
        unsafe { (self.function)(level as i32, text.as_ptr(), self.user_data) }
    }
}

impl Drop for HostLog {
    fn drop(&mut self) {
        if let Some(release) = self.drop_user_data {
            // SAFETY: the host gave the function for this, and nobody uses the data any more.
            unsafe { release(self.user_data) }
        }
    }
}

/// Where the client writes a line for each attempt, retry and renewed UserSig: never a key, a UserSig or a URL's query. Default:
/// nowhere. `function` may be called from every thread that uses the client. `drop_user_data` is called once, also if `function`
/// is NULL, which means no log.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tc_client_options_set_log(
    options: *mut ClientOptions,
    function: LogFunction,
    user_data: *mut c_void,
    drop_user_data: DropFunction,
) {
    let Some(function) = function else {
        if let Some(release) = drop_user_data {
            // SAFETY: the host gave the function for this, and nobody uses the data.
            unsafe { release(user_data) }
        }
        return;
    };
    let log = HostLog { function, user_data, drop_user_data };
    // SAFETY: the caller hands in NULL or options of one thread.
    unsafe {
        set(options, "tc_client_options_set_log", |options| {
            options.set_log(Arc::new(move |level, text: &str| log.line(level, text)));
            Ok(())
        });
    }
}
