//! Places in a text that has zero bytes behind it. No rule of JSON lets those pass, so every loop ends there and looks at no length.
#![allow(unsafe_code)]

use std::marker::PhantomData;

use super::lanes::{self, Lanes};
use super::literal::Literal;

/// A text with [`Padded::PADDING`] zero bytes behind it.
#[derive(Clone, Copy)]
pub(super) struct Padded<'a>(&'a [u8]);

impl<'a> Padded<'a> {
    /// More than anything here reads in one step.
    pub(super) const PADDING: usize = 32;

    /// # Safety
    ///
    /// All but the last [`Padded::PADDING`] bytes are UTF-8, and those are zero.
    pub(super) unsafe fn new(padded: &'a [u8]) -> Padded<'a> {
        Padded(padded)
    }

    /// The text alone.
    pub(super) fn text(self) -> &'a str {
        let text = &self.0[..self.0.len() - Padded::PADDING];
        // SAFETY: see `new`.
        unsafe { std::str::from_utf8_unchecked(text) }
    }

    /// How many bytes from the start a place is.
    pub(super) fn offset(self, at: At<'a>) -> usize {
        at.0.addr() - self.0.as_ptr().addr()
    }

    /// The place so many bytes from the start.
    pub(super) fn at(self, offset: usize) -> At<'a> {
        assert!(offset <= self.text().len(), "a place behind the text");
        At(self.0[offset..].as_ptr(), PhantomData)
    }
}

/// A place in a padded text, at its end at most.
///
/// What makes it sound: a place is moved past bytes only that were seen not to be zero, and from the end on there is nothing but
/// zeros. So [`Padded::PADDING`] bytes may be read from it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct At<'a>(*const u8, PhantomData<&'a [u8]>);

impl<'a> At<'a> {
    /// The byte here; 0 at the end.
    #[inline(always)]
    pub(super) fn byte(self) -> u8 {
        // SAFETY: see At.
        unsafe { *self.0 }
    }

