//! Files in v1: uploads, new versions, properties, and the bytes.

use axum::http::{Method, StatusCode, header};
use serde_json::{Value, json};

use super::expand::Expand;
use super::find;
use super::record::Record;
use super::row;
use crate::call::Call;
use crate::confluence::operations;
use crate::confluence::v2::find::is_listed_attachment;
use crate::confluence::writer::{self, bad_request_v1};
use crate::multipart::{self, Part};
use crate::reply::{Answer, Reply, confluence};
use crate::route::Route;
use crate::state::attachment::FileBytes;
use crate::state::content::{PageAttachment, Status};
use crate::state::{AccountId, World};
use crate::visibility::confluence::ConfluenceView;

pub(crate) fn routes() -> Vec<Route> {
    let many = "/wiki/rest/api/content/{id}/child/attachment";
    let one = "/wiki/rest/api/content/{id}/child/attachment/{attachmentId}";
    let data = "/wiki/rest/api/content/{id}/child/attachment/{attachmentId}/data";
    let download_address = "/wiki/rest/api/content/{id}/child/attachment/{attachmentId}/download";
    vec![
        Route::confluence(Method::POST, many, create),
        Route::confluence(Method::PUT, many, create_or_update),
        Route::confluence(Method::PUT, one, properties),
        Route::confluence(Method::POST, data, new_version),
        Route::confluence(Method::GET, download_address, download),
    ]
}

/// The file parts of a form and its `comment`. Forms must carry the header against forged requests.
pub(crate) fn form(call: &Call<'_>) -> Result<(Vec<Part>, Option<String>), Reply> {
    if !call.header("x-atlassian-token").is_some_and(|token| matches!(token, "nocheck" | "no-check")) {
        return Err(confluence::v1(StatusCode::FORBIDDEN, "XSRF check failed"));
    }
    let kind = call.header("content-type").unwrap_or_default();
    if !kind.starts_with("multipart/form-data") {
        return Err(confluence::v1(StatusCode::UNSUPPORTED_MEDIA_TYPE, "null"));
    }
    let parts =
        multipart::parts(kind, &call.body).ok_or_else(|| bad_request_v1("Could not parse multipart request"))?;
    let comment = parts.iter().find(|part| part.name == "comment");
    let comment = comment.map(|part| String::from_utf8_lossy(&part.bytes).into_owned());
    let files: Vec<Part> = parts.into_iter().filter(|part| part.name == "file" && part.filename.is_some()).collect();
    if files.is_empty() {
        return Err(bad_request_v1("At least one file is required"));
    }
    Ok((files, comment))
}

/// The page of the path, if the caller may add files to it.
fn page(call: &Call<'_>, world: &World, by: &str) -> Result<u64, Reply> {
    let view = ConfluenceView::new(world, Some(by));
    let content = find::content(call, world, &view, "id")?;
    if !operations::may_attach(&view, world, content) {
        return Err(writer::not_permitted_v1("User does not have permission to add attachments to this content"));
    }
    Ok(content.id)
}

fn store(world: &mut World, page: u64, by: &AccountId, part: &Part, comment: Option<&str>) -> u64 {
    let name = part.filename.clone().unwrap_or_default();
    let kind = part.content_type.as_deref().unwrap_or("application/octet-stream");
    let id = world.attach_to_page(page, &name, kind, FileBytes::Stored(part.bytes.clone()), by);
    if let Some(file) = world.confluence.attachments.get_mut(&id) {
        file.status = Status::Current;
        if let Some(comment) = comment {
            comment.clone_into(&mut file.comment);
            comment.clone_into(&mut file.version.message);
        }
    }
    id
}

fn answer(call: &Call<'_>, world: &World, by: &str, ids: &[u64], alone: bool) -> Answer {
    let view = ConfluenceView::new(world, Some(by));
    let scene = find::scene(call, world, &view);
    let expand = Expand::of(call);
    let files = ids.iter().filter_map(|id| world.confluence.attachments.get(id));
    let mut rows: Vec<Value> = Vec::new();
    for file in files {
        let mut row = row::row(&scene, Record::File(file), &expand)?;
        row["version"] = row::version_row(world, &file.version);
        rows.push(row);
    }
    if alone {
        return Ok(Reply::ok(&rows.pop().unwrap_or_default()));
    }
    let size = rows.len();
    let links = json!({"base": call.simulation.site.wiki_base(), "context": "/wiki"});
    Ok(Reply::ok(&json!({"results": rows, "start": 0, "limit": 200, "size": size, "_links": links})))
}

