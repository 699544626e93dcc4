//! Where words begin and end, and of which pieces a word in code consists.

use std::ops::Range;

/// A word of the text.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) enum Word {
    /// Letters, digits and `_`: byte offsets.
    Letters(Range<usize>),
    /// One character, with its marks, of a script that puts no spaces between words.
    Character(Range<usize>),
}

/// The first word at or behind `from`.
pub(super) fn next_word(text: &str, from: usize) -> Option<Word> {
    let mut characters = text[from..].char_indices().peekable();
    let (offset, first) = characters.find(|(_, c)| c.is_alphanumeric() || *c == '_')?;
    let start = from + offset;
    let mut end = start + first.len_utf8();
    if is_spaceless(first) {
        while let Some((_, mark)) = characters.next_if(|(_, c)| is_mark(*c)) {
            end += mark.len_utf8();
        }
        return Some(Word::Character(start..end));
    }
    while let Some(&(_, c)) = characters.peek() {
        let inside = (c.is_alphanumeric() && !is_spaceless(c)) || c == '_' || is_mark(c);
        if inside {
            end += c.len_utf8();
            characters.next();
        } else if let Some(length) = contraction(&text[end..]) {
            // What follows is letters of the same word, so the loop ends behind it.
            end += length;
            break;
        } else {
            break;
        }
    }
    Some(Word::Letters(start..end))
}

/// The length of an ending such as `'s` or `'ll`. Before any other letters an apostrophe parts two words: `l'avion`.
fn contraction(rest: &str) -> Option<usize> {
    let apostrophe = rest.chars().next().filter(|c| matches!(c, '\'' | '’'))?;
    let behind = &rest[apostrophe.len_utf8()..];
    let letters = behind.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(behind.len());
    let known =
        ["s", "t", "d", "m", "ll", "re", "ve"].iter().any(|ending| behind[..letters].eq_ignore_ascii_case(ending));
    known.then_some(apostrophe.len_utf8() + letters)
}

/// The pieces of a word: between `_`, and where small letters turn into capitals. One piece for an ordinary word.
pub(super) fn pieces(word: &str) -> Vec<Range<usize>> {
    let mut pieces = Vec::new();
    let mut start = None;
    let mut previous: Option<char> = None;
    let mut characters = word.char_indices().peekable();
    while let Some((at, c)) = characters.next() {
        if c == '_' {
            pieces.extend(start.take().map(|start| start..at));
            previous = None;
            continue;
        }
        let next = characters.peek().map(|(_, next)| *next);
        // `userName` parts before the `N`, `HTTPServer` before the `S`; `APIs` does not part.
        let plural = next == Some('s') && word[at + c.len_utf8() + 1..].chars().next().is_none_or(|c| c == '_');
        let begins = c.is_uppercase()
            && previous.is_some_and(|before| {
                before.is_lowercase() || (before.is_uppercase() && next.is_some_and(char::is_lowercase) && !plural)
            });
        if begins {
            pieces.extend(start.take().map(|start| start..at));
        }
        start.get_or_insert(at);
        previous = Some(c);
    }
    pieces.extend(start.map(|start| start..word.len()));
    pieces
}

/// Scripts whose words are not told by spaces: Han, Kana, Hangul (whose particles stick), Thai, Lao, Khmer, Burmese.
fn is_spaceless(c: char) -> bool {
    matches!(u32::from(c),
        0x0E00..=0x0EFF | 0x1000..=0x109F | 0x1780..=0x17FF | 0x1100..=0x11FF | 0x2E80..=0x2FDF | 0x3005..=0x3007
        | 0x3021..=0x30FF | 0x3105..=0x31FF | 0x3400..=0x4DBF | 0x4E00..=0x9FFF | 0xA960..=0xA97F | 0xAC00..=0xD7FF
        | 0xF900..=0xFAFF | 0xFF66..=0xFFDC | 0x20000..=0x3FFFF)
}

/// Marks that belong to the letter before them, in the ranges that texts use.
fn is_mark(c: char) -> bool {
    matches!(u32::from(c), 0x0300..=0x036F | 0x0483..=0x0489 | 0x0591..=0x05BD | 0x064B..=0x065F | 0x0900..=0x0903
        | 0x093A..=0x094F | 0x0981..=0x0983 | 0x09BC..=0x09CD | 0x0A3C..=0x0A4D | 0x0ABC..=0x0ACD | 0x0B3C..=0x0B4D
        | 0x0BBE..=0x0BCD | 0x0C3E..=0x0C4D | 0x0CBC..=0x0CCD | 0x0D3B..=0x0D4D | 0x0E31 | 0x0E34..=0x0E3A
        | 0x0E47..=0x0E4E | 0x0EB1..=0x0EBC | 0x0EC8..=0x0ECD | 0x102B..=0x103E | 0x17B4..=0x17D3 | 0x1AB0..=0x1AFF
        | 0x1DC0..=0x1DFF | 0x3099..=0x309A | 0xFE00..=0xFE0F | 0xFF9E..=0xFF9F)
}
