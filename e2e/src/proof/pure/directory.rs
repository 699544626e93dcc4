//! The directories of both products, from the world's people and groups.

use access::{AccessClass, Group, ProductAccess, SourceDirectory, User, UserId};
use simulator::state::directory::AccountType;
use simulator::state::{GroupId, World};
use std::collections::BTreeSet;

pub(super) fn group(id: &str) -> Group {
    Group::Id(id.into())
}

fn groups<'g>(sets: impl IntoIterator<Item = &'g BTreeSet<GroupId>>) -> BTreeSet<Group> {
    sets.into_iter().flatten().map(|id| group(id)).collect()
}

fn of(world: &World, guests: bool, access: BTreeSet<Group>) -> SourceDirectory {
    let users = world.directory.people.values().map(|person| {
        let user = User {
            display_name: person.display_name.clone(),
            email: Some(person.email.clone()),
            active: person.active,
            guest: guests && person.guest,
            outsider: person.account_type == AccountType::Customer,
        };
        (UserId::Account(person.account_id.as_ref().into()), user)
    });
    let members = world.directory.groups.values().filter(|group| !group.deleted).map(|found| {
        let members = found.members.iter().map(|account| UserId::Account(account.as_ref().into()));
        (group(&found.id), members.collect())
    });
    SourceDirectory {
        users: users.collect(),
        members: members.collect(),
        product_access: ProductAccess::Groups(access),
        ..SourceDirectory::unknown()
    }
}

pub(super) fn confluence(world: &World) -> SourceDirectory {
    let wiki = &world.confluence;
    let mut directory = of(world, true, groups([&wiki.user_groups, &wiki.admin_groups, &wiki.guest_groups]));
    let admins = groups([&wiki.admin_groups, &world.directory.site_admin_groups]);
    directory.classes.insert(AccessClass::ProductAdmins, admins);
    directory
}

pub(super) fn jira(world: &World) -> SourceDirectory {
    let roles = &world.jira.application_roles;
    let mut directory = of(world, false, groups(roles.values().map(|role| &role.groups)));
    for (key, role) in roles {
        directory.classes.insert(AccessClass::ApplicationRole(key.as_str().into()), groups([&role.groups]));
    }
    directory
}
