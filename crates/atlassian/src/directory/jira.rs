//! The directory of a Jira source.

use super::groups::Member;
use super::wire::{ApplicationRole, JiraGroup, JiraUser};
use super::{Draft, GroupIds, confluence, groups, ids, organization};
use crate::http::unless_refused;
use crate::http::{Call, CallError, Endpoint, Gateway};
use crate::jira::cloud::all_pages;
use access::{AccessClass, ProductAccess, SourceDirectory};
use model::Problem;
use std::collections::{BTreeSet, HashSet};
use sync::FetchError;

/// The most users that one call gives.
const USERS: u32 = 1000;
/// What is asked for per page of groups; Jira may give less.
const GROUPS: u32 = 1000;
/// The most members that one call gives.
const MEMBERS: u32 = 50;

/// Reads the directory of a Jira site: from the organization if the gateway has its key, else from Jira.
///
/// Without the key it costs one call per 1000 users and one more, one for the groups, one per group of at most 50
/// members, and one for product access.
pub async fn for_jira(gateway: &Gateway) -> Result<(SourceDirectory, Vec<Problem>), FetchError> {
    let mut draft = Draft::new();
    let by_organization = from_organization(gateway, &mut draft).await?;
    let names = match by_organization {
        true => None,
        false => Some(from_site(gateway, &mut draft).await?),
    };
    product_access(gateway, names, &mut draft).await?;
    Ok(draft.finish())
}

/// Tries the organization's directory. False, with nothing added but a problem, if there is no usable key.
pub(super) async fn from_organization(gateway: &Gateway, draft: &mut Draft) -> Result<bool, FetchError> {
    let Some(org) = gateway.org_id() else { return Ok(false) };
    let mut read = Draft::new();
    let error = match organization::read(gateway, org, &mut read).await {
        Ok(()) => {
            read.addresses_are_settled = true;
            *draft = read;
            return Ok(true);
        }
        Err(error) => error,
    };
    // A key that was revoked is the organization's matter; the product still tells most of it.
    let refused = error.is_refusal() || error.fault == crate::http::Fault::CredentialRefused;
    if !refused {
        return Err(error.into());
    }
    draft.unreadable(
        "organization directory",
        &error.reason(),
        "people and groups are read from the site, where people may hide their e-mail",
    );
    Ok(false)
}

async fn from_site(gateway: &Gateway, draft: &mut Draft) -> Result<GroupIds, FetchError> {
    let mut problems = Vec::new();
    let (users, found) = futures_util::join!(all_users(gateway), all_groups(gateway, None, &mut problems));
    draft.problems.append(&mut problems);
    match unless_refused(users)? {
        Ok((users, mut problems)) => {
            draft.problems.append(&mut problems);
            users.into_iter().map(JiraUser::user).for_each(|(id, user)| draft.user(&id, user));
        }
        Err(reason) => {
            draft.unreadable(
                "users",
                &reason,
                "only members of groups are known; give the service account `Browse users and groups`",
            );
        }
    }
    let found = match unless_refused(found)? {
        Ok(found) => found,
        Err(reason) => {
            let found = confluence::named_groups(gateway).await.unwrap_or_default();
            if found.is_empty() {
                draft.unreadable(
                    "groups",
                    &reason,
                    "nobody is admitted through a group; give the service account `Browse users and groups`",
                );
            }
            found
        }
    };
    found.iter().for_each(|group| draft.group_name(&group.group_id, &group.name));
    let wanted: BTreeSet<String> = found.iter().map(|group| group.group_id.clone()).collect();
    let otherwise = |group| confluence::members_for_jira(gateway, group);
    groups::add(draft, wanted, |group| members(gateway, group), otherwise).await?;
    Ok(found.into_iter().map(|group| (group.name, group.group_id)).collect())
}

/// The ids of all people of a Jira site who may sign in; the reason if they may not be listed.
pub(crate) async fn people(gateway: &Gateway) -> Result<Result<Vec<String>, String>, FetchError> {
    let users = match unless_refused(all_users(gateway).await)? {
        Ok((users, _)) => users.into_iter().map(JiraUser::user),
        Err(reason) => return Ok(Err(reason)),
    };
    Ok(Ok(users.filter(|(_, user)| user.active && !user.outsider).map(|(id, _)| id).collect()))
}

