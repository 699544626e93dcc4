//! A strict reader of our own pages: tags must nest and close as written, attributes must not repeat.
//!
//! A browser mends what is wrong; this does not, because a page that has to be mended means something else than its
//! template says.

use std::cell::RefCell;

use html5ever::tendril::StrTendril;
use html5ever::tokenizer::{BufferQueue, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts};

const VOID: [&str; 8] = ["meta", "link", "img", "input", "br", "hr", "wbr", "source"];

/// An element of a page.
#[derive(Debug)]
pub(crate) struct Element {
    pub(crate) name: String,
    pub(crate) attributes: Vec<(String, String)>,
    parent: Option<usize>,
    index: usize,
    text: String,
}

impl Element {
    pub(crate) fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }
}

/// A page whose tags nest.
#[derive(Debug, Default)]
pub(crate) struct Document {
    elements: Vec<Element>,
}

#[derive(Default)]
struct Reader {
    document: RefCell<Document>,
    open: RefCell<Vec<usize>>,
    faults: RefCell<Vec<String>>,
}

impl Document {
    /// Reads a page, or says all that is wrong with its tags.
    pub(crate) fn parse(html: &str) -> Result<Self, String> {
        let input = BufferQueue::default();
        input.push_back(StrTendril::from(html));
        let options = TokenizerOpts { exact_errors: true, ..TokenizerOpts::default() };
        let tokenizer = Tokenizer::new(Reader::default(), options);
        let _done = tokenizer.feed(&input);
        tokenizer.end();
        let reader = tokenizer.sink;
        let mut faults = reader.faults.into_inner();
        let document = reader.document.into_inner();
        for index in reader.open.into_inner() {
            faults.push(format!("<{}> is never closed", document.elements[index].name));
        }
        if faults.is_empty() { Ok(document) } else { Err(faults.join("; ")) }
    }

    pub(crate) fn elements(&self) -> impl Iterator<Item = &Element> {
        self.elements.iter()
    }

    pub(crate) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Element> {
        self.elements.iter().filter(move |element| element.name == name)
    }

    pub(crate) fn ancestors<'a>(&'a self, element: &'a Element) -> impl Iterator<Item = &'a Element> {
        let parent = |element: &&'a Element| element.parent.map(|index| &self.elements[index]);
        std::iter::successors(parent(&element), parent)
    }

    pub(crate) fn inside<'a>(&'a self, outer: &'a Element) -> impl Iterator<Item = &'a Element> {
        self.elements.iter().filter(move |inner| self.ancestors(inner).any(|parent| parent.index == outer.index))
    }

    /// The text that stands in an element and in all elements inside it.
    pub(crate) fn text_of(&self, outer: &Element) -> String {
        let inner: String = self.inside(outer).map(|element| element.text.as_str()).collect();
        format!("{}{inner}", outer.text)
    }

    pub(crate) fn body_text(&self) -> String {
        self.all("body").map(|body| self.text_of(body)).collect()
    }
}

impl Reader {
    fn fault(&self, text: String) {
        self.faults.borrow_mut().push(text);
    }

    fn start(&self, name: String, attributes: Vec<(String, String)>, closes_itself: bool) {
        let mut document = self.document.borrow_mut();
        let index = document.elements.len();
        let parent = self.open.borrow().last().copied();
        let is_drawing = matches!(name.as_str(), "svg" | "path" | "circle");
        if closes_itself && !is_drawing {
            self.fault(format!("<{name}/> closes itself"));
        }
        if !closes_itself && !VOID.contains(&name.as_str()) {
            self.open.borrow_mut().push(index);
        }
        document.elements.push(Element { name, attributes, parent, index, text: String::new() });
    }

    fn end(&self, name: &str) {
        let innermost = self.open.borrow_mut().pop();
        let open = innermost.map(|index| self.document.borrow().elements[index].name.clone());
        if open.as_deref() != Some(name) {
            self.fault(format!("</{name}> closes {open:?}"));
        }
    }

    fn text(&self, text: &str) {
        if let Some(index) = self.open.borrow().last() {
            self.document.borrow_mut().elements[*index].text.push_str(text);
        }
    }
}

impl TokenSink for Reader {
    type Handle = ();

    fn process_token(&self, token: Token, line: u64) -> TokenSinkResult<()> {
        match token {
            Token::TagToken(tag) => {
                let name = tag.name.to_string();
                if tag.had_duplicate_attributes {
                    self.fault(format!("<{name}> repeats an attribute in line {line}"));
                }
                let attributes = tag.attrs.iter().map(|a| (a.name.local.to_string(), a.value.to_string())).collect();
                match tag.kind {
                    TagKind::StartTag => self.start(name, attributes, tag.self_closing),
                    TagKind::EndTag => self.end(&name),
                }
            }
            Token::CharacterTokens(text) => self.text(&text),
            Token::ParseError(fault) => self.fault(format!("{fault} in line {line}")),
            Token::NullCharacterToken => self.fault(format!("NUL in line {line}")),
            Token::DoctypeToken(_) | Token::CommentToken(_) | Token::EOFToken => {}
        }
        TokenSinkResult::Continue
    }
}

#[test]
fn the_reader_refuses_what_a_browser_would_mend() {
    for wrong in ["<p><b></p></b>", "<div>", "</p>", "<p a=1 a=2></p>", "<div/>"] {
        assert!(Document::parse(wrong).is_err(), "{wrong}");
    }
    let document = Document::parse("<ul><li class=x>a<b>b</b></li></ul><img alt=\"\">").unwrap();
    let item = document.all("li").next().unwrap();
    assert_eq!((item.attribute("class"), document.text_of(item).as_str()), (Some("x"), "ab"));
    assert_eq!(document.ancestors(item).count(), 1);
}
