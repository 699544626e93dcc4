//! The small numbers under which kinds and causes are stored.
//!
//! A number is the place in one of these lists. They are part of the stored format: append, never reorder.

use crate::StoreError;
use access::Hidden;
use model::{ContainerKind, Kind, NodeKind, Origin};

/// Something stored as a small number.
pub(crate) trait Code: Copy + PartialEq + 'static {
    /// What it names, for errors.
    const WHAT: &'static str;
    /// All values, each at its number.
    const LIST: &'static [Self];

    /// The number stored.
    fn number(self) -> i64 {
        Self::LIST.iter().position(|known| *known == self).and_then(|at| i64::try_from(at).ok()).unwrap_or(-1)
    }

    /// The value behind a stored number.
    fn of_number(number: i64) -> Result<Self, StoreError> {
        let found = usize::try_from(number).ok().and_then(|at| Self::LIST.get(at));
        found.copied().ok_or(StoreError::Unreadable { what: Self::WHAT })
    }
}

impl Code for Kind {
    const WHAT: &'static str = "kind of document";
    const LIST: &'static [Self] = &[Self::Page, Self::BlogPost, Self::Issue, Self::Comment, Self::Attachment];
}

impl Code for NodeKind {
    const WHAT: &'static str = "kind of node";
    const LIST: &'static [Self] = &[Self::Space, Self::Project, Self::Content, Self::Issue];
}

impl Code for Origin {
    const WHAT: &'static str = "origin of a clause";
    const LIST: &'static [Self] =
        &[Self::SpaceReaders, Self::ViewRestriction, Self::BrowseProject, Self::SecurityLevel, Self::Audience];
}

impl Code for ContainerKind {
    const WHAT: &'static str = "kind of container";
    const LIST: &'static [Self] = &[Self::Space, Self::PersonalSpace, Self::Project];
}

impl Code for Hidden {
    const WHAT: &'static str = "cause of hiding";
    const LIST: &'static [Self] = &Self::ALL;
}

#[cfg(test)]
mod tests {
    use super::*;

    fn every_value_has_a_number<T: Code + std::fmt::Debug>(all: &[T]) {
        for value in all {
            assert_eq!(T::of_number(value.number()).ok(), Some(*value), "{value:?}");
        }
        assert_eq!(all.len(), T::LIST.len());
        assert!(T::of_number(99).is_err());
    }

    #[test]
    fn every_kind_and_cause_is_stored_and_found_again() {
        every_value_has_a_number(Kind::ALL);
        every_value_has_a_number(NodeKind::ALL);
        every_value_has_a_number(Origin::ALL);
        every_value_has_a_number(ContainerKind::ALL);
        every_value_has_a_number(&Hidden::ALL);
    }

    #[test]
    fn stored_nodes_sort_as_their_keys_do() {
        assert!(NodeKind::LIST.is_sorted());
    }
}
