//! Groups in v1, and who is in them. Changing them needs an administrator.

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

use super::find;
use crate::call::Call;
use crate::confluence::people;
use crate::confluence::writer::{self, bad_request_v1};
use crate::paging::V1Page;
use crate::reply::{Answer, Reply, confluence};
use crate::route::Route;
use crate::state::directory::{Group, Person};
use crate::state::{AccountId, World};
use crate::visibility::confluence::ConfluenceView;

pub(crate) fn routes() -> Vec<Route> {
    vec![
        Route::confluence(Method::GET, "/wiki/rest/api/group", list),
        Route::confluence(Method::POST, "/wiki/rest/api/group", create),
        Route::confluence(Method::GET, "/wiki/rest/api/group/by-id", one),
        Route::confluence(Method::DELETE, "/wiki/rest/api/group/by-id", delete),
        Route::confluence(Method::GET, "/wiki/rest/api/group/picker", picker),
        Route::confluence(Method::GET, "/wiki/rest/api/group/{groupId}/membersByGroupId", members),
        Route::confluence(Method::POST, "/wiki/rest/api/group/userByGroupId", add_member),
        Route::confluence(Method::DELETE, "/wiki/rest/api/group/userByGroupId", remove_member),
    ]
}

/// At most 200 members a page: more is refused, not lowered as for groups.
fn members_page(call: &Call<'_>) -> Result<V1Page, Reply> {
    if call.query("limit").and_then(|limit| limit.parse::<i64>().ok()).is_some_and(|limit| limit > 200) {
        return Err(bad_request_v1("limit cannot be greater than 200"));
    }
    V1Page::of(call, 200, 200)
}

fn answer(call: &Call<'_>, world: &World, page: V1Page, groups: &[&Group]) -> Reply {
    let mut answer = page.envelope(call, groups, |group| people::v1_group(world, group));
    if call.query_flag("shouldReturnTotalSize") {
        answer["totalSize"] = json!(groups.len());
    }
    let size = answer["results"].as_array().map_or(0, Vec::len);
    Reply::ok(&answer).identities(size)
}

fn list(call: &Call<'_>) -> Answer {
    let page = V1Page::of(call, 200, 200)?;
    let access = call.query("accessType");
    if access.is_some_and(|access| !["user", "admin", "site-admin"].contains(&access)) {
        return Err(bad_request_v1("accessType must be one of user, admin, site-admin"));
    }
    let world = call.world();
    let confluence = &world.confluence;
    let wanted = |group: &&Group| match access {
        Some("user") => confluence.user_groups.contains(&group.id),
        Some("admin") => confluence.admin_groups.contains(&group.id),
        Some("site-admin") => world.directory.site_admin_groups.contains(&group.id),
        _ => true,
    };
    let mut groups: Vec<&Group> =
        world.directory.groups.values().filter(|group| !group.deleted).filter(wanted).collect();
    groups.sort_by(|left, right| left.name.cmp(&right.name));
    Ok(answer(call, &world, page, &groups))
}

fn picker(call: &Call<'_>) -> Answer {
    let page = V1Page::of(call, 200, 200)?;
    let query = call.query("query").unwrap_or_default().to_lowercase();
    let world = call.world();
    let groups = world.directory.groups.values().filter(|group| !group.deleted);
    let groups: Vec<&Group> = groups.filter(|group| group.name.to_lowercase().contains(&query)).collect();
    Ok(answer(call, &world, page, &groups))
}

fn no_group(id: &str) -> Reply {
    let kind = "com.atlassian.confluence.api.service.exceptions.NotFoundException";
    confluence::v1(StatusCode::NOT_FOUND, &format!("{kind}: No group found with id: {id}"))
}

fn one(call: &Call<'_>) -> Answer {
    let id = call.query("id").unwrap_or_default();
    let world = call.world();
    let group = world.directory.group(id).ok_or_else(|| no_group(id))?;
    Ok(Reply::ok(&people::v1_group(&world, group)).identities(1))
}

/// An unknown group has no members: 200 with an empty list.
fn members(call: &Call<'_>) -> Answer {
    let page = members_page(call)?;
    let world = call.world();
    let group = world.directory.group(call.path_value("groupId"));
    let ids = group.into_iter().flat_map(|group| &group.members);
    let members: Vec<&Person> = ids.filter_map(|id| world.directory.person(id)).collect();
    let mut answer = page.envelope(call, &members, |person| people::v1_user(&world, person));
    if call.query_flag("shouldReturnTotalSize") {
        answer["totalSize"] = json!(members.len());
    }
    let size = answer["results"].as_array().map_or(0, Vec::len);
    Ok(Reply::ok(&answer).identities(size))
}

/// The caller, if it administers the product.
fn admin(call: &Call<'_>, world: &World) -> Result<AccountId, Reply> {
    let by = writer::account_v1(call)?;
    if !ConfluenceView::new(world, Some(&by)).is_admin() {
        return Err(writer::not_permitted_v1("User does not have permission to manage groups"));
    }
    Ok(by)
}

fn log(world: &mut World, by: &AccountId, summary: &str, group: &str, change: (&str, &str, &str)) {
    world.log_confluence(by, "Users and groups", summary, ("Group", group, None), change);
}

fn create(call: &Call<'_>) -> Answer {
    let sent: Value = find::body(call)?;
    let mut world = call.world_mut();
    let by = admin(call, &world)?;
    let Some(name) = sent["name"].as_str().filter(|name| !name.trim().is_empty()) else {
        return Err(bad_request_v1("A group needs a name"));
    };
    let Some(id) = world.create_group(name) else {
        return Err(bad_request_v1(&format!("Group already exists: {name}")));
    };
    log(&mut world, &by, "Group created", name, ("", "", ""));
    let group = world.directory.group(&id).ok_or_else(|| no_group(&id))?;
    Ok(Reply::created(&people::v1_group(&world, group)))
}

fn delete(call: &Call<'_>) -> Answer {
    let id = call.query("id").unwrap_or_default();
    let mut world = call.world_mut();
    let by = admin(call, &world)?;
    let name = world.directory.group(id).map(|group| group.name.clone()).ok_or_else(|| no_group(id))?;
    world.delete_group(id);
    log(&mut world, &by, "Group deleted", &name, ("", "", ""));
    Ok(Reply::no_content())
}

/// The group of the query and its name.
fn group(call: &Call<'_>, world: &World) -> Result<(String, String), Reply> {
    let id = call.query("groupId").unwrap_or_default();
    let group = world.directory.group(id).ok_or_else(|| no_group(id))?;
    Ok((group.id.to_string(), group.name.clone()))
}

fn add_member(call: &Call<'_>) -> Answer {
    let sent: Value = find::body(call)?;
    let mut world = call.world_mut();
    let by = admin(call, &world)?;
    let (id, name) = group(call, &world)?;
    let account = sent["accountId"].as_str().unwrap_or_default();
    if !world.set_member(&id, account, true) {
        return Err(bad_request_v1(&format!("No user found with accountId: {account}")));
    }
    log(&mut world, &by, "User added to group", &name, ("User", "", account));
    Ok(Reply::raw(StatusCode::CREATED, "application/json", ""))
}

fn remove_member(call: &Call<'_>) -> Answer {
    let mut world = call.world_mut();
    let by = admin(call, &world)?;
    let (id, name) = group(call, &world)?;
    let account = call.query("accountId").unwrap_or_default();
    if !world.set_member(&id, account, false) {
        return Err(bad_request_v1(&format!("No user found with accountId: {account}")));
    }
    log(&mut world, &by, "User removed from group", &name, ("User", account, ""));
    Ok(Reply::no_content())
}
