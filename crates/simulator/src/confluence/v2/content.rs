//! Listings of pages and blog posts: of the site, of a space, of a label.

use axum::http::Method;
use serde_json::{Value, json};

use super::find;
use super::listing::{By, Sort, Wanted, items};
use crate::call::Call;
use crate::confluence::address::{tinyui, webui};
use crate::confluence::body::{self, Format};
use crate::paging::V2Page;
use crate::reply::{Answer, Reply, confluence};
use crate::route::Route;
use crate::state::World;
use crate::state::content::{Content, ContentKind, Status, Version};
use crate::visibility::confluence::ConfluenceView;
use crate::wire_time::iso_utc;

pub(crate) fn routes() -> Vec<Route> {
    vec![
        Route::confluence(Method::GET, "/wiki/api/v2/pages", list),
        Route::confluence(Method::GET, "/wiki/api/v2/blogposts", list),
        Route::confluence(Method::GET, "/wiki/api/v2/spaces/{id}/pages", list_in_space),
        Route::confluence(Method::GET, "/wiki/api/v2/spaces/{id}/blogposts", list_in_space),
        Route::confluence(Method::GET, "/wiki/api/v2/labels/{id}/pages", list_of_label),
        Route::confluence(Method::GET, "/wiki/api/v2/labels/{id}/blogposts", list_of_label),
    ]
}

/// A version as v2 writes it.
pub(crate) fn version_row(version: &Version) -> Value {
    json!({
        "createdAt": iso_utc(version.at), "message": version.message, "number": version.number,
        "minorEdit": version.minor, "authorId": version.by,
    })
}

/// A page or blog post as v2 writes it, without its body. The body of a caller's own row is added by the route.
pub(crate) fn content_row(world: &World, content: &Content) -> Value {
    let mut row = json!({
        "id": content.id.to_string(),
        "status": content.status.as_str(),
        "title": content.title,
        "spaceId": content.space.to_string(),
        "authorId": content.author,
        "createdAt": iso_utc(content.created_at),
        "version": version_row(&content.version),
        "_links": {
            "webui": webui(world, content),
            "editui": format!("/pages/resumedraft.action?draftId={}", content.id),
            "tinyui": tinyui(content.id),
        },
    });
    if content.kind != ContentKind::BlogPost {
        let parent = content.parent.and_then(|id| world.confluence.content.get(&id));
        row["parentId"] = json!(content.parent.map(|id| id.to_string()));
        row["parentType"] = json!(parent.map(|parent| parent.kind.as_str()));
        row["position"] = json!(content.position);
        row["ownerId"] = json!(content.owner);
        row["lastOwnerId"] = Value::Null;
        if content.kind == ContentKind::Page {
            row["subtype"] = json!(content.live.then_some("live"));
        }
    }
    row
}

/// `status` of a listing; current and (pages) archived without one. `deleted` finds nothing: purged content is gone.
pub(crate) fn wanted_statuses(call: &Call<'_>, kind: ContentKind) -> Result<Vec<Status>, Reply> {
    let asked = call.query_list("status");
    let pages = kind != ContentKind::BlogPost;
    if asked.is_empty() {
        return Ok(if pages { vec![Status::Current, Status::Archived] } else { vec![Status::Current] });
    }
    let known = |status: &&str| match *status {
        "current" => Ok(Some(Status::Current)),
        "archived" if pages => Ok(Some(Status::Archived)),
        "trashed" => Ok(Some(Status::Trashed)),
        "deleted" => Ok(None),
        _ => Err(confluence::v2_bad_parameter("status", "ContentStatus")),
    };
    asked.iter().map(known).filter_map(Result::transpose).collect()
}

fn wanted<'c>(call: &'c Call<'_>, kind: ContentKind) -> Result<Wanted<'c>, Reply> {
    let live = match call.query("subtype") {
        None => None,
        Some("live") => Some(true),
        Some("page") => Some(false),
        Some(_) => return Err(confluence::v2_bad_parameter("subtype", "PageSubType")),
    };
    Ok(Wanted {
        kind,
        ids: find::query_ids(call, "id", 250)?,
        spaces: find::query_ids(call, "space-id", 100)?,
        statuses: wanted_statuses(call, kind)?,
        title: call.query("title"),
        label: None,
        live,
        roots: false,
    })
}

fn answer(call: &Call<'_>, world: &World, view: &ConfluenceView<'_>, wanted: &Wanted<'_>) -> Answer {
    let sort = Sort::of(call, &[By::Id, By::Created, By::Modified, By::Title], "PageSortOrder")?;
    let page = V2Page::of(call, 25, sort.by.name())?;
    let format = Format::of_list(call)?;
    let seen = items(&world.confluence, wanted, sort, &page).filter(|content| view.can_see_content(content));
    let render = |content: &&Content| {
        let mut row = content_row(world, content);
        row["body"] = body::shown(&content.body, format);
        row
    };
    Ok(page.reply(call, seen, |content| sort.by.cursor(content), render))
}

fn list(call: &Call<'_>) -> Answer {
    let wanted = wanted(call, find::kind_of(call))?;
    let world = call.world();
    let view = ConfluenceView::new(&world, call.caller.account());
    answer(call, &world, &view, &wanted)
}

/// `/spaces/{id}/pages` and `/spaces/{id}/blogposts`.
fn list_in_space(call: &Call<'_>) -> Answer {
    let kind = if call.path.ends_with("/pages") { ContentKind::Page } else { ContentKind::BlogPost };
    let roots = match call.query("depth") {
        None | Some("all") => false,
        Some("root") => true,
        Some(_) => return Err(confluence::v2_bad_parameter("depth", "PageDepth")),
    };
    let wanted = wanted(call, kind)?;
    let world = call.world();
    let view = ConfluenceView::new(&world, call.caller.account());
    let space = find::space(call, &world, &view)?;
    answer(call, &world, &view, &Wanted { spaces: vec![space.id], roots, ..wanted })
}

fn list_of_label(call: &Call<'_>) -> Answer {
    let kind = if call.path.ends_with("/pages") { ContentKind::Page } else { ContentKind::BlogPost };
    let id = find::path_number(call, "id")?;
    let wanted = wanted(call, kind)?;
    let world = call.world();
    let view = ConfluenceView::new(&world, call.caller.account());
    let Some(label) = super::label::name_of(&world, id) else {
        return Err(confluence::v2_not_found("label", &id.to_string()));
    };
    answer(call, &world, &view, &Wanted { label: Some(&label), ..wanted })
}
