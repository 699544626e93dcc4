//! Trimming: what the REST routes show to a calling account. Written from the permission section of the fact sheet.
//!
//! Build one view per request (`JiraView::new(&world, call.caller.account())`): it resolves the caller's groups once and
//! remembers answers. Nobody in particular is `None`. The oracle must not call anything here.

pub mod confluence;
pub mod jira;

use std::collections::BTreeSet;

use crate::state::directory::{AccountType, Person};
use crate::state::{GroupId, World};

/// A caller with everything about it that rules ask for.
#[derive(Debug)]
pub(crate) struct Identity<'w> {
    /// `None` for the public and for accounts that are switched off or unknown.
    pub(crate) person: Option<&'w Person>,
    pub(crate) groups: BTreeSet<&'w GroupId>,
    /// True when nobody signed in. An account that is switched off is neither this nor a person.
    pub(crate) public: bool,
    pub(crate) site_admin: bool,
}

impl<'w> Identity<'w> {
    pub(crate) fn new(world: &'w World, account: Option<&str>) -> Self {
        let person = account.and_then(|id| world.directory.person(id)).filter(|person| person.active);
        let groups = person.map(|person| world.directory.groups_of(&person.account_id).collect()).unwrap_or_default();
        let site_admin = person.is_some_and(|person| world.directory.is_site_admin(&person.account_id));
        Self { person, groups, public: account.is_none(), site_admin }
    }

    /// A member of that group alone, whoever it is.
    pub(crate) fn member_of(world: &'w World, group: &str) -> Self {
        let groups = world.directory.group(group).map(|group| &group.id).into_iter().collect();
        Self { person: None, groups, public: false, site_admin: false }
    }

    pub(crate) fn is(&self, account: &str) -> bool {
        self.person.is_some_and(|person| *person.account_id == *account)
    }

    pub(crate) fn in_group(&self, group: &GroupId) -> bool {
        self.groups.contains(group)
    }

    pub(crate) fn in_any(&self, groups: &BTreeSet<GroupId>) -> bool {
        groups.iter().any(|group| self.in_group(group))
    }

    pub(crate) fn is_customer(&self) -> bool {
        self.person.is_some_and(|person| person.account_type == AccountType::Customer)
    }
}
