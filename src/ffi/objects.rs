//! tc_object_factory: events as objects of the host's language.

use std::ffi::{c_char, c_int, c_void};
use std::mem::MaybeUninit;
use std::ptr::{self, NonNull};

use super::boundary;
use super::error::TcError;
use super::input::{self, CallerFilled};
use crate::catalog::Command;
use crate::error::Result;
use crate::event::{self, Event, Host, Lent, Limits, RecordKind};

/// A kind of object for the events of a command. It never grows: it stands in arrays.
#[repr(C)]
pub struct TcEventKind {
    /// TC_ROOM_AFTER_CREATE_ROOM and so on. That of TC_COMMAND_UNKNOWN is taken for commands that are not listed.
    pub command: i32,
    /// What the factory's `record` is given.
    pub kind: *mut c_void,
    /// The command's word as a text, taken instead of a new one where it is what was received; or NULL.
    pub word: *mut c_void,
}

/// Functions of a language's runtime that make its objects, so that an event becomes an object of that language in one call. Filled by
/// the caller, who sets it to zero first; read during calls only.
///
/// CPython's stable ABI has them all, by the names in brackets; for another runtime they are written. They run on the calling thread,
/// under whatever lock the runtime wants and the caller holds (Python's GIL); this library holds none. They return, by no exception or
/// longjmp. Functions and objects may not be NULL.
///
/// Whoever is given an object owns it: the library what the functions make, until it has put it somewhere or returned it.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct TcObjectFactory {
    /// sizeof(tc_object_factory), so that later fields can be told from memory that is not there.
    pub struct_size: usize,
    /// What stands for a value that is absent (None). It and the next two are retained each time they are used.
    pub absent: *mut c_void,
    /// True.
    pub yes: *mut c_void,
    /// False.
    pub no: *mut c_void,
    /// Makes an object one owner more (Py_IncRef).
    pub retain: Option<unsafe extern "C" fn(object: *mut c_void)>,
    /// Makes it one owner less (Py_DecRef).
    pub release: Option<unsafe extern "C" fn(object: *mut c_void)>,
    /// Makes a text of UTF-8 (PyUnicode_FromStringAndSize). Like all that follow it returns NULL when it fails.
    pub text: Option<unsafe extern "C" fn(utf8: *const c_char, len: isize) -> *mut c_void>,
    /// Makes a string of bytes (PyBytes_FromStringAndSize).
    pub bytes: Option<unsafe extern "C" fn(bytes: *const c_char, len: isize) -> *mut c_void>,
    /// Makes an integer (PyLong_FromLongLong).
    pub integer: Option<unsafe extern "C" fn(value: i64) -> *mut c_void>,
    /// Makes a list with so many places (PyTuple_New).
    pub list: Option<unsafe extern "C" fn(len: isize) -> *mut c_void>,
    /// Makes a record of this kind with so many places (PyType_GenericAlloc, of a subclass of tuple).
    pub record: Option<unsafe extern "C" fn(kind: *mut c_void, len: isize) -> *mut c_void>,
    /// Puts an object into a place of a list or a record, each place once and in turn, and takes the object over even if it fails, by
    /// another number than 0 (PyTuple_SetItem).
    pub put: Option<
        unsafe extern "C" fn(container: *mut c_void, index: isize, object: *mut c_void) -> c_int,
    >,
    /// The object at a place of a list, which goes on owning it (PyTuple_GetItem).
    pub item: Option<unsafe extern "C" fn(container: *mut c_void, index: isize) -> *mut c_void>,
    /// The bytes of a string, which stay while the object is there; 0 unless that fails (PyBytes_AsStringAndSize).
    pub read: Option<
        unsafe extern "C" fn(
            object: *mut c_void,
            bytes: *mut *mut c_char,
            len: *mut isize,
        ) -> c_int,
    >,
    /// The kinds of record, each at the place that TC_RECORD_KIND_* numbers. One that is not there or NULL makes its records absent.
    pub record_kinds: *const *mut c_void,
    /// How many.
    pub record_kind_count: usize,
    /// The kinds of event. One that is not there makes the event absent.
    pub event_kinds: *const TcEventKind,
    /// How many.
    pub event_kind_count: usize,
    /// For tc_request_to_object: how many bytes a request may have that is parsed under the runtime's lock.
    pub longest_request: usize,
    /// At which byte of a list or a record its places begin, if they are pointers in a row that may be written in place of calling `put`;
    /// otherwise 0 (tuple.__basicsize__).
    pub first_place: usize,
}

// SAFETY: repr(C), the size first, and pointers, functions that may be absent, and numbers after it.
unsafe impl CallerFilled for TcObjectFactory {
    const NAME: &str = "tc_object_factory";
    const SMALLEST: usize = size_of::<TcObjectFactory>();
}

