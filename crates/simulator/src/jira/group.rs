//! Groups: lists, members by 50, the picker, and their changes.

use axum::http::{Method, StatusCode};
use serde::Deserialize;
use serde_json::{Value, json};

use super::gate;
use super::user::user;
use crate::call::Call;
use crate::paging::JiraPage;
use crate::reply::{Answer, Reply, jira};
use crate::route::Route;
use crate::state::directory::{Group, Person};
use crate::state::{GroupId, World};
use crate::visibility::jira::JiraView;

pub(crate) fn routes() -> Vec<Route> {
    vec![
        Route::jira(Method::GET, "/rest/api/3/group/bulk", bulk),
        Route::jira(Method::GET, "/rest/api/3/group/member", members),
        Route::jira(Method::GET, "/rest/api/3/group", one),
        Route::jira(Method::GET, "/rest/api/3/groups/picker", picker).anonymous(),
        Route::jira(Method::POST, "/rest/api/3/group", create),
        Route::jira(Method::DELETE, "/rest/api/3/group", delete),
        Route::jira(Method::POST, "/rest/api/3/group/user", join),
        Route::jira(Method::DELETE, "/rest/api/3/group/user", leave),
    ]
}

/// A group inside other objects.
pub(super) fn group_json(base: &str, group: &Group) -> Value {
    json!({"name": group.name, "groupId": group.id, "self": format!("{base}/rest/api/3/group?groupId={}", group.id)})
}

/// The group that `groupId` or `groupname` names: 400 without either, 404 if it does not exist.
fn named<'w>(world: &'w World, call: &Call<'_>) -> Result<&'w Group, Reply> {
    let (id, name) = (call.query("groupId"), call.query("groupname"));
    let found = match (id, name) {
        (Some(_), Some(_)) => return Err(jira::bad_request("Only one of groupname and groupId can be given.")),
        (Some(id), None) => world.directory.group(id),
        (None, Some(name)) => world.directory.group_by_name(name),
        (None, None) => return Err(jira::bad_request("Either groupname or groupId must be given.")),
    };
    let word = id.or(name).unwrap_or_default();
    found.ok_or_else(|| jira::not_found(&format!("The group with id or name '{word}' does not exist.")))
}

fn bulk(call: &Call<'_>) -> Answer {
    let page = JiraPage::of(call, 50, 1000)?;
    let (ids, names) = (call.query_list("groupId"), call.query_list("groupName"));
    let access = call.jira_words("accessType", &["site-admin", "admin", "user"])?.first().copied();
    let application = call.query("applicationKey");
    let world = call.world();
    gate::browse_users(&JiraView::new(&world, call.caller.account()))?;
    let jira_state = &world.jira;
    let used = |group: &Group| {
        jira_state
            .application_roles
            .values()
            .any(|role| application.is_none_or(|key| key == role.key) && role.groups.contains(&group.id))
    };
    let fits = |group: &&Group| {
        let kind = match access {
            Some("site-admin") => world.directory.site_admin_groups.contains(&group.id),
            Some("admin") => jira_state.admin_groups.contains(&group.id),
            Some("user") => used(group),
            _ => application.is_none() || used(group),
        };
        !group.deleted
            && kind
            && (ids.is_empty() || ids.contains(&&*group.id))
            && (names.is_empty() || names.contains(&group.name.as_str()))
    };
    let mut groups: Vec<&Group> = world.directory.groups.values().filter(fits).collect();
    groups.sort_by(|left, right| left.name.cmp(&right.name));
    let shown = groups.len().saturating_sub(page.start).min(page.max);
    Ok(page.reply(call, &groups, |group| json!({"name": group.name, "groupId": group.id})).objects(shown))
}

fn members(call: &Call<'_>) -> Answer {
    let page = JiraPage::of(call, 50, 50)?;
    let inactive = call.query_flag("includeInactiveUsers");
    let world = call.world();
    gate::browse_users(&JiraView::new(&world, call.caller.account()))?;
    let group = named(&world, call)?;
    let people = group.members.iter().filter_map(|account| world.directory.person(account));
    let people: Vec<&Person> = people.filter(|person| inactive || person.active).collect();
    let shown = people.len().saturating_sub(page.start).min(page.max);
    Ok(page.reply(call, &people, |person| user(&world, &call.base, &person.account_id)).objects(shown))
}

fn full_json(world: &World, call: &Call<'_>, group: &Group) -> Value {
    let mut value = group_json(&call.base, group);
    let asked = call.query_list("expand").iter().any(|part| *part == "users" || part.starts_with("users["));
    let people = group.members.iter().filter(|_| asked).take(50).map(|account| user(world, &call.base, account));
    let items: Vec<Value> = people.collect();
    value["users"] = json!({
        "size": group.members.len(), "items": items, "max-results": 50, "start-index": 0, "end-index": items.len(),
    });
    value["expand"] = json!("users");
    value
}

