//! The one piece of memory that an event lives in.
//!
//! ```text
//! Event | payload record | elements of lists | query, body, decoded texts, each with a NUL
//! ```
//!
//! The bounds are taken from the input before anything is read: an element of a list costs a comma or a bracket, and a text
//! is never longer than it was on the wire. So nothing moves while the event is being written, and pointers are final.
#![allow(unsafe_code)]

use std::fmt;
use std::ops::Deref;
use std::ptr::NonNull;

use super::place::Padded;
use super::schema::{self, Payload};
use super::text::Str;
use super::types::Event;
use crate::error::{Error, Result, Status};

/// Every record and list starts at a multiple of this.
pub(super) const ALIGNMENT: usize = align_of::<Event>();

// The texts of a list come one after the other.
const _: () = assert!(align_of::<Str>() <= ALIGNMENT && size_of::<Str>() % ALIGNMENT == 0);
const _: () = assert!(align_of::<Pointer>() <= ALIGNMENT && size_of::<Pointer>() <= ALIGNMENT);

/// To a record.
type Pointer = *const u8;

/// Before a record of a list there is a pointer to the one before it.
const LINK_BYTES: usize = size_of::<Pointer>().next_multiple_of(ALIGNMENT);

/// What a text of a list takes.
pub(super) const TEXT_BYTES: usize = size_of::<Str>();

/// What a record of a list takes, with its link and with the pointer to it in an array, which is padded as a record is.
pub(super) const fn record_bytes(size: usize) -> usize {
    LINK_BYTES + size.next_multiple_of(ALIGNMENT) + ALIGNMENT
}

/// An event that owns its block.
pub struct ParsedEvent {
    start: NonNull<Event>,
    /// Whether the caller lent the block.
    is_lent: bool,
}

// SAFETY: the block has one owner and is not changed after parsing.
unsafe impl Send for ParsedEvent {}
// SAFETY: as above.
unsafe impl Sync for ParsedEvent {}

impl Deref for ParsedEvent {
    type Target = Event;

    fn deref(&self) -> &Event {
        // SAFETY: a ParsedEvent is only made by `Block::finish` and `from_raw`, of a block whose start is an Event.
        unsafe { self.start.as_ref() }
    }
}

impl fmt::Debug for ParsedEvent {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(formatter)
    }
}

impl Drop for ParsedEvent {
    fn drop(&mut self) {
        if !self.is_lent {
            // SAFETY: the block came from malloc and this was its only owner.
            unsafe { libc::free(self.start.as_ptr().cast()) }
        }
    }
}

impl ParsedEvent {
    /// Whether the event stands in the memory that the caller lent.
    pub(crate) fn is_lent(&self) -> bool {
        self.is_lent
    }

    /// Hands the block over; `from_raw` takes it back, unless the caller lent it.
    pub(crate) fn into_raw(self) -> *mut Event {
        let event = self.start.as_ptr();
        std::mem::forget(self);
        event
    }

    /// Takes the block back.
    ///
    /// # Safety
    ///
    /// `event` is NULL or came from [`ParsedEvent::into_raw`] of one that owned its block, and nobody uses it any more.
    pub(crate) unsafe fn from_raw(event: *mut Event) -> Option<ParsedEvent> {
        NonNull::new(event).map(|start| ParsedEvent { start, is_lent: false })
    }
}

/// A record in a block: the event, a payload, or an element of a list.
#[derive(Clone, Copy)]
pub(super) struct Record(NonNull<u8>);

impl Record {
    /// Writes a field.
    ///
    /// # Safety
    ///
    /// A field of this type stands at this offset of the record, whose block is still being written.
    #[inline(always)]
    pub(super) unsafe fn write<T: Field>(self, offset: usize, value: T) {
        // SAFETY: the caller's promise; records are aligned for any field.
        unsafe { self.0.add(offset).cast::<T>().write(value) }
    }

    /// Another Str for the text at this offset, to go into the same block.
    ///
    /// # Safety
    ///
    /// As for [`Record::write`].
    pub(super) unsafe fn text(self, offset: usize) -> Str {
        // SAFETY: the caller's promise; the copy goes into the same block.
        unsafe { self.0.add(offset).cast::<Str>().as_ref().alias() }
    }

    /// For a pointer field.
    pub(super) fn address(self) -> *const u8 {
        self.0.as_ptr()
    }
}

/// A list of records that is being read. They can be of any size and have lists of their own between them, so each is found by a link.
pub(super) struct RecordList {
    /// The link before the last record; NULL while there is none.
    last: Pointer,
    pub(super) count: usize,
}

