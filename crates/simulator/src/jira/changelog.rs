//! What edits did to issues: per issue, embedded in an issue, and in bulk.

use axum::http::{Method, StatusCode};
use serde::Deserialize;
use serde_json::{Value, json};

use super::gate;
use super::scene::Scene;
use crate::call::Call;
use crate::paging::JiraPage;
use crate::reply::{Answer, Reply, jira};
use crate::route::Route;
use crate::state::World;
use crate::state::issue::{Change, ChangedField, Issue};

pub(crate) fn routes() -> Vec<Route> {
    vec![
        Route::jira(Method::GET, "/rest/api/3/issue/{issueIdOrKey}/changelog", of_issue).anonymous(),
        Route::jira(Method::POST, "/rest/api/3/changelog/bulkfetch", bulk).anonymous(),
    ]
}

/// Most entries of `expand=changelog`.
const EMBEDDED: usize = 40;

fn item_json(world: &World, change: &ChangedField) -> Value {
    let custom = world.jira.fields.get(&change.field).filter(|field| field.custom.is_some());
    let name = custom.map_or(change.field.as_str(), |field| field.name.as_str());
    let kind = if custom.is_some() { "custom" } else { "jira" };
    let mut item = json!({"field": name, "fieldtype": kind, "fieldId": change.field});
    let values = [
        ("from", &change.ids.0),
        ("fromString", &change.names.0),
        ("to", &change.ids.1),
        ("toString", &change.names.1),
    ];
    for (key, value) in values {
        if let Some(value) = value {
            item[key] = json!(value);
        }
    }
    item
}

/// A change as webhooks tell of it.
pub(crate) fn told(world: &World, change: &Change) -> Value {
    let items: Vec<Value> = change.fields.iter().map(|field| item_json(world, field)).collect();
    json!({"id": change.id.to_string(), "items": items})
}

fn change_json(scene: &Scene<'_>, change: &Change) -> Value {
    let items: Vec<Value> = change.fields.iter().map(|field| item_json(scene.world, field)).collect();
    json!({
        "id": change.id.to_string(), "author": scene.user(&change.author), "created": scene.time(change.at),
        "items": items,
    })
}

/// `expand=changelog`: the latest entries, newest first.
pub(super) fn embedded(scene: &Scene<'_>, issue: &Issue) -> Value {
    let latest: Vec<Value> =
        issue.changes.iter().rev().take(EMBEDDED).map(|change| change_json(scene, change)).collect();
    json!({"startAt": 0, "maxResults": latest.len(), "total": issue.changes.len(), "histories": latest})
}

fn of_issue(call: &Call<'_>) -> Answer {
    let page = JiraPage::of(call, 100, 100)?;
    let world = call.world();
    let scene = Scene::new(&world, call);
    let issue = gate::issue(&world, &scene.view, call.path_value("issueIdOrKey"))?;
    let changes: Vec<&Change> = issue.changes.iter().collect();
    Ok(page.reply(call, &changes, |change| change_json(&scene, change)))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct BulkBody {
    issue_ids_or_keys: Vec<String>,
    #[serde(default)]
    field_ids: Vec<String>,
    max_results: Option<usize>,
    next_page_token: Option<String>,
}

fn bulk(call: &Call<'_>) -> Answer {
    let body: BulkBody = call.jira_body()?;
    let most = body.max_results.unwrap_or(1000);
    if !(1..=1000).contains(&body.issue_ids_or_keys.len()) || body.field_ids.len() > 10 || !(1..=10_000).contains(&most)
    {
        let words =
            "Between 1 and 1000 issues, at most 10 field IDs and between 1 and 10,000 results can be requested.";
        return Err(jira::error(StatusCode::BAD_REQUEST, words));
    }
    let token = body.next_page_token.as_deref().filter(|token| !token.is_empty());
    let start: usize = match token.map(str::parse) {
        None => 0,
        Some(Ok(start)) => start,
        Some(Err(_)) => return Err(jira::bad_request("The nextPageToken is invalid.")),
    };
    let world = call.world();
    let scene = Scene::new(&world, call);
    let issues = body.issue_ids_or_keys.iter().filter_map(|key| world.jira.issue(key));
    let mut issues: Vec<&Issue> = issues.filter(|issue| scene.view.can_see_issue(issue)).collect();
    issues.sort_by_key(|issue| issue.id);
    issues.dedup_by_key(|issue| issue.id);
    let wanted = |change: &&Change| {
        body.field_ids.is_empty() || change.fields.iter().any(|field| body.field_ids.contains(&field.field))
    };
    let all = issues.iter().flat_map(|issue| issue.changes.iter().filter(wanted).map(|change| (issue.id, change)));
    let mut page: Vec<(u64, &Change)> = all.skip(start).take(most + 1).collect();
    let more = page.len() > most;
    page.truncate(most);
    let logs: Vec<Value> = page
        .chunk_by(|left, right| left.0 == right.0)
        .map(|changes| {
            let histories: Vec<Value> = changes.iter().map(|(_, change)| change_json(&scene, change)).collect();
            json!({"issueId": changes[0].0.to_string(), "changeHistories": histories})
        })
        .collect();
    let mut answer = json!({"issueChangeLogs": logs});
    if more {
        answer["nextPageToken"] = json!((start + most).to_string());
    }
    Ok(Reply::ok(&answer).objects(page.len()))
}
