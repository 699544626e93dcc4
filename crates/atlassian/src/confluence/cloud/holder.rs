//! Whom a grant of a space names, by the kind of its principal: tables of every kind that Confluence has (sheet 2.2, 4.3).
//!
//! All kinds admit; none forbids, and none lets an administrator pass a view restriction.

use access::{AccessClass, Group, Holder, UserId};

/// One row: a kind of principal in a space's permissions or role assignments, and whom it admits.
pub(crate) struct PrincipalKind {
    /// As Confluence writes it; permission rows and role assignments differ in case only.
    pub(crate) name: &'static str,
    /// How its id is read; `None` where the id names nobody by itself.
    read: fn(&str) -> Option<Holder>,
    /// Whom it admits, as `docs/permissions.md` tells it.
    pub(crate) admits: &'static str,
}

/// Every kind that Confluence documents. A kind that is not here admits nobody and is told.
pub(crate) static PRINCIPAL_KINDS: [PrincipalKind; 4] = [
    PrincipalKind { name: "user", read: user, admits: "that account; a guest enters in this way only" },
    PrincipalKind { name: "group", read: group, admits: "the group's members, guests excepted, by the group's id" },
    PrincipalKind {
        name: "role",
        read: |_| None,
        admits: "nobody by itself: whom a role admits is told by the space's role assignments",
    },
    PrincipalKind { name: "access_class", read: class, admits: "whom the class holds, see below" },
];

/// One row: an access class and whom it holds.
pub(crate) struct ClassRow {
    /// As Confluence writes it.
    pub(crate) name: &'static str,
    holder: Holder,
    /// Whom it admits, as `docs/permissions.md` tells it.
    pub(crate) admits: &'static str,
}

/// Every access class that Confluence documents. A class that is not here admits nobody and is told.
pub(crate) static ACCESS_CLASSES: [ClassRow; 5] = [
    ClassRow {
        name: "anonymous-users",
        holder: Holder::Anyone,
        admits: "every person with access to Confluence, guests excepted; Fossick has no anonymous search",
    },
    ClassRow {
        name: "authenticated-users",
        holder: Holder::Class(AccessClass::SignedInUsers),
        admits: "everybody with access to Confluence, guests excepted",
    },
    ClassRow {
        name: "all-licensed-users",
        holder: Holder::Class(AccessClass::LicensedUsers),
        admits: "everybody with access to Confluence, guests excepted",
    },
    ClassRow {
        name: "all-product-admins",
        holder: Holder::Class(AccessClass::ProductAdmins),
        admits: "members of the groups that administer Confluence",
    },
    ClassRow {
        name: "jsm-project-admins",
        holder: Holder::Class(AccessClass::ServiceProjectAdmins),
        admits: "nobody: no call of Confluence tells who administers service projects",
    },
];

/// Whom a principal names; `None` for a kind or class that is not known, or an id that is missing.
pub(super) fn holder(kind: &str, id: &str) -> Option<Holder> {
    let row = PRINCIPAL_KINDS.iter().find(|row| row.name.eq_ignore_ascii_case(kind))?;
    if id.trim().is_empty() { None } else { (row.read)(id) }
}

fn user(id: &str) -> Option<Holder> {
    Some(Holder::User(UserId::Account(id.into())))
}

fn group(id: &str) -> Option<Holder> {
    Some(Holder::Group(Group::Id(id.into())))
}

fn class(id: &str) -> Option<Holder> {
    ACCESS_CLASSES.iter().find(|row| row.name == id).map(|row| row.holder.clone())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_class_that_the_product_names_has_a_meaning_and_others_have_none() {
        let distinct: BTreeSet<_> = ACCESS_CLASSES.iter().filter_map(|row| holder("ACCESS_CLASS", row.name)).collect();
        assert_eq!(distinct.len(), ACCESS_CLASSES.len());
        assert_eq!(holder("ACCESS_CLASS", "all-robots"), None);
        assert_eq!(holder("TEAM", "t-1"), None);
        assert_eq!(holder("role", "r-1"), None);
        assert_eq!(holder("user", " "), None);
        assert_eq!(holder("GROUP", "g-1"), holder("group", "g-1"));
    }
}
