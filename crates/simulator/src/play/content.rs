//! Pages and blog posts are written and edited.

use axum::http::Method;
use serde_json::json;

use super::Change;
use super::stage::{Done, Stage};
use crate::inside::Inside;
use crate::state::content::{Content, ContentKind, Status};
use crate::state::{AccountId, World};

pub(super) fn text(stage: &mut Stage<'_>) -> Done {
    match stage.draw.u32(..8) {
        0 | 1 => create(stage),
        2 => rename(stage),
        _ => edit(stage),
    }
}

/// A page or blog post that people read.
pub(super) fn is_read(_: &World, content: &Content) -> bool {
    matches!(content.kind, ContentKind::Page | ContentKind::BlogPost) && content.status == Status::Current
}

/// `pages` or `blogposts`.
pub(super) fn resource(kind: ContentKind) -> &'static str {
    if kind == ContentKind::BlogPost { "blogposts" } else { "pages" }
}

/// A request that writes all of a page or blog post anew, with the next version number.
pub(super) fn rewrite(by: &AccountId, content: &Content, title: &str, body: serde_json::Value) -> Inside {
    let mut sent = json!({
        "id": content.id.to_string(), "status": "current", "title": title,
        "version": {"number": content.version.number + 1},
    });
    if !body.is_null() {
        sent["body"] = body;
    }
    let target = format!("/wiki/api/v2/{}/{}", resource(content.kind), content.id);
    Inside::json(by, Method::PUT, target, &sent)
}

fn create(stage: &mut Stage<'_>) -> Done {
    let beside = stage.content(is_read)?;
    let kind = if stage.one_in(6) { ContentKind::BlogPost } else { ContentKind::Page };
    let mut sent = json!({
        "spaceId": beside.space.to_string(), "status": "current", "title": format!("Notes {}", stage.word),
        "body": stage.storage(),
    });
    if kind == ContentKind::Page && beside.kind == ContentKind::Page {
        let parent = if stage.one_in(2) { Some(beside.id) } else { beside.parent };
        sent["parentId"] = parent.map_or(serde_json::Value::Null, |id| id.to_string().into());
    }
    let target = format!("/wiki/api/v2/{}", resource(kind));
    let request = Inside::json(&beside.author, Method::POST, target, &sent);
    let (by, answer) = stage.send(Some(&beside.author), &request)?;
    let content = answer["id"].as_str()?.parse().ok()?;
    Some((by, Change::ContentCreated { content, space: beside.space, word: stage.word.clone() }))
}

fn edit(stage: &mut Stage<'_>) -> Done {
    let content = stage.content(is_read)?;
    let request = rewrite(&content.author, &content, &content.title, stage.storage());
    let (by, _) = stage.send(Some(&content.author), &request)?;
    Some((by, Change::ContentEdited { content: content.id, word: stage.word.clone() }))
}

fn rename(stage: &mut Stage<'_>) -> Done {
    let content = stage.content(is_read)?;
    let request = rewrite(&content.author, &content, &format!("Renamed {}", stage.word), serde_json::Value::Null);
    let (by, _) = stage.send(Some(&content.author), &request)?;
    Some((by, Change::ContentRenamed { content: content.id, word: stage.word.clone() }))
}
