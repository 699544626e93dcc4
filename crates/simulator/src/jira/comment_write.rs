//! Writing, editing and deleting comments and worklogs, with their audiences.

use axum::http::Method;
use serde_json::{Value, json};

use super::comment::{CommentJson, seen};
use super::gate;
use super::scene::Scene;
use super::worklog::worklog_json;
use crate::call::Call;
use crate::reply::{Answer, Reply, jira};
use crate::route::Route;
use crate::state::issue::{Adf, Audience, Issue, adf_of};
use crate::state::{AccountId, World};
use crate::visibility::jira::JiraView;

pub(crate) fn routes() -> Vec<Route> {
    const COMMENT: &str = "/rest/api/3/issue/{issueIdOrKey}/comment/{id}";
    vec![
        Route::jira(Method::POST, "/rest/api/3/issue/{issueIdOrKey}/comment", create),
        Route::jira(Method::PUT, COMMENT, edit),
        Route::jira(Method::DELETE, COMMENT, delete),
        Route::jira(Method::POST, "/rest/api/3/issue/{issueIdOrKey}/worklog", log_work),
        Route::jira(Method::DELETE, "/rest/api/3/issue/{issueIdOrKey}/worklog/{id}", delete_worklog),
    ]
}

fn document(value: &Value, field: &str) -> Result<Adf, Reply> {
    match value {
        Value::Object(map) if map.get("type") == Some(&Value::from("doc")) => Ok(adf_of(value)),
        Value::Null => Err(jira::bad_field(field, "Comment body can not be empty!")),
        _ => Err(jira::bad_field(field, "Comment body is not valid!")),
    }
}

/// The audience of `visibility`: the author must belong to it.
fn audience(world: &World, view: &JiraView<'_>, issue: &Issue, sent: &Value) -> Result<Option<Audience>, Reply> {
    if sent.is_null() {
        return Ok(None);
    }
    let word = |name: &str| sent[name].as_str().filter(|word| !word.is_empty());
    let directory = &world.directory;
    let found = match sent["type"].as_str() {
        Some("group") => {
            let group = word("identifier").and_then(|id| directory.group(id));
            let group = group.or_else(|| word("value").and_then(|name| directory.group_by_name(name)));
            group.map(|group| Audience::Group(group.id.clone()))
        }
        Some("role") => {
            let name = word("value").or(word("identifier")).unwrap_or_default();
            world.jira.role_by_name(name).map(|role| Audience::Role(role.id))
        }
        _ => return Err(jira::bad_field("visibility", "The visibility type must be group or role.")),
    };
    let name = word("value").or(word("identifier")).unwrap_or_default();
    let inside = found.filter(|audience| view.in_audience(issue, Some(audience)));
    let words = || {
        jira::bad_field(
            "commentLevel",
            &format!("You are currently not a member of the group or project role: {name}."),
        )
    };
    inside.map(Some).ok_or_else(words)
}

/// An internal note of a service project is marked by a property.
fn is_public(sent: &Value) -> bool {
    let properties = sent["properties"].as_array().into_iter().flatten();
    let mut marks = properties.filter(|property| property["key"] == "sd.public.comment");
    !marks.any(|mark| mark["value"]["internal"] == true) && sent["jsdPublic"] != false
}

/// Adds a comment as the author may: Add Comments, and membership in its audience.
pub(super) fn add_comment(world: &mut World, author: &AccountId, issue: u64, sent: &Value) -> Result<u64, Reply> {
    let (body, audience) = {
        let view = JiraView::new(world, Some(author));
        let issue = gate::issue(world, &view, &issue.to_string())?;
        gate::require(world, &view, issue, "ADD_COMMENTS")?;
        (document(&sent["body"], "comment")?, audience(world, &view, issue, &sent["visibility"])?)
    };
    Ok(world.comment_issue(issue, author, body, audience, is_public(sent)))
}

fn shown(world: &World, call: &Call<'_>, id: u64) -> Option<Vec<u8>> {
    let scene = Scene::new(world, call);
    let comment = world.jira.comments.get(&id)?;
    serde_json::to_vec(&CommentJson { scene: &scene, comment, rendered: false }).ok()
}

fn answer(world: &World, call: &Call<'_>, id: u64, status: axum::http::StatusCode) -> Reply {
    let body = shown(world, call, id).unwrap_or_default();
    Reply::raw(status, "application/json;charset=UTF-8", body).objects(1)
}

fn create(call: &Call<'_>) -> Answer {
    let sent: Value = call.jira_body()?;
    let author = gate::author(call)?;
    let mut world = call.world_mut();
    let issue = {
        let view = JiraView::new(&world, Some(&author));
        gate::issue(&world, &view, call.path_value("issueIdOrKey"))?.id
    };
    let id = add_comment(&mut world, &author, issue, &sent)?;
    Ok(answer(&world, call, id, axum::http::StatusCode::CREATED))
}

/// Own comments with the "own" permission (or Add Comments, as the default scheme gives it), others with the "all" one.
fn check_own(world: &World, scene: &Scene<'_>, issue: u64, own: bool, verb: &str) -> Result<(), Reply> {
    let Some(issue) = world.jira.issues.get(&issue) else { return Err(jira::no_issue()) };
    let may = |permission: &str| gate::may(world, &scene.view, issue, permission);
    let all = may(&format!("{verb}_ALL_COMMENTS"));
    if all || own && (may(&format!("{verb}_OWN_COMMENTS")) || may("ADD_COMMENTS")) {
        return Ok(());
    }
    // The documented answer; there is no 403 at these routes.
    Err(jira::bad_request(&format!("You do not have the permission to {} this comment.", verb.to_lowercase())))
}

