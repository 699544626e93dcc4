//! Writing comments: commenting, answering, editing, resolving, deleting. None of it touches the page's version.

use axum::http::{Method, StatusCode};
use serde_json::Value;

use super::{comment, find};
use crate::call::Call;
use crate::confluence::body::{self, Format};
use crate::confluence::operations;
use crate::confluence::writer;
use crate::reply::{Answer, Reply, confluence};
use crate::route::Route;
use crate::state::World;
use crate::state::content::{Container, ContentKind, Placement, Status};
use crate::state::directory::stable_uuid;
use crate::visibility::confluence::ConfluenceView;

pub(crate) fn routes() -> Vec<Route> {
    let mut all = Vec::new();
    for (many, one) in [
        ("/wiki/api/v2/footer-comments", "/wiki/api/v2/footer-comments/{commentId}"),
        ("/wiki/api/v2/inline-comments", "/wiki/api/v2/inline-comments/{commentId}"),
    ] {
        all.push(Route::confluence(Method::POST, many, create));
        all.push(Route::confluence(Method::PUT, one, update));
        all.push(Route::confluence(Method::DELETE, one, delete));
    }
    all
}

/// What is to be commented: exactly one of page, blog post, file and comment.
fn target(world: &World, view: &ConfluenceView<'_>, sent: &Value) -> Result<(Container, Option<u64>), Reply> {
    let id = |key: &str| {
        let value = &sent[key];
        value.as_str().map(|id| id.trim_start_matches("att").parse::<u64>()).or_else(|| value.as_u64().map(Ok))
    };
    let named: Vec<&str> = ["pageId", "blogPostId", "attachmentId", "parentCommentId"]
        .into_iter()
        .filter(|key| !sent[*key].is_null())
        .collect();
    let [key] = named[..] else {
        return Err(find::bad_request("Exactly one of pageId, blogPostId, attachmentId, parentCommentId is needed."));
    };
    let Some(Ok(id)) = id(key) else { return Err(confluence::v2_bad_parameter(key, "Long")) };
    let confluence = &world.confluence;
    let of_kind = |kind: ContentKind| {
        let content = confluence.content.get(&id).filter(|content| content.kind == kind);
        let seen = content.filter(|content| content.status != Status::Trashed && view.can_see_content(content));
        seen.map(|content| (Container::Content(content.id), None))
    };
    let found = match key {
        "pageId" => of_kind(ContentKind::Page),
        "blogPostId" => of_kind(ContentKind::BlogPost),
        "attachmentId" => confluence
            .attachments
            .get(&id)
            .filter(|file| find::is_listed_attachment(world, view, file))
            .map(|file| (Container::Attachment(file.id), None)),
        _ => confluence
            .comments
            .get(&id)
            .filter(|comment| find::is_listed_comment(world, view, comment))
            .map(|comment| (comment.container, Some(comment.id))),
    };
    found.ok_or_else(|| confluence::v2_not_found(key.trim_end_matches("Id"), &id.to_string()))
}

fn create(call: &Call<'_>) -> Answer {
    let inline = call.path.contains("/inline-comments");
    let sent: Value = call.confluence_body()?;
    let author = writer::account_v2(call)?;
    let mut world = call.world_mut();
    let (container, parent) = {
        let view = ConfluenceView::new(&world, Some(&author));
        let (container, parent) = target(&world, &view, &sent)?;
        let page = writer::page_of(&world, container);
        if !page.is_some_and(|page| operations::may_comment(&view, &world, page)) {
            return Err(writer::not_permitted_v2("comment"));
        }
        (container, parent)
    };
    let Some(stored) = body::sent_v2(&sent["body"])? else { return Err(find::bad_request("body must be provided.")) };
    let placement = match parent.and_then(|parent| world.confluence.comments.get(&parent)) {
        Some(parent) => parent.placement.clone(),
        None if inline => marked(&sent)?,
        None => Placement::Footer,
    };
    if matches!(placement, Placement::Inline { .. }) != inline {
        return Err(find::bad_request("The parent comment is of the other kind."));
    }
    let id = world.create_page_comment(container, parent, placement, &author, stored.into());
    answer(call, &world, id, StatusCode::CREATED)
}

/// Where an inline comment stands: the marked text must be given.
fn marked(sent: &Value) -> Result<Placement, Reply> {
    let properties = &sent["inlineCommentProperties"];
    let Some(selection) = properties["textSelection"].as_str().filter(|text| !text.is_empty()) else {
        return Err(find::bad_request("inlineCommentProperties.textSelection must be provided."));
    };
    Ok(Placement::Inline {
        resolution: "open".to_owned(),
        resolved: None,
        marker: stable_uuid(&format!("marker {selection} {}", properties["textSelectionMatchIndex"])),
        selection: selection.to_owned(),
    })
}

fn answer(call: &Call<'_>, world: &World, id: u64, status: StatusCode) -> Answer {
    let Some(comment) = world.confluence.comments.get(&id) else {
        return Err(confluence::v2_not_found("comment", &id.to_string()));
    };
    Ok(Reply::json(status, &comment::single(call, world, comment, Some(Format::Storage))))
}

fn update(call: &Call<'_>) -> Answer {
    let sent: Value = call.confluence_body()?;
    let by = writer::account_v2(call)?;
    let mut world = call.world_mut();
    let (id, next) = {
        let view = ConfluenceView::new(&world, Some(&by));
        let comment = find::comment(call, &world, &view, "commentId")?;
        // Whoever may comment may resolve; only the author may change the words.
        let page = writer::page_of(&world, comment.container);
        let resolves = sent["body"].is_null() && !sent["resolved"].is_null();
        let allowed = if resolves {
            page.is_some_and(|page| operations::may_comment(&view, &world, page))
        } else {
            operations::may_edit_comment(&view, Some(&by), comment)
        };
        if !allowed {
            return Err(writer::not_permitted_v2("comment"));
        }
        (comment.id, comment.version.number + 1)
    };
    writer::check_version_v2(&sent["version"]["number"], next)?;
    if let Some(resolved) = sent["resolved"].as_bool() {
        world.resolve_comment(id, &by, resolved);
    }
    if let Some(stored) = body::sent_v2(&sent["body"])? {
        world.edit_page_comment(id, &by, stored.into());
    }
    answer(call, &world, id, StatusCode::OK)
}

fn delete(call: &Call<'_>) -> Answer {
    let by = writer::account_v2(call)?;
    let mut world = call.world_mut();
    let id = {
        let view = ConfluenceView::new(&world, Some(&by));
        let comment = find::comment(call, &world, &view, "commentId")?;
        let page = writer::page_of(&world, comment.container);
        let space = page.and_then(|page| world.confluence.spaces.get(&page.space));
        if !operations::may_delete_comment(&view, space, Some(&by), comment) {
            return Err(writer::not_permitted_v2("comment"));
        }
        comment.id
    };
    world.delete_page_comment(id);
    Ok(Reply::no_content())
}
