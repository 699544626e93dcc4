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
    by_chain("store.absence-hides"),
    by_chain("store.pending"),
    by_chain("confluence.space-readers"),
    by_chain("confluence.role-must-read"),
    by_chain("confluence.view-restrictions"),
    by_chain("confluence.listed-groups"),
    by_chain("jira.only-browse"),
    by_chain("jira.role-actors"),
    by_chain("jira.application-role"),
    by_chain("jira.portal-only"),
    by_chain("jira.level"),
    by_chain("jira.comment-audience"),
    by_chain("jira.files-of-comments"),
];

/// Rules of the oracle that no document depends on: what listings show, worklogs, and the public, which never searches.
/// The simulator's own tests hold them.
const NOT_OF_DOCUMENTS: [&str; 7] = [
    "archived_unlisted",
    "dependent_shows_project",
    "worklog_audience",
    "public_needs_switch",
    "licensed_is_not_public",
    "drafts_private",
    "collaborators",
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
    use crate::proof::pure;
    use crate::proof::run::{self, Through};
    use access::mutants;
    use simulator::drawn::Size;
    use simulator::oracle::Rules;

    /// Companies that may be played before a mutant counts as missed.
    const MOST: u64 = 60;

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
        let mut found = Found { by: None, reached: 0 };
        for seed in 1..=MOST {
            let case = case(seed, mutant.through);
            mutants::switch_off(mutant.name);
            let (_, result) = run::play(&case, mutant.through);
            found.reached += mutants::reached();
            mutants::switch_on_all();
            if let Err(mismatch) = result {
                found.by = Some((case.name, first_line(&mismatch)));
                break;
            }
        }
        found
    }

    /// Plays companies before an oracle that lacks one rule until one differs.
    pub fn hunt_in_oracle(rule: &str) -> Found {
        for seed in 1..=MOST {
            let case = case(seed, Through::Access);
            if let (_, Err(mismatch)) = pure::play(&case, &Rules::without(rule)) {
                return Found { by: Some((case.name, first_line(&mismatch))), reached: 1 };
            }
        }
        Found { by: None, reached: 1 }
    }

    fn first_line(mismatch: &crate::proof::Mismatch) -> String {
        let lines = mismatch.leaks.iter().chain(&mismatch.hidden).chain(&mismatch.other);
        lines.take(1).cloned().collect()
    }
}
