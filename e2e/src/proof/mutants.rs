//! One rule switched off at a time: whatever no proof notices is a rule that no proof holds.
//!
//! Rules of the program are switched off through `access::mutants`, which only the cargo feature `mutants` builds in; rules
//! of the oracle through [`Rules::without`]. A mutant counts as found when some company shows it, and only if its switch
//! was asked for at all.

use super::run::Through;
use simulator::oracle::Rules;

/// A rule of the program that can be switched off.
#[derive(Clone, Copy, Debug)]
pub struct Mutant {
    /// The name at its place in the code.
    pub name: &'static str,
    /// The proof that has to notice.
    pub through: Through,
}

const fn by_access(name: &'static str) -> Mutant {
    Mutant { name, through: Through::Access }
}

const fn by_chain(name: &'static str) -> Mutant {
    Mutant { name, through: Through::Chain }
}

/// Every rule of the program that can be switched off.
pub const MUTANTS: &[Mutant] = &[
    by_access("access.every-layer"),
    by_access("access.ancestors"),
    by_access("access.unknown-parent"),
    by_access("access.dynamic-holders"),
    by_access("access.inline-by-holder"),
    by_access("access.audience"),
    by_access("access.product"),
    by_access("access.inactive"),
    by_access("access.outsiders"),
    by_access("access.guests-by-name"),
    by_access("access.groups"),
    by_access("access.old-and-new"),
    by_access("access.clause-versions"),
    by_chain("access.hidden-documents"),
    by_chain("directory.inactive"),
    by_chain("directory.outsiders"),
    by_chain("directory.guests"),
    by_chain("store.absence-hides"),
    by_chain("store.pending"),
    by_chain("store.stale"),
    by_chain("index.each-document"),
    by_chain("index.counts"),
    by_chain("confluence.space-readers"),
    by_chain("confluence.only-read-counts"),
    by_chain("confluence.role-must-read"),
    by_chain("confluence.view-restrictions"),
    by_chain("confluence.listed-groups"),
    by_chain("confluence.ancestors"),
    by_chain("confluence.folders"),
    by_chain("jira.only-browse"),
    by_chain("jira.role-actors"),
    by_chain("jira.application-role"),
    by_chain("jira.portal-only"),
    by_chain("jira.lead"),
    by_chain("jira.fields"),
    by_chain("jira.private-projects"),
    by_chain("jira.level"),
    by_chain("jira.comment-audience"),
    by_chain("jira.files-of-comments"),
];

/// Rules of the oracle that no document depends on: what listings show, drafts and the trash, worklogs, and the public, which
/// never searches. The simulator's own tests hold them.
const NOT_OF_DOCUMENTS: [&str; 8] = [
    "archived_unlisted",
    "dependent_shows_project",
    "worklog_audience",
    "public_needs_switch",
    "licensed_is_not_public",
    "drafts_private",
    "collaborators",
    "trash_for_space_admins",
];

/// Rules of the oracle that can be switched off.
pub fn of_oracle() -> impl Iterator<Item = &'static str> {
    Rules::all().map(|rule| rule.name).filter(|name| !NOT_OF_DOCUMENTS.contains(name))
}

#[cfg(feature = "mutants")]
pub use hunting::{Found, hunt, hunt_in_oracle};

#[cfg(feature = "mutants")]
mod hunting {
    use super::Mutant;
    use crate::proof::case::Case;
    use crate::proof::run::{self, Through};
    use crate::proof::{Mismatch, pure};
    use access::mutants;
    use simulator::drawn::Size;
    use simulator::oracle::Rules;
    use std::sync::atomic::{AtomicU64, Ordering};
    use std::sync::{Mutex, PoisonError};

    /// Companies that may be played before a mutant counts as missed.
    const MOST: u64 = 40;
    /// Companies at once. A switch is the whole process's, so they lack the same rule.
    const AT_ONCE: usize = 2;

    /// How a hunt ended.
    #[derive(Clone, Debug)]
    pub struct Found {
        /// The case that showed it, with the first line of what differed.
        pub by: Option<(String, String)>,
        /// How often its switch was asked for.
        pub reached: u64,
    }

    fn case(seed: u64, through: Through) -> Case {
        let size = if through == Through::Chain { Size::SMALL } else { Size { pages: 14, people: 20, ..Size::SMALL } };
        Case::draw(seed, size, 10)
    }

    /// Plays companies without one rule until one differs.
    pub fn hunt(mutant: Mutant) -> Found {
        mutants::switch_off(mutant.name);
        let found = first(mutant.through, |case| run::play(case, mutant.through).1);
        let reached = mutants::reached();
        mutants::switch_on_all();
        let by = found.and_then(|found| because_of_the_rule(found, |case| run::play(case, mutant.through).1));
        Found { by, reached }
    }

    /// Plays companies before an oracle that lacks one rule until one differs.
    pub fn hunt_in_oracle(rule: &str) -> Found {
        let found = first(Through::Access, |case| pure::play(case, &Rules::without(rule)).1);
        let by = found.and_then(|found| because_of_the_rule(found, |case| pure::play(case, &Rules::default()).1));
        Found { by, reached: 1 }
    }

    /// A company that differs with all rules in force, too, proves nothing about one of them.
    fn because_of_the_rule(
        (case, mismatch): (Case, Mismatch),
        whole: impl Fn(&Case) -> Result<(), Mismatch>,
    ) -> Option<(String, String)> {
        match whole(&case) {
            Ok(()) => Some((case.name, first_line(&mismatch))),
            Err(also) => {
                println!("{} differs with all rules, too: {}", case.name, first_line(&also));
                None
            }
        }
    }

    /// The first company that differs, of those that are kept and those that may be drawn.
    fn first(through: Through, play: impl Fn(&Case) -> Result<(), Mismatch> + Sync) -> Option<(Case, Mismatch)> {
        let kept = Case::kept().unwrap_or_else(|error| panic!("{error:#}")).into_iter();
        if let Some(found) = kept.filter_map(|case| play(&case).err().map(|mismatch| (case, mismatch))).next() {
            return Some(found);
        }
        let (next, found) = (AtomicU64::new(1), Mutex::new(None));
        let lock = || found.lock().unwrap_or_else(PoisonError::into_inner);
        std::thread::scope(|scope| {
            for _ in 0..AT_ONCE {
                scope.spawn(|| {
                    loop {
                        let seed = next.fetch_add(1, Ordering::Relaxed);
                        if seed > MOST || lock().is_some() {
                            return;
                        }
                        let case = case(seed, through);
                        if let Err(mismatch) = play(&case) {
                            lock().get_or_insert((case, mismatch));
                        }
                    }
                });
            }
        });
        found.into_inner().unwrap_or_else(PoisonError::into_inner)
    }

    fn first_line(mismatch: &Mismatch) -> String {
        let lines = mismatch.leaks.iter().chain(&mismatch.hidden).chain(&mismatch.other);
        lines.take(1).cloned().collect()
    }
}
