//! The command a person means: its word, an alias, or a short form such as `AfterMemberEnter`.

use tc_callback::catalog::Command;

use crate::failure::{Failure, Result};

/// The one command that `text` names. Case does not matter.
pub fn find(text: &str) -> Result<Command> {
    let mut found = Command::all()
        .filter(|command| names(*command).any(|name| name == text.to_ascii_lowercase()));
    match (found.next(), found.next()) {
        (Some(command), None) => Ok(command),
        (Some(one), Some(other)) => Err(Failure::usage(format!(
            "{text:?} can mean {} or {}: write more of it",
            one.word(),
            other.word()
        ))),
        (None, _) => Err(Failure::usage(unknown(text))),
    }
}

/// The word to send for `text`: an alias stays as it was written, since a host may want to see the old word arrive.
pub fn as_sent(command: Command, text: &str) -> &'static str {
    let alias = command.aliases().iter().find(|alias| alias.eq_ignore_ascii_case(text));
    alias.copied().unwrap_or(command.word())
}

/// All names, in lower case: the words, and each without its prefix.
fn names(command: Command) -> impl Iterator<Item = String> {
    let words = std::iter::once(command.word()).chain(command.aliases().iter().copied());
    words.flat_map(|word| {
        let word = word.to_ascii_lowercase();
        let name = word.split_once('.').map_or(word.as_str(), |(_, name)| name);
        let short = name.strip_prefix("callback").unwrap_or(name);
        let shortest = short.strip_prefix("after").unwrap_or(short);
        let mut names = vec![name.to_owned(), short.to_owned(), shortest.to_owned(), word.clone()];
        names.dedup();
        names
    })
}

fn unknown(text: &str) -> String {
    let part = text.to_ascii_lowercase();
    let near: Vec<&str> = Command::all()
        .filter(|command| !part.is_empty() && names(*command).any(|name| name.contains(&part)))
        .map(Command::word)
        .collect();
    match near.as_slice() {
        [] => format!("no callback command {text:?}: see `tc-callback trigger --list`"),
        near => format!("no callback command {text:?}: did you mean {}?", near.join(" or ")),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn every_word_alias_and_short_form_names_its_command_in_any_case() {
        for command in Command::all() {
            for name in names(command) {
                assert_eq!(find(&name).unwrap(), command, "{name}");
                assert_eq!(find(&name.to_uppercase()).unwrap(), command, "{name}");
            }
        }
        assert_eq!(find("AfterMemberEnter").unwrap(), Command::RoomAfterMemberEnter);
        assert_eq!(find("UpdateRoomInfo").unwrap(), Command::RoomAfterUpdateRoomInfo);
    }

    #[test]
    fn an_alias_is_sent_as_written_and_everything_else_as_the_word() {
        let command = Command::RoomAfterUpdateRoomInfo;
        for alias in command.aliases() {
            assert_eq!(as_sent(command, alias), *alias);
        }
        assert_eq!(as_sent(command, "updateroominfo"), command.word());
    }

    #[test]
    fn a_part_of_a_word_is_not_taken_for_it_but_suggests_it() {
        let message = find("Member").unwrap_err().message().to_owned();
        for command in [
            Command::RoomAfterMemberEnter,
            Command::RoomAfterMemberLeave,
            Command::CallAfterMemberChanged,
        ] {
            assert!(message.contains(command.word()), "{message}");
        }
        assert!(find("").unwrap_err().message().contains("--list"));
    }
}
