//! From text to the terms under which it is found, the same for documents and queries.
//!
//! One analysis for all languages: words as Unicode's letters and digits form them, folded (compatibility forms, case,
//! accents), then the English stemmer, which leaves most other languages alone. Scripts without spaces become one token
//! per character, and a word of several such characters is a phrase. Names in code (`getUserName`, `foo_bar`) are found
//! whole and by their pieces. Common words are indexed, so that phrases can hold them.

mod fold;
mod frequent;
mod stream;
mod words;

pub(crate) use stream::Analysis;

use search::Token;
use std::collections::HashSet;
use std::sync::OnceLock;
use tantivy::tokenizer::{Language, Stemmer, TextAnalyzer, TokenStream};

/// Names the analysis in the schema.
pub(crate) const ANALYSIS: &str = "fossick";

/// The analysis as the index registers it.
pub(crate) fn analyzer() -> TextAnalyzer {
    TextAnalyzer::builder(Analysis::default()).filter(Stemmer::new(Language::English)).build()
}

/// The terms of a text, for queries, highlights and the reference index.
pub fn analyze(text: &str) -> Vec<Token> {
    static ANALYZER: OnceLock<TextAnalyzer> = OnceLock::new();
    static COMMON: OnceLock<HashSet<String>> = OnceLock::new();
    let analyzer = ANALYZER.get_or_init(analyzer);
    let common = COMMON.get_or_init(|| frequent::WORDS.iter().flat_map(|word| terms(analyzer, word)).collect());
    let mut analyzer = analyzer.clone();
    let mut stream = analyzer.token_stream(text);
    let mut found = Vec::new();
    while let Some(token) = stream.next() {
        found.push(Token {
            common: common.contains(&token.text),
            term: token.text.clone(),
            position: token.position - stream::FIRST_POSITION,
            span: token.offset_from..token.offset_to,
            whole: token.position_length > 1,
        });
    }
    found
}

fn terms(analyzer: &TextAnalyzer, text: &str) -> Vec<String> {
    let mut analyzer = analyzer.clone();
    let mut stream = analyzer.token_stream(text);
    let mut found = Vec::new();
    while let Some(token) = stream.next() {
        found.push(token.text.clone());
    }
    found
}

#[cfg(test)]
mod tests;
