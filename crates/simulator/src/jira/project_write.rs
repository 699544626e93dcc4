//! Making, changing, archiving, trashing and restoring projects.

use axum::http::{Method, StatusCode};
use serde::Deserialize;
use serde_json::json;

use super::gate;
use super::project::project_json;
use crate::call::Call;
use crate::reply::{Answer, Reply, jira};
use crate::route::Route;
use crate::state::project::{Project, ProjectStyle, TeamAccess};
use crate::state::{AccountId, World};
use crate::visibility::jira::JiraView;

pub(crate) fn routes() -> Vec<Route> {
    const PROJECT: &str = "/rest/api/3/project/{projectIdOrKey}";
    vec![
        Route::jira(Method::POST, "/rest/api/3/project", create),
        Route::jira(Method::PUT, PROJECT, update),
        Route::jira(Method::DELETE, PROJECT, delete),
        Route::jira(Method::POST, "/rest/api/3/project/{projectIdOrKey}/archive", archive),
        Route::jira(Method::POST, "/rest/api/3/project/{projectIdOrKey}/restore", restore),
        Route::jira(Method::POST, "/rest/api/3/component", component),
        Route::jira(Method::POST, "/rest/api/3/version", version),
    ]
}

/// What a new or changed project may say; other documented properties are taken and have no effect.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Sent {
    key: Option<String>,
    name: Option<String>,
    description: Option<String>,
    lead_account_id: Option<String>,
    project_type_key: Option<String>,
    project_template_key: Option<String>,
    permission_scheme: Option<u64>,
    issue_security_scheme: Option<u64>,
}

fn error(field: &str, words: &str) -> (String, String) {
    (field.to_owned(), words.to_owned())
}

fn bad_key(world: &World, key: &str, own: Option<u64>) -> Option<(String, String)> {
    let upper = key.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_');
    if !upper || key.len() < 2 || key.len() > 10 || !key.starts_with(|c: char| c.is_ascii_uppercase()) {
        let words = "Project keys must start with an uppercase letter, followed by one or more uppercase alphanumeric characters.";
        return Some(error("projectKey", words));
    }
    let other = world.jira.project(key).filter(|other| Some(other.id) != own)?;
    Some(error("projectKey", &format!("Project '{}' uses this project key.", other.name)))
}

/// What is wrong with the parts that both creating and changing take.
fn faults(world: &World, sent: &Sent, own: Option<u64>) -> Vec<(String, String)> {
    let mut faults: Vec<(String, String)> =
        sent.key.as_ref().and_then(|key| bad_key(world, key, own)).into_iter().collect();
    if let Some(name) = &sent.name {
        let taken = |project: &&Project| project.name.eq_ignore_ascii_case(name) && Some(project.id) != own;
        if name.trim().is_empty() || world.jira.projects.values().any(|project| taken(&project)) {
            faults.push(error("projectName", "A project with that name already exists, or the name is empty."));
        }
    }
    if sent.lead_account_id.as_ref().is_some_and(|lead| world.directory.person(lead).is_none()) {
        faults.push(error("projectLead", "You must specify a valid project lead."));
    }
    if sent.permission_scheme.is_some_and(|id| !world.jira.permission_schemes.contains_key(&id)) {
        faults.push(error("permissionScheme", "The permission scheme does not exist."));
    }
    if sent.issue_security_scheme.is_some_and(|id| !world.jira.security_schemes.contains_key(&id)) {
        faults.push(error("issueSecurityScheme", "The issue security scheme does not exist."));
    }
    faults
}

fn apply(project: &mut Project, sent: &Sent, lead: Option<AccountId>) {
    if let Some(name) = &sent.name {
        project.name.clone_from(name);
    }
    if let Some(description) = &sent.description {
        project.description.clone_from(description);
    }
    if let Some(lead) = lead {
        project.lead = lead;
    }
    if let Some(scheme) = sent.permission_scheme {
        project.permission_scheme = scheme;
    }
    if let Some(scheme) = sent.issue_security_scheme {
        project.security_scheme = Some(scheme);
    }
}

