//! What was decided for the viewers of late, so that the second query of a person costs no clause again.
//!
//! It is taken out while a query uses it, so queries of different people never wait for each other. A second
//! query of the same person at the same time starts with an empty one.

use crate::sight::Sight;
use access::{Decision, Viewer};
use std::collections::HashMap;
use std::ops::{Deref, DerefMut};
use std::sync::{Mutex, PoisonError};

/// How many viewers are remembered. A decision over 500,000 ACLs takes half a megabyte, a sight of a million documents a
/// quarter of one.
const MOST: usize = 64;

/// What is known about one viewer.
pub(crate) struct Known {
    pub(crate) decision: Decision,
    pub(crate) sight: Sight,
}

#[derive(Default)]
struct Kept {
    /// Rises with every return; tells who was away longest.
    clock: u64,
    idle: HashMap<Viewer, (u64, Known)>,
}

/// A bounded store of decisions by viewer.
#[derive(Default)]
pub(crate) struct Decisions(Mutex<Kept>);

impl Decisions {
    /// The viewer's decision, until the lease is dropped.
    pub(crate) fn lease(&self, viewer: &Viewer) -> Lease<'_> {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner).idle.remove(viewer);
        let unknown = || Known { decision: Decision::new(viewer.clone()), sight: Sight::default() };
        Lease { home: self, known: Some(known.map_or_else(unknown, |(_, known)| known)) }
    }

    fn put_back(&self, known: Known) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.clock += 1;
        let now = kept.clock;
        kept.idle.insert(known.decision.viewer().clone(), (now, known));
        if kept.idle.len() > MOST {
            let oldest = kept.idle.iter().min_by_key(|(_, (at, _))| *at).map(|(viewer, _)| viewer.clone());
            if let Some(oldest) = oldest {
                kept.idle.remove(&oldest);
            }
        }
    }
}

/// What is known about one viewer, in use.
pub(crate) struct Lease<'a> {
    home: &'a Decisions,
    /// `None` only while being dropped.
    known: Option<Known>,
}

impl Deref for Lease<'_> {
    type Target = Known;

    fn deref(&self) -> &Known {
        self.known.as_ref().unwrap_or_else(|| unreachable!("a lease holds what is known until it is dropped"))
    }
}

impl DerefMut for Lease<'_> {
    fn deref_mut(&mut self) -> &mut Known {
        self.known.as_mut().unwrap_or_else(|| unreachable!("a lease holds what is known until it is dropped"))
    }
}

impl Drop for Lease<'_> {
    fn drop(&mut self) {
        if let Some(known) = self.known.take() {
            self.home.put_back(known);
        }
    }
}
