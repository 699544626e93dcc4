//! Making, changing and deleting spaces, and single permission rows. On sites with roles the rows cannot be written.

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

use super::expand::Expand;
use super::movement::accepted;
use super::{find, space};
use crate::call::Call;
use crate::confluence::space_making;
use crate::confluence::writer::{self, bad_request_v1};
use crate::reply::{Answer, Reply, confluence};
use crate::route::Route;
use crate::state::confluence::RoleMode;
use crate::state::space::{SpacePrincipal, SpaceType};
use crate::state::{AccountId, World};
use crate::visibility::confluence::ConfluenceView;

pub(crate) fn routes() -> Vec<Route> {
    vec![
        Route::confluence(Method::POST, "/wiki/rest/api/space", create),
        Route::confluence(Method::POST, "/wiki/rest/api/space/_private", create),
        Route::confluence(Method::PUT, "/wiki/rest/api/space/{spaceKey}", update),
        Route::confluence(Method::DELETE, "/wiki/rest/api/space/{spaceKey}", delete),
        Route::confluence(Method::POST, "/wiki/rest/api/space/{spaceKey}/permission", grant),
        Route::confluence(Method::DELETE, "/wiki/rest/api/space/{spaceKey}/permission/{id}", revoke),
    ]
}

fn answer(call: &Call<'_>, world: &World, by: &str, id: u64) -> Answer {
    let view = ConfluenceView::new(world, Some(by));
    let scene = find::scene(call, world, &view);
    let Some(found) = world.confluence.spaces.get(&id) else { return Err(find::no_space(&id.to_string())) };
    let mut row = space::space_row(&scene, found, &Expand::made());
    row["_links"]["base"] = json!(call.simulation.site.wiki_base());
    row["_links"]["context"] = json!("/wiki");
    Ok(Reply::ok(&row))
}

fn create(call: &Call<'_>) -> Answer {
    let sent = find::body(call)?;
    let by = writer::account_v1(call)?;
    let mut world = call.world_mut();
    if !space_making::may_create(&ConfluenceView::new(&world, Some(&by)), &world, &by) {
        return Err(writer::not_permitted_v1("User does not have permission to create a space"));
    }
    let Some(name) = sent["name"].as_str().filter(|name| !name.is_empty()) else {
        return Err(bad_request_v1("A space needs a name"));
    };
    let key = sent["key"].as_str().or(sent["alias"].as_str()).map(str::to_owned);
    let key = key.unwrap_or_else(|| space_making::key_of(&world, name));
    if !space_making::is_key(&key) {
        return Err(bad_request_v1(&format!("Invalid space key: {key}")));
    }
    let kind = if key.starts_with('~') { SpaceType::Personal } else { SpaceType::Global };
    let private = call.path.ends_with("/_private") || kind == SpaceType::Personal;
    let Some(id) = space_making::create(&mut world, (&key, name), kind, &by, private) else {
        return Err(bad_request_v1(&format!("A space already exists with key {key}")));
    };
    if let Some(description) = sent["description"]["plain"]["value"].as_str()
        && let Some(space) = world.confluence.spaces.get_mut(&id)
    {
        description.clone_into(&mut space.description);
    }
    answer(call, &world, &by, id)
}

/// The id of the space of the path, if the caller administers it.
fn administered(call: &Call<'_>, world: &World, by: &str) -> Result<u64, Reply> {
    let view = ConfluenceView::new(world, Some(by));
    let space = find::space(call, world, &view)?;
    if !view.can_administer_space(space) {
        return Err(writer::not_permitted_v1("User does not have permission to administer this space"));
    }
    Ok(space.id)
}

/// Name, description, home page, and `archived` or `current`.
fn update(call: &Call<'_>) -> Answer {
    let sent = find::body(call)?;
    let by = writer::account_v1(call)?;
    let mut world = call.world_mut();
    let id = administered(call, &world, &by)?;
    let homepage = &sent["homepage"]["id"];
    let homepage = homepage.as_u64().or_else(|| homepage.as_str()?.parse().ok());
    let homepage = homepage.filter(|page| world.confluence.content.get(page).is_some_and(|page| page.space == id));
    let archived = match sent["status"].as_str() {
        None => None,
        Some("current" | "CURRENT") => Some(false),
        Some("archived" | "ARCHIVED") => Some(true),
        Some(other) => return Err(bad_request_v1(&format!("Unknown status: {other}"))),
    };
    if let Some(space) = world.confluence.spaces.get_mut(&id) {
        if let Some(name) = sent["name"].as_str() {
            name.clone_into(&mut space.name);
        }
        if let Some(description) = sent["description"]["plain"]["value"].as_str() {
            description.clone_into(&mut space.description);
        }
        space.homepage = homepage.or(space.homepage);
        space.archived = archived.unwrap_or(space.archived);
    }
    answer(call, &world, &by, id)
}

