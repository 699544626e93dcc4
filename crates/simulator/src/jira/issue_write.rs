//! Making, editing, assigning, moving on, archiving and deleting issues.

use axum::http::{Method, StatusCode};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::comment_write::add_comment;
use super::gate;
use super::issue_diff::diff;
use super::issue_input::{Input, Op, Set, set_status};
use super::issue_json::IssueJson;
use super::scene::{Scene, status_json};
use super::selection::{Otherwise, Selection};
use crate::call::Call;
use crate::reply::{Answer, Reply, jira};
use crate::route::Route;
use crate::state::issue::Issue;
use crate::state::{AccountId, World};
use crate::visibility::jira::JiraView;

pub(crate) fn routes() -> Vec<Route> {
    const ISSUE: &str = "/rest/api/3/issue/{issueIdOrKey}";
    vec![
        Route::jira(Method::POST, "/rest/api/3/issue", create),
        Route::jira(Method::PUT, ISSUE, edit),
        Route::jira(Method::DELETE, ISSUE, delete),
        Route::jira(Method::PUT, "/rest/api/3/issue/{issueIdOrKey}/assignee", assign),
        Route::jira(Method::GET, "/rest/api/3/issue/{issueIdOrKey}/transitions", transitions).anonymous(),
        Route::jira(Method::POST, "/rest/api/3/issue/{issueIdOrKey}/transitions", transition),
        Route::jira(Method::PUT, "/rest/api/3/issue/archive", archive),
        Route::jira(Method::PUT, "/rest/api/3/issue/unarchive", unarchive),
    ]
}

/// An issue as sent: `fields` set values, `update` holds operations.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Sent {
    fields: Map<String, Value>,
    update: Map<String, Value>,
    transition: Option<Value>,
}

/// Reads all fields, or says what is wrong with each.
fn read(input: Input<'_>, sent: &Sent) -> Result<Vec<Set>, Reply> {
    let (mut sets, mut wrong): (Vec<Set>, Vec<(String, String)>) = (Vec::new(), Vec::new());
    let mut take = |field: &str, value: &Value, op: Op| match input.read(field, value, op) {
        Ok(set) => sets.push(set),
        Err(words) => wrong.push((field.to_owned(), words)),
    };
    for (field, value) in sent.fields.iter().filter(|(field, _)| *field != "project") {
        take(field, value, Op::Set);
    }
    for (field, operations) in sent.update.iter().filter(|(field, _)| *field != "comment") {
        for (name, value) in operations.as_array().into_iter().flatten().filter_map(Value::as_object).flatten() {
            match name.as_str() {
                "set" | "edit" => take(field, value, Op::Set),
                "add" => take(field, value, Op::Add),
                "remove" => take(field, value, Op::Remove),
                other => take(&format!("{field} ({other})"), value, Op::Set),
            }
        }
    }
    if wrong.is_empty() { Ok(sets) } else { Err(gate::bad_fields(&wrong)) }
}

/// Setting a level or another reporter needs a permission of its own.
fn check_special(view: &JiraView<'_>, input: Input<'_>, sent: &Sent, author: &AccountId) -> Result<(), Reply> {
    let project = input.project;
    let may = |permission| view.has_permission(project, permission, None) || view.can_administer_project(project);
    if sent.fields.contains_key("security") && !may("SET_ISSUE_SECURITY") {
        return Err(jira::bad_field(
            "security",
            "Field 'security' cannot be set. It is not on the appropriate screen, or unknown.",
        ));
    }
    let reporter = sent.fields.get("reporter").map(|value| value["accountId"].as_str().or(value["id"].as_str()));
    if reporter.is_some_and(|reporter| reporter != Some(author)) && !may("MODIFY_REPORTER") {
        return Err(jira::bad_field(
            "reporter",
            "Field 'reporter' cannot be set. It is not on the appropriate screen, or unknown.",
        ));
    }
    Ok(())
}

