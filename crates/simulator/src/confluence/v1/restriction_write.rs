//! Writing restrictions. None of it changes a version or a time of the content, so nothing but the audit log tells of it.

use axum::http::{Method, StatusCode};
use serde_json::Value;

use super::restriction_row::{OPERATIONS, subjects};
use super::{find, restriction};
use crate::call::Call;
use crate::confluence::writer::{self, bad_request_v1};
use crate::confluence::{operations, v2};
use crate::reply::{Answer, Reply, confluence};
use crate::route::Route;
use crate::state::content::{Content, RestrictedOperation, Subjects};
use crate::state::{AccountId, GroupId, World};
use crate::visibility::confluence::ConfluenceView;

pub(crate) fn routes() -> Vec<Route> {
    let all = "/wiki/rest/api/content/{id}/restriction";
    let user = "/wiki/rest/api/content/{id}/restriction/byOperation/{operationKey}/user";
    let group = "/wiki/rest/api/content/{id}/restriction/byOperation/{operationKey}/byGroupId/{groupId}";
    vec![
        Route::confluence(Method::PUT, all, replace),
        Route::confluence(Method::POST, all, add),
        Route::confluence(Method::DELETE, all, clear),
        Route::confluence(Method::PUT, user, user_on),
        Route::confluence(Method::DELETE, user, user_off),
        Route::confluence(Method::PUT, group, group_on),
        Route::confluence(Method::DELETE, group, group_off),
    ]
}

/// The content of the path, if the caller may restrict it.
fn restrictable(call: &Call<'_>, world: &World, by: &str) -> Result<Content, Reply> {
    let view = ConfluenceView::new(world, Some(by));
    let content = find::content(call, world, &view, "id")?;
    if !operations::may_restrict(&view, world, content) {
        return Err(writer::not_permitted_v1("User does not have permission to set restrictions on this content"));
    }
    Ok(content.clone())
}

/// Lists as they were sent, `[…]` or `{"results":[…]}`.
fn entries(value: &Value) -> Vec<&Value> {
    value.as_array().or_else(|| value["results"].as_array()).into_iter().flatten().collect()
}

fn sent_subjects(world: &World, sent: &Value) -> Result<Subjects, Reply> {
    let mut found = Subjects::default();
    for user in entries(&sent["user"]) {
        let id = user["accountId"].as_str().unwrap_or_default();
        let person = world.directory.person(id).ok_or_else(|| no_subject("user", id))?;
        found.users.insert(person.account_id.clone());
    }
    for group in entries(&sent["group"]) {
        let by_id = group["id"].as_str().and_then(|id| world.directory.group(id));
        let by_name = || group["name"].as_str().and_then(|name| world.directory.group_by_name(name));
        let known = by_id.or_else(by_name).ok_or_else(|| no_subject("group", &group.to_string()))?;
        found.groups.insert(known.id.clone());
    }
    Ok(found)
}

fn no_subject(kind: &str, id: &str) -> Reply {
    bad_request_v1(&format!("No {kind} found for {id}"))
}

/// (operation, subjects, lists that were sent) of a body.
fn sent(call: &Call<'_>, world: &World) -> Result<Vec<(RestrictedOperation, Subjects, [bool; 2])>, Reply> {
    let body = find::body(call)?;
    let mut all = Vec::new();
    for one in entries(&body) {
        let word = one["operation"].as_str().unwrap_or_default();
        let Some((operation, _)) = OPERATIONS.into_iter().find(|(_, known)| *known == word) else {
            return Err(bad_request_v1(&format!("Unsupported restriction operation: {word}")));
        };
        let lists = &one["restrictions"];
        let given = ["user", "group"].map(|list| !lists[list].is_null());
        all.push((operation, sent_subjects(world, lists)?, given));
    }
    Ok(all)
}

/// Sets both lists, with one line in the audit log for each that changed.
fn set(world: &mut World, by: &AccountId, old: &Content, operation: RestrictedOperation, new: Subjects) {
    if *subjects(old, operation) == new {
        return;
    }
    let before = subjects(old, operation);
    let widens = new.is_empty()
        || !before.is_empty() && new.users.len() + new.groups.len() > before.users.len() + before.groups.len();
    let summary = if widens { "Content restriction removed" } else { "Content restriction added" };
    let word = if operation == RestrictedOperation::Read { "View" } else { "Edit" };
    world.restrict(old.id, operation, new);
    let object = (v2::content_write::object_type(old.kind), old.title.as_str(), Some(old.space));
    world.log_confluence(by, "Permissions", summary, object, ("Type", "", word));
}