fn delete(call: &Call<'_>) -> Answer {
    let by = writer::account_v1(call)?;
    let mut world = call.world_mut();
    let id = administered(call, &world, &by)?;
    let name = world.confluence.spaces.get(&id).map(|space| space.name.clone()).unwrap_or_default();
    world.delete_space(id);
    world.log_confluence(&by, "Spaces", "Space deleted", ("Space", &name, None), ("", "", ""));
    Ok(accepted(&mut world))
}

/// On sites with roles, permission rows are read only.
fn check_mode(world: &World) -> Result<(), Reply> {
    if world.confluence.mode != RoleMode::Roles {
        return Ok(());
    }
    let kind = "com.atlassian.confluence.spaces.rbac.InvalidRbacOperationException";
    let message = "Space permissions cannot be changed one by one on a site that uses space roles";
    Err(confluence::v1(StatusCode::BAD_REQUEST, &format!("{kind}: {message}")))
}

/// Operations and targets that a row may have.
const KEYS: [&str; 14] = [
    "administer",
    "archive",
    "copy",
    "create",
    "delete",
    "export",
    "move",
    "purge",
    "purge_version",
    "read",
    "restore",
    "restrict_content",
    "update",
    "use",
];
const TARGETS: [&str; 5] = ["page", "blogpost", "comment", "attachment", "space"];

fn subject(world: &World, sent: &Value) -> Result<SpacePrincipal, Reply> {
    let id = sent["identifier"].as_str().unwrap_or_default();
    let unknown = |kind: &str| bad_request_v1(&format!("No {kind} found with identifier: {id}"));
    match sent["type"].as_str() {
        Some("user") => {
            let person = world.directory.person(id).ok_or_else(|| unknown("user"))?;
            Ok(SpacePrincipal::User(person.account_id.clone()))
        }
        Some("group") => {
            let group = world.directory.group(id).or_else(|| world.directory.group_by_name(id));
            Ok(SpacePrincipal::Group(group.ok_or_else(|| unknown("group"))?.id.clone()))
        }
        _ => Err(bad_request_v1("subject.type must be user or group")),
    }
}

fn log(world: &mut World, by: &AccountId, space: u64, summary: &str, change: &str) {
    let name = world.confluence.spaces.get(&space).map(|space| space.name.clone()).unwrap_or_default();
    let change = if summary.ends_with("added") { ("Type", "", change) } else { ("Type", change, "") };
    world.log_confluence(by, "Permissions", summary, ("Space", &name, None), change);
}

fn grant(call: &Call<'_>) -> Answer {
    let sent = find::body(call)?;
    let by = writer::account_v1(call)?;
    let mut world = call.world_mut();
    let id = administered(call, &world, &by)?;
    check_mode(&world)?;
    let (key, target) = (sent["operation"]["key"].as_str(), sent["operation"]["target"].as_str());
    let (Some(key), Some(target)) =
        (key.filter(|key| KEYS.contains(key)), target.filter(|target| TARGETS.contains(target)))
    else {
        return Err(bad_request_v1("operation.key or operation.target is not supported"));
    };
    let principal = subject(&world, &sent["subject"])?;
    let rows = world.confluence.spaces.get(&id).map(|space| space.permissions.as_slice()).unwrap_or_default();
    let has = |key: &str, target: &str| {
        rows.iter().any(|row| row.principal == principal && row.operation == key && row.target == target)
    };
    if has(key, target) {
        return Err(bad_request_v1("Permission already exists"));
    }
    if (key, target) != ("read", "space") && !has("read", "space") {
        return Err(bad_request_v1("The subject needs the permission to view the space first"));
    }
    let Some(row) = world.grant_space(id, principal, key, target) else { return Err(find::no_space("")) };
    log(&mut world, &by, id, "Space permission added", &format!("{key} {target}"));
    let links = json!({"base": call.simulation.site.wiki_base(), "context": "/wiki"});
    let answer = json!({
        "id": row, "subject": sent["subject"], "operation": {"key": key, "target": target}, "_links": links,
    });
    Ok(Reply::ok(&answer).identities(1))
}

/// Without the permission to view, a subject loses all others, too.
fn revoke(call: &Call<'_>) -> Answer {
    let by = writer::account_v1(call)?;
    let mut world = call.world_mut();
    let id = administered(call, &world, &by)?;
    check_mode(&world)?;
    let row = call.path_id("id").unwrap_or(0);
    let rows = world.confluence.spaces.get(&id).map(|space| space.permissions.clone()).unwrap_or_default();
    let Some(found) = rows.iter().find(|known| known.id == row) else {
        let kind = "com.atlassian.confluence.api.service.exceptions.NotFoundException";
        let message = format!("{kind}: No permission found with id: {row}");
        return Err(confluence::v1(StatusCode::NOT_FOUND, &message));
    };
    let all = (found.operation.as_str(), found.target.as_str()) == ("read", "space");
    for row in rows.iter().filter(|row| row.id == found.id || all && row.principal == found.principal) {
        world.revoke_space(id, row.id);
    }
    log(&mut world, &by, id, "Space permission removed", &format!("{} {}", found.operation, found.target));
    Ok(Reply::no_content())
}
