//! People and groups of the organization, and who administers what.
//!
//! Product access is not a flag on a person: it follows from groups (application roles in Jira, user groups in
//! Confluence), per product. Deleted groups stay here, marked, because restriction lists may still name them.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::{AccountId, GroupId, Millis, World};

/// How REST user objects show the e-mail.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum EmailVisibility {
    /// The address itself.
    #[default]
    Visible,
    /// `null`.
    Null,
    /// `""`.
    Empty,
    /// The key is missing.
    Absent,
}

/// `accountType`.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum AccountType {
    /// A person.
    #[default]
    Atlassian,
    /// A service account or app.
    App,
    /// A portal customer of a service project.
    Customer,
}

impl AccountType {
    /// The word on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Atlassian => "atlassian",
            Self::App => "app",
            Self::Customer => "customer",
        }
    }
}

/// One account.
#[derive(Clone, Debug)]
pub struct Person {
    /// Its id in every product.
    pub account_id: AccountId,
    /// Shown name.
    pub display_name: String,
    /// The true address; the organization knows it always.
    pub email: String,
    /// What product REST answers show of it.
    pub email_visibility: EmailVisibility,
    /// Person, app or customer.
    pub account_type: AccountType,
    /// False when deactivated: it can neither sign in nor be counted as a member's access.
    pub active: bool,
    /// IANA name; naive dates in JQL and CQL are read in it.
    pub time_zone: String,
    /// Confluence guest (`isGuest`, `isExternalCollaborator`).
    pub guest: bool,
    /// Claimed (managed) by the organization.
    pub managed: bool,
    /// `emailVerified` at the organization.
    pub email_verified: bool,
    /// When the account came.
    pub created_at: Millis,
}

impl Person {
    /// The e-mail as product REST answers state it: `None` = leave the key out, `Some(None)` = `null`.
    pub fn email_shown(&self) -> Option<Option<&str>> {
        match self.email_visibility {
            EmailVisibility::Visible => Some(Some(&self.email)),
            EmailVisibility::Null => Some(None),
            EmailVisibility::Empty => Some(Some("")),
            EmailVisibility::Absent => None,
        }
    }
}

/// One group, shared by both products.
#[derive(Clone, Debug)]
pub struct Group {
    /// UUID.
    pub id: GroupId,
    /// Unique name.
    pub name: String,
    /// Shown by the organization API.
    pub description: String,
    /// Direct members; Cloud groups do not nest.
    pub members: BTreeSet<AccountId>,
    /// Deleted groups vanish from listings and admit nobody, but restriction lists may still name them.
    pub deleted: bool,
}

/// Everybody, and every group.
#[derive(Debug, Default)]
pub struct Directory {
    /// By account id.
    pub people: BTreeMap<AccountId, Person>,
    /// By group id, deleted ones included.
    pub groups: BTreeMap<GroupId, Group>,
    /// Groups whose members administer site and organization (and so both products).
    pub site_admin_groups: BTreeSet<GroupId>,
    by_email: HashMap<String, AccountId>,
    by_name: HashMap<String, GroupId>,
    groups_of: HashMap<AccountId, BTreeSet<GroupId>>,
}

impl Directory {
    /// The account of that id.
    pub fn person(&self, id: &str) -> Option<&Person> {
        self.people.get(id)
    }

    /// The account that signs in with `email`, in any case.
    pub fn person_by_email(&self, email: &str) -> Option<&Person> {
        self.people.get(self.by_email.get(&email.to_lowercase())?)
    }

    /// The group of that id that still exists.
    pub fn group(&self, id: &str) -> Option<&Group> {
        self.groups.get(id).filter(|group| !group.deleted)
    }

    /// The existing group of that name.
    pub fn group_by_name(&self, name: &str) -> Option<&Group> {
        self.group(self.by_name.get(name)?)
    }

    /// Groups of an account, without deleted ones.
    pub fn groups_of(&self, account: &str) -> impl Iterator<Item = &GroupId> {
        self.groups_of.get(account).into_iter().flatten().filter(|id| self.group(id).is_some())
    }

    /// True when one of the account's groups administers the site.
    pub fn is_site_admin(&self, account: &str) -> bool {
        self.groups_of(account).any(|group| self.site_admin_groups.contains(group))
    }

    /// Adds or replaces an account.
    pub fn put_person(&mut self, person: Person) {
        if let Some(old) = self.people.get(&person.account_id) {
            self.by_email.remove(&old.email.to_lowercase());
        }
        self.by_email.insert(person.email.to_lowercase(), person.account_id.clone());
        self.people.insert(person.account_id.clone(), person);
    }

    /// Adds or replaces a group with its members.
    pub fn put_group(&mut self, group: Group) {
        if let Some(old) = self.groups.remove(&group.id) {
            self.by_name.remove(&old.name);
            for member in &old.members {
                if let Some(of) = self.groups_of.get_mut(member) {
                    of.remove(&old.id);
                }
            }
        }
        for member in &group.members {
            self.groups_of.entry(member.clone()).or_default().insert(group.id.clone());
        }
        if !group.deleted {
            self.by_name.insert(group.name.clone(), group.id.clone());
        }
        self.groups.insert(group.id.clone(), group);
    }
}

impl World {
    /// Creates an empty group; the id is derived from the name and the number of groups. `None` if the name is taken.
    pub fn create_group(&mut self, name: &str) -> Option<GroupId> {
        if self.directory.group_by_name(name).is_some() {
            return None;
        }
        let id: GroupId = stable_uuid(&format!("group {} {name}", self.directory.groups.len())).into();
        self.directory.put_group(Group {
            id: id.clone(),
            name: name.to_owned(),
            description: String::new(),
            members: BTreeSet::new(),
            deleted: false,
        });
        Some(id)
    }

    /// Adds (`true`) or removes a member. False when group or account do not exist.
    pub fn set_member(&mut self, group: &str, account: &str, member: bool) -> bool {
        let (Some(group), Some(person)) = (self.directory.group(group), self.directory.person(account)) else {
            return false;
        };
        let (mut group, account) = (group.clone(), person.account_id.clone());
        if member {
            group.members.insert(account)
        } else {
            group.members.remove(&account)
        };
        self.directory.put_group(group);
        true
    }

    /// Marks a group as deleted; lists that name it keep naming it.
    pub fn delete_group(&mut self, group: &str) -> bool {
        let Some(group) = self.directory.group(group) else { return false };
        let group = Group { deleted: true, ..group.clone() };
        self.directory.put_group(group);
        true
    }

    /// Switches an account on or off.
    pub fn set_active(&mut self, account: &str, active: bool) -> bool {
        let Some(person) = self.directory.people.get_mut(account) else { return false };
        person.active = active;
        true
    }
}

/// A UUID-shaped id that depends on `name` alone, so that a world looks the same in every run.
pub fn stable_uuid(name: &str) -> String {
    use sha2::Digest as _;
    let digest = hex::encode(&sha2::Sha256::digest(name.as_bytes())[..16]);
    format!("{}-{}-4{}-8{}-{}", &digest[..8], &digest[8..12], &digest[13..16], &digest[17..20], &digest[20..32])
}
