//! Folders, whiteboards, databases and embeds: reading one, making one, deleting one. There is no listing of them.

use axum::http::Method;
use serde_json::{Value, json};

use super::single::included;
use super::{content_write, find, tree};
use crate::call::Call;
use crate::confluence::{operations, writer};
use crate::reply::{Answer, Reply, confluence};
use crate::route::Route;
use crate::state::World;
use crate::state::confluence_write::NewContent;
use crate::state::content::{Content, ContentKind, Status};
use crate::visibility::confluence::ConfluenceView;

pub(crate) fn routes() -> Vec<Route> {
    let mut all = Vec::new();
    for (many, one) in [
        ("/wiki/api/v2/folders", "/wiki/api/v2/folders/{id}"),
        ("/wiki/api/v2/whiteboards", "/wiki/api/v2/whiteboards/{id}"),
        ("/wiki/api/v2/databases", "/wiki/api/v2/databases/{id}"),
        ("/wiki/api/v2/embeds", "/wiki/api/v2/embeds/{id}"),
    ] {
        all.push(Route::confluence(Method::POST, many, create));
        all.push(Route::confluence(Method::GET, one, get));
        all.push(Route::confluence(Method::DELETE, one, delete));
    }
    all
}

fn row(call: &Call<'_>, world: &World, content: &Content) -> Value {
    let mut row = super::content::content_row(world, content);
    row["type"] = json!(content.kind.as_str());
    row["_links"] =
        json!({"webui": crate::confluence::address::webui(world, content), "base": call.simulation.site.wiki_base()});
    if let Some(fields) = row.as_object_mut() {
        fields.remove("lastOwnerId");
    }
    row
}

fn get(call: &Call<'_>) -> Answer {
    let world = call.world();
    let view = ConfluenceView::new(&world, call.caller.account());
    let content = find::content(call, &world, &view, find::kind_of(call), "id")?;
    let mut row = row(call, &world, content);
    if call.query_flag("include-direct-children") {
        row["directChildren"] = included(call, tree::child_rows(&world, &view, content), "direct-children");
    }
    if call.query_flag("include-operations") {
        row["operations"] = included(call, operations::of_content(&view, &world, content), "operations");
    }
    Ok(Reply::ok(&row).objects(1))
}

fn create(call: &Call<'_>) -> Answer {
    let kind = find::kind_of(call);
    let sent: Value = call.confluence_body()?;
    let author = writer::account_v2(call)?;
    let mut world = call.world_mut();
    let (space, parent) = {
        let view = ConfluenceView::new(&world, Some(&author));
        content_write::place(&world, &view, kind, &sent)?
    };
    let title = sent["title"].as_str().unwrap_or("Untitled").to_owned();
    let status = Status::Current;
    let id = world.create_content(NewContent { kind, space, parent, title, body: "".into(), status, author });
    let Some(content) = world.confluence.content.get(&id) else {
        return Err(confluence::v2_not_found(kind.as_str(), &id.to_string()));
    };
    Ok(Reply::ok(&row(call, &world, content)))
}

/// Into the trash; what stood below moves up.
fn delete(call: &Call<'_>) -> Answer {
    let by = writer::account_v2(call)?;
    let kind: ContentKind = find::kind_of(call);
    let mut world = call.world_mut();
    let id = {
        let view = ConfluenceView::new(&world, Some(&by));
        let content = find::content(call, &world, &view, kind, "id")?;
        if !operations::may_delete(&view, &world, content) {
            return Err(writer::not_permitted_v2(kind.as_str()));
        }
        content.id
    };
    world.set_status(id, Status::Trashed);
    Ok(Reply::no_content())
}
