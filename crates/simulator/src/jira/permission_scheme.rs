//! Permission schemes: all with their grants in one call, and the scheme of one project.

use axum::http::Method;
use serde_json::{Value, json};

use super::gate;
use super::holder::holder_json;
use super::scene::scope_json;
use crate::call::Call;
use crate::reply::{Answer, Reply, jira};
use crate::route::Route;
use crate::state::World;
use crate::state::project::{Grant, PermissionScheme};
use crate::visibility::jira::JiraView;

pub(crate) fn routes() -> Vec<Route> {
    vec![
        Route::jira(Method::GET, "/rest/api/3/permissionscheme", list),
        Route::jira(Method::GET, "/rest/api/3/permissionscheme/{schemeId}", one),
        Route::jira(Method::GET, "/rest/api/3/permissionscheme/{schemeId}/permission", grants),
        Route::jira(Method::GET, "/rest/api/3/permissionscheme/{schemeId}/permission/{permissionId}", grant),
        Route::jira(Method::GET, "/rest/api/3/project/{projectKeyOrId}/permissionscheme", of_project),
    ]
}

pub(super) fn grant_json(world: &World, base: &str, scheme: u64, grant: &Grant, expand: &[&str]) -> Value {
    json!({
        "id": grant.id, "self": format!("{base}/rest/api/3/permissionscheme/{scheme}/permission/{}", grant.id),
        "holder": holder_json(world, base, &grant.holder, expand), "permission": grant.permission,
    })
}

const EXPANSIONS: [&str; 6] = ["permissions", "user", "group", "projectRole", "field", "all"];

/// A scheme; its grants only when something that there is is expanded.
pub(super) fn scheme_json(world: &World, base: &str, scheme: &PermissionScheme, expand: &[&str]) -> Value {
    let mut value = json!({
        "expand": EXPANSIONS.join(","),
        "self": format!("{base}/rest/api/3/permissionscheme/{}", scheme.id), "id": scheme.id, "name": scheme.name,
        "description": scheme.description,
    });
    if let Some(project) = scheme.project {
        value["scope"] = scope_json(project);
    }
    if expand.iter().any(|part| EXPANSIONS.contains(part)) {
        let grants = scheme.grants.iter().map(|grant| grant_json(world, base, scheme.id, grant, expand));
        value["permissions"] = json!(grants.collect::<Vec<_>>());
    }
    value
}

/// The scheme of the path.
pub(super) fn named<'w>(world: &'w World, call: &Call<'_>) -> Result<&'w PermissionScheme, Reply> {
    let scheme = call.path_id("schemeId").and_then(|id| world.jira.permission_schemes.get(&id));
    let missing = || jira::not_found(&format!("Permission scheme '{}' does not exist.", call.path_value("schemeId")));
    scheme.ok_or_else(missing)
}

/// Schemes of team-managed projects are listed to those who find the project.
fn list(call: &Call<'_>) -> Answer {
    let expand = call.query_list("expand");
    let world = call.world();
    let view = JiraView::new(&world, call.caller.account());
    let finds = |id: u64| world.jira.projects.get(&id).is_some_and(|project| view.can_view_project(project));
    let schemes = world.jira.permission_schemes.values().filter(|scheme| scheme.project.is_none_or(finds));
    let schemes: Vec<Value> = schemes.map(|scheme| scheme_json(&world, &call.base, scheme, &expand)).collect();
    let count = schemes.len();
    Ok(Reply::ok(&json!({"permissionSchemes": schemes})).identities(count))
}

fn one(call: &Call<'_>) -> Answer {
    let world = call.world();
    let scheme = named(&world, call)?;
    Ok(Reply::ok(&scheme_json(&world, &call.base, scheme, &call.query_list("expand"))).identities(1))
}

fn grants(call: &Call<'_>) -> Answer {
    let expand = call.query_list("expand");
    let world = call.world();
    let scheme = named(&world, call)?;
    let grants = scheme.grants.iter().map(|grant| grant_json(&world, &call.base, scheme.id, grant, &expand));
    let grants: Vec<Value> = grants.collect();
    let body = json!({"permissions": grants, "expand": "user,group,projectRole,field,all"});
    Ok(Reply::ok(&body).identities(grants.len()))
}

fn grant(call: &Call<'_>) -> Answer {
    let world = call.world();
    let scheme = named(&world, call)?;
    let id = call.path_id("permissionId");
    let grant = scheme.grants.iter().find(|grant| Some(grant.id) == id);
    let grant = grant.ok_or_else(|| jira::not_found("The permission grant does not exist."))?;
    let expand = call.query_list("expand");
    Ok(Reply::ok(&grant_json(&world, &call.base, scheme.id, grant, &expand)).identities(1))
}

fn of_project(call: &Call<'_>) -> Answer {
    let expand = call.query_list("expand");
    let world = call.world();
    let view = JiraView::new(&world, call.caller.account());
    let project = gate::administered(&world, &view, call.path_value("projectKeyOrId"))?;
    let scheme = world.jira.permission_schemes.get(&project.permission_scheme);
    let scheme = scheme.ok_or_else(|| jira::not_found("The project has no permission scheme."))?;
    Ok(Reply::ok(&scheme_json(&world, &call.base, scheme, &expand)).identities(1))
}
