//! Archive, trash, purge, and back. Coming back is drawn more often than going, so that a company does not run empty.

use axum::http::Method;
use serde_json::{Value, json};

use super::stage::{Done, Stage};
use super::{Change, content, issues};
use crate::inside::Inside;
use crate::state::content::{Content, ContentKind, Status};
use crate::state::project::Project;
use crate::state::space::{Space, SpaceType};

pub(super) fn live(stage: &mut Stage<'_>) -> Done {
    match stage.draw.u32(..20) {
        0..=2 => archive_page(stage),
        3..=5 => trash(stage),
        6 => trash_tree(stage),
        7..=11 => bring_back(stage),
        12 => purge(stage),
        13 => archive_issue(stage),
        14 | 15 => unarchive_issue(stage),
        16 => delete_issue(stage),
        17 => project(stage),
        18 => restore_project(stage),
        _ => space(stage),
    }
}

fn archive_page(stage: &mut Stage<'_>) -> Done {
    let page = stage.content(|world, one| one.kind == ContentKind::Page && content::is_read(world, one))?;
    let sent = json!({"pages": [{"id": page.id}]});
    let request = Inside::json(&page.author, Method::POST, "/wiki/rest/api/content/archive", &sent);
    let (by, _) = stage.send(Some(&page.author), &request)?;
    Some((by, Change::ContentArchived { content: page.id }))
}

fn trash(stage: &mut Stage<'_>) -> Done {
    let gone = stage.content(content::is_read)?;
    let target = format!("/wiki/api/v2/{}/{}", content::resource(gone.kind), gone.id);
    let (by, _) = stage.send(Some(&gone.author), &Inside::json(&gone.author, Method::DELETE, target, &Value::Null))?;
    Some((by, Change::ContentTrashed { content: gone.id }))
}

/// Only small trees, from their leaves upwards.
fn trash_tree(stage: &mut Stage<'_>) -> Done {
    let root = stage.content(|world, one| {
        let below = world.confluence.children(one.id).count();
        one.kind == ContentKind::Page && content::is_read(world, one) && (1..=3).contains(&below)
    })?;
    let target = format!("/wiki/rest/api/content/{}/pageTree", root.id);
    let (by, _) = stage.send(Some(&root.author), &Inside::json(&root.author, Method::DELETE, target, &Value::Null))?;
    Some((by, Change::TreeTrashed { content: root.id }))
}

/// Out of the trash or the archive.
fn bring_back(stage: &mut Stage<'_>) -> Done {
    let known = |kind| matches!(kind, ContentKind::Page | ContentKind::BlogPost);
    let old = stage.content(|_, one| known(one.kind) && matches!(one.status, Status::Trashed | Status::Archived))?;
    let request = content::rewrite(&old.author, &old, &old.title, Value::Null);
    let (by, _) = stage.send(Some(&old.author), &request)?;
    let content = old.id;
    let change = match old.status {
        Status::Archived => Change::ContentUnarchived { content },
        _ => Change::ContentRestored { content },
    };
    Some((by, change))
}

fn purge(stage: &mut Stage<'_>) -> Done {
    let known = |one: &Content| matches!(one.kind, ContentKind::Page | ContentKind::BlogPost);
    let old = stage.content(|_, one| known(one) && one.status == Status::Trashed)?;
    let target = format!("/wiki/api/v2/{}/{}?purge=true", content::resource(old.kind), old.id);
    let (by, _) = stage.send(Some(&old.author), &Inside::json(&old.author, Method::DELETE, target, &Value::Null))?;
    Some((by, Change::ContentPurged { content: old.id }))
}

fn set_archived(stage: &mut Stage<'_>, archived: bool) -> Option<(crate::state::AccountId, u64)> {
    let issue = stage.issue(|_, issue| issue.archived != archived)?;
    let target = if archived { "/rest/api/3/issue/archive" } else { "/rest/api/3/issue/unarchive" };
    let sent = json!({"issueIdsOrKeys": [issue.key]});
    let (by, _) = stage.send(None, &Inside::json(&issue.creator, Method::PUT, target, &sent))?;
    Some((by, issue.id))
}

fn archive_issue(stage: &mut Stage<'_>) -> Done {
    set_archived(stage, true).map(|(by, issue)| (by, Change::IssueArchived { issue }))
}

fn unarchive_issue(stage: &mut Stage<'_>) -> Done {
    set_archived(stage, false).map(|(by, issue)| (by, Change::IssueUnarchived { issue }))
}

fn delete_issue(stage: &mut Stage<'_>) -> Done {
    let issue = stage.issue(|_, issue| !issue.archived)?;
    let target = format!("/rest/api/3/issue/{}?deleteSubtasks=true", issue.id);
    let request = Inside::json(&issue.creator, Method::DELETE, target, &Value::Null);
    let (by, _) = stage.send(Some(&issue.creator), &request)?;
    Some((by, Change::IssueDeleted { issue: issue.id }))
}

/// Into the archive or the trash, as long as others remain.
fn project(stage: &mut Stage<'_>) -> Done {
    let used = {
        let world = stage.world();
        world.jira.projects.values().filter(|project| !project.archived && !project.deleted).count()
    };
    let project = issues::project(stage).filter(|_| used > 2)?;
    let trashes = stage.one_in(2);
    let (method, target) = if trashes {
        (Method::DELETE, format!("/rest/api/3/project/{}", project.key))
    } else {
        (Method::POST, format!("/rest/api/3/project/{}/archive", project.key))
    };
    let (by, _) = stage.send(None, &Inside::json(&project.lead, method, target, &Value::Null))?;
    let project = project.id;
    Some((by, if trashes { Change::ProjectTrashed { project } } else { Change::ProjectArchived { project } }))
}

fn restore_project(stage: &mut Stage<'_>) -> Done {
    let world = stage.world();
    let gone = world.jira.projects.values().filter(|project| project.archived || project.deleted).collect();
    let project = stage.choose::<&Project>(gone).cloned()?;
    drop(world);
    let target = format!("/rest/api/3/project/{}/restore", project.key);
    let (by, _) = stage.send(None, &Inside::json(&project.lead, Method::POST, target, &Value::Null))?;
    Some((by, Change::ProjectRestored { project: project.id }))
}

/// Into the archive, as long as others remain, or back.
fn space(stage: &mut Stage<'_>) -> Done {
    let world = stage.world();
    let shared = |space: &&Space| space.space_type != SpaceType::Personal;
    let spaces: Vec<&Space> = world.confluence.spaces.values().filter(shared).collect();
    let used = spaces.iter().filter(|space| !space.archived).count();
    let back = used <= 2 || stage.one_in(2);
    let space = stage.choose(spaces.into_iter().filter(|space| space.archived == back).collect()).cloned()?;
    drop(world);
    let status = if space.archived { "current" } else { "archived" };
    let target = format!("/wiki/rest/api/space/{}", space.key);
    let request = Inside::json(&space.author, Method::PUT, target, &json!({"status": status}));
    let (by, _) = stage.send(Some(&space.author), &request)?;
    let (archived, space) = (space.archived, space.id);
    Some((by, if archived { Change::SpaceUnarchived { space } } else { Change::SpaceArchived { space } }))
}
