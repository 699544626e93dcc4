//! Who is who on one product of one site: accounts, e-mails, groups, product access (sheet sections 3.6 and 4.4).
//!
//! With an organization key, one listing gives all accounts with e-mails and memberships, a hundred per call; without
//! it the product itself is asked, group by group. What cannot be read makes the directory smaller, never larger: a
//! group without readable members has none, and unknown product access admits nobody.

mod confluence;
mod groups;
mod jira;
mod organization;
mod wire;

#[cfg(test)]
mod tests;

pub use confluence::for_confluence;
pub use jira::for_jira;

use access::{Group, SourceDirectory, User, UserId};
use model::{Problem, ProblemKind};
use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

/// A directory as its parts come in.
#[derive(Debug)]
struct Draft {
    directory: SourceDirectory,
    problems: Vec<Problem>,
}

impl Draft {
    fn new() -> Self {
        Self { directory: SourceDirectory::unknown(), problems: Vec::new() }
    }

    /// Adds an account. Of two readings of one account the narrower stands, and an e-mail from either.
    fn user(&mut self, id: &str, user: User) {
        if id.is_empty() {
            return;
        }
        match self.directory.users.entry(UserId::Account(id.into())) {
            Entry::Vacant(place) => {
                place.insert(user);
            }
            Entry::Occupied(mut known) => {
                let known = known.get_mut();
                known.active &= user.active;
                known.guest |= user.guest;
                known.outsider |= user.outsider;
                known.email = known.email.take().or(user.email);
                if known.display_name.is_empty() {
                    known.display_name = user.display_name;
                }
            }
        }
    }

    fn member(&mut self, group: &str, user: &str) {
        if !group.is_empty() && !user.is_empty() {
            let members = self.directory.members.entry(Group::Id(group.into())).or_default();
            members.insert(UserId::Account(user.into()));
        }
    }

    /// Notes something that could not be read, with what follows from it.
    fn unreadable(&mut self, item: &str, reason: &str, effect: &str) {
        self.problems.push(Problem::new(ProblemKind::Permission, item, format!("{reason}; {effect}")));
    }

    fn finish(self) -> (SourceDirectory, Vec<Problem>) {
        (self.directory, self.problems)
    }
}

/// Groups by their names, for answers that give nothing but names.
type GroupIds = BTreeMap<String, String>;

fn ids(groups: &BTreeSet<String>) -> BTreeSet<Group> {
    groups.iter().map(|id| Group::Id(id.as_str().into())).collect()
}
