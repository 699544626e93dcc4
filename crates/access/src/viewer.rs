//! A person as the decision sees one: everything that they hold, on all sources.

use crate::{Principal, SourceId};
use std::collections::BTreeSet;
use std::sync::Arc;

/// All principals of one person on all sources.
///
/// Built only by [`Directory::viewer_of`](crate::Directory::viewer_of), so that product access, deactivation and an
/// administrator's exclusions cannot be forgotten. Cheap to clone; equal viewers share cached decisions.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub struct Viewer(Arc<BTreeSet<Principal>>);

impl Viewer {
    pub(crate) fn holding(principals: BTreeSet<Principal>) -> Self {
        Self(Arc::new(principals))
    }

    /// Whether the person holds `principal`.
    pub fn holds(&self, principal: &Principal) -> bool {
        self.0.contains(principal)
    }

    /// Everything held, sorted.
    pub fn principals(&self) -> impl Iterator<Item = &Principal> {
        self.0.iter()
    }

    /// How many principals are held.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether the person holds nothing anywhere, and so sees nothing.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The sources on which the person holds anything.
    pub fn sources(&self) -> BTreeSet<SourceId> {
        self.0.iter().map(|principal| principal.source).collect()
    }
}
