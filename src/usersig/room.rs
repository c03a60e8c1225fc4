//! The buffer that turns a UserSig into a PrivateMapKey: permissions of one account in one room.

use crate::error::{Error, Result, Status};

/// The room that a PrivateMapKey is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Room<'a> {
    /// A room with a number.
    Number(u32),
    /// A room with a text id.
    Text(&'a str),
}

/// What the holder of a PrivateMapKey may do in the room: bits to be joined with `|`.
pub mod privilege {
    /// Create the room.
    pub const CREATE_ROOM: u32 = 1;
    /// Enter the room.
    pub const ENTER_ROOM: u32 = 2;
    /// Send audio.
    pub const SEND_AUDIO: u32 = 4;
    /// Receive audio.
    pub const RECEIVE_AUDIO: u32 = 8;
    /// Send video.
    pub const SEND_VIDEO: u32 = 16;
    /// Receive video.
    pub const RECEIVE_VIDEO: u32 = 32;
    /// Send the substream (screen sharing).
    pub const SEND_SUBSTREAM: u32 = 64;
    /// Receive the substream (screen sharing). Comments in two of the vendor's libraries misprint it as 200.
    pub const RECEIVE_SUBSTREAM: u32 = 128;
    /// All of them.
    pub const ALL: u32 = 255;
}

/// The buffer for [`SignOptions::userbuf`](super::SignOptions::userbuf).
///
/// `expires_at_s` is a moment (seconds since 1970), not a duration; the vendor's libraries use the end of the UserSig itself.
/// `privileges` is made of the bits in [`privilege`].
///
/// # Errors
/// [`Status::InvalidArgument`] if the account or the text room id is empty or longer than 65535 bytes, or a bit is unknown.
pub fn private_map_key_userbuf(
    sdk_app_id: u32,
    account: &str,
    room: Room<'_>,
    expires_at_s: u32,
    privileges: u32,
) -> Result<Vec<u8>> {
    if privileges & !privilege::ALL != 0 {
        let message = format!(
            "privileges is {privileges}: it has a bit beyond {}, which means nothing",
            privilege::ALL
        );
        return Err(Error::new(Status::InvalidArgument, message));
    }
    let (version, number) = match room {
        Room::Number(number) => (0, number),
        Room::Text(_) => (1, 0),
    };
    let mut buffer = vec![version];
    push_text(&mut buffer, "account", account)?;
    for word in [sdk_app_id, number, expires_at_s, privileges, 0] {
        buffer.extend(word.to_be_bytes());
    }
    if let Room::Text(id) = room {
        push_text(&mut buffer, "the text room id", id)?;
    }
    Ok(buffer)
}

fn push_text(buffer: &mut Vec<u8>, name: &str, text: &str) -> Result<()> {
    let length = u16::try_from(text.len()).ok().filter(|length| *length > 0).ok_or_else(|| {
        let message = format!("{name} has {} bytes: it must have 1 to 65535", text.len());
        Error::new(Status::InvalidArgument, message)
    })?;
    buffer.extend(length.to_be_bytes());
    buffer.extend(text.as_bytes());
    Ok(())
}