/// The answer: the lists as they are now, even if the caller has locked itself out.
fn answer(call: &Call<'_>, world: &World, by: &str, id: u64) -> Answer {
    let view = ConfluenceView::new(world, Some(by));
    let Some(content) = world.confluence.content.get(&id) else {
        return Err(confluence::v1_no_content(&id.to_string()));
    };
    restriction::both(call, &find::scene(call, world, &view), content)
}

/// Replaces the lists of the operations that were sent; others stay.
fn replace(call: &Call<'_>) -> Answer {
    let by = writer::account_v1(call)?;
    let mut world = call.world_mut();
    let old = restrictable(call, &world, &by)?;
    for (operation, mut new, given) in sent(call, &world)? {
        let before = subjects(&old, operation);
        if !given[0] && given[1] {
            new.users.clone_from(&before.users);
        }
        if given[0] && !given[1] {
            new.groups.clone_from(&before.groups);
        }
        set(&mut world, &by, &old, operation, new);
    }
    answer(call, &world, &by, old.id)
}

/// Adds to the lists.
fn add(call: &Call<'_>) -> Answer {
    let by = writer::account_v1(call)?;
    let mut world = call.world_mut();
    let old = restrictable(call, &world, &by)?;
    for (operation, new, _) in sent(call, &world)? {
        let mut all = subjects(&old, operation).clone();
        all.users.extend(new.users);
        all.groups.extend(new.groups);
        set(&mut world, &by, &old, operation, all);
    }
    answer(call, &world, &by, old.id)
}

fn clear(call: &Call<'_>) -> Answer {
    let by = writer::account_v1(call)?;
    let mut world = call.world_mut();
    let old = restrictable(call, &world, &by)?;
    for (operation, _) in OPERATIONS {
        set(&mut world, &by, &old, operation, Subjects::default());
    }
    answer(call, &world, &by, old.id)
}

/// Puts one subject on a list or takes it off.
fn change(call: &Call<'_>, on: bool, subject: impl Fn(&World) -> Result<Subject, Reply>) -> Answer {
    let (operation, _) = restriction::operation(call)?;
    let by = writer::account_v1(call)?;
    let mut world = call.world_mut();
    let old = restrictable(call, &world, &by)?;
    let mut all = subjects(&old, operation).clone();
    let changed = match (subject(&world)?, on) {
        (Subject::User(account), true) => all.users.insert(account) || on,
        (Subject::User(account), false) => all.users.remove(&account),
        (Subject::Group(group), true) => all.groups.insert(group) || on,
        (Subject::Group(group), false) => all.groups.remove(&group),
    };
    if !changed {
        let kind = "com.atlassian.confluence.api.service.exceptions.NotFoundException";
        return Err(confluence::v1(StatusCode::NOT_FOUND, &format!("{kind}: No restriction found")));
    }
    set(&mut world, &by, &old, operation, all);
    Ok(Reply::raw(StatusCode::OK, "application/json", ""))
}

enum Subject {
    User(AccountId),
    Group(GroupId),
}

fn user(call: &Call<'_>, on: bool) -> Answer {
    let id = call.query("accountId").ok_or_else(|| bad_request_v1("accountId is required"))?;
    change(call, on, |world| {
        let person = world.directory.person(id);
        person.map(|person| Subject::User(person.account_id.clone())).ok_or_else(|| no_subject("user", id))
    })
}

/// A deleted group can be taken off a list, but not put on one.
fn group(call: &Call<'_>, on: bool) -> Answer {
    let id = call.path_value("groupId");
    change(call, on, |world| {
        let found = if on { world.directory.group(id) } else { world.directory.groups.get(id) };
        found.map(|group| Subject::Group(group.id.clone())).ok_or_else(|| no_subject("group", id))
    })
}

fn user_on(call: &Call<'_>) -> Answer {
    user(call, true)
}

fn user_off(call: &Call<'_>) -> Answer {
    user(call, false)
}

fn group_on(call: &Call<'_>) -> Answer {
    group(call, true)
}

fn group_off(call: &Call<'_>) -> Answer {
    group(call, false)
}
