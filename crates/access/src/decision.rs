//! The decisions made for one viewer, kept so that a query costs a few array reads per document.
//!
//! One answer per clause with the clause's version, one per interned ACL, made when first needed. New ACLs and
//! re-pointed documents invalidate nothing. A clause that changed in place costs its own answer again, and the answers
//! of the ACLs are derived anew from the answers of their clauses.

use crate::interned::Held;
use crate::mutants::off;
use crate::state::Versioned;
use crate::{AccessState, AclId, Answer, ClauseId, DocNo, NodeEntry, Viewer};

#[derive(Clone, Copy, Default)]
struct ClauseAnswer {
    /// Zero: never asked. State epochs start at one with the first clause.
    version: u64,
    answer: Option<Answer>,
}

/// Answers "may this viewer see document N" against any snapshot of one store.
#[derive(Clone)]
pub struct Decision {
    viewer: Viewer,
    /// The viewer's principals by number; made anew when a clause lists one that is newer.
    held: Held,
    epoch: u64,
    clauses: Vec<ClauseAnswer>,
    acls: Vec<Option<Answer>>,
}

impl Decision {
    /// Knows nothing yet; everything is asked when first needed.
    pub fn new(viewer: Viewer) -> Self {
        Self { viewer, held: Held::default(), epoch: 0, clauses: Vec::new(), acls: Vec::new() }
    }

    /// For whom the decisions were made.
    pub fn viewer(&self) -> &Viewer {
        &self.viewer
    }

    /// Equals [`AccessState::admits`] for the same viewer (ACL-6).
    #[inline]
    pub fn admits(&mut self, state: &AccessState, doc: DocNo) -> bool {
        let Some(entry) = state.document(doc) else { return false };
        if entry.hidden.is_some() && !off("access.hidden-documents") {
            return false;
        }
        let Some(node) = state.node(entry.node) else { return false };
        let by_node = match self.acl(state, node.acl) {
            Answer::Yes => true,
            Answer::No => false,
            Answer::Depends => self.depends(state, node),
        };
        by_node
            && (off("access.audience") || entry.audience.is_none_or(|audience| self.by_clause(state, audience, node)))
            && state.former_admits(&self.viewer, doc)
    }

    #[inline]
    fn acl(&mut self, state: &AccessState, id: AclId) -> Answer {
        if self.epoch != state.epoch() {
            self.acls.clear();
            self.epoch = state.epoch();
        }
        if let Some(Some(answer)) = self.acls.get(id.0 as usize) {
            return *answer;
        }
        self.ask_acl(state, id)
    }

    #[cold]
    fn ask_acl(&mut self, state: &AccessState, id: AclId) -> Answer {
        let Some(clauses) = state.acl(id).filter(|clauses| !clauses.is_empty()) else { return Answer::No };
        let mut whole = Answer::Yes;
        for clause in clauses.iter() {
            match self.clause(state, *clause) {
                Answer::Yes => {}
                Answer::Depends => whole = Answer::Depends,
                Answer::No => {
                    whole = Answer::No;
                    break;
                }
            }
        }
        let at = id.0 as usize;
        if self.acls.len() <= at {
            self.acls.resize(at + 1, None);
        }
        self.acls[at] = Some(whole);
        whole
    }

    fn clause(&mut self, state: &AccessState, id: ClauseId) -> Answer {
        let Some(versioned) = state.versioned(id) else { return Answer::No };
        let at = id.0 as usize;
        if self.clauses.len() <= at {
            self.clauses.resize(at + 1, ClauseAnswer::default());
        }
        let known = self.clauses[at];
        if let Some(answer) =
            known.answer.filter(|_| known.version == versioned.version || off("access.clause-versions"))
        {
            return answer;
        }
        let answer = self.answer(state, versioned);
        self.clauses[at] = ClauseAnswer { version: versioned.version, answer: Some(answer) };
        answer
    }

    /// Equals [`Clause::answer`](crate::Clause::answer).
    fn answer(&mut self, state: &AccessState, versioned: &Versioned) -> Answer {
        if !self.held.covers(&versioned.numbers) {
            self.held = state.held(&self.viewer);
        }
        if self.held.holds_any(&versioned.numbers) {
            return Answer::Yes;
        }
        if versioned.depends { Answer::Depends } else { Answer::No }
    }

    fn depends(&mut self, state: &AccessState, node: &NodeEntry) -> bool {
        let Some(clauses) = state.acl(node.acl) else { return false };
        clauses.iter().all(|clause| self.by_clause(state, *clause, node))
    }

    fn by_clause(&mut self, state: &AccessState, id: ClauseId, node: &NodeEntry) -> bool {
        match self.clause(state, id) {
            Answer::Yes => true,
            Answer::No => false,
            Answer::Depends => {
                state.clause(id).is_some_and(|clause| clause.admits(&self.viewer, node.inline.as_deref()))
            }
        }
    }
}
