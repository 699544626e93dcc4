//! Who is who on one product of one site: accounts, e-mails, groups, product access (sheet sections 3.6 and 4.4).
//!
//! With an organization key, one listing gives all accounts with e-mails and memberships, a hundred per call; without
//! it the product itself is asked, group by group. What cannot be read makes the directory smaller, never larger: a
//! group without readable members has none, and unknown product access admits nobody.

mod confluence;
mod groups;
mod guests;
mod jira;
mod organization;
mod wire;

#[cfg(test)]
mod tests;

pub use confluence::for_confluence;
pub use jira::for_jira;
pub(crate) use jira::people;

use self::groups::Member;
use access::mutants::off;
use access::{Group, ProductAccess, SourceDirectory, User, UserId};
use model::{Problem, ProblemKind};
use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

/// A directory as its parts come in.
#[derive(Debug)]
struct Draft {
    directory: SourceDirectory,
    problems: Vec<Problem>,
    /// Whether the organization has told the e-mails of the accounts that it knows. It alone knows which are verified: an
    /// address that was left out must not come in again through the product, which shows unverified ones, too (ACL-11).
    addresses_are_settled: bool,
    /// Accounts of which a record of Confluence has said whether they are guests. The organization and Jira do not say it.
    told: BTreeSet<UserId>,
}

impl Draft {
    fn new() -> Self {
        Self {
            directory: SourceDirectory::unknown(),
            problems: Vec::new(),
            addresses_are_settled: false,
            told: BTreeSet::new(),
        }
    }

    /// Adds an account. Of two readings of one account the narrower stands, and an e-mail from either.
    fn user(&mut self, id: &str, user: User) {
        if id.is_empty() {
            return;
        }
        let user = User {
            active: user.active || off("directory.inactive"),
            guest: user.guest && !off("directory.guests"),
            outsider: user.outsider && !off("directory.outsiders"),
            ..user
        };
        match self.directory.users.entry(UserId::Account(id.into())) {
            Entry::Vacant(place) => {
                place.insert(user);
            }
            Entry::Occupied(mut known) => {
                let known = known.get_mut();
                known.active &= user.active;
                known.guest |= user.guest;
                known.outsider |= user.outsider;
                known.email = known.email.take().or(user.email.filter(|_| !self.addresses_are_settled));
                if known.display_name.is_empty() {
                    known.display_name = user.display_name;
                }
            }
        }
    }

    /// Adds an account as a product lists it.
    fn listed(&mut self, member: Member) {
        if member.tells_guests {
            self.told.insert(UserId::Account(member.id.as_str().into()));
        }
        self.user(&member.id, member.user);
    }

    fn member(&mut self, group: &str, user: &str) {
        if !group.is_empty() && !user.is_empty() {
            let members = self.directory.members.entry(Group::Id(group.into())).or_default();
            members.insert(UserId::Account(user.into()));
        }
    }

    /// Notes by which name people know a group.
    fn group_name(&mut self, group: &str, name: &str) {
        if !group.is_empty() && !name.is_empty() {
            self.directory.group_names.insert(Group::Id(group.into()), name.to_owned());
        }
    }

    /// Notes something that could not be read, with what follows from it.
    fn unreadable(&mut self, item: &str, reason: &str, effect: &str) {
        self.problems.push(Problem::new(ProblemKind::Permission, item, format!("{reason}; {effect}")));
    }

    /// Notes how many people may not use the product as far as can be read. At the source some of them may be guests:
    /// guests are let in by groups that no API names (sheet section 4.3), so what they miss has to be told.
    fn note_strangers(&mut self, product: &str) {
        let ProductAccess::Groups(admitting) = &self.directory.product_access else { return };
        let admitted: BTreeSet<&UserId> =
            admitting.iter().filter_map(|group| self.directory.members.get(group)).flatten().collect();
        let people = self.directory.users.iter().filter(|(_, user)| user.active && !user.outsider);
        let strangers = people.filter(|(id, _)| !admitted.contains(id)).count();
        if strangers > 0 {
            let reason = format!(
                "{strangers} active people are in no group that is known to give access to {product}, so they find nothing \
                 of it; guests among them are let in by groups that {product} does not name: put those who need it into \
                 a group with access"
            );
            self.problems.push(Problem::new(ProblemKind::Notice, "people without access", reason));
        }
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
