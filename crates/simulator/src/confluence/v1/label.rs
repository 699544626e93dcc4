//! Labels of content and spaces in v1: reading (deprecated) and the only way to write them.

use std::collections::BTreeSet;

use axum::http::Method;
use serde_json::{Value, json};

use super::find;
use super::record::Record;
use crate::call::Call;
use crate::confluence::v2::label::{id_of, label_row};
use crate::confluence::{operations, writer};
use crate::paging::V1Page;
use crate::reply::{Answer, Reply, confluence};
use crate::route::Route;
use crate::visibility::confluence::ConfluenceView;

pub(crate) fn routes() -> Vec<Route> {
    vec![
        Route::confluence(Method::GET, "/wiki/rest/api/content/{id}/label", list),
        Route::confluence(Method::POST, "/wiki/rest/api/content/{id}/label", add),
        Route::confluence(Method::DELETE, "/wiki/rest/api/content/{id}/label", remove),
        Route::confluence(Method::DELETE, "/wiki/rest/api/content/{id}/label/{label}", remove),
        Route::confluence(Method::GET, "/wiki/rest/api/space/{spaceKey}/label", of_space),
    ]
}

/// Labels as v1 writes them.
pub(crate) fn rows(labels: &BTreeSet<String>) -> Vec<Value> {
    let one = |label: &String| {
        let row = label_row(label);
        json!({"prefix": row["prefix"], "name": row["name"], "id": id_of(label).to_string(), "label": label})
    };
    labels.iter().map(one).collect()
}

fn labels_of(record: Record<'_>) -> BTreeSet<String> {
    match record {
        Record::Content(content) => content.labels.clone(),
        Record::File(file) => file.labels.clone(),
        Record::Comment(_) => BTreeSet::new(),
    }
}

fn list(call: &Call<'_>) -> Answer {
    let page = V1Page::of(call, 200, 200)?;
    let world = call.world();
    let view = ConfluenceView::new(&world, call.caller.account());
    let rows = rows(&labels_of(find::record(call, &world, &view, "id")?));
    Ok(find::deprecated(Reply::ok(&page.envelope(call, &rows, Value::clone))))
}

fn of_space(call: &Call<'_>) -> Answer {
    let page = V1Page::of(call, 200, 200)?;
    let world = call.world();
    let view = ConfluenceView::new(&world, call.caller.account());
    let rows = rows(&find::space(call, &world, &view)?.labels);
    Ok(Reply::ok(&page.envelope(call, &rows, Value::clone)))
}

/// Takes one label or several, `{prefix, name}` each.
fn add(call: &Call<'_>) -> Answer {
    let sent: Value = find::body(call)?;
    let by = writer::account_v1(call)?;
    let mut world = call.world_mut();
    let id = editable(call, &world, &by)?;
    let many = sent.as_array().cloned().unwrap_or_else(|| vec![sent]);
    let mut names = Vec::new();
    for label in &many {
        let Some(name) = label["name"].as_str().filter(|name| !name.trim().is_empty()) else {
            return Err(writer::bad_request_v1("A label needs a name"));
        };
        if name.contains(char::is_whitespace) || name.len() > 255 {
            return Err(writer::bad_request_v1(&format!("Invalid label: {name}")));
        }
        let name = name.to_lowercase();
        names.push(match label["prefix"].as_str() {
            Some(prefix @ ("my" | "team")) => format!("{prefix}:{name}"),
            _ => name,
        });
    }
    for name in names {
        world.set_label(id, &name, true);
    }
    let labels = world.confluence.content.get(&id).map(|content| rows(&content.labels)).unwrap_or_default();
    let page = V1Page { start: 0, limit: 200 };
    Ok(Reply::ok(&page.envelope(call, &labels, Value::clone)))
}

/// The content of the path, if the caller may edit it.
fn editable(call: &Call<'_>, world: &crate::state::World, by: &str) -> Result<u64, Reply> {
    let view = ConfluenceView::new(world, Some(by));
    match find::record(call, world, &view, "id")? {
        Record::Content(content) if operations::may_edit(&view, world, content) => Ok(content.id),
        _ => Err(writer::not_permitted_v1("Could not update the labels of this content")),
    }
}

fn remove(call: &Call<'_>) -> Answer {
    let by = writer::account_v1(call)?;
    let mut world = call.world_mut();
    let id = editable(call, &world, &by)?;
    let name = match call.path_value("label") {
        "" => call.query("name").unwrap_or_default().to_owned(),
        name => name.to_owned(),
    };
    if !world.confluence.content.get(&id).is_some_and(|content| content.labels.contains(&name)) {
        let kind = "com.atlassian.confluence.api.service.exceptions.NotFoundException";
        let message = format!("{kind}: No label found with name: {name}");
        return Err(confluence::v1(axum::http::StatusCode::NOT_FOUND, &message));
    }
    world.set_label(id, &name, false);
    Ok(Reply::no_content())
}
