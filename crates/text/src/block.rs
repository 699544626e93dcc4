//! A block: a run of text that stands apart from its neighbours, with the one fact about it that search can use.
//!
//! Flat by decision: a paragraph of a panel in a cell is one block of the innermost kind. Search needs no tree.

use std::borrow::Cow;
use std::ops::Range;

use crate::reference::Person;

/// A run of text that stands apart.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Block {
    /// What the block is, by the innermost container that says something.
    pub kind: Kind,
    /// Its text: no markup, white space collapsed (kept in code), `\n` for forced line breaks only.
    pub text: String,
    /// Where people are mentioned in `text`, in order, not overlapping.
    pub slots: Vec<Slot>,
}

/// A place in a block's text that belongs to a person.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Slot {
    /// Bytes of the block's text: the name as stored with its `@`, or empty where the body holds only an id.
    pub range: Range<usize>,
    /// Who.
    pub person: Person,
}

/// What a block is.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Kind {
    /// A heading of level 1 to 6.
    Heading(u8),
    /// Running text.
    Paragraph,
    /// Part of a list item.
    ListItem {
        /// 1 for the outermost list.
        depth: u8,
        /// Whether the list is numbered.
        ordered: bool,
    },
    /// Preformatted text, white space kept.
    Code {
        /// As stored, at most 64 characters.
        language: Option<String>,
    },
    /// Part of a table cell. Blocks with equal numbers belong to one cell.
    Cell {
        /// Number of the table in the document, from 0.
        table: u32,
        /// Row in the table, from 0.
        row: u32,
        /// Cell in the row, from 0; spans are not counted.
        column: u32,
        /// Whether it is a header cell.
        header: bool,
    },
    /// Part of a coloured box.
    Panel,
    /// Part of a quotation.
    Quote,
    /// An item to be done.
    Task {
        /// Whether it is ticked.
        done: bool,
    },
    /// A decision.
    Decision {
        /// Whether it is decided.
        decided: bool,
    },
    /// Title of an expand, panel, code block or other macro.
    Title,
    /// Caption of an image or table.
    Caption,
}

impl Block {
    /// The text with people named by `name_of`; where it knows no name, what the body itself shows stays.
    #[must_use]
    pub fn text_with(&self, name_of: &dyn Fn(&Person) -> Option<String>) -> Cow<'_, str> {
        if self.slots.is_empty() {
            return Cow::Borrowed(&self.text);
        }
        let mut out = String::with_capacity(self.text.len() + 16 * self.slots.len());
        let mut from = 0;
        for slot in &self.slots {
            out.push_str(self.text.get(from..slot.range.start).unwrap_or_default());
            from = slot.range.end;
            let rest = self.text.get(from..).unwrap_or_default();
            if let Some(name) = name_of(&slot.person) {
                out.push('@');
                out.push_str(name.trim_start_matches('@'));
                if rest.starts_with(|next: char| next.is_alphanumeric() || next == '@') {
                    out.push(' ');
                }
            } else if slot.range.is_empty() {
                // The space that was kept for the name would stand twice.
                if rest.starts_with(' ') && (out.is_empty() || out.ends_with(' ')) {
                    from += 1;
                }
            } else {
                out.push_str(self.text.get(slot.range.clone()).unwrap_or_default());
            }
        }
        out.push_str(self.text.get(from..).unwrap_or_default());
        Cow::Owned(out)
    }
}
