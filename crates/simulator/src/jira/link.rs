//! Links between issues: their types, making and removing them.

use axum::http::{Method, StatusCode};
use serde::Deserialize;
use serde_json::{Value, json};

use super::gate;
use crate::call::Call;
use crate::reply::{Answer, Reply, jira};
use crate::route::Route;
use crate::visibility::jira::JiraView;

pub(crate) fn routes() -> Vec<Route> {
    vec![
        Route::jira(Method::GET, "/rest/api/3/issueLinkType", types).anonymous(),
        Route::jira(Method::POST, "/rest/api/3/issueLink", create),
        Route::jira(Method::DELETE, "/rest/api/3/issueLink/{linkId}", delete),
    ]
}

/// Id, name, and the words at the inward and the outward end.
const TYPES: [(&str, &str, &str, &str); 4] = [
    ("10000", "Blocks", "is blocked by", "blocks"),
    ("10001", "Cloners", "is cloned by", "clones"),
    ("10002", "Duplicate", "is duplicated by", "duplicates"),
    ("10003", "Relates", "relates to", "relates to"),
];

/// A link type by its name; one that is not known here keeps its name.
pub(super) fn type_json(base: &str, name: &str) -> Value {
    let row = TYPES.iter().find(|row| row.1.eq_ignore_ascii_case(name));
    let (id, name, inward, outward) = row.copied().unwrap_or(("10010", name, name, name));
    let address = format!("{base}/rest/api/3/issueLinkType/{id}");
    json!({"id": id, "name": name, "inward": inward, "outward": outward, "self": address})
}

fn types(call: &Call<'_>) -> Answer {
    let types = TYPES.map(|row| type_json(&call.base, row.1));
    Ok(Reply::ok(&json!({"issueLinkTypes": types})).objects(TYPES.len()))
}

#[derive(Deserialize)]
struct End {
    id: Option<String>,
    key: Option<String>,
}

#[derive(Deserialize)]
struct SentType {
    name: Option<String>,
    id: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct SentLink {
    #[serde(rename = "type")]
    kind: SentType,
    inward_issue: End,
    outward_issue: End,
}

fn create(call: &Call<'_>) -> Answer {
    let sent: SentLink = call.jira_body()?;
    let author = gate::author(call)?;
    let mut world = call.world_mut();
    let row = TYPES.iter().find(|row| {
        sent.kind.name.as_ref().is_some_and(|name| row.1.eq_ignore_ascii_case(name))
            || sent.kind.id.as_deref() == Some(row.0)
    });
    let row = row.ok_or_else(|| jira::not_found("No issue link type with the given name or id was found."))?;
    let view = JiraView::new(&world, Some(&author));
    let find = |end: &End| {
        let word = end.key.as_deref().or(end.id.as_deref()).unwrap_or_default();
        gate::issue(&world, &view, word).map(|issue| issue.id)
    };
    let (inward, outward) = (find(&sent.inward_issue)?, find(&sent.outward_issue)?);
    if let Some(issue) = world.jira.issues.get(&inward) {
        gate::require(&world, &view, issue, "LINK_ISSUES")?;
    }
    world.link_issues(row.1, inward, outward);
    Ok(Reply { status: StatusCode::CREATED, ..Reply::no_content() })
}

fn delete(call: &Call<'_>) -> Answer {
    let author = gate::author(call)?;
    let mut world = call.world_mut();
    let view = JiraView::new(&world, Some(&author));
    let missing = || jira::not_found("No issue link with the given id was found.");
    let link = call.path_id("linkId").and_then(|id| world.jira.links.get(&id)).cloned().ok_or_else(missing)?;
    for end in [link.inward, link.outward] {
        let issue = world.jira.issues.get(&end).filter(|issue| view.can_see_issue(issue)).ok_or_else(missing)?;
        gate::require(&world, &view, issue, "LINK_ISSUES")?;
    }
    world.jira.remove_link(link.id);
    for end in [link.inward, link.outward] {
        world.edit_issue(end, &author, Vec::new(), |_| {});
    }
    Ok(Reply::no_content())
}
