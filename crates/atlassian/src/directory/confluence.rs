//! The directory of a Confluence source.

use super::jira::{self, from_organization};
use super::wire::{ConfluenceGroup, ConfluencePage, ConfluenceUser, JiraGroup};
use super::{Draft, groups, guests, ids};
use crate::http::unless_refused;
use crate::http::{Call, CallError, Endpoint, Gateway, Trail};
use access::{AccessClass, ProductAccess, SourceDirectory};
use futures_util::join;
use model::Problem;
use serde::de::DeserializeOwned;
use std::collections::BTreeSet;
use sync::FetchError;

/// The most that one call gives of groups or members.
const PAGE: u32 = 200;

/// Reads the directory of a Confluence site: from the organization if the gateway has its key, else from Confluence.
///
/// The members of the groups that give access, to users or administrators, are read from Confluence in any case, since only
/// it tells who is a guest.
/// Without the key it costs three calls for groups and one per group of at most 200 members.
pub async fn for_confluence(gateway: &Gateway) -> Result<(SourceDirectory, Vec<Problem>), FetchError> {
    let mut draft = Draft::new();
    let by_organization = from_organization(gateway, &mut draft).await?;
    let (users, admins) = join!(some_groups(gateway, Some("user")), some_groups(gateway, Some("admin")));
    let users = accept(&mut draft, users, "groups with access", "people who are not administrators find nothing")?;
    let admins = accept(&mut draft, admins, "groups of administrators", "grants to administrators admit nobody")?;
    // Administrators may be guests as well, and hold as little of what groups and classes are granted.
    let giving: BTreeSet<String> = users.iter().chain(&admins).flatten().cloned().collect();
    let wanted: BTreeSet<String> = match by_organization {
        true => BTreeSet::new(),
        false => {
            let all = some_groups(gateway, None).await;
            match unless_refused(all)? {
                Ok((groups, mut problems)) => {
                    draft.problems.append(&mut problems);
                    groups.into_iter().map(|group| group.id).collect()
                }
                Err(reason) => {
                    let found = jira::all_groups(gateway, None, &mut Vec::new()).await.unwrap_or_default();
                    if found.is_empty() {
                        draft.unreadable("groups", &reason, "nobody is admitted through a group");
                    }
                    found.into_iter().map(|group| group.group_id).collect()
                }
            }
        }
    };
    let known: BTreeSet<String> = wanted.union(&giving).cloned().collect();
    let otherwise = |group| jira::members(gateway, group);
    groups::add(&mut draft, known, |group| members(gateway, group), otherwise).await?;
    guests::settle(gateway, &mut draft, &giving).await?;
    if let Some(admins) = &admins {
        draft.directory.classes.insert(AccessClass::ProductAdmins, ids(admins));
    }
    draft.directory.product_access = match (&users, &admins) {
        (None, None) => ProductAccess::Unknown,
        _ => ProductAccess::Groups(ids(&giving)),
    };
    draft.note_strangers("Confluence");
    Ok(draft.finish())
}

type Listed<T> = Result<(Vec<T>, Vec<Problem>), CallError>;

/// The ids of some groups; `None`, with a problem, if they may not be listed.
fn accept(
    draft: &mut Draft,
    listed: Listed<ConfluenceGroup>,
    what: &str,
    effect: &str,
) -> Result<Option<BTreeSet<String>>, FetchError> {
    match unless_refused(listed)? {
        Ok((groups, mut problems)) => {
            draft.problems.append(&mut problems);
            groups.iter().for_each(|group| draft.group_name(&group.id, &group.name));
            Ok(Some(groups.into_iter().map(|group| group.id).collect()))
        }
        Err(reason) => {
            draft.unreadable(what, &reason, effect);
            Ok(None)
        }
    }
}

async fn some_groups(gateway: &Gateway, access: Option<&str>) -> Listed<ConfluenceGroup> {
    all(gateway, || Call::new(Endpoint::ConfluenceGroups).query_opt("accessType", access), "group").await
}

/// All groups of the site, for Jira where Jira does not list them.
pub(super) async fn named_groups(gateway: &Gateway) -> Result<Vec<JiraGroup>, CallError> {
    let (groups, _) = some_groups(gateway, None).await?;
    Ok(groups.into_iter().map(|group| JiraGroup { name: group.name, group_id: group.id }).collect())
}

/// The members of one group, for Jira where Jira does not tell them. A guest of Confluence is no guest there.
pub(super) async fn members_for_jira(gateway: &Gateway, group: String) -> Result<groups::Members, CallError> {
    let (mut members, problems) = members(gateway, group).await?;
    members.iter_mut().for_each(|member| member.user.guest = false);
    Ok((members, problems))
}

async fn members(gateway: &Gateway, group: String) -> Result<groups::Members, CallError> {
    let call = || {
        let call = Call::to(Endpoint::ConfluenceGroupMembers, [&group]);
        call.query("expand", "isExternalCollaborator").confirmed()
    };
    let (members, problems) = all::<ConfluenceUser>(gateway, call, "member of a group").await?;
    Ok((members.into_iter().map(ConfluenceUser::member).collect(), problems))
}

/// Reads all pages of a `results` listing. An empty page may still have a next one, so the link alone decides, and the
/// offset moves by what came, or by a page where nothing did.
async fn all<T: DeserializeOwned>(gateway: &Gateway, call: impl Fn() -> Call, what: &str) -> Listed<T> {
    /// Empty pages in a row after which a listing counts as broken.
    const EMPTY: u32 = 20;
    let (mut all, mut problems) = (Vec::new(), Vec::new());
    let (mut start, mut empty, mut trail) = (0, 0, Trail::default());
    loop {
        let answer = gateway.send(call().query("start", start).query("limit", PAGE)).await?;
        let page: ConfluencePage = answer.json()?;
        let records = answer.records::<T>("results", what)?;
        let came = records.found.len() + records.problems.len();
        all.extend(records.into_found(&mut problems));
        if page.links.and_then(|links| links.next).is_none() {
            return Ok((all, problems));
        }
        empty = if came == 0 { empty + 1 } else { 0 };
        if empty > EMPTY {
            return Err(answer.malformed("its pages are empty and never end"));
        }
        start += if came == 0 { PAGE as usize } else { came };
        trail.step(&start, &answer)?;
    }
}
