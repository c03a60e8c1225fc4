//! tc_client: the operations on a callback configuration.

use std::ffi::c_char;

use super::boundary;
use super::client_options::ClientOptions;
use super::error::{StatusNumber, TcError};
use super::input;
use super::response::{self, TcCallbackConfig, TcResponse};
use crate::catalog::Product;
use crate::config::{Client, Response};
use crate::error::Result;

/// Makes a client. `options` is copied: it may be changed, used again or freed after that.
///
/// `*client` is to be freed by tc_client_free. Nothing is sent; files given to tc_client_options_set_ca_file and
/// tc_client_options_set_crl_file are read now, the system's trust store with the first operation. Errors: TC_ERROR_INVALID_OPTION, whose
/// message names the setter.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tc_client_new(
    options: *const ClientOptions,
    client: *mut *mut Client,
    error: *mut *mut TcError,
) -> StatusNumber {
    let make = || {
        // SAFETY: the caller hands in NULL or options that nobody changes meanwhile.
        let options = unsafe { input::handle(options, "options") }?;
        Ok(Box::into_raw(Box::new(Client::new(options.checked()?)?)))
    };
    // SAFETY: the caller hands in NULL or places to write to.
    unsafe { boundary::result(client, error, "client", make) }
}

/// The same client with an earlier deadline for its operations: 1 to 3600000 milliseconds; that of `client` holds if it is earlier still.
/// For a caller whose own deadline differs from call to call.
///
/// They share connections, rate limit and UserSig; it costs next to nothing, and either may be freed first. `*derived` is to
/// be freed by tc_client_free. Errors: TC_ERROR_INVALID_ARGUMENT. Any number of threads may use both.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tc_client_with_timeout_ms(
    client: *const Client,
    timeout_ms: u64,
    derived: *mut *mut Client,
    error: *mut *mut TcError,
) -> StatusNumber {
    let derive = || {
        // SAFETY: the caller hands in NULL or a client.
        let client = unsafe { input::handle(client, "client") }?;
        Ok(Box::into_raw(Box::new(client.with_timeout_ms(timeout_ms)?)))
    };
    // SAFETY: the caller hands in NULL or places to write to.
    unsafe { boundary::result(derived, error, "derived", derive) }
}

/// Frees a client; the last of those that share them closes the connections and clears the keys. NULL is fine. No other thread may
/// be inside a call on it. In a child of fork, what the parent's threads were using stays allocated.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tc_client_free(client: *mut Client) {
    // SAFETY: the caller hands back what tc_client_new handed out, once.
    let free = || drop((!client.is_null()).then(|| unsafe { Box::from_raw(client) }));
    boundary::infallible((), free);
}

/// The callback URL and the commands of a call that writes them.
type Write = fn(&Client, Product, &str, &[&str]) -> Result<Response>;

/// # Safety
///
/// As for the C functions below, which hand everything on.
#[allow(clippy::too_many_arguments)]
unsafe fn write(
    operation: Write,
    client: *const Client,
    product: i32,
    url: *const c_char,
    commands: *const *const c_char,
    command_count: usize,
    response: *mut *mut TcResponse,
    error: *mut *mut TcError,
) -> StatusNumber {
    let call = || {
        // SAFETY: the caller hands in NULL, or a client, a text and an array of texts that stay during the call.
        let (client, url, commands) = unsafe {
            (
                input::handle(client, "client")?,
                input::text(url, "url")?,
                input::texts(commands, command_count, "commands")?,
            )
        };
        let product = product_of(product)?;
        finish(response, &operation(client, product, url, &commands)?)
    };
    // SAFETY: the caller hands in NULL or places to write to.
    unsafe { boundary::optional_result(response, error, call) }
}

fn product_of(number: i32) -> Result<Product> {
    input::number(Product::from_number(number), number, "product", "TC_PRODUCT_")
}

/// The response for C, if C wants it.
fn finish(out: *mut *mut TcResponse, response: &Response) -> Result<*mut TcResponse> {
    if out.is_null() { Ok(std::ptr::null_mut()) } else { response::response_into_raw(response) }
}

