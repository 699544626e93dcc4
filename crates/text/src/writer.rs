//! Builds blocks from a stream of "text, container opened, container closed": the one place that decides about white
//! space, about what stands apart, and about limits.
//!
//! Both formats write through it, so that one sentence gives the same block from either.

use std::collections::HashSet;

use crate::block::{Block, Kind, Slot};
use crate::document::Text;
use crate::loss::{Loss, MAX_LOSSES, Position, Reason};
use crate::reference::{Person, Reference, Relation, Target};

const MAX_LANGUAGE: usize = 64;

/// Blocks under construction.
#[derive(Default)]
pub(crate) struct Writer {
    done: Text,
    text: String,
    slots: Vec<Slot>,
    /// White space was read and is written only if a word follows in the same block.
    space: bool,
    /// A link begins or ends here: two letters or digits must not meet.
    edge: bool,
    /// Address of the link that the last text of ADF belongs to.
    linked: Option<String>,
    kinds: Vec<Kind>,
    lists: Vec<bool>,
    tables: Vec<Place>,
    next_table: u32,
    visible: usize,
    unlisted_losses: usize,
    known_people: HashSet<Person>,
    known_references: HashSet<Reference>,
}

/// The next free cell of an open table.
struct Place {
    table: u32,
    rows: u32,
    columns: u32,
}

impl Writer {
    /// Rises with everything visible that is written: equal values mean that nothing was shown in between.
    pub(crate) fn visible(&self) -> usize {
        self.visible
    }

    /// Adds running text; white space collapses unless a code block is open.
    pub(crate) fn text(&mut self, piece: &str) {
        if self.in_code() {
            self.verbatim(piece);
            return;
        }
        for word in piece.split_inclusive(is_space) {
            let bare = word.trim_end_matches(is_space);
            if !bare.is_empty() {
                self.put_edge(bare);
                self.put_space();
                if bare.contains('\u{ad}') {
                    // A soft hyphen is a hint to the typesetter; readers see one word.
                    self.text.extend(bare.chars().filter(|&character| character != '\u{ad}'));
                } else {
                    self.text.push_str(bare);
                }
                self.visible += 1;
            }
            self.space |= bare.len() < word.len();
        }
    }

    /// Adds something that is not running text (a lozenge, an emoji, a date): it never touches its neighbours.
    pub(crate) fn apart(&mut self, piece: &str) {
        self.pad();
        self.text(piece);
        self.pad();
    }

    /// The next word does not touch the last one.
    pub(crate) fn pad(&mut self) {
        self.space = true;
    }

    /// A link begins or ends. Links touch punctuation, but not words: people write `see<a>Guide</a>`.
    pub(crate) fn edge(&mut self) {
        self.edge = true;
    }

    /// The next text belongs to the link with this address, or to none.
    pub(crate) fn link(&mut self, address: Option<&str>) {
        if self.linked.as_deref() != address {
            self.linked = address.map(str::to_owned);
            self.edge();
        }
    }

    /// A line break that the author forced.
    pub(crate) fn line_break(&mut self) {
        self.space = false;
        if !self.text.is_empty() {
            self.text.push('\n');
        }
    }

    /// Mentions a person, with the name that the body shows, if it holds one.
    pub(crate) fn mention(&mut self, person: Person, shown: &str) {
        self.pad();
        self.put_space();
        let start = self.text.len();
        self.text(shown);
        self.space = self.text.len() > start;
        self.visible += 1;
        self.slots.push(Slot { range: start..self.text.len(), person: person.clone() });
        self.person(person);
    }

    /// Notes that a person is mentioned whose name the text holds already.
    pub(crate) fn person(&mut self, person: Person) {
        if self.known_people.insert(person.clone()) {
            self.done.mentions.push(person);
        }
    }

    /// Notes what the document points to.
    pub(crate) fn reference(&mut self, relation: Relation, target: Target) {
        let reference = Reference { relation, target };
        if self.known_references.insert(reference.clone()) {
            self.done.references.push(reference);
        }
    }

    /// Ends the block, so that what follows stands apart.
    pub(crate) fn break_block(&mut self) {
        self.space = false;
        let kept = self.text.trim_end().len();
        if kept == 0 && self.slots.is_empty() {
            self.text.clear();
            return;
        }
        // A mention without a name may be all that follows the last space.
        let kept = self.slots.last().map_or(kept, |slot| kept.max(slot.range.end));
        let mut text = std::mem::take(&mut self.text);
        text.truncate(kept);
        let kind = self.kinds.last().cloned().unwrap_or(Kind::Paragraph);
        self.done.blocks.push(Block { kind, text, slots: std::mem::take(&mut self.slots) });
    }

    /// Opens a container: blocks are of this kind until [`Writer::leave`].
    pub(crate) fn enter(&mut self, kind: Kind) {
        self.break_block();
        self.kinds.push(kind);
    }

    /// Opens a code block in a language as the body names it.
    pub(crate) fn enter_code(&mut self, language: Option<&str>) {
        self.enter(Kind::Code { language: language.and_then(language_name) });
    }

