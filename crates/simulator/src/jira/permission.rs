//! What may an account do: `mypermissions` for the caller, `permissions/check` for anybody and up to 1000 issues at once.

use axum::http::{Method, StatusCode};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::gate;
use super::permission_table::{PERMISSIONS, Row, is_project_permission, permission};
use crate::call::Call;
use crate::reply::{Answer, Reply, jira};
use crate::route::Route;
use crate::state::World;
use crate::state::issue::Issue;
use crate::state::project::Project;
use crate::visibility::jira::{BROWSE, JiraView};

pub(crate) fn routes() -> Vec<Route> {
    vec![
        Route::jira(Method::POST, "/rest/api/3/permissions/check", check).anonymous(),
        Route::jira(Method::GET, "/rest/api/3/mypermissions", mine).anonymous(),
        Route::jira(Method::GET, "/rest/api/3/permissions", all),
        Route::jira(Method::POST, "/rest/api/3/permissions/project", projects).anonymous(),
    ]
}

fn holds_globally(view: &JiraView<'_>, key: &str) -> bool {
    match key {
        "USER_PICKER" => view.can_browse_users(),
        "ADMINISTER" | "SYSTEM_ADMIN" => view.is_admin(),
        _ => view.is_admin() || view.has_product(),
    }
}

/// At a project: an administrator of Jira administers it, but browses it only by a grant.
fn holds_in(view: &JiraView<'_>, project: &Project, key: &str) -> bool {
    match key {
        "ADMINISTER_PROJECTS" => view.can_administer_project(project),
        BROWSE => view.can_browse_project(project),
        _ => !project.deleted && view.has_permission(project, key, None),
    }
}

