//! How far deletion may go without being asked about.

use crate::Duration;
use serde::{Deserialize, Serialize};

/// When a source's deletions stop and ask, and how long they can be undone.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct Deletion {
    /// More than this part of a source's documents is not deleted at once, in percent.
    pub percent: u8,
    /// Up to this many documents may be deleted whatever part they are.
    pub at_least: u32,
    /// How long the text of what was deleted is kept, so that deleting can be undone.
    pub kept: Duration,
}

impl Default for Deletion {
    fn default() -> Self {
        Self { percent: 10, at_least: 20, kept: Duration::hours(7 * 24) }
    }
}

/// A limit that makes no sense.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum InvalidDeletion {
    /// A part of more than everything.
    #[error("the part that may be deleted without asking is 0 to 100 percent, such as 10")]
    Percent,
    /// A time that is negative or too long.
    #[error("deleted documents are kept for 0 to 30 days, such as 7")]
    Kept,
}

impl Deletion {
    /// Refuses what makes no sense.
    ///
    /// # Errors
    /// Names the first limit that is out of range.
    pub fn checked(self) -> Result<Self, InvalidDeletion> {
        if self.percent > 100 {
            return Err(InvalidDeletion::Percent);
        }
        if !(Duration(0)..=Duration::hours(30 * 24)).contains(&self.kept) {
            return Err(InvalidDeletion::Kept);
        }
        Ok(self)
    }

    /// How many of `documents` may be deleted without asking.
    pub fn allowed(&self, documents: u64) -> u64 {
        (documents.saturating_mul(u64::from(self.percent)) / 100).max(u64::from(self.at_least))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_documents_may_always_go_and_many_only_as_a_part() {
        let usual = Deletion::default();
        assert_eq!((usual.allowed(0), usual.allowed(30), usual.allowed(1000)), (20, 20, 100));
        let never = Deletion { percent: 0, at_least: 0, ..usual };
        assert_eq!(never.allowed(u64::MAX), 0);
        assert_eq!(Deletion { percent: 101, ..usual }.checked(), Err(InvalidDeletion::Percent));
        assert_eq!(Deletion { kept: Duration::hours(31 * 24), ..usual }.checked(), Err(InvalidDeletion::Kept));
        assert!(Deletion { kept: Duration(0), ..usual }.checked().is_ok());
    }
}
