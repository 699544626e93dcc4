//! Who sees each document, for all people at once: what reports count.
//!
//! Answers are kept per list of clauses, so a million documents cost little more than their lists do. They equal
//! [`AccessState::admits`] for every person of the crowd; `tests/laws.rs` compares the two.

use crate::{AccessState, AclId, ClauseId, Crowd, DocNo, Hidden, Inline, People};
use std::collections::{BTreeMap, HashMap};

/// How many layers with wide holders are kept; what comes later is worked out each time.
const MOST_KEPT: usize = 4096;
/// Layers that name fewer holders are worked out faster than looked up.
const WIDE: usize = 3;

/// Who sees one document.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Seen {
    /// How many people do.
    pub people: usize,
    /// How many of them are guests.
    pub guests: usize,
    /// Whether everybody with access to the product does, guests aside.
    pub by_all_members: bool,
    /// Why nobody does, as far as that has a cause.
    pub cause: Option<Hidden>,
}

/// How many people a layer lets in.
#[derive(Clone, Copy, Eq, PartialEq)]
enum Breadth {
    Everybody,
    Some,
    Nobody,
}

/// What was worked out for one list of clauses.
struct Known {
    /// Whether the answer holds only for issues whose own fields name nobody.
    depends: bool,
    seen: Seen,
}

/// Works out who sees what in one state, for one crowd.
pub struct Exposure<'a> {
    state: &'a AccessState,
    crowd: &'a Crowd,
    breadths: HashMap<ClauseId, Breadth>,
    layers: HashMap<ClauseId, People>,
    lists: HashMap<(AclId, Option<ClauseId>), Known>,
    /// Layers met beside others, with whether one of them ever kept anybody out whom the others admit.
    narrows: BTreeMap<ClauseId, bool>,
}

impl<'a> Exposure<'a> {
    /// Nothing is worked out yet.
    pub fn new(state: &'a AccessState, crowd: &'a Crowd) -> Self {
        Self {
            state,
            crowd,
            breadths: HashMap::new(),
            layers: HashMap::new(),
            lists: HashMap::new(),
            narrows: BTreeMap::new(),
        }
    }

    /// Who sees a document.
    pub fn seen(&mut self, doc: DocNo) -> Seen {
        let entry = self.state.document(doc).filter(|entry| entry.hidden.is_none());
        let Some((entry, node)) = entry.and_then(|entry| Some((entry, self.state.node(entry.node)?))) else {
            return self.by_nobody(doc);
        };
        let key = (node.acl, entry.audience);
        let waits = self.state.former_layers(doc).next().is_some();
        if let Some(known) = self.lists.get(&key).filter(|known| !(waits || known.depends && node.inline.is_some())) {
            return known.seen;
        }
        let Some((clauses, _)) = self.layers_of(doc) else { return self.by_nobody(doc) };
        let depends = clauses.iter().any(|id| self.looks_at_fields(*id));
        if waits || (depends && node.inline.is_some()) {
            let people = self.people(doc);
            return self.summary(&people, doc);
        }
        let people = self.conjunction(&clauses, None);
        if !depends {
            self.note_narrowing(&clauses);
        }
        let seen = self.summary(&people, doc);
        self.lists.insert(key, Known { depends, seen });
        seen
    }

    /// The people who see a document.
    pub fn people(&mut self, doc: DocNo) -> People {
        let Some((clauses, inline)) = self.layers_of(doc) else { return self.crowd.nobody() };
        let mut people = self.conjunction(&clauses, inline);
        for (layers, inline) in self.state.former_layers(doc) {
            if layers.is_empty() {
                people = self.crowd.nobody();
            }
            layers.iter().for_each(|layer| people.keep(&self.crowd.admitted(layer, inline)));
        }
        people
    }