/// On an issue; whoever does not see it can do nothing with it.
fn holds_on(world: &World, view: &JiraView<'_>, issue: &Issue, key: &str) -> bool {
    let Some(project) = world.jira.projects.get(&issue.project) else { return false };
    view.can_see_issue(issue)
        && match key {
            BROWSE => true,
            "ADMINISTER_PROJECTS" => view.can_administer_project(project),
            _ => view.has_permission(project, key, Some(issue)),
        }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Check {
    account_id: Option<String>,
    #[serde(default)]
    global_permissions: Vec<String>,
    #[serde(default)]
    project_permissions: Vec<ProjectCheck>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ProjectCheck {
    permissions: Vec<String>,
    #[serde(default)]
    projects: Vec<u64>,
    #[serde(default)]
    issues: Vec<u64>,
}

fn unrecognized(keys: &[&String]) -> Reply {
    let words: Vec<String> = keys.iter().map(|key| format!("Unrecognized permission: {key}")).collect();
    Reply::json(StatusCode::BAD_REQUEST, &json!({"errorMessages": words, "errors": {}}))
}

fn validate(world: &World, call: &Call<'_>, body: &Check) -> Result<(), Reply> {
    let own = JiraView::new(world, call.caller.account());
    if body.account_id.as_deref().is_some_and(|account| Some(account) != call.caller.account()) && !own.is_admin() {
        return Err(jira::forbidden("Only administrators can check the permissions of other users."));
    }
    if let Some(account) = body.account_id.as_deref().filter(|account| world.directory.person(account).is_none()) {
        return Err(jira::bad_request(&format!("The account ID '{account}' is not valid.")));
    }
    let global = body.global_permissions.iter().filter(|key| permission(key).is_none_or(|row| !row.3));
    let local = body.project_permissions.iter().flat_map(|check| &check.permissions);
    let wrong: Vec<&String> = global.chain(local.filter(|key| !is_project_permission(key))).collect();
    if !wrong.is_empty() {
        return Err(unrecognized(&wrong));
    }
    if body.project_permissions.iter().any(|check| check.permissions.is_empty()) {
        return Err(jira::bad_request("At least one project permission must be provided."));
    }
    if body.project_permissions.iter().any(|check| check.projects.len() > 1000 || check.issues.len() > 1000) {
        return Err(jira::bad_request("At most 1000 project IDs and 1000 issue IDs can be checked."));
    }
    Ok(())
}

/// Only what is granted comes back; ids that mean nothing are ignored.
fn check(call: &Call<'_>) -> Answer {
    let body: Check = call.jira_body()?;
    let world = call.world();
    validate(&world, call, &body)?;
    let view = JiraView::new(&world, body.account_id.as_deref().or(call.caller.account()));
    let global: Vec<&String> = body.global_permissions.iter().filter(|key| holds_globally(&view, key)).collect();
    let mut answers: Vec<Value> = Vec::new();
    for check in &body.project_permissions {
        for key in &check.permissions {
            let projects = check
                .projects
                .iter()
                .filter(|id| world.jira.projects.get(id).is_some_and(|project| holds_in(&view, project, key)));
            let issues = check
                .issues
                .iter()
                .filter(|id| world.jira.issues.get(id).is_some_and(|issue| holds_on(&world, &view, issue, key)));
            let (projects, issues): (Vec<&u64>, Vec<&u64>) = (projects.collect(), issues.collect());
            answers.push(json!({"permission": key, "projects": projects, "issues": issues}));
        }
    }
    Ok(Reply::ok(&json!({"globalPermissions": global, "projectPermissions": answers})))
}

fn permission_json(row: &Row) -> Value {
    let (id, key, name, global) = *row;
    let kind = if global { "GLOBAL" } else { "PROJECT" };
    json!({"id": id, "key": key, "name": name, "type": kind, "description": ""})
}

fn all(call: &Call<'_>) -> Answer {
    let world = call.world();
    gate::admin(&JiraView::new(&world, call.caller.account()))?;
    let all: Map<String, Value> = PERMISSIONS.iter().map(|row| (row.1.to_owned(), permission_json(row))).collect();
    Ok(Reply::ok(&json!({"permissions": all})).identities(PERMISSIONS.len()))
}

/// Where a permission is asked: everywhere, in a project, or on an issue.
enum Place<'w> {
    Anywhere,
    Project(&'w Project),
    Issue(&'w Issue),
}

fn place<'w>(world: &'w World, view: &JiraView<'_>, call: &Call<'_>) -> Result<Place<'w>, Reply> {
    if let Some(id) = call.query("commentId") {
        let comment = id.parse::<u64>().ok().and_then(|id| world.jira.comments.get(&id));
        let comment = comment.filter(|comment| view.can_see_comment(comment));
        let issue = comment.and_then(|comment| world.jira.issues.get(&comment.issue));
        return issue
            .map(Place::Issue)
            .ok_or_else(|| jira::not_found(&format!("Can not find a comment for the id: {id}.")));
    }
    if let Some(key) = call.query("issueKey").or(call.query("issueId")) {
        return gate::issue(world, view, key).map(Place::Issue);
    }
    if let Some(key) = call.query("projectKey").or(call.query("projectId")) {
        return gate::project(world, view, key).map(Place::Project);
    }
    Ok(Place::Anywhere)
}

fn mine(call: &Call<'_>) -> Answer {
    let keys = call.query_list("permissions");
    if keys.is_empty() {
        return Err(jira::bad_request("The 'permissions' query parameter is required."));
    }
    let wrong = keys.iter().filter(|key| permission(key).is_none());
    let wrong: Vec<(String, String)> =
        wrong.map(|key| ((*key).to_owned(), "Unrecognized permission".to_owned())).collect();
    if !wrong.is_empty() {
        return Err(gate::bad_fields(&wrong));
    }
    let world = call.world();
    let view = JiraView::new(&world, call.caller.account());
    let place = place(&world, &view, call)?;
    let holds = |row: &Row| match (&place, row.3) {
        (_, true) => holds_globally(&view, row.1),
        (Place::Project(project), _) => holds_in(&view, project, row.1),
        (Place::Issue(issue), _) => holds_on(&world, &view, issue, row.1),
        (Place::Anywhere, _) => world.jira.projects.values().any(|project| holds_in(&view, project, row.1)),
    };
    let answers = keys.iter().filter_map(|key| permission(key)).map(|row| {
        let mut value = permission_json(row);
        value["havePermission"] = json!(holds(row));
        (row.1.to_owned(), value)
    });
    let answers: Map<String, Value> = answers.collect();
    let count = answers.len();
    Ok(Reply::ok(&json!({"permissions": answers})).identities(count))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Wanted {
    permissions: Vec<String>,
}

/// Projects in which the caller holds all of the permissions.
fn projects(call: &Call<'_>) -> Answer {
    let body: Wanted = call.jira_body()?;
    let wrong: Vec<&String> = body.permissions.iter().filter(|key| !is_project_permission(key)).collect();
    if !wrong.is_empty() || body.permissions.is_empty() {
        return Err(unrecognized(&wrong));
    }
    let world = call.world();
    let view = JiraView::new(&world, call.caller.account());
    let fits = |project: &&Project| body.permissions.iter().all(|key| holds_in(&view, project, key));
    let found: Vec<Value> = world
        .jira
        .projects
        .values()
        .filter(fits)
        .map(|project| json!({"id": project.id, "key": project.key}))
        .collect();
    Ok(Reply::ok(&json!({"projects": found})).objects(found.len()))
}
