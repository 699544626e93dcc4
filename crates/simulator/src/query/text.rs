//! The value of `~`: words, prefixes and phrases, matched against one piece of text.
//!
//! A space means AND, `OR` means or, `-`, `!` or `NOT` excludes, quotes make a phrase, `*` and `?` are wildcards inside or at the end of a word.
//! Words are compared in lower case and without stemming. Fuzzy words, proximity, boosts, groups, ranges,
//! named fields and regular expressions are refused.

/// Why a text cannot be searched for.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum TextFault {
    Empty,
    /// A word starts with a wildcard.
    LeadingWildcard(char),
    /// A construct outside the subset, or an operator without its word.
    Syntax,
}

/// A parsed text query: any of the groups, each of which needs all of its parts.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct TextQuery(Vec<Vec<Part>>);

#[derive(Clone, Debug, PartialEq)]
struct Part {
    excluded: bool,
    /// Consecutive words; one for a plain word, several for a phrase or for a word such as `lcls-ii`.
    words: Vec<Pattern>,
}

#[derive(Clone, Debug, PartialEq)]
enum Pattern {
    Exact(String),
    Glob(Vec<char>),
}

impl Pattern {
    fn of(word: &str, wildcards: bool) -> Self {
        if wildcards && word.contains(['*', '?']) {
            Self::Glob(word.chars().collect())
        } else {
            Self::Exact(word.to_owned())
        }
    }

    fn fits(&self, word: &str) -> bool {
        match self {
            Self::Exact(own) => own == word,
            Self::Glob(pattern) => glob(pattern, &word.chars().collect::<Vec<_>>()),
        }
    }
}

/// Linear in practice: on a mismatch only the last star is tried again.
fn glob(pattern: &[char], word: &[char]) -> bool {
    let (mut at, mut seen) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    while seen < word.len() {
        match pattern.get(at) {
            Some('*') => {
                star = Some((at + 1, seen));
                at += 1;
            }
            Some(&wanted) if wanted == '?' || wanted == word[seen] => {
                at += 1;
                seen += 1;
            }
            _ => match star {
                Some((after, from)) => {
                    star = Some((after, from + 1));
                    (at, seen) = (after, from + 1);
                }
                None => return false,
            },
        }
    }
    pattern[at..].iter().all(|&rest| rest == '*')
}

/// The words of a text, in lower case.
fn words(text: &str) -> Vec<String> {
    text.split(|character: char| !character.is_alphanumeric() && character != '_')
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect()
}

impl TextQuery {
    pub(super) fn parse(text: &str) -> Result<Self, TextFault> {
        if text.trim().is_empty() {
            return Err(TextFault::Empty);
        }
        let mut groups: Vec<Vec<Part>> = vec![Vec::new()];
        let (mut excluded, mut pending) = (false, true);
        let mut rest = text.trim_start();
        while !rest.is_empty() {
            let (token, phrase, after) = next_token(rest)?;
            rest = after.trim_start();
            match (token, phrase) {
                ("OR" | "||", false) if !pending => {
                    groups.push(Vec::new());
                    pending = true;
                }
                ("AND" | "&&", false) if !pending => pending = true,
                ("NOT" | "!", false) if !excluded => (excluded, pending) = (true, true),
                ("OR" | "||" | "AND" | "&&" | "NOT" | "!", false) => return Err(TextFault::Syntax),
                _ => {
                    if let Some(part) = part(token, phrase, excluded)? {
                        groups.last_mut().ok_or(TextFault::Syntax)?.push(part);
                    }
                    (excluded, pending) = (false, false);
                }
            }
        }
        if pending || groups.iter().any(Vec::is_empty) {
            return Err(TextFault::Syntax);
        }
        Ok(Self(groups))
    }

    pub(super) fn matches(&self, text: &str) -> bool {
        let words = words(text);
        // A group of exclusions alone finds nothing, as in the products' text index.
        self.0.iter().any(|group| {
            group.iter().any(|part| !part.excluded) && group.iter().all(|part| part.found(&words) != part.excluded)
        })
    }
}

impl Part {
    fn found(&self, words: &[String]) -> bool {
        words
            .windows(self.words.len())
            .any(|window| self.words.iter().zip(window).all(|(pattern, word)| pattern.fits(word)))
    }
}

