//! The same promises in the plainest form: everything in maps, every decision computed anew by walking up.

use model::{ClauseKey, Document, DocumentKey, Kind, NodeKey, NodeKind};
use std::collections::{BTreeMap, BTreeSet};

/// What a layer states, as names.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Says {
    Any(BTreeSet<&'static str>),
    /// The assignee, whoever that is.
    Assignee,
    NotUnderstood,
    Forbidden,
}

#[derive(Clone, Debug)]
struct Layer {
    says: Says,
    read_at: i64,
    stale: bool,
}

#[derive(Clone, Debug, Default)]
struct Node {
    /// `None`: not placed. `Some(None)`: a root.
    place: Option<Option<NodeKey>>,
    own: Option<Vec<ClauseKey>>,
    assignee: Option<&'static str>,
}

#[derive(Clone, Debug)]
struct Doc {
    document: Document,
    seen: i64,
    missed: Option<i64>,
    deleted: bool,
}

#[derive(Clone, Debug)]
struct Space {
    name: String,
    seen: i64,
    outside: bool,
}

/// A store that recomputes everything.
#[derive(Clone, Debug, Default)]
pub(crate) struct Naive {
    layers: BTreeMap<ClauseKey, Layer>,
    nodes: BTreeMap<NodeKey, Node>,
    docs: BTreeMap<DocumentKey, Doc>,
    spaces: BTreeMap<String, Space>,
}

impl Naive {
    pub(crate) fn knows_clause(&self, key: &ClauseKey) -> bool {
        self.layers.contains_key(key)
    }

    pub(crate) fn container(&mut self, native: &str, name: &str, run: i64) {
        self.spaces.insert(native.into(), Space { name: name.into(), seen: run, outside: false });
    }

    pub(crate) fn clause(&mut self, key: &ClauseKey, says: &Says, at: i64) {
        let open = self.layers.get(key).is_some_and(|layer| matches!(layer.says, Says::Any(_) | Says::Assignee));
        if *says == Says::Forbidden && open {
            return;
        }
        self.layers.insert(key.clone(), Layer { says: says.clone(), read_at: at, stale: false });
    }

    pub(crate) fn place(&mut self, node: &NodeKey, parent: Option<&NodeKey>) {
        self.nodes.entry(node.clone()).or_default().place = Some(parent.cloned());
    }

    pub(crate) fn own(&mut self, node: &NodeKey, own: &[ClauseKey], assignee: Option<&'static str>) {
        let known = self.nodes.entry(node.clone()).or_default();
        (known.own, known.assignee) = (Some(own.to_vec()), assignee);
    }

    pub(crate) fn document(&mut self, document: &Document, run: i64) {
        let doc = Doc { document: document.clone(), seen: run, missed: None, deleted: false };
        self.docs.insert(document.key.clone(), doc);
    }

    /// Listed without its text. False if nothing of it is stored.
    pub(crate) fn see(&mut self, key: &DocumentKey, run: i64) -> bool {
        let Some(doc) = self.docs.get_mut(key).filter(|doc| !doc.deleted) else { return false };
        (doc.seen, doc.missed) = (run, None);
        true
    }

    pub(crate) fn gone(&mut self, key: &DocumentKey) {
        if let Some(doc) = self.docs.get_mut(key) {
            doc.deleted = true;
        }
    }

    pub(crate) fn expire(&mut self, bound: i64) {
        for layer in self.layers.values_mut().filter(|layer| layer.read_at < bound) {
            layer.stale |= matches!(layer.says, Says::Any(_) | Says::Assignee);
        }
    }

    pub(crate) fn sweep_spaces(&mut self, run: i64) {
        for space in self.spaces.values_mut().filter(|space| space.seen != run) {
            space.outside = true;
        }
    }

    pub(crate) fn sweep(&mut self, kind: Kind, run: i64) {
        for doc in self.docs.values_mut().filter(|doc| doc.document.key.kind == kind) {
            let asked = self.spaces.get(&doc.document.container.0).is_none_or(|space| space.seen == run);
            if doc.seen == run || doc.deleted || !asked || doc.missed == Some(run) {
                continue;
            }
            match doc.missed {
                None => doc.missed = Some(run),
                Some(_) => doc.deleted = true,
            }
        }
    }

    fn layer_admits(&self, key: &ClauseKey, person: &str, assignee: Option<&str>) -> bool {
        self.layers.get(key).is_some_and(|layer| match &layer.says {
            _ if layer.stale => false,
            Says::Any(names) => names.contains(person),
            Says::Assignee => assignee == Some(person),
            Says::NotUnderstood | Says::Forbidden => false,
        })
    }

    /// Whether `person` sees the document, by the rules alone.
    pub(crate) fn admits(&self, person: &str, key: &DocumentKey) -> bool {
        let Some(doc) = self.docs.get(key) else { return false };
        let outside = self.spaces.get(&doc.document.container.0).is_some_and(|space| space.outside);
        if doc.deleted || doc.missed.is_some() || outside {
            return false;
        }
        // Dynamic holders are those of the node that the document belongs to, on whatever layer they stand.
        let start = &doc.document.node;
        let assignee = self.nodes.get(start).and_then(|node| node.assignee);
        if doc.document.audience.as_ref().is_some_and(|audience| !self.layer_admits(audience, person, assignee)) {
            return false;
        }
        let (mut at, mut walked) = (start, BTreeSet::new());
        loop {
            let Some(node) = self.nodes.get(at) else { return false };
            let (Some(parent), Some(own)) = (&node.place, &node.own) else { return false };
            if !walked.insert(at) || !own.iter().all(|clause| self.layer_admits(clause, person, assignee)) {
                return false;
            }
            match parent {
                Some(parent) => at = parent,
                None => return matches!(at.kind, NodeKind::Space),
            }
        }
    }

    pub(crate) fn keys(&self) -> impl Iterator<Item = &DocumentKey> {
        self.docs.keys()
    }

    /// What an index that followed every change holds: text, name of the container, and the document above.
    pub(crate) fn indexed(&self) -> BTreeMap<DocumentKey, (String, String, DocumentKey)> {
        let live = self.docs.values().filter(|doc| !doc.deleted).map(|doc| {
            let document = &doc.document;
            let name = self.spaces.get(&document.container.0).map_or(&document.container.0, |space| &space.name);
            let above = document.parent.as_ref().filter(|parent| self.docs.contains_key(parent));
            let above = above.unwrap_or(&document.key).clone();
            (document.key.clone(), (document.body.text.clone(), name.clone(), above))
        });
        live.collect()
    }
}
