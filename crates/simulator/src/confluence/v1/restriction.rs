//! Reading restrictions: own ones of one piece of content, both operations or one, and probes for one subject.

use axum::http::{Method, StatusCode};
use serde_json::{Map, Value, json};

use super::expand::Expand;
use super::find;
use super::restriction_row::{OPERATIONS, Part, hash, one, subjects};
use super::row::Scene;
use crate::call::Call;
use crate::confluence::writer::bad_request_v1;
use crate::paging::V1Page;
use crate::reply::{Answer, Reply, confluence};
use crate::route::Route;
use crate::state::content::{Content, RestrictedOperation};
use crate::visibility::confluence::ConfluenceView;

pub(crate) fn routes() -> Vec<Route> {
    let get = |template, run| Route::confluence(Method::GET, template, run);
    vec![
        get("/wiki/rest/api/content/{id}/restriction", list),
        get("/wiki/rest/api/content/{id}/restriction/byOperation", by_operation),
        get("/wiki/rest/api/content/{id}/restriction/byOperation/{operationKey}", of_operation),
        get("/wiki/rest/api/content/{id}/restriction/byOperation/{operationKey}/user", has_user),
        get("/wiki/rest/api/content/{id}/restriction/byOperation/{operationKey}/byGroupId/{groupId}", has_group),
    ]
}

/// Which lists are spelled out, and from where. `start` and `limit` page the users and groups, not the operations.
fn part(call: &Call<'_>) -> Result<Part, Reply> {
    let page = V1Page::of(call, 100, 200)?;
    let expand = Expand::of(call);
    let asked = |name: &str| {
        expand.is_empty()
            || expand.has(&format!("restrictions.{name}"))
            || expand.has(&format!("read.restrictions.{name}"))
            || expand.has(&format!("update.restrictions.{name}"))
    };
    Ok(Part { start: page.start, limit: page.limit, users: asked("user"), groups: asked("group") })
}

/// The answer about both operations, also after a write.
pub(crate) fn both(call: &Call<'_>, scene: &Scene<'_, '_>, content: &Content) -> Answer {
    let part = part(call)?;
    let rows: Vec<Value> = OPERATIONS.iter().map(|operation| one(scene, content, *operation, part)).collect();
    let own = format!("{}/wiki/rest/api/content/{}/restriction", scene.base, content.id);
    let answer = json!({
        "results": rows, "start": part.start, "limit": part.limit, "size": rows.len(),
        "restrictionsHash": hash(content),
        "_links": {"self": own, "base": call.simulation.site.wiki_base(), "context": "/wiki"},
    });
    Ok(Reply::ok(&answer).identities(listed(content)))
}

/// Users and groups of both lists.
fn listed(content: &Content) -> usize {
    let all = [&content.restrictions.read, &content.restrictions.update];
    all.iter().map(|subjects| subjects.users.len() + subjects.groups.len()).sum()
}

fn list(call: &Call<'_>) -> Answer {
    let world = call.world();
    let view = ConfluenceView::new(&world, call.caller.account());
    let content = find::content(call, &world, &view, "id")?;
    both(call, &find::scene(call, &world, &view), content)
}

/// A map from operation to its lists, not the array that the specification draws.
fn by_operation(call: &Call<'_>) -> Answer {
    let part = part(call)?;
    let world = call.world();
    let view = ConfluenceView::new(&world, call.caller.account());
    let content = find::content(call, &world, &view, "id")?;
    let scene = find::scene(call, &world, &view);
    let mut all = Map::new();
    for operation in OPERATIONS {
        all.insert(operation.1.to_owned(), one(&scene, content, operation, part));
    }
    let own = format!("{}/wiki/rest/api/content/{}/restriction/byOperation", scene.base, content.id);
    all.insert("_links".to_owned(), json!({"self": own, "base": call.simulation.site.wiki_base(), "context": "/wiki"}));
    Ok(Reply::ok(&Value::Object(all)).identities(listed(content)))
}

/// The operation of the path.
pub(crate) fn operation(call: &Call<'_>) -> Result<(RestrictedOperation, &'static str), Reply> {
    let word = call.path_value("operationKey");
    let known = OPERATIONS.into_iter().find(|(_, known)| *known == word);
    known.ok_or_else(|| bad_request_v1(&format!("Unsupported restriction operation: {word}")))
}

fn of_operation(call: &Call<'_>) -> Answer {
    let (operation, part) = (operation(call)?, part(call)?);
    let world = call.world();
    let view = ConfluenceView::new(&world, call.caller.account());
    let content = find::content(call, &world, &view, "id")?;
    let row = one(&find::scene(call, &world, &view), content, operation, part);
    let subjects = subjects(content, operation.0);
    Ok(Reply::ok(&row).identities(subjects.users.len() + subjects.groups.len()))
}

/// 200 without a body, or 404.
fn probe(listed: bool, what: &str) -> Answer {
    if listed {
        return Ok(Reply::raw(StatusCode::OK, "application/json", ""));
    }
    let kind = "com.atlassian.confluence.api.service.exceptions.NotFoundException";
    Err(confluence::v1(StatusCode::NOT_FOUND, &format!("{kind}: No restriction found for {what}")))
}

fn has_user(call: &Call<'_>) -> Answer {
    let operation = operation(call)?;
    let account = call.query("accountId").ok_or_else(|| bad_request_v1("accountId is required"))?;
    let world = call.world();
    let view = ConfluenceView::new(&world, call.caller.account());
    let content = find::content(call, &world, &view, "id")?;
    probe(subjects(content, operation.0).users.contains(account), account)
}

fn has_group(call: &Call<'_>) -> Answer {
    let operation = operation(call)?;
    let group = call.path_value("groupId");
    let world = call.world();
    let view = ConfluenceView::new(&world, call.caller.account());
    let content = find::content(call, &world, &view, "id")?;
    probe(subjects(content, operation.0).groups.contains(group), group)
}
