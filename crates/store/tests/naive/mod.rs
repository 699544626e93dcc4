//! The same promises in the plainest form: everything in maps, every decision computed anew by walking up.

use model::{ClauseKey, ContainerKey, Document, DocumentKey, Kind, NodeKey, NodeKind, Origin};
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
    read_at: i64,
    stale: bool,
}

#[derive(Clone, Debug)]
struct Doc {
    document: Document,
    seen: i64,
    missed: Option<i64>,
    proven: bool,
    deleted: bool,
}

#[derive(Clone, Debug)]
struct Space {
    name: String,
    seen: i64,
    outside: bool,
    proved: bool,
    missed: Option<i64>,
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
        self.spaces
            .insert(native.into(), Space { name: name.into(), seen: run, outside: false, proved: false, missed: None });
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

    pub(crate) fn own(&mut self, node: &NodeKey, own: &[ClauseKey], assignee: Option<&'static str>, at: i64) {
        let known = self.nodes.entry(node.clone()).or_default();
        (known.own, known.assignee) = (Some(own.to_vec()), assignee);
        (known.read_at, known.stale) = (at, false);
    }

    pub(crate) fn document(&mut self, document: &Document, run: i64) {
        // What lies below lies where its page lies, from the moment the page moves.
        let before = self.docs.get(&document.key).map(|doc| doc.document.container.clone());
        if document.parent.is_none() && before.is_some_and(|before| before != document.container) {
            let below = |doc: &&mut Doc| doc.document.parent.as_ref() == Some(&document.key);
            for doc in self.docs.values_mut().filter(below) {
                doc.document.container = document.container.clone();
            }
        }
        let doc = Doc { document: document.clone(), seen: run, missed: None, proven: false, deleted: false };
        self.docs.insert(document.key.clone(), doc);
    }

    /// Where a document lies, if it is stored.
    pub(crate) fn lies_in(&self, key: &DocumentKey) -> Option<ContainerKey> {
        self.docs.get(key).map(|doc| doc.document.container.clone())
    }

    /// Listed without its text. False if nothing of it is stored.
    pub(crate) fn see(&mut self, key: &DocumentKey, run: i64) -> bool {
        let Some(doc) = self.docs.get_mut(key).filter(|doc| !doc.deleted) else { return false };
        (doc.seen, doc.missed, doc.proven) = (run, None, false);
        true
    }

    pub(crate) fn gone(&mut self, key: &DocumentKey, run: i64) {
        let Some(doc) = self.docs.get_mut(key).filter(|doc| !doc.deleted) else { return };
        (doc.missed, doc.proven) = (doc.missed.or(Some(run)), true);
        self.hide_below(&BTreeSet::from([key.clone()]), run);
    }

    /// What hangs on something missing is hidden with it, and judged by its own listing.
    fn hide_below(&mut self, missing: &BTreeSet<DocumentKey>, run: i64) {
        let hangs = |doc: &&mut Doc| doc.document.parent.as_ref().is_some_and(|parent| missing.contains(parent));
        for doc in self.docs.values_mut().filter(hangs).filter(|doc| !doc.deleted && doc.missed.is_none()) {
            doc.missed = Some(run);
        }
    }

    pub(crate) fn bury(&mut self) {
        for doc in self.docs.values_mut().filter(|doc| doc.proven) {
            doc.deleted = true;
        }
    }

    pub(crate) fn expire(&mut self, bound: i64) {
        // What names a group cannot grow old: the group's members are in the directory.
        let ages = |(key, layer): &(&ClauseKey, &mut Layer)| key.origin != Origin::Audience && layer.read_at < bound;
        for (_, layer) in self.layers.iter_mut().filter(ages) {
            layer.stale |= matches!(layer.says, Says::Any(_) | Says::Assignee);
        }
        for node in self.nodes.values_mut().filter(|node| node.own.is_some() && node.read_at < bound) {
            node.stale = true;
        }
    }

    /// The first listing without a space hides what lies in it, the second proves that it is gone.
    pub(crate) fn sweep_spaces(&mut self, run: i64) {
        let mut gone = BTreeSet::new();
        let unnamed = |space: &Space| space.seen != run && space.missed != Some(run);
        for (native, space) in self.spaces.iter_mut().filter(|(_, space)| unnamed(space)) {
            if space.outside && !space.proved {
                gone.insert(native.clone());
                space.proved = true;
            }
            (space.outside, space.missed) = (true, Some(run));
        }
        let lies_in = |doc: &&mut Doc| !doc.deleted && gone.contains(&doc.document.container.0);
        for doc in self.docs.values_mut().filter(lies_in) {
            (doc.missed, doc.proven) = (doc.missed.or(Some(0)), true);
        }
    }

    pub(crate) fn sweep(&mut self, kind: Kind, run: i64) {
        let mut missing = BTreeSet::new();
        for doc in self.docs.values_mut().filter(|doc| doc.document.key.kind == kind) {
            let asked = self.spaces.get(&doc.document.container.0).is_none_or(|space| space.seen == run);
            if doc.seen == run || doc.deleted || !asked || doc.missed == Some(run) {
                continue;
            }
            doc.proven |= doc.missed.is_some();
            doc.missed = Some(run);
            missing.insert(doc.document.key.clone());
        }
        self.hide_below(&missing, run);
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
            if node.stale || !walked.insert(at) || !own.iter().all(|clause| self.layer_admits(clause, person, assignee))
            {
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
