//! Whether an account may use a source at all, and why not: the first layer of every decision.
//!
//! [`SourceDirectory::holders_in`] gives an account something only where its standing says so, so that an explanation
//! can never tell another story than the decision.

use crate::mutants::off;
use crate::{Directory, Group, Join, Person, ProductAccess, SourceDirectory, SourceId, UserId, Viewer};
use std::collections::{BTreeMap, BTreeSet};

/// How an account stands on its source.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Standing {
    /// It may use the product, and holds its groups and classes.
    Member,
    /// A guest: holds itself, and its groups where a list of viewers names them.
    Guest,
    /// The directory does not list it.
    Unlisted,
    /// It is deactivated.
    Inactive,
    /// A portal customer or an app.
    Outsider,
    /// It is in none of the groups that give access to the product.
    WithoutProduct,
    /// Who may use the product could not be read, so nobody may.
    ProductUnknown,
}

impl Standing {
    /// Whether the account holds anything on the source.
    pub fn is_admitted(self) -> bool {
        matches!(self, Self::Member | Self::Guest)
    }
}

impl SourceDirectory {
    /// How an account stands.
    pub fn standing(&self, id: &UserId) -> Standing {
        self.standing_in(id, &self.groups_of(id))
    }

    pub(crate) fn standing_in(&self, id: &UserId, groups: &BTreeSet<Group>) -> Standing {
        let Some(user) = self.users.get(id) else { return Standing::Unlisted };
        let may_use = match &self.product_access {
            ProductAccess::Groups(admitted) => !admitted.is_disjoint(groups),
            ProductAccess::Users(admitted) => admitted.contains(id),
            ProductAccess::Unknown => false,
        };
        match user {
            user if !user.active && !off("access.inactive") => Standing::Inactive,
            user if user.outsider && !off("access.outsiders") => Standing::Outsider,
            _ if self.product_access == ProductAccess::Unknown => Standing::ProductUnknown,
            _ if !may_use && !off("access.product") => Standing::WithoutProduct,
            user if user.guest && !off("access.guests-by-name") => Standing::Guest,
            _ => Standing::Member,
        }
    }

    /// The groups of every account. Reads each membership once, which asking account by account would not.
    fn groups_of_all(&self) -> BTreeMap<&UserId, BTreeSet<Group>> {
        let mut direct: BTreeMap<&UserId, Vec<Group>> = BTreeMap::new();
        for (group, members) in &self.members {
            for user in members {
                direct.entry(user).or_default().push(group.clone());
            }
        }
        direct.into_iter().map(|(user, groups)| (user, self.with_outer(groups))).collect()
    }
}

impl Directory {
    /// Every account of a source that holds anything there, as a viewer who is joined to that account alone.
    pub fn everybody(&self, source: SourceId) -> Vec<(UserId, Viewer)> {
        let Some(directory) = self.source(source) else { return Vec::new() };
        let mut groups = directory.groups_of_all();
        let mut everybody = Vec::with_capacity(directory.users.len());
        for id in directory.users.keys() {
            let holders = directory.holders_in(id, groups.remove(id).unwrap_or_default());
            if !holders.is_empty() {
                let principals = holders.into_iter().map(|holder| crate::Principal::new(source, holder));
                everybody.push((id.clone(), Viewer::holding(principals.collect())));
            }
        }
        everybody
    }

    /// The account that the person is on a source, with its standing; the join alone where there is none.
    pub fn standing(&self, person: &Person, source: SourceId) -> (Join, Option<Standing>) {
        let join = self.join(person, source);
        let standing = match &join {
            Join::Mapped(user) | Join::Email(user) => self.source(source).map(|directory| directory.standing(user)),
            Join::Ambiguous(_) | Join::Nobody => None,
        };
        (join, standing)
    }
}
