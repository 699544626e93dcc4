//! The part of a text that shows best why it matched.

use crate::{Segment, Token};
use std::collections::BTreeSet;

/// Length of a hit's snippet in bytes.
pub const SNIPPET: usize = 240;

/// Marks the tokens of `text` whose terms are wanted.
pub fn highlight(text: &str, tokens: &[Token], wanted: &BTreeSet<String>) -> Vec<Segment> {
    marked(text, 0..text.len(), tokens, wanted)
}

/// The window of at most `length` bytes with the most different wanted terms, earliest first, marked. Begins and ends
/// at word boundaries; the start of the text if nothing matches.
pub fn snippet(text: &str, tokens: &[Token], wanted: &BTreeSet<String>, length: usize) -> Vec<Segment> {
    let matches: Vec<&Token> = tokens.iter().filter(|token| wanted.contains(&token.term)).collect();
    let mut best = (0, 0);
    let mut last = 0;
    for (first, token) in matches.iter().enumerate() {
        last = last.max(first);
        while last < matches.len() && matches[last].span.end <= token.span.start + length {
            last += 1;
        }
        let different: BTreeSet<&str> = matches[first..last].iter().map(|token| token.term.as_str()).collect();
        if different.len() > best.0 {
            best = (different.len(), first);
        }
    }
    let focus = matches.get(best.1).map_or(0, |token| token.span.start);
    let window = window(text, tokens, focus, length);
    marked(text, window, tokens, wanted)
}

fn window(text: &str, tokens: &[Token], focus: usize, length: usize) -> std::ops::Range<usize> {
    // A quarter of the window before the first match gives the reader its sentence.
    let earliest = focus.saturating_sub(length / 4);
    let start = if earliest == 0 {
        0
    } else {
        tokens.iter().map(|token| token.span.start).find(|&start| start >= earliest).unwrap_or(focus)
    };
    let ends = tokens.iter().filter(|token| token.span.start >= start).map(|token| token.span.end);
    let end = ends.take_while(|&end| end <= start + length).last().unwrap_or(start);
    if end == start || end + 40 >= text.len() && text.len() - start <= length + 40 {
        let mut end = text.len().min(start + length + 40);
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        return start..end;
    }
    start..end
}

fn marked(text: &str, window: std::ops::Range<usize>, tokens: &[Token], wanted: &BTreeSet<String>) -> Vec<Segment> {
    let mut segments = Vec::new();
    let mut at = window.start;
    let mut push = |range: std::ops::Range<usize>, marked| {
        if !range.is_empty() {
            segments.push(Segment { text: text[range].to_owned(), marked });
        }
    };
    for token in tokens {
        let span = token.span.clone();
        if span.start >= at && span.end <= window.end && wanted.contains(&token.term) {
            push(at..span.start, false);
            at = span.end;
            push(span, true);
        }
    }
    push(at..window.end, false);
    segments
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plain;
    use proptest::prelude::*;

    fn tokens(text: &str) -> Vec<Token> {
        let mut found = Vec::new();
        let mut start = None;
        for (at, c) in text.char_indices().chain([(text.len(), ' ')]) {
            match (c.is_alphanumeric(), start) {
                (true, None) => start = Some(at),
                (false, Some(begin)) => {
                    let term = text[begin..at].to_lowercase();
                    found.push(Token { term, position: found.len(), span: begin..at, whole: false, common: false });
                    start = None;
                }
                _ => {}
            }
        }
        found
    }

    fn wanted(words: &[&str]) -> BTreeSet<String> {
        words.iter().map(|&word| word.to_owned()).collect()
    }

    #[test]
    fn the_window_with_most_different_words_wins() {
        let filler = "lorem ipsum dolor ".repeat(30);
        let text = format!("keys alone. {filler} rotate the signing keys now. {filler}");
        let found = snippet(&text, &tokens(&text), &wanted(&["rotate", "keys"]), 120);
        let marked: Vec<_> =
            found.iter().filter(|segment| segment.marked).map(|segment| segment.text.as_str()).collect();
        assert_eq!(marked, ["rotate", "keys"]);
        assert!(plain(&found).len() <= 160);
    }

    #[test]
    fn without_a_match_the_text_begins() {
        let text = "a short text";
        assert_eq!(plain(&snippet(text, &tokens(text), &wanted(&[]), 100)), text);
    }

    proptest! {
        #[test]
        fn a_snippet_is_always_a_part_of_the_text(text in "[a-c äß漢.]{0,200}", length in 1_usize..80) {
            let found = snippet(&text, &tokens(&text), &wanted(&["a", "b"]), length);
            prop_assert!(text.contains(&plain(&found)));
            prop_assert!(plain(&found).len() <= length + 44);
        }
    }
}
