//! Spaces in scope, each with the clause of those who may read it.
//!
//! Readers are the union of permission rows, role assignments where the site uses roles, and anonymous access, which
//! only version 1 states (sheet 2.2, 4.3). All of them only add, so a part that cannot be read makes the clause
//! narrower. A space none of whose parts can be read is closed.

use super::ConfluenceCloud;
use super::fetch::{self, PAGE, SIDE_BY_SIDE, unread_permission};
use super::holder::holder;
use super::roles::Roles;
use super::spaces::container;
use super::wire::{Assignment, Permission, Space, SpaceV1};
use crate::http::{Call, CallError, Endpoint, Trail, unless_refused};
use crate::known::unseen;
use crate::losses::Losses;
use access::mutants::off;
use access::{Clause, Hidden, Holder, Principal, SourceId};
use futures_util::{StreamExt, TryStreamExt};
use model::{ClauseKey, Container, NodeKey, NodeKind, Origin, Problem};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use sync::{Batch, Checkpoint, Cursor, FetchError, Item, Known};

/// The most spaces that version 1 expands permissions of in one call.
const EXPANDED: usize = 50;

/// Keys of the include list that one call names, in up to three spellings each.
const NAMED: usize = PAGE / 3;

#[derive(Debug, Default, Deserialize, Serialize)]
struct Position {
    /// How many keys of the include list are done.
    included: usize,
    cursor: Option<String>,
}

