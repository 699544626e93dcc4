//! Changes of permission schemes, and which project uses which. No issue's `updated` moves by them.

use axum::http::Method;
use serde::Deserialize;

use super::gate;
use super::holder::SentHolder;
use super::permission_scheme::{grant_json, named, scheme_json};
use super::permission_table::is_project_permission;
use crate::call::Call;
use crate::reply::{Answer, Reply, jira};
use crate::route::Route;
use crate::state::project::{Grant, PermissionScheme};
use crate::state::{AccountId, World};
use crate::visibility::jira::JiraView;

pub(crate) fn routes() -> Vec<Route> {
    const SCHEME: &str = "/rest/api/3/permissionscheme/{schemeId}";
    vec![
        Route::jira(Method::POST, "/rest/api/3/permissionscheme", create),
        Route::jira(Method::PUT, SCHEME, update),
        Route::jira(Method::DELETE, SCHEME, delete),
        Route::jira(Method::POST, "/rest/api/3/permissionscheme/{schemeId}/permission", add),
        Route::jira(Method::DELETE, "/rest/api/3/permissionscheme/{schemeId}/permission/{permissionId}", remove),
        Route::jira(Method::PUT, "/rest/api/3/project/{projectKeyOrId}/permissionscheme", assign),
    ]
}

#[derive(Deserialize)]
struct SentGrant {
    holder: SentHolder,
    permission: String,
}

#[derive(Deserialize)]
struct SentScheme {
    name: String,
    #[serde(default)]
    description: Option<String>,
    #[serde(default)]
    permissions: Option<Vec<SentGrant>>,
}

fn read(world: &mut World, sent: &SentGrant) -> Result<Grant, Reply> {
    if !is_project_permission(&sent.permission) {
        return Err(jira::bad_field("permission", &format!("The permission '{}' does not exist.", sent.permission)));
    }
    let holder = sent.holder.read(world).map_err(|words| jira::bad_field("holder", &words))?;
    Ok(Grant { id: world.jira.take_id("grant") + 100, holder, permission: sent.permission.clone() })
}

fn read_all(world: &mut World, sent: &[SentGrant]) -> Result<Vec<Grant>, Reply> {
    sent.iter().map(|grant| read(world, grant)).collect()
}

/// The caller, who must administer Jira.
fn admin(call: &Call<'_>, world: &World) -> Result<AccountId, Reply> {
    let author = gate::author(call)?;
    gate::admin(&JiraView::new(world, Some(&author)))?;
    Ok(author)
}

fn log(world: &mut World, author: &AccountId, summary: &str, id: u64) {
    let name = world.jira.permission_schemes.get(&id).map(|scheme| scheme.name.clone()).unwrap_or_default();
    gate::audit(world, author, summary, "permissions", ("SCHEME", &id.to_string(), &name));
}

fn shown(world: &World, call: &Call<'_>, id: u64) -> Reply {
    let expand = call.query_list("expand");
    let expand = if expand.is_empty() { vec!["permissions"] } else { expand };
    let scheme = world.jira.permission_schemes.get(&id);
    Reply::ok(&scheme.map(|scheme| scheme_json(world, &call.base, scheme, &expand)))
}

fn create(call: &Call<'_>) -> Answer {
    let body: SentScheme = call.jira_body()?;
    let mut world = call.world_mut();
    let author = admin(call, &world)?;
    if body.name.trim().is_empty() {
        return Err(jira::bad_field("name", "The name is required."));
    }
    if world.jira.permission_schemes.values().any(|scheme| scheme.name == body.name) {
        return Err(jira::bad_field("name", "A permission scheme with this name already exists."));
    }
    let grants = read_all(&mut world, body.permissions.as_deref().unwrap_or_default())?;
    let id = world.jira.take_id("permission scheme");
    let description = body.description.unwrap_or_default();
    let scheme = PermissionScheme { id, name: body.name, description, project: None, grants };
    world.jira.permission_schemes.insert(id, scheme);
    log(&mut world, &author, "Permission scheme created", id);
    Ok(Reply { status: axum::http::StatusCode::CREATED, ..shown(&world, call, id) })
}

