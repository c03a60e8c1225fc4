//! The place of a mistake: its line, and a caret below it.

use tc_callback::must_be_escaped;

/// Characters on each side of the place.
const AROUND: usize = 30;

/// The line (from 1) with a caret below the byte column (from 1; 0 is before the first).
pub fn excerpt(text: &str, line: usize, column: usize) -> String {
    let line = text.lines().nth(line.saturating_sub(1)).unwrap_or_default();
    let before = line.bytes().take(column.saturating_sub(1)).collect::<Vec<u8>>();
    let at = String::from_utf8_lossy(&before).chars().count();
    let characters: Vec<char> = line.chars().map(printable).collect();
    let start = at.saturating_sub(AROUND).min(characters.len());
    let end = (at + AROUND).min(characters.len());
    let (cut_before, cut_after) = (start > 0, end < characters.len());
    let shown: String = characters.get(start..end).unwrap_or_default().iter().collect();
    let (left, right) = (if cut_before { "..." } else { "" }, if cut_after { "..." } else { "" });
    let width = left.len() + wide(characters.get(start..at.min(end)).unwrap_or_default());
    format!("{left}{shown}{right}\n{}^", " ".repeat(width))
}

/// As wide as its place in the line above.
fn printable(character: char) -> char {
    if must_be_escaped(character) { ' ' } else { character }
}

/// Columns of a terminal: Chinese, Japanese and Korean take two, as do most emoji.
fn wide(characters: &[char]) -> usize {
    let is_wide = |character: &char| {
        matches!(u32::from(*character), 0x1100..=0x115F | 0x2E80..=0xA4CF | 0xAC00..=0xD7A3
            | 0xF900..=0xFAFF | 0xFE30..=0xFE6F | 0xFF00..=0xFF60 | 0x1F300..=0x1FAFF | 0x20000..=0x3FFFD)
    };
    characters.iter().map(|character| 1 + usize::from(is_wide(character))).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_caret_stands_below_the_place() {
        assert_eq!(excerpt("{\n  \"a\": x\n}", 2, 8), "  \"a\": x\n       ^");
        assert_eq!(excerpt("{}", 1, 0), "{}\n^");
        assert_eq!(excerpt("", 1, 0), "\n^");
        // Two characters of three bytes each, two columns wide.
        assert_eq!(excerpt("会议x", 1, 7), "会议x\n    ^");
    }

    #[test]
    fn a_long_line_is_cut_around_the_place() {
        let line = format!("{}X{}", "a".repeat(100), "b".repeat(100));
        let excerpt = excerpt(&line, 1, 101);
        let (shown, caret) = excerpt.split_once('\n').unwrap_or_default();
        assert!(shown.starts_with("...a") && shown.ends_with("b...") && shown.len() < 70);
        assert_eq!(shown.find('X'), caret.find('^'));
    }
}
