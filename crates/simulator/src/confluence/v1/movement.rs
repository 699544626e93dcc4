//! Moving, archiving and trashing whole trees, and the long tasks that say that it is done: here all work is done at once.

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

use super::find;
use crate::call::Call;
use crate::confluence::operations;
use crate::confluence::writer::{self, bad_request_v1};
use crate::paging::V1Page;
use crate::reply::{Answer, Reply, confluence};
use crate::route::Route;
use crate::state::World;
use crate::state::content::{ContentKind, Status};
use crate::visibility::confluence::ConfluenceView;

pub(crate) fn routes() -> Vec<Route> {
    vec![
        Route::confluence(Method::PUT, "/wiki/rest/api/content/{pageId}/move/{position}/{targetId}", relocate),
        Route::confluence(Method::POST, "/wiki/rest/api/content/archive", archive),
        Route::confluence(Method::DELETE, "/wiki/rest/api/content/{id}/pageTree", trash_tree),
        Route::confluence(Method::GET, "/wiki/rest/api/longtask", tasks),
        Route::confluence(Method::GET, "/wiki/rest/api/longtask/{id}", task),
    ]
}

/// 202 with the address of a task that is done already.
pub(crate) fn accepted(world: &mut World) -> Reply {
    let id = world.confluence.take_id();
    let links = json!({"status": format!("/rest/api/longtask/{id}")});
    Reply::json(StatusCode::ACCEPTED, &json!({"id": id.to_string(), "links": links}))
}

fn task_row(id: &str) -> Value {
    json!({
        "id": id, "name": {"key": "longtask", "args": []}, "elapsedTime": 5, "percentageComplete": 100,
        "successful": true, "finished": true, "messages": [], "status": "Success", "errors": [],
        "additionalDetails": {},
    })
}

fn tasks(call: &Call<'_>) -> Answer {
    let page = V1Page::of(call, 100, 100)?;
    Ok(Reply::ok(&page.envelope(call, &[] as &[Value], Value::clone)))
}

fn task(call: &Call<'_>) -> Answer {
    let id = call.path_value("id");
    if call.path_id("id").is_none() {
        return Err(confluence::v1_no_content(id));
    }
    let mut row = task_row(id);
    row["_links"] = json!({"base": call.simulation.site.wiki_base(), "context": "/wiki"});
    Ok(Reply::ok(&row))
}

/// `append` goes below the target, `before` and `after` beside it; into the target's space.
fn relocate(call: &Call<'_>) -> Answer {
    let by = writer::account_v1(call)?;
    let mut world = call.world_mut();
    let position = call.path_value("position");
    if !matches!(position, "append" | "before" | "after") {
        return Err(bad_request_v1(&format!("Unknown position: {position}")));
    }
    let (id, target, space) = {
        let view = ConfluenceView::new(&world, Some(&by));
        let content = find::content(call, &world, &view, "pageId")?;
        let target = find::content(call, &world, &view, "targetId")?;
        let Some(space) = world.confluence.spaces.get(&target.space) else {
            return Err(confluence::v1_no_content(call.path_value("targetId")));
        };
        let leaves = content.space != target.space;
        let allowed = operations::may_edit(&view, &world, content)
            && operations::may_create(&view, space, content.kind)
            && (!leaves || operations::may_delete(&view, &world, content));
        if !allowed {
            return Err(writer::not_permitted_v1("User does not have permission to move this content"));
        }
        if content.kind == ContentKind::BlogPost || target.kind == ContentKind::BlogPost {
            return Err(bad_request_v1("Blog posts have no place in a tree"));
        }
        if leaves && writer::title_is_taken(&world, content.kind, target.space, &content.title, Some(content.id)) {
            return Err(bad_request_v1(writer::TITLE_TAKEN));
        }
        (content.id, target.id, target.space)
    };
    let moved = match position {
        "append" => world.move_content(id, space, Some(target)),
        position => world.move_beside(id, target, position == "before"),
    };
    if !moved {
        return Err(bad_request_v1("Content cannot be moved below or beside itself"));
    }
    Ok(Reply::ok(&json!({"pageId": id.to_string()})))
}

/// Pages with all below them stay where they are; only their own status changes.
fn archive(call: &Call<'_>) -> Answer {
    let sent = find::body(call)?;
    let by = writer::account_v1(call)?;
    let mut world = call.world_mut();
    let mut ids = Vec::new();
    for page in sent["pages"].as_array().into_iter().flatten() {
        let id = page["id"].as_u64().or_else(|| page["id"].as_str()?.parse().ok()).unwrap_or(0);
        let view = ConfluenceView::new(&world, Some(&by));
        let found = world.confluence.content.get(&id).filter(|content| view.can_see_content(content));
        let Some(content) = found else { return Err(confluence::v1_no_content(&id.to_string())) };
        if content.kind != ContentKind::Page || content.status != Status::Current {
            return Err(bad_request_v1(&format!("Content {id} is not a current page")));
        }
        if !operations::may_edit(&view, &world, content) {
            return Err(writer::not_permitted_v1("User does not have permission to archive this content"));
        }
        ids.push(id);
    }
    if ids.is_empty() {
        return Err(bad_request_v1("No pages were given"));
    }
    for id in ids {
        world.set_status(id, Status::Archived);
    }
    Ok(accepted(&mut world))
}

/// The page and everything below it that the caller may delete.
fn trash_tree(call: &Call<'_>) -> Answer {
    let by = writer::account_v1(call)?;
    let mut world = call.world_mut();
    let mut doomed = Vec::new();
    {
        let view = ConfluenceView::new(&world, Some(&by));
        let root = find::content(call, &world, &view, "id")?;
        if !operations::may_delete(&view, &world, root) {
            return Err(writer::not_permitted_v1("User does not have permission to delete this content"));
        }
        let mut waiting = vec![root.id];
        while let Some(next) = waiting.pop() {
            doomed.push(next);
            let children = world.confluence.children(next).filter(|child| operations::may_delete(&view, &world, child));
            waiting.extend(children.map(|child| child.id));
        }
    }
    for id in doomed.into_iter().rev() {
        world.set_status(id, Status::Trashed);
    }
    Ok(accepted(&mut world))
}
