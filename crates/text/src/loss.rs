//! What could not be read: a reason and a place, so that an administrator can mend the page.
//!
//! Losses never stop a parse. Their number is bounded, because a hostile body could make one per byte.

use thiserror::Error;

/// How many losses one document lists. Further ones are only counted, in a last [`Reason::More`].
pub(crate) const MAX_LOSSES: usize = 64;

/// One place where the input was not what its format promises.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Loss {
    /// What was wrong, and what was done about it.
    pub reason: Reason,
    /// Where.
    pub position: Position,
}

impl std::fmt::Display for Loss {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.position {
            Position::Byte(at) => write!(f, "{} (at byte {at})", self.reason),
            Position::Node(count) => write!(f, "{} (at node {count} in reading order)", self.reason),
        }
    }
}

/// Where a loss happened.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Position {
    /// Bytes from the start of the input.
    Byte(usize),
    /// ADF that is already parsed has no byte positions: how many nodes were read before this one.
    Node(usize),
}

/// What was wrong with the input.
#[derive(Clone, Debug, Eq, Error, PartialEq)]
pub enum Reason {
    /// Bytes that are not UTF-8.
    #[error("bytes that are not valid utf-8 were replaced")]
    InvalidUtf8,
    /// The input is longer than [`crate::MAX_INPUT`].
    #[error("input of {0} bytes is too long, the rest was cut off")]
    TooLong(usize),
    /// A `<` that begins no markup. It was kept as text.
    #[error("`<` that begins no markup was kept as text")]
    StrayMarkup,
    /// A CDATA section without end. Everything up to the end of the input was taken as its text.
    #[error("cdata section without end, the rest was taken as its text")]
    UnclosedCdata,
    /// Elements that were not closed before their parent or the input ended. They were closed there.
    #[error("{0} element(s) not closed before their parent ended, closed there")]
    UnclosedElements(usize),
    /// A closing tag that closes nothing. It was ignored.
    #[error("closing tag that closes nothing was ignored")]
    UnmatchedEnd,
    /// The input is not JSON, or is nested too deeply. Only its `text` values were read.
    #[error("not readable as json ({0}), only its `text` values were read")]
    Json(String),
    /// An ADF node that is not an object, or whose content is not a list.
    #[error("node of an unexpected shape, its readable parts were kept")]
    Shape,
    /// Further losses that are not listed.
    #[error("{0} further losses are not listed")]
    More(usize),
}