/// The next word or phrase (without its quotes), whether it was a phrase, and what follows.
fn next_token(text: &str) -> Result<(&str, bool, &str), TextFault> {
    if let Some(inner) = text.strip_prefix('"') {
        let end = inner.find('"').ok_or(TextFault::Syntax)?;
        let after = &inner[end + 1..];
        if after.starts_with(['~', '^']) {
            return Err(TextFault::Syntax);
        }
        return Ok((&inner[..end], true, after));
    }
    for sign in ["-\"", "!\"", "+\""] {
        if text.starts_with(sign) {
            let end = text[2..].find('"').ok_or(TextFault::Syntax)? + 2;
            // The sign stays at the front of the token; `part` takes it off.
            return Ok((&text[..=end], false, &text[end + 1..]));
        }
    }
    let end = text.find(|character: char| character.is_whitespace() || character == '"').unwrap_or(text.len());
    Ok((&text[..end], false, &text[end..]))
}

fn part(token: &str, phrase: bool, excluded: bool) -> Result<Option<Part>, TextFault> {
    if phrase {
        let words: Vec<Pattern> = words(token).iter().map(|word| Pattern::of(word, false)).collect();
        return if words.is_empty() { Err(TextFault::Syntax) } else { Ok(Some(Part { excluded, words })) };
    }
    let (sign, body) = match token.strip_prefix(['-', '!']) {
        Some(body) => (true, body),
        None => (false, token.strip_prefix('+').unwrap_or(token)),
    };
    if let Some(inner) = body.strip_prefix('"') {
        return part(inner.trim_end_matches('"'), true, excluded != sign);
    }
    if let Some(first @ ('*' | '?')) = body.chars().next() {
        return Err(TextFault::LeadingWildcard(first));
    }
    if body.contains(['~', '^', '(', ')', '[', ']', '{', '}']) || names_a_field(body) || body.starts_with('/') {
        return Err(TextFault::Syntax);
    }
    let words: Vec<Pattern> = body
        .split(|character: char| !(character.is_alphanumeric() || matches!(character, '_' | '*' | '?')))
        .filter(|word| word.contains(|character: char| character.is_alphanumeric() || character == '_'))
        .map(|word| Pattern::of(&word.to_lowercase(), true))
        .collect();
    // A lone sign such as `-` or `/` between words is punctuation.
    Ok((!words.is_empty()).then_some(Part { excluded: excluded != sign, words }))
}

/// `title:word` asks one field of the text index. A sign at the end of a word is punctuation.
fn names_a_field(body: &str) -> bool {
    body.split_once(':').is_some_and(|(field, rest)| !field.is_empty() && rest.contains(char::is_alphanumeric))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(query: &str, text: &str) -> bool {
        TextQuery::parse(query).unwrap().matches(text)
    }

    #[test]
    fn several_words_are_all_needed_and_order_does_not_matter() {
        assert!(found("detector calibration", "Calibration of the DETECTOR"));
        assert!(!found("detector calibration", "the detector"));
        assert!(found("detector OR calibration", "the detector"));
    }

    #[test]
    fn a_phrase_is_adjacent_and_in_order() {
        assert!(found("\"log in\"", "cannot log in today"));
        assert!(!found("\"log in\"", "in the log"));
        assert!(found("lcls-ii", "run of LCLS-II"));
        assert!(!found("lcls-ii", "ii and lcls"));
    }

    #[test]
    fn a_star_at_the_end_widens_and_words_are_whole_without_it() {
        assert!(!found("epix", "epixuhr"));
        assert!(found("epix*", "epixuhr"));
        assert!(found("epi?", "epix"));
        assert!(found("e*r", "epixuhr"));
        assert!(!found("e*q", "epixuhr"));
    }

    #[test]
    fn exclusion_needs_something_to_exclude_from() {
        assert!(found("detector -calibration", "a detector"));
        assert!(!found("detector -calibration", "detector calibration"));
        assert!(!found("detector -\"in beam\"", "detector in beam"));
        assert!(!found("-calibration", "a detector"));
        assert!(
            found("detector !calibration", "a detector") && !found("detector !calibration", "detector calibration")
        );
        assert!(!found("detector !\"in beam\"", "detector in beam") && !found("!calibration", "calibration"));
    }

    #[test]
    fn what_the_subset_lacks_is_refused() {
        for text in ["AND", "a OR", "a~", "(a b)", "\"a b\"~3", "\"open", "a^2", "-", "title:epic", "a /e.*c/"] {
            assert_eq!(TextQuery::parse(text), Err(TextFault::Syntax), "{text}");
        }
        assert_eq!(TextQuery::parse("*epix"), Err(TextFault::LeadingWildcard('*')));
        assert_eq!(TextQuery::parse(" "), Err(TextFault::Empty));
    }
}
