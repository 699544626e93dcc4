//! What a person types: words, `"quoted phrases"` (straight quotes or the curly ones that phones type), `-exclusions`, issue
//! keys and their addresses.
//!
//! Nothing that can be typed is an error. A mistake yields the best query and a hint.

use std::fmt;

/// Whether a term must, may or must not occur.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Occur {
    /// One of these terms is enough; more of them rank higher.
    Should,
    /// Every hit holds it.
    Must,
    /// No hit holds it.
    MustNot,
}

/// One part of a query.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub struct QueryTerm {
    /// Whether it must, may or must not occur.
    pub occur: Occur,
    /// A word, or a phrase of several words in this order. Not analysed; never blank.
    pub text: String,
    /// Whether it was quoted.
    pub phrase: bool,
}

/// Something that a person may want to know about their query.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Hint {
    /// A quote was opened and not closed; it was read as closing at the end.
    UnclosedQuote,
    /// Only exclusions were given, which find nothing.
    OnlyExclusions,
    /// The query was longer than the limit and was cut.
    TooLong {
        /// The limit, in characters.
        limit: usize,
    },
    /// The query had more parts than the limit; the rest was left out.
    TooMany {
        /// The limit, in words and phrases.
        limit: usize,
    },
    /// Something was typed, but no letter or digit.
    NoWords,
}

impl fmt::Display for Hint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnclosedQuote => f.write_str("A quotation mark was not closed; it was read as closing at the end."),
            Self::OnlyExclusions => f.write_str("Exclusions alone find nothing; add a word to look for."),
            Self::TooLong { limit } => write!(f, "The query was cut after {limit} characters."),
            Self::TooMany { limit } => {
                write!(f, "Only the first {limit} words and phrases of the query were looked for.")
            }
            Self::NoWords => f.write_str("There is no word or number in the query; add one to look for."),
        }
    }
}

/// A parsed query.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Query {
    terms: Vec<QueryTerm>,
    hints: Vec<Hint>,
    everything: bool,
}

/// Any of them opens a phrase, and any of them closes it.
const QUOTES: [char; 5] = ['"', '\u{201c}', '\u{201d}', '\u{201e}', '\u{201f}'];

const LONGEST: usize = 1000;
const MOST_TERMS: usize = 64;

impl Query {
    /// Reads what was typed. Never fails.
    pub fn parse(typed: &str) -> Self {
        let mut query = Self::default();
        let mut text = typed;
        if let Some((cut, _)) = typed.char_indices().nth(LONGEST) {
            text = &typed[..cut];
            query.hints.push(Hint::TooLong { limit: LONGEST });
        }
        let mut rest = text.trim_start();
        while !rest.is_empty() && query.terms.len() < MOST_TERMS {
            rest = query.take_term(rest).trim_start();
        }
        if rest.chars().any(char::is_alphanumeric) {
            query.hints.push(Hint::TooMany { limit: MOST_TERMS });
        }
        if query.terms.is_empty() && !typed.trim().is_empty() {
            query.hints.push(Hint::NoWords);
        }
        if !query.terms.is_empty() && query.terms.iter().all(|term| term.occur == Occur::MustNot) {
            query.hints.push(Hint::OnlyExclusions);
        }
        query
    }

    /// Matches every document that the viewer may see, in no particular order. For audits and proofs.
    pub fn everything() -> Self {
        Self { everything: true, ..Self::default() }
    }

    /// Whether the query matches every document.
    pub fn is_everything(&self) -> bool {
        self.everything
    }

    /// Whether nothing was asked.
    pub fn is_empty(&self) -> bool {
        !self.everything && self.terms.iter().all(|term| term.occur == Occur::MustNot)
    }

    /// The parts, in the order typed.
    pub fn terms(&self) -> &[QueryTerm] {
        &self.terms
    }

    /// What the person may want to know.
    pub fn hints(&self) -> &[Hint] {
        &self.hints
    }

    fn take_term<'a>(&mut self, text: &'a str) -> &'a str {
        let (excluded, text) = match text.strip_prefix('-') {
            Some(after) if !after.is_empty() && !after.starts_with(char::is_whitespace) => (true, after),
            _ => (false, text),
        };
        if let Some(quoted) = text.strip_prefix(QUOTES) {
            let (inside, after) = match quoted.split_once(QUOTES) {
                Some(split) => split,
                None => {
                    self.hints.push(Hint::UnclosedQuote);
                    (quoted, "")
                }
            };
            self.push(if excluded { Occur::MustNot } else { Occur::Must }, inside, true);
            return after;
        }
        let end = text.find(|c: char| c.is_whitespace() || QUOTES.contains(&c)).unwrap_or(text.len());
        self.push(if excluded { Occur::MustNot } else { Occur::Should }, &text[..end], false);
        &text[end..]
    }

    fn push(&mut self, occur: Occur, text: &str, phrase: bool) {
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        if text.chars().any(char::is_alphanumeric) {
            self.terms.push(QueryTerm { occur, text, phrase });
        }
    }
}

