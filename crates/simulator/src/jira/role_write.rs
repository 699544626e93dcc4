//! Who plays a role in a project. Membership moves no issue's `updated`.

use axum::http::Method;
use serde::Deserialize;

use super::gate;
use super::role::{administered, project_role_json, role_of};
use crate::call::Call;
use crate::reply::{Answer, Reply, jira};
use crate::route::Route;
use crate::state::project::Actors;
use crate::state::{AccountId, GroupId, World};
use crate::visibility::jira::JiraView;

pub(crate) fn routes() -> Vec<Route> {
    const ROLE: &str = "/rest/api/3/project/{projectIdOrKey}/role/{id}";
    vec![
        Route::jira(Method::POST, ROLE, add),
        Route::jira(Method::PUT, ROLE, set),
        Route::jira(Method::DELETE, ROLE, remove),
    ]
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase", default)]
struct Named {
    user: Vec<String>,
    group: Vec<String>,
    group_id: Vec<String>,
}

fn read(world: &World, named: &Named) -> Result<Actors, Reply> {
    let mut actors = Actors::default();
    for account in &named.user {
        let person = world.directory.person(account);
        let missing = || jira::not_found(&format!("We can't find '{account}' in any accessible user directory."));
        actors.users.insert(person.ok_or_else(missing)?.account_id.clone());
    }
    let by_name = named.group.iter().map(|name| (name, world.directory.group_by_name(name)));
    let by_id = named.group_id.iter().map(|id| (id, world.directory.group(id)));
    for (word, group) in by_name.chain(by_id) {
        let missing = || jira::not_found(&format!("We can't find '{word}' in any accessible user directory."));
        actors.groups.insert(group.ok_or_else(missing)?.id.clone());
    }
    Ok(actors)
}

/// Changes the actors of the role of the path and shows the result.
fn change(call: &Call<'_>, named: &Named, change: impl FnOnce(&mut Actors, Actors) -> Result<(), Reply>) -> Answer {
    let author = gate::author(call)?;
    let mut world = call.world_mut();
    let view = JiraView::new(&world, Some(&author));
    let mut project = administered(&world, &view, call)?.clone();
    let role = role_of(&world, &project, call)?.clone();
    let actors = read(&world, named)?;
    change(project.roles.entry(role.id).or_default(), actors)?;
    let (id, name) = (project.id.to_string(), project.name.clone());
    let value = project_role_json(&world, call, &project, &role);
    world.jira.put_project(project);
    gate::audit(&mut world, &author, "Project roles changed", "projects", ("PROJECT", &id, &name));
    Ok(Reply::ok(&value).identities(1))
}

fn add(call: &Call<'_>) -> Answer {
    let named: Named = call.jira_body()?;
    if named.user.is_empty() && named.group.is_empty() && named.group_id.is_empty() {
        return Err(jira::bad_request("At least one user or group must be given."));
    }
    change(call, &named, |actors, more| {
        let known = |user: &AccountId| actors.users.contains(user);
        let known_group = |group: &GroupId| actors.groups.contains(group);
        if more.users.iter().all(known) && more.groups.iter().all(known_group) {
            return Err(jira::bad_request("The users and groups are already actors of the role."));
        }
        actors.users.extend(more.users);
        actors.groups.extend(more.groups);
        Ok(())
    })
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Categorised {
    #[serde(default, rename = "atlassian-user-role-actor")]
    users: Vec<String>,
    #[serde(default, rename = "atlassian-group-role-actor")]
    groups: Vec<String>,
    #[serde(default, rename = "atlassian-group-role-actor-id")]
    group_ids: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct AllActors {
    #[serde(default)]
    categorised_actors: Categorised,
    #[serde(default, rename = "id")]
    _id: Option<u64>,
}

fn set(call: &Call<'_>) -> Answer {
    let AllActors { categorised_actors: all, .. } = call.jira_body()?;
    let named = Named { user: all.users, group: all.groups, group_id: all.group_ids };
    change(call, &named, |actors, all| {
        *actors = all;
        Ok(())
    })
}

fn remove(call: &Call<'_>) -> Answer {
    let one = |name: &str| call.query(name).map(str::to_owned).into_iter().collect::<Vec<_>>();
    let named = Named { user: one("user"), group: one("group"), group_id: one("groupId") };
    if named.user.len() + named.group.len() + named.group_id.len() != 1 {
        return Err(jira::bad_request("Exactly one user or group must be given."));
    }
    let answer = change(call, &named, |actors, gone| {
        let before = (actors.users.len(), actors.groups.len());
        actors.users.retain(|user| !gone.users.contains(user));
        actors.groups.retain(|group| !gone.groups.contains(group));
        if before == (actors.users.len(), actors.groups.len()) {
            return Err(jira::not_found("The user or group is not an actor of the role."));
        }
        Ok(())
    });
    answer.map(|_| Reply::no_content())
}
