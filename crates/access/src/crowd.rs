//! Sets of the people of one source, and which of them a layer admits.
//!
//! A decision answers for one person; a report needs the answer for all of them and a million documents. What a set holds
//! comes from the same viewers as decisions do, so both say the same of everybody.

use crate::{AccessClass, Clause, Directory, Holder, Inline, Principal, SourceId, UserId, Viewer};
use std::collections::HashMap;

/// A set of the people of a [`Crowd`].
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct People(Box<[u64]>);

impl People {
    fn nobody(of: usize) -> Self {
        Self(vec![0; of.div_ceil(64)].into())
    }

    fn all(of: usize) -> Self {
        let mut all = Self::nobody(of);
        (0..of).for_each(|at| all.insert(at));
        all
    }

    fn insert(&mut self, at: usize) {
        self.0[at / 64] |= 1 << (at % 64);
    }

    fn extend(&mut self, more: &Self) {
        self.0.iter_mut().zip(&more.0).for_each(|(word, more)| *word |= more);
    }

    /// Keeps those who are in `others`, too.
    pub(crate) fn keep(&mut self, others: &Self) {
        self.0.iter_mut().zip(&others.0).for_each(|(word, others)| *word &= others);
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.0.iter().map(|word| word.count_ones() as usize).sum()
    }

    /// How many of them are in `others`, too.
    pub(crate) fn shared(&self, others: &Self) -> usize {
        self.0.iter().zip(&others.0).map(|(word, others)| (word & others).count_ones() as usize).sum()
    }

    /// Whether all of them are in `others`.
    pub(crate) fn are_among(&self, others: &Self) -> bool {
        self.0.iter().zip(&others.0).all(|(word, others)| word & !others == 0)
    }

    /// Their places in the crowd.
    pub fn places(&self) -> impl Iterator<Item = usize> {
        let words = self.0.iter().enumerate();
        words.flat_map(|(at, word)| (0..64).filter(move |bit| word >> bit & 1 == 1).map(move |bit| at * 64 + bit))
    }
}

/// Who holds a principal. Most principals are users, and a set for each would take the square of their number.
enum Holding {
    One(usize),
    Many(People),
}

/// Everybody who holds anything on one source.
pub struct Crowd {
    people: Vec<(UserId, Viewer)>,
    holding: HashMap<Principal, Holding>,
    everyone: People,
    members: People,
    guests: People,
}

impl Crowd {
    /// Everybody of a source.
    pub fn of(directory: &Directory, source: SourceId) -> Self {
        let people = directory.everybody(source);
        let mut holding: HashMap<Principal, Holding> = HashMap::new();
        for (at, (_, viewer)) in people.iter().enumerate() {
            for principal in viewer.principals() {
                if matches!(principal.holder, Holder::User(_)) {
                    holding.insert(principal.clone(), Holding::One(at));
                } else if let Holding::Many(set) =
                    holding.entry(principal.clone()).or_insert_with(|| Holding::Many(People::nobody(people.len())))
                {
                    set.insert(at);
                }
            }
        }
        let licensed = Principal::new(source, Holder::Class(AccessClass::LicensedUsers));
        let (mut members, mut guests) = (People::nobody(people.len()), People::nobody(people.len()));
        for (at, (_, viewer)) in people.iter().enumerate() {
            if viewer.holds(&licensed) { members.insert(at) } else { guests.insert(at) }
        }
        Self { everyone: People::all(people.len()), people, holding, members, guests }
    }

    /// One person, by place.
    pub fn person(&self, at: usize) -> Option<&(UserId, Viewer)> {
        self.people.get(at)
    }

    /// All people.
    pub fn everyone(&self) -> &People {
        &self.everyone
    }

    /// None of them.
    pub(crate) fn nobody(&self) -> People {
        People::nobody(self.people.len())
    }

    /// Those with access to the product who are no guests.
    pub fn members(&self) -> &People {
        &self.members
    }

    /// The guests.
    pub fn guests(&self) -> &People {
        &self.guests
    }

    /// Whom a layer admits, for an issue whose fields name `inline`.
    pub(crate) fn admitted(&self, clause: &Clause, inline: Option<&Inline>) -> People {
        let mut admitted = People::nobody(self.people.len());
        for principal in clause.holders(inline) {
            match self.holding.get(principal) {
                Some(Holding::One(at)) => admitted.insert(*at),
                Some(Holding::Many(set)) => admitted.extend(set),
                None => {}
            }
        }
        admitted
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sets_count_share_and_list() {
        let mut few = People::nobody(130);
        [0, 64, 129].into_iter().for_each(|at| few.insert(at));
        assert_eq!(few.places().collect::<Vec<_>>(), [0, 64, 129]);
        let all = People::all(130);
        assert_eq!((all.count(), all.shared(&few), few.are_among(&all), all.are_among(&few)), (130, 3, true, false));
        let mut kept = all.clone();
        kept.keep(&few);
        assert_eq!(kept, few);
        few.extend(&all);
        assert_eq!(few, all);
    }
}