/// An event as an object of the host's language: a record of the kind for its command.
///
/// Its places hold: its payload (a record, or absent), and then each field of tc_event from `command` to `mismatch`. A record has a place for each field of its struct, in the same order; a list
/// and its count are one place. `block_size` and the pointers to payloads have none. What is absent is the factory's `absent`; a
/// list that is absent has no elements.
///
/// Returns the object, which the caller then owns, or NULL: a foreign function interface takes over what is returned. After NULL
/// `*error` says why, unless a function of the factory failed: then it is NULL, since the runtime knows. Nothing that was made until then
/// is left.
///
/// Errors: TC_ERROR_INVALID_ARGUMENT for `factory->struct_size`, TC_ERROR_NULL_POINTER. Any thread may call it that may call the factory's
/// functions.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tc_event_to_object(
    event: *const Event,
    factory: *const TcObjectFactory,
    error: *mut *mut TcError,
) -> *mut c_void {
    let mut object = ptr::null_mut();
    let make = || {
        // SAFETY: the caller hands in NULL or an event of this library, and NULL or a factory as described.
        let (event, factory) = unsafe { (input::handle(event, "event")?, Factory::new(factory)?) };
        object = event::to_object(&factory, event).unwrap_or(object);
        Ok(())
    };
    // SAFETY: the caller hands in NULL or a place to write to.
    unsafe { boundary::status(error, make) };
    object
}

/// At which byte of the object that tc_request_to_object belongs to its factory stands: behind whatever a runtime begins its objects with.
pub const TC_FACTORY_OFFSET: usize = 64;

/// Parses a callback like tc_parse_event and makes an object of it like tc_event_to_object. Its form is that of a runtime's own functions
/// in C: it is given the object that it belongs to, and its arguments (CPython's METH_FASTCALL). So neither a foreign function interface
/// nor a place for the event costs time.
///
/// `host` is that object; TC_FACTORY_OFFSET bytes behind its beginning stands a tc_object_factory. The arguments are query and body, each a
/// string of bytes, which the factory's `read` looks at. The event has the latter for its body.
///
/// Returns the object, which the caller then owns. It is `absent` if the callback is refused, which tc_parse_event then explains, or longer
/// than `longest_request`, which tc_parse_event then parses without the runtime's lock. NULL if a function of the factory failed, if there
/// are not two arguments, or for want of a factory. Any thread may call it that may call the factory's functions.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tc_request_to_object(
    host: *mut c_void,
    arguments: *const *mut c_void,
    argument_count: isize,
) -> *mut c_void {
    let make = || {
        if host.is_null() || arguments.is_null() || argument_count != 2 {
            return Err(input::null("host or an argument"));
        }
        // SAFETY: the caller hands in two arguments, and an object in which a factory stands.
        unsafe {
            let factory = Factory::new(host.byte_add(TC_FACTORY_OFFSET).cast())?;
            Ok(request(factory, *arguments, *arguments.add(1)))
        }
    };
    boundary::guarded(make).and_then(|made| made).ok().flatten().unwrap_or(ptr::null_mut())
}

/// # Safety
///
/// Both are objects of the runtime, which the caller keeps.
unsafe fn request(
    factory: Factory<'_>,
    query: *mut c_void,
    body: *mut c_void,
) -> Option<*mut c_void> {
    /// Enough for most; a larger event is allocated.
    const ROOM: usize = 8 << 10;
    let factory = Factory { body: Some(body), ..factory };
    // SAFETY: the caller's promise.
    let (query, body) = unsafe { (factory.string(query)?, factory.string(body)?) };
    if query.len() + body.len() > factory.given.longest_request {
        return Some(factory.absent());
    }
    let mut room = MaybeUninit::<[u64; ROOM / 8]>::uninit();
    // SAFETY: the room is there as long as the event.
    let lent = unsafe { Lent::new(room.as_mut_ptr().cast(), ROOM) };
    match event::parse_in(&lent, query, body, &Limits::default()) {
        Ok(event) => event::to_object(&factory, &event),
        Err(_) => Some(factory.absent()),
    }
}

/// A factory whose functions are all there.
struct Factory<'a> {
    given: &'a TcObjectFactory,
    /// An object that has the body, if there is one.
    body: Option<*mut c_void>,
}

/// Calls a function of the factory.
macro_rules! call {
    ($factory:expr, $function:ident($($argument:expr),*)) => {
        // SAFETY: `Factory::new` saw that the function is there; whoever filled the factory lets it be called so.
        unsafe { ($factory.given.$function.unwrap_unchecked())($($argument),*) }
    };
}

