//! Everything that decides about access, in memory, as one consistent snapshot.

use crate::interned::{Held, Interned, Numbers};
use crate::mutants::off;
use crate::row::Row;
use crate::slots::Slots;
use crate::{Admission, Clause, ClauseId, Delta, DocumentEntry, Hidden, Inline, NodeEntry, Viewer};
use std::collections::HashMap;
use std::sync::Arc;

/// An interned, immutable, sorted list of clauses. Given by the store, never reused.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct AclId(pub u32);

/// A space, project, page, folder, blog post or issue as far as access goes. Given by the store, never reused.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct NodeId(pub u32);

/// A document's dense number. Given by the store, never reused.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct DocNo(pub u32);

/// A clause with the epoch in which it last changed.
#[derive(Clone, Debug)]
pub(crate) struct Versioned {
    pub(crate) version: u64,
    /// Whom it lists, by number; nobody if it is closed.
    pub(crate) numbers: Numbers,
    /// Whether an issue's own fields can admit somebody whom it does not list.
    pub(crate) depends: bool,
    pub(crate) clause: Arc<Clause>,
}

/// The layers under which the text that the index still holds was readable.
#[derive(Clone, Debug)]
struct Former {
    /// The index holds the new text once it has committed this sequence number.
    until: u64,
    layers: Vec<Arc<Clause>>,
    inline: Option<Arc<Inline>>,
}

impl Former {
    fn admits(&self, viewer: &Viewer) -> bool {
        !self.layers.is_empty() && self.layers.iter().all(|clause| clause.admits(viewer, self.inline.as_deref()))
    }
}

/// One layer of a document's decision, for explanations.
#[derive(Clone, Debug)]
pub struct Layer {
    /// The clause, or the reserved clause of a cause.
    pub clause: ClauseId,
    /// Whether the layer admits the viewer who was asked about.
    pub admits: bool,
    /// By which holder it does.
    pub by: Option<Admission>,
    /// Why the layer is closed for everybody, if it is.
    pub hidden: Option<Hidden>,
}

/// The clauses of an ACL: those of a space and of a few restricted pages above.
type AclRow = Row<ClauseId, 7>;

/// An immutable snapshot. Cheap to clone; [`apply`](Self::apply) makes the next one.
#[derive(Clone, Debug)]
pub struct AccessState {
    epoch: u64,
    principals: Interned,
    clauses: Slots<Versioned>,
    acls: Slots<AclRow>,
    nodes: Slots<NodeEntry>,
    documents: Slots<DocumentEntry>,
    waiting: Arc<HashMap<DocNo, Vec<Former>>>,
}

impl AccessState {
    /// Knows nothing, and so admits nobody to anything (ACL-5).
    pub fn empty() -> Self {
        Self {
            epoch: 0,
            principals: Interned::default(),
            clauses: Slots::new(),
            acls: Slots::new(),
            nodes: Slots::new(),
            documents: Slots::new(),
            waiting: Arc::default(),
        }
    }

    /// The state after one committed batch.
    ///
    /// Tightening acts at once. A rewritten document that was known before stays under its former layers as well,
    /// until [`indexed`](Self::indexed) says that the index holds its new text (ACL-7).
    #[must_use]
    pub fn apply(&self, delta: &Delta) -> Self {
        let mut next = self.clone();
        for &(doc, until) in &delta.rewritten {
            if let Some(former) = self.former(doc, until) {
                let formers = Arc::make_mut(&mut next.waiting).entry(doc).or_default();
                // The outbox keeps only the latest change of a document, so the index may hold the oldest text until then.
                formers.iter_mut().for_each(|earlier| earlier.until = earlier.until.max(until));
                formers.push(former);
            }
        }
        if !delta.clauses.is_empty() {
            next.epoch += 1;
        }
        for (id, clause) in &delta.clauses {
            // A reserved id stays closed whatever a caller says.
            if *id >= ClauseId::FIRST_STORED {
                let numbers = next.principals.numbers(clause);
                let depends = clause.hidden().is_none() && clause.dynamic().next().is_some();
                let clause = Arc::new(clause.clone());
                next.clauses.set(id.0, Versioned { version: next.epoch, numbers, depends, clause });
            }
        }
        for (id, clauses) in &delta.acls {
            if next.acls.get(id.0).is_none() {
                next.acls.set(id.0, AclRow::new(clauses));
            }
        }
        for (id, entry) in &delta.nodes {
            next.nodes.set(id.0, entry.clone());
        }
        for (doc, entry) in &delta.documents {
            next.documents.set(doc.0, *entry);
        }
        next
    }

