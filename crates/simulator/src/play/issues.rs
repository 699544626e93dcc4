//! Issues are written and edited.

use axum::http::Method;
use serde_json::json;

use super::Change;
use super::stage::{Done, Stage};
use crate::inside::Inside;
use crate::state::project::Project;

pub(super) fn text(stage: &mut Stage<'_>) -> Done {
    if stage.one_in(3) { create(stage) } else { edit(stage) }
}

/// A project that is in use.
pub(super) fn project(stage: &mut Stage<'_>) -> Option<Project> {
    let world = stage.world();
    let all = world.jira.projects.values().filter(|project| !project.archived && !project.deleted).collect();
    stage.choose::<&Project>(all).cloned()
}

fn create(stage: &mut Stage<'_>) -> Done {
    let project = project(stage)?;
    let author = stage.person()?;
    let kind = {
        let world = stage.world();
        let standard = |kind: &&u64| world.jira.issue_types.get(kind).is_some_and(|kind| kind.level == 0);
        *project.issue_types.iter().find(standard)?
    };
    let fields = json!({
        "project": {"key": project.key}, "issuetype": {"id": kind.to_string()},
        "summary": format!("Look into {}", stage.word), "description": stage.document(),
    });
    let request = Inside::json(&author, Method::POST, "/rest/api/3/issue", &json!({"fields": fields}));
    let (by, answer) = stage.send(Some(&author), &request)?;
    let issue = answer["id"].as_str()?.parse().ok()?;
    Some((by, Change::IssueCreated { issue, project: project.id, word: stage.word.clone() }))
}

fn edit(stage: &mut Stage<'_>) -> Done {
    let issue = stage.issue(|_, issue| !issue.archived)?;
    let fields = if stage.one_in(2) {
        json!({"summary": format!("{} once more", stage.word)})
    } else {
        json!({"description": stage.document()})
    };
    let target = format!("/rest/api/3/issue/{}", issue.id);
    let request = Inside::json(&issue.creator, Method::PUT, target, &json!({"fields": fields}));
    let (by, _) = stage.send(Some(&issue.creator), &request)?;
    Some((by, Change::IssueEdited { issue: issue.id, word: stage.word.clone() }))
}
