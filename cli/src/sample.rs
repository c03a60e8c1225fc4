//! The vendor's sample of each event: the files that the library's tests read too.

use tc_callback::catalog::Command;

macro_rules! sample {
    ($name:literal) => {
        include_str!(concat!("../../tests/fixtures/", $name, ".json"))
    };
}

/// The vendor's sample; `None` for a command that is not in the catalogue.
pub fn of(command: Command) -> Option<&'static str> {
    Some(match command {
        Command::Unknown => return None,
        Command::RoomAfterCreateRoom => sample!("conference/Room.CallbackAfterCreateRoom"),
        Command::RoomAfterDestroyRoom => sample!("conference/Room.CallbackAfterDestroyRoom"),
        Command::RoomAfterUpdateRoomInfo => sample!("conference/Room.CallbackAfterUpdateRoomInfo"),
        Command::RoomAfterMemberEnter => sample!("conference/Room.CallbackAfterMemberEnter"),
        Command::RoomAfterMemberLeave => sample!("conference/Room.CallbackAfterMemberLeave"),
        Command::MicAfterSeatInfoChanged => sample!("conference/Mic.CallbackAfterSeatInfoChanged"),
        Command::CallAfterStartCall => sample!("call/Call.CallbackAfterStartCall"),
        Command::CallAfterEndCall => sample!("call/Call.CallbackAfterEndCall"),
        Command::CallAfterMemberChanged => sample!("call/Call.CallbackAfterMemberChanged"),
        Command::CallAfterRecordChanged => sample!("call/Call.CallbackAfterRecordChanged"),
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use crate::json::Node;

    #[test]
    fn every_commands_sample_is_an_event_of_that_command() {
        for command in Command::all() {
            let sample = Node::parse(of(command).unwrap()).unwrap();
            assert_eq!(sample.get("CallbackCommand"), Some(&Node::text(command.word())));
            assert!(sample.get("EventTime").is_some());
        }
    }
}
