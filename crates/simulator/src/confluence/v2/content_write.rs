//! Writing pages and blog posts: creating, editing, publishing, moving, renaming, trash and purge.

use axum::http::Method;
use serde_json::Value;

use super::{find, single};
use crate::call::Call;
use crate::confluence::body::{self, Format};
use crate::confluence::{operations, writer};
use crate::reply::{Answer, Reply, confluence};
use crate::route::Route;
use crate::state::World;
use crate::state::confluence_write::NewContent;
use crate::state::content::{Content, ContentKind, RestrictedOperation, Status, Subjects};
use crate::visibility::confluence::ConfluenceView;

pub(crate) fn routes() -> Vec<Route> {
    vec![
        Route::confluence(Method::POST, "/wiki/api/v2/pages", create),
        Route::confluence(Method::PUT, "/wiki/api/v2/pages/{id}", update),
        Route::confluence(Method::PUT, "/wiki/api/v2/pages/{id}/title", rename),
        Route::confluence(Method::DELETE, "/wiki/api/v2/pages/{id}", delete),
        Route::confluence(Method::POST, "/wiki/api/v2/blogposts", create),
        Route::confluence(Method::PUT, "/wiki/api/v2/blogposts/{id}", update),
        Route::confluence(Method::DELETE, "/wiki/api/v2/blogposts/{id}", delete),
    ]
}

/// A number that may be sent as text.
fn number(value: &Value) -> Option<u64> {
    value.as_u64().or_else(|| value.as_str()?.parse().ok())
}

/// Space and parent of something new; without a parent it goes below the space's home page, unless `root-level` is asked.
pub(crate) fn place(
    world: &World,
    view: &ConfluenceView<'_>,
    kind: ContentKind,
    sent: &Value,
) -> Result<(u64, Option<u64>), Reply> {
    let Some(id) = number(&sent["spaceId"]) else { return Err(find::bad_request("spaceId must be provided.")) };
    let space = world.confluence.spaces.get(&id).filter(|space| operations::may_create(view, space, kind));
    let Some(space) = space else { return Err(writer::not_permitted_v2("space")) };
    if kind == ContentKind::BlogPost || sent["parentId"].is_null() {
        return Ok((space.id, None));
    }
    let parent = number(&sent["parentId"]).and_then(|id| world.confluence.content.get(&id));
    let fits = |parent: &&Content| {
        parent.space == space.id
            && parent.kind != ContentKind::BlogPost
            && is_live(parent)
            && view.can_see_content(parent)
    };
    match parent.filter(fits) {
        Some(parent) => Ok((space.id, Some(parent.id))),
        None => Err(confluence::v2_not_found("parent content", &sent["parentId"].to_string().replace('"', ""))),
    }
}

fn is_live(content: &Content) -> bool {
    matches!(content.status, Status::Current | Status::Archived)
}

fn status(sent: &Value) -> Result<Status, Reply> {
    match sent["status"].as_str() {
        None | Some("current") => Ok(Status::Current),
        Some("draft") => Ok(Status::Draft),
        Some(_) => Err(confluence::v2_bad_parameter("status", "ContentStatus")),
    }
}

/// A title for content of that status: published content needs one, and pages an own one in their space.
fn check_title(
    world: &World,
    (kind, space): (ContentKind, u64),
    (title, status): (&str, Status),
    own: Option<u64>,
) -> Result<(), Reply> {
    if title.chars().count() > writer::LONGEST_TITLE {
        return Err(find::bad_request("Title is too long: at most 255 characters."));
    }
    if status == Status::Draft {
        return Ok(());
    }
    if title.trim().is_empty() {
        return Err(find::bad_request("Title must be provided for published content."));
    }
    if writer::title_is_taken(world, kind, space, title, own) {
        return Err(find::bad_request(writer::TITLE_TAKEN));
    }
    Ok(())
}