    /// The state once the index has committed everything up to `sequence`.
    #[must_use]
    pub fn indexed(&self, sequence: u64) -> Self {
        let mut next = self.clone();
        if next.waiting.values().flatten().any(|former| former.until <= sequence) {
            let waiting = Arc::make_mut(&mut next.waiting);
            for formers in waiting.values_mut() {
                formers.retain(|former| former.until > sequence);
            }
            waiting.retain(|_, formers| !formers.is_empty());
        }
        next
    }

    /// Closes documents until the index has caught up with them.
    ///
    /// For start-up: what the former layers of an unfinished rewrite were is not kept across a restart.
    #[must_use]
    pub fn awaiting(&self, documents: impl IntoIterator<Item = (DocNo, u64)>) -> Self {
        let mut next = self.clone();
        let closed = Arc::new(Clause::nobody(Hidden::AwaitingIndex));
        let waiting = Arc::make_mut(&mut next.waiting);
        for (doc, until) in documents {
            waiting.entry(doc).or_default().push(Former { until, layers: vec![closed.clone()], inline: None });
        }
        next
    }

    /// The documents that wait for the index.
    pub fn waiting(&self) -> usize {
        self.waiting.len()
    }

    /// One more than the highest document number known.
    pub fn document_end(&self) -> u32 {
        self.documents.end()
    }

    /// Where a document's decision comes from.
    pub fn document(&self, doc: DocNo) -> Option<DocumentEntry> {
        self.documents.get(doc.0).copied()
    }

    /// Where a node's decision comes from.
    pub fn node(&self, node: NodeId) -> Option<&NodeEntry> {
        self.nodes.get(node.0)
    }

    /// The clause with this id; `None` for reserved and unknown ids, which admit nobody.
    pub fn clause(&self, id: ClauseId) -> Option<&Clause> {
        self.clauses.get(id.0).map(|versioned| versioned.clause.as_ref())
    }

    /// Decides without any cache: the meaning that [`Decision`](crate::Decision) must equal (ACL-6).
    pub fn admits(&self, viewer: &Viewer, doc: DocNo) -> bool {
        let layers = self.layers(viewer, doc);
        if off("access.every-layer") {
            return layers.iter().any(|layer| layer.admits);
        }
        !layers.is_empty() && layers.iter().all(|layer| layer.admits)
    }

    /// Every layer that decides for the document, each with its answer. Empty for an unknown document.
    pub fn layers(&self, viewer: &Viewer, doc: DocNo) -> Vec<Layer> {
        let Some(entry) = self.document(doc) else { return Vec::new() };
        let mut layers = Vec::new();
        let closed = |hidden: Hidden| Layer { clause: hidden.clause(), admits: false, by: None, hidden: Some(hidden) };
        if let Some(hidden) = entry.hidden.filter(|_| !off("access.hidden-documents")) {
            layers.push(closed(hidden));
        }
        let node = self.nodes.get(entry.node.0);
        let acl = node.and_then(|node| self.acl(node.acl)).filter(|acl| !acl.is_empty());
        let inline = node.and_then(|node| node.inline.as_deref());
        match acl {
            None => layers.push(closed(Hidden::Unknown)),
            Some(acl) => {
                let audience = entry.audience.iter().filter(|_| !off("access.audience"));
                layers.extend(acl.iter().chain(audience).map(|&id| self.layer(viewer, id, inline)));
            }
        }
        if !self.former_admits(viewer, doc) {
            layers.push(closed(Hidden::AwaitingIndex));
        }
        layers
    }

    fn layer(&self, viewer: &Viewer, id: ClauseId, inline: Option<&Inline>) -> Layer {
        match self.clause(id) {
            Some(clause) => Layer {
                clause: id,
                admits: clause.admits(viewer, inline),
                by: clause.admission(viewer, inline),
                hidden: clause.hidden(),
            },
            None => {
                let cause = Hidden::of_clause(id).unwrap_or(Hidden::Unknown);
                Layer { clause: id, admits: false, by: None, hidden: Some(cause) }
            }
        }
    }

