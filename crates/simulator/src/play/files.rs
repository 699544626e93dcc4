//! Files come, are replaced and go.

use axum::http::Method;
use serde_json::Value;

use super::stage::{Done, Stage};
use super::{Change, content};
use crate::inside::Inside;
use crate::state::content::{PageAttachment, Status};
use crate::state::issue::IssueAttachment;

pub(super) fn on_page(stage: &mut Stage<'_>) -> Done {
    match stage.draw.u32(..6) {
        0 => replace_on_page(stage),
        1 => trash_on_page(stage),
        2 => purge_on_page(stage),
        _ => attach_to_page(stage),
    }
}

fn page_file(stage: &mut Stage<'_>, status: Status) -> Option<PageAttachment> {
    let world = stage.world();
    let all = world.confluence.attachments.values().filter(|file| file.status == status).collect();
    stage.choose::<&PageAttachment>(all).cloned()
}

fn attach_to_page(stage: &mut Stage<'_>) -> Done {
    let page = stage.content(content::is_read)?;
    let target = format!("/wiki/rest/api/content/{}/child/attachment", page.id);
    let (name, text) = (format!("{}.txt", stage.word), stage.sentence());
    let request = Inside::upload(&page.author, Method::POST, target, &name, &text);
    let (by, answer) = stage.send(Some(&page.author), &request)?;
    let file = answer["results"][0]["id"].as_str()?.trim_start_matches("att").parse().ok()?;
    Some((by, Change::PageFileAttached { file, content: page.id, word: stage.word.clone() }))
}

fn replace_on_page(stage: &mut Stage<'_>) -> Done {
    let old = page_file(stage, Status::Current)?;
    let target = format!("/wiki/rest/api/content/{}/child/attachment/att{}/data", old.container, old.id);
    let text = stage.sentence();
    let request = Inside::upload(&old.version.by, Method::POST, target, &old.title, &text);
    let (by, _) = stage.send(Some(&old.version.by), &request)?;
    Some((by, Change::PageFileReplaced { file: old.id }))
}

fn trash_on_page(stage: &mut Stage<'_>) -> Done {
    let old = page_file(stage, Status::Current)?;
    let target = format!("/wiki/api/v2/attachments/att{}", old.id);
    let request = Inside::json(&old.version.by, Method::DELETE, target, &Value::Null);
    let (by, _) = stage.send(Some(&old.version.by), &request)?;
    Some((by, Change::PageFileTrashed { file: old.id }))
}

fn purge_on_page(stage: &mut Stage<'_>) -> Done {
    let old = page_file(stage, Status::Trashed)?;
    let target = format!("/wiki/api/v2/attachments/att{}?purge=true", old.id);
    let request = Inside::json(&old.version.by, Method::DELETE, target, &Value::Null);
    let (by, _) = stage.send(Some(&old.version.by), &request)?;
    Some((by, Change::PageFilePurged { file: old.id }))
}

pub(super) fn on_issue(stage: &mut Stage<'_>) -> Done {
    if stage.one_in(3) { delete_on_issue(stage) } else { attach_to_issue(stage) }
}

fn attach_to_issue(stage: &mut Stage<'_>) -> Done {
    let issue = stage.issue(|_, issue| !issue.archived)?;
    let target = format!("/rest/api/3/issue/{}/attachments", issue.id);
    let (name, text) = (format!("{}.txt", stage.word), stage.sentence());
    let request = Inside::upload(&issue.creator, Method::POST, target, &name, &text);
    let (by, answer) = stage.send(Some(&issue.creator), &request)?;
    let file = answer[0]["id"].as_str()?.parse().ok()?;
    Some((by, Change::IssueFileAttached { file, issue: issue.id, word: stage.word.clone() }))
}

fn delete_on_issue(stage: &mut Stage<'_>) -> Done {
    let world = stage.world();
    let old = stage.choose::<&IssueAttachment>(world.jira.attachments.values().collect()).cloned()?;
    drop(world);
    let target = format!("/rest/api/3/attachment/{}", old.id);
    let (by, _) = stage.send(Some(&old.author), &Inside::json(&old.author, Method::DELETE, target, &Value::Null))?;
    Some((by, Change::IssueFileDeleted { file: old.id }))
}