    /// Opens an item of the innermost list.
    pub(crate) fn enter_item(&mut self) {
        let depth = u8::try_from(self.lists.len().max(1)).unwrap_or(u8::MAX);
        self.enter(Kind::ListItem { depth, ordered: self.lists.last().copied().unwrap_or(false) });
    }

    /// Closes the innermost container.
    pub(crate) fn leave(&mut self) {
        self.break_block();
        self.kinds.pop();
    }

    /// Says whether the decision that is open is decided; without one, nothing.
    pub(crate) fn decide(&mut self, decided: bool) {
        if let Some(Kind::Decision { decided: known }) = self.kinds.last_mut() {
            *known = decided;
        }
    }

    /// Adds a block of its own.
    pub(crate) fn block(&mut self, kind: Kind, text: &str) {
        self.enter(kind);
        self.text(text);
        self.leave();
    }

    pub(crate) fn enter_list(&mut self, ordered: bool) {
        self.break_block();
        self.lists.push(ordered);
    }

    pub(crate) fn leave_list(&mut self) {
        self.break_block();
        self.lists.pop();
    }

    pub(crate) fn enter_table(&mut self) {
        self.break_block();
        self.tables.push(Place { table: self.next_table, rows: 0, columns: 0 });
        self.next_table = self.next_table.saturating_add(1);
    }

    pub(crate) fn leave_table(&mut self) {
        self.break_block();
        self.tables.pop();
    }

    /// Starts a row of the innermost table.
    pub(crate) fn row(&mut self) {
        self.break_block();
        if let Some(place) = self.tables.last_mut() {
            place.rows = place.rows.saturating_add(1);
            place.columns = 0;
        }
    }

    /// Opens the next cell of the row. A cell outside any table is a paragraph.
    pub(crate) fn enter_cell(&mut self, header: bool) {
        let kind = match self.tables.last_mut() {
            Some(place) => {
                let column = place.columns;
                place.columns = column.saturating_add(1);
                Kind::Cell { table: place.table, row: place.rows.saturating_sub(1), column, header }
            }
            None => Kind::Paragraph,
        };
        self.enter(kind);
    }

    /// How many blocks are finished, for [`Writer::name_language`].
    pub(crate) fn block_count(&self) -> usize {
        self.done.blocks.len()
    }

    /// Names the language of a code block that was written before its language was known.
    pub(crate) fn name_language(&mut self, block: usize, name: &str) {
        if let Some(Block { kind: Kind::Code { language: language @ None }, .. }) = self.done.blocks.get_mut(block) {
            *language = language_name(name);
        }
    }

    pub(crate) fn loss(&mut self, reason: Reason, position: Position) {
        if self.done.losses.len() < MAX_LOSSES {
            self.done.losses.push(Loss { reason, position });
        } else {
            self.unlisted_losses += 1;
        }
    }

    /// Cuts what exceeds the longest input and reports it.
    pub(crate) fn bounded<'a>(&mut self, input: &'a str, position: fn(usize) -> Position) -> &'a str {
        if input.len() <= crate::MAX_INPUT {
            return input;
        }
        self.loss(Reason::TooLong(input.len()), position(crate::MAX_INPUT));
        &input[..input.floor_char_boundary(crate::MAX_INPUT)]
    }

    pub(crate) fn finish(mut self) -> Text {
        self.break_block();
        if self.unlisted_losses > 0 {
            let position = self.done.losses.last().map_or(Position::Byte(0), |loss| loss.position);
            self.done.losses.push(Loss { reason: Reason::More(self.unlisted_losses), position });
        }
        self.done
    }

    fn in_code(&self) -> bool {
        matches!(self.kinds.last(), Some(Kind::Code { .. }))
    }

    fn verbatim(&mut self, piece: &str) {
        self.put_edge(piece);
        if std::mem::take(&mut self.space) && !self.text.is_empty() && !self.text.ends_with(char::is_whitespace) {
            self.text.push(' ');
        }
        let piece = if self.text.is_empty() { piece.trim_start_matches(['\n', '\r']) } else { piece };
        self.text.extend(piece.chars().filter(|&character| character != '\r').map(|character| match character {
            '\n' | '\t' => character,
            other if other.is_control() => ' ',
            other => other,
        }));
        self.visible += usize::from(!piece.trim().is_empty());
    }

    fn put_edge(&mut self, next: &str) {
        if std::mem::take(&mut self.edge) {
            self.space |= self.text.ends_with(char::is_alphanumeric) && next.starts_with(char::is_alphanumeric);
        }
    }

    fn put_space(&mut self) {
        if std::mem::take(&mut self.space) && !self.text.is_empty() && !self.text.ends_with(['\n', ' ']) {
            self.text.push(' ');
        }
    }
}

fn is_space(character: char) -> bool {
    character.is_whitespace() || character.is_control()
}

/// Bounded, because every block of a container repeats it.
fn language_name(name: &str) -> Option<String> {
    let name: String = name.trim().chars().take(MAX_LANGUAGE).collect();
    (!name.is_empty()).then_some(name)
}
