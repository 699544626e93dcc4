//! Cuts a body into text, tags and CDATA, whatever the input.
//!
//! Ours rather than a reader of well-formed XML: such a reader takes `a < b` for a tag and loses all text up to the next
//! `>`. Two rules keep it linear: a tag ends before the next `<` (well-formed XML escapes it even in attributes), and a
//! terminator that was missing once is not looked for again.

use quick_xml::events::attributes::Attributes;

use super::entities;
use crate::loss::Reason;

/// A piece of the input.
#[derive(Debug)]
pub(super) enum Token<'a> {
    /// Character data, references not yet resolved.
    Text(&'a str),
    /// Character data of a CDATA section.
    Cdata(&'a str),
    /// A start tag.
    Open(Tag<'a>),
    /// An end tag's name.
    Close(&'a str),
    /// Something that is not what it looks like. The text comes as the next token.
    Fault(Reason),
}

/// A start tag.
#[derive(Clone, Copy, Debug)]
pub(super) struct Tag<'a> {
    pub(super) name: &'a str,
    pub(super) empty: bool,
    attributes: &'a str,
}

impl Tag<'_> {
    /// The first attribute of this name that is not blank, references resolved.
    pub(super) fn get(&self, name: &str) -> Option<String> {
        let mut attributes = Attributes::html(self.attributes, 0);
        attributes.with_checks(false);
        let raw = attributes.flatten().find(|attribute| attribute.key.as_ref() == name)?.value;
        Some(entities::decode(&raw).trim().to_owned()).filter(|value| !value.is_empty())
    }
}

/// The scanner's place in the input.
pub(super) struct Scan<'a> {
    input: &'a str,
    at: usize,
    pending: Option<Token<'a>>,
    no_comment_end: bool,
    no_subset_end: bool,
    /// Bytes looked at, so that a test can count work instead of time.
    #[cfg(test)]
    pub(super) work: usize,
}

impl<'a> Scan<'a> {
    pub(super) fn new(input: &'a str) -> Self {
        Self {
            input,
            at: 0,
            pending: None,
            no_comment_end: false,
            no_subset_end: false,
            #[cfg(test)]
            work: 0,
        }
    }

    /// Byte position behind the last token.
    pub(super) fn position(&self) -> usize {
        self.at
    }

    /// The next piece; nothing at the end of the input.
    pub(super) fn next(&mut self) -> Option<Token<'a>> {
        if let Some(token) = self.pending.take() {
            return Some(token);
        }
        while self.at < self.input.len() {
            let rest = &self.input[self.at..];
            let next = self.find(rest, "<").unwrap_or(rest.len());
            if next > 0 {
                self.at += next;
                return Some(Token::Text(&rest[..next]));
            }
            if let Some(token) = self.markup(rest) {
                return token;
            }
        }
        None
    }

    /// Reads what begins with `<`. Outer `None`: skipped, go on.
    fn markup(&mut self, rest: &'a str) -> Option<Option<Token<'a>>> {
        if let Some(data) = rest.strip_prefix("<![CDATA[") {
            return Some(Some(self.cdata(data)));
        }
        if rest.starts_with("<!") || rest.starts_with("<?") {
            return match self.declaration(rest) {
                Some(length) => {
                    self.at += length;
                    None
                }
                None => Some(Some(self.stray(rest))),
            };
        }
        Some(Some(self.tag(rest).unwrap_or_else(|| self.stray(rest))))
    }

    fn cdata(&mut self, data: &'a str) -> Token<'a> {
        let prefix = "<![CDATA[".len();
        match self.find(data, "]]>") {
            Some(end) => {
                self.at += prefix + end + 3;
                Token::Cdata(&data[..end])
            }
            None => {
                self.at = self.input.len();
                self.pending = Some(Token::Cdata(data));
                Token::Fault(Reason::UnclosedCdata)
            }
        }
    }

    /// Length of a comment, document type or processing instruction.
    fn declaration(&mut self, rest: &str) -> Option<usize> {
        if let Some(comment) = rest.strip_prefix("<!--") {
            if self.no_comment_end {
                return None;
            }
            let end = self.find(comment, "-->");
            self.no_comment_end = end.is_none();
            return end.map(|end| "<!--".len() + end + 3);
        }
        let head = 1 + rest[1..].find(['<', '>'])?;
        self.count(head);
        if !rest[..head].contains('[') {
            return rest[head..].starts_with('>').then_some(head + 1);
        }
        if self.no_subset_end {
            return None;
        }
        let subset = self.find(rest, "]>");
        self.no_subset_end = subset.is_none();
        subset.map(|end| end + 2)
    }

    fn tag(&mut self, rest: &'a str) -> Option<Token<'a>> {
        let closing = rest.starts_with("</");
        let start = if closing { 2 } else { 1 };
        let inner = &rest[start..];
        if !inner.starts_with(|first: char| first.is_alphabetic() || first == '_') {
            return None;
        }
        let end = self.tag_end(inner)?;
        self.at += start + end + 1;
        let inner = &inner[..end];
        let (inner, empty) = match inner.strip_suffix('/') {
            Some(shorter) if !closing => (shorter, true),
            _ => (inner, false),
        };
        let name_end = inner.find(|next: char| next.is_whitespace() || next == '/').unwrap_or(inner.len());
        let (name, attributes) = inner.split_at(name_end);
        Some(if closing { Token::Close(name) } else { Token::Open(Tag { name, empty, attributes }) })
    }

    /// Position of the `>` that ends a tag. One in a quoted value does not count, unless there is no other.
    fn tag_end(&mut self, inner: &str) -> Option<usize> {
        let mut quote = None;
        let mut quoted_end = None;
        let mut end = None;
        let mut read = inner.len();
        for (at, byte) in inner.bytes().enumerate() {
            match (byte, quote) {
                (b'<', _) => read = at,
                (b'>', None) => (read, end) = (at, Some(at)),
                (b'>', Some(_)) => quoted_end = quoted_end.or(Some(at)),
                (b'"' | b'\'', None) => quote = Some(byte),
                (_, Some(open)) if open == byte => quote = None,
                _ => {}
            }
            if read < inner.len() {
                break;
            }
        }
        self.count(read);
        end.or(quoted_end)
    }

    /// Keeps one `<` as text.
    fn stray(&mut self, rest: &'a str) -> Token<'a> {
        self.at += 1;
        self.pending = Some(Token::Text(&rest[..1]));
        Token::Fault(Reason::StrayMarkup)
    }

    fn find(&mut self, text: &str, what: &str) -> Option<usize> {
        let found = text.find(what);
        self.count(found.unwrap_or(text.len()));
        found
    }

    #[cfg(test)]
    fn count(&mut self, bytes: usize) {
        self.work += bytes + 1;
    }

    #[cfg(not(test))]
    #[expect(clippy::unused_self, reason = "counts in tests only")]
    fn count(&mut self, _bytes: usize) {}
}