impl fmt::Display for Query {
    /// Prints a query that parses to the same terms.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, term) in self.terms.iter().enumerate() {
            let space = if at == 0 { "" } else { " " };
            let minus = if term.occur == Occur::MustNot { "-" } else { "" };
            let quote = if term.phrase { "\"" } else { "" };
            write!(f, "{space}{minus}{quote}{}{quote}", term.text)?;
        }
        Ok(())
    }
}

/// The issue key that a word is, such as `ABC-123` in any case: in brackets or before a comma, too, and as the end of an
/// issue's address (`…/browse/ABC-123`). In capitals.
pub fn issue_key(word: &str) -> Option<String> {
    let word = word.split_once("/browse/").map_or(word, |(_, after)| after);
    let word = word.split(['/', '?', '#']).next().unwrap_or_default();
    let word = word.trim_matches(|c: char| !c.is_alphanumeric());
    let (project, number) = word.rsplit_once('-')?;
    let mut letters = project.chars();
    let is_key = project.len() >= 2
        && letters.next().is_some_and(|c| c.is_ascii_alphabetic())
        && letters.all(|c| c.is_ascii_alphanumeric() || c == '_')
        && !number.is_empty()
        && number.bytes().all(|byte| byte.is_ascii_digit());
    is_key.then(|| word.to_ascii_uppercase())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn terms(typed: &str) -> Vec<(Occur, String, bool)> {
        let query = Query::parse(typed);
        query.terms().iter().map(|term| (term.occur, term.text.clone(), term.phrase)).collect()
    }

    #[test]
    fn words_phrases_and_exclusions() {
        let expected = vec![
            (Occur::Should, "rotate".to_owned(), false),
            (Occur::Must, "signing keys".to_owned(), true),
            (Occur::MustNot, "draft".to_owned(), false),
            (Occur::MustNot, "old plan".to_owned(), true),
        ];
        assert_eq!(terms("rotate  \"signing  keys\" -draft -\"old plan\""), expected);
    }

    #[test]
    fn a_hyphen_inside_or_alone_excludes_nothing() {
        assert_eq!(terms("wi-fi - ABC-123").len(), 2);
        assert!(Query::parse("- ! ?").is_empty());
    }

    #[test]
    fn mistakes_give_hints() {
        assert_eq!(Query::parse("\"open end").hints(), [Hint::UnclosedQuote]);
        assert_eq!(Query::parse("-only").hints(), [Hint::OnlyExclusions]);
        assert!(Query::parse("-only").is_empty());
        assert_eq!(Query::parse(&"x".repeat(2000)).hints(), [Hint::TooLong { limit: LONGEST }]);
    }

    #[test]
    fn issue_keys_are_told_from_other_hyphens() {
        let key = |typed: &str| issue_key(typed).unwrap_or_default();
        assert_eq!(["ABC-1", "abc-123", "A1_B-99"].map(key), ["ABC-1", "ABC-123", "A1_B-99"]);
        let wrapped = ["abc-1,", "(ABC-1)", "ABC-1.", "https://acme.atlassian.net/browse/ABC-1?focusedId=7#x"];
        assert_eq!(wrapped.map(key), ["ABC-1"; 4]);
        for other in ["A-1", "1AB-1", "ABC-", "-12", "ABC-1a", "ABC 1", "", "/browse/", "https://acme.example/x/ABC-1"]
        {
            assert_eq!(issue_key(other), None, "{other}");
        }
    }

    #[test]
    fn curly_quotes_are_quotes_and_what_is_left_out_is_told() {
        for typed in ["\u{201c}signing keys\u{201d}", "\u{201e}signing keys\u{201c}", "\u{201c}signing keys\""] {
            assert_eq!(terms(typed), [(Occur::Must, "signing keys".to_owned(), true)], "{typed}");
        }
        assert_eq!(Query::parse("!!! \"\"").hints(), [Hint::NoWords]);
        assert_eq!(Query::parse(" ").hints(), []);
        assert_eq!(Query::parse(&"word ".repeat(64)).hints(), []);
        assert_eq!(Query::parse(&"word ".repeat(65)).hints(), [Hint::TooMany { limit: 64 }]);
    }

    proptest! {
        #[test]
        fn what_is_printed_parses_to_the_same_terms(typed in "[a-zA-Z0-9 \"“„äß漢-]{0,60}") {
            let query = Query::parse(&typed);
            let again = Query::parse(&query.to_string());
            prop_assert_eq!(query.terms(), again.terms());
        }

        #[test]
        fn nothing_that_can_be_typed_panics(typed in any::<String>()) {
            Query::parse(&typed);
        }
    }
}
