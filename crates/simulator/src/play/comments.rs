//! Comments come, change and go, on pages and issues of any age. On pages nothing but the comment itself tells of it.

use axum::http::Method;
use serde_json::{Value, json};

use super::stage::{Done, Stage};
use super::{Change, content};
use crate::inside::Inside;
use crate::state::content::{Container, ContentKind, PageComment};
use crate::state::issue::IssueComment;

pub(super) fn on_page(stage: &mut Stage<'_>) -> Done {
    match stage.draw.u32(..6) {
        0 | 1 => edit_on_page(stage),
        2 => delete_on_page(stage),
        _ => add_on_page(stage),
    }
}

fn page_comment(stage: &mut Stage<'_>) -> Option<PageComment> {
    let world = stage.world();
    stage.choose::<&PageComment>(world.confluence.comments.values().collect()).cloned()
}

/// `footer-comments` or `inline-comments`.
fn resource(inline: bool) -> &'static str {
    if inline { "inline-comments" } else { "footer-comments" }
}

fn add_on_page(stage: &mut Stage<'_>) -> Done {
    let page = stage.content(content::is_read)?;
    let author = stage.person()?;
    let inline = page.kind == ContentKind::Page && stage.one_in(4);
    let mut sent = json!({"body": stage.storage()});
    let answered = {
        let world = stage.world();
        let here = world.confluence.comments_of(Container::Content(page.id));
        here.rev().find(|comment| comment.is_inline() == inline).map(|comment| comment.id)
    };
    match answered {
        Some(comment) if stage.one_in(2) => sent["parentCommentId"] = comment.to_string().into(),
        _ => {
            let key = if page.kind == ContentKind::Page { "pageId" } else { "blogPostId" };
            sent[key] = page.id.to_string().into();
            if inline {
                sent["inlineCommentProperties"] = json!({
                    "textSelection": page.title, "textSelectionMatchCount": 1, "textSelectionMatchIndex": 0,
                });
            }
        }
    }
    let request = Inside::json(&author, Method::POST, format!("/wiki/api/v2/{}", resource(inline)), &sent);
    let (by, answer) = stage.send(Some(&author), &request)?;
    let comment = answer["id"].as_str()?.parse().ok()?;
    Some((by, Change::PageCommentAdded { comment, content: page.id, word: stage.word.clone() }))
}

fn edit_on_page(stage: &mut Stage<'_>) -> Done {
    let old = page_comment(stage)?;
    let sent = json!({"version": {"number": old.version.number + 1}, "body": stage.storage()});
    let target = format!("/wiki/api/v2/{}/{}", resource(old.is_inline()), old.id);
    let (by, _) = stage.send(Some(&old.author), &Inside::json(&old.author, Method::PUT, target, &sent))?;
    Some((by, Change::PageCommentEdited { comment: old.id, word: stage.word.clone() }))
}

fn delete_on_page(stage: &mut Stage<'_>) -> Done {
    let old = page_comment(stage)?;
    let target = format!("/wiki/api/v2/{}/{}", resource(old.is_inline()), old.id);
    let (by, _) = stage.send(Some(&old.author), &Inside::json(&old.author, Method::DELETE, target, &Value::Null))?;
    Some((by, Change::PageCommentDeleted { comment: old.id }))
}

pub(super) fn on_issue(stage: &mut Stage<'_>) -> Done {
    match stage.draw.u32(..6) {
        0 | 1 => edit_on_issue(stage),
        2 => delete_on_issue(stage),
        _ => add_on_issue(stage),
    }
}

fn issue_comment(stage: &mut Stage<'_>) -> Option<IssueComment> {
    let world = stage.world();
    stage.choose::<&IssueComment>(world.jira.comments.values().collect()).cloned()
}

/// An audience, now and then: a role by its name, or a group.
fn audience(stage: &mut Stage<'_>) -> Value {
    if !stage.one_in(3) {
        return Value::Null;
    }
    let world = stage.world();
    if stage.one_in(2) {
        let names = world.jira.roles.values().map(|role| role.name.clone()).collect();
        return stage.choose::<String>(names).map_or(Value::Null, |name| json!({"type": "role", "value": name}));
    }
    stage.group().map_or(Value::Null, |group| json!({"type": "group", "identifier": group}))
}

fn add_on_issue(stage: &mut Stage<'_>) -> Done {
    let issue = stage.issue(|_, issue| !issue.archived)?;
    let author = stage.person()?;
    let mut sent = json!({"body": stage.document()});
    let audience = audience(stage);
    let restricted = !audience.is_null();
    if restricted {
        sent["visibility"] = audience;
    }
    let target = format!("/rest/api/3/issue/{}/comment", issue.id);
    let (by, answer) = stage.send(Some(&author), &Inside::json(&author, Method::POST, target, &sent))?;
    let comment = answer["id"].as_str()?.parse().ok()?;
    Some((by, Change::IssueCommentAdded { comment, issue: issue.id, restricted, word: stage.word.clone() }))
}

fn edit_on_issue(stage: &mut Stage<'_>) -> Done {
    let old = issue_comment(stage)?;
    let mut sent = json!({"body": stage.document()});
    let audience = audience(stage);
    let restricted = !audience.is_null();
    if restricted {
        sent["visibility"] = audience;
    }
    let target = format!("/rest/api/3/issue/{}/comment/{}", old.issue, old.id);
    let (by, _) = stage.send(Some(&old.author), &Inside::json(&old.author, Method::PUT, target, &sent))?;
    Some((by, Change::IssueCommentEdited { comment: old.id, restricted, word: stage.word.clone() }))
}

fn delete_on_issue(stage: &mut Stage<'_>) -> Done {
    let old = issue_comment(stage)?;
    let target = format!("/rest/api/3/issue/{}/comment/{}", old.issue, old.id);
    let (by, _) = stage.send(Some(&old.author), &Inside::json(&old.author, Method::DELETE, target, &Value::Null))?;
    Some((by, Change::IssueCommentDeleted { comment: old.id }))
}