    /// Layers beside others that kept nobody out of any document asked about whom the others admit. Lists in which one
    /// looks at an issue's own fields are left out: they say something else of each issue.
    pub fn without_effect(&self) -> impl Iterator<Item = ClauseId> {
        self.narrows.iter().filter(|(_, narrows)| !**narrows).map(|(id, _)| *id)
    }

    /// The layers of a document, and what its issue's fields name; `None` where something closes it for everybody.
    fn layers_of(&self, doc: DocNo) -> Option<(Vec<ClauseId>, Option<&'a Inline>)> {
        let entry = self.state.document(doc).filter(|entry| entry.hidden.is_none())?;
        let node = self.state.node(entry.node)?;
        let clauses = self.state.acl(node.acl).filter(|clauses| !clauses.is_empty())?;
        Some((clauses.iter().copied().chain(entry.audience).collect(), node.inline.as_deref()))
    }

    fn looks_at_fields(&self, id: ClauseId) -> bool {
        self.state.clause(id).is_some_and(|clause| clause.dynamic().next().is_some())
    }

    /// Those whom every layer admits. Most layers let in everybody or a few; only the latter cost a set.
    fn conjunction(&mut self, clauses: &[ClauseId], inline: Option<&Inline>) -> People {
        let mut people = self.crowd.everyone().clone();
        for id in clauses {
            let fields = inline.filter(|_| self.looks_at_fields(*id));
            match self.breadth(*id) {
                Breadth::Everybody => {}
                Breadth::Nobody if fields.is_none() => return self.crowd.nobody(),
                Breadth::Some if fields.is_none() && self.layers.contains_key(id) => people.keep(&self.layers[id]),
                _ => people.keep(&self.admitted(*id, fields)),
            }
        }
        people
    }

    /// How many a layer lets in without looking at fields of an issue.
    fn breadth(&mut self, id: ClauseId) -> Breadth {
        if let Some(known) = self.breadths.get(&id) {
            return *known;
        }
        let people = self.admitted(id, None);
        let breadth = match people.count() {
            0 => Breadth::Nobody,
            count if count == self.crowd.everyone().count() => Breadth::Everybody,
            _ => Breadth::Some,
        };
        let clause = self.state.clause(id);
        let is_wide = clause.is_some_and(|clause| clause.principals().nth(WIDE).is_some());
        if breadth == Breadth::Some && is_wide && self.layers.len() < MOST_KEPT {
            self.layers.insert(id, people);
        }
        self.breadths.insert(id, breadth);
        breadth
    }

    fn admitted(&self, id: ClauseId, inline: Option<&Inline>) -> People {
        match self.state.clause(id) {
            Some(clause) => self.crowd.admitted(clause, inline),
            None => self.crowd.nobody(),
        }
    }

    /// Notes for each layer whether it keeps out anybody whom the others let in.
    fn note_narrowing(&mut self, clauses: &[ClauseId]) {
        if clauses.len() < 2 {
            return;
        }
        for (at, id) in clauses.iter().enumerate() {
            let is_read = self.state.clause(*id).is_some_and(|clause| clause.hidden().is_none());
            if !is_read || self.narrows.get(id) == Some(&true) {
                continue;
            }
            let narrows = self.breadth(*id) != Breadth::Everybody && {
                let mut others = clauses.to_vec();
                others.remove(at);
                !self.conjunction(&others, None).are_among(&self.admitted(*id, None))
            };
            *self.narrows.entry(*id).or_default() |= narrows;
        }
    }

    fn summary(&self, people: &People, doc: DocNo) -> Seen {
        let members = self.crowd.members();
        let count = people.count();
        Seen {
            people: count,
            guests: people.shared(self.crowd.guests()),
            by_all_members: count > 0 && members.count() > 0 && members.are_among(people),
            cause: if count == 0 { self.state.cause(doc) } else { None },
        }
    }

    fn by_nobody(&self, doc: DocNo) -> Seen {
        Seen { people: 0, guests: 0, by_all_members: false, cause: self.state.cause(doc) }
    }
}
