//! Pages move to other parents and spaces, issues to other projects, projects to other keys. A moved page bumps nothing.

use axum::http::Method;
use serde_json::{Value, json};

use super::stage::{Done, Stage};
use super::{Change, issues};
use crate::inside::Inside;
use crate::state::content::{ContentKind, Status};

pub(super) fn page(stage: &mut Stage<'_>) -> Done {
    let in_tree = |kind: ContentKind| matches!(kind, ContentKind::Page | ContentKind::Folder);
    let content = stage.content(|_, one| in_tree(one.kind) && one.status == Status::Current && one.parent.is_some())?;
    let elsewhere = stage.one_in(3);
    let target = stage.content(|_, one| {
        in_tree(one.kind)
            && one.status == Status::Current
            && one.id != content.id
            && Some(one.id) != content.parent
            && (one.space != content.space) == elsewhere
    })?;
    let address = format!("/wiki/rest/api/content/{}/move/append/{}", content.id, target.id);
    let request = Inside::json(&content.author, Method::PUT, address, &Value::Null);
    let (by, _) = stage.send(Some(&content.author), &request)?;
    let (from_space, to_space) = (content.space, target.space);
    Some((by, Change::ContentMoved { content: content.id, from_space, to_space, parent: target.id }))
}

pub(super) fn issue(stage: &mut Stage<'_>) -> Done {
    let subtask =
        |world: &crate::state::World, kind: u64| world.jira.issue_types.get(&kind).is_none_or(|kind| kind.level < 0);
    let issue = stage.issue(|world, issue| !issue.archived && !subtask(world, issue.issue_type))?;
    let project = issues::project(stage).filter(|project| project.id != issue.project)?;
    let kind = {
        let world = stage.world();
        let same = project.issue_types.iter().find(|kind| **kind == issue.issue_type);
        *same.or_else(|| project.issue_types.iter().find(|kind| !subtask(&world, **kind)))?
    };
    let mapping = json!({
        "inferClassificationDefaults": true, "inferFieldDefaults": true, "inferStatusDefaults": true,
        "inferSubtaskTypeDefault": true, "issueIdsOrKeys": [issue.id.to_string()],
    });
    let mut targets = serde_json::Map::new();
    targets.insert(format!("{},{kind}", project.key), mapping);
    let sent = json!({"sendBulkNotification": false, "targetToSourcesMapping": targets});
    let request = Inside::json(&issue.creator, Method::POST, "/rest/api/3/bulk/issues/move", &sent);
    let (by, _) = stage.send(Some(&issue.creator), &request)?;
    Some((by, Change::IssueMoved { issue: issue.id, from: issue.project, to: project.id }))
}

pub(super) fn key(stage: &mut Stage<'_>) -> Done {
    let project = issues::project(stage)?;
    let letters: String = std::iter::repeat_with(|| stage.draw.uppercase()).take(5).collect();
    let to = format!("K{letters}");
    let target = format!("/rest/api/3/project/{}", project.key);
    let request = Inside::json(&project.lead, Method::PUT, target, &json!({"key": to}));
    let (by, _) = stage.send(None, &request)?;
    Some((by, Change::ProjectKeyChanged { project: project.id, from: project.key, to }))
}
