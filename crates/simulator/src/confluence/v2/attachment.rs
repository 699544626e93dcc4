//! Files: of the site, of a page; single ones, the trash, purging. Uploads are version 1's.

use axum::http::Method;
use serde_json::{Value, json};

use super::content::version_row;
use super::find::{self, is_listed_attachment};
use super::label::label_row;
use super::listing::By;
use super::single::included;
use crate::call::Call;
use crate::confluence::address::{attachment_download, attachment_webui};
use crate::confluence::{operations, writer};
use crate::paging::{Cursor, V2Page};
use crate::reply::{Answer, Reply, confluence};
use crate::route::Route;
use crate::state::World;
use crate::state::content::{ContentKind, PageAttachment, Status};
use crate::visibility::confluence::ConfluenceView;
use crate::wire_time::iso_utc;

pub(crate) fn routes() -> Vec<Route> {
    vec![
        Route::confluence(Method::GET, "/wiki/api/v2/attachments", site_wide),
        Route::confluence(Method::GET, "/wiki/api/v2/attachments/{id}", one),
        Route::confluence(Method::DELETE, "/wiki/api/v2/attachments/{id}", delete),
        Route::confluence(Method::GET, "/wiki/api/v2/attachments/{id}/versions", versions),
        Route::confluence(Method::GET, "/wiki/api/v2/pages/{id}/attachments", of_content),
        Route::confluence(Method::GET, "/wiki/api/v2/blogposts/{id}/attachments", of_content),
    ]
}

/// A file as v2 writes it.
pub(crate) fn attachment_row(world: &World, file: &PageAttachment) -> Value {
    let (webui, download) = (attachment_webui(file), attachment_download(file));
    let kind = world.confluence.content.get(&file.container).map(|content| content.kind);
    let owner = if kind == Some(ContentKind::BlogPost) { "blogPostId" } else { "pageId" };
    json!({
        "id": format!("att{}", file.id),
        "status": file.status.as_str(),
        "title": file.title,
        "createdAt": iso_utc(file.created_at),
        owner: file.container.to_string(),
        "mediaType": file.media_type,
        "mediaTypeDescription": described(&file.media_type),
        "comment": file.comment,
        "fileId": file.file_id,
        "fileSize": file.bytes.size(),
        "webuiLink": webui,
        "downloadLink": download,
        "version": version_row(&file.version),
        "_links": {"webui": webui, "download": download},
    })
}

/// The words for a media type.
pub(crate) fn described(media_type: &str) -> &'static str {
    match media_type {
        "application/pdf" => "PDF Document",
        "text/plain" => "Text File",
        "text/html" => "HTML Document",
        "image/png" => "PNG Image",
        "image/jpeg" => "JPEG Image",
        "image/gif" => "GIF Image",
        "application/zip" => "Zip Archive",
        kind if kind.contains("wordprocessingml") || kind == "application/msword" => "Microsoft Word Document",
        kind if kind.contains("spreadsheetml") || kind.contains("excel") => "Microsoft Excel Sheet",
        kind if kind.contains("presentationml") || kind.contains("powerpoint") => "Microsoft Powerpoint Presentation",
        kind if kind.starts_with("video/") => "Multimedia",
        _ => "File",
    }
}

#[derive(Debug)]
struct Filter<'c> {
    statuses: Vec<Status>,
    media_type: Option<&'c str>,
    filename: Option<&'c str>,
    by: By,
    descending: bool,
}

impl<'c> Filter<'c> {
    fn of(call: &'c Call<'_>) -> Result<Self, Reply> {
        let asked = call.query_list("status");
        let known = |status: &&str| match *status {
            "current" => Ok(Status::Current),
            "archived" => Ok(Status::Archived),
            "trashed" => Ok(Status::Trashed),
            _ => Err(confluence::v2_bad_parameter("status", "ContentStatus")),
        };
        let mut statuses = asked.iter().map(known).collect::<Result<Vec<_>, _>>()?;
        if asked.is_empty() {
            statuses = vec![Status::Current, Status::Archived];
        }
        let (by, descending) = match call.query("sort") {
            None => (By::Id, false),
            Some("created-date") => (By::Created, false),
            Some("-created-date") => (By::Created, true),
            Some("modified-date") => (By::Modified, false),
            Some("-modified-date") => (By::Modified, true),
            Some(_) => return Err(confluence::v2_bad_parameter("sort", "AttachmentSortOrder")),
        };
        let (media_type, filename) = (call.query("mediaType"), call.query("filename"));
        Ok(Self { statuses, media_type, filename, by, descending })
    }

    fn holds(&self, file: &PageAttachment) -> bool {
        self.statuses.contains(&file.status)
            && self.media_type.is_none_or(|kind| kind == file.media_type)
            && self.filename.is_none_or(|name| name == file.title)
    }

    fn key(&self, file: &PageAttachment) -> i64 {
        match self.by {
            By::Created => file.created_at,
            By::Modified => file.version.at,
            By::Id | By::Title => 0,
        }
    }

