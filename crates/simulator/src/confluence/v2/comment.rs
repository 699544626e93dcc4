//! Footer and inline comments: of the site, of a page, of a comment.
//!
//! Site-wide lists hold replies (a switch of the world leaves them out); the lists of a page or file hold roots only.

use axum::http::Method;
use serde_json::{Value, json};

use super::content::version_row;
use super::find::{self, is_listed_comment};
use super::listing::By;
use crate::call::Call;
use crate::confluence::address::comment_webui;
use crate::confluence::body::{self, Format};
use crate::paging::{Cursor, V2Page};
use crate::reply::{Answer, Reply, confluence};
use crate::route::Route;
use crate::state::World;
use crate::state::content::{Container, ContentKind, PageComment, Placement};
use crate::visibility::confluence::ConfluenceView;
use crate::wire_time::iso_utc;

pub(crate) fn routes() -> Vec<Route> {
    let get = |template, run| Route::confluence(Method::GET, template, run);
    vec![
        get("/wiki/api/v2/footer-comments", site_wide),
        get("/wiki/api/v2/inline-comments", site_wide),
        get("/wiki/api/v2/footer-comments/{commentId}", one),
        get("/wiki/api/v2/inline-comments/{commentId}", one),
        get("/wiki/api/v2/footer-comments/{id}/children", replies),
        get("/wiki/api/v2/inline-comments/{id}/children", replies),
        get("/wiki/api/v2/pages/{id}/footer-comments", of_content),
        get("/wiki/api/v2/pages/{id}/inline-comments", of_content),
        get("/wiki/api/v2/blogposts/{id}/footer-comments", of_content),
        get("/wiki/api/v2/blogposts/{id}/inline-comments", of_content),
        get("/wiki/api/v2/attachments/{id}/footer-comments", of_attachment),
    ]
}

/// A comment as v2 writes it.
pub(crate) fn comment_row(world: &World, comment: &PageComment, format: Option<Format>) -> Value {
    let mut row = json!({
        "id": comment.id.to_string(),
        "status": "current",
        "title": format!("Re: {}", title_of(world, comment)),
        "version": version_row(&comment.version),
        "body": body::shown(&comment.body, format),
        "_links": {"webui": comment_webui(world, comment)},
    });
    let (key, id) = match comment.container {
        Container::Content(id) => match world.confluence.content.get(&id).map(|content| content.kind) {
            Some(ContentKind::BlogPost) => ("blogPostId", id.to_string()),
            _ => ("pageId", id.to_string()),
        },
        Container::Attachment(id) => ("attachmentId", format!("att{id}")),
    };
    row[key] = json!(id);
    if let Some(parent) = comment.parent {
        row["parentCommentId"] = json!(parent.to_string());
    }
    if let Placement::Inline { resolution, resolved, marker, selection } = &comment.placement {
        row["resolutionStatus"] = json!(resolution);
        if let Some((by, at)) = resolved {
            row["resolutionLastModifierId"] = json!(by);
            row["resolutionLastModifiedAt"] = json!(iso_utc(*at));
        }
        row["properties"] = json!({
            "inlineMarkerRef": marker, "inlineOriginalSelection": selection,
            "inline-marker-ref": marker, "inline-original-selection": selection,
        });
    }
    row
}

/// Title of the page, blog post or file.
pub(crate) fn title_of<'w>(world: &'w World, comment: &PageComment) -> &'w str {
    let confluence = &world.confluence;
    match comment.container {
        Container::Content(id) => confluence.content.get(&id).map_or("", |content| &content.title),
        Container::Attachment(id) => confluence.attachments.get(&id).map_or("", |file| &file.title),
    }
}

/// What a listing of comments goes by; without `sort` by id, ascending.
fn sort(call: &Call<'_>) -> Result<(By, bool), Reply> {
    match call.query("sort") {
        None => Ok((By::Id, false)),
        Some("created-date") => Ok((By::Created, false)),
        Some("-created-date") => Ok((By::Created, true)),
        Some("modified-date") => Ok((By::Modified, false)),
        Some("-modified-date") => Ok((By::Modified, true)),
        Some(_) => Err(confluence::v2_bad_parameter("sort", "CommentSortOrder")),
    }
}

fn key(by: By, comment: &PageComment) -> i64 {
    match by {
        By::Created => comment.created_at,
        By::Modified => comment.version.at,
        By::Id | By::Title => 0,
    }
}

fn cursor(by: By, comment: &PageComment) -> Cursor {
    match by {
        By::Id => crate::paging::by_id(comment.id),
        by => Cursor::new(comment.id, by.name(), key(by, comment)),
    }
}

