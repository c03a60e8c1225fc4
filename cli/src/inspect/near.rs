//! Which known word somebody meant.

use tc_callback::catalog::Command;

/// The known word that this one is most like, if it is like any.
pub fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let word = word.to_ascii_lowercase();
    let distance = |known: &str| strsim::damerau_levenshtein(&word, &known.to_ascii_lowercase());
    known
        .into_iter()
        .map(|known| (distance(known), known))
        .filter(|(distance, known)| *distance <= 1 + known.len() / 6)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, known)| known)
}

/// Every command word, older ones too.
pub fn command_words() -> impl Iterator<Item = &'static str> {
    Command::all().flat_map(|command| {
        std::iter::once(command.word()).chain(command.aliases().iter().copied())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_is_recognised_and_another_word_is_not() {
        for (word, meant) in [
            ("Room.CallbackAfterMemberEnterd", Some("Room.CallbackAfterMemberEnter")),
            ("room.callbackaftermemberenter", Some("Room.CallbackAfterMemberEnter")),
            ("Room.AfterCreateRoom", None),
            ("Live.CallbackAfterSetMetadata", None),
        ] {
            assert_eq!(nearest(word, command_words()), meant, "{word}");
        }
        assert_eq!(nearest("SdkAppld", ["SdkAppid", "Sign"]), Some("SdkAppid"));
        assert_eq!(nearest("Signature", ["SdkAppid", "Sign"]), None);
    }
}