    /// Why nobody may see the document, as far as that has a cause. `None` does not mean that somebody may.
    pub fn cause(&self, doc: DocNo) -> Option<Hidden> {
        let Some(entry) = self.document(doc) else { return Some(Hidden::Unknown) };
        let by_clause = |id: &ClauseId| match self.clause(*id) {
            Some(clause) => clause.hidden(),
            None => Some(Hidden::of_clause(*id).unwrap_or(Hidden::Unknown)),
        };
        let by_acl = || match self.nodes.get(entry.node.0).and_then(|node| self.acl(node.acl)) {
            Some(acl) if !acl.is_empty() => acl.iter().find_map(by_clause),
            _ => Some(Hidden::Unknown),
        };
        let is_closed = |former: &Former| former.layers.iter().any(|layer| layer.hidden().is_some());
        let by_wait = || self.waiting.get(&doc).filter(|formers| formers.iter().any(is_closed));
        entry
            .hidden
            .or_else(by_acl)
            .or_else(|| entry.audience.as_ref().and_then(by_clause))
            .or_else(|| by_wait().map(|_| Hidden::AwaitingIndex))
    }

    /// The former layers of a document whose new text waits for the index: all of them admit, too, until then.
    pub(crate) fn former_layers(&self, doc: DocNo) -> impl Iterator<Item = (&[Arc<Clause>], Option<&Inline>)> {
        let formers = self.waiting.get(&doc).into_iter().flatten();
        formers.map(|former| (former.layers.as_slice(), former.inline.as_deref()))
    }

    pub(crate) fn epoch(&self) -> u64 {
        self.epoch
    }

    pub(crate) fn versioned(&self, id: ClauseId) -> Option<&Versioned> {
        self.clauses.get(id.0)
    }

    /// All clauses, in the order of their ids.
    pub(crate) fn clauses(&self) -> impl Iterator<Item = (ClauseId, &Versioned)> {
        self.clauses.iter().map(|(id, versioned)| (ClauseId(id), versioned))
    }

    /// One more than the highest id of a clause.
    pub(crate) fn clause_end(&self) -> u32 {
        self.clauses.end()
    }

    /// All ACLs, in the order of their ids.
    pub(crate) fn acls(&self) -> impl Iterator<Item = (AclId, &[ClauseId])> {
        self.acls.iter().map(|(id, clauses)| (AclId(id), clauses.as_slice()))
    }

    /// One more than the highest id of an ACL.
    pub(crate) fn acl_end(&self) -> u32 {
        self.acls.end()
    }

    pub(crate) fn acl(&self, id: AclId) -> Option<&[ClauseId]> {
        self.acls.get(id.0).map(Row::as_slice)
    }

    pub(crate) fn former_admits(&self, viewer: &Viewer, doc: DocNo) -> bool {
        self.waiting.is_empty()
            || off("access.old-and-new")
            || self.waiting.get(&doc).is_none_or(|formers| formers.iter().all(|former| former.admits(viewer)))
    }

    /// The layers that decide now, frozen. `None` for a document that is new: no text of it is in the index.
    fn former(&self, doc: DocNo, until: u64) -> Option<Former> {
        let entry = self.document(doc)?;
        let node = self.nodes.get(entry.node.0);
        let acl = node.and_then(|node| self.acl(node.acl));
        let ids = acl.into_iter().flatten().chain(entry.audience.iter());
        let nobody = || Arc::new(Clause::nobody(Hidden::Unknown));
        let mut layers: Vec<_> =
            ids.map(|id| self.versioned(*id).map_or_else(nobody, |versioned| versioned.clause.clone())).collect();
        if entry.hidden.is_some() || acl.is_none_or(<[ClauseId]>::is_empty) {
            layers.push(nobody());
        }
        Some(Former { until, layers, inline: node.and_then(|node| node.inline.clone()) })
    }

    /// Which principals a viewer holds, by number.
    pub(crate) fn held(&self, viewer: &Viewer) -> Held {
        self.principals.held(viewer)
    }
}