/// Pages may be short, since Jira cuts them before it drops whom the account may not see; only an empty page is the end
/// (sheet section 3.6). Going on behind what came reads some twice and misses nobody.
///
/// Each page begins behind the one before, so one account comes again at most as often as a page is long. A listing that
/// gives nothing new for longer repeats itself.
async fn all_users(gateway: &Gateway) -> Result<(Vec<JiraUser>, Vec<Problem>), CallError> {
    let (mut all, mut problems) = (Vec::new(), Vec::new());
    let (mut known, mut stale) = (HashSet::new(), 0);
    let mut start = 0;
    loop {
        let call = Call::new(Endpoint::JiraUsers).query("startAt", start).query("maxResults", USERS);
        let answer = gateway.send(call).await?;
        let page = answer.array::<JiraUser>("account")?;
        let came = page.found.len() + page.problems.len();
        let new = page.into_found(&mut problems).into_iter().filter(|user| known.insert(user.account_id.clone()));
        let before = all.len();
        all.extend(new);
        if came == 0 {
            return Ok((all, problems));
        }
        stale = if all.len() == before { stale + 1 } else { 0 };
        if stale > USERS {
            return Err(answer.malformed("its pages repeat and never end"));
        }
        start += came;
    }
}

/// All groups of the site, or those that give one kind of access to Jira.
pub(super) async fn all_groups(
    gateway: &Gateway,
    access: Option<&str>,
    problems: &mut Vec<Problem>,
) -> Result<Vec<JiraGroup>, CallError> {
    let call = || Call::new(Endpoint::JiraGroups).query("maxResults", GROUPS).query_opt("accessType", access);
    all_pages(gateway, call, "group", problems).await
}

/// The members of one group, as Jira tells them.
pub(super) async fn members(gateway: &Gateway, group: String) -> Result<groups::Members, CallError> {
    let mut problems = Vec::new();
    let call = || {
        Call::new(Endpoint::JiraGroupMembers)
            .query("groupId", &group)
            .query("includeInactiveUsers", false)
            .query("maxResults", MEMBERS)
    };
    let members: Vec<JiraUser> = all_pages(gateway, call, "member of a group", &mut problems).await?;
    let member = |(id, user)| Member { id, user, tells_guests: false };
    Ok((members.into_iter().map(|user| member(user.user())).collect(), problems))
}

/// Who may use Jira at all: the groups of its applications. Where those may not be read, the groups that Jira says give
/// access; where neither, nobody.
async fn product_access(gateway: &Gateway, names: Option<GroupIds>, draft: &mut Draft) -> Result<(), FetchError> {
    let answer = gateway.send(Call::new(Endpoint::JiraApplicationRoles)).await;
    let read = answer.and_then(|answer| answer.array::<ApplicationRole>("application"));
    match unless_refused(read)? {
        Ok(roles) => {
            let roles = roles.into_found(&mut draft.problems);
            let mut admitted = BTreeSet::new();
            for role in roles.into_iter().filter(|role| role.defined != Some(false)) {
                let behind = groups_of(&role, names.as_ref());
                admitted.extend(behind.iter().cloned());
                let class = AccessClass::ApplicationRole(role.key.as_str().into());
                draft.directory.classes.insert(class, ids(&behind));
            }
            draft.directory.product_access = ProductAccess::Groups(ids(&admitted));
        }
        Err(reason) => {
            let effect = "grants to one Jira application admit nobody; give the service account `Administer Jira`";
            draft.unreadable("application roles", &reason, effect);
            let mut problems = Vec::new();
            match unless_refused(all_groups(gateway, Some("user"), &mut problems).await)? {
                Ok(found) => {
                    let found = found.into_iter().map(|group| group.group_id).collect();
                    draft.directory.product_access = ProductAccess::Groups(ids(&found));
                }
                Err(reason) => draft.unreadable("product access", &reason, "nobody finds anything of this source"),
            }
            draft.problems.append(&mut problems);
        }
    }
    Ok(())
}

/// Older answers give names only. A name that is not among the groups stands for nobody.
fn groups_of(role: &ApplicationRole, names: Option<&GroupIds>) -> BTreeSet<String> {
    match &role.group_details {
        Some(details) => details.iter().map(|group| group.group_id.clone()).collect(),
        None => role.groups.iter().filter_map(|name| names?.get(name).cloned()).collect(),
    }
}
