//! When the indexer commits: soon after a change in quiet times, seldom while it is far behind.

use std::time::{Duration, Instant};
use sync::Change;

/// Changes read at once.
pub(crate) const BATCH: usize = 200;
/// While the index is far behind nobody waits for single changes, and commits would only cost.
const PACE_BEHIND: Duration = Duration::from_secs(5);
/// How long one wait for changes may keep a shutdown waiting.
pub(crate) const PATIENCE: Duration = Duration::from_millis(200);

/// What to do next.
pub(crate) enum Wait {
    Commit,
    ReadOn,
    For(Duration),
}

/// When to commit: at once after a quiet time, else so seldom that commits take a small part of the time.
pub(crate) struct Pace {
    least: Duration,
    /// Every change up to here is written, not all of it committed.
    pub(crate) position: u64,
    dirty: bool,
    last: Option<Instant>,
    cost: Duration,
}

impl Pace {
    pub(crate) fn new(least: Duration, position: u64) -> Self {
        Self { least, position, dirty: false, last: None, cost: Duration::ZERO }
    }

    /// `last` is the last number given before the changes were read.
    pub(crate) fn read(&mut self, changes: &[Change], last: u64) {
        // From zero only living documents are told, so there may be numbers without a change.
        let position = changes.last().map_or(last, |change| change.sequence);
        if position > self.position {
            self.position = position;
            self.dirty = true;
        }
    }

    pub(crate) fn is_dirty(&self) -> bool {
        self.dirty
    }

    pub(crate) fn committed(&mut self, cost: Duration) {
        self.dirty = false;
        self.last = Some(Instant::now());
        self.cost = cost;
    }

    /// `read` changes came with the last look: a full batch means that more are waiting.
    pub(crate) fn wait(&self, read: usize) -> Wait {
        let pace = if read == BATCH { PACE_BEHIND } else { self.least };
        let pace = pace.max(self.cost * 4);
        let due = self.last.map_or(Duration::ZERO, |last| pace.saturating_sub(last.elapsed()));
        match (self.dirty, read) {
            (false, _) => Wait::For(PATIENCE),
            (true, _) if due.is_zero() => Wait::Commit,
            (true, 0) => Wait::For(due.min(PATIENCE)),
            (true, _) => Wait::ReadOn,
        }
    }
}
