//! Looks at many bytes of a JSON text at once.
#![allow(unsafe_code)]

#[cfg(all(target_arch = "x86_64", not(tc_portable_scan)))]
pub(super) mod avx2;
#[cfg(target_arch = "aarch64")]
#[cfg_attr(tc_portable_scan, allow(dead_code))]
mod neon;
#[cfg(any(test, tc_portable_scan, not(any(target_arch = "x86_64", target_arch = "aarch64"))))]
mod portable;
#[cfg(target_arch = "x86_64")]
#[cfg_attr(tc_portable_scan, allow(dead_code))]
mod sse2;

#[cfg(all(target_arch = "aarch64", not(tc_portable_scan)))]
use neon as imp;
#[cfg(any(tc_portable_scan, not(any(target_arch = "x86_64", target_arch = "aarch64"))))]
use portable as imp;
#[cfg(all(target_arch = "x86_64", not(tc_portable_scan)))]
use sse2 as imp;

use super::literal::Literal;

/// What the decoder does most, in a way that a kind of processor is fast at. Whoever has one runs on such a processor.
pub(super) trait Lanes: Copy {
    /// How many bytes a step copies and looks at.
    const WIDTH: usize;

    /// How far the bits of one byte are from those of the next.
    const BITS_OF_A_BYTE: usize;

    /// Copies `WIDTH` bytes, and says how many of them come before the first quote, backslash or control character.
    ///
    /// # Safety
    ///
    /// As many bytes may be read from `from` and written to `to`, and they do not overlap.
    unsafe fn copy_plain(self, from: *const u8, to: *mut u8) -> usize;

    /// How many of the next `WIDTH` bytes come before the first quote, backslash or control character.
    ///
    /// # Safety
    ///
    /// `WIDTH` bytes may be read from `at`.
    unsafe fn plain_bytes(self, at: *const u8) -> usize;

    /// How many of the next `WIDTH` bytes come before the first that is no white space.
    ///
    /// # Safety
    ///
    /// `WIDTH` bytes may be read from `at`.
    unsafe fn space_bytes(self, at: *const u8) -> usize;

    /// Whether this text stands at a place.
    ///
    /// # Safety
    ///
    /// [`Literal::WIDTH`] bytes may be read from `at`.
    unsafe fn has_literal(self, at: *const u8, text: &Literal<4>) -> bool;

    /// A bit for each of the next `WIDTH` bytes that is this one, that of the first byte lowest.
    ///
    /// # Safety
    ///
    /// `WIDTH` bytes may be read from `at`.
    unsafe fn matches(self, at: *const u8, byte: u8) -> u64;

    /// Bits of the next `WIDTH` bytes that are beyond ASCII; 0 if none is.
    ///
    /// # Safety
    ///
    /// `WIDTH` bytes may be read from `at`.
    unsafe fn beyond_ascii(self, at: *const u8) -> u64;
}

/// What any processor that this library is built for can do.
#[derive(Clone, Copy)]
pub(super) struct Baseline;

impl Lanes for Baseline {
    const WIDTH: usize = WIDTH;
    const BITS_OF_A_BYTE: usize = imp::BITS_OF_A_BYTE;

    #[inline(always)]
    unsafe fn copy_plain(self, from: *const u8, to: *mut u8) -> usize {
        // SAFETY: the caller's promise.
        unsafe {
            to.copy_from_nonoverlapping(from, WIDTH);
            plain_bytes(from)
        }
    }

    #[inline(always)]
    unsafe fn plain_bytes(self, at: *const u8) -> usize {
        // SAFETY: the caller's promise.
        unsafe { plain_bytes(at) }
    }

    #[inline(always)]
    unsafe fn space_bytes(self, at: *const u8) -> usize {
        // SAFETY: the caller's promise.
        unsafe { imp::space_bytes(at) }
    }

    #[inline(always)]
    unsafe fn has_literal(self, at: *const u8, text: &Literal<4>) -> bool {
        // SAFETY: the caller's promise.
        unsafe { text.is_at(at) }
    }

    #[inline(always)]
    unsafe fn matches(self, at: *const u8, byte: u8) -> u64 {
        // SAFETY: the caller's promise.
        unsafe { imp::matches(at, byte) }
    }

