//! Spaces (v2).

use axum::http::Method;
use serde_json::{Value, json};

use crate::call::Call;
use crate::paging::{Cursor, V2Page};
use crate::reply::{Answer, confluence};
use crate::route::Route;
use crate::state::space::Space;
use crate::visibility::confluence::ConfluenceView;
use crate::wire_time::iso_utc;

pub(crate) fn routes() -> Vec<Route> {
    vec![Route::confluence(Method::GET, "/wiki/api/v2/spaces", list)]
}

/// A space as v2 writes it.
pub fn space_row(space: &Space, description_format: Option<&str>) -> Value {
    let description = description_format
        .filter(|_| !space.description.is_empty())
        .map(|format| json!({format: {"representation": format, "value": space.description}}));
    json!({
        "id": space.id.to_string(),
        "key": space.key,
        "name": space.name,
        "type": space.space_type.as_str(),
        "status": if space.archived { "archived" } else { "current" },
        "authorId": space.author,
        "currentActiveAlias": space.key,
        "createdAt": iso_utc(space.created_at),
        "homepageId": space.homepage.map(|id| id.to_string()),
        "description": description,
        "icon": null,
        "_links": {"webui": format!("/spaces/{}", space.key)},
    })
}

fn list(call: &Call<'_>) -> Answer {
    let sort = call.query("sort").unwrap_or("id");
    let (descending, order) = sort.strip_prefix('-').map_or((false, sort.trim_start_matches('+')), |name| (true, name));
    let value: fn(&Space) -> Value = match order {
        "id" => |space| json!(space.id),
        "key" => |space| json!(space.key),
        "name" => |space| json!(space.name),
        _ => return Err(confluence::v2_bad_parameter("sort", "SpaceSortOrder")),
    };
    let page = V2Page::of(call, 25, order)?;
    let world = call.world();
    let view = ConfluenceView::new(&world, call.caller.account());
    let (ids, keys) = (call.query_list("ids"), call.query_list("keys"));
    let (kinds, statuses) = (call.query_list("type"), call.query_list("status"));
    let labels = call.query_list("labels");
    let wanted = |space: &&Space| {
        let status = if space.archived { "archived" } else { "current" };
        (ids.is_empty() || ids.contains(&space.id.to_string().as_str()))
            && (keys.is_empty() || keys.contains(&space.key.as_str()))
            && (kinds.is_empty() || kinds.contains(&space.space_type.as_str()))
            && (statuses.is_empty() || statuses.contains(&status))
            && (labels.is_empty() || labels.iter().any(|label| space.labels.contains(*label)))
            && view.can_see_space(space)
    };
    let place = |space: &&Space| Cursor {
        id: space.id.to_string(),
        content_order: order.to_owned(),
        content_order_value: value(space),
    };
    let mut spaces: Vec<&Space> = world.confluence.spaces.values().filter(wanted).collect();
    spaces.sort_by_cached_key(|space| (value(space).as_str().map(str::to_owned), space.id));
    if descending {
        spaces.reverse();
    }
    // The item at the cursor may have vanished since; then its neighbours by id decide.
    let after = page.after.as_ref().map(|cursor| cursor.id.parse::<u64>().unwrap_or(0));
    let skip = after.map_or(0, |after| spaces.iter().position(|space| space.id == after).map_or(0, |at| at + 1));
    let format = call.query("description-format");
    Ok(page.reply(call, spaces.into_iter().skip(skip), place, |space| space_row(space, format)))
}
