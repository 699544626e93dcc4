//! Worklogs of an issue, trimmed to their audience.

use axum::http::Method;
use serde_json::{Value, json};

use super::comment::audience_json;
use super::gate;
use super::scene::Scene;
use crate::call::Call;
use crate::paging::JiraPage;
use crate::reply::{Answer, Reply, jira};
use crate::route::Route;
use crate::state::issue::Worklog;

pub(crate) fn routes() -> Vec<Route> {
    vec![
        Route::jira(Method::GET, "/rest/api/3/issue/{issueIdOrKey}/worklog", of_issue).anonymous(),
        Route::jira(Method::GET, "/rest/api/3/issue/{issueIdOrKey}/worklog/{id}", one).anonymous(),
    ]
}

/// One worklog.
pub(super) fn worklog_json(scene: &Scene<'_>, log: &Worklog) -> Value {
    let mut value = json!({
        "self": format!("{}/rest/api/3/issue/{}/worklog/{}", scene.base, log.issue, log.id),
        "id": log.id.to_string(), "issueId": log.issue.to_string(),
        "author": scene.user(&log.author), "updateAuthor": scene.user(&log.author),
        "created": scene.time(log.created), "updated": scene.time(log.updated), "started": scene.time(log.started),
        "timeSpent": spent(log.seconds), "timeSpentSeconds": log.seconds,
    });
    if let Some(comment) = &log.comment {
        value["comment"] = json!(comment);
    }
    if let Some(audience) = &log.visibility {
        value["visibility"] = audience_json(scene.world, audience);
    }
    value
}

/// `1d 2h 30m`, in working days of eight hours.
fn spent(seconds: u64) -> String {
    let minutes = seconds / 60;
    let parts = [(minutes / 480, 'd'), (minutes % 480 / 60, 'h'), (minutes % 60, 'm')];
    let parts: Vec<String> =
        parts.iter().filter(|(amount, _)| *amount > 0).map(|(amount, unit)| format!("{amount}{unit}")).collect();
    if parts.is_empty() { "0m".to_owned() } else { parts.join(" ") }
}

fn of_issue(call: &Call<'_>) -> Answer {
    let page = JiraPage::of(call, 5000, 5000)?;
    let (after, before) = (call.jira_number("startedAfter", i64::MIN)?, call.jira_number("startedBefore", i64::MAX)?);
    let world = call.world();
    let scene = Scene::new(&world, call);
    let issue = gate::issue(&world, &scene.view, call.path_value("issueIdOrKey"))?;
    let seen = |log: &&Worklog| {
        scene.view.in_audience(issue, log.visibility.as_ref()) && log.started >= after && log.started < before
    };
    let logs: Vec<&Worklog> = world.jira.worklogs_of(issue.id).filter(seen).collect();
    let shown = logs.iter().skip(page.start).take(page.max).map(|log| worklog_json(&scene, log));
    let shown: Vec<Value> = shown.collect();
    let body = json!({"startAt": page.start, "maxResults": page.max, "total": logs.len(), "worklogs": shown});
    Ok(Reply::ok(&body).objects(shown.len()))
}

fn one(call: &Call<'_>) -> Answer {
    let world = call.world();
    let scene = Scene::new(&world, call);
    let issue = gate::issue(&world, &scene.view, call.path_value("issueIdOrKey"))?;
    let log = call.path_id("id").and_then(|id| world.jira.worklogs.get(&id)).filter(|log| log.issue == issue.id);
    let log = log.filter(|log| scene.view.in_audience(issue, log.visibility.as_ref()));
    let missing = || jira::not_found(&format!("Cannot find worklog with id: '{}'.", call.path_value("id")));
    Ok(Reply::ok(&worklog_json(&scene, log.ok_or_else(missing)?)).objects(1))
}
