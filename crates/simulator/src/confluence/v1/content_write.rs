//! Writing content in v1, which public clients still do: pages, blog posts and comments.

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

use super::expand::Expand;
use super::find::{self, deprecated};
use super::record::Record;
use super::{attachment, row};
use crate::call::Call;
use crate::confluence::writer::{self, bad_request_v1};
use crate::confluence::{body, operations, v2};
use crate::reply::{Answer, Reply, confluence};
use crate::route::Route;
use crate::state::confluence_write::NewContent;
use crate::state::content::{Container, Content, ContentKind, PageComment, Placement, Status};
use crate::state::{AccountId, World};
use crate::visibility::confluence::ConfluenceView;

pub(crate) fn routes() -> Vec<Route> {
    vec![
        Route::confluence(Method::POST, "/wiki/rest/api/content", create),
        Route::confluence(Method::PUT, "/wiki/rest/api/content/{id}", update),
        Route::confluence(Method::DELETE, "/wiki/rest/api/content/{id}", delete),
    ]
}

fn number(value: &Value) -> Option<u64> {
    value.as_u64().or_else(|| value.as_str()?.parse().ok())
}

/// The storage form of the sent body.
fn stored(sent: &Value) -> Result<Option<String>, Reply> {
    body::sent(&sent["body"]).map_err(|message| bad_request_v1(&message))
}

fn answer(call: &Call<'_>, world: &World, by: &str, id: u64) -> Answer {
    let view = ConfluenceView::new(world, Some(by));
    let scene = find::scene(call, world, &view);
    let Some(record) = Record::of(world, id) else { return Err(confluence::v1_no_content(&id.to_string())) };
    let mut expand = Expand::of(call);
    if expand.is_empty() {
        expand = Expand::written();
    }
    let mut row = row::row(&scene, record, &expand)?;
    row["_links"]["base"] = json!(call.simulation.site.wiki_base());
    row["_links"]["context"] = json!("/wiki");
    Ok(deprecated(Reply::ok(&row)))
}

/// The last of the sent ancestors is the parent.
fn parent_id(sent: &Value) -> Option<u64> {
    sent["ancestors"].as_array()?.last().and_then(|above| number(&above["id"]))
}

fn create(call: &Call<'_>) -> Answer {
    let sent = find::body(call)?;
    let by = writer::account_v1(call)?;
    let mut world = call.world_mut();
    let id = match sent["type"].as_str() {
        Some("page") => create_content(&mut world, &by, ContentKind::Page, &sent)?,
        Some("blogpost") => create_content(&mut world, &by, ContentKind::BlogPost, &sent)?,
        Some("comment") => create_comment(&mut world, &by, &sent)?,
        other => return Err(bad_request_v1(&format!("Unsupported content type: {}", other.unwrap_or("none")))),
    };
    answer(call, &world, &by, id)
}

fn status(sent: &Value, default: Status) -> Result<Status, Reply> {
    match sent["status"].as_str() {
        None => Ok(default),
        Some("current") => Ok(Status::Current),
        Some("draft") => Ok(Status::Draft),
        Some("archived") => Ok(Status::Archived),
        Some("trashed") => Ok(Status::Trashed),
        Some(other) => Err(bad_request_v1(&format!("Unknown status: {other}"))),
    }
}

/// A title that published content may have.
fn check_title(
    world: &World,
    content: (ContentKind, u64),
    title: &str,
    status: Status,
    own: Option<u64>,
) -> Result<(), Reply> {
    if status != Status::Draft && title.trim().is_empty() {
        return Err(bad_request_v1("Title is required"));
    }
    if title.chars().count() > writer::LONGEST_TITLE {
        return Err(bad_request_v1("Title is too long: at most 255 characters"));
    }
    if status != Status::Draft && writer::title_is_taken(world, content.0, content.1, title, own) {
        return Err(bad_request_v1(writer::TITLE_TAKEN));
    }
    Ok(())
}

