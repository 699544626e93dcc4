//! Characters to tokens: strings with escapes, numbers, keywords, reserved words and characters, and the place of each.

use super::error::{Place, Problem};

/// Words that must be quoted and have no meaning in the language.
const RESERVED: &str = "abort access add alias all alter any as audit avg begin between boolean break byte catch char character check \
    checkpoint collate collation column commit connect continue count create current date decimal declare decrement default defaults define \
    delete delimiter difference distinct divide do double drop else encoding end equals escape exclusive exec execute exists explain false \
    fetch file field first float for function go goto grant greater group having identified if immediate increment index initial inner inout \
    input insert int integer intersect intersection into isempty isnull join last left less like limit lock long max min minus mode modify \
    modulo more multiply next noaudit notin nowait number object of option outer output power previous prior privileges public raise raw \
    remainder rename resource return returns revoke right row rowid rownum rows select session set share size sqrt start strict string \
    subtract sum synonym table then trans transaction trigger true uid union unique update user validate values view when whenever where \
    while with";

/// Words of the language: they end a value, and must be quoted to be one.
const KEYWORDS: [&str; 20] = [
    "and", "or", "not", "in", "is", "was", "changed", "empty", "null", "order", "by", "before", "after", "from", "to",
    "on", "during", "cf", "asc", "desc",
];

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Token {
    /// An unquoted word that is neither reserved nor a keyword.
    Word(String),
    /// A keyword, in lower case; the text as typed is in [`Spot::text`].
    Keyword(&'static str),
    Quoted(String),
    Number(i64),
    /// `= != > >= < <= ~ !~ ( ) , [ ] ! & |`
    Sign(&'static str),
}

/// A token with the text that messages show and its place.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Spot {
    pub(super) token: Token,
    pub(super) text: String,
    pub(super) place: Place,
}

pub(super) fn lex(text: &str) -> Result<Vec<Spot>, Problem> {
    let mut lexer = Lexer { rest: text.chars().collect(), at: 0, place: Place { line: 1, character: 1 } };
    let mut spots = Vec::new();
    while let Some(spot) = lexer.next()? {
        spots.push(spot);
    }
    Ok(spots)
}

/// Whether a text reads as one word that is neither reserved nor a keyword.
pub(super) fn is_plain_word(text: &str) -> bool {
    matches!(lex(text).as_deref(), Ok([Spot { token: Token::Word(word), .. }]) if word == text)
}

/// Control characters other than the usual white space.
pub(super) fn is_illegal(character: char) -> bool {
    let code = u32::from(character);
    (code < 0x20 && !matches!(character, '\t' | '\n' | '\r'))
        || (0x7f..0xa0).contains(&code)
        || (0xfdd0..=0xfdef).contains(&code)
        || matches!(code, 0xfffe | 0xffff)
}

fn is_reserved(character: char) -> bool {
    matches!(character, '{' | '}' | '*' | '/' | '%' | '+' | '^' | '$' | '#' | '@' | '?' | ';' | '.')
}

fn ends_word(character: char) -> bool {
    character.is_whitespace()
        || matches!(character, '=' | '!' | '<' | '>' | '(' | ')' | '~' | ',' | '[' | ']' | '|' | '&' | '"' | '\'')
}

struct Lexer {
    rest: Vec<char>,
    at: usize,
    place: Place,
}

impl Lexer {
    fn peek(&self) -> Option<char> {
        self.rest.get(self.at).copied()
    }

    fn take(&mut self) -> Option<char> {
        let character = self.peek()?;
        self.at += 1;
        if character == '\n' {
            self.place = Place { line: self.place.line + 1, character: 1 };
        } else {
            self.place.character += 1;
        }
        Some(character)
    }

    fn next(&mut self) -> Result<Option<Spot>, Problem> {
        while self.peek().is_some_and(char::is_whitespace) {
            self.take();
        }
        let place = self.place;
        let Some(first) = self.peek() else { return Ok(None) };
        if matches!(first, '"' | '\'') {
            self.take();
            let text = self.string(first, place)?;
            return Ok(Some(Spot { token: Token::Quoted(text.clone()), text, place }));
        }
        if let Some(sign) = self.sign() {
            return Ok(Some(Spot { token: Token::Sign(sign), text: sign.to_owned(), place }));
        }
        self.word(place).map(Some)
    }

    fn sign(&mut self) -> Option<&'static str> {
        let second = self.rest.get(self.at + 1).copied();
        let sign = match (self.peek()?, second) {
            ('!', Some('=')) => "!=",
            ('!', Some('~')) => "!~",
            ('>', Some('=')) => ">=",
            ('<', Some('=')) => "<=",
            ('&', Some('&')) => "&&",
            ('|', Some('|')) => "||",
            ('=', _) => "=",
            ('!', _) => "!",
            ('>', _) => ">",
            ('<', _) => "<",
            ('~', _) => "~",
            ('(', _) => "(",
            (')', _) => ")",
            (',', _) => ",",
            ('[', _) => "[",
            (']', _) => "]",
            ('&', _) => "&",
            ('|', _) => "|",
            _ => return None,
        };
        for _ in 0..sign.len() {
            self.take();
        }
        Some(sign)
    }

    fn string(&mut self, quote: char, start: Place) -> Result<String, Problem> {
        let mut text = String::new();
        loop {
            let place = self.place;
            match self.take() {
                // The product shows an unfinished string on one line.
                None => return Err(Problem::OpenString(text.replace(['\n', '\r'], " "), start)),
                Some('\\') => text.push(self.escape(place)?),
                Some(character) if character == quote => return Ok(text),
                Some(character) if is_illegal(character) => return Err(Problem::IllegalCharacter(character, place)),
                Some(character) => text.push(character),
            }
        }
    }

    /// After a backslash.
    fn escape(&mut self, start: Place) -> Result<char, Problem> {
        match self.take() {
            None => Err(Problem::Escape(None, start)),
            Some('t') => Ok('\t'),
            Some('n') => Ok('\n'),
            Some('r') => Ok('\r'),
            Some(plain @ ('\'' | '"' | '\\' | ' ')) => Ok(plain),
            Some('u') => {
                let mut shown = "\\u".to_owned();
                let mut code = 0;
                for _ in 0..4 {
                    let Some(character) = self.peek() else { return Err(Problem::Escape(Some(shown), start)) };
                    shown.push(character);
                    let Some(digit) = character.to_digit(16) else { return Err(Problem::Escape(Some(shown), start)) };
                    code = code * 16 + digit;
                    self.take();
                }
                char::from_u32(code).ok_or(Problem::Escape(Some(shown), start))
            }
            Some(other) => Err(Problem::Escape(Some(format!("\\{other}")), start)),
        }
    }

    fn word(&mut self, place: Place) -> Result<Spot, Problem> {
        let mut text = String::new();
        let mut escaped = false;
        while let Some(character) = self.peek() {
            let here = self.place;
            if ends_word(character) {
                break;
            }
            if is_illegal(character) {
                return Err(Problem::IllegalCharacter(character, here));
            }
            if is_reserved(character) {
                return Err(Problem::ReservedCharacter(character, here));
            }
            self.take();
            if character == '\\' {
                text.push(self.escape(here)?);
                escaped = true;
            } else {
                text.push(character);
            }
        }
        let token = if escaped { Token::Word(text.clone()) } else { classify(&text, place)? };
        Ok(Spot { token, text, place })
    }
}

fn classify(text: &str, place: Place) -> Result<Token, Problem> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    if !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return text.parse().map(Token::Number).map_err(|_| Problem::NumberRange(text.to_owned(), place));
    }
    let lower = text.to_ascii_lowercase();
    if let Some(keyword) = KEYWORDS.iter().find(|&&keyword| keyword == lower) {
        return Ok(Token::Keyword(keyword));
    }
    if RESERVED.split_ascii_whitespace().any(|word| word == lower) {
        return Err(Problem::ReservedWord(text.to_owned(), place));
    }
    Ok(Token::Word(text.to_owned()))
}