fn after(page: &V2Page) -> Option<(i64, u64)> {
    page.after.as_ref().map(|cursor| (cursor.content_order_value.as_i64().unwrap_or(0), page.after_id()))
}

fn site_wide(call: &Call<'_>) -> Answer {
    let inline = call.path.contains("/inline-comments");
    let (by, descending) = sort(call)?;
    let page = V2Page::of(call, 25, by.name())?;
    let format = Format::of_list(call)?;
    let with_replies = call.simulation.switches.replies_in_site_lists();
    let world = call.world();
    let view = ConfluenceView::new(&world, call.caller.account());
    let confluence = &world.confluence;
    let ids: Box<dyn Iterator<Item = u64>> = match by {
        By::Created => {
            Box::new(confluence.comments_by_created().walk(&inline, after(&page), descending).map(|(_, id)| id))
        }
        By::Modified => {
            Box::new(confluence.comments_by_modified().walk(&inline, after(&page), descending).map(|(_, id)| id))
        }
        By::Id | By::Title => Box::new(confluence.comment_ids(inline, page.after_id())),
    };
    let seen = ids
        .filter_map(|id| confluence.comments.get(&id))
        .filter(|comment| (with_replies || comment.parent.is_none()) && is_listed_comment(&world, &view, comment));
    Ok(page.reply(call, seen, |comment| cursor(by, comment), |comment| comment_row(&world, comment, format)))
}

fn answer<'w>(call: &Call<'_>, world: &'w World, comments: impl Iterator<Item = &'w PageComment>) -> Answer {
    let (by, descending) = sort(call)?;
    let page = V2Page::of(call, 25, by.name())?;
    let format = Format::of_list(call)?;
    let resolutions = call.v2_words("resolution-status", &["open", "reopened", "resolved", "dangling"])?;
    // All comments here are current: there is no way to put one into the trash and keep it.
    let statuses = call.v2_words("status", &["current", "archived", "trashed", "deleted", "historical", "draft"])?;
    let current = statuses.is_empty() || statuses.contains(&"current");
    let fits = |comment: &&PageComment| match &comment.placement {
        Placement::Footer => true,
        Placement::Inline { resolution, .. } => resolutions.is_empty() || resolutions.contains(&resolution.as_str()),
    };
    let mut all: Vec<&PageComment> = comments.filter(fits).filter(|_| current).collect();
    all.sort_by_key(|comment| (key(by, comment), comment.id));
    if descending {
        all.reverse();
    }
    let after = after(&page).map(|(at, id)| if by == By::Id { (0, id) } else { (at, id) });
    let behind = |comment: &&PageComment| {
        let place = (key(by, comment), comment.id);
        after.is_none_or(|after| if descending { place < after } else { place > after })
    };
    let rest = all.into_iter().filter(behind);
    Ok(page.reply(call, rest, |comment| cursor(by, comment), |comment| comment_row(world, comment, format)))
}

/// Roots only.
fn of_content(call: &Call<'_>) -> Answer {
    let inline = call.path.ends_with("/inline-comments");
    let world = call.world();
    let view = ConfluenceView::new(&world, call.caller.account());
    let content = find::content(call, &world, &view, find::kind_of(call), "id")?;
    let all = world.confluence.comments_of(Container::Content(content.id));
    answer(call, &world, all.filter(|comment| comment.is_inline() == inline && comment.parent.is_none()))
}

fn of_attachment(call: &Call<'_>) -> Answer {
    let world = call.world();
    let view = ConfluenceView::new(&world, call.caller.account());
    let file = find::attachment(call, &world, &view)?;
    let all = world.confluence.comments_of(Container::Attachment(file.id));
    answer(call, &world, all.filter(|comment| comment.parent.is_none()))
}

fn replies(call: &Call<'_>) -> Answer {
    let world = call.world();
    let view = ConfluenceView::new(&world, call.caller.account());
    let comment = find::comment(call, &world, &view, "id")?;
    answer(call, &world, world.confluence.replies(comment.id))
}

fn one(call: &Call<'_>) -> Answer {
    let format = Format::of_single(call)?;
    let world = call.world();
    let view = ConfluenceView::new(&world, call.caller.account());
    let comment = find::comment(call, &world, &view, "commentId")?;
    Ok(Reply::ok(&single(call, &world, comment, format)).objects(1))
}

/// The answer about one comment, also after a write.
pub(crate) fn single(call: &Call<'_>, world: &World, comment: &PageComment, format: Option<Format>) -> Value {
    let mut row = comment_row(world, comment, format);
    row["_links"]["base"] = json!(call.simulation.site.wiki_base());
    row
}
