//! Turns what the products store (storage format, ADF, plain text) into flat blocks of readable text.
//!
//! Decisions that every format here keeps:
//! - **Nothing visible is lost.** Code, link texts, cells, titles, task items, status lozenges, emoji, dates, captions and
//!   alternative texts all become text. Template hints, macro settings and ids do not.
//! - **Words are never glued.** Blocks are apart; inside a block anything that is not plain running text stands alone.
//! - **No text of another document.** Included pages, excerpts and issue lists are [`Reference`]s, never text. The one
//!   exception is the name of a link's target where the author gave the link no text of its own: that name stands in this
//!   document, and its readers see it as the link's text.
//! - **People without names** (storage format holds only ids) are [`Slot`]s, filled by the caller ([`Text::plain_with`]).
//! - **Never fails.** Malformed input yields what could be read and a [`Loss`] that says what and where. Time and memory
//!   are linear in the input, and nesting costs heap, not stack.

pub mod adf;
mod block;
mod document;
mod loss;
pub mod plain;
mod reference;
pub mod storage;
mod writer;

pub use block::{Block, Kind, Slot};
pub use document::Text;
pub use loss::{Loss, Position, Reason};
pub use reference::{Person, Reference, Relation, Target};

/// Longest input that is read, in bytes; what follows is cut off and reported as [`Reason::TooLong`].
pub const MAX_INPUT: usize = 64 << 20;
