//! Why nobody may see something, as far as Fossick knows.
//!
//! Whatever could not be read is closed for everybody, and an administrator sees the cause and a count. The structural
//! causes are reserved clauses, so that an ACL can hold them like any other layer.

use crate::ClauseId;
use std::fmt;

/// A cause for which something is shown to nobody.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum Hidden {
    /// Nothing is known about who may see it.
    Unknown,
    /// It was listed, but its restrictions have not been read yet.
    Pending,
    /// A page, folder or other content above it could not be read.
    AncestorUnreadable,
    /// The contents above it form a circle, or go deeper than any product allows.
    AncestorCycle,
    /// It was missing from the last complete listing; the next one decides.
    Unconfirmed,
    /// The source refused to show the permissions that decide here.
    Forbidden,
    /// The permissions were read, but name something that Fossick cannot interpret.
    NotUnderstood,
    /// The list of those admitted was cut off at the source.
    Truncated,
    /// The permissions were last read longer ago than the source's limit on age.
    Stale,
    /// Its new text is not in the committed index yet.
    AwaitingIndex,
    /// It lies outside what the settings include.
    OutOfScope,
    /// It was deleted at the source.
    Deleted,
}

impl Hidden {
    /// All causes, in the order of their reserved clauses.
    pub const ALL: [Self; 12] = [
        Self::Unknown,
        Self::Pending,
        Self::AncestorUnreadable,
        Self::AncestorCycle,
        Self::Unconfirmed,
        Self::Forbidden,
        Self::NotUnderstood,
        Self::Truncated,
        Self::Stale,
        Self::AwaitingIndex,
        Self::OutOfScope,
        Self::Deleted,
    ];

    /// The reserved clause that stands for this cause. It admits nobody.
    pub fn clause(self) -> ClauseId {
        ClauseId(self as u32)
    }

    /// The cause behind a reserved clause.
    pub fn of_clause(clause: ClauseId) -> Option<Self> {
        Self::ALL.get(clause.0 as usize).copied()
    }

    /// The stable name under which the cause is stored and counted.
    pub fn code(self) -> &'static str {
        match self {
            Self::Unknown => "unknown",
            Self::Pending => "pending",
            Self::AncestorUnreadable => "ancestor-unreadable",
            Self::AncestorCycle => "ancestor-cycle",
            Self::Unconfirmed => "unconfirmed",
            Self::Forbidden => "forbidden",
            Self::NotUnderstood => "not-understood",
            Self::Truncated => "truncated",
            Self::Stale => "stale",
            Self::AwaitingIndex => "awaiting-index",
            Self::OutOfScope => "out-of-scope",
            Self::Deleted => "deleted",
        }
    }

    /// The cause with this [`code`](Self::code).
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|hidden| hidden.code() == code)
    }

    /// What an administrator can do about it, in one sentence.
    pub fn remedy(self) -> &'static str {
        match self {
            Self::Unknown => "run a sync of the source",
            Self::Pending => "wait for the running sync, or run one",
            Self::AncestorUnreadable => "share the page, folder or other content above it with the service account",
            Self::AncestorCycle => "move the content at the source so that it has a path to its space",
            Self::Unconfirmed => "run a sync: the next complete listing shows it again or removes it",
            Self::Forbidden => "give the service account the role that may read these permissions",
            Self::NotUnderstood => "report the kind of holder named in the warning",
            Self::Truncated => "run a sync; the list is read again in pages",
            Self::Stale => "run a sync; check the warnings of the last run",
            Self::AwaitingIndex => "wait a moment; the index is catching up",
            Self::OutOfScope => "include the space or project in the source's settings",
            Self::Deleted => "nothing: it is gone at the source",
        }
    }
}

impl fmt::Display for Hidden {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn causes_and_reserved_clauses_name_each_other() {
        for hidden in Hidden::ALL {
            assert_eq!(Hidden::of_clause(hidden.clause()), Some(hidden));
            assert_eq!(Hidden::from_code(hidden.code()), Some(hidden));
            assert!(hidden.clause() < ClauseId::FIRST_STORED);
        }
    }
}
