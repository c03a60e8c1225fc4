//! The outer form of a UserSig: JSON in a zlib stream in the vendor's own base64.

use std::fmt::Display;
use std::io::{self, Read, Write};

use base64::Engine;
use base64::alphabet::{Alphabet, Symbol};
use base64::engine::{GeneralPurpose, GeneralPurposeConfig};
use flate2::Compression;
use flate2::read::ZlibDecoder;
use flate2::write::ZlibEncoder;
use zeroize::Zeroizing;

use super::wiped::Wiped;
use crate::error::{Error, Result, Status};
use crate::memory::try_vec;
use crate::secret::{Mistake, described};

/// The most bytes of JSON: what one stored block can hold, and how far a text from outside may inflate.
const LIMIT: u16 = u16::MAX;
const HEADER_LEN: usize = 7;
const CHECKSUM_LEN: usize = 4;
/// What a stream has besides its JSON.
pub(super) const AROUND_JSON: usize = HEADER_LEN + CHECKSUM_LEN;

// Not the URL-safe base64 of RFC 4648: `+` is `*`, `/` is `-`, and the padding is `_`.
const SYMBOLS: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789*-";
const ALPHABET: Alphabet = match Symbol::new(b'_') {
    Some(padding) => match Alphabet::new_with_padding(SYMBOLS, padding) {
        Ok(alphabet) => alphabet,
        Err(_) => base64::alphabet::STANDARD,
    },
    None => base64::alphabet::STANDARD,
};
const ENGINE: GeneralPurpose = GeneralPurpose::new(&ALPHABET, GeneralPurposeConfig::new());

pub(super) fn malformed(why: &str) -> Error {
    Error::new(Status::MalformedUserSig, format!("the text is not a UserSig: {why}"))
}

pub(super) fn cannot_be_made(error: &dyn Display) -> Error {
    Error::new(Status::InvalidArgument, format!("the UserSig cannot be made: {error}"))
}

/// A UserSig but for its base64.
pub(crate) struct Packed(Wiped);

impl Packed {
    /// `stream` is empty and has room for all that goes into it: a buffer that grows would leave secrets behind.
    pub(super) fn new(
        mut stream: Wiped,
        write_json: impl FnOnce(&mut Vec<u8>) -> Result<()>,
        compress: bool,
    ) -> Result<Packed> {
        stream.extend_from_slice(&[0; HEADER_LEN]);
        write_json(&mut stream)?;
        let (header, json) = stream.split_at_mut(HEADER_LEN);
        let length = u16::try_from(json.len()).map_err(|_| {
            cannot_be_made(&"identifier and userbuf are too long: together over 48 KiB")
        })?;
        if compress {
            let room = Wiped::with_capacity(json.len())?;
            return deflate(json, room).map(Packed).map_err(|error| cannot_be_made(&error));
        }
        header.copy_from_slice(&stored_block_header(length));
        let checksum = simd_adler32::adler32(&&*json).to_be_bytes();
        stream.extend_from_slice(&checksum);
        Ok(Packed(stream))
    }

    pub(crate) fn text(&self) -> Result<Zeroizing<String>> {
        let mut bytes = try_vec(self.text_len())?;
        self.append_text_to(&mut bytes)?;
        Ok(Zeroizing::new(String::from_utf8(bytes).unwrap_or_default()))
    }

    /// How many bytes the text has.
    pub(crate) fn text_len(&self) -> usize {
        base64_len(&self.0)
    }

    /// # Errors
    /// `OutOfMemory`.
    pub(crate) fn append_text_to(&self, bytes: &mut Vec<u8>) -> Result<()> {
        let start = bytes.len();
        append_base64(&self.0, b'_', bytes)?;
        for symbol in &mut bytes[start..] {
            *symbol = match *symbol {
                b'+' => b'*',
                b'/' => b'-',
                symbol => symbol,
            };
        }
        Ok(())
    }
}

/// Appends the standard base64 of `input`, with this for padding.
///
/// # Errors
/// `OutOfMemory`.
pub(super) fn append_base64(input: &[u8], padding: u8, text: &mut Vec<u8>) -> Result<()> {
    let start = text.len();
    // What the engine leaves is the padding.
    text.resize(start + base64_len(input), padding);
    // It fails if there is too little room, and there is enough.
    fastest_engine()?.encode_slice(input, &mut text[start..]).ok();
    Ok(())
}

/// The standard base64 of `input`.
///
/// # Errors
/// `OutOfMemory`.
pub(super) fn base64(input: &[u8]) -> Result<Vec<u8>> {
    let mut text = try_vec(base64_len(input))?;
    append_base64(input, b'=', &mut text)?;
    Ok(text)
}

fn base64_len(input: &[u8]) -> usize {
    input.len().div_ceil(3) * 4
}

/// For the standard alphabet, without padding. The engine that uses vectors knows only the alphabets of RFC 4648, and is made when it is
/// first asked for.
#[cfg(any(target_arch = "x86_64", all(target_arch = "aarch64", target_feature = "neon")))]
fn fastest_engine() -> Result<&'static impl Engine> {
    use base64::engine::{Simd, general_purpose::NO_PAD};
    use once_cell::race::OnceBox;

    use crate::memory::try_box;

    static ENGINE: OnceBox<[Simd; 1]> = OnceBox::new();
    let new = || try_box(Simd::standard(NO_PAD)).map_err(|_| Error::OUT_OF_MEMORY);
    let [engine] = ENGINE.get_or_try_init(new)?;
    Ok(engine)
}

#[cfg(not(any(target_arch = "x86_64", all(target_arch = "aarch64", target_feature = "neon"))))]
fn fastest_engine() -> Result<&'static impl Engine> {
    Ok(&base64::engine::general_purpose::STANDARD_NO_PAD)
}

fn deflate(json: &[u8], room: Wiped) -> io::Result<Wiped> {
    let mut encoder = ZlibEncoder::new(room, Compression::default());
    encoder.write_all(json)?;
    encoder.finish()
}

/// How a zlib stream (RFC 1950) of one stored block begins. Setting up a compressor costs ten times what the rest of signing
/// does.
fn stored_block_header(length: u16) -> [u8; HEADER_LEN] {
    const LAST_BLOCK_STORED: u8 = 1;
    let [low, high] = length.to_le_bytes();
    [0x78, 0x01, LAST_BLOCK_STORED, low, high, !low, !high]
}

/// The JSON that is inside.
pub(super) fn decode(usersig: &str) -> Result<Vec<u8>> {
    if usersig.len() > 2 * usize::from(LIMIT) {
        return Err(malformed("it is over 128 KiB"));
    }
    let stream = ENGINE.decode(usersig).map_err(|_| match Mistake::find(usersig.as_bytes()) {
        Some(mistake) => malformed(&described("it", mistake)),
        None => malformed("its base64 cannot be decoded: it was perhaps cut"),
    })?;
    let mut decoder = ZlibDecoder::new(&*stream);
    let mut json = Vec::new();
    decoder
        .by_ref()
        .take(u64::from(LIMIT) + 1)
        .read_to_end(&mut json)
        .map_err(|_| malformed("its zlib stream cannot be inflated: it was perhaps cut"))?;
    if json.len() > usize::from(LIMIT) {
        return Err(malformed("it inflates to 64 KiB or more"));
    }
    if decoder.total_in() != stream.len() as u64 {
        return Err(malformed("bytes follow its zlib stream"));
    }
    Ok(json)
}