    /// The place behind bytes that were seen.
    ///
    /// # Safety
    ///
    /// None of the next `count` bytes is zero.
    #[inline(always)]
    pub(super) unsafe fn past(self, count: usize) -> At<'a> {
        // SAFETY: bytes that are not zero come before the end.
        At(unsafe { self.0.add(count) }, PhantomData)
    }

    /// The place behind this byte, if it stands here.
    #[inline(always)]
    pub(super) fn past_byte(self, byte: u8) -> Option<At<'a>> {
        // SAFETY: it is not zero.
        (byte != 0 && self.byte() == byte).then(|| unsafe { self.past(1) })
    }

    /// How many bytes a place that does not come before this one is from here.
    #[inline(always)]
    pub(super) fn bytes_to(self, end: At<'a>) -> usize {
        end.0.addr() - self.0.addr()
    }

    /// From here on [`Padded::PADDING`] bytes may be read.
    #[inline(always)]
    pub(super) fn as_ptr(self) -> *const u8 {
        self.0
    }

    /// The next eight bytes.
    #[inline(always)]
    pub(super) fn prefix(self) -> [u8; 8] {
        // SAFETY: see At.
        unsafe { self.0.cast::<[u8; 8]>().read() }
    }

    /// Whether this text stands here.
    #[inline(always)]
    pub(super) fn has<const WORDS: usize>(self, text: &Literal<WORDS>) -> bool {
        const { assert!(Literal::<WORDS>::WIDTH <= Padded::PADDING) };
        // SAFETY: see At.
        unsafe { text.is_at(self.0) }
    }

    /// The place behind white space.
    #[inline(always)]
    pub(super) fn past_space<L: Lanes>(mut self, lanes: L) -> At<'a> {
        if self.byte() > b' ' {
            return self;
        }
        // Most is one space, behind a colon.
        if self.byte() == b' ' {
            // SAFETY: it is not zero.
            self = unsafe { self.past(1) };
            if self.byte() > b' ' {
                return self;
            }
        }
        loop {
            // SAFETY: a step is narrower than the padding, and white space is not zero.
            unsafe {
                let spaces = lanes.space_bytes(self.0);
                self = self.past(spaces);
                if spaces < L::WIDTH {
                    return self;
                }
            }
        }
    }

    /// The place behind white space that is nearly always as long as it was before: then the processor need not wait for where it ends.
    #[inline(always)]
    pub(super) fn past_indent<L: Lanes>(self, indent: &mut usize, lanes: L) -> At<'a> {
        if self.byte() > b' ' {
            return self;
        }
        // SAFETY: a step is narrower than the padding.
        let spaces = unsafe { lanes.space_bytes(self.0) };
        if spaces == *indent && spaces < L::WIDTH {
            // SAFETY: white space is not zero.
            return unsafe { self.past(*indent) };
        }
        *indent = spaces;
        self.past_space(lanes)
    }

    /// Copies a step's bytes to `target`, and says how many of them are plain bytes of a text.
    ///
    /// # Safety
    ///
    /// As many bytes may be written to `target`.
    #[inline(always)]
    pub(super) unsafe fn copy_plain<L: Lanes>(self, target: *mut u8, lanes: L) -> usize {
        const { assert!(L::WIDTH <= Padded::PADDING) };
        // SAFETY: see At; the caller's promise.
        unsafe { lanes.copy_plain(self.0, target) }
    }

    /// The place behind this key with what is around it, if both stand here.
    #[inline(always)]
    pub(super) fn past_key<L: Lanes>(self, key: &Literal<4>, lanes: L) -> Option<At<'a>> {
        const { assert!(Literal::<4>::WIDTH <= Padded::PADDING) };
        // SAFETY: see At; a literal holds no zero.
        unsafe { lanes.has_literal(self.0, key).then(|| self.past(key.len())) }
    }

    /// The first byte behind here that ends the plain part of a text.
    #[inline(always)]
    pub(super) fn past_plain(mut self) -> At<'a> {
        loop {
            // SAFETY: a step is narrower than the padding, and plain bytes are not zero.
            unsafe {
                let plain = lanes::plain_bytes(self.0);
                self = self.past(plain);
                if plain < lanes::WIDTH {
                    return self;
                }
            }
        }
    }

    /// A whole number of at most 16 digits, and the place behind it. Any other number is none, although it may be one.
    #[inline(always)]
    pub(super) fn short_integer(self) -> Option<(u64, At<'a>)> {
        let (mut number, digits) = self.leading_digits();
        if digits == 0 || (digits > 1 && self.byte() == b'0') {
            return None;
        }
        // SAFETY: digits are not zero bytes.
        let mut end = unsafe { self.past(digits) };
        if digits == 8 {
            const TENS: [u64; 9] =
                [1, 10, 100, 1000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000];
            let (low, more) = end.leading_digits();
            number = number * TENS[more] + low;
            // SAFETY: as above. Times have 13 digits or 10: if that is foreseen, the processor need not wait for the number to be read.
            end = unsafe {
                match more {
                    5 => end.past(5),
                    2 => end.past(2),
                    more => end.past(more),
                }
            };
        }
        (!matches!(end.byte(), b'.' | b'e' | b'E' | b'0'..=b'9')).then_some((number, end))
    }

    /// The digits among the next eight bytes: as a number, and how many they are.
    #[inline(always)]
    fn leading_digits(self) -> (u64, usize) {
        const EACH: u64 = 0x0101_0101_0101_0101;
        let word = u64::from_le_bytes(self.prefix());
        let values = word ^ (EACH * u64::from(b'0'));
        // A digit's value is below 10. A carry can only come from what is none, and goes to bytes behind that.
        let others = (values.wrapping_add(EACH * (0x80 - 10)) | values) & (EACH << 7);
        let count = others.trailing_zeros() as usize / 8;
        if count == 0 {
            return (0, 0);
        }
        // What is no digit is shifted out, and zeros come in before the first.
        let values = values << (64 - 8 * count);
        let pairs = (values.wrapping_mul(10) + (values >> 8)) & 0x00FF_00FF_00FF_00FF;
        let fours = (pairs.wrapping_mul(100) + (pairs >> 16)) & 0x0000_FFFF_0000_FFFF;
        (fours.wrapping_mul(10_000).wrapping_add(fours >> 32) & 0xFFFF_FFFF, count)
    }
}

/// The text between two places, which both stand next to a byte of ASCII.
#[inline(always)]
pub(super) fn text_between<'a>(start: At<'a>, end: At<'a>) -> &'a str {
    // SAFETY: both lie in the text, which is UTF-8, and next to a byte of ASCII is a boundary of characters.
    unsafe {
        std::str::from_utf8_unchecked(std::slice::from_raw_parts(start.0, start.bytes_to(end)))
    }
}
