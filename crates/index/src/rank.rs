//! The best groups so far: each with its best document, and the score that a newcomer has to reach.

use std::cmp::{Ordering, Reverse};
use std::collections::{BTreeSet, HashMap};
use tantivy::DocAddress;

/// A score without its last bits.
///
/// Sums of floats depend on the order of their terms, which pruning changes. Without the last bits the order of hits is
/// the same on every page and for every plan.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Score(f32);

impl Score {
    /// Never higher than `score`; a higher score never gives a lower one.
    pub(crate) fn of(score: f32) -> Self {
        Self(f32::from_bits(score.max(0.0).to_bits() & !0xff))
    }

    /// The highest float that this score does not reach.
    pub(crate) fn just_below(self) -> f32 {
        self.0.next_down()
    }
}

impl Eq for Score {}

impl PartialOrd for Score {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Score {
    fn cmp(&self, other: &Self) -> Ordering {
        self.0.total_cmp(&other.0)
    }
}

/// What orders documents: score, then the one that changed last, then the number. Smaller ranks come first.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(crate) struct Rank {
    pub(crate) score: Reverse<Score>,
    pub(crate) updated: Reverse<i64>,
    pub(crate) docno: u32,
    pub(crate) group: u32,
    pub(crate) address: DocAddress,
}

/// At most `limit` groups, best first.
#[derive(Debug)]
pub(crate) struct Best {
    limit: usize,
    ranks: BTreeSet<Rank>,
    by_group: HashMap<u32, Rank>,
}

impl Best {
    /// Holds nothing yet.
    pub(crate) fn new(limit: usize) -> Self {
        Self { limit, ranks: BTreeSet::new(), by_group: HashMap::new() }
    }

    /// The score of the last group, once the list is full: documents below it cannot enter.
    pub(crate) fn lowest(&self) -> Option<Score> {
        if self.limit == 0 {
            return Some(Score(f32::MAX));
        }
        self.ranks.last().filter(|_| self.ranks.len() == self.limit).map(|rank| rank.score.0)
    }

    /// Whether a document of this rank would change the list.
    pub(crate) fn wants(&self, rank: &Rank) -> bool {
        if self.limit == 0 {
            return false;
        }
        if let Some(known) = self.by_group.get(&rank.group) {
            return rank < known;
        }
        self.ranks.len() < self.limit || self.ranks.last().is_some_and(|last| rank < last)
    }

    /// Takes a document that is [wanted](Self::wants).
    pub(crate) fn insert(&mut self, rank: Rank) {
        if let Some(known) = self.by_group.insert(rank.group, rank) {
            self.ranks.remove(&known);
        }
        self.ranks.insert(rank);
        if self.ranks.len() > self.limit
            && let Some(last) = self.ranks.pop_last()
        {
            self.by_group.remove(&last.group);
        }
    }

    /// The groups, best first.
    pub(crate) fn into_ranks(self) -> Vec<Rank> {
        self.ranks.into_iter().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    fn rank(score: f32, docno: u32, group: u32) -> Rank {
        Rank { score: Reverse(Score::of(score)), updated: Reverse(0), docno, group, address: DocAddress::new(0, docno) }
    }

    proptest! {
        #[test]
        fn the_list_equals_sorting_everything(
            documents in prop::collection::vec((0_u8..20, 0_u32..12), 0..60),
            limit in 0_usize..8,
        ) {
            let ranks: Vec<Rank> = documents
                .iter()
                .enumerate()
                .map(|(at, (score, group))| rank(f32::from(*score), u32::try_from(at).unwrap(), *group))
                .collect();
            let mut best = Best::new(limit);
            for rank in &ranks {
                if best.wants(rank) {
                    prop_assert!(best.lowest().is_none_or(|lowest| rank.score.0 >= lowest));
                    best.insert(*rank);
                }
            }
            let mut groups: BTreeMap<u32, Rank> = BTreeMap::new();
            for rank in ranks {
                let known = groups.entry(rank.group).or_insert(rank);
                *known = (*known).min(rank);
            }
            let mut expected: Vec<Rank> = groups.into_values().collect();
            expected.sort();
            expected.truncate(limit);
            prop_assert_eq!(best.into_ranks(), expected);
        }

        #[test]
        fn cutting_bits_keeps_the_order(left in 0.0_f32..1e6, right in 0.0_f32..1e6) {
            prop_assert!(left < right || Score::of(left) >= Score::of(right));
            prop_assert!(Score::of(left).just_below() < left || left == 0.0);
        }
    }
}
