//! `/myself`, and how Jira writes a user.

use axum::http::Method;
use serde_json::{Value, json};

use crate::call::Call;
use crate::reply::{Answer, Reply, jira};
use crate::route::Route;
use crate::state::World;
use crate::state::directory::Person;

pub(crate) fn routes() -> Vec<Route> {
    vec![Route::jira(Method::GET, "/rest/api/3/myself", myself)]
}

/// A user as in issues, comments and lists; an account that is not known any more is `Former user`.
pub fn user(world: &World, base: &str, account: &str) -> Value {
    match world.directory.person(account) {
        Some(person) => known_user(base, person),
        None => json!({
            "self": format!("{base}/rest/api/3/user?accountId={account}"), "accountId": account,
            "accountType": "unknown", "displayName": "Former user", "active": false,
        }),
    }
}

/// A user whose account is at hand.
pub fn known_user(base: &str, person: &Person) -> Value {
    let picture = |size: u32| format!("https://avatar.example/{size}/{}", person.account_id);
    let mut user = json!({
        "self": format!("{base}/rest/api/3/user?accountId={}", person.account_id),
        "accountId": person.account_id,
        "accountType": person.account_type.as_str(),
        "avatarUrls": {"16x16": picture(16), "24x24": picture(24), "32x32": picture(32), "48x48": picture(48)},
        "displayName": person.display_name,
        "active": person.active,
        "timeZone": person.time_zone,
    });
    if let Some(email) = person.email_shown() {
        user["emailAddress"] = json!(email);
    }
    user
}

fn myself(call: &Call<'_>) -> Answer {
    let world = call.world();
    let person = call.caller.account().and_then(|account| world.directory.person(account));
    let Some(person) = person else { return Err(jira::not_found("The user does not exist.")) };
    let mut user = known_user(&call.base, person);
    // An account always sees its own address, whatever it shows to others.
    user["emailAddress"] = json!(person.email);
    user["locale"] = json!("en_US");
    let expand = call.query_list("expand");
    let groups: Vec<Value> = world
        .directory
        .groups_of(&person.account_id)
        .filter_map(|id| world.directory.group(id))
        .map(|group| json!({"name": group.name, "groupId": group.id, "self": format!("{}/rest/api/3/group?groupId={}", call.base, group.id)}))
        .collect();
    let list =
        |items: Vec<Value>, asked: bool| json!({"size": items.len(), "items": if asked { items } else { Vec::new() }});
    user["groups"] = list(groups, expand.contains(&"groups"));
    let mine = |role: &&crate::state::project::ApplicationRole| {
        world.directory.groups_of(&person.account_id).any(|group| role.groups.contains(group))
    };
    let roles = world.jira.application_roles.values().filter(mine);
    let roles = roles.map(|role| json!({"key": role.key, "name": role.name})).collect();
    user["applicationRoles"] = list(roles, expand.contains(&"applicationRoles"));
    user["expand"] = json!("groups,applicationRoles");
    Ok(Reply::ok(&user).identities(1))
}
