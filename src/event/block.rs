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

use super::scan::Padded;
use super::schema;
use super::text::Str;
use super::types::Event;
use crate::error::{Error, Result, Status};

/// Every record and list starts at a multiple of this.
const ALIGNMENT: usize = 8;

const _: () = assert!(align_of::<Event>() == ALIGNMENT && align_of::<Str>() <= ALIGNMENT);

/// An event that owns its block.
pub struct ParsedEvent(NonNull<Event>);

// SAFETY: the block has one owner and is not changed after parsing.
unsafe impl Send for ParsedEvent {}
// SAFETY: as above.
unsafe impl Sync for ParsedEvent {}

impl Deref for ParsedEvent {
    type Target = Event;

    fn deref(&self) -> &Event {
        // SAFETY: a ParsedEvent is only made by `Block::finish` and `from_raw`, of a block whose start is an Event.
        unsafe { self.0.as_ref() }
    }
}

impl fmt::Debug for ParsedEvent {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(formatter)
    }
}

impl Drop for ParsedEvent {
    fn drop(&mut self) {
        // SAFETY: the block came from malloc and this was its only owner.
        unsafe { libc::free(self.0.as_ptr().cast()) }
    }
}

impl ParsedEvent {
    /// Hands the block over; `from_raw` takes it back.
    pub(crate) fn into_raw(self) -> *mut Event {
        let event = self.0.as_ptr();
        std::mem::forget(self);
        event
    }

    /// Takes the block back.
    ///
    /// # Safety
    ///
    /// `event` is NULL or came from [`ParsedEvent::into_raw`], and nobody uses it any more.
    pub(crate) unsafe fn from_raw(event: *mut Event) -> Option<ParsedEvent> {
        NonNull::new(event).map(ParsedEvent)
    }
}

/// A place in the block, in bytes from its start.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Place(usize);

impl Place {
    /// The event itself.
    pub(super) const EVENT: Place = Place(0);

    pub(super) fn plus(self, offset: usize) -> Place {
        Place(self.0 + offset)
    }
}

/// How far the texts had come.
#[derive(Clone, Copy)]
pub(super) struct TextMark(usize);

/// How much room the lists of a body can take at most.
pub(super) struct ListBound {
    /// Texts, and pointers to records.
    pub(super) elements: usize,
    /// Records.
    pub(super) objects: usize,
}

/// A block that is being written.
pub(super) struct Block {
    base: NonNull<u8>,
    capacity: usize,
    records_end: usize,
    next_record: usize,
    next_text: usize,
}

impl Drop for Block {
    fn drop(&mut self) {
        // SAFETY: `finish` forgets self, so the block, which came from malloc, is still owned here.
        unsafe { libc::free(self.base.as_ptr().cast()) }
    }
}

impl Block {
    /// A block with room for an event, records of this size, lists within the bound, and so many bytes of text.
    pub(super) fn allocate(
        record_bytes: usize,
        lists: &ListBound,
        element_bytes: usize,
        text_bytes: usize,
    ) -> Result<Block> {
        let out_of_memory = || Error::new(Status::OutOfMemory, "no memory for the event");
        let records_end = size_of::<Event>() + record_bytes;
        let capacity = lists
            .elements
            .checked_mul(size_of::<Str>())
            .and_then(|bytes| bytes.checked_add(lists.objects.checked_mul(element_bytes)?))
            .and_then(|bytes| bytes.checked_add(records_end))
            .map(|bytes| bytes.next_multiple_of(ALIGNMENT));
        let (Some(records_end), Some(capacity)) =
            (capacity, capacity.and_then(|bytes| bytes.checked_add(text_bytes)))
        else {
            return Err(out_of_memory());
        };
        // SAFETY: malloc may be called with any size; NULL is seen to below. Its blocks are aligned for any C type.
        let base = NonNull::new(unsafe { libc::malloc(capacity) }.cast::<u8>())
            .ok_or_else(out_of_memory)?;
        Ok(Block { base, capacity, records_end, next_record: 0, next_text: records_end })
    }

    /// Where the next text will stand.
    pub(super) fn mark(&self) -> TextMark {
        TextMark(self.next_text)
    }

    /// Forgets all records, and the texts since the mark, and begins again with an event whose fields are absent.
    pub(super) fn begin_event(&mut self, mark: TextMark) -> Result<()> {
        self.next_record = 0;
        self.next_text = mark.0;
        self.record_like(schema::ABSENT_EVENT).map(drop)
    }

    /// A record with these bytes.
    pub(super) fn record_like(&mut self, bytes: &[u8]) -> Result<Place> {
        let place = self.room(bytes.len())?;
        // SAFETY: the range lies inside the block.
        unsafe {
            let target = self.base.as_ptr().add(place.0);
            target.copy_from_nonoverlapping(bytes.as_ptr(), bytes.len());
        }
        Ok(place)
    }

    /// Room for so many bytes of records, which the caller is to write.
    pub(super) fn room(&mut self, size: usize) -> Result<Place> {
        let place = self.next_record.next_multiple_of(ALIGNMENT);
        let end = place + size;
        if end > self.records_end {
            return Err(beyond_bound());
        }
        self.next_record = end;
        Ok(Place(place))
    }

    /// The event, to write what does not come from a schema.
    pub(super) fn event(&mut self) -> &mut Event {
        assert!(self.next_record >= size_of::<Event>(), "no event has been begun");
        // SAFETY: `begin_event` made it of the bytes of an Event, and after that only fields are written.
        unsafe { self.base.cast::<Event>().as_mut() }
    }

