//! Characters to tokens. Only letters, digits, `_`, `-` and `.` make an unquoted word: personal space keys and account ids need quotes.

#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) enum Token {
    Word(String),
    Quoted(String),
    Sign(&'static str),
}

impl Token {
    pub(super) fn is_word(&self, wanted: &str) -> bool {
        matches!(self, Self::Word(word) if word.eq_ignore_ascii_case(wanted))
    }

    /// Words that join, negate or sort, and so are no values and no fields.
    pub(super) fn is_keyword(&self) -> bool {
        ["and", "or", "not", "in", "order", "by", "asc", "desc"].iter().any(|word| self.is_word(word))
    }
}

/// `None` when a quote stays open or a character has no place in the language.
pub(super) fn lex(text: &str) -> Option<Vec<Token>> {
    let mut tokens = Vec::new();
    let mut rest = text.chars().peekable();
    while let Some(&first) = rest.peek() {
        if first.is_whitespace() {
            rest.next();
        } else if matches!(first, '"' | '\'') {
            rest.next();
            tokens.push(Token::Quoted(string(first, &mut rest)?));
        } else if is_word(first) {
            let mut word = String::new();
            while let Some(character) = rest.next_if(|&character| is_word(character)) {
                word.push(character);
            }
            tokens.push(Token::Word(word));
        } else {
            rest.next();
            let equals = matches!(first, '!' | '>' | '<') && rest.next_if_eq(&'=').is_some();
            let like = first == '!' && !equals && rest.next_if_eq(&'~').is_some();
            tokens.push(Token::Sign(sign(first, equals, like)?));
        }
    }
    Some(tokens)
}

fn is_word(character: char) -> bool {
    character.is_alphanumeric() || matches!(character, '_' | '-' | '.')
}

fn sign(first: char, equals: bool, like: bool) -> Option<&'static str> {
    Some(match (first, equals, like) {
        ('!', true, _) => "!=",
        ('!', _, true) => "!~",
        ('>', true, _) => ">=",
        ('<', true, _) => "<=",
        ('>', ..) => ">",
        ('<', ..) => "<",
        ('=', ..) => "=",
        ('~', ..) => "~",
        ('(', ..) => "(",
        (')', ..) => ")",
        (',', ..) => ",",
        _ => return None,
    })
}

fn string(quote: char, rest: &mut impl Iterator<Item = char>) -> Option<String> {
    let mut text = String::new();
    loop {
        match rest.next()? {
            '\\' => text.push(rest.next()?),
            character if character == quote => return Some(text),
            character => text.push(character),
        }
    }
}
