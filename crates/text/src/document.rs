//! The result of a parse, and the views of it that an index and a page need.

use std::borrow::Cow;

use crate::block::{Block, Kind};
use crate::loss::Loss;
use crate::reference::{Person, Reference};

/// A body as blocks, with what it points to and what could not be read.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Text {
    /// In reading order; none is empty, except that a block may hold nothing but a [`crate::Slot`].
    pub blocks: Vec<Block>,
    /// Who is mentioned, each once, in reading order.
    pub mentions: Vec<Person>,
    /// What the body points to, each once, in reading order.
    pub references: Vec<Reference>,
    /// What could not be read, at most 65 rows.
    pub losses: Vec<Loss>,
}

impl Text {
    /// All text: one line per block, cells of a row separated by tabs.
    #[must_use]
    pub fn plain(&self) -> String {
        self.plain_with(&|_| None)
    }

    /// All text as in [`Text::plain`], with people named by `name_of`.
    #[must_use]
    pub fn plain_with(&self, name_of: &dyn Fn(&Person) -> Option<String>) -> String {
        join(self.blocks.iter(), name_of)
    }

    /// All text but code, with people named by `name_of`.
    #[must_use]
    pub fn prose_with(&self, name_of: &dyn Fn(&Person) -> Option<String>) -> String {
        join(self.blocks.iter().filter(|block| !matches!(block.kind, Kind::Code { .. })), name_of)
    }

    /// Text of the code blocks, one after the other.
    #[must_use]
    pub fn code(&self) -> String {
        join(self.blocks.iter().filter(|block| matches!(block.kind, Kind::Code { .. })), &|_| None)
    }

    /// Level (1 to 6) and text of each heading, in reading order.
    pub fn headings(&self) -> impl Iterator<Item = (u8, Cow<'_, str>)> {
        self.blocks.iter().filter_map(|block| match block.kind {
            Kind::Heading(level) => Some((level, block.text_with(&|_| None))),
            _ => None,
        })
    }

    /// Whether a reader sees nothing at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.blocks.is_empty()
    }
}

fn join<'a>(blocks: impl Iterator<Item = &'a Block>, name_of: &dyn Fn(&Person) -> Option<String>) -> String {
    let mut out = String::new();
    let mut previous: Option<&Kind> = None;
    for block in blocks {
        if let Some(previous) = previous {
            out.push(separator(previous, &block.kind));
        }
        out.push_str(&block.text_with(name_of));
        previous = Some(&block.kind);
    }
    out
}

fn separator(previous: &Kind, next: &Kind) -> char {
    match (previous, next) {
        (
            Kind::Cell { table, row, column, .. },
            Kind::Cell { table: next_table, row: next_row, column: next_column, .. },
        ) if table == next_table && row == next_row => {
            if column == next_column {
                ' '
            } else {
                '\t'
            }
        }
        _ => '\n',
    }
}