    /// Writes a field of a record.
    pub(super) fn write<T: Field>(&mut self, place: Place, value: T) {
        let end = place.0 + size_of::<T>();
        assert!(
            end <= self.records_end && place.0 % align_of::<T>() == 0,
            "a field outside of the records"
        );
        // SAFETY: the place is inside the block and aligned, as just checked; a Field may stand anywhere among records, which
        // only the decoder's schema reads as anything.
        unsafe { self.base.as_ptr().add(place.0).cast::<T>().write(value) }
    }

    /// Reads a text field of a record that [`Block::record_like`] made.
    pub(super) fn text_at(&self, place: Place) -> Str {
        assert!(place.0 + size_of::<Str>() <= self.next_record, "a text outside of the records");
        // SAFETY: the place is inside the records, where a schema says that a text was written.
        let text = unsafe { &*self.base.as_ptr().add(place.0).cast::<Str>() };
        // SAFETY: the copy goes into the same block.
        unsafe { text.alias() }
    }

    /// The address of a place, for a pointer field.
    pub(super) fn address<T>(&self, place: Place) -> *const T {
        self.base.as_ptr().wrapping_add(place.0).cast_const().cast()
    }

    /// Begins a text; only one at a time.
    pub(super) fn text(&mut self) -> TextWriter<'_> {
        let start = self.next_text;
        TextWriter { block: self, start }
    }

    /// A text that is there whole.
    pub(super) fn store(&mut self, text: &str) -> Result<Str> {
        let mut writer = self.text();
        writer.push(text)?;
        writer.end()
    }

    /// A text with [`Padded::PADDING`] zero bytes behind it, of which the first is its NUL.
    pub(super) fn store_padded(&mut self, text: &str) -> Result<Str> {
        let stored = self.store(text)?;
        let end = self.next_text + Padded::PADDING - 1;
        if end > self.capacity {
            return Err(beyond_bound());
        }
        // SAFETY: the range lies inside the block.
        unsafe { self.base.as_ptr().add(self.next_text).write_bytes(0, Padded::PADDING - 1) };
        self.next_text = end;
        Ok(stored)
    }

    /// Where the next text goes, if at least so many bytes have room there, and one.
    #[inline(always)]
    pub(super) fn text_target(&mut self, bytes: usize) -> Option<*mut u8> {
        let has_room = self.capacity - self.next_text > bytes;
        // SAFETY: it lies inside the block.
        has_room.then(|| unsafe { self.base.as_ptr().add(self.next_text) })
    }

    /// Takes what was written to the target as a text.
    ///
    /// # Safety
    ///
    /// `len` bytes of UTF-8 were written to where [`Block::text_target`] last said, within what it was asked for.
    #[inline(always)]
    pub(super) unsafe fn end_target(&mut self, len: usize) -> Str {
        let start = self.next_text;
        self.next_text = start + len + 1;
        // SAFETY: the target had room for these bytes and one more. The Str goes into this block.
        unsafe {
            self.base.as_ptr().add(start + len).write(0);
            Str::new(self.base.add(start), len)
        }
    }

    /// The event, with its size.
    pub(super) fn finish(mut self) -> ParsedEvent {
        let block_size = self.next_text.next_multiple_of(ALIGNMENT).min(self.capacity);
        self.event().block_size = block_size;
        let event = ParsedEvent(self.base.cast());
        std::mem::forget(self);
        event
    }
}

/// A text that is being written.
pub(super) struct TextWriter<'a> {
    block: &'a mut Block,
    start: usize,
}

impl TextWriter<'_> {
    pub(super) fn push(&mut self, piece: &str) -> Result<()> {
        let end = self.block.next_text + piece.len();
        // One byte stays for the NUL.
        if end >= self.block.capacity {
            return Err(beyond_bound());
        }
        // SAFETY: the range lies inside the block, and the piece, which is borrowed, cannot overlap what `self` borrows mutably.
        unsafe {
            let target = self.block.base.as_ptr().add(self.block.next_text);
            target.copy_from_nonoverlapping(piece.as_ptr(), piece.len());
        }
        self.block.next_text = end;
        Ok(())
    }

    /// Puts the NUL behind it.
    pub(super) fn end(self) -> Result<Str> {
        let (start, end) = (self.start, self.block.next_text);
        if end >= self.block.capacity {
            return Err(beyond_bound());
        }
        self.block.next_text = end + 1;
        // SAFETY: both places lie inside the block. Pieces were whole strs, so the text is UTF-8; it is never changed again, and
        // the Str goes into the same block.
        unsafe {
            self.block.base.as_ptr().add(end).write(0);
            Ok(Str::new(self.block.base.add(start), end - start))
        }
    }
}

impl fmt::Write for TextWriter<'_> {
    fn write_str(&mut self, piece: &str) -> fmt::Result {
        self.push(piece).map_err(|_| fmt::Error)
    }
}

/// Types that fields of records have.
pub(super) trait Field {}
impl Field for i32 {}
impl Field for u32 {}
impl Field for i64 {}
impl Field for usize {}
impl Field for Str {}
impl<T> Field for *const T {}

fn beyond_bound() -> Error {
    Error::new(
        Status::Panic,
        "an event outgrew the memory that was reckoned for it; please report this",
    )
}
