//! How far the index has come, for those who wait for it or watch it.

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// Where the index stands.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct IndexStatus {
    /// Every change up to this sequence number is searchable.
    pub sequence: u64,
    /// How many documents it holds.
    pub documents: u64,
    /// Whether it is being built anew; what is searchable meanwhile may be incomplete.
    pub rebuilding: bool,
    /// Why it does not move on, if it does not.
    pub problem: Option<String>,
}

#[derive(Default)]
struct Shared {
    status: Mutex<Asked>,
    changed: Condvar,
}

#[derive(Default)]
struct Asked {
    status: IndexStatus,
    rebuild: bool,
    /// A search has met something that it could not read.
    suspect: bool,
}

/// Watches an [`Indexer`](crate::Indexer) from other threads.
#[derive(Clone, Default)]
pub struct IndexerHandle(Arc<Shared>);

impl IndexerHandle {
    /// Where the index stands.
    pub fn status(&self) -> IndexStatus {
        self.lock().status.clone()
    }

    /// Blocks until every change up to `sequence` is searchable, or `patience` has passed. True if it is.
    pub fn wait_until(&self, sequence: u64, patience: Duration) -> bool {
        let end = Instant::now() + patience;
        let mut asked = self.lock();
        while asked.status.sequence < sequence {
            let left = end.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return false;
            }
            asked = self.0.changed.wait_timeout(asked, left).unwrap_or_else(PoisonError::into_inner).0;
        }
        true
    }

    /// Asks for a new index beside the present one, which serves until the new one has caught up.
    pub fn rebuild(&self) {
        self.lock().rebuild = true;
    }

    /// Says that something of the index could not be read, so that somebody looks at all of it.
    pub(crate) fn suspect(&self) {
        self.lock().suspect = true;
        self.0.changed.notify_all();
    }

    /// Whether anything could not be read since the last call.
    pub fn take_suspicion(&self) -> bool {
        std::mem::take(&mut self.lock().suspect)
    }

    pub(crate) fn is_rebuild_asked(&self) -> bool {
        self.lock().rebuild
    }

    pub(crate) fn take_rebuild(&self) -> bool {
        std::mem::take(&mut self.lock().rebuild)
    }

    pub(crate) fn update(&self, change: impl FnOnce(&mut IndexStatus)) {
        change(&mut self.lock().status);
        self.0.changed.notify_all();
    }

    fn lock(&self) -> MutexGuard<'_, Asked> {
        self.0.status.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