fn create(call: &Call<'_>) -> Answer {
    let kind = find::kind_of(call);
    let sent: Value = call.confluence_body()?;
    let author = writer::account_v2(call)?;
    let mut world = call.world_mut();
    let (space, mut parent) = {
        let view = ConfluenceView::new(&world, Some(&author));
        place(&world, &view, kind, &sent)?
    };
    if parent.is_none() && kind == ContentKind::Page && !call.query_flag("root-level") {
        parent = world.confluence.spaces.get(&space).and_then(|space| space.homepage);
    }
    let status = status(&sent)?;
    let title = sent["title"].as_str().unwrap_or_default().to_owned();
    check_title(&world, (kind, space), (&title, status), None)?;
    let body = body::sent_v2(&sent["body"])?.unwrap_or_default().into();
    let id = world.create_content(NewContent { kind, space, parent, title, body, status, author: author.clone() });
    if let Some(content) = world.confluence.content.get_mut(&id) {
        content.live = sent["subtype"] == "live";
    }
    if call.query_flag("private") {
        let only_author = || Subjects { users: [author.clone()].into(), ..Subjects::default() };
        world.restrict(id, RestrictedOperation::Read, only_author());
        world.restrict(id, RestrictedOperation::Update, only_author());
    }
    answer(call, &world, &author, id)
}

fn answer(call: &Call<'_>, world: &World, account: &str, id: u64) -> Answer {
    let view = ConfluenceView::new(world, Some(account));
    let Some(content) = world.confluence.content.get(&id) else {
        return Err(confluence::v2_not_found("page", &id.to_string()));
    };
    Ok(Reply::ok(&single::single(call, world, &view, content, Some(Format::Storage))))
}

/// The content of the path that the caller may see, trash included.
fn seen<'w>(call: &Call<'_>, world: &'w World, view: &ConfluenceView<'_>) -> Result<&'w Content, Reply> {
    let (kind, id) = (find::kind_of(call), find::path_number(call, "id")?);
    let found = world.confluence.content.get(&id).filter(|content| content.kind == kind);
    let missing = || confluence::v2_not_found(kind.as_str(), &id.to_string());
    found.filter(|content| view.can_see_content(content)).ok_or_else(missing)
}

/// Publishing a draft keeps version 1; everything else counts on. Trash and archive are left by `status: current`.
fn update(call: &Call<'_>) -> Answer {
    let kind = find::kind_of(call);
    let sent: Value = call.confluence_body()?;
    let by = writer::account_v2(call)?;
    let mut world = call.world_mut();
    let old = {
        let view = ConfluenceView::new(&world, Some(&by));
        let content = seen(call, &world, &view)?;
        let allowed = operations::may_edit(&view, &world, content)
            && (content.status != Status::Trashed || operations::may_purge(&view, &world, content));
        if !allowed {
            return Err(writer::not_permitted_v2(kind.as_str()));
        }
        content.clone()
    };
    if number(&sent["id"]) != Some(old.id) {
        return Err(find::bad_request("The id of the body must be that of the path."));
    }
    let status = status(&sent)?;
    if status == Status::Draft && old.status != Status::Draft {
        return Err(find::bad_request("Drafts of published content are not supported."));
    }
    let Some(title) = sent["title"].as_str() else { return Err(find::bad_request("title must be provided.")) };
    let publishes = old.status == Status::Draft;
    writer::check_version_v2(&sent["version"]["number"], if publishes { 1 } else { old.version.number + 1 })?;
    check_title(&world, (kind, old.space), (title, status), Some(old.id))?;
    let stored = body::sent_v2(&sent["body"])?;
    let target = target(&world, &by, &old, &sent)?;
    if publishes {
        rewrite_draft(&mut world, &old, title, stored);
    } else {
        let message = sent["version"]["message"].as_str().unwrap_or_default();
        world.edit_content(old.id, &by, Some(title.to_owned()), stored.map(Into::into), message);
    }
    if status != old.status {
        world.set_status(old.id, status);
    }
    if let Some((space, parent)) = target
        && !world.move_content(old.id, space, parent)
    {
        return Err(find::bad_request("Content cannot be moved below itself."));
    }
    if let Some(owner) = sent["ownerId"].as_str()
        && let Some(owner) = world.directory.person(owner).map(|person| person.account_id.clone())
        && let Some(content) = world.confluence.content.get_mut(&old.id)
    {
        content.owner = owner;
    }
    answer(call, &world, &by, old.id)
}

