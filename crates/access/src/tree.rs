//! From a tree of spaces, folders, pages, projects and issues to the clauses that decide for one of them.
//!
//! Sheet section 4.3: space readers AND the view restriction of every ancestor, folders included, AND the page's own.
//! A parent that is not known closes everything below it (ACL-5): it may carry a restriction that we cannot see.

use crate::mutants::off;
use crate::{ClauseId, Hidden, NodeId};

/// Deeper trees are treated as circles. Confluence itself refuses far shallower ones.
const DEEPEST: usize = 1000;

/// What a node adds, and where it hangs.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct NodeLinks {
    /// The node above; `None` only for a space or project, which is a root.
    pub parent: Option<NodeId>,
    /// The node's own layers; holds [`Hidden::Pending`]'s clause while its restrictions are not read.
    pub own: Vec<ClauseId>,
}

/// All clauses that decide for `node`, sorted, each once.
///
/// `links` answers `None` for a node that was never read; it may fail, and its error is passed on.
pub fn effective_clauses<E>(
    node: NodeId,
    mut links: impl FnMut(NodeId) -> Result<Option<NodeLinks>, E>,
) -> Result<Vec<ClauseId>, E> {
    let mut clauses = Vec::new();
    let mut next = Some(node);
    for _ in 0..DEEPEST {
        let Some(current) = next else {
            clauses.sort_unstable();
            clauses.dedup();
            return Ok(clauses);
        };
        match links(current)? {
            Some(found) => {
                if current == node || found.parent.is_none() || !off("access.ancestors") {
                    clauses.extend(found.own);
                }
                next = found.parent;
            }
            None if current != node && off("access.unknown-parent") => next = None,
            None => {
                let cause = if current == node { Hidden::Unknown } else { Hidden::AncestorUnreadable };
                clauses.push(cause.clause());
                next = None;
            }
        }
    }
    Ok(vec![Hidden::AncestorCycle.clause()])
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::convert::Infallible;

    fn clauses_of(node: u32, tree: &[(u32, Option<u32>, &[u32])]) -> Vec<u32> {
        let found = effective_clauses(NodeId(node), |wanted| {
            let links = tree.iter().find(|(id, ..)| NodeId(*id) == wanted).map(|(_, parent, own)| NodeLinks {
                parent: parent.map(NodeId),
                own: own.iter().copied().map(ClauseId).collect(),
            });
            Ok::<_, Infallible>(links)
        });
        let Ok(found) = found;
        found.into_iter().map(|clause| clause.0).collect()
    }

    #[test]
    fn every_ancestor_counts() {
        let tree = [(1, None, &[40][..]), (2, Some(1), &[42]), (3, Some(2), &[]), (4, Some(3), &[41, 42])];
        assert_eq!(clauses_of(4, &tree), [40, 41, 42]);
        assert_eq!(clauses_of(3, &tree), [40, 42]);
        assert_eq!(clauses_of(1, &tree), [40]);
    }

    #[test]
    fn an_unknown_parent_closes_what_hangs_below() {
        let tree = [(4, Some(3), &[41][..])];
        assert_eq!(clauses_of(4, &tree), [Hidden::AncestorUnreadable.clause().0, 41]);
        assert_eq!(clauses_of(9, &tree), [Hidden::Unknown.clause().0]);
    }

    #[test]
    fn a_circle_of_parents_ends_and_admits_nobody() {
        let tree = [(1, Some(2), &[40][..]), (2, Some(1), &[41])];
        assert_eq!(clauses_of(1, &tree), [Hidden::AncestorCycle.clause().0]);
    }
}
