//! Changing accounts and groups of the organization: switching an account off and on, other names.
//!
//! Accounts are changed by the user management API. No public route renames a group; the administration's own page does,
//! and its route here stands at the page's address.

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

use super::check_org;
use crate::call::Call;
use crate::reply::{Answer, Reply};
use crate::route::Route;
use crate::state::World;
use crate::state::directory::{Group, Person};
use crate::wire_time;

pub(crate) fn routes() -> Vec<Route> {
    vec![
        Route::admin(Method::POST, "/users/{account_id}/manage/lifecycle/disable", disable),
        Route::admin(Method::POST, "/users/{account_id}/manage/lifecycle/enable", enable),
        Route::admin(Method::PATCH, "/users/{account_id}/manage/profile", profile),
        Route::admin(Method::PUT, "/admin/o/{orgId}/groups/{groupId}", rename_group),
    ]
}

fn problem(status: StatusCode, key: &str) -> Reply {
    Reply::json(status, &json!({"key": key}))
}

/// A managed account of the path.
fn managed(world: &World, call: &Call<'_>) -> Result<Person, Reply> {
    let found = world.directory.person(call.path_value("account_id")).filter(|person| person.managed);
    found.cloned().ok_or_else(|| problem(StatusCode::NOT_FOUND, "accountNotFound"))
}

fn switch(call: &Call<'_>, active: bool) -> Answer {
    let mut world = call.world_mut();
    let person = managed(&world, call)?;
    if person.active == active {
        let words = if active { "The account is active" } else { "The account is not active" };
        let codes = json!([{"code": "lifecycle-state", "message": words}]);
        let context = json!({"message": words, "accountId": person.account_id, "errorCodes": codes});
        let body = json!({"key": "conflict.lifecycleErrors", "context": context});
        return Err(Reply::json(StatusCode::CONFLICT, &body));
    }
    world.set_active(&person.account_id, active);
    Ok(Reply::no_content())
}

/// A deactivated account keeps its memberships; it cannot sign in and sees nothing.
fn disable(call: &Call<'_>) -> Answer {
    switch(call, false)
}

fn enable(call: &Call<'_>) -> Answer {
    switch(call, true)
}

/// Only the name can be changed here.
fn profile(call: &Call<'_>) -> Answer {
    let sent: Value = serde_json::from_slice(&call.body).unwrap_or_default();
    let Some(name) = sent["name"].as_str().filter(|name| !name.trim().is_empty()) else {
        return Err(problem(StatusCode::BAD_REQUEST, "bodyParseFailure"));
    };
    let mut world = call.world_mut();
    let person = managed(&world, call)?;
    let created = wire_time::iso_utc(person.created_at);
    let account = json!({
        "account_id": person.account_id, "name": name, "nickname": name, "email": person.email, "account_type": "atlassian",
        "picture": format!("https://avatar.example/{}", person.account_id),
        "account_status": if person.active { "active" } else { "inactive" }, "created_at": created,
    });
    world.directory.put_person(Person { display_name: name.to_owned(), ..person });
    Ok(Reply::ok(&json!({"account": account})))
}

/// Another name for a group; its id and members stay, and so does everything that names the id.
fn rename_group(call: &Call<'_>) -> Answer {
    check_org(call)?;
    let sent: Value = serde_json::from_slice(&call.body).unwrap_or_default();
    let Some(name) = sent["name"].as_str().filter(|name| !name.trim().is_empty()) else {
        return Err(problem(StatusCode::BAD_REQUEST, "bodyParseFailure"));
    };
    let mut world = call.world_mut();
    let missing = || problem(StatusCode::NOT_FOUND, "notFound");
    let group = world.directory.group(call.path_value("groupId")).cloned().ok_or_else(missing)?;
    if world.directory.group_by_name(name).is_some() {
        return Err(problem(StatusCode::CONFLICT, "nameTaken"));
    }
    world.directory.put_group(Group { name: name.to_owned(), ..group });
    Ok(Reply::no_content())
}