/// A draft has no history: its one version changes in place.
pub(crate) fn rewrite_draft(world: &mut World, old: &Content, title: &str, stored: Option<String>) {
    let mut content = old.clone();
    title.clone_into(&mut content.title);
    content.version.at = world.clock.now();
    if let Some(stored) = stored {
        content.body = stored.into();
    }
    world.confluence.put_content(content);
}

/// Where an update moves the page: another parent of the same space. `None`: it stays.
fn target(world: &World, by: &str, old: &Content, sent: &Value) -> Result<Option<(u64, Option<u64>)>, Reply> {
    let view = ConfluenceView::new(world, Some(by));
    if let Some(space) = number(&sent["spaceId"])
        && space != old.space
    {
        return Err(find::bad_request("Content cannot be moved to another space by an update."));
    }
    let Some(parent) = number(&sent["parentId"]).filter(|parent| Some(*parent) != old.parent) else { return Ok(None) };
    let found = world.confluence.content.get(&parent).filter(|parent| {
        parent.space == old.space
            && is_live(parent)
            && parent.kind != ContentKind::BlogPost
            && view.can_see_content(parent)
    });
    match found {
        Some(parent) => Ok(Some((old.space, Some(parent.id)))),
        None => Err(confluence::v2_not_found("parent content", &parent.to_string())),
    }
}

fn rename(call: &Call<'_>) -> Answer {
    let sent: Value = call.confluence_body()?;
    let by = writer::account_v2(call)?;
    let mut world = call.world_mut();
    let old = {
        let view = ConfluenceView::new(&world, Some(&by));
        let content = seen(call, &world, &view)?;
        if content.status == Status::Trashed || !operations::may_edit(&view, &world, content) {
            return Err(writer::not_permitted_v2("page"));
        }
        content.clone()
    };
    let Some(title) = sent["title"].as_str() else { return Err(find::bad_request("title must be provided.")) };
    check_title(&world, (old.kind, old.space), (title, old.status), Some(old.id))?;
    world.edit_content(old.id, &by, Some(title.to_owned()), None, "");
    answer(call, &world, &by, old.id)
}

/// Into the trash; drafts with `draft=true` and trashed content with `purge=true` go for good.
fn delete(call: &Call<'_>) -> Answer {
    let by = writer::account_v2(call)?;
    let mut world = call.world_mut();
    let purge = call.query_flag("purge");
    let old = {
        let view = ConfluenceView::new(&world, Some(&by));
        let content = seen(call, &world, &view)?;
        let own_draft = content.status == Status::Draft && *content.author == *by;
        let allowed = if purge {
            operations::may_purge(&view, &world, content)
        } else {
            own_draft || operations::may_delete(&view, &world, content)
        };
        if !allowed {
            return Err(writer::not_permitted_v2(content.kind.as_str()));
        }
        content.clone()
    };
    match (old.status, purge, call.query_flag("draft")) {
        (Status::Draft, false, true) | (Status::Trashed, true, _) => {
            world.purge_content(old.id);
        }
        (Status::Draft, ..) => return Err(find::bad_request("Drafts are deleted with draft=true.")),
        (_, true, _) => return Err(find::bad_request("Only trashed content can be purged.")),
        (Status::Trashed, ..) => return Err(confluence::v2_not_found(old.kind.as_str(), &old.id.to_string())),
        _ => {
            world.set_status(old.id, Status::Trashed);
            let object = (object_type(old.kind), old.title.as_str(), Some(old.space));
            world.log_confluence(&by, "Pages", &format!("{} moved to trash", object.0), object, ("", "", ""));
        }
    }
    Ok(Reply::no_content())
}

/// A kind as the audit log calls it.
pub(crate) fn object_type(kind: ContentKind) -> &'static str {
    match kind {
        ContentKind::Page => "Page",
        ContentKind::BlogPost => "Blog",
        ContentKind::Folder => "Folder",
        ContentKind::Whiteboard => "Whiteboard",
        ContentKind::Database => "Database",
        ContentKind::Embed => "Smart Link",
    }
}
