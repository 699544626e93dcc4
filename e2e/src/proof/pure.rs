//! The oracle against `access` alone: clauses made straight from the world, without calls, adapters or store.
//!
//! What is proved here is that the layers, put together as `access` does it, say what the products' rules say, through
//! any sequence of changes, with decisions kept from one state to the next. The translation is a third writing of the
//! rules, as plain as it can be; a fault in it shows as a mismatch like any other.

mod confluence;
mod directory;
mod jira;
mod ledger;

use super::case::Case;
use super::judged::{people, thing};
use super::{Mismatch, Tally};
use crate::people::Thing;
use access::{AccessState, Decision, Directory, DocNo, Person, SourceId, UserId};
use ledger::Ledger;
use simulator::oracle::{Oracle, Rules};
use simulator::state::World;
use std::collections::{BTreeMap, BTreeSet};

/// Confluence of the site.
const CONFLUENCE: SourceId = SourceId(1);
/// Jira of the site.
const JIRA: SourceId = SourceId(2);

/// A company as `access` knows it, kept from look to look.
struct Known {
    state: AccessState,
    directory: Directory,
    ledger: Ledger,
    /// Decisions kept over all changes, for everybody, as the hub keeps them.
    decisions: BTreeMap<String, Decision>,
    sequence: u64,
}

/// Plays a case; the decisions of everybody about every document equal the oracle's after each change.
///
/// # Errors
/// What differs.
///
/// # Panics
/// If the case holds no company.
pub fn play(case: &Case, rules: &Rules) -> (Tally, Result<(), Mismatch>) {
    let mut world = case.company().unwrap_or_else(|error| panic!("{}: {error:#}", case.name));
    let mut known = Known {
        state: AccessState::empty(),
        directory: Directory::default(),
        ledger: Ledger::default(),
        decisions: BTreeMap::new(),
        sequence: 0,
    };
    let mut tally = Tally { worlds: 1, ..Tally::default() };
    for after in 0..=case.steps.len() {
        if after > 0 {
            case.steps[after - 1].change().apply(&mut world);
        }
        let mut mismatch = Mismatch { after, ..Mismatch::default() };
        known.read(&world, &mut mismatch);
        known.compare(&world, rules, &mut tally, &mut mismatch);
        if !mismatch.is_empty() {
            return (tally, Err(mismatch));
        }
    }
    (tally, Ok(()))
}

impl Known {
    /// What a cycle does: the directory, then all that decides, then the index catches up.
    fn read(&mut self, world: &World, mismatch: &mut Mismatch) {
        self.directory.put(CONFLUENCE, directory::confluence(world));
        self.directory.put(JIRA, directory::jira(world));
        let before = self.state.clone();
        self.ledger.begin();
        confluence::write(world, &mut self.ledger);
        jira::write(world, &mut self.ledger);
        self.sequence += 1;
        let delta = self.ledger.delta(self.sequence);
        let waiting = before.apply(&delta);
        self.tightening_acts_at_once(&before, &waiting, mismatch);
        self.state = waiting.indexed(self.sequence);
    }

    /// Until the index holds the new texts, nobody sees a rewritten document who may not see both its texts (ACL-7).
    fn tightening_acts_at_once(&self, before: &AccessState, waiting: &AccessState, mismatch: &mut Mismatch) {
        let after = waiting.indexed(self.sequence);
        for (account, decision) in &self.decisions {
            let viewer = decision.viewer();
            for doc in self.ledger.rewritten() {
                let both = before.admits(viewer, doc) && after.admits(viewer, doc);
                if waiting.admits(viewer, doc) && !both {
                    mismatch.leaks.push(format!("document {} to {account} while its text waits", doc.0));
                }
            }
        }
    }

    fn compare(&mut self, world: &World, rules: &Rules, tally: &mut Tally, mismatch: &mut Mismatch) {
        let oracle = Oracle::with_rules(world, rules);
        let documents: Vec<(DocNo, Thing)> = self.ledger.documents().collect();
        let everything: BTreeSet<&Thing> = documents.iter().map(|(_, thing)| thing).collect();
        tally.looks += 1;
        for somebody in people(world) {
            let visible = oracle.visible(&somebody.account);
            let seen: BTreeSet<Thing> =
                visible.listed.iter().chain(&visible.unlisted).copied().filter_map(thing).collect();
            let account = UserId::Account(somebody.account.as_str().into());
            let mapped = BTreeMap::from([(CONFLUENCE, account.clone()), (JIRA, account)]);
            let viewer = self.directory.viewer_of(&Person { mapped, ..Person::default() });
            // As in the hub, a viewer who holds something else starts anew; anybody else keeps the decisions made.
            let kept = self.decisions.remove(&somebody.account).filter(|kept| *kept.viewer() == viewer);
            let mut decision = kept.unwrap_or_else(|| Decision::new(viewer.clone()));
            for (doc, thing) in &documents {
                let admitted = decision.admits(&self.state, *doc);
                tally.pairs += 1;
                tally.admitted += u64::from(admitted);
                if admitted != self.state.admits(&viewer, *doc) {
                    mismatch.other.push(format!("{thing} for {}: kept and fresh decision differ", somebody.name));
                }
                match (admitted, seen.contains(thing)) {
                    (true, false) => mismatch.leaks.push(format!("{thing} to {}", somebody.name)),
                    (false, true) => mismatch.hidden.push(format!("{thing} from {}", somebody.name)),
                    _ => {}
                }
            }
            // Drafts and what lies in the trash are never documents, whoever sees them at the source.
            let listed = visible.listed.iter().copied().filter_map(thing);
            let lacking = listed.filter(|thing| !everything.contains(thing));
            mismatch.hidden.extend(lacking.map(|thing| format!("{thing} from {}: no such document", somebody.name)));
            self.decisions.insert(somebody.account, decision);
        }
    }
}
