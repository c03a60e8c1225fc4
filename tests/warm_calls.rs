//! What a call costs once a connection is open: one packet out, no thread, small buffers. Counted where the C library is called.
#![allow(
    unsafe_code,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr
)]

#[path = "support/rest_server.rs"]
mod rest_server;

use std::cell::{Cell, RefCell};
use std::ffi::{c_int, c_void};
use std::sync::atomic::{AtomicUsize, Ordering};

use rest_server::{RestServer, config};
use tc_callback::catalog::Product;
use tc_callback::config::{Client, Options};
use tc_callback::usersig::Key;

static THREADS: AtomicUsize = AtomicUsize::new(0);

thread_local! {
    static SENT: RefCell<Vec<usize>> = const { RefCell::new(Vec::new()) };
    static LONGEST_RECEIVE: Cell<usize> = const { Cell::new(0) };
}

/// The C library's own function, behind the one of the same name below.
fn original(name: &std::ffi::CStr) -> *mut c_void {
    // SAFETY: the name is a NUL-terminated text.
    let found = unsafe { libc::dlsym(libc::RTLD_NEXT, name.as_ptr()) };
    assert!(!found.is_null());
    found
}

type Start = extern "C" fn(*mut c_void) -> *mut c_void;
type PthreadCreate = unsafe extern "C" fn(
    *mut libc::pthread_t,
    *const libc::pthread_attr_t,
    Start,
    *mut c_void,
) -> c_int;
type Send = unsafe extern "C" fn(c_int, *const c_void, usize, c_int) -> isize;
type Receive = unsafe extern "C" fn(c_int, *mut c_void, usize, c_int) -> isize;

#[unsafe(no_mangle)]
unsafe extern "C" fn pthread_create(
    thread: *mut libc::pthread_t,
    attributes: *const libc::pthread_attr_t,
    start: Start,
    argument: *mut c_void,
) -> c_int {
    THREADS.fetch_add(1, Ordering::SeqCst);
    // SAFETY: the C library's function has this type; what it is given is what the caller gave.
    unsafe {
        let create: PthreadCreate = std::mem::transmute(original(c"pthread_create"));
        create(thread, attributes, start, argument)
    }
}

#[unsafe(no_mangle)]
unsafe extern "C" fn send(socket: c_int, bytes: *const c_void, len: usize, flags: c_int) -> isize {
    SENT.with_borrow_mut(|sent| sent.push(len));
    // SAFETY: as above.
    unsafe {
        let send: Send = std::mem::transmute(original(c"send"));
        send(socket, bytes, len, flags)
    }
}

#[unsafe(no_mangle)]
unsafe extern "C" fn recv(socket: c_int, bytes: *mut c_void, len: usize, flags: c_int) -> isize {
    LONGEST_RECEIVE.set(LONGEST_RECEIVE.get().max(len));
    // SAFETY: as above.
    unsafe {
        let receive: Receive = std::mem::transmute(original(c"recv"));
        receive(socket, bytes, len, flags)
    }
}

#[test]
fn a_warm_call_sends_one_packet_starts_no_thread_and_reads_into_16_kib() {
    let server = RestServer::answering(|_| config("https://example.com/", &["Call.Any"]));
    let mut options = Options::new(1400000000);
    options.set_key(Key::new("a key for tests").unwrap()).set_rate_limit(0);
    options.set_endpoint(format!("http://localhost:{}", server.port()));
    let client = Client::new(options).unwrap();
    let before_first = THREADS.load(Ordering::SeqCst);
    client.get_callback(Product::Call).unwrap();
    assert!(THREADS.load(Ordering::SeqCst) > before_first, "the look-up of a name has a thread");

    SENT.take();
    let before = THREADS.load(Ordering::SeqCst);
    for _ in 0..20 {
        client.get_callback(Product::Call).unwrap();
    }
    assert_eq!(THREADS.load(Ordering::SeqCst), before);
    let sent = SENT.take();
    assert_eq!(sent.len(), 20, "{sent:?}");
    assert_eq!(LONGEST_RECEIVE.get(), 16 * 1024);

    let requests = server.seen();
    assert_eq!(requests.len(), 21);
    assert!(requests.iter().all(|request| request.connection == 0));
}
