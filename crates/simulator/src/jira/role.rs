//! Project roles: per project with their actors, and globally with the actors that new projects start with.

use axum::http::{Method, StatusCode};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::gate;
use super::scene::scope_json;
use crate::call::Call;
use crate::reply::{Answer, Reply, jira};
use crate::route::Route;
use crate::state::World;
use crate::state::directory::stable_uuid;
use crate::state::project::{Actors, Project, Role};
use crate::visibility::jira::JiraView;

pub(crate) fn routes() -> Vec<Route> {
    vec![
        Route::jira(Method::GET, "/rest/api/3/project/{projectIdOrKey}/role", of_project).anonymous(),
        Route::jira(Method::GET, "/rest/api/3/project/{projectIdOrKey}/role/{id}", one).anonymous(),
        Route::jira(Method::GET, "/rest/api/3/project/{projectIdOrKey}/roledetails", details).anonymous(),
        Route::jira(Method::GET, "/rest/api/3/role", all),
        Route::jira(Method::GET, "/rest/api/3/role/{id}", global),
        Route::jira(Method::POST, "/rest/api/3/role", create),
        Route::jira(Method::DELETE, "/rest/api/3/role/{id}", delete),
    ]
}

/// An actor's own id: the product numbers them; here it follows from who it is.
fn actor_id(place: &str, who: &str) -> u64 {
    let digest = stable_uuid(&format!("actor {place} {who}"));
    10_000 + u64::from_str_radix(&digest[..6], 16).unwrap_or(0)
}

fn actors_json(world: &World, place: &str, actors: &Actors, with_inactive: bool) -> Vec<Value> {
    let groups = actors.groups.iter().filter_map(|id| world.directory.group(id)).map(|group| {
        json!({
            "id": actor_id(place, &group.id), "displayName": group.name, "type": "atlassian-group-role-actor",
            "name": group.name,
            "actorGroup": {"name": group.name, "displayName": group.name, "groupId": group.id},
        })
    });
    let people = actors.users.iter().filter_map(|account| world.directory.person(account));
    let people = people.filter(|person| with_inactive || person.active).map(|person| {
        json!({
            "id": actor_id(place, &person.account_id), "displayName": person.display_name,
            "type": "atlassian-user-role-actor", "actorUser": {"accountId": person.account_id},
        })
    });
    groups.chain(people).collect()
}

/// A role without actors.
fn role_json(base: &str, path: &str, role: &Role) -> Value {
    let mut value = json!({
        "self": format!("{base}/rest/api/3/{path}"), "name": role.name, "id": role.id, "description": role.description,
    });
    if let Some(project) = role.project {
        value["scope"] = scope_json(project);
    }
    value
}

/// A role of a project with its actors.
pub(super) fn project_role_json(world: &World, call: &Call<'_>, project: &Project, role: &Role) -> Value {
    let path = format!("project/{}/role/{}", project.id, role.id);
    let none = Actors::default();
    let actors = project.roles.get(&role.id).unwrap_or(&none);
    let mut value = role_json(&call.base, &path, role);
    value["actors"] = json!(actors_json(world, &path, actors, !call.query_flag("excludeInactiveUsers")));
    value
}

/// Roles that a project has: the global ones, or a team-managed project's own.
fn roles_of<'w>(world: &'w World, project: &Project) -> impl Iterator<Item = &'w Role> {
    let id = project.id;
    world.jira.roles.values().filter(move |role| role.project.is_none_or(|own| own == id))
}

/// The project of the path if the caller administers it; anybody else gets 404.
pub(super) fn administered<'w>(world: &'w World, view: &JiraView<'_>, call: &Call<'_>) -> Result<&'w Project, Reply> {
    let key = call.path_value("projectIdOrKey");
    gate::administered(world, view, key).map_err(|_| jira::no_project(key))
}

/// The role of the path, if the project has it.
pub(super) fn role_of<'w>(world: &'w World, project: &Project, call: &Call<'_>) -> Result<&'w Role, Reply> {
    let id = call.path_id("id");
    let role = roles_of(world, project).find(|role| Some(role.id) == id);
    role.ok_or_else(|| {
        jira::not_found(&format!("Can not retrieve a role actor for a role with id {}.", call.path_value("id")))
    })
}