/// Creates the callback configuration of a product: where Tencent posts, and which commands.
///
/// Conference refuses with TC_ERROR_ALREADY_EXISTS (100300) if there is one; Call replaces it. tc_ensure_callback does what is needed
/// in either case. `url` begins with http:// or https://. `commands` are words, as in tc_command_word; they become the whole list.
/// A word that this release does not know, or of another product, is TC_ERROR_UNKNOWN_COMMAND unless the client's options allow it.
///
/// Blocks until the answer or the client's deadline. `response` may be NULL; `*response` is to be freed by tc_response_free.
/// Errors: TC_ERROR_INVALID_URL, TC_ERROR_EMPTY_COMMAND_LIST, TC_ERROR_UNKNOWN_COMMAND before anything is sent; TC_ERROR_TIMEOUT and the
/// others from 200 on if Tencent could not be asked; those from 300 on if it refused. After TC_ERROR_TIMEOUT, TC_ERROR_CONNECTION or
/// TC_ERROR_CANCELLED the write may have succeeded.
///
/// <https://cloud.tencent.com/document/product/647/104469>, <https://trtc.io/document/68938>
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tc_set_callback(
    client: *const Client,
    product: i32,
    url: *const c_char,
    commands: *const *const c_char,
    command_count: usize,
    response: *mut *mut TcResponse,
    error: *mut *mut TcError,
) -> StatusNumber {
    let set: Write = Client::set_callback;
    // SAFETY: all is handed on.
    unsafe { write(set, client, product, url, commands, command_count, response, error) }
}

/// Replaces the callback configuration of a product. TC_ERROR_NOT_FOUND (100301) if there is none. Call has no such operation:
/// TC_ERROR_UNSUPPORTED_OPERATION before anything is sent. Otherwise like tc_set_callback.
///
/// <https://trtc.io/document/60722>
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tc_update_callback(
    client: *const Client,
    product: i32,
    url: *const c_char,
    commands: *const *const c_char,
    command_count: usize,
    response: *mut *mut TcResponse,
    error: *mut *mut TcError,
) -> StatusNumber {
    let update: Write = Client::update_callback;
    // SAFETY: all is handed on.
    unsafe { write(update, client, product, url, commands, command_count, response, error) }
}

/// Makes the callback configuration of a product what it should be, whatever it is now: what a deployment calls.
///
/// Reads it, compares (the order of commands and their older spellings do not count), writes only what differs.
/// `(*response)->change` is TC_CHANGE_CREATED, TC_CHANGE_UPDATED or TC_CHANGE_UNCHANGED, `previous` what was there before. Several
/// hosts may call it at once. All of it happens within one deadline. Otherwise like tc_set_callback.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tc_ensure_callback(
    client: *const Client,
    product: i32,
    url: *const c_char,
    commands: *const *const c_char,
    command_count: usize,
    response: *mut *mut TcResponse,
    error: *mut *mut TcError,
) -> StatusNumber {
    let ensure: Write = Client::ensure_callback;
    // SAFETY: all is handed on.
    unsafe { write(ensure, client, product, url, commands, command_count, response, error) }
}

/// Reads the callback configuration of a product. TC_ERROR_NOT_FOUND (100301) if there is none.
///
/// Blocks until the answer or the client's deadline. `*config` is to be freed by tc_callback_config_free. Errors as for
/// tc_set_callback.
///
/// <https://trtc.io/document/60730>, <https://trtc.io/document/68937>
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tc_get_callback(
    client: *const Client,
    product: i32,
    config: *mut *mut TcCallbackConfig,
    error: *mut *mut TcError,
) -> StatusNumber {
    let call = || {
        // SAFETY: the caller hands in NULL or a client.
        let client = unsafe { input::handle(client, "client") }?;
        let config = client.get_callback(product_of(product)?)?;
        response::config_into_raw(&config)
    };
    // SAFETY: the caller hands in NULL or places to write to.
    unsafe { boundary::result(config, error, "config", call) }
}

/// Deletes the callback configuration of a product. That there is none is success, with TC_CHANGE_UNCHANGED if Tencent says so.
///
/// Blocks until the answer or the client's deadline. `response` may be NULL. Errors as for tc_set_callback.
///
/// <https://trtc.io/document/60727>, <https://trtc.io/document/68939>
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tc_delete_callback(
    client: *const Client,
    product: i32,
    response: *mut *mut TcResponse,
    error: *mut *mut TcError,
) -> StatusNumber {
    let call = || {
        // SAFETY: the caller hands in NULL or a client.
        let client = unsafe { input::handle(client, "client") }?;
        finish(response, &client.delete_callback(product_of(product)?)?)
    };
    // SAFETY: the caller hands in NULL or places to write to.
    unsafe { boundary::optional_result(response, error, call) }
}