fn upload(call: &Call<'_>, may_replace: bool) -> Answer {
    let by = writer::account_v1(call)?;
    let mut world = call.world_mut();
    let page = page(call, &world, &by)?;
    let (files, comment) = form(call)?;
    let taken = |part: &&Part| {
        world
            .confluence
            .attachments_of(page)
            .any(|file| Some(&file.title) == part.filename.as_ref() && file.status != Status::Trashed)
    };
    if let Some(part) = files.iter().find(taken).filter(|_| !may_replace) {
        let name = part.filename.as_deref().unwrap_or_default();
        let message = format!("Cannot add a new attachment with same file name as an existing attachment: {name}");
        return Err(bad_request_v1(&message));
    }
    let ids: Vec<u64> = files.iter().map(|part| store(&mut world, page, &by, part, comment.as_deref())).collect();
    answer(call, &world, &by, &ids, false)
}

fn create(call: &Call<'_>) -> Answer {
    upload(call, false)
}

fn create_or_update(call: &Call<'_>) -> Answer {
    upload(call, true)
}

/// The file of the path, on the page of the path.
fn file<'w>(call: &Call<'_>, world: &'w World, by: Option<&str>) -> Result<&'w PageAttachment, Reply> {
    let view = ConfluenceView::new(world, by);
    let id = call.path_value("attachmentId");
    let number = id.trim_start_matches("att").parse::<u64>().ok();
    let file = number.and_then(|number| world.confluence.attachments.get(&number));
    let here = |file: &&PageAttachment| {
        Some(file.container) == call.path_id("id")
            && file.status != Status::Trashed
            && is_listed_attachment(world, &view, file)
    };
    file.filter(here).ok_or_else(|| confluence::v1_no_content(id))
}

fn new_version(call: &Call<'_>) -> Answer {
    let by = writer::account_v1(call)?;
    let mut world = call.world_mut();
    page(call, &world, &by)?;
    let id = file(call, &world, Some(&by))?.id;
    replace_bytes(call, &mut world, &by, id)?;
    answer(call, &world, &by, &[id], true)
}

/// Stores the bytes that were sent as the file's next version, under its own name.
pub(crate) fn replace_bytes(call: &Call<'_>, world: &mut World, by: &AccountId, id: u64) -> Result<(), Reply> {
    let (files, comment) = form(call)?;
    let old = world.confluence.attachments.get(&id).map(|file| (file.title.clone(), file.container));
    if let (Some(part), Some((title, page))) = (files.into_iter().next(), old) {
        let part = Part { filename: Some(title), ..part };
        store(world, page, by, &part, comment.as_deref());
    }
    Ok(())
}

/// Name, media type and remark; the version must count on.
fn properties(call: &Call<'_>) -> Answer {
    let sent = find::body(call)?;
    let by = writer::account_v1(call)?;
    let mut world = call.world_mut();
    page(call, &world, &by)?;
    let old = file(call, &world, Some(&by))?.clone();
    let next = old.version.number + 1;
    writer::check_version_v1(&sent["version"]["number"], next)?;
    let mut new = old.clone();
    new.version.number = next;
    new.version.at = world.clock.now();
    new.version.by = by.clone();
    if let Some(title) = sent["title"].as_str() {
        title.clone_into(&mut new.title);
    }
    if let Some(kind) = sent["metadata"]["mediaType"].as_str() {
        kind.clone_into(&mut new.media_type);
    }
    if let Some(comment) = sent["metadata"]["comment"].as_str() {
        comment.clone_into(&mut new.comment);
    }
    world.confluence.put_attachment(new);
    answer(call, &world, &by, &[old.id], true)
}

/// 302 to a signed address at another host. Earlier versions are not kept.
fn download(call: &Call<'_>) -> Answer {
    let world = call.world();
    let file = file(call, &world, call.caller.account())?;
    if call.query("version").is_some_and(|version| version != file.version.number.to_string()) {
        return Err(confluence::v1_no_content(call.path_value("attachmentId")));
    }
    let ticket = call.simulation.media.issue(file.bytes.read(), &file.media_type, world.clock.now());
    let location = format!("http://localhost:{}/media/{ticket}", call.simulation.port());
    Ok(Reply::raw(StatusCode::FOUND, "text/plain", "").with(header::LOCATION, &location).objects(1))
}