fn edit(call: &Call<'_>) -> Answer {
    let sent: Value = call.jira_body()?;
    let author = gate::author(call)?;
    let mut world = call.world_mut();
    let (id, body, audience) = {
        let scene = Scene::new(&world, call);
        let comment = seen(&scene, call)?;
        check_own(&world, &scene, comment.issue, comment.author == author, "EDIT")?;
        let issue = gate::issue(&world, &scene.view, call.path_value("issueIdOrKey"))?;
        let audience = sent.get("visibility").map(|sent| audience(&world, &scene.view, issue, sent)).transpose()?;
        (comment.id, document(&sent["body"], "comment")?, audience)
    };
    world.edit_issue_comment(id, &author, body, audience);
    Ok(answer(&world, call, id, axum::http::StatusCode::OK))
}

fn delete(call: &Call<'_>) -> Answer {
    let author = gate::author(call)?;
    let mut world = call.world_mut();
    let id = {
        let scene = Scene::new(&world, call);
        let comment = seen(&scene, call)?;
        check_own(&world, &scene, comment.issue, comment.author == author, "DELETE")?;
        comment.id
    };
    world.delete_issue_comment(id);
    Ok(Reply::no_content())
}

/// Seconds of `3h 20m`, in working days of eight hours and weeks of five days.
fn seconds(text: &str) -> Option<u64> {
    let part = |part: &str| {
        let (number, unit) = part.split_at_checked(part.len().checked_sub(1)?)?;
        let unit = match unit {
            "w" => 5 * 8 * 3600,
            "d" => 8 * 3600,
            "h" => 3600,
            "m" => 60,
            _ => return None,
        };
        number.parse::<u64>().ok()?.checked_mul(unit)
    };
    let parts: Option<Vec<u64>> = text.split_whitespace().map(part).collect();
    parts.map(|parts| parts.iter().sum()).filter(|sum| *sum > 0)
}

/// `2021-01-17T12:34:00.000+0000`.
fn started(text: &str) -> Option<i64> {
    let time = jiff::fmt::strtime::parse("%Y-%m-%dT%H:%M:%S%.f%z", text).ok()?;
    time.to_timestamp().ok().map(jiff::Timestamp::as_millisecond)
}

fn log_work(call: &Call<'_>) -> Answer {
    let sent: Value = call.jira_body()?;
    let author = gate::author(call)?;
    let mut world = call.world_mut();
    let (issue, audience) = {
        let view = JiraView::new(&world, Some(&author));
        let issue = gate::issue(&world, &view, call.path_value("issueIdOrKey"))?;
        gate::require(&world, &view, issue, "WORK_ON_ISSUES")
            .map_err(|_| jira::bad_request("You do not have the permission to work on this issue."))?;
        (issue.id, audience(&world, &view, issue, &sent["visibility"])?)
    };
    let spent = sent["timeSpentSeconds"].as_u64().or_else(|| sent["timeSpent"].as_str().and_then(seconds));
    let spent = spent.ok_or_else(|| jira::bad_field("timeLogged", "You must indicate the time spent working."))?;
    let start = match sent["started"].as_str() {
        None => None,
        Some(text) => Some(started(text).ok_or_else(|| jira::bad_field("started", "The date is not valid."))?),
    };
    let comment = match &sent["comment"] {
        Value::Null => None,
        value => Some(document(value, "comment")?),
    };
    let id = world.log_work(issue, &author, spent, comment, audience);
    if let (Some(start), Some(mut log)) = (start, world.jira.worklogs.get(&id).cloned()) {
        log.started = start;
        world.jira.put_worklog(log);
    }
    let scene = Scene::new(&world, call);
    let value = world.jira.worklogs.get(&id).map_or_else(|| json!(null), |log| worklog_json(&scene, log));
    Ok(Reply::created(&value).objects(1))
}

fn delete_worklog(call: &Call<'_>) -> Answer {
    let author = gate::author(call)?;
    let mut world = call.world_mut();
    let log = {
        let view = JiraView::new(&world, Some(&author));
        let issue = gate::issue(&world, &view, call.path_value("issueIdOrKey"))?;
        let missing = || jira::not_found(&format!("Cannot find worklog with id: '{}'.", call.path_value("id")));
        let log = call.path_id("id").and_then(|id| world.jira.worklogs.get(&id)).filter(|log| log.issue == issue.id);
        let log = log.filter(|log| view.in_audience(issue, log.visibility.as_ref())).ok_or_else(missing)?;
        let own = log.author == author && gate::may(&world, &view, issue, "WORK_ON_ISSUES");
        if !own && !gate::may(&world, &view, issue, "DELETE_ALL_WORKLOGS") {
            return Err(jira::bad_request("You do not have the permission to delete this worklog."));
        }
        log.clone()
    };
    world.jira.remove_worklog(log.id);
    world.edit_issue(log.issue, &author, Vec::new(), |_| {});
    Ok(Reply::no_content())
}