fn of_project(call: &Call<'_>) -> Answer {
    let world = call.world();
    let view = JiraView::new(&world, call.caller.account());
    let project = administered(&world, &view, call)?;
    let address = |role: &Role| format!("{}/rest/api/3/project/{}/role/{}", call.base, project.id, role.id);
    let roles: Map<String, Value> =
        roles_of(&world, project).map(|role| (role.name.clone(), json!(address(role)))).collect();
    Ok(Reply::ok(&roles).identities(roles.len()))
}

fn one(call: &Call<'_>) -> Answer {
    let world = call.world();
    let view = JiraView::new(&world, call.caller.account());
    let project = administered(&world, &view, call)?;
    let role = role_of(&world, project, call)?;
    Ok(Reply::ok(&project_role_json(&world, call, project, role)).identities(1))
}

/// Roles without their actors.
fn details(call: &Call<'_>) -> Answer {
    let world = call.world();
    let view = JiraView::new(&world, call.caller.account());
    let project = administered(&world, &view, call)?;
    let roles = roles_of(&world, project).map(|role| {
        let mut value = role_json(&call.base, &format!("project/{}/role/{}", project.id, role.id), role);
        value["admin"] = json!(role.name == "Administrators");
        value["default"] = json!(false);
        value["roleConfigurable"] = json!(true);
        value
    });
    let roles: Vec<Value> = roles.collect();
    Ok(Reply::ok(&roles).identities(roles.len()))
}

/// A role with its default actors, which count for projects made from now on.
fn global_json(world: &World, call: &Call<'_>, role: &Role) -> Value {
    let path = format!("role/{}", role.id);
    let mut value = role_json(&call.base, &path, role);
    value["actors"] = json!(actors_json(world, &path, &role.default_actors, true));
    value
}

fn all(call: &Call<'_>) -> Answer {
    let world = call.world();
    gate::admin(&JiraView::new(&world, call.caller.account()))?;
    let roles: Vec<Value> = world.jira.roles.values().map(|role| global_json(&world, call, role)).collect();
    Ok(Reply::ok(&roles).identities(roles.len()))
}

fn no_role(call: &Call<'_>) -> Reply {
    jira::not_found(&format!("Can not find a role with id {}.", call.path_value("id")))
}

fn global(call: &Call<'_>) -> Answer {
    let world = call.world();
    gate::admin(&JiraView::new(&world, call.caller.account()))?;
    let role = call.path_id("id").and_then(|id| world.jira.roles.get(&id)).ok_or_else(|| no_role(call))?;
    Ok(Reply::ok(&global_json(&world, call, role)).identities(1))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NewRole {
    name: String,
    #[serde(default)]
    description: Option<String>,
}

fn create(call: &Call<'_>) -> Answer {
    let body: NewRole = call.jira_body()?;
    let author = gate::author(call)?;
    let mut world = call.world_mut();
    gate::admin(&JiraView::new(&world, Some(&author)))?;
    if body.name.trim().is_empty() {
        return Err(jira::bad_request("The role name cannot be empty."));
    }
    if world.jira.role_by_name(&body.name).is_some() {
        let words = format!("A project role with name '{}' already exists.", body.name);
        return Err(jira::error(StatusCode::CONFLICT, &words));
    }
    // The first hundred ids belong to the roles that every site has.
    let id = world.jira.take_id("role") + 100;
    let description = body.description.unwrap_or_default();
    let role = Role { id, name: body.name.clone(), description, default_actors: Actors::default(), project: None };
    let value = global_json(&world, call, &role);
    world.jira.roles.insert(id, role);
    gate::audit(&mut world, &author, "Project role created", "projects", ("PROJECT_ROLE", &id.to_string(), &body.name));
    Ok(Reply::ok(&value).identities(1))
}

fn delete(call: &Call<'_>) -> Answer {
    let author = gate::author(call)?;
    let mut world = call.world_mut();
    gate::admin(&JiraView::new(&world, Some(&author)))?;
    let id = call.path_id("id").filter(|id| world.jira.roles.contains_key(id)).ok_or_else(|| no_role(call))?;
    let Some(role) = world.jira.roles.remove(&id) else { return Err(no_role(call)) };
    for project in world.jira.projects.values_mut() {
        project.roles.remove(&id);
    }
    gate::audit(&mut world, &author, "Project role deleted", "projects", ("PROJECT_ROLE", &id.to_string(), &role.name));
    Ok(Reply::no_content())
}
