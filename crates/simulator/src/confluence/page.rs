//! Pages (v2): the site-wide listing.

use axum::http::Method;
use serde_json::{Value, json};

use crate::call::Call;
use crate::paging::{Cursor, V2Page, by_id};
use crate::reply::{Answer, Reply, confluence};
use crate::route::Route;
use crate::state::World;
use crate::state::content::{Content, ContentKind, Status, Version};
use crate::visibility::confluence::ConfluenceView;
use crate::wire_time::iso_utc;

pub(crate) fn routes() -> Vec<Route> {
    vec![Route::confluence(Method::GET, "/wiki/api/v2/pages", list)]
}

/// A version as v2 writes it.
pub fn version_row(version: &Version) -> Value {
    json!({
        "createdAt": iso_utc(version.at), "message": version.message, "number": version.number,
        "minorEdit": version.minor, "authorId": version.by,
    })
}

/// The body in a format that lists know; `{}` without one.
pub fn body_of(value: &str, format: Option<&str>) -> Result<Value, Reply> {
    match format {
        None => Ok(json!({})),
        Some("storage") => Ok(json!({"storage": {"representation": "storage", "value": value}})),
        Some(_) => Err(confluence::v2_bad_parameter("body-format", "PrimaryBodyRepresentation")),
    }
}

/// A page as v2 lists write it, without its body.
pub fn page_row(world: &World, page: &Content) -> Value {
    let parent = page.parent.and_then(|id| world.confluence.content.get(&id));
    let key = world.confluence.spaces.get(&page.space).map_or("", |space| space.key.as_str());
    json!({
        "id": page.id.to_string(),
        "status": page.status.as_str(),
        "title": page.title,
        "spaceId": page.space.to_string(),
        "parentId": page.parent.map(|id| id.to_string()),
        "parentType": parent.map(|parent| parent.kind.as_str()),
        "position": page.position,
        "authorId": page.author,
        "ownerId": page.owner,
        "lastOwnerId": null,
        "subtype": page.live.then_some("live"),
        "createdAt": iso_utc(page.created_at),
        "version": version_row(&page.version),
        "_links": {
            "webui": format!("/spaces/{key}/pages/{}/{}", page.id, page.title.replace(' ', "+")),
            "editui": format!("/pages/resumedraft.action?draftId={}", page.id),
            "tinyui": format!("/x/{}", page.id),
        },
    })
}

fn wanted_statuses(call: &Call<'_>) -> Result<Vec<Status>, Reply> {
    let asked = call.query_list("status");
    if asked.is_empty() {
        return Ok(vec![Status::Current, Status::Archived]);
    }
    let known = |status: &&str| match *status {
        "current" => Ok(Some(Status::Current)),
        "archived" => Ok(Some(Status::Archived)),
        "trashed" => Ok(Some(Status::Trashed)),
        "deleted" => Ok(None),
        _ => Err(confluence::v2_bad_parameter("status", "PageStatus")),
    };
    asked.iter().map(known).filter_map(Result::transpose).collect()
}

fn list(call: &Call<'_>) -> Answer {
    let order = match call.query("sort") {
        None => "id",
        Some(sort) => sort.trim_start_matches(['-', '+']),
    };
    let descending = call.query("sort").is_some_and(|sort| sort.starts_with('-'));
    let page = V2Page::of(call, 25, order)?;
    let statuses = wanted_statuses(call)?;
    let format = call.query("body-format");
    body_of("", format)?;
    let world = call.world();
    let view = ConfluenceView::new(&world, call.caller.account());
    let (ids, spaces) = (call.query_list("id"), call.query_list("space-id"));
    let title = call.query("title");
    let wanted = |content: &&Content| {
        statuses.contains(&content.status)
            && (ids.is_empty() || ids.contains(&content.id.to_string().as_str()))
            && (spaces.is_empty() || spaces.contains(&content.space.to_string().as_str()))
            && title.is_none_or(|title| content.title == title)
            && view.can_see_content(content)
    };
    let render = |content: &&Content| {
        let mut row = page_row(&world, content);
        row["body"] = body_of(&content.body, format).unwrap_or_default();
        row
    };
    let of = |id: u64| world.confluence.content.get(&id);
    match (order, descending) {
        ("id", false) => {
            let items = world.confluence.ids_of(ContentKind::Page, page.after_id()).filter_map(of).filter(wanted);
            Ok(page.reply(call, items, |content| by_id(content.id), render))
        }
        ("modified-date", _) => {
            let after =
                page.after.as_ref().map(|cursor| (cursor.content_order_value.as_i64().unwrap_or(0), page.after_id()));
            let rest =
                |place: (i64, u64)| after.is_none_or(|after| if descending { place < after } else { place > after });
            let all = world.confluence.modified(ContentKind::Page);
            let ordered: Box<dyn Iterator<Item = (i64, u64)>> =
                if descending { Box::new(all.rev()) } else { Box::new(all) };
            let items = ordered.skip_while(|place| !rest(*place)).filter_map(|(_, id)| of(id)).filter(wanted);
            let place = |content: &&Content| Cursor {
                id: content.id.to_string(),
                content_order: order.to_owned(),
                content_order_value: json!(content.version.at),
            };
            Ok(page.reply(call, items, place, render))
        }
        _ => Err(confluence::v2_bad_parameter("sort", "PageSortOrder")),
    }
}
