//! Who belongs to what: users, groups and classes of every source, and how a person becomes a [`Viewer`].
//!
//! Product access, deactivation, guests and customers are decided here and nowhere else, so that clauses stay purely
//! positive. Whatever of this is unknown gives a person nothing on that source.

use crate::mutants::off;
use crate::{AccessClass, Group, Holder, Principal, SourceId, Standing, UserId, Viewer};
use std::collections::{BTreeMap, BTreeSet};

/// One account of a source's directory.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct User {
    /// The name shown at the source. Never an identity.
    pub display_name: String,
    /// The e-mail, if the source or the organization tells it. A join key, never a principal.
    pub email: Option<String>,
    /// Whether the account may sign in at the source.
    pub active: bool,
    /// A guest or external collaborator: admitted by name only. A guest enters the one space that names the account;
    /// neither a group or class that holds a guest nor a grant to anyone opens another.
    pub guest: bool,
    /// A portal customer or an app: sees nothing through the product itself (sheet section 4.1).
    pub outsider: bool,
}

/// Who may use the product at all.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum ProductAccess {
    /// Members of these groups.
    Groups(BTreeSet<Group>),
    /// Exactly these users.
    Users(BTreeSet<UserId>),
    /// It could not be read: nobody.
    Unknown,
}

/// The directory of one source.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct SourceDirectory {
    /// All accounts.
    pub users: BTreeMap<UserId, User>,
    /// The names that groups are known by. Never an identity: names change and can be given again.
    pub group_names: BTreeMap<Group, String>,
    /// Direct members of each group.
    pub members: BTreeMap<Group, BTreeSet<UserId>>,
    /// Groups that are members of a group (Data Center), by the group that contains them.
    pub nested: BTreeMap<Group, BTreeSet<Group>>,
    /// Who may use the product.
    pub product_access: ProductAccess,
    /// The groups behind each class that could be resolved. A class that is missing admits nobody.
    pub classes: BTreeMap<AccessClass, BTreeSet<Group>>,
}

impl SourceDirectory {
    /// Knows nobody.
    pub fn unknown() -> Self {
        Self {
            users: BTreeMap::new(),
            group_names: BTreeMap::new(),
            members: BTreeMap::new(),
            nested: BTreeMap::new(),
            product_access: ProductAccess::Unknown,
            classes: BTreeMap::new(),
        }
    }

    /// The groups that `user` is in, directly or through nested groups.
    pub fn groups_of(&self, user: &UserId) -> BTreeSet<Group> {
        let direct = self.members.iter().filter(|(_, users)| users.contains(user)).map(|(group, _)| group.clone());
        self.with_outer(direct.collect())
    }

    /// These groups and all that contain them.
    pub(crate) fn with_outer(&self, mut open: Vec<Group>) -> BTreeSet<Group> {
        let mut found: BTreeSet<Group> = BTreeSet::new();
        if off("access.groups") {
            return found;
        }
        while let Some(group) = open.pop() {
            let above = self.nested.iter().filter(|(_, inner)| inner.contains(&group)).map(|(outer, _)| outer.clone());
            open.extend(above.filter(|outer| !found.contains(outer)));
            found.insert(group);
        }
        found
    }

    /// Everything that an account holds which is in these groups, outer ones included.
    pub(crate) fn holders_in(&self, id: &UserId, groups: BTreeSet<Group>) -> BTreeSet<Holder> {
        let mut holders = BTreeSet::new();
        let standing = self.standing_in(id, &groups);
        if standing == Standing::Member {
            holders.insert(Holder::Class(AccessClass::LicensedUsers));
            holders.insert(Holder::Class(AccessClass::SignedInUsers));
            let classes = self.classes.iter().filter(|(_, behind)| !behind.is_disjoint(&groups));
            holders.extend(classes.map(|(class, _)| Holder::Class(class.clone())));
            holders.extend(groups.into_iter().map(Holder::Group));
            holders.insert(Holder::Anyone);
        } else if standing == Standing::Guest {
            holders.extend(groups.into_iter().map(Holder::GuestsOf));
        }
        if standing.is_admitted() {
            holders.insert(Holder::User(id.clone()));
        }
        holders
    }
}

/// A person who asks: what an account of Fossick is known by.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Person {
    /// An e-mail that may be trusted (set by an administrator or vouched for by an issuer). Never one that a member typed.
    pub trusted_email: Option<String>,
    /// Explicit mappings, which win over the e-mail.
    pub mapped: BTreeMap<SourceId, UserId>,
    /// Sources on which an administrator excluded the person.
    pub excluded: BTreeSet<SourceId>,
}

/// How a person was found on a source.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Join {
    /// An administrator named the account.
    Mapped(UserId),
    /// Exactly one active person has the e-mail.
    Email(UserId),
    /// Several active persons have the e-mail, so none is taken.
    Ambiguous(Vec<UserId>),
    /// No account was found.
    Nobody,
}

/// The directories of all sources.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Directory {
    sources: BTreeMap<SourceId, SourceDirectory>,
}

impl Directory {
    /// Replaces what is known about one source.
    pub fn put(&mut self, source: SourceId, directory: SourceDirectory) {
        self.sources.insert(source, directory);
    }

    /// Forgets a source, and with it everything that anybody holds there.
    pub fn remove(&mut self, source: SourceId) {
        self.sources.remove(&source);
    }

    /// What is known about one source.
    pub fn source(&self, source: SourceId) -> Option<&SourceDirectory> {
        self.sources.get(&source)
    }

    /// All sources, by id.
    pub fn sources(&self) -> impl Iterator<Item = (SourceId, &SourceDirectory)> {
        self.sources.iter().map(|(id, directory)| (*id, directory))
    }

    /// Finds the person on one source: explicit mapping first, then the trusted e-mail.
    pub fn join(&self, person: &Person, source: SourceId) -> Join {
        if let Some(user) = person.mapped.get(&source) {
            return Join::Mapped(user.clone());
        }
        let (Some(email), Some(directory)) = (&person.trusted_email, self.sources.get(&source)) else {
            return Join::Nobody;
        };
        let email = email.trim().to_lowercase();
        if email.is_empty() {
            return Join::Nobody;
        }
        let same = |user: &User| user.email.as_ref().is_some_and(|known| known.trim().to_lowercase() == email);
        // Customers and apps never hold anything, so an address that one of them shares is still one person's.
        let person = |user: &User| user.active && !user.outsider && same(user);
        let mut found: Vec<UserId> =
            directory.users.iter().filter(|(_, user)| person(user)).map(|(id, _)| id.clone()).collect();
        match (found.pop(), found.is_empty()) {
            (None, _) => Join::Nobody,
            (Some(only), true) => Join::Email(only),
            (Some(last), false) => {
                found.push(last);
                Join::Ambiguous(found)
            }
        }
    }

    /// Everything that the person holds on all sources. The only way to make a [`Viewer`].
    pub fn viewer_of(&self, person: &Person) -> Viewer {
        let mut principals = BTreeSet::new();
        for (&source, directory) in &self.sources {
            if person.excluded.contains(&source) {
                continue;
            }
            if let Join::Mapped(user) | Join::Email(user) = self.join(person, source) {
                let holders = directory.holders_in(&user, directory.groups_of(&user)).into_iter();
                principals.extend(holders.map(|holder| Principal::new(source, holder)));
            }
        }
        Viewer::holding(principals)
    }
}
