//! Spaces in scope, each with the clause of those who may read it.
//!
//! Readers are the union of permission rows, role assignments where the site uses roles, and anonymous access, which
//! only version 1 states (sheet 2.2, 4.3). All of them only add, so a part that cannot be read makes the clause
//! narrower. A space none of whose parts can be read is closed.

use super::ConfluenceCloud;
use super::fetch::{self, PAGE, SIDE_BY_SIDE, unread_permission};
use super::roles::Roles;
use super::spaces::container;
use super::wire::{Assignment, Permission, Space, SpaceV1};
use crate::http::{Call, CallError, Endpoint, unless_refused};
use access::mutants::off;
use access::{AccessClass, Clause, Hidden, Holder, Principal, SourceId};
use futures_util::{StreamExt, TryStreamExt};
use model::{ClauseKey, Container, NodeKey, NodeKind, Origin, Problem};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use sync::{Batch, Checkpoint, Cursor, FetchError, Item};

/// The most spaces that version 1 expands permissions of in one call.
const EXPANDED: usize = 50;

#[derive(Debug, Default, Deserialize, Serialize)]
struct Position {
    /// How many keys of the include list are done.
    included: usize,
    cursor: Option<String>,
}

pub(super) async fn read(cloud: &ConfluenceCloud, cursor: Option<&Cursor>) -> Result<Batch, FetchError> {
    let position: Position = fetch::position(cursor);
    let mut problems = Vec::new();
    let roles = Roles::current(cloud, cursor.is_none(), &mut problems).await?;
    let keys: Vec<&str> = cloud.scope.include.iter().skip(position.included).take(PAGE).map(String::as_str).collect();
    if keys.is_empty() && !cloud.scope.include.is_empty() {
        return Ok(fetch::batch(Vec::new(), problems, Checkpoint::Complete));
    }
    let mut call = Call::new(Endpoint::ConfluenceSpaces)
        .query("limit", PAGE)
        .query_opt("cursor", position.cursor.as_ref())
        .confirmed();
    if !cloud.scope.archived {
        call = call.query("status", "current");
    }
    if !keys.is_empty() {
        call = call.query("keys", keys.join(","));
    }
    let answer = cloud.gateway.send(call).await?;
    let found: Vec<Space> = answer.records("results", "space")?.into_found(&mut problems);
    let next = match answer.next_cursor()? {
        Some(cursor) => Some(Position { included: position.included, cursor: Some(cursor) }),
        None if position.included + keys.len() < cloud.scope.include.len() => {
            Some(Position { included: position.included + keys.len(), cursor: None })
        }
        None => None,
    };
    let containers = found.into_iter().map(|space| container(cloud, space));
    let wanted: Vec<Container> = containers.filter(|container| cloud.scope.admits(container)).collect();
    let public = public_spaces(cloud, &roles, &wanted, &mut problems).await?;
    let read: Vec<_> = futures_util::stream::iter(wanted)
        .map(|space| readers(cloud, &roles, &public, space))
        .buffered(SIDE_BY_SIDE)
        .try_collect()
        .await?;
    let mut items = Vec::with_capacity(read.len() * 4);
    for (space, clause, lost) in read {
        problems.extend(lost);
        items.extend(stated(space, clause));
    }
    Ok(fetch::batch(items, problems, fetch::checkpoint(next.as_ref())))
}

/// What the store is told of one space: itself, its readers, and its root in the tree.
fn stated(space: Container, clause: Clause) -> [Item; 4] {
    let key = ClauseKey::new(Origin::SpaceReaders, space.key.0.clone());
    let node = NodeKey::new(NodeKind::Space, space.key.0.clone());
    [
        Item::Container(space),
        Item::Clause { key: key.clone(), clause },
        Item::Place { node: node.clone(), parent: None },
        Item::Layers { node, own: vec![key], inline: Vec::new() },
    ]
}

/// The spaces that anonymous people may read. On sites that know only roles, a role says it instead.
async fn public_spaces(
    cloud: &ConfluenceCloud,
    roles: &Roles,
    spaces: &[Container],
    problems: &mut Vec<Problem>,
) -> Result<BTreeSet<String>, FetchError> {
    let mut public = BTreeSet::new();
    if roles.alone() {
        return Ok(public);
    }
    for some in spaces.chunks(EXPANDED) {
        let mut call =
            Call::new(Endpoint::ConfluenceSpacesV1).query("expand", "permissions").query("limit", EXPANDED).confirmed();
        for space in some {
            call = call.query("spaceKey", &space.short);
        }
        match unless_refused(cloud.gateway.send(call).await)? {
            Ok(answer) => {
                let found: Vec<SpaceV1> = answer.records("results", "space")?.into_found(problems);
                public.extend(found.into_iter().filter(SpaceV1::is_public).map(|space| space.id.0));
            }
            Err(reason) => {
                let reason = format!("whether spaces are public is unknown, so it admits nobody: {reason}");
                problems.push(unread_permission(Endpoint::ConfluenceSpacesV1.to_string(), reason));
                return Ok(public);
            }
        }
    }
    Ok(public)
}