fn one(call: &Call<'_>) -> Answer {
    let world = call.world();
    gate::browse_users(&JiraView::new(&world, call.caller.account()))?;
    let group = named(&world, call)?;
    Ok(Reply::ok(&full_json(&world, call, group)).identities(1))
}

fn picker(call: &Call<'_>) -> Answer {
    let most = usize::try_from(call.jira_number("maxResults", 20)?.clamp(0, 1000)).unwrap_or(20);
    let words = call.query("query").unwrap_or_default().to_lowercase();
    let (excluded, excluded_ids) = (call.query_list("exclude"), call.query_list("excludeId"));
    let world = call.world();
    let view = JiraView::new(&world, call.caller.account());
    let fits = |group: &&Group| {
        view.can_browse_users()
            && !group.deleted
            && group.name.to_lowercase().contains(&words)
            && !excluded.contains(&group.name.as_str())
            && !excluded_ids.contains(&&*group.id)
    };
    let mut groups: Vec<&Group> = world.directory.groups.values().filter(fits).collect();
    groups.sort_by(|left, right| left.name.cmp(&right.name));
    let shown: Vec<Value> = groups
        .iter()
        .take(most)
        .map(|group| json!({"name": group.name, "groupId": group.id, "html": group.name, "labels": []}))
        .collect();
    let header = format!("Showing {} of {} matching groups", shown.len(), groups.len());
    Ok(Reply::ok(&json!({"header": header, "total": groups.len(), "groups": shown})).identities(shown.len()))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NewGroup {
    name: String,
}

fn create(call: &Call<'_>) -> Answer {
    let body: NewGroup = call.jira_body()?;
    let author = gate::author(call)?;
    let mut world = call.world_mut();
    gate::admin(&JiraView::new(&world, Some(&author)))?;
    if body.name.trim().is_empty() {
        return Err(jira::bad_request("The group name cannot be empty."));
    }
    let Some(id) = world.create_group(&body.name) else {
        return Err(jira::bad_request(&format!("Group {} already exists.", body.name)));
    };
    gate::audit(&mut world, &author, "Group created", "group management", ("GROUP", &id, &body.name));
    let group = world.directory.group(&id).map(|group| full_json(&world, call, group));
    Ok(Reply::created(&group).identities(1))
}

/// 200 without a body, as documented.
fn empty() -> Reply {
    Reply { status: StatusCode::OK, ..Reply::no_content() }
}

fn delete(call: &Call<'_>) -> Answer {
    let author = gate::author(call)?;
    let mut world = call.world_mut();
    gate::admin(&JiraView::new(&world, Some(&author)))?;
    let (id, name) = named(&world, call).map(|group| (group.id.clone(), group.name.clone()))?;
    world.delete_group(&id);
    gate::audit(&mut world, &author, "Group deleted", "group management", ("GROUP", &id, &name));
    Ok(empty())
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Joins {
    account_id: String,
}

fn no_account() -> Reply {
    jira::not_found("Specified user does not exist or you do not have required permissions")
}

fn member(call: &Call<'_>, world: &mut World, account: &str, joins: bool) -> Result<GroupId, Reply> {
    let author = gate::author(call)?;
    gate::admin(&JiraView::new(world, Some(&author)))?;
    let (id, name, is_in) =
        named(world, call).map(|group| (group.id.clone(), group.name.clone(), group.members.contains(account)))?;
    if world.directory.person(account).is_none() {
        return Err(no_account());
    }
    if is_in == joins {
        let words = if joins { "User is already a member of" } else { "User is not a member of" };
        return Err(jira::bad_request(&format!("{words} '{name}'")));
    }
    world.set_member(&id, account, joins);
    let summary = if joins { "User added to group" } else { "User removed from group" };
    gate::audit(world, &author, summary, "group management", ("GROUP", &id, &name));
    Ok(id)
}

fn join(call: &Call<'_>) -> Answer {
    let body: Joins = call.jira_body()?;
    let mut world = call.world_mut();
    let id = member(call, &mut world, &body.account_id, true)?;
    let group = world.directory.group(&id).map(|group| full_json(&world, call, group));
    Ok(Reply::created(&group).identities(1))
}

fn leave(call: &Call<'_>) -> Answer {
    let account =
        call.query("accountId").ok_or_else(|| jira::bad_request("The accountId query parameter is required."))?;
    let mut world = call.world_mut();
    member(call, &mut world, account, false)?;
    Ok(empty())
}