fn create_content(world: &mut World, by: &AccountId, kind: ContentKind, sent: &Value) -> Result<u64, Reply> {
    let view = ConfluenceView::new(world, Some(by));
    let key = sent["space"]["key"].as_str().unwrap_or_default();
    let by_id = || number(&sent["space"]["id"]).and_then(|id| world.confluence.spaces.get(&id));
    let space = world.confluence.space_by_key(key).or_else(by_id).filter(|space| view.can_see_space(space));
    let Some(space) = space else { return Err(find::no_space(key)) };
    if !operations::may_create(&view, space, kind) {
        return Err(writer::not_permitted_v1("Could not create content in this space"));
    }
    let space = space.id;
    let parent = match parent_id(sent).filter(|_| kind == ContentKind::Page) {
        None => None,
        Some(id) => Some(parent(world, &view, space, id)?),
    };
    let status = status(sent, Status::Current)?;
    let title = sent["title"].as_str().unwrap_or_default().to_owned();
    check_title(world, (kind, space), &title, status, None)?;
    let body = stored(sent)?.unwrap_or_default().into();
    let author = by.clone();
    Ok(world.create_content(NewContent { kind, space, parent, title, body, status, author }))
}

/// A parent in that space that the caller sees.
fn parent(world: &World, view: &ConfluenceView<'_>, space: u64, id: u64) -> Result<u64, Reply> {
    let fits = |parent: &&Content| {
        parent.space == space
            && parent.kind != ContentKind::BlogPost
            && matches!(parent.status, Status::Current | Status::Archived)
            && view.can_see_content(parent)
    };
    let found = world.confluence.content.get(&id).filter(fits);
    found.map(|parent| parent.id).ok_or_else(|| bad_request_v1(&format!("No parent found with id: {id}")))
}

/// A comment on a page, blog post or file; with an ancestor it answers that comment, and stands where it stands.
fn create_comment(world: &mut World, by: &AccountId, sent: &Value) -> Result<u64, Reply> {
    let view = ConfluenceView::new(world, Some(by));
    let id = sent["container"]["id"].as_str().map(str::to_owned);
    let id = id.unwrap_or_else(|| sent["container"]["id"].to_string());
    let container = match Record::named(world, &id).filter(|record| record.status(world) != Status::Trashed) {
        Some(Record::Content(content)) => Container::Content(content.id),
        Some(Record::File(file)) => Container::Attachment(file.id),
        _ => return Err(confluence::v1_no_content(&id)),
    };
    let Some(page) = writer::page_of(world, container).filter(|page| view.can_see_content(page)) else {
        return Err(confluence::v1_no_content(&id));
    };
    if !operations::may_comment(&view, world, page) {
        return Err(writer::not_permitted_v1("User does not have permission to comment on this content"));
    }
    let answered: Option<&PageComment> = match parent_id(sent) {
        None => None,
        Some(id) => {
            let found = world.confluence.comments.get(&id).filter(|comment| comment.container == container);
            Some(found.ok_or_else(|| confluence::v1_no_content(&id.to_string()))?)
        }
    };
    let placement = answered.map_or(Placement::Footer, |answered| answered.placement.clone());
    let answered = answered.map(|answered| answered.id);
    let body = stored(sent)?.ok_or_else(|| bad_request_v1("A comment needs a body"))?;
    Ok(world.create_page_comment(container, answered, placement, by, body.into()))
}

fn update(call: &Call<'_>) -> Answer {
    let by = writer::account_v1(call)?;
    let mut world = call.world_mut();
    enum Target {
        Content(Box<Content>),
        Comment(u64, u64),
        File(u64),
    }
    let target = {
        let view = ConfluenceView::new(&world, Some(&by));
        let refused = || writer::not_permitted_v1("User does not have permission to update this content");
        match find::record_any(call, &world, &view, "id")? {
            Record::Content(content) => {
                let restores = content.status == Status::Trashed;
                if !operations::may_edit(&view, &world, content)
                    || restores && !operations::may_purge(&view, &world, content)
                {
                    return Err(refused());
                }
                Target::Content(Box::new(content.clone()))
            }
            Record::Comment(comment) => {
                if !operations::may_edit_comment(&view, Some(&by), comment) {
                    return Err(refused());
                }
                Target::Comment(comment.id, comment.version.number + 1)
            }
            Record::File(file) => {
                let page = world.confluence.content.get(&file.container);
                if !page.is_some_and(|page| operations::may_attach(&view, &world, page)) {
                    return Err(refused());
                }
                Target::File(file.id)
            }
        }
    };
    let id = match target {
        Target::Content(old) => {
            update_content(&mut world, &by, &old, &find::body(call)?)?;
            old.id
        }
        Target::Comment(id, next) => {
            let sent = find::body(call)?;
            writer::check_version_v1(&sent["version"]["number"], next)?;
            let body = stored(&sent)?.ok_or_else(|| bad_request_v1("A comment needs a body"))?;
            world.edit_page_comment(id, &by, body.into());
            id
        }
        Target::File(id) => {
            attachment::replace_bytes(call, &mut world, &by, id)?;
            id
        }
    };
    answer(call, &world, &by, id)
}

