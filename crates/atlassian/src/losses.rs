//! What of a list of grants could not be read or understood, and what follows from it.
//!
//! Grants only ever add, so what is understood stands: leaving the rest out cannot widen access (ACL-4). A clause that
//! admits nobody because of a loss says so, instead of passing for one that the source left empty (ACL-10).

use access::{Clause, Hidden};
use model::{Problem, ProblemKind};
use std::collections::BTreeMap;

/// The losses of one clause.
#[derive(Debug, Default)]
pub(crate) struct Losses {
    /// Of the first loss.
    cause: Option<Hidden>,
    /// Each reason with how often it was met: ten thousand odd holders are one problem, not ten thousand.
    reasons: BTreeMap<String, usize>,
}

impl Losses {
    /// Notes something that admits nobody because it could not be read.
    pub(crate) fn note(&mut self, cause: Hidden, reason: impl Into<String>) {
        self.cause.get_or_insert(cause);
        *self.reasons.entry(reason.into()).or_default() += 1;
    }

    /// The clause as it stands after the losses, and one problem that tells them all. `statement` is how an administrator
    /// finds what was read, such as `space ENG`.
    pub(crate) fn settle(self, clause: Clause, statement: impl Into<String>) -> (Clause, Option<Problem>) {
        let is_empty = clause.principals().next().is_none() && clause.dynamic().next().is_none();
        let clause = match self.cause {
            Some(cause) if is_empty => Clause::nobody(cause),
            _ => clause,
        };
        let problem = self.told().map(|reason| Problem::new(ProblemKind::Permission, statement, reason));
        (clause, problem)
    }

    /// All reasons in one sentence; the first few in full.
    fn told(&self) -> Option<String> {
        const SHOWN: usize = 5;
        let times = |(reason, count): (&String, &usize)| match count {
            1 => reason.clone(),
            more => format!("{reason} ({more} times)"),
        };
        let shown: Vec<String> = self.reasons.iter().take(SHOWN).map(times).collect();
        let more = match self.reasons.len().saturating_sub(SHOWN) {
            0 => String::new(),
            more => format!("; and {more} more"),
        };
        (!shown.is_empty()).then(|| format!("{}{more}; nobody is admitted through that", shown.join("; ")))
    }
}