    #[inline(always)]
    unsafe fn beyond_ascii(self, at: *const u8) -> u64 {
        // SAFETY: the caller's promise.
        unsafe { imp::beyond_ascii(at) }
    }
}

/// How many bytes one step looks at.
pub(super) const WIDTH: usize = imp::WIDTH;

/// How many of the next [`WIDTH`] bytes come before the first quote, backslash or control character.
///
/// # Safety
///
/// `WIDTH` bytes may be read from `at`.
#[inline(always)]
pub(super) unsafe fn plain_bytes(at: *const u8) -> usize {
    // SAFETY: the caller's promise.
    unsafe { imp::plain_bytes(at) }
}

/// Where one of these bytes stands first, at `from` or behind. memchr takes longer for as little as a query.
#[inline]
pub(super) fn find<const N: usize>(text: &[u8], from: usize, bytes: [u8; N]) -> Option<usize> {
    let Some(last_step) = text.len().checked_sub(WIDTH) else {
        return Some(from + text.get(from..)?.iter().position(|byte| bytes.contains(byte))?);
    };
    // SAFETY: `first_match` asks for no place behind the last step, so that there are as many bytes as a step has.
    let matches = |at, byte| unsafe { Baseline.matches(text.as_ptr().add(at), byte) };
    first_match::<Baseline>(from, last_step, |at| {
        bytes.iter().fold(0, |all, byte| all | matches(at, *byte))
    })
}

/// Where the first of this text's bytes stands, at `from` or behind, with the last of them in its place. Nothing is found where there is
/// not a step and that text.
#[inline(always)]
pub(super) fn find_ends<L: Lanes>(lanes: L, text: &[u8], from: usize, of: &[u8]) -> Option<usize> {
    let [first, .., last] = of else { return None };
    let length = of.len() - 1;
    let last_step = text.len().checked_sub(L::WIDTH + length)?;
    // SAFETY: likewise; and behind the last step there are as many bytes as its other end is away.
    let matches = |at, byte| unsafe { lanes.matches(text.as_ptr().add(at), byte) };
    first_match::<L>(from, last_step, |at| matches(at, *first) & matches(at + length, *last))
}

/// The first place, at `from` or behind, that `matches` has a bit for in the step there. The last step is the last that it is asked for.
#[inline(always)]
fn first_match<L: Lanes>(
    from: usize,
    last_step: usize,
    matches: impl Fn(usize) -> u64,
) -> Option<usize> {
    let place = |step, found: u64| step + found.trailing_zeros() as usize / L::BITS_OF_A_BYTE;
    let mut step = from;
    while step <= last_step {
        match matches(step) {
            0 => step += L::WIDTH,
            found => return Some(place(step, found)),
        }
    }
    let seen = step - last_step;
    if seen >= L::WIDTH {
        return None;
    }
    match matches(last_step) & (u64::MAX << (seen * L::BITS_OF_A_BYTE)) {
        0 => None,
        found => Some(place(last_step, found)),
    }
}

