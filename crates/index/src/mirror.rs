//! Who may see what, in memory, together with the searcher that it fits: one pair, replaced in one step.
//!
//! A pair of halves taken apart could show a new text under its old clauses, or an old text under its new ones. Commits
//! of the store replace the one half and commits of the index the other; a search takes both at once (ACL-7).

use crate::decisions::{Decisions, Lease};
use crate::view::View;
use access::{AccessState, Delta, DocNo, Viewer};
use arc_swap::ArcSwap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use sync::Mirror;

/// One consistent view, for one search.
pub(crate) struct Snapshot {
    pub(crate) access: Arc<AccessState>,
    /// `None` until the index is open.
    pub(crate) view: Option<Arc<View>>,
}

/// The state of access that all searches see. The store feeds it through [`Mirror`], the indexer tells it how far the
/// text has come.
pub struct AccessMirror {
    current: ArcSwap<Snapshot>,
    /// Held while the pair is replaced; the sequence that the searcher holds.
    indexed: Mutex<u64>,
    decisions: Decisions,
}

impl Default for AccessMirror {
    fn default() -> Self {
        Self::new()
    }
}

impl AccessMirror {
    /// Knows nothing, and so admits nobody to anything (ACL-5).
    pub fn new() -> Self {
        let nothing = Snapshot { access: Arc::new(AccessState::empty()), view: None };
        Self { current: ArcSwap::from_pointee(nothing), indexed: Mutex::new(0), decisions: Decisions::default() }
    }

    /// The state of access as it is now.
    pub fn access(&self) -> Arc<AccessState> {
        self.current.load().access.clone()
    }

    /// Whether the viewer may see the document now, with the decisions already made for the viewer.
    pub fn admits(&self, viewer: &Viewer, document: DocNo) -> bool {
        self.known(viewer).decision.admits(&self.access(), document)
    }

    /// Closes documents until the index has caught up with their sequence numbers.
    pub fn awaiting(&self, documents: impl IntoIterator<Item = (DocNo, u64)>) {
        let _changing = self.changing();
        let snapshot = self.current.load();
        let access = Arc::new(snapshot.access.awaiting(documents));
        self.current.store(Arc::new(Snapshot { access, view: snapshot.view.clone() }));
    }

    /// How many documents wait for the index.
    pub fn waiting(&self) -> usize {
        self.access().waiting()
    }

    /// The pair for one search.
    pub(crate) fn snapshot(&self) -> Arc<Snapshot> {
        self.current.load_full()
    }

    /// What was decided for the viewer, until dropped.
    pub(crate) fn known(&self, viewer: &Viewer) -> Lease<'_> {
        self.decisions.lease(viewer)
    }

    /// Shows `view`, which holds every change up to `sequence`, and opens what waited for it.
    pub(crate) fn publish(&self, view: View, sequence: u64) {
        let mut indexed = self.changing();
        let access = Arc::new(self.current.load().access.indexed(sequence));
        self.current.store(Arc::new(Snapshot { access, view: Some(Arc::new(view)) }));
        *indexed = sequence;
    }

    fn changing(&self) -> MutexGuard<'_, u64> {
        self.indexed.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Mirror for AccessMirror {
    fn apply(&self, delta: &Delta) {
        let indexed = self.changing();
        let snapshot = self.current.load();
        // The index may have been faster than this call; what it already holds waits for nothing.
        let access = Arc::new(snapshot.access.apply(delta).indexed(*indexed));
        self.current.store(Arc::new(Snapshot { access, view: snapshot.view.clone() }));
    }
}