async fn readers(
    cloud: &ConfluenceCloud,
    roles: &Roles,
    public: &BTreeSet<String>,
    space: Container,
) -> Result<(Container, Clause, Vec<Problem>), FetchError> {
    let mut problems = Vec::new();
    let mut holders = BTreeSet::new();
    let item = || format!("space {}", space.short);
    let mut read_any = false;
    match unless_refused(all::<Permission>(cloud, Endpoint::ConfluenceSpacePermissions, &space, &mut problems).await)? {
        Ok(rows) => {
            read_any = true;
            for row in rows.into_iter().filter(|row| row.operation.reads_space()) {
                let (kind, id) = (row.principal.kind, row.principal.id.0);
                match of_permission(&kind, &id) {
                    Some(holder) => drop(holders.insert(holder)),
                    // The role's own holders come from the assignments.
                    None if kind == "role" && roles.used() => {}
                    None => problems.push(unread_permission(item(), format!("a grant to a `{kind}` was ignored"))),
                }
            }
        }
        Err(reason) => problems.push(unread_permission(item(), format!("its permissions: {reason}"))),
    }
    if roles.used() {
        let assigned = all::<Assignment>(cloud, Endpoint::ConfluenceRoleAssignments, &space, &mut problems).await;
        match unless_refused(assigned)? {
            Ok(rows) => {
                read_any = true;
                for row in rows.into_iter().filter(|row| roles.reads_space(&row.role_id)) {
                    let (kind, id) = (row.principal.principal_type, row.principal.principal_id.0);
                    match of_assignment(&kind, &id) {
                        Some(holder) => drop(holders.insert(holder)),
                        None => {
                            let reason = format!("a role of the unknown `{kind}` `{id}` was ignored");
                            problems.push(unread_permission(item(), reason));
                        }
                    }
                }
            }
            Err(reason) => problems.push(unread_permission(item(), format!("its role assignments: {reason}"))),
        }
    }
    if public.contains(&space.key.0) || off("confluence.space-readers") {
        holders.insert(Holder::Anyone);
    }
    let clause = match read_any {
        true => clause_of(cloud.source, holders),
        false => Clause::nobody(Hidden::Forbidden),
    };
    Ok((space, clause, problems))
}

fn clause_of(source: SourceId, holders: BTreeSet<Holder>) -> Clause {
    Clause::any_of(holders.into_iter().map(|holder| Principal::new(source, holder)))
}

/// All rows of one list of a space.
async fn all<T: DeserializeOwned>(
    cloud: &ConfluenceCloud,
    endpoint: Endpoint,
    space: &Container,
    problems: &mut Vec<Problem>,
) -> Result<Vec<T>, CallError> {
    let mut rows = Vec::new();
    let mut cursor = None;
    loop {
        let call = Call::to(endpoint, [&space.key.0]).query("limit", PAGE).query_opt("cursor", cursor.as_ref());
        let answer = cloud.gateway.send(call.confirmed()).await?;
        let records = answer.records::<T>("results", "grant")?;
        // A grant that cannot be read only narrows; nothing of the listing is missing.
        problems.extend(
            records
                .problems
                .into_iter()
                .map(|problem| unread_permission(format!("space {}: {}", space.short, problem.item), problem.reason)),
        );
        rows.extend(records.found);
        let next = answer.next_cursor()?;
        match next {
            None => return Ok(rows),
            Some(_) if next == cursor => return Err(answer.malformed("the next page is the same page")),
            Some(_) => cursor = next,
        }
    }
}

fn of_permission(kind: &str, id: &str) -> Option<Holder> {
    match kind.to_ascii_lowercase().as_str() {
        "user" => Some(user(id)),
        "group" => Some(group(id)),
        _ => None,
    }
}

fn of_assignment(kind: &str, id: &str) -> Option<Holder> {
    match kind.to_ascii_uppercase().as_str() {
        "USER" => Some(user(id)),
        "GROUP" => Some(group(id)),
        "ACCESS_CLASS" => match id {
            "anonymous-users" => Some(Holder::Anyone),
            "authenticated-users" => Some(Holder::Class(AccessClass::SignedInUsers)),
            "all-licensed-users" => Some(Holder::Class(AccessClass::LicensedUsers)),
            "all-product-admins" => Some(Holder::Class(AccessClass::ProductAdmins)),
            "jsm-project-admins" => Some(Holder::Class(AccessClass::ServiceProjectAdmins)),
            _ => None,
        },
        _ => None,
    }
}

fn user(id: &str) -> Holder {
    Holder::User(access::UserId::Account(id.into()))
}

fn group(id: &str) -> Holder {
    Holder::Group(access::Group::Id(id.into()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_class_that_the_product_names_has_a_meaning_and_others_have_none() {
        let classes = [
            "anonymous-users",
            "authenticated-users",
            "all-licensed-users",
            "all-product-admins",
            "jsm-project-admins",
        ];
        let distinct: BTreeSet<_> = classes.iter().filter_map(|id| of_assignment("ACCESS_CLASS", id)).collect();
        assert_eq!(distinct.len(), classes.len());
        assert_eq!(of_assignment("ACCESS_CLASS", "all-robots"), None);
        assert_eq!(of_assignment("TEAM", "t-1"), None);
        assert_eq!(of_permission("role", "r-1"), None);
        assert_eq!(of_permission("GROUP", "g-1"), of_assignment("group", "g-1"));
    }
}