    fn cursor(&self, file: &PageAttachment) -> Cursor {
        match self.by {
            By::Id => crate::paging::by_id(file.id),
            by => Cursor::new(file.id, by.name(), self.key(file)),
        }
    }
}

fn site_wide(call: &Call<'_>) -> Answer {
    let filter = Filter::of(call)?;
    let page = V2Page::of(call, 50, filter.by.name())?;
    let world = call.world();
    let view = ConfluenceView::new(&world, call.caller.account());
    let confluence = &world.confluence;
    let after = page.after.as_ref().map(|cursor| (cursor.content_order_value.as_i64().unwrap_or(0), page.after_id()));
    let down = filter.descending;
    let ids: Box<dyn Iterator<Item = u64>> = match filter.by {
        By::Created => Box::new(confluence.attachments_by_created().walk(&(), after, down).map(|(_, id)| id)),
        By::Modified => Box::new(confluence.attachments_by_modified().walk(&(), after, down).map(|(_, id)| id)),
        By::Id | By::Title => Box::new(confluence.attachments.range(page.after_id() + 1..).map(|(id, _)| *id)),
    };
    let seen = ids.filter_map(|id| confluence.attachments.get(&id));
    let seen = seen.filter(|file| filter.holds(file) && is_listed_attachment(&world, &view, file));
    Ok(page.reply(call, seen, |file| filter.cursor(file), |file| attachment_row(&world, file)))
}

fn of_content(call: &Call<'_>) -> Answer {
    let filter = Filter::of(call)?;
    let page = V2Page::of(call, 50, filter.by.name())?;
    let world = call.world();
    let view = ConfluenceView::new(&world, call.caller.account());
    let content = find::content(call, &world, &view, find::kind_of(call), "id")?;
    let files = world.confluence.attachments_of(content.id);
    let mut all: Vec<&PageAttachment> =
        files.filter(|file| filter.holds(file) && view.can_see_attachment(file)).collect();
    all.sort_by_key(|file| (filter.key(file), file.id));
    if filter.descending {
        all.reverse();
    }
    let after = page.after.as_ref().map(|cursor| {
        let value = cursor.content_order_value.as_i64().unwrap_or(0);
        (if filter.by == By::Id { 0 } else { value }, page.after_id())
    });
    let behind = |file: &&PageAttachment| {
        let place = (filter.key(file), file.id);
        after.is_none_or(|after| if filter.descending { place < after } else { place > after })
    };
    let rest = all.into_iter().filter(behind);
    Ok(page.reply(call, rest, |file| filter.cursor(file), |file| attachment_row(&world, file)))
}

fn one(call: &Call<'_>) -> Answer {
    let world = call.world();
    let view = ConfluenceView::new(&world, call.caller.account());
    let file = find::attachment(call, &world, &view)?;
    let mut row = attachment_row(&world, file);
    row["_links"]["base"] = json!(call.simulation.site.wiki_base());
    if call.query_flag("include-labels") {
        row["labels"] = included(call, file.labels.iter().map(|label| label_row(label)).collect(), "labels");
    }
    if call.query_flag("include-versions") {
        row["versions"] = included(call, vec![version_row(&file.version)], "versions");
    }
    Ok(Reply::ok(&row).objects(1))
}

/// The latest version only: earlier bytes are not kept.
fn versions(call: &Call<'_>) -> Answer {
    let page = V2Page::of(call, 25, "number")?;
    let world = call.world();
    let view = ConfluenceView::new(&world, call.caller.account());
    let file = find::attachment(call, &world, &view)?;
    let latest = Some(file).filter(|_| page.after.is_none());
    let render = |file: &&PageAttachment| {
        let mut row = version_row(&file.version);
        row["attachment"] = json!({"id": format!("att{}", file.id), "title": file.title});
        row
    };
    Ok(page.reply(call, latest.into_iter(), |file| Cursor::new(file.id, "number", file.version.number), render))
}

/// Into the trash; with `purge=true` out of it, for administrators of the space.
fn delete(call: &Call<'_>) -> Answer {
    let by = writer::account_v2(call)?;
    let mut world = call.world_mut();
    let purge = call.query_flag("purge");
    let id = {
        let view = ConfluenceView::new(&world, Some(&by));
        let file = find::attachment(call, &world, &view)?;
        let content = world.confluence.content.get(&file.container);
        let allowed = content.is_some_and(|content| {
            if purge {
                operations::may_purge(&view, &world, content)
            } else {
                operations::may_attach(&view, &world, content)
            }
        });
        if !allowed {
            return Err(writer::not_permitted_v2("attachment"));
        }
        if purge && file.status != Status::Trashed {
            return Err(find::bad_request("Only trashed attachments can be purged."));
        }
        file.id
    };
    if purge {
        world.delete_page_attachment(id);
    } else {
        world.set_attachment_status(id, Status::Trashed);
    }
    Ok(Reply::no_content())
}
