//! Moving issues to another project. They keep their ids and get other keys; the old keys go on resolving.
//!
//! The work is done at once, though the answer names a task. Sub-tasks go along with their parent.

use std::collections::BTreeMap;

use axum::http::{Method, StatusCode};
use serde::Deserialize;
use serde_json::json;

use super::gate;
use crate::call::Call;
use crate::reply::{Answer, Reply};
use crate::route::Route;
use crate::state::World;
use crate::state::issue::Issue;
use crate::visibility::jira::JiraView;

pub(crate) fn routes() -> Vec<Route> {
    vec![Route::jira(Method::POST, "/rest/api/3/bulk/issues/move", relocate)]
}

/// As sent; how fields, statuses and classifications are mapped is taken and has no effect.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Sent {
    #[serde(default)]
    target_to_sources_mapping: BTreeMap<String, Sources>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Sources {
    #[serde(default)]
    issue_ids_or_keys: Vec<String>,
}

fn refused(message: &str) -> Reply {
    Reply::json(StatusCode::BAD_REQUEST, &json!({"errors": [{"message": message}]}))
}

/// The issues with their new project and type, if the caller may do all of it.
fn planned(world: &World, view: &JiraView<'_>, sent: &Sent) -> Result<Vec<(u64, u64, u64)>, Reply> {
    let mut moves = Vec::new();
    for (target, sources) in &sent.target_to_sources_mapping {
        let mut words = target.split(',');
        let project = words.next().and_then(|key| world.jira.project(key)).filter(|project| !project.archived);
        let project = project.filter(|project| view.can_view_project(project));
        let project = project.ok_or_else(|| refused("The target project is not valid"))?;
        let kind = words.next().and_then(|kind| kind.parse().ok()).filter(|kind| project.issue_types.contains(kind));
        let kind = kind.ok_or_else(|| refused("The target issue type is not valid"))?;
        if !(view.has_permission(project, "CREATE_ISSUES", None) || view.can_administer_project(project)) {
            return Err(refused("You do not have permission to create issues in the target project"));
        }
        for key in &sources.issue_ids_or_keys {
            let issue = world.jira.issue(key).filter(|issue| view.can_see_issue(issue));
            let issue = issue.filter(|issue| gate::may(world, view, issue, "MOVE_ISSUES"));
            let issue = issue.ok_or_else(|| refused("Some of the issues in the issueIdsOrKeys are not valid"))?;
            moves.push((issue.id, project.id, kind));
        }
    }
    if moves.is_empty() { Err(refused("No issues were given")) } else { Ok(moves) }
}

fn relocate(call: &Call<'_>) -> Answer {
    let sent: Sent = call.jira_body()?;
    let author = gate::author(call)?;
    let mut world = call.world_mut();
    let moves = planned(&world, &JiraView::new(&world, Some(&author)), &sent)?;
    for (issue, project, kind) in moves {
        let subtask = |child: &&Issue| world.jira.issue_types.get(&child.issue_type).is_some_and(|kind| kind.level < 0);
        let children: Vec<u64> = world.jira.children(issue).filter(subtask).map(|child| child.id).collect();
        world.move_issue(issue, project);
        if let Some(moved) = world.jira.issues.get(&issue).cloned() {
            world.jira.put_issue(Issue { issue_type: kind, ..moved });
        }
        for child in children {
            world.move_issue(child, project);
        }
    }
    let task = world.jira.take_id("task");
    Ok(Reply::created(&json!({"taskId": task.to_string()})))
}