/// Publishing a draft keeps version 1; everything else counts on. `status: current` also takes out of trash and archive.
fn update_content(world: &mut World, by: &AccountId, old: &Content, sent: &Value) -> Result<(), Reply> {
    if sent["type"].as_str().is_some_and(|kind| kind != old.kind.as_str()) {
        return Err(bad_request_v1("The type of content cannot be changed"));
    }
    let publishes = old.status == Status::Draft;
    let next = if publishes { 1 } else { old.version.number + 1 };
    writer::check_version_v1(&sent["version"]["number"], next)?;
    let status = status(sent, old.status)?;
    if matches!(status, Status::Trashed | Status::Archived) && status != old.status {
        return Err(bad_request_v1("Content is trashed by DELETE and archived by /content/archive"));
    }
    let title = sent["title"].as_str().unwrap_or(&old.title);
    check_title(world, (old.kind, old.space), title, status, Some(old.id))?;
    let body = stored(sent)?;
    let parent = match parent_id(sent).filter(|id| Some(*id) != old.parent && old.kind != ContentKind::BlogPost) {
        None => None,
        Some(id) => Some(parent(world, &ConfluenceView::new(world, Some(by)), old.space, id)?),
    };
    if publishes {
        v2::content_write::rewrite_draft(world, old, title, body);
    } else {
        let message = sent["version"]["message"].as_str().unwrap_or_default();
        world.edit_content(old.id, by, Some(title.to_owned()), body.map(Into::into), message);
        if sent["version"]["minorEdit"] == true
            && let Some(content) = world.confluence.content.get_mut(&old.id)
        {
            content.version.minor = true;
        }
    }
    if status != old.status {
        world.set_status(old.id, status);
    }
    if let Some(parent) = parent
        && !world.move_content(old.id, old.space, Some(parent))
    {
        return Err(bad_request_v1("Content cannot be moved below itself"));
    }
    Ok(())
}

/// Into the trash; with `status=trashed` out of it for good, with `status=draft` the draft.
fn delete(call: &Call<'_>) -> Answer {
    let by = writer::account_v1(call)?;
    let mut world = call.world_mut();
    let wanted = call.query("status");
    let refused = || writer::not_permitted_v1("User does not have permission to delete this content");
    let found = {
        let view = ConfluenceView::new(&world, Some(&by));
        let record = find::record_any(call, &world, &view, "id")?;
        let allowed = match record {
            Record::Content(content) if wanted == Some("trashed") => operations::may_purge(&view, &world, content),
            Record::Content(content) => {
                let own_draft = content.status == Status::Draft && *content.author == *by;
                own_draft || operations::may_delete(&view, &world, content)
            }
            Record::Comment(comment) => operations::may_delete_comment(&view, record.space(&world), Some(&by), comment),
            Record::File(_) => record.owner(&world).is_some_and(|page| operations::may_attach(&view, &world, page)),
        };
        if !allowed {
            return Err(refused());
        }
        (record.id(), record.status(&world), record.kind())
    };
    match found {
        (id, _, "comment") => {
            world.delete_page_comment(id);
        }
        (id, Status::Trashed, "attachment") => {
            world.delete_page_attachment(id);
        }
        (id, _, "attachment") => {
            world.set_attachment_status(id, Status::Trashed);
        }
        (id, Status::Trashed, _) if wanted == Some("trashed") => {
            world.purge_content(id);
        }
        (id, Status::Draft, _) if wanted == Some("draft") => {
            world.purge_content(id);
        }
        (id, Status::Trashed, _) => return Err(confluence::v1_no_content(&id.to_string())),
        (_, _, _) if wanted.is_some_and(|wanted| wanted != "current") => {
            let kind = "com.atlassian.confluence.api.service.exceptions.ConflictException";
            return Err(confluence::v1(StatusCode::CONFLICT, &format!("{kind}: Content is not in that status")));
        }
        (id, ..) => {
            world.set_status(id, Status::Trashed);
        }
    }
    Ok(deprecated(Reply::no_content()))
}
