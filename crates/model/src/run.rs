//! One run of a sync: a small state machine, apart from that of its source.

use crate::key::{UnknownCode, codes};
use serde::{Deserialize, Serialize};

/// A run; given by the store, rising.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
pub struct RunId(pub i64);

/// What a run reads.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum RunKind {
    /// Everything, with bodies.
    Full,
    /// What changed since each stream was last read to its end.
    Incremental,
    /// Who may see what: directory, and containers with their readers.
    Permissions,
    /// What there is and where, with restrictions; bodies only of what is not stored yet. Proves absence.
    Sweep,
    /// Just what runs before could not read.
    Retry,
}

codes!(RunKind, "kind of run", {
    Full => "full",
    Incremental => "incremental",
    Permissions => "permissions",
    Sweep => "sweep",
    Retry => "retry",
});

impl RunKind {
    /// Whether a run of this kind does what one of the other kind does.
    pub fn covers(self, other: Self) -> bool {
        match self {
            Self::Full => true,
            Self::Sweep => other != Self::Full,
            Self::Incremental | Self::Permissions | Self::Retry => self == other,
        }
    }
}

/// Where a run stands.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum RunStatus {
    /// Waits for its turn.
    Queued,
    /// Reads and commits.
    Running,
    /// Was asked to stop and finishes its batch.
    Cancelling,
    /// Read everything.
    Succeeded,
    /// Ended, but missed something that is listed.
    Partial,
    /// Could not go on. What was committed stays; the next run starts anew and finds most of it unchanged.
    Failed,
    /// Stopped on request.
    Cancelled,
}

codes!(RunStatus, "run status", {
    Queued => "queued",
    Running => "running",
    Cancelling => "cancelling",
    Succeeded => "succeeded",
    Partial => "partial",
    Failed => "failed",
    Cancelled => "cancelled",
});

/// What can happen to a run.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum RunEvent {
    /// Its turn has come.
    Started,
    /// Somebody asked it to stop.
    CancelAsked,
    /// It has stopped.
    Stopped,
    /// It reached the end; `losses` problems mean that something is missing.
    Finished {
        /// How many records or calls were lost.
        losses: u64,
    },
    /// It could not go on.
    GaveUp,
}

/// An event that does not fit the state.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("a run that is {from} cannot take {event:?}")]
pub struct InvalidRunTransition {
    /// The state before.
    pub from: RunStatus,
    /// The event refused.
    pub event: RunEvent,
}

impl RunStatus {
    /// The state after `event`.
    pub fn next(self, event: RunEvent) -> Result<Self, InvalidRunTransition> {
        match (self, event) {
            (Self::Queued, RunEvent::Started) => Ok(Self::Running),
            (Self::Queued, RunEvent::CancelAsked) => Ok(Self::Cancelled),
            (Self::Running | Self::Cancelling, RunEvent::CancelAsked) => Ok(Self::Cancelling),
            (Self::Cancelling, RunEvent::Stopped) => Ok(Self::Cancelled),
            (Self::Running | Self::Cancelling, RunEvent::Finished { losses: 0 }) => Ok(Self::Succeeded),
            (Self::Running | Self::Cancelling, RunEvent::Finished { .. }) => Ok(Self::Partial),
            (Self::Queued | Self::Running | Self::Cancelling, RunEvent::GaveUp) => Ok(Self::Failed),
            (from, event) => Err(InvalidRunTransition { from, event }),
        }
    }

    /// Whether nothing more happens to the run.
    pub fn is_over(self) -> bool {
        matches!(self, Self::Succeeded | Self::Partial | Self::Failed | Self::Cancelled)
    }
}

/// What a run has done so far.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
pub struct RunCounts {
    /// Documents read, unchanged ones included.
    pub documents: u64,
    /// Documents whose text or facts were new.
    pub changed: u64,
    /// Calls made to the source.
    pub calls: u64,
    /// Records or calls lost.
    pub losses: u64,
    /// Other problems.
    pub warnings: u64,
    /// Documents expected in all, where the source tells.
    pub expected: Option<u64>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_that_is_over_stays_over() {
        let events = [
            RunEvent::Started,
            RunEvent::CancelAsked,
            RunEvent::Stopped,
            RunEvent::Finished { losses: 0 },
            RunEvent::Finished { losses: 3 },
            RunEvent::GaveUp,
        ];
        for &status in RunStatus::ALL {
            for event in events {
                let next = status.next(event);
                assert!(!status.is_over() || next.is_err(), "{status} took {event:?}");
            }
        }
    }

    #[test]
    fn a_run_that_missed_anything_is_not_succeeded() {
        assert_eq!(RunStatus::Running.next(RunEvent::Finished { losses: 1 }), Ok(RunStatus::Partial));
        assert_eq!(RunStatus::Running.next(RunEvent::Finished { losses: 0 }), Ok(RunStatus::Succeeded));
    }
}
