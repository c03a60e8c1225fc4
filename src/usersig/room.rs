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

/// What a PrivateMapKey allows; add them up. <https://trtc.io/document/34385>
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Privilege {
    /// Create the room.
    CreateRoom = 1,
    /// Enter the room.
    EnterRoom = 2,
    /// Send audio.
    SendAudio = 4,
    /// Receive audio.
    ReceiveAudio = 8,
    /// Send video.
    SendVideo = 16,
    /// Receive video.
    ReceiveVideo = 32,
    /// Send a substream: a shared screen.
    SendSubstream = 64,
    /// Receive a substream. (Comments in two of the vendor's libraries misprint it as 200.)
    ReceiveSubstream = 128,
    /// All of them.
    All = 255,
}

/// The buffer for [`SignOptions::userbuf`](super::SignOptions::userbuf).
///
/// `expires_at_s` is a moment (seconds since 1970), not a duration; the vendor's libraries use the end of the UserSig itself.
/// `privileges` is a sum of [`Privilege`]s.
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
    if privileges & !(Privilege::All as u32) != 0 {
        let message = format!(
            "privileges is {privileges}: it has a bit beyond {}, which means nothing",
            Privilege::All as u32
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