impl RecordList {
    pub(super) const EMPTY: RecordList = RecordList { last: std::ptr::null(), count: 0 };
}

/// Memory that the caller lends: the event is written there if there is enough of it.
pub(crate) struct Lent {
    start: *mut u8,
    size: usize,
}

impl Lent {
    /// There is none.
    pub(crate) const NONE: Lent = Lent { start: std::ptr::null_mut(), size: 0 };

    /// # Safety
    ///
    /// `start` is NULL or leads to `size` bytes that nobody else uses as long as an event may stand there.
    pub(crate) unsafe fn new(start: *mut u8, size: usize) -> Lent {
        Lent { start, size }
    }

    /// The start of this many bytes, aligned for any record.
    fn take(&self, size: usize) -> Option<NonNull<u8>> {
        let start = NonNull::new(self.start)?;
        (size <= self.size && start.as_ptr().addr() % ALIGNMENT == 0).then_some(start)
    }
}

/// A block that is being written.
pub(super) struct Block {
    base: NonNull<u8>,
    is_lent: bool,
    next_record: NonNull<u8>,
    records_end: NonNull<u8>,
    next_text: NonNull<u8>,
    end: NonNull<u8>,
}

impl Drop for Block {
    fn drop(&mut self) {
        if !self.is_lent {
            // SAFETY: `finish` forgets self, so the block, which came from malloc, is still owned here.
            unsafe { libc::free(self.base.as_ptr().cast()) }
        }
    }
}

impl Block {
    /// A block with an event and a payload whose fields are absent, the query and the body. It has room for so many bytes of lists,
    /// the texts out of query and body, and so many bytes of other texts. It stands in memory that the caller lent, if that
    /// is enough.
    #[inline(always)]
    pub(super) fn new(
        lent: &Lent,
        query: &str,
        body: &str,
        payload: &Payload,
        list_bytes: usize,
        other_text_bytes: usize,
    ) -> Result<Block> {
        let absent = payload.record.as_ref().map_or::<&[u8], _>(&[], |record| record.absent);
        let records_end = list_bytes.saturating_add(schema::ABSENT_EVENT.len() + absent.len());
        // Each as received, and the texts out of it with a NUL behind each.
        let text_bytes = 2 * (query.len() + 4 + body.len() + Padded::PADDING) + other_text_bytes;
        let mut block = Block::allocate(lent, records_end, records_end.saturating_add(text_bytes))?;
        block.record_like(schema::ABSENT_EVENT)?;
        let record = block.record_like(absent)?;
        if let Some(info) = &payload.record {
            // SAFETY: `link` is the offset of the event's pointer to this record.
            unsafe { block.event_record().write(info.link, record.address()) };
        }
        let body = block.store_padded(body)?;
        let query = if query.is_empty() { body.empty_end() } else { block.store(query)? };
        let event = block.event();
        event.body = body;
        event.query = query;
        Ok(block)
    }

    #[inline(always)]
    fn allocate(lent: &Lent, records_end: usize, capacity: usize) -> Result<Block> {
        let taken = lent.take(capacity);
        let base = match taken {
            Some(start) => start,
            // SAFETY: malloc may be called with any size; NULL is seen to. Its blocks are aligned for any C type.
            None => NonNull::new(unsafe { libc::malloc(capacity) }.cast::<u8>())
                .ok_or_else(out_of_memory)?,
        };
        let is_lent = taken.is_some();
        // SAFETY: the records end inside the block, and the block where its memory does.
        let (records_end, end) = unsafe { (base.add(records_end), base.add(capacity)) };
        Ok(Block { base, is_lent, next_record: base, records_end, next_text: records_end, end })
    }

    /// The body, with its padding.
    ///
    /// # Safety
    ///
    /// It is not used after the block is gone.
    #[inline(always)]
    pub(super) unsafe fn body<'a>(&mut self) -> Padded<'a> {
        // SAFETY: `new` stored it so, and nothing writes to it; the caller's promise.
        unsafe { self.event().body.padded() }
    }

    /// The payload.
    #[inline(always)]
    pub(super) fn payload_record(&self) -> Record {
        // SAFETY: `new` put it behind the event.
        Record(unsafe { self.base.add(schema::ABSENT_EVENT.len()) })
    }

    /// A record with these bytes.
    #[inline(always)]
    pub(super) fn record_like(&mut self, bytes: &[u8]) -> Result<Record> {
        let record = self.record(bytes.len())?;
        // SAFETY: the record has as many bytes.
        unsafe { record.0.as_ptr().copy_from_nonoverlapping(bytes.as_ptr(), bytes.len()) };
        Ok(record)
    }