fn create(call: &Call<'_>) -> Answer {
    let sent: Sent = call.jira_body()?;
    let author = gate::author(call)?;
    let mut world = call.world_mut();
    let (project, sets) = {
        let view = JiraView::new(&world, Some(&author));
        let value = sent.fields.get("project").unwrap_or(&Value::Null);
        let key = value["key"].as_str().or_else(|| value["id"].as_str()).unwrap_or_default();
        let project = world.jira.project(key).filter(|project| view.can_view_project(project));
        let project = project.ok_or_else(|| jira::bad_field("project", "valid project is required"))?;
        if project.archived
            || !(view.has_permission(project, "CREATE_ISSUES", None) || view.can_administer_project(project))
        {
            return Err(jira::forbidden("You do not have permission to create issues in this project."));
        }
        let mut wrong: Vec<(String, String)> = Vec::new();
        if !sent.fields.contains_key("summary") {
            wrong.push(("summary".to_owned(), "You must specify a summary of the issue.".to_owned()));
        }
        if !sent.fields.contains_key("issuetype") {
            wrong.push(("issuetype".to_owned(), "Specify an issue type".to_owned()));
        }
        if !wrong.is_empty() {
            return Err(gate::bad_fields(&wrong));
        }
        let input = Input { world: &world, project };
        check_special(&view, input, &sent, &author)?;
        (project.id, read(input, &sent)?)
    };
    let id = world.create_issue(project, "", &author, |issue| sets.into_iter().for_each(|set| set(issue)));
    let Some(issue) = id.and_then(|id| world.jira.issues.get(&id)) else { return Err(jira::no_issue()) };
    let address = format!("{}/rest/api/3/issue/{}", call.base, issue.id);
    Ok(Reply::created(&json!({"id": issue.id.to_string(), "key": issue.key, "self": address})).objects(1))
}

/// Stores an edit with its entry of the changelog.
fn store(world: &mut World, author: &AccountId, after: Issue) {
    let Some(before) = world.jira.issues.get(&after.id) else { return };
    let changes = diff(world, before, &after);
    world.edit_issue(after.id, author, changes, |issue| *issue = after);
}

fn edit(call: &Call<'_>) -> Answer {
    let sent: Sent = call.jira_body()?;
    let author = gate::author(call)?;
    let mut world = call.world_mut();
    let after = {
        let view = JiraView::new(&world, Some(&author));
        let issue = gate::issue(&world, &view, call.path_value("issueIdOrKey"))?;
        if !sent.fields.is_empty() || sent.update.keys().any(|field| field != "comment") {
            gate::require(&world, &view, issue, "EDIT_ISSUES")?;
        }
        let Some(project) = world.jira.projects.get(&issue.project) else { return Err(jira::no_issue()) };
        let input = Input { world: &world, project };
        check_special(&view, input, &sent, &author)?;
        let mut after = issue.clone();
        read(input, &sent)?.into_iter().for_each(|set| set(&mut after));
        after
    };
    let id = after.id;
    store(&mut world, &author, after);
    let comments = sent.update.get("comment").and_then(Value::as_array).cloned().unwrap_or_default();
    for comment in comments.iter().map(|operation| &operation["add"]).filter(|comment| comment.is_object()) {
        add_comment(&mut world, &author, id, comment)?;
    }
    if !call.query_flag("returnIssue") {
        return Ok(Reply::no_content());
    }
    let scene = Scene::new(&world, call);
    let issue = gate::issue(&world, &scene.view, &id.to_string())?;
    let selection = Selection::of(&world, &[], Otherwise::All);
    let json =
        IssueJson { scene: &scene, issue, selection: &selection, most: usize::MAX, changelog: false, rendered: false };
    Ok(Reply::ok(&json).objects(1))
}

