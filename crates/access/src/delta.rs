//! What one committed batch changes about access.

use crate::{AclId, Clause, ClauseId, DocNo, Hidden, Inline, NodeId};
use std::sync::Arc;

/// Where a node's decision comes from.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct NodeEntry {
    /// The interned list of clauses that decide for it.
    pub acl: AclId,
    /// What the issue's own fields name, for dynamic holders.
    pub inline: Option<Arc<Inline>>,
}

/// Where a document's decision comes from.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct DocumentEntry {
    /// The page, blog post or issue that decides for it.
    pub node: NodeId,
    /// A layer of its own: the audience of a restricted comment and of what belongs to it.
    pub audience: Option<ClauseId>,
    /// Why nobody sees the document, whatever its node says.
    pub hidden: Option<Hidden>,
}

/// The access side of one committed batch, applied to [`AccessState`](crate::AccessState) as a whole or not at all.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Delta {
    /// New clauses, and clauses whose content changed in place.
    pub clauses: Vec<(ClauseId, Clause)>,
    /// New interned lists. An id that is already known keeps its list: lists never change.
    pub acls: Vec<(AclId, Vec<ClauseId>)>,
    /// New nodes, and nodes that were re-pointed.
    pub nodes: Vec<(NodeId, NodeEntry)>,
    /// New documents, and documents that were re-pointed, hidden or shown again.
    pub documents: Vec<(DocNo, DocumentEntry)>,
    /// Documents whose text changed, with the outbox sequence number at which the index will hold the new text.
    pub rewritten: Vec<(DocNo, u64)>,
}

impl Delta {
    /// Whether the batch changes nothing about access.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}
