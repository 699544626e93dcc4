//! Principals as small numbers, so that a viewer's hundreds of principals are one row of bits.
//!
//! A decision asks half a million clauses whether a viewer holds one of theirs. Comparing names would touch three places in
//! memory for each; comparing numbers touches one. The numbers are shared by all states of one store and only ever
//! added, so a number means the same principal in each of them.

use crate::row::Row;
use crate::{Clause, Principal, Viewer};
use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

/// The numbers of those whom a clause lists. Most clauses list few.
pub(crate) type Numbers = Row<u32, 4>;

/// All principals that any clause of a store has named.
#[derive(Clone, Debug, Default)]
pub(crate) struct Interned(Arc<RwLock<HashMap<Principal, u32>>>);

impl Interned {
    /// The numbers of those whom a clause lists; none if it is closed.
    pub(crate) fn numbers(&self, clause: &Clause) -> Numbers {
        let mut known = self.0.write().unwrap_or_else(PoisonError::into_inner);
        let number = |principal: &Principal| {
            if let Some(number) = known.get(principal) {
                return *number;
            }
            // There are fewer principals than bytes of memory, so the numbers of a 32-bit counter do not run out first.
            let next = u32::try_from(known.len()).unwrap_or(u32::MAX);
            known.insert(principal.clone(), next);
            next
        };
        let listed = clause.principals().filter(|_| clause.hidden().is_none());
        Numbers::new(&listed.map(number).collect::<Vec<_>>())
    }

    /// Which of them a viewer holds.
    pub(crate) fn held(&self, viewer: &Viewer) -> Held {
        let known = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let mut bits = vec![0_u64; known.len().div_ceil(64)];
        for number in viewer.principals().filter_map(|principal| known.get(principal)) {
            bits[*number as usize / 64] |= 1 << (number % 64);
        }
        Held { bits, known: known.len() }
    }
}

/// The principals that a viewer holds, by number.
#[derive(Clone, Debug, Default)]
pub(crate) struct Held {
    bits: Vec<u64>,
    /// How many numbers had been given when this was made.
    known: usize,
}

impl Held {
    /// Whether all of these numbers had been given when this was made.
    #[inline]
    pub(crate) fn covers(&self, numbers: &Numbers) -> bool {
        numbers.as_slice().iter().all(|number| (*number as usize) < self.known)
    }

    /// Whether one of them is held.
    #[inline]
    pub(crate) fn holds_any(&self, numbers: &Numbers) -> bool {
        numbers
            .as_slice()
            .iter()
            .any(|number| self.bits.get(*number as usize / 64).is_some_and(|word| word >> (number % 64) & 1 == 1))
    }
}