impl<'a> Factory<'a> {
    /// # Safety
    ///
    /// `factory` is NULL or leads to `struct_size` bytes that are filled as described and stay while the Factory is used.
    unsafe fn new(factory: *const TcObjectFactory) -> Result<Factory<'a>> {
        // SAFETY: the caller's promise.
        let factory = unsafe {
            input::check_size(factory, "factory")?;
            &*factory
        };
        let is_whole = [factory.absent, factory.yes, factory.no].iter().all(|one| !one.is_null())
            && factory.retain.is_some()
            && factory.release.is_some()
            && factory.text.is_some()
            && factory.bytes.is_some()
            && factory.integer.is_some()
            && factory.list.is_some()
            && factory.record.is_some()
            && factory.put.is_some()
            && factory.item.is_some()
            && factory.read.is_some();
        if is_whole {
            Ok(Factory { given: factory, body: None })
        } else {
            Err(input::null("a function or object of factory"))
        }
    }

    /// The bytes of a string.
    ///
    /// # Safety
    ///
    /// It is an object of the runtime, which stays as it is while the bytes are used.
    unsafe fn string(&self, object: *mut c_void) -> Option<&'a [u8]> {
        let (mut first, mut len) = (ptr::null_mut(), 0);
        let is_read = call!(self, read(object, &mut first, &mut len)) == 0;
        let len = usize::try_from(len).ok().filter(|_| is_read)?;
        // SAFETY: the runtime says that so many bytes are there; the caller's promise.
        unsafe { input::bytes(first, len, "a string") }.ok()
    }

    fn listed(&self, command: Command) -> Option<&'a TcEventKind> {
        // SAFETY: whoever filled the factory says that so many stand there.
        let kinds = unsafe { slice(self.given.event_kinds, self.given.event_kind_count) };
        kinds.iter().find(|kind| kind.command == command as i32)
    }

    fn retained(&self, object: *mut c_void) -> *mut c_void {
        call!(self, retain(object));
        object
    }
}

fn made(object: *mut c_void) -> Option<*mut c_void> {
    (!object.is_null()).then_some(object)
}

/// A length that the runtime gives or takes. None is longer, since memory is not.
fn signed(len: usize) -> isize {
    isize::try_from(len).unwrap_or(isize::MAX)
}

impl Host for Factory<'_> {
    type Object = *mut c_void;
    type Kind = NonNull<c_void>;

    fn record_kind(&self, record: RecordKind) -> Option<Self::Kind> {
        // SAFETY: whoever filled the factory says that so many kinds stand there.
        let kinds = unsafe { slice(self.given.record_kinds, self.given.record_kind_count) };
        NonNull::new(*kinds.get(record as usize)?)
    }

    fn event_kind(&self, command: Command) -> Option<Self::Kind> {
        let kind = self.listed(command).or_else(|| self.listed(Command::Unknown))?;
        NonNull::new(kind.kind)
    }

    fn absent(&self) -> Self::Object {
        self.retained(self.given.absent)
    }

    fn boolean(&self, value: bool) -> Self::Object {
        self.retained(if value { self.given.yes } else { self.given.no })
    }

    fn integer(&self, value: i64) -> Option<Self::Object> {
        made(call!(self, integer(value)))
    }

    fn text(&self, text: &str) -> Option<Self::Object> {
        made(call!(self, text(text.as_ptr().cast(), signed(text.len()))))
    }

    fn command_word(&self, word: &str) -> Option<Self::Object> {
        let command = Command::from_word(word);
        match self
            .listed(command)
            .filter(|_| word == command.word())
            .and_then(|kind| made(kind.word))
        {
            Some(object) => Some(self.retained(object)),
            None => self.text(word),
        }
    }

    fn body(&self, body: &str) -> Option<Self::Object> {
        match self.body {
            Some(object) => Some(self.retained(object)),
            None => made(call!(self, bytes(body.as_ptr().cast(), signed(body.len())))),
        }
    }

    fn list(&self, len: usize) -> Option<Self::Object> {
        made(call!(self, list(signed(len))))
    }

    fn record(&self, kind: Self::Kind, len: usize) -> Option<Self::Object> {
        made(call!(self, record(kind.as_ptr(), signed(len))))
    }

    fn put(&self, container: Self::Object, index: usize, element: Self::Object) -> Option<()> {
        let first = self.given.first_place;
        if first == 0 {
            return (call!(self, put(container, signed(index), element)) == 0).then_some(());
        }
        // SAFETY: whoever filled the factory says that the places may be written there, and this is one of them.
        unsafe { container.byte_add(first).cast::<*mut c_void>().add(index).write(element) };
        Some(())
    }

    fn again(&self, container: Self::Object, index: usize) -> Option<Self::Object> {
        made(call!(self, item(container, signed(index)))).map(|object| self.retained(object))
    }

    fn release(&self, object: Self::Object) {
        call!(self, release(object));
    }
}

/// # Safety
///
/// There are so many at `first`, unless that is NULL.
unsafe fn slice<'a, T>(first: *const T, count: usize) -> &'a [T] {
    if first.is_null() {
        return &[];
    }
    // SAFETY: the caller's promise.
    unsafe { std::slice::from_raw_parts(first, count) }
}