fn person(world: &World, account: Option<&String>) -> Option<AccountId> {
    world.directory.person(account?).map(|person| person.account_id.clone())
}

fn log(world: &mut World, author: &AccountId, summary: &str, id: u64) {
    let name = world.jira.projects.get(&id).map(|project| project.name.clone()).unwrap_or_default();
    gate::audit(world, author, summary, "projects", ("PROJECT", &id.to_string(), &name));
}

fn create(call: &Call<'_>) -> Answer {
    let sent: Sent = call.jira_body()?;
    let author = gate::author(call)?;
    let mut world = call.world_mut();
    gate::admin(&JiraView::new(&world, Some(&author)))?;
    let mut wrong = faults(&world, &sent, None);
    if sent.key.is_none() {
        wrong.push(error("projectKey", "You must specify a valid project key."));
    }
    if sent.name.is_none() {
        wrong.push(error("projectName", "You must specify a valid project name."));
    }
    let kind = sent.project_type_key.as_deref().unwrap_or("software");
    if !["software", "service_desk", "business", "product_discovery"].contains(&kind) {
        wrong.push(error("projectTypeKey", &format!("The project type '{kind}' is not valid.")));
    }
    let (Some(key), Some(name), true) = (&sent.key, &sent.name, wrong.is_empty()) else {
        return Err(gate::bad_fields(&wrong));
    };
    let next_gen = sent.project_template_key.as_ref().is_some_and(|template| template.contains("simplified-agility"));
    let style = if next_gen { ProjectStyle::NextGen(TeamAccess::Open) } else { ProjectStyle::Classic };
    let lead = person(&world, sent.lead_account_id.as_ref()).unwrap_or_else(|| author.clone());
    let id = world.create_project(key, name, kind, style, &lead);
    let Some(mut project) = id.and_then(|id| world.jira.projects.get(&id)).cloned() else {
        return Err(jira::bad_field("projectKey", "The project key is taken."));
    };
    let (id, key) = (project.id, project.key.clone());
    apply(&mut project, &sent, None);
    world.jira.put_project(project);
    log(&mut world, &author, "Project created", id);
    let address = format!("{}/rest/api/3/project/{id}", call.base);
    Ok(Reply::created(&json!({"self": address, "id": id, "key": key})).objects(1))
}

fn update(call: &Call<'_>) -> Answer {
    let sent: Sent = call.jira_body()?;
    let author = gate::author(call)?;
    let mut world = call.world_mut();
    let view = JiraView::new(&world, Some(&author));
    let id = gate::administered(&world, &view, call.path_value("projectIdOrKey"))?.id;
    let schemes = sent.permission_scheme.is_some() || sent.issue_security_scheme.is_some() || sent.key.is_some();
    if schemes {
        gate::admin(&view)?;
    }
    let wrong = faults(&world, &sent, Some(id));
    if !wrong.is_empty() {
        return Err(gate::bad_fields(&wrong));
    }
    let lead = person(&world, sent.lead_account_id.as_ref());
    if let Some(mut project) = world.jira.projects.get(&id).cloned() {
        apply(&mut project, &sent, lead);
        world.jira.put_project(project);
    }
    let renamed =
        sent.key.as_ref().filter(|key| world.jira.projects.get(&id).is_some_and(|project| project.key != **key));
    if let Some(key) = renamed {
        world.rename_project_key(id, key);
    }
    log(&mut world, &author, "Project updated", id);
    let project = world.jira.projects.get(&id).map(|project| project_json(&world, call, project));
    Ok(Reply::ok(&project).objects(1))
}

