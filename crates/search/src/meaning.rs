//! What a query asks of a document, once its words are analysed: the one reading that every index evaluates.
//!
//! Kept apart from any index, so that an index can be wrong about finding, but not about what to find.

use crate::port::{Analyze, Token};
use crate::{Occur, Query, QueryTerm, issue_key};
use std::collections::BTreeSet;

/// One way in which a part of a query can occur in a document.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub enum Form {
    /// The term stands in the title, a heading or the body.
    Word(String),
    /// The terms stand at these distances from one place of the title, or of the body.
    Phrase(Vec<(usize, String)>),
}

/// One part of a query that constrains or ranks. It occurs where its key or one of its forms does.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub struct Part {
    /// Whether it must, may or must not occur.
    pub occur: Occur,
    /// The issue key that was typed, in capitals.
    pub key: Option<String>,
    /// The ways in which it can occur; empty only if there is a key.
    pub forms: Vec<Form>,
}

impl Part {
    fn terms(&self) -> impl Iterator<Item = &str> {
        self.forms.iter().flat_map(|form| match form {
            Form::Word(term) => vec![term.as_str()],
            Form::Phrase(terms) => terms.iter().map(|(_, term)| term.as_str()).collect(),
        })
    }
}

/// A query as an index evaluates it.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Meaning {
    /// Whether every document matches.
    pub everything: bool,
    /// The parts. If none of them may or must occur and not everything matches, nothing does.
    pub parts: Vec<Part>,
    /// The terms of everything that may or must occur, in order: a document with exactly this title ranks first.
    pub title: Vec<String>,
}

impl Meaning {
    /// Reads a query with the words of an index.
    ///
    /// - A word that analysis drops constrains nothing.
    /// - A word that it splits occurs whole, or as the phrase of its pieces. Whole forms are never part of a phrase.
    /// - A word that is common, and not quoted, is left out if anything else may or must occur.
    pub fn of(query: &Query, analyze: Analyze) -> Self {
        let mut parts = Vec::new();
        let mut common = Vec::new();
        let mut title = Vec::new();
        for term in query.terms() {
            let tokens = analyze(&term.text);
            if term.occur != Occur::MustNot {
                title.extend(pieces(&tokens).map(|token| token.term.clone()));
            }
            let is_common = term.occur == Occur::Should && tokens.iter().all(|token| token.common);
            let Some(part) = read(term, &tokens) else { continue };
            if is_common && part.key.is_none() { &mut common } else { &mut parts }.push(part);
        }
        if parts.iter().all(|part| part.occur == Occur::MustNot) {
            parts.append(&mut common);
        }
        Self { everything: query.is_everything(), parts, title }
    }

    /// Whether no document can match.
    pub fn finds_nothing(&self) -> bool {
        !self.everything && self.parts.iter().all(|part| part.occur == Occur::MustNot)
    }

    /// The issue keys that may or must occur.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.parts.iter().filter(|part| part.occur != Occur::MustNot).filter_map(|part| part.key.as_deref())
    }

    /// The terms to mark where they stand.
    pub fn marked(&self) -> BTreeSet<String> {
        let parts = self.parts.iter().filter(|part| part.occur != Occur::MustNot);
        parts.flat_map(Part::terms).map(str::to_owned).collect()
    }
}

/// The terms by which a title equals another one.
pub fn title_terms(title: &str, analyze: Analyze) -> Vec<String> {
    pieces(&analyze(title)).map(|token| token.term.clone()).collect()
}

fn pieces(tokens: &[Token]) -> impl Iterator<Item = &Token> {
    tokens.iter().filter(|token| !token.whole)
}

fn read(term: &QueryTerm, tokens: &[Token]) -> Option<Part> {
    let key = issue_key(&term.text);
    let mut forms = Vec::new();
    // A whole form stands for the word only where the word is nothing but it.
    let covers = |token: &Token| token.span == (0..term.text.len());
    if !term.phrase {
        let wholes = tokens.iter().filter(|token| token.whole && covers(token));
        forms.extend(wholes.map(|token| Form::Word(token.term.clone())));
    }
    let pieces: Vec<&Token> = pieces(tokens).collect();
    match pieces.as_slice() {
        [] => {}
        [only] => forms.push(Form::Word(only.term.clone())),
        [first, ..] => {
            let places = pieces.iter().map(|token| (token.position - first.position, token.term.clone()));
            forms.push(Form::Phrase(places.collect()));
        }
    }
    (key.is_some() || !forms.is_empty()).then_some(Part { occur: term.occur, key, forms })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Words between spaces; `_` splits a word that stays findable whole; `the` is common; `!` is no word.
    fn analyze(text: &str) -> Vec<Token> {
        let mut found = Vec::new();
        let mut position = 0;
        let mut at = 0;
        for word in text.split(' ') {
            let span = at..at + word.len();
            at = span.end + 1;
            let token = |term: &str, position, whole| Token {
                term: term.to_owned(),
                position,
                span: span.clone(),
                whole,
                common: term == "the",
            };
            if word.contains('_') {
                found.push(token(word, position, true));
            }
            for piece in word.split('_').filter(|piece| *piece != "!") {
                found.push(token(piece, position, false));
                position += 1;
            }
        }
        found
    }

    fn forms(typed: &str) -> Vec<Vec<Form>> {
        Meaning::of(&Query::parse(typed), analyze).parts.into_iter().map(|part| part.forms).collect()
    }

    fn word(term: &str) -> Form {
        Form::Word(term.to_owned())
    }

    fn phrase(terms: &[&str]) -> Form {
        Form::Phrase(terms.iter().enumerate().map(|(at, term)| (at, (*term).to_owned())).collect())
    }

    #[test]
    fn a_split_word_occurs_whole_or_as_a_phrase_and_in_a_phrase_only_as_its_pieces() {
        assert_eq!(forms("user_name"), [[word("user_name"), phrase(&["user", "name"])]]);
        assert_eq!(forms("\"get user_name\""), [[phrase(&["get", "user", "name"])]]);
        assert_eq!(forms("\"user_name\""), [[phrase(&["user", "name"])]]);
    }

    #[test]
    fn common_words_count_only_where_nothing_else_does() {
        assert_eq!(forms("the key"), [[word("key")]]);
        assert_eq!(forms("the the"), [[word("the")], [word("the")]]);
        assert_eq!(forms("the -key"), [[word("key")], [word("the")]]);
        assert_eq!(forms("\"the\" key"), [[word("the")], [word("key")]]);
    }

    #[test]
    fn what_finds_nothing_is_told() {
        let nothing = |typed: &str| Meaning::of(&Query::parse(typed), analyze).finds_nothing();
        assert!(nothing("") && nothing("-key") && !nothing("key") && !nothing("the"));
        assert!(!Meaning::of(&Query::everything(), analyze).finds_nothing());
    }

    #[test]
    fn keys_are_read_in_any_case_and_titles_in_order() {
        let meaning = Meaning::of(&Query::parse("abc-12 the \"plan\" -old"), analyze);
        assert_eq!(meaning.keys().collect::<Vec<_>>(), ["ABC-12"]);
        assert_eq!(meaning.title, ["abc-12", "the", "plan"]);
        assert_eq!(title_terms("user_name", analyze), ["user", "name"]);
    }
}