fn update(call: &Call<'_>) -> Answer {
    let body: SentScheme = call.jira_body()?;
    let mut world = call.world_mut();
    let author = admin(call, &world)?;
    let id = named(&world, call)?.id;
    let grants = body.permissions.map(|grants| read_all(&mut world, &grants)).transpose()?;
    if let Some(scheme) = world.jira.permission_schemes.get_mut(&id) {
        scheme.name = body.name;
        if let Some(description) = body.description {
            scheme.description = description;
        }
        if let Some(grants) = grants {
            scheme.grants = grants;
        }
    }
    log(&mut world, &author, "Permission scheme updated", id);
    Ok(shown(&world, call, id))
}

fn delete(call: &Call<'_>) -> Answer {
    let mut world = call.world_mut();
    let author = admin(call, &world)?;
    let id = named(&world, call)?.id;
    if id == 0 || world.jira.projects.values().any(|project| project.permission_scheme == id) {
        return Err(jira::forbidden("The permission scheme is in use and cannot be deleted."));
    }
    log(&mut world, &author, "Permission scheme deleted", id);
    world.jira.permission_schemes.remove(&id);
    Ok(Reply::no_content())
}

fn add(call: &Call<'_>) -> Answer {
    let body: SentGrant = call.jira_body()?;
    let mut world = call.world_mut();
    let author = admin(call, &world)?;
    let id = named(&world, call)?.id;
    let grant = read(&mut world, &body)?;
    let twice = |other: &Grant| other.holder == grant.holder && other.permission == grant.permission;
    if named(&world, call)?.grants.iter().any(twice) {
        return Err(jira::bad_request("A permission with this holder already exists in the scheme."));
    }
    let value = grant_json(&world, &call.base, id, &grant, &call.query_list("expand"));
    if let Some(scheme) = world.jira.permission_schemes.get_mut(&id) {
        scheme.grants.push(grant);
    }
    log(&mut world, &author, "Permission scheme updated", id);
    Ok(Reply::created(&value).identities(1))
}

fn remove(call: &Call<'_>) -> Answer {
    let mut world = call.world_mut();
    let author = admin(call, &world)?;
    let id = named(&world, call)?.id;
    let grant = call.path_id("permissionId");
    let scheme = world.jira.permission_schemes.get_mut(&id);
    let before = scheme.as_ref().map_or(0, |scheme| scheme.grants.len());
    let after = scheme.map_or(0, |scheme| {
        scheme.grants.retain(|other| Some(other.id) != grant);
        scheme.grants.len()
    });
    if before == after {
        return Err(jira::bad_request("The permission grant does not exist."));
    }
    log(&mut world, &author, "Permission scheme updated", id);
    Ok(Reply::no_content())
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Assigned {
    id: u64,
}

fn assign(call: &Call<'_>) -> Answer {
    let body: Assigned = call.jira_body()?;
    let mut world = call.world_mut();
    let author = gate::author(call)?;
    let view = JiraView::new(&world, Some(&author));
    let mut project = gate::project(&world, &view, call.path_value("projectKeyOrId"))?.clone();
    gate::admin(&view)?;
    if !world.jira.permission_schemes.contains_key(&body.id) {
        return Err(jira::not_found(&format!("Permission scheme '{}' does not exist.", body.id)));
    }
    let (id, name) = (project.id.to_string(), project.name.clone());
    project.permission_scheme = body.id;
    world.jira.put_project(project);
    gate::audit(&mut world, &author, "Permission scheme added to project", "permissions", ("PROJECT", &id, &name));
    let expand = call.query_list("expand");
    let scheme = world.jira.permission_schemes.get(&body.id);
    Ok(Reply::ok(&scheme.map(|scheme| scheme_json(&world, &call.base, scheme, &expand))))
}