    /// A record of this size, which the caller is to write.
    #[inline(always)]
    pub(super) fn record(&mut self, size: usize) -> Result<Record> {
        let record = Record(self.next_record);
        let size = size.next_multiple_of(ALIGNMENT);
        if size > bytes_between(self.next_record, self.records_end) {
            return Err(beyond_bound());
        }
        // SAFETY: there are as many bytes.
        self.next_record = unsafe { self.next_record.add(size) };
        Ok(record)
    }

    /// Where the next record will be.
    pub(super) fn next_record(&self) -> *const u8 {
        self.next_record.as_ptr()
    }

    /// A record of a list, with these bytes.
    #[inline(always)]
    pub(super) fn add_to(&mut self, list: &mut RecordList, bytes: &[u8]) -> Result<Record> {
        let link = self.record(LINK_BYTES)?;
        let record = self.record_like(bytes)?;
        // SAFETY: the room for the link begins there.
        unsafe { link.write(0, list.last) };
        list.last = link.address();
        list.count += 1;
        Ok(record)
    }

    /// The pointers to the records of a list that is complete, in an array.
    #[inline(always)]
    pub(super) fn pointers_to(&mut self, list: &RecordList) -> Result<*const u8> {
        let array = self.record(list.count * size_of::<Pointer>())?;
        let mut link = list.last;
        let mut left = list.count;
        while left > 0 {
            left -= 1;
            // SAFETY: `add_to` made as many links, each with a record behind it, the first of which has no other before it; the array
            // has room for as many pointers.
            unsafe {
                array.write(left * size_of::<Pointer>(), link.add(LINK_BYTES));
                link = link.cast::<Pointer>().read();
            }
        }
        Ok(array.address())
    }

    /// The event as a record.
    #[inline(always)]
    pub(super) fn event_record(&self) -> Record {
        Record(self.base)
    }

    /// The event, to write what does not come from a schema.
    #[inline(always)]
    pub(super) fn event(&mut self) -> &mut Event {
        // SAFETY: `new` made it of the bytes of an Event before it let anyone see the block, and after that only fields are written.
        unsafe { self.base.cast::<Event>().as_mut() }
    }

    /// Makes RoomId or CallId of the payload the event's subject.
    #[inline(always)]
    pub(super) fn write_subject(&mut self, payload: &Payload) {
        if let Some(info) = &payload.record {
            // SAFETY: `subject` is the offset of a text in the payload.
            let subject = unsafe { self.payload_record().text(info.subject) };
            self.event().subject = subject;
        }
    }

    /// A text that is made of pieces.
    pub(super) fn store_display(&mut self, text: &impl fmt::Display) -> Result<Str> {
        let mut writer = self.text();
        match fmt::write(&mut writer, format_args!("{text}")) {
            Ok(()) => writer.end(),
            Err(_) => Err(beyond_bound()),
        }
    }