/// Whether there is ASCII only.
#[inline]
pub(super) fn is_ascii(text: &[u8]) -> bool {
    let Some(last_step) = text.len().checked_sub(WIDTH) else { return text.is_ascii() };
    // SAFETY: each step ends where the text does, or before.
    let beyond = |at| unsafe { imp::beyond_ascii(text.as_ptr().add(at)) };
    let steps = (0..last_step).step_by(WIDTH);
    steps.fold(beyond(last_step), |all, step| all | beyond(step)) == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Its name, how many bytes it looks at, and what it counts.
    type Way<'a> = (&'a str, usize, &'a dyn Fn(*const u8) -> usize);

    /// Each way against the plain definition, with each byte at each place, before bytes that could be mistaken.
    fn compare(ways: &[Way<'_>], plain: u8, stops: fn(u8) -> bool) {
        for place in 0..=32 {
            for stop in 0..=255 {
                for after in [b'"', 0x80, 0xFF, 0, b' ', 0x1F, 0x20, b'!', b'\t', b'\n'] {
                    let mut bytes = [plain; 32];
                    bytes[place.min(31)..].fill(after);
                    if let Some(byte) = bytes.get_mut(place) {
                        *byte = stop;
                    }
                    for (name, width, way) in ways {
                        let end = bytes[..*width].iter().position(|byte| stops(*byte));
                        assert_eq!(way(bytes.as_ptr()), end.unwrap_or(*width), "{name}: {bytes:?}");
                    }
                }
            }
        }
    }

    fn copied<L: Lanes>(lanes: L) -> impl Fn(*const u8) -> usize {
        move |at| {
            let mut copy = [0; 32];
            // SAFETY: both arrays have as many bytes as any way looks at.
            unsafe {
                let plain = lanes.copy_plain(at, copy.as_mut_ptr());
                assert_eq!(copy[..L::WIDTH], *std::slice::from_raw_parts(at, L::WIDTH));
                plain
            }
        }
    }

    fn spaces<L: Lanes>(lanes: L) -> impl Fn(*const u8) -> usize {
        // SAFETY: the array has as many bytes as any way looks at.
        move |at| unsafe { lanes.space_bytes(at) }
    }

    #[test]
    fn every_way_finds_the_same_end_of_plain_bytes() {
        let stops = |byte| matches!(byte, b'"' | b'\\' | ..0x20);
        // SAFETY: the array has as many bytes as any way looks at.
        let portable = |at| unsafe { portable::plain_bytes(at) };
        let baseline = copied(Baseline);
        compare(
            &[("baseline", WIDTH, &baseline), ("portable", portable::WIDTH, &portable)],
            b'a',
            stops,
        );
        #[cfg(all(target_arch = "x86_64", not(tc_portable_scan)))]
        if let Some(avx2) = avx2::Avx2::detect() {
            compare(&[("avx2", 32, &copied(avx2))], b'a', stops);
        }
    }

    #[test]
    fn every_way_finds_the_same_end_of_white_space() {
        for plain in *b" \n\r\t" {
            let stops = |byte| !matches!(byte, b' ' | b'\n' | b'\r' | b'\t');
            // SAFETY: the array has as many bytes as any way looks at.
            let portable = |at| unsafe { portable::space_bytes(at) };
            let baseline = spaces(Baseline);
            compare(
                &[("baseline", WIDTH, &baseline), ("portable", portable::WIDTH, &portable)],
                plain,
                stops,
            );
            #[cfg(all(target_arch = "x86_64", not(tc_portable_scan)))]
            if let Some(avx2) = avx2::Avx2::detect() {
                compare(&[("avx2", 32, &spaces(avx2))], plain, stops);
            }
        }
    }

    #[test]
    fn a_byte_is_found_from_any_place_on() {
        for length in 0..100 {
            let text: Vec<u8> = (0..length).map(|place| b"a&bc&\xA6"[place * 7 % 6]).collect();
            for from in 0..=length {
                let expected = text[from..].iter().position(|byte| *byte == b'&');
                assert_eq!(find(&text, from, [b'&']), expected.map(|place| from + place));
            }
        }
    }

    #[test]
    fn a_byte_beyond_ascii_is_seen_wherever_it_stands() {
        for length in 0..100 {
            let mut text = vec![0x7F; length];
            assert!(is_ascii(&text));
            for place in 0..length {
                text[place] = 0x80;
                assert!(!is_ascii(&text));
                text[place] = 0;
            }
        }
    }

    #[test]
    fn every_way_finds_each_place_of_a_byte() {
        let mut rng = fastrand::Rng::with_seed(1);
        for _ in 0..10_000 {
            let bytes: [u8; 32] =
                std::array::from_fn(|_| *b",,{\"\xAC\x2D".get(rng.usize(..6)).unwrap_or(&0));
            let check = |name, width: usize, found: u64| {
                let stride = if width == 32 { 1 } else { 64 / width };
                let here = |place: &usize| bytes[*place] == b',';
                let places: u64 = (0..width).filter(here).map(|place| 1 << (place * stride)).sum();
                let first_bits = if width == 8 { places << 7 } else { places };
                assert_eq!(found, first_bits, "{name}: {bytes:?}");
            };
            // SAFETY: the array has as many bytes as any way looks at.
            unsafe {
                check("baseline", WIDTH, Baseline.matches(bytes.as_ptr(), b','));
                check("portable", portable::WIDTH, portable::matches(bytes.as_ptr(), b','));
                #[cfg(all(target_arch = "x86_64", not(tc_portable_scan)))]
                if let Some(avx2) = avx2::Avx2::detect() {
                    check("avx2", 32, avx2.matches(bytes.as_ptr(), b','));
                }
            }
        }
    }
}