pub(super) async fn read(
    cloud: &ConfluenceCloud,
    cursor: Option<&Cursor>,
    known: &dyn Known,
) -> Result<Batch, FetchError> {
    let position: Position = fetch::position(cursor);
    let mut problems = Vec::new();
    let roles = Roles::current(cloud, cursor.is_none(), &mut problems).await?;
    let keys: Vec<&str> = cloud.scope.include.iter().skip(position.included).take(NAMED).map(String::as_str).collect();
    if keys.is_empty() && !cloud.scope.include.is_empty() {
        return Ok(fetch::batch(Vec::new(), problems, Checkpoint::Complete));
    }
    let mut call =
        Call::new(Endpoint::ConfluenceSpaces).query("limit", PAGE).behind(position.cursor.as_ref()).confirmed();
    if !cloud.scope.archived {
        call = call.query("status", "current");
    }
    if !keys.is_empty() {
        let spelled: Vec<String> = keys.iter().flat_map(|key| spellings(key)).collect();
        call = call.query("keys", spelled.join(","));
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
    if next.is_none() {
        problems.extend(unseen(&cloud.scope, known, &items)?);
    }
    Ok(fetch::batch(items, problems, fetch::checkpoint(next.as_ref())))
}

/// A key as it was typed and as Confluence may have it. Whether the filter minds case is written nowhere, and a list of what is
/// read does not.
fn spellings(key: &str) -> BTreeSet<String> {
    BTreeSet::from([key.to_owned(), key.to_ascii_uppercase(), key.to_ascii_lowercase()])
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
    let calls: Vec<_> = spaces.chunks(EXPANDED).map(expanded).collect();
    let mut answers =
        futures_util::stream::iter(calls.into_iter().map(|call| cloud.gateway.send(call))).buffered(SIDE_BY_SIDE);
    while let Some(answer) = answers.next().await {
        match unless_refused(answer)? {
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

/// Asks version 1 for permissions, which state the anonymous ones, of at most [`EXPANDED`] spaces.
fn expanded(spaces: &[Container]) -> Call {
    let call =
        Call::new(Endpoint::ConfluenceSpacesV1).query("expand", "permissions").query("limit", EXPANDED).confirmed();
    spaces.iter().fold(call, |call, space| call.query("spaceKey", &space.short))
}

/// Everybody who may read one space, as the parts of its permissions come in.
#[derive(Default)]
struct Readers {
    holders: BTreeSet<Holder>,
    /// Whether any part could be read: a space none of whose parts can be read is closed for another reason.
    read: bool,
    losses: Losses,
}

impl Readers {
    fn add(&mut self, kind: &str, id: &str) {
        match holder(kind, id) {
            Some(holder) => drop(self.holders.insert(holder)),
            None => {
                self.losses
                    .note(Hidden::NotUnderstood, format!("a grant to the unknown `{}` is ignored", words(kind, id)));
            }
        }
    }

    fn take_misfits(&mut self, misfits: Vec<Problem>) {
        for misfit in misfits {
            self.losses.note(Hidden::NotUnderstood, misfit.reason);
        }
    }

    /// What the space's own permission rows grant. Once a site is on roles alone, rows grant nothing.
    async fn add_rows(&mut self, cloud: &ConfluenceCloud, roles: &Roles, space: &Container) -> Result<(), FetchError> {
        match unless_refused(all::<Permission>(cloud, Endpoint::ConfluenceSpacePermissions, space).await)? {
            Ok((rows, misfits)) => {
                self.read = true;
                self.take_misfits(misfits);
                for row in rows.into_iter().filter(|row| row.operation.reads_space()) {
                    // A role's own holders come from the assignments.
                    let by_role = row.principal.kind.eq_ignore_ascii_case("role") && roles.used();
                    if !by_role {
                        self.add(&row.principal.kind, &row.principal.id.0);
                    }
                }
            }
            Err(reason) => self.losses.note(Hidden::Forbidden, format!("its permissions: {reason}")),
        }
        Ok(())
    }

    /// What the roles grant that the space assigns.
    async fn add_roles(&mut self, cloud: &ConfluenceCloud, roles: &Roles, space: &Container) -> Result<(), FetchError> {
        match unless_refused(all::<Assignment>(cloud, Endpoint::ConfluenceRoleAssignments, space).await)? {
            Ok((rows, misfits)) => {
                self.read = true;
                self.take_misfits(misfits);
                for row in rows {
                    if roles.reads_space(&row.role_id) {
                        self.add(&row.principal.principal_type, &row.principal.principal_id.0);
                    } else if !roles.knows(&row.role_id) {
                        self.losses.note(Hidden::NotUnderstood, "it assigns a role that the site does not list");
                    }
                }
            }
            Err(reason) => self.losses.note(Hidden::Forbidden, format!("its role assignments: {reason}")),
        }
        Ok(())
    }
}

async fn readers(
    cloud: &ConfluenceCloud,
    roles: &Roles,
    public: &BTreeSet<String>,
    space: Container,
) -> Result<(Container, Clause, Vec<Problem>), FetchError> {
    let mut readers = Readers::default();
    if !roles.alone() {
        readers.add_rows(cloud, roles, &space).await?;
    }
    if roles.used() {
        readers.add_roles(cloud, roles, &space).await?;
    }
    if public.contains(&space.key.0) || off("confluence.space-readers") {
        readers.holders.insert(Holder::Anyone);
    }
    let clause = match readers.read {
        true => clause_of(cloud.source, readers.holders),
        false => Clause::nobody(Hidden::Forbidden),
    };
    let (clause, problem) = readers.losses.settle(clause, format!("space {}", space.short));
    Ok((space, clause, problem.into_iter().collect()))
}

fn clause_of(source: SourceId, holders: BTreeSet<Holder>) -> Clause {
    Clause::any_of(holders.into_iter().map(|holder| Principal::new(source, holder)))
}

/// A principal for an administrator: of a class its name, of anything else its kind, for the id may be anybody's.
fn words<'a>(kind: &'a str, id: &'a str) -> &'a str {
    if kind.eq_ignore_ascii_case("access_class") { id } else { kind }
}

/// All rows of one list of a space, and what of it cannot be read: that only narrows, and nothing of the listing is missing.
async fn all<T: DeserializeOwned>(
    cloud: &ConfluenceCloud,
    endpoint: Endpoint,
    space: &Container,
) -> Result<(Vec<T>, Vec<Problem>), CallError> {
    let (mut rows, mut misfits) = (Vec::new(), Vec::new());
    let (mut cursor, mut trail) = (None, Trail::default());
    loop {
        let call = Call::to(endpoint, [&space.key.0]).query("limit", PAGE).query_opt("cursor", cursor.as_ref());
        let answer = cloud.gateway.send(call.confirmed()).await?;
        let records = answer.records::<T>("results", "grant")?;
        misfits.extend(records.problems);
        rows.extend(records.found);
        let next = answer.next_cursor()?;
        let Some(next) = next else { return Ok((rows, misfits)) };
        trail.step(&next, &answer)?;
        cursor = Some(next);
    }
}
