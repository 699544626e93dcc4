//! A comparison of Fossick's decisions with the source's own, pair by pair: what was asked, and where the two differ.
//!
//! Holds ids only, never a title or a name.

use crate::{ContainerKey, DocumentKey, Millis};
use serde::{Deserialize, Serialize};

/// The most differences of one kind that are kept; all are counted.
pub const MOST_KEPT: usize = 100;

/// One pair about which Fossick and the source differ.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Difference {
    /// The source's id of the person.
    pub person: String,
    /// The document.
    pub document: DocumentKey,
    /// The space or project that it lies in.
    pub container: ContainerKey,
    /// Which layer admits or refuses the person, and when it was read, for people.
    pub cause: String,
}

/// What one comparison gave.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
pub struct SelfAudit {
    /// When it began.
    pub began: Millis,
    /// When it ended.
    pub ended: Millis,
    /// Pairs for which the source answered.
    pub compared: u64,
    /// Pairs for which it gave no answer, such as documents that are gone meanwhile.
    pub unanswered: u64,
    /// Pairs that Fossick would show and the source would not.
    pub leaks: u64,
    /// Pairs that the source would show and Fossick would not.
    pub blocks: u64,
    /// Some of the leaks.
    pub leaked: Vec<Difference>,
    /// Some of the blocks.
    pub blocked: Vec<Difference>,
    /// Why it could not be done, or not to its end.
    pub failed: Option<String>,
}

impl SelfAudit {
    /// Counts a pair that Fossick would show and the source would not.
    pub fn leak(&mut self, difference: Difference) {
        self.leaks += 1;
        keep(&mut self.leaked, difference);
    }

    /// Counts a pair that the source would show and Fossick would not.
    pub fn block(&mut self, difference: Difference) {
        self.blocks += 1;
        keep(&mut self.blocked, difference);
    }
}

fn keep(kept: &mut Vec<Difference>, difference: Difference) {
    if kept.len() < MOST_KEPT {
        kept.push(difference);
    }
}
