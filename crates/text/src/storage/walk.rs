//! Drives the pass: keeps the stack of open elements and closes what the input leaves open.
//!
//! The stack is on the heap and popping is paid for by pushing, so neither depth nor disorder costs more than length.

use std::collections::HashMap;

use super::links::Holder;
use super::macros::Macro;
use super::scan::{Scan, Tag, Token};
use super::{elements, entities, links};
use crate::document::Text;
use crate::loss::{Position, Reason};
use crate::writer::Writer;

/// What closing an element does.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Close {
    /// Nothing.
    Nothing,
    /// What follows does not touch what came before.
    Pad,
    /// The block ends.
    Break,
    /// A container of the writer ends.
    Leave,
    List,
    Table,
    Task,
    /// Text is read again.
    Unskip,
    Extension,
    /// What was held back until the end of the element is decided.
    Holder,
    Macro,
}

struct Frame<'a> {
    name: &'a str,
    close: Close,
}

/// State of one pass.
pub(super) struct Walk<'a> {
    pub(super) out: Writer,
    pub(super) holders: Vec<Holder>,
    pub(super) macros: Vec<Macro>,
    /// Whether each open task is done.
    pub(super) tasks: Vec<bool>,
    /// For each open extension, what was visible when it began.
    pub(super) extensions: Vec<usize>,
    frames: Vec<Frame<'a>>,
    /// How many open elements have a name.
    open: HashMap<&'a str, usize>,
    /// How many open elements hide their content.
    skipping: usize,
}

impl<'a> Walk<'a> {
    pub(super) fn new() -> Self {
        Self {
            out: Writer::default(),
            holders: Vec::new(),
            macros: Vec::new(),
            tasks: Vec::new(),
            extensions: Vec::new(),
            frames: Vec::new(),
            open: HashMap::new(),
            skipping: 0,
        }
    }

    pub(super) fn run(mut self, input: &'a str) -> Text {
        let input = self.out.bounded(input, Position::Byte);
        let mut scan = Scan::new(input);
        while let Some(token) = scan.next() {
            let position = Position::Byte(scan.position());
            match token {
                Token::Text(raw) => self.text(&entities::decode(raw)),
                Token::Cdata(data) => self.text(data),
                Token::Open(tag) => self.start(&tag),
                Token::Close(name) => self.end(name, position),
                Token::Fault(reason) => self.out.loss(reason, position),
            }
        }
        if !self.frames.is_empty() {
            self.out.loss(Reason::UnclosedElements(self.frames.len()), Position::Byte(input.len()));
        }
        while self.pop().is_some() {}
        self.out.finish()
    }

    /// Name of the element that encloses the one just opened.
    pub(super) fn parent(&self) -> Option<&'a str> {
        self.frames.last().map(|frame| frame.name)
    }

    /// The innermost element that keeps its text to itself, if text goes there.
    pub(super) fn capturing(&mut self) -> Option<&mut Holder> {
        self.holders.last_mut().filter(|holder| holder.captures())
    }

    fn text(&mut self, text: &str) {
        if self.skipping > 0 {
            return;
        }
        match self.capturing() {
            Some(holder) => holder.text.push_str(text),
            None => self.out.text(text),
        }
    }

    fn start(&mut self, tag: &Tag<'a>) {
        let close = if self.skipping > 0 { Close::Nothing } else { elements::opened(self, tag) };
        if close == Close::Unskip {
            self.skipping += 1;
        }
        if tag.empty || elements::is_void(tag.name) {
            self.close(close);
            return;
        }
        *self.open.entry(tag.name).or_default() += 1;
        self.frames.push(Frame { name: tag.name, close });
    }

    fn end(&mut self, name: &str, position: Position) {
        if self.open.get(name).copied().unwrap_or(0) == 0 {
            if !elements::is_void(name) {
                self.out.loss(Reason::UnmatchedEnd, position);
            }
            return;
        }
        let mut unclosed = 0;
        while self.pop().is_some_and(|closed| closed != name) {
            unclosed += 1;
        }
        if unclosed > 0 {
            self.out.loss(Reason::UnclosedElements(unclosed), position);
        }
    }

    fn pop(&mut self) -> Option<&'a str> {
        let frame = self.frames.pop()?;
        if let Some(count) = self.open.get_mut(frame.name) {
            *count -= 1;
        }
        self.close(frame.close);
        Some(frame.name)
    }

    fn close(&mut self, close: Close) {
        match close {
            Close::Nothing => {}
            Close::Pad => self.out.pad(),
            Close::Break => self.out.break_block(),
            Close::Leave => self.out.leave(),
            Close::List => self.out.leave_list(),
            Close::Table => self.out.leave_table(),
            Close::Task => {
                self.tasks.pop();
                self.out.break_block();
            }
            Close::Unskip => self.skipping -= 1,
            Close::Extension => {
                self.extensions.pop();
                self.out.break_block();
            }
            Close::Holder => links::released(self),
            Close::Macro => {
                if let Some(closed) = self.macros.pop() {
                    closed.finish(&mut self.out);
                }
            }
        }
    }
}
