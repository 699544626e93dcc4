//! The analysis before stemming, as Tantivy wants it: a tokenizer and its stream.

use super::fold::fold;
use super::words::{Word, next_word, pieces};
use std::collections::VecDeque;
use std::ops::Range;
use tantivy::tokenizer::{Token, TokenStream, Tokenizer};

/// Texts of one field follow each other at this distance, so that no phrase spans two of them.
pub(super) const FIRST_POSITION: usize = 1000;

/// Longer words are data, not words. In bytes.
const LONGEST_WORD: usize = 200;

/// Cuts text into folded words.
#[derive(Clone, Default)]
pub(crate) struct Analysis {
    token: Token,
}

/// The tokens of one text.
pub(crate) struct Tokens<'a> {
    text: &'a str,
    at: usize,
    position: usize,
    /// Further tokens of the current word.
    pending: VecDeque<Token>,
    token: &'a mut Token,
}

impl Tokenizer for Analysis {
    type TokenStream<'a> = Tokens<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> Tokens<'a> {
        Tokens { text, at: 0, position: FIRST_POSITION, pending: VecDeque::new(), token: &mut self.token }
    }
}

impl Tokens<'_> {
    fn put(&mut self, span: Range<usize>) {
        self.token.text.clear();
        fold(&self.text[span.clone()], &mut self.token.text);
        self.token.offset_from = span.start;
        self.token.offset_to = span.end;
        self.token.position = self.position;
        self.token.position_length = 1;
        self.position += 1;
    }

    /// A word of several pieces: first as a whole, at the place of its first piece, then piece by piece.
    fn put_all(&mut self, word: Range<usize>, pieces: &[Range<usize>]) {
        let mut position = self.position;
        for piece in pieces {
            let span = word.start + piece.start..word.start + piece.end;
            let mut text = String::new();
            fold(&self.text[span.clone()], &mut text);
            if text.is_empty() {
                continue;
            }
            self.pending.push_back(Token {
                offset_from: span.start,
                offset_to: span.end,
                position,
                text,
                position_length: 1,
            });
            position += 1;
        }
        self.put(word);
        self.token.position_length = pieces.len();
        self.position = position;
    }
}

impl TokenStream for Tokens<'_> {
    fn advance(&mut self) -> bool {
        if let Some(token) = self.pending.pop_front() {
            *self.token = token;
            return true;
        }
        while let Some(word) = next_word(self.text, self.at) {
            let (Word::Letters(span) | Word::Character(span)) = word.clone();
            self.at = span.end;
            if span.len() > LONGEST_WORD {
                self.position += 1;
                continue;
            }
            if let Word::Character(span) = word {
                self.put(span);
                if self.token.text.is_empty() {
                    continue;
                }
                return true;
            }
            let pieces = pieces(&self.text[span.clone()]);
            match pieces.as_slice() {
                [] => continue,
                [only] => self.put(span.start + only.start..span.start + only.end),
                pieces => self.put_all(span, pieces),
            }
            if self.token.text.is_empty() {
                continue;
            }
            return true;
        }
        false
    }

    fn token(&self) -> &Token {
        self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        self.token
    }
}
