//! Spaces: the listing and one space with what may be included.

use axum::http::Method;
use serde_json::{Value, json};

use super::find;
use super::label::label_row;
use super::single::included;
use super::space_access::{assignment_row, permission_rows};
use crate::call::Call;
use crate::confluence::operations;
use crate::paging::{Cursor, V2Page};
use crate::reply::{Answer, Reply, confluence};
use crate::route::Route;
use crate::state::space::Space;
use crate::visibility::confluence::ConfluenceView;
use crate::wire_time::iso_utc;

pub(crate) fn routes() -> Vec<Route> {
    vec![
        Route::confluence(Method::GET, "/wiki/api/v2/spaces", list),
        Route::confluence(Method::GET, "/wiki/api/v2/spaces/{id}", one),
        Route::confluence(Method::GET, "/wiki/api/v2/spaces/{id}/operations", permitted),
    ]
}

/// A space as v2 writes it.
pub(crate) fn space_row(space: &Space, description_format: Option<&str>) -> Value {
    let description = description_format.filter(|_| !space.description.is_empty()).map(|format| {
        let value = match format {
            "view" => format!("<p>{}</p>", crate::confluence::xhtml::escaped(&space.description)),
            _ => space.description.clone(),
        };
        json!({format: {"representation": format, "value": value}})
    });
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

fn description_format<'c>(call: &'c Call<'_>) -> Result<Option<&'c str>, Reply> {
    match call.query("description-format") {
        None => Ok(None),
        Some(format @ ("plain" | "view")) => Ok(Some(format)),
        Some(_) => Err(confluence::v2_bad_parameter("description-format", "SpaceDescriptionBodyRepresentation")),
    }
}

fn icon(space: &Space) -> Value {
    json!({
        "path": "/images/logo/default-space-logo.svg",
        "apiDownloadLink": format!("/wiki/api/v2/spaces/{}/icon", space.id),
    })
}

fn value(order: &str, space: &Space) -> Value {
    match order {
        "key" => json!(space.key),
        "name" => json!(space.name),
        _ => json!(space.id),
    }
}

fn list(call: &Call<'_>) -> Answer {
    let sort = call.query("sort").unwrap_or("id");
    let (descending, order) = sort.strip_prefix('-').map_or((false, sort), |name| (true, name));
    if !matches!(order, "id" | "key" | "name") {
        return Err(confluence::v2_bad_parameter("sort", "SpaceSortOrder"));
    }
    let page = V2Page::of(call, 25, order)?;
    let format = description_format(call)?;
    let (ids, keys) = (find::query_ids(call, "ids", 250)?, call.query_list("keys"));
    let (kinds, statuses) = (call.query_list("type"), call.query_list("status"));
    let types = ["global", "collaboration", "knowledge_base", "personal", "system", "onboarding", "xflow_sample_space"];
    if kinds.iter().any(|kind| !types.contains(kind)) {
        return Err(confluence::v2_bad_parameter("type", "SpaceType"));
    }
    if statuses.iter().any(|status| !matches!(*status, "current" | "archived")) {
        return Err(confluence::v2_bad_parameter("status", "SpaceStatus"));
    }
    let labels = call.query_list("labels");
    let world = call.world();
    let view = ConfluenceView::new(&world, call.caller.account());
    let wanted = |space: &&Space| {
        let status = if space.archived { "archived" } else { "current" };
        (ids.is_empty() || ids.contains(&space.id))
            && (keys.is_empty() || keys.contains(&space.key.as_str()))
            && (kinds.is_empty() || kinds.contains(&space.space_type.as_str()))
            && (statuses.is_empty() || statuses.contains(&status))
            && (labels.is_empty() || labels.iter().any(|label| space.labels.contains(*label)))
            // Nobody has favourites here.
            && call.query("favorited-by").is_none()
            && view.can_see_space(space)
    };
    let text = |space: &Space| value(order, space).as_str().map(str::to_owned);
    let mut spaces: Vec<&Space> = world.confluence.spaces.values().filter(wanted).collect();
    spaces.sort_by_cached_key(|space| (text(space), space.id));
    if descending {
        spaces.reverse();
    }
    let after =
        page.after.as_ref().map(|cursor| (cursor.content_order_value.as_str().map(str::to_owned), page.after_id()));
    let behind = |space: &&Space| {
        after.as_ref().is_none_or(|after| {
            let place = (text(space), space.id);
            if descending { place < *after } else { place > *after }
        })
    };
    let place = |space: &&Space| Cursor::new(space.id, order, value(order, space));
    let render = |space: &&Space| {
        let mut row = space_row(space, format);
        if call.query_flag("include-icon") {
            row["icon"] = icon(space);
        }
        row
    };
    Ok(page.reply(call, spaces.into_iter().filter(behind), place, render))
}

fn one(call: &Call<'_>) -> Answer {
    let format = description_format(call)?;
    let world = call.world();
    let view = ConfluenceView::new(&world, call.caller.account());
    let space = find::space(call, &world, &view)?;
    let mut row = space_row(space, format);
    row["_links"]["base"] = json!(call.simulation.site.wiki_base());
    if call.query_flag("include-icon") {
        row["icon"] = icon(space);
    }
    if call.query_flag("include-operations") {
        row["operations"] = included(call, operations::of_space(&view, space), "operations");
    }
    if call.query_flag("include-properties") {
        row["properties"] = included(call, Vec::new(), "properties");
    }
    if call.query_flag("include-permissions") {
        row["permissions"] = included(call, permission_rows(&world, space), "permissions");
    }
    if call.query_flag("include-role-assignments") {
        let rows = space.role_assignments.iter().filter_map(assignment_row).collect();
        row["roleAssignments"] = included(call, rows, "role-assignments");
    }
    if call.query_flag("include-labels") {
        row["labels"] = included(call, space.labels.iter().map(|label| label_row(label)).collect(), "labels");
    }
    Ok(Reply::ok(&row).objects(1))
}

fn permitted(call: &Call<'_>) -> Answer {
    let world = call.world();
    let view = ConfluenceView::new(&world, call.caller.account());
    let space = find::space(call, &world, &view)?;
    Ok(Reply::ok(&json!({"operations": operations::of_space(&view, space)})))
}
