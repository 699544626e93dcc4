//! What stands above and below a piece of content: ancestors, children, descendants.

use axum::http::Method;
use serde_json::{Value, json};

use super::find;
use crate::call::Call;
use crate::paging::{Cursor, V2Page};
use crate::reply::{Answer, Reply, confluence};
use crate::route::Route;
use crate::state::World;
use crate::state::content::{Content, ContentKind, Status};
use crate::visibility::confluence::ConfluenceView;

pub(crate) fn routes() -> Vec<Route> {
    let mut all = vec![Route::confluence(Method::GET, "/wiki/api/v2/pages/{id}/children", children)];
    for (above, below, children) in [
        (
            "/wiki/api/v2/pages/{id}/ancestors",
            "/wiki/api/v2/pages/{id}/descendants",
            "/wiki/api/v2/pages/{id}/direct-children",
        ),
        (
            "/wiki/api/v2/folders/{id}/ancestors",
            "/wiki/api/v2/folders/{id}/descendants",
            "/wiki/api/v2/folders/{id}/direct-children",
        ),
        (
            "/wiki/api/v2/whiteboards/{id}/ancestors",
            "/wiki/api/v2/whiteboards/{id}/descendants",
            "/wiki/api/v2/whiteboards/{id}/direct-children",
        ),
        (
            "/wiki/api/v2/databases/{id}/ancestors",
            "/wiki/api/v2/databases/{id}/descendants",
            "/wiki/api/v2/databases/{id}/direct-children",
        ),
        (
            "/wiki/api/v2/embeds/{id}/ancestors",
            "/wiki/api/v2/embeds/{id}/descendants",
            "/wiki/api/v2/embeds/{id}/direct-children",
        ),
    ] {
        all.push(Route::confluence(Method::GET, above, ancestors));
        all.push(Route::confluence(Method::GET, below, descendants));
        all.push(Route::confluence(Method::GET, children, direct_children));
    }
    all
}

/// From the root down; a longer chain than `limit` is cut at its top, and the caller asks again for the highest.
fn ancestors(call: &Call<'_>) -> Answer {
    let page = V2Page::of(call, 25, "id")?;
    let world = call.world();
    let view = ConfluenceView::new(&world, call.caller.account());
    let content = find::content(call, &world, &view, find::kind_of(call), "id")?;
    let mut chain: Vec<&Content> = world.confluence.ancestors(content.id).take(page.limit).collect();
    chain.reverse();
    let row = |content: &&Content| json!({"id": content.id.to_string(), "type": content.kind.as_str()});
    let results: Vec<Value> = chain.iter().map(row).collect();
    let links = json!({"base": call.simulation.site.wiki_base()});
    Ok(Reply::ok(&json!({"results": results, "_links": links})).objects(results.len()))
}

fn is_listed(content: &Content) -> bool {
    matches!(content.status, Status::Current | Status::Archived)
}

fn child_row(child: &Content) -> Value {
    json!({
        "id": child.id.to_string(), "status": child.status.as_str(), "title": child.title,
        "spaceId": child.space.to_string(), "childPosition": child.position,
    })
}

fn answer(call: &Call<'_>, only: Option<ContentKind>) -> Answer {
    match call.query("sort").map(|sort| sort.trim_start_matches('-')) {
        None | Some("child-position" | "id" | "title" | "created-date" | "modified-date") => {}
        Some(_) => return Err(confluence::v2_bad_parameter("sort", "ChildSortOrder")),
    }
    let page = V2Page::of(call, 25, "child-position")?;
    let world = call.world();
    let view = ConfluenceView::new(&world, call.caller.account());
    let parent = find::content(call, &world, &view, find::kind_of(call), "id")?;
    let after = page.after.as_ref().map(|cursor| (cursor.content_order_value.as_u64().unwrap_or(0), page.after_id()));
    let seen = world.confluence.children(parent.id).filter(|child| {
        only.is_none_or(|kind| child.kind == kind)
            && after.is_none_or(|after| (child.position, child.id) > after)
            && is_listed(child)
            && view.can_see_content(child)
    });
    let place = |child: &&Content| Cursor::new(child.id, "child-position", child.position);
    let render = |child: &&Content| {
        let mut row = child_row(child);
        if only.is_none() {
            row["type"] = json!(child.kind.as_str());
        }
        row
    };
    Ok(page.reply(call, seen, place, render))
}

/// All children that the caller sees, as `/direct-children` writes them.
pub(crate) fn child_rows(world: &World, view: &ConfluenceView<'_>, content: &Content) -> Vec<Value> {
    let seen = world.confluence.children(content.id).filter(|child| is_listed(child) && view.can_see_content(child));
    seen.map(|child| {
        let mut row = child_row(child);
        row["type"] = json!(child.kind.as_str());
        row
    })
    .collect()
}

/// Pages only, and without their type.
fn children(call: &Call<'_>) -> Answer {
    answer(call, Some(ContentKind::Page))
}

/// Everything that may stand in a tree.
fn direct_children(call: &Call<'_>) -> Answer {
    answer(call, None)
}

/// Levels below, parents before their children. Deeper ones are left out without a word.
fn descendants(call: &Call<'_>) -> Answer {
    let depth = match call.query("depth").map(str::parse::<u64>) {
        None => 2,
        Some(Ok(depth @ 1..=5)) => depth,
        Some(_) => return Err(find::bad_request("Provided value for 'depth' must be between 1 and 5.")),
    };
    let page = V2Page::of(call, 25, "place")?;
    let world = call.world();
    let view = ConfluenceView::new(&world, call.caller.account());
    let root = find::content(call, &world, &view, find::kind_of(call), "id")?;
    let mut found = Vec::new();
    below(&world, &view, root.id, (1, depth), &mut found);
    let start = page.after.as_ref().and_then(|cursor| cursor.content_order_value.as_u64()).map_or(0, |at| at + 1);
    let rest = found.into_iter().zip(0_u64..).skip(usize::try_from(start).unwrap_or(0));
    let place = |((child, _), at): &((&Content, u64), u64)| Cursor::new(child.id, "place", *at);
    let render = |((child, depth), _): &((&Content, u64), u64)| {
        json!({
            "id": child.id.to_string(), "status": child.status.as_str(), "title": child.title,
            "type": child.kind.as_str(), "parentId": child.parent.unwrap_or_default().to_string(), "depth": depth,
            "childPosition": child.position,
        })
    };
    Ok(page.reply(call, rest, place, render))
}

fn below<'w>(
    world: &'w World,
    view: &ConfluenceView<'_>,
    parent: u64,
    (level, deepest): (u64, u64),
    found: &mut Vec<(&'w Content, u64)>,
) {
    for child in world.confluence.children(parent) {
        if is_listed(child) && view.can_see_content(child) {
            found.push((child, level));
            if level < deepest {
                below(world, view, child.id, (level + 1, deepest), found);
            }
        }
    }
}