    /// Begins a text; only one at a time.
    fn text(&mut self) -> TextWriter<'_> {
        let start = self.next_text;
        TextWriter { block: self, start }
    }

    /// A text that is there whole.
    #[inline(always)]
    pub(super) fn store(&mut self, text: &str) -> Result<Str> {
        let mut writer = self.text();
        writer.push(text)?;
        writer.end()
    }

    /// A text with which these bytes start; they are copied as a whole, which is faster than a part of them.
    ///
    /// # Safety
    ///
    /// The first `len` bytes are UTF-8.
    #[inline(always)]
    pub(super) unsafe fn store_start<const N: usize>(
        &mut self,
        bytes: &[u8; N],
        len: usize,
    ) -> Result<Str> {
        if len >= N || N > bytes_between(self.next_text, self.end) {
            return Err(beyond_bound());
        }
        let start = self.next_text;
        // SAFETY: there are as many bytes, of which that of the NUL is one; the caller's promise. The Str goes into this block.
        unsafe {
            start.cast::<[u8; N]>().write(*bytes);
            let end = start.add(len);
            end.write(0);
            self.next_text = end.add(1);
            Ok(Str::new(start, len))
        }
    }

    /// A text with [`Padded::PADDING`] zero bytes behind it, of which the first is its NUL.
    #[inline(always)]
    pub(super) fn store_padded(&mut self, text: &str) -> Result<Str> {
        let stored = self.store(text)?;
        const MORE: usize = Padded::PADDING - 1;
        if MORE > bytes_between(self.next_text, self.end) {
            return Err(beyond_bound());
        }
        // SAFETY: there are as many bytes.
        unsafe {
            self.next_text.write_bytes(0, MORE);
            self.next_text = self.next_text.add(MORE);
        }
        Ok(stored)
    }

    /// Makes zero what a reader of so many bytes may see behind the last text, as far as the block goes.
    #[inline(always)]
    pub(super) fn clear_ahead(&mut self, bytes: usize) {
        let room = bytes_between(self.next_text, self.end);
        // Two calls, so that where a length is known no function is called for a few bytes.
        // SAFETY: there are as many bytes, and nothing was put there.
        unsafe {
            match bytes <= room {
                true => self.next_text.write_bytes(0, bytes),
                false => self.next_text.write_bytes(0, room),
            }
        }
    }

    /// Where the next text of the body goes.
    ///
    /// `new` left room for as many bytes as the body has, and [`Padded::PADDING`] more. A text and the NUL behind it take no more
    /// than the text with its quotes took in the body; so whoever writes each text of a body once at most, in any order, always has
    /// room for a step more.
    #[inline(always)]
    pub(super) fn next_text(&self) -> *mut u8 {
        debug_assert!(self.next_text < self.end);
        self.next_text.as_ptr()
    }

    /// Takes what was written from [`Block::next_text`] up to `end` as a text, and writes it to a field.
    ///
    /// # Safety
    ///
    /// It is UTF-8, a byte has room behind it, and a text stands at this offset of the record.
    #[inline(always)]
    pub(super) unsafe fn take_text(&mut self, end: *mut u8, record: Record, offset: usize) {
        // SAFETY: the caller's promise. The Str goes into this block.
        unsafe {
            end.write(0);
            let end = NonNull::new_unchecked(end);
            let len = bytes_between(self.next_text, end);
            record.write(offset, Str::new(self.next_text, len));
            self.next_text = end.add(1);
        }
    }

    /// The event, with its size.
    #[inline(always)]
    pub(super) fn finish(mut self) -> ParsedEvent {
        // Whoever copies the block must not copy what the host has freed.
        let unused_records = bytes_between(self.next_record, self.records_end);
        if unused_records > 0 {
            // SAFETY: they lie inside the block, and nothing was put there.
            unsafe { self.next_record.write_bytes(0, unused_records) };
        }
        self.clear_ahead(ALIGNMENT);
        let written = bytes_between(self.base, self.next_text);
        let capacity = bytes_between(self.base, self.end);
        let block_size = written.next_multiple_of(ALIGNMENT).min(capacity);
        self.event().block_size = block_size;
        let event = ParsedEvent { start: self.base.cast(), is_lent: self.is_lent };
        std::mem::forget(self);
        event
    }
}

/// A text that is being written.
struct TextWriter<'a> {
    block: &'a mut Block,
    start: NonNull<u8>,
}

impl TextWriter<'_> {
    #[inline(always)]
    fn push(&mut self, piece: &str) -> Result<()> {
        // One byte stays for the NUL.
        if piece.len() >= bytes_between(self.block.next_text, self.block.end) {
            return Err(beyond_bound());
        }
        // SAFETY: there are as many bytes, and the piece, which is borrowed, cannot overlap what `self` borrows mutably.
        unsafe {
            let target = self.block.next_text;
            target.as_ptr().copy_from_nonoverlapping(piece.as_ptr(), piece.len());
            self.block.next_text = target.add(piece.len());
        }
        Ok(())
    }

    /// Puts the NUL behind it.
    #[inline(always)]
    fn end(self) -> Result<Str> {
        let (start, end) = (self.start, self.block.next_text);
        if end >= self.block.end {
            return Err(beyond_bound());
        }
        // SAFETY: a byte is left. Pieces were whole strs, so the text is UTF-8; it is never changed again, and the Str goes into the
        // same block.
        unsafe {
            end.write(0);
            self.block.next_text = end.add(1);
            Ok(Str::new(start, bytes_between(start, end)))
        }
    }
}

impl fmt::Write for TextWriter<'_> {
    fn write_str(&mut self, piece: &str) -> fmt::Result {
        self.push(piece).map_err(|_| fmt::Error)
    }
}

/// Between a place of a block and another that does not come before it.
#[inline(always)]
fn bytes_between(start: NonNull<u8>, end: NonNull<u8>) -> usize {
    end.addr().get() - start.addr().get()
}

/// Types that fields of records have, or, as an unsigned number that fits, their like.
pub(super) trait Field {}
impl Field for i32 {}
impl Field for u32 {}
impl Field for i64 {}
impl Field for u64 {}
impl Field for usize {}
impl Field for Str {}
impl<T> Field for *const T {}

fn out_of_memory() -> Error {
    Error::new(Status::OutOfMemory, "no memory for the event")
}

fn beyond_bound() -> Error {
    Error::new(
        Status::Panic,
        "an event outgrew the memory that was reckoned for it; please report this",
    )
}
