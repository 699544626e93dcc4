//! The decisions made for one viewer, kept so that a query costs a few array reads per document.
//!
//! One answer per clause with the clause's version, one per interned ACL, made when first needed. New ACLs and
//! re-pointed documents invalidate nothing. A clause that changed in place costs its own answer again, and the answers
//! of the ACLs are derived anew from the answers of their clauses. A query that needs many ACLs has all of them answered
//! at once, in the order in which they lie in memory: one by one, each would wait for memory several times. Then the
//! clauses are asked anew and their answers thrown away, because looking one up takes as long as asking.

use crate::interned::Held;
use crate::mutants::off;
use crate::state::Versioned;
use crate::{AccessState, AclId, Answer, ClauseId, DocNo, NodeEntry, Viewer};

/// ACLs that are answered one by one before all are, which takes as long as a thirtieth of them one by one.
const FEW: u32 = 64;
/// The same, as a share of all of them: what was answered twice is then little beside all.
const SHARE: u32 = 512;

/// The answer of a clause in one version, in a word.
#[derive(Clone, Copy, Default)]
struct ClauseAnswer(u64);

impl ClauseAnswer {
    fn of(version: u64, answer: Answer) -> Self {
        let answer = match answer {
            Answer::Yes => 1,
            Answer::No => 2,
            Answer::Depends => 3,
        };
        // Versions are counted up from one with every change, so the highest bits of a word stay free.
        Self(version << 2 | answer)
    }

    /// `None` if it was never asked, or in another version.
    fn in_version(self, version: u64) -> Option<Answer> {
        let same = self.0 >> 2 == version || off("access.clause-versions");
        match self.0 & 3 {
            1 if same => Some(Answer::Yes),
            2 if same => Some(Answer::No),
            3 if same => Some(Answer::Depends),
            _ => None,
        }
    }
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
    /// How many ACLs were asked about in this epoch.
    asked: u32,
}

impl Decision {
    /// Knows nothing yet; everything is asked when first needed.
    pub fn new(viewer: Viewer) -> Self {
        Self { viewer, held: Held::default(), epoch: 0, clauses: Vec::new(), acls: Vec::new(), asked: 0 }
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
        self.keep_up(state);
        if let Some(Some(answer)) = self.acls.get(id.0 as usize) {
            return *answer;
        }
        self.ask_acl(state, id)
    }

    /// Forgets what was derived from clauses that have changed since.
    #[inline]
    fn keep_up(&mut self, state: &AccessState) {
        if self.epoch != state.epoch() {
            self.acls.clear();
            self.asked = 0;
            self.epoch = state.epoch();
        }
    }

    #[cold]
    fn ask_acl(&mut self, state: &AccessState, id: AclId) -> Answer {
        let Some(clauses) = state.acl(id) else { return Answer::No };
        self.asked += 1;
        if self.asked > FEW.max(state.acl_end() / SHARE) {
            self.ask_all(state);
        }
        let whole = all_of(clauses.iter().map(|clause| self.clause(state, *clause)));
        let at = id.0 as usize;
        if self.acls.len() <= at {
            self.acls.resize(at + 1, None);
        }
        self.acls[at] = Some(whole);
        whole
    }

    /// Answers every ACL there is, which changes nothing but how soon later questions are answered.
    #[cold]
    pub fn ask_all(&mut self, state: &AccessState) {
        self.keep_up(state);
        // A byte each, so that all of them stay near while the ACLs go by.
        let mut answers = vec![Answer::No; state.clause_end() as usize];
        for (id, versioned) in state.clauses() {
            answers[id.0 as usize] = self.answer(state, versioned);
        }
        let mut acls = vec![None; state.acl_end() as usize];
        for (id, clauses) in state.acls() {
            let answers = clauses.iter().map(|clause| answers.get(clause.0 as usize).copied().unwrap_or(Answer::No));
            acls[id.0 as usize] = Some(all_of(answers));
        }
        self.acls = acls;
        self.asked = 0;
    }

    fn clause(&mut self, state: &AccessState, id: ClauseId) -> Answer {
        match state.versioned(id) {
            Some(versioned) => self.ask_clause(state, id, versioned),
            None => Answer::No,
        }
    }

    fn ask_clause(&mut self, state: &AccessState, id: ClauseId, versioned: &Versioned) -> Answer {
        let at = id.0 as usize;
        if self.clauses.len() <= at {
            self.clauses.resize(at + 1, ClauseAnswer::default());
        }
        if let Some(answer) = self.clauses[at].in_version(versioned.version) {
            return answer;
        }
        let answer = self.answer(state, versioned);
        self.clauses[at] = ClauseAnswer::of(versioned.version, answer);
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

/// What all the clauses of an ACL come to. An ACL without any admits nobody.
fn all_of(clauses: impl IntoIterator<Item = Answer>) -> Answer {
    let mut whole = None;
    for answer in clauses {
        match answer {
            Answer::No => return Answer::No,
            Answer::Depends => whole = Some(Answer::Depends),
            Answer::Yes => whole = whole.or(Some(Answer::Yes)),
        }
    }
    whole.unwrap_or(Answer::No)
}
