//! Numbers for clauses, lists, nodes and documents that stay the same from look to look, and what has changed since the last.

use crate::people::Thing;
use access::{
    AclId, Clause, ClauseId, Delta, DocNo, DocumentEntry, DynamicHolder, Hidden, Inline, NodeEntry, NodeId, NodeLinks,
    Principal, effective_clauses,
};
use std::collections::BTreeMap;
use std::convert::Infallible;
use std::sync::Arc;

/// What a document says, so that a look knows whether its text has changed.
type Text = String;

#[derive(Clone)]
struct Held {
    number: DocNo,
    entry: DocumentEntry,
    text: Text,
}

/// The book in which a company is kept for `access`. Keys are words of its own: `space 1`, `content 5`, `level 2 of 7`.
#[derive(Default)]
pub(super) struct Ledger {
    clauses: BTreeMap<String, (ClauseId, Clause)>,
    lists: BTreeMap<Vec<ClauseId>, AclId>,
    numbers: BTreeMap<String, NodeId>,
    /// Of this look.
    links: BTreeMap<NodeId, NodeLinks>,
    inline: BTreeMap<NodeId, Vec<(DynamicHolder, Principal)>>,
    documents: BTreeMap<Thing, Held>,
    /// Documents of this look by their node, with the key of their audience.
    current: BTreeMap<Thing, (NodeId, Option<ClauseId>, Text)>,
    changed: Vec<(ClauseId, Clause)>,
    rewritten: Vec<DocNo>,
}

impl Ledger {
    /// Forgets the places of the last look, keeps all numbers.
    pub(super) fn begin(&mut self) {
        self.links.clear();
        self.inline.clear();
        self.current.clear();
        self.changed.clear();
        self.rewritten.clear();
    }

    /// The number of a layer that now says `clause`.
    pub(super) fn clause(&mut self, key: &str, clause: Clause) -> ClauseId {
        let next = ClauseId(ClauseId::FIRST_STORED.0 + u32::try_from(self.clauses.len()).unwrap_or(u32::MAX));
        match self.clauses.get_mut(key) {
            Some((id, known)) if *known == clause => *id,
            Some((id, known)) => {
                known.clone_from(&clause);
                self.changed.push((*id, clause));
                *id
            }
            None => {
                self.clauses.insert(key.to_owned(), (next, clause.clone()));
                self.changed.push((next, clause));
                next
            }
        }
    }

    /// The number of a place, known or not.
    pub(super) fn number(&mut self, key: &str) -> NodeId {
        let next = NodeId(u32::try_from(self.numbers.len()).unwrap_or(u32::MAX));
        *self.numbers.entry(key.to_owned()).or_insert(next)
    }

    /// Where a place hangs, and the layers of its own.
    pub(super) fn place(&mut self, key: &str, parent: Option<&str>, own: Vec<ClauseId>) {
        let node = self.number(key);
        let parent = parent.map(|parent| self.number(parent));
        self.links.insert(node, NodeLinks { parent, own });
    }

    /// Whom an issue's own fields name.
    pub(super) fn fields(&mut self, key: &str, named: Vec<(DynamicHolder, Principal)>) {
        let node = self.number(key);
        self.inline.insert(node, named);
    }

    /// A document at a place.
    pub(super) fn document(&mut self, thing: Thing, key: &str, audience: Option<ClauseId>, text: String) {
        let node = self.number(key);
        self.current.insert(thing, (node, audience, text));
    }

    /// All documents of this look.
    pub(super) fn documents(&self) -> impl Iterator<Item = (DocNo, Thing)> {
        self.current.keys().filter_map(|thing| Some((self.documents.get(thing)?.number, thing.clone())))
    }

    /// Documents that were there before and now say something else.
    pub(super) fn rewritten(&self) -> impl Iterator<Item = DocNo> {
        self.rewritten.iter().copied()
    }

    /// What has changed since the last look.
    pub(super) fn delta(&mut self, sequence: u64) -> Delta {
        let mut delta = Delta { clauses: self.changed.clone(), ..Delta::default() };
        let nodes: Vec<NodeId> = self.links.keys().copied().collect();
        for node in nodes {
            let found = effective_clauses(node, |wanted| Ok::<_, Infallible>(self.links.get(&wanted).cloned()));
            let Ok(clauses) = found;
            let next = AclId(u32::try_from(self.lists.len()).unwrap_or(u32::MAX));
            let acl = *self.lists.entry(clauses.clone()).or_insert(next);
            delta.acls.push((acl, clauses));
            let inline = self.inline.get(&node).map(|named| Arc::new(Inline::new(named.clone())));
            delta.nodes.push((node, NodeEntry { acl, inline }));
        }
        for (thing, (node, audience, text)) in &self.current {
            let next = DocNo(u32::try_from(self.documents.len()).unwrap_or(u32::MAX));
            let entry = DocumentEntry { node: *node, audience: *audience, hidden: None };
            let held = self.documents.entry(thing.clone());
            let held = held.or_insert_with(|| Held { number: next, entry, text: text.clone() });
            if held.text != *text {
                held.text.clone_from(text);
                self.rewritten.push(held.number);
                delta.rewritten.push((held.number, sequence));
            }
            held.entry = entry;
            delta.documents.push((held.number, entry));
        }
        for (thing, held) in &mut self.documents {
            if !self.current.contains_key(thing) {
                held.entry.hidden = Some(Hidden::Deleted);
                delta.documents.push((held.number, held.entry));
            }
        }
        delta
    }
}