/// The project of the path for an administrator of Jira, who also finds trashed ones.
fn named(world: &World, call: &Call<'_>) -> Result<u64, Reply> {
    let view = JiraView::new(world, call.caller.account());
    let key = call.path_value("projectIdOrKey");
    let project = world.jira.project(key).filter(|project| view.can_view_project(project) || view.is_admin());
    let id = project.map(|project| project.id).ok_or_else(|| jira::no_project(key))?;
    gate::admin(&view)?;
    Ok(id)
}

/// Into the trash, or for good with `enableUndo=false`.
fn delete(call: &Call<'_>) -> Answer {
    let author = gate::author(call)?;
    let mut world = call.world_mut();
    let id = named(&world, call)?;
    log(&mut world, &author, "Project deleted", id);
    if call.query("enableUndo") == Some("false") {
        let issues: Vec<u64> = world.jira.issues_in(id).map(|issue| issue.id).collect();
        for issue in issues {
            world.delete_issue(issue);
        }
        world.jira.remove_project(id);
    } else {
        change(&mut world, id, |project| project.deleted = true);
    }
    Ok(Reply::no_content())
}

fn change(world: &mut World, id: u64, change: impl FnOnce(&mut Project)) {
    if let Some(mut project) = world.jira.projects.get(&id).cloned() {
        change(&mut project);
        world.jira.put_project(project);
    }
}

fn archive(call: &Call<'_>) -> Answer {
    let author = gate::author(call)?;
    let mut world = call.world_mut();
    let id = named(&world, call)?;
    if world.jira.projects.get(&id).is_some_and(|project| project.archived) {
        return Err(jira::error(StatusCode::BAD_REQUEST, "The project is already archived."));
    }
    change(&mut world, id, |project| project.archived = true);
    log(&mut world, &author, "Project archived", id);
    Ok(Reply::no_content())
}

fn restore(call: &Call<'_>) -> Answer {
    let author = gate::author(call)?;
    let mut world = call.world_mut();
    let id = named(&world, call)?;
    if world.jira.projects.get(&id).is_some_and(|project| !project.archived && !project.deleted) {
        return Err(jira::bad_request("The project is neither archived nor in the trash."));
    }
    change(&mut world, id, |project| (project.archived, project.deleted) = (false, false));
    log(&mut world, &author, "Project restored", id);
    let project = world.jira.projects.get(&id).map(|project| project_json(&world, call, project));
    Ok(Reply::ok(&project).objects(1))
}

/// A new component or version; other documented properties are taken and have no effect.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Part {
    name: String,
    project: Option<String>,
    project_id: Option<u64>,
}

/// Adds a part to a project that the caller administers and gives its id.
fn add(call: &Call<'_>, kind: &'static str) -> Result<(u64, u64, Part), Reply> {
    let part: Part = call.jira_body()?;
    let author = gate::author(call)?;
    let mut world = call.world_mut();
    let key = part.project.clone().or_else(|| part.project_id.map(|id| id.to_string())).unwrap_or_default();
    let view = JiraView::new(&world, Some(&author));
    let project = gate::administered(&world, &view, &key)?.id;
    if part.name.trim().is_empty() {
        return Err(jira::bad_field("name", "The name is required."));
    }
    let id = world.jira.take_id(kind);
    change(&mut world, project, |project| {
        let parts = if kind == "component" { &mut project.components } else { &mut project.versions };
        parts.insert(id, part.name.clone());
    });
    Ok((id, project, part))
}

fn component(call: &Call<'_>) -> Answer {
    let (id, project, part) = add(call, "component")?;
    let address = format!("{}/rest/api/3/component/{id}", call.base);
    Ok(Reply::created(&json!({
        "self": address, "id": id.to_string(), "name": part.name, "projectId": project, "isAssigneeTypeValid": false,
    })))
}

fn version(call: &Call<'_>) -> Answer {
    let (id, project, part) = add(call, "version")?;
    let address = format!("{}/rest/api/3/version/{id}", call.base);
    Ok(Reply::created(&json!({
        "self": address, "id": id.to_string(), "name": part.name, "projectId": project, "archived": false, "released": false,
    })))
}