fn delete(call: &Call<'_>) -> Answer {
    let author = gate::author(call)?;
    let mut world = call.world_mut();
    let view = JiraView::new(&world, Some(&author));
    let issue = gate::issue(&world, &view, call.path_value("issueIdOrKey"))?;
    gate::require(&world, &view, issue, "DELETE_ISSUES")?;
    let subtask = |child: &Issue| world.jira.issue_types.get(&child.issue_type).is_some_and(|kind| kind.level < 0);
    let id = issue.id;
    if !call.query_flag("deleteSubtasks") && world.jira.children(id).any(subtask) {
        let words = "The issue has subtasks. You must specify the 'deleteSubtasks' parameter to delete this issue and all its subtasks.";
        return Err(jira::bad_request(words));
    }
    world.delete_issue(id);
    Ok(Reply::no_content())
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Assignee {
    #[serde(default)]
    account_id: Option<String>,
}

/// `null` takes the assignee away; `-1` means the project's default, which is nobody here.
fn assign(call: &Call<'_>) -> Answer {
    let sent: Assignee = call.jira_body()?;
    let author = gate::author(call)?;
    let mut world = call.world_mut();
    let view = JiraView::new(&world, Some(&author));
    let issue = gate::issue(&world, &view, call.path_value("issueIdOrKey"))?;
    gate::require(&world, &view, issue, "ASSIGN_ISSUES")?;
    let mut after = issue.clone();
    after.assignee = match sent.account_id.as_deref().filter(|account| *account != "-1") {
        None => None,
        Some(account) => {
            let words = format!("User '{account}' cannot be assigned issues.");
            let person = world.directory.person(account).filter(|person| person.active);
            Some(person.ok_or_else(|| jira::bad_field("assignee", &words))?.account_id.clone())
        }
    };
    store(&mut world, &author, after);
    Ok(Reply::no_content())
}

/// Every status can be reached from every other; ids are 11, 21, 31, … in the order of the statuses.
fn transitions(call: &Call<'_>) -> Answer {
    let world = call.world();
    let view = JiraView::new(&world, call.caller.account());
    let issue = gate::issue(&world, &view, call.path_value("issueIdOrKey"))?;
    let may = gate::may(&world, &view, issue, "TRANSITION_ISSUES");
    let statuses = world.jira.statuses.values().zip(1..).filter(|_| may);
    let all: Vec<Value> = statuses
        .map(|(status, number)| {
            json!({
                "id": format!("{number}1"), "name": status.name, "to": status_json(&call.base, status),
                "hasScreen": false, "isGlobal": true, "isInitial": false, "isAvailable": true, "isConditional": false,
                "looped": false,
            })
        })
        .collect();
    Ok(Reply::ok(&json!({"expand": "transitions", "transitions": all})).objects(all.len()))
}

fn transition(call: &Call<'_>) -> Answer {
    let sent: Sent = call.jira_body()?;
    let author = gate::author(call)?;
    let mut world = call.world_mut();
    let after = {
        let view = JiraView::new(&world, Some(&author));
        let issue = gate::issue(&world, &view, call.path_value("issueIdOrKey"))?;
        gate::require(&world, &view, issue, "TRANSITION_ISSUES")?;
        let wanted = sent.transition.as_ref().map(|transition| transition["id"].clone()).unwrap_or_default();
        let wanted = wanted.as_str().map(str::to_owned).or_else(|| wanted.as_u64().map(|id| id.to_string()));
        let wanted = wanted.ok_or_else(|| jira::bad_request("Missing 'transition' identifier"))?;
        let mut statuses = world.jira.statuses.keys().zip(1..);
        let status = statuses.find(|(_, number)| format!("{number}1") == wanted).map(|(id, _)| *id);
        let words = format!("Transition id '{wanted}' is not valid for this issue.");
        let status = status.ok_or_else(|| jira::bad_request(&words))?;
        let Some(project) = world.jira.projects.get(&issue.project) else { return Err(jira::no_issue()) };
        let mut after = issue.clone();
        read(Input { world: &world, project }, &sent)?.into_iter().for_each(|set| set(&mut after));
        set_status(&world, &mut after, status);
        after
    };
    store(&mut world, &author, after);
    Ok(Reply::no_content())
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Chosen {
    issue_ids_or_keys: Vec<String>,
}

/// Archiving does not move `updated`; the issue is no longer found by JQL.
fn set_archived(call: &Call<'_>, archived: bool) -> Answer {
    let sent: Chosen = call.jira_body()?;
    let author = gate::author(call)?;
    let mut world = call.world_mut();
    gate::admin(&JiraView::new(&world, Some(&author)))?;
    let (mut done, mut missing) = (0, Vec::new());
    for word in &sent.issue_ids_or_keys {
        match world.jira.issue(word).cloned() {
            None => missing.push(word),
            Some(issue) => {
                done += u64::from(issue.archived != archived);
                world.jira.put_issue(Issue { archived, ..issue });
            }
        }
    }
    let mut errors = json!({});
    if !missing.is_empty() {
        errors["issuesNotFound"] =
            json!({"count": missing.len(), "issueIdsOrKeys": missing, "message": "Issue not found"});
    }
    Ok(Reply::json(StatusCode::OK, &json!({"numberOfIssuesUpdated": done, "errors": errors})))
}

fn archive(call: &Call<'_>) -> Answer {
    set_archived(call, true)
}

fn unarchive(call: &Call<'_>) -> Answer {
    set_archived(call, false)
}
