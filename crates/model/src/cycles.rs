//! How often a source is read by itself.

use crate::{Duration, RunKind};
use serde::{Deserialize, Serialize};

/// How long after the start of one run of a kind the next begins. A run of a larger kind counts for the smaller ones.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct Cycles {
    /// Edits and comments.
    pub incremental: Duration,
    /// People, groups, readers of spaces, holders of Browse.
    pub permissions: Duration,
    /// Moves, restrictions, and what has vanished.
    pub sweep: Duration,
    /// Everything anew.
    pub full: Duration,
}

impl Default for Cycles {
    fn default() -> Self {
        let minutes = |minutes: i64| Duration(minutes * 60_000);
        Self { incremental: minutes(1), permissions: minutes(5), sweep: minutes(15), full: Duration::hours(7 * 24) }
    }
}

/// A cycle that makes no sense.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("the cycle of {kind} runs must be between 1 second and 90 days, such as {}", example(*.kind))]
pub struct InvalidCycle {
    /// Of which kind.
    pub kind: RunKind,
}

fn example(kind: RunKind) -> &'static str {
    match kind {
        RunKind::Incremental => "60 seconds",
        RunKind::Permissions => "300 seconds",
        RunKind::Sweep | RunKind::Retry => "900 seconds",
        RunKind::Full => "604800 seconds",
    }
}

impl Cycles {
    /// The kinds that come in cycles.
    pub const KINDS: [RunKind; 4] = [RunKind::Full, RunKind::Incremental, RunKind::Permissions, RunKind::Sweep];

    /// The cycle of one kind. A retry has none of its own: it comes when something is owed.
    pub fn of(&self, kind: RunKind) -> Duration {
        match kind {
            RunKind::Full => self.full,
            RunKind::Incremental => self.incremental,
            RunKind::Permissions => self.permissions,
            RunKind::Sweep | RunKind::Retry => self.sweep,
        }
    }

    /// Refuses cycles that would keep a source busy for nothing, or leave it unread.
    ///
    /// # Errors
    /// Names the first that is too short or too long.
    pub fn checked(self) -> Result<Self, InvalidCycle> {
        let sensible = Duration(1000)..=Duration::hours(90 * 24);
        match Self::KINDS.into_iter().find(|kind| !sensible.contains(&self.of(*kind))) {
            Some(kind) => Err(InvalidCycle { kind }),
            None => Ok(self),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cycle_that_is_too_short_or_too_long_is_named() {
        assert_eq!(Cycles::default().checked(), Ok(Cycles::default()));
        let short = Cycles { sweep: Duration(999), ..Cycles::default() };
        assert_eq!(short.checked(), Err(InvalidCycle { kind: RunKind::Sweep }));
        let long = Cycles { full: Duration::hours(91 * 24), ..Cycles::default() };
        assert!(long.checked().is_err_and(|error| error.to_string().contains("full")));
    }
}
