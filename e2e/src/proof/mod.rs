//! The proof of permissions: companies that nobody wrote, changed step by step, and every pair of a person and a document
//! compared between all that has a say about it.
//!
//! | where | what it compares |
//! |---|---|
//! | [`pure`] | the oracle with `access` alone, over clauses that are made from the world without adapters: millions of pairs |
//! | [`chain`] | the oracle, the source's REST as each account, `access`, both indexes and the API, over a hub in this process |
//! | [`case`] | a company with what happens in it, drawn from a seed or kept in `worlds/found` |
//! | [`shrink`] | the smallest company that still fails |
//! | [`run`] | many cases on all cores, and what they add up to |
//! | [`named`] | companies of a few lines, for cases that have a name |
//! | [`mutants`] | the same with one rule switched off, which must be noticed |
//!
//! `expected(person, document)` = the oracle admits the person, and the service account reads the document, and it lies in
//! scope, and the person is joined. After a completed cycle Fossick shows exactly that; between cycles it shows nothing
//! that no state since the last completed one allowed; and whatever it hides beyond that has a listed reason.

pub mod case;
pub mod chain;
pub mod judged;
pub mod mutants;
pub mod named;
pub mod pure;
pub mod run;
pub mod shrink;

use std::collections::BTreeMap;
use std::fmt;

/// What a proof has compared.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Tally {
    /// Companies.
    pub worlds: u64,
    /// Looks at a company: after the first cycle, and after each change.
    pub looks: u64,
    /// Pairs of a person and a document, once for each look.
    pub pairs: u64,
    /// Pairs that are admitted. None or all of them would prove nothing.
    pub admitted: u64,
    /// Pairs that are hidden although expected, each with a reason that is listed, by cause.
    pub excused: BTreeMap<String, u64>,
    /// Looks during or after a cycle that was broken off or lost something: only leaks count there.
    pub unfinished: u64,
}

impl Tally {
    /// Adds another tally.
    pub fn add(&mut self, other: &Self) {
        self.worlds += other.worlds;
        self.looks += other.looks;
        self.pairs += other.pairs;
        self.admitted += other.admitted;
        self.unfinished += other.unfinished;
        for (cause, count) in &other.excused {
            *self.excused.entry(cause.clone()).or_default() += count;
        }
    }
}

/// What differs, in words, with the step after which it did.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Mismatch {
    /// Steps done before the look.
    pub after: usize,
    /// Shown although no rule admits it.
    pub leaks: Vec<String>,
    /// Hidden without a reason.
    pub hidden: Vec<String>,
    /// Layers that contradict each other otherwise, or a cycle that could not be completed.
    pub other: Vec<String>,
}

impl Mismatch {
    /// Of what kind it is: a smaller case has to fail in the same way.
    pub fn kind(&self) -> [bool; 3] {
        [!self.leaks.is_empty(), !self.hidden.is_empty(), !self.other.is_empty()]
    }

    /// Whether nothing differs.
    pub fn is_empty(&self) -> bool {
        self.leaks.is_empty() && self.hidden.is_empty() && self.other.is_empty()
    }
}

impl fmt::Display for Mismatch {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(out, "after {} steps:", self.after)?;
        let lists = [("leaks", &self.leaks), ("hidden", &self.hidden), ("other", &self.other)];
        for (name, list) in lists {
            for line in list.iter().take(12) {
                writeln!(out, "  {name}: {line}")?;
            }
            if list.len() > 12 {
                writeln!(out, "  {name}: and {} more", list.len() - 12)?;
            }
        }
        Ok(())
    }
}
