//! The outer form of a UserSig: JSON in a zlib stream in the vendor's own base64.

use std::io::{Read, Write};

use base64::Engine;
use base64::alphabet::Alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use flate2::Compression;
use flate2::read::ZlibDecoder;
use flate2::write::ZlibEncoder;
use serde::Serialize;
use serde::de::DeserializeOwned;
use zeroize::Zeroizing;

use crate::error::{Error, Result, Status};

/// The most bytes of JSON: what one stored block can hold, and how far a text from outside may inflate.
const LIMIT: u16 = u16::MAX;

// Not the URL-safe base64 of RFC 4648: `+` is `*`, `/` is `-`, and the padding is `_`.
const ALPHABET: Alphabet =
    match Alphabet::new("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789*-") {
        Ok(alphabet) => alphabet,
        Err(_) => base64::alphabet::STANDARD,
    };
const PADDING: char = '_';
const ENGINE: GeneralPurpose = GeneralPurpose::new(
    &ALPHABET,
    GeneralPurposeConfig::new()
        .with_encode_padding(false)
        .with_decode_padding_mode(DecodePaddingMode::RequireNone),
);

pub(super) fn malformed(why: &str) -> Error {
    Error::new(Status::MalformedUserSig, format!("the text is not a UserSig: {why}"))
}

pub(super) fn encode(document: &impl Serialize, compress: bool) -> Result<Zeroizing<String>> {
    let failed = |error: &dyn std::fmt::Display| {
        Error::new(Status::InvalidArgument, format!("the UserSig cannot be made: {error}"))
    };
    let json = Zeroizing::new(serde_json::to_vec(document).map_err(|error| failed(&error))?);
    let length = u16::try_from(json.len())
        .map_err(|_| failed(&"identifier and userbuf are too long: together over 48 KiB"))?;
    let stream = Zeroizing::new(match compress {
        true => deflate(&json).map_err(|error| failed(&error))?,
        false => store(&json, length),
    });
    let mut text = Zeroizing::new(String::with_capacity(stream.len().div_ceil(3) * 4));
    ENGINE.encode_string(&*stream, &mut text);
    while text.len() % 4 != 0 {
        text.push(PADDING);
    }
    Ok(text)
}

fn deflate(json: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(json)?;
    encoder.finish()
}

/// A zlib stream (RFC 1950) of one stored block. Setting up a compressor costs ten times what the rest of signing does.
fn store(json: &[u8], length: u16) -> Vec<u8> {
    const HEADER: [u8; 2] = [0x78, 0x01];
    const LAST_BLOCK_STORED: u8 = 1;
    let mut stream = Vec::with_capacity(json.len() + 11);
    stream.extend(HEADER);
    stream.push(LAST_BLOCK_STORED);
    stream.extend(length.to_le_bytes());
    stream.extend((!length).to_le_bytes());
    stream.extend(json);
    stream.extend(adler2::adler32_slice(json).to_be_bytes());
    stream
}

pub(super) fn decode<T: DeserializeOwned>(usersig: &str) -> Result<T> {
    if usersig.len() > 2 * usize::from(LIMIT) {
        return Err(malformed("it is over 128 KiB"));
    }
    let padding = usersig.len() - usersig.trim_end_matches(PADDING).len();
    if padding > 2 || usersig.len() % 4 != 0 {
        return Err(malformed("its length or padding is wrong: it was perhaps cut"));
    }
    let stream = ENGINE
        .decode(&usersig[..usersig.len() - padding])
        .map_err(|_| malformed("its base64 cannot be decoded: it was perhaps cut"))?;
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
    serde_json::from_slice(&json).map_err(|_| malformed("its JSON lacks a field or is no JSON"))
}
