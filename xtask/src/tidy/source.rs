//! Splits Rust source into code and comments, so that rules do not trip over words in string literals.
//!
//! It knows only as much of the language as that takes: comments, the forms of literals, and lifetimes.

/// The same text twice, each with the other part blanked. Both keep all line breaks, so line numbers agree.
#[derive(Debug)]
pub(super) struct Split {
    /// Without comments and without the content of literals.
    pub(super) code: String,
    /// Comments alone.
    pub(super) comments: String,
}

/// Splits a source file. Text that does not lex, such as an unfinished literal, ends the last part it is in.
pub(super) fn split(text: &str) -> Split {
    let mut splitter = Splitter { rest: text, split: Split { code: String::new(), comments: String::new() } };
    while let Some(next) = splitter.rest.chars().next() {
        splitter.step(next);
    }
    splitter.split
}

enum Part {
    Code,
    Comment,
    Literal,
}

struct Splitter<'text> {
    rest: &'text str,
    split: Split,
}

impl Splitter<'_> {
    fn step(&mut self, next: char) {
        let rest = self.rest;
        if rest.starts_with("//") {
            self.take(rest.find('\n').unwrap_or(rest.len()), &Part::Comment);
        } else if rest.starts_with("/*") {
            self.take(block_comment_length(rest), &Part::Comment);
        } else if let Some(length) = literal_length(rest) {
            self.take(length, &Part::Literal);
        } else if next.is_alphanumeric() || next == '_' {
            // A whole word, so that the `r` or `b` at its end is not taken for the start of a literal.
            let length = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
            self.take(length, &Part::Code);
        } else {
            self.take(next.len_utf8(), &Part::Code);
        }
    }

    fn take(&mut self, length: usize, part: &Part) {
        let (taken, rest) = self.rest.split_at(length);
        let blank: String = taken.chars().map(|c| if c == '\n' { '\n' } else { ' ' }).collect();
        let (code, comment) = match part {
            Part::Code => (taken, blank.as_str()),
            Part::Comment => (blank.as_str(), taken),
            Part::Literal => (blank.as_str(), blank.as_str()),
        };
        self.split.code.push_str(code);
        self.split.comments.push_str(comment);
        self.rest = rest;
    }
}

/// The length of a block comment with the ones nested in it.
fn block_comment_length(text: &str) -> usize {
    let mut depth = 0_usize;
    let mut at = 0;
    while at < text.len() {
        let rest = &text[at..];
        if rest.starts_with("/*") {
            depth += 1;
            at += 2;
        } else if rest.starts_with("*/") {
            depth -= 1;
            at += 2;
            if depth == 0 {
                return at;
            }
        } else {
            at += rest.chars().next().map_or(1, char::len_utf8);
        }
    }
    text.len()
}

/// The length of the string or character literal at the start of `text`, if there is one.
fn literal_length(text: &str) -> Option<usize> {
    let prefix = ["br", "cr", "r", "b", "c", ""].into_iter().find(|prefix| {
        let after = text.strip_prefix(prefix);
        after.is_some_and(|after| after.starts_with(['"', '#', '\'']))
    })?;
    let after = &text[prefix.len()..];
    let hashes = after.len() - after.trim_start_matches('#').len();
    let raw = prefix.ends_with('r');
    if raw && after[hashes..].starts_with('"') {
        let end = format!("\"{}", "#".repeat(hashes));
        let body = prefix.len() + hashes + 1;
        return Some(text[body..].find(&end).map_or(text.len(), |at| body + at + end.len()));
    }
    if raw || hashes > 0 {
        return None;
    }
    if after.starts_with('"') {
        return Some(prefix.len() + quoted_length(after, '"'));
    }
    let is_char = prefix == "b" || (prefix.is_empty() && is_char_literal(after));
    is_char.then(|| prefix.len() + quoted_length(after, '\''))
}

/// Whether a quote starts a character and not a lifetime.
fn is_char_literal(text: &str) -> bool {
    let mut chars = text.chars().skip(1);
    match chars.next() {
        Some('\\') => true,
        Some(_) => chars.next() == Some('\''),
        None => false,
    }
}

/// The length from an opening quote to the matching one, escapes respected.
fn quoted_length(text: &str, quote: char) -> usize {
    let mut escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            _ if c == quote => return at + c.len_utf8(),
            _ => {}
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<&str> {
        text.split_whitespace().collect()
    }

    #[test]
    fn literals_and_comments_leave_the_code() {
        let split = split("let a = \"// not // one\"; // is one\nlet b = r#\"raw \" quote\"#; /* x /* y */ z */ end");
        assert_eq!(words(&split.code), ["let", "a", "=", ";", "let", "b", "=", ";", "end"]);
        assert_eq!(words(&split.comments), ["//", "is", "one", "/*", "x", "/*", "y", "*/", "z", "*/"]);
    }

    #[test]
    fn lifetimes_are_code_and_characters_are_not() {
        let split = split(r#"fn f<'a>(x: &'a str) { let q = '"'; let e = '\''; let b = b'{'; let w = bar("}"); }"#);
        assert!(split.code.contains("<'a>(x: &'a str)"), "{}", split.code);
        assert_eq!(split.code.matches('{').count(), 1);
        assert_eq!(split.code.matches('}').count(), 1);
        assert!(split.code.contains("bar("), "{}", split.code);
    }

    #[test]
    fn raw_identifiers_and_words_that_end_in_r_are_code() {
        let split = split("r#type(); for_each_br\"text\"; x");
        assert!(split.code.contains("r#type();") && split.code.contains("for_each_br"), "{}", split.code);
        assert!(!split.code.contains("text"));
    }

    #[test]
    fn lines_stay_where_they_are() {
        let text = "a\n/* b\nc */\n\"d\ne\"\nf\n";
        let split = split(text);
        assert_eq!(split.code.lines().count(), text.lines().count());
        assert_eq!(split.code.lines().nth(5), Some("f"));
    }
}
