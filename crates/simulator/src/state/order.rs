//! An index by some value and then by id, in parts (kinds of content, footer or inline, …): every sorted listing is a range of it.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Bound::{Excluded, Unbounded};

/// Ids of each part in the order of their values.
#[derive(Debug)]
pub struct Order<P, K>(BTreeMap<P, BTreeSet<(K, u64)>>);

impl<P, K> Default for Order<P, K> {
    fn default() -> Self {
        Self(BTreeMap::new())
    }
}

impl<P: Ord, K: Ord> Order<P, K> {
    pub(super) fn insert(&mut self, part: P, key: K, id: u64) {
        self.0.entry(part).or_default().insert((key, id));
    }

    pub(super) fn remove(&mut self, part: &P, key: K, id: u64) {
        if let Some(ids) = self.0.get_mut(part) {
            ids.remove(&(key, id));
        }
    }

    /// (value, id) of a part, ascending or descending, from just behind `after` on.
    pub fn walk(
        &self,
        part: &P,
        after: Option<(K, u64)>,
        descending: bool,
    ) -> Box<dyn Iterator<Item = (&K, u64)> + '_> {
        let Some(all) = self.0.get(part) else { return Box::new(std::iter::empty()) };
        let edge = after.map_or(Unbounded, Excluded);
        if descending {
            Box::new(all.range((Unbounded, edge)).rev().map(|(key, id)| (key, *id)))
        } else {
            Box::new(all.range((edge, Unbounded)).map(|(key, id)| (key, *id)))
        }
    }
}
