//! The decisions made for the viewers of late, so that the second query of a person costs no clause again.
//!
//! A decision is taken out while a query uses it, so queries of different people never wait for each other. A second
//! query of the same person at the same time starts with an empty one.

use access::{Decision, Viewer};
use std::collections::HashMap;
use std::ops::{Deref, DerefMut};
use std::sync::{Mutex, PoisonError};

/// How many viewers are remembered. A decision over 500,000 ACLs takes half a megabyte.
const MOST: usize = 64;

#[derive(Default)]
struct Kept {
    /// Rises with every return; tells who was away longest.
    clock: u64,
    idle: HashMap<Viewer, (u64, Decision)>,
}

/// A bounded store of decisions by viewer.
#[derive(Default)]
pub(crate) struct Decisions(Mutex<Kept>);

impl Decisions {
    /// The viewer's decision, until the lease is dropped.
    pub(crate) fn lease(&self, viewer: &Viewer) -> Lease<'_> {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner).idle.remove(viewer);
        let decision = known.map_or_else(|| Decision::new(viewer.clone()), |(_, decision)| decision);
        Lease { home: self, decision: Some(decision) }
    }

    fn put_back(&self, decision: Decision) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.clock += 1;
        let now = kept.clock;
        kept.idle.insert(decision.viewer().clone(), (now, decision));
        if kept.idle.len() > MOST {
            let oldest = kept.idle.iter().min_by_key(|(_, (at, _))| *at).map(|(viewer, _)| viewer.clone());
            if let Some(oldest) = oldest {
                kept.idle.remove(&oldest);
            }
        }
    }
}

/// A decision in use.
pub(crate) struct Lease<'a> {
    home: &'a Decisions,
    /// `None` only while being dropped.
    decision: Option<Decision>,
}

impl Deref for Lease<'_> {
    type Target = Decision;

    fn deref(&self) -> &Decision {
        self.decision.as_ref().unwrap_or_else(|| unreachable!("a lease holds its decision until it is dropped"))
    }
}

impl DerefMut for Lease<'_> {
    fn deref_mut(&mut self) -> &mut Decision {
        self.decision.as_mut().unwrap_or_else(|| unreachable!("a lease holds its decision until it is dropped"))
    }
}

impl Drop for Lease<'_> {
    fn drop(&mut self) {
        if let Some(decision) = self.decision.take() {
            self.home.put_back(decision);
        }
    }
}
