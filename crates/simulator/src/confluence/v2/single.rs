//! One page or blog post, with what may be included.

use axum::http::Method;
use serde_json::{Value, json};

use super::content::{content_row, version_row};
use super::label::label_row;
use super::version::all_versions;
use super::{find, tree};
use crate::call::Call;
use crate::confluence::body::{self, Format};
use crate::confluence::operations;
use crate::reply::{Answer, Reply, confluence};
use crate::route::Route;
use crate::state::World;
use crate::state::content::{Content, Status};
use crate::visibility::confluence::ConfluenceView;

pub(crate) fn routes() -> Vec<Route> {
    vec![
        Route::confluence(Method::GET, "/wiki/api/v2/pages/{id}", get),
        Route::confluence(Method::GET, "/wiki/api/v2/blogposts/{id}", get),
        Route::confluence(Method::GET, "/wiki/api/v2/pages/{id}/operations", permitted),
        Route::confluence(Method::GET, "/wiki/api/v2/blogposts/{id}/operations", permitted),
    ]
}

/// At most this many entries of an included list.
const INCLUDED: usize = 50;

/// An included list: `{results, meta, _links}`.
pub(crate) fn included(call: &Call<'_>, results: Vec<Value>, part: &str) -> Value {
    let has_more = results.len() > INCLUDED;
    let results: Vec<Value> = results.into_iter().take(INCLUDED).collect();
    let mut meta = json!({"hasMore": has_more});
    if has_more {
        meta["cursor"] = json!("");
    }
    json!({"results": results, "meta": meta, "_links": {"self": format!("{}/{part}", call.path)}})
}

/// The statuses in which the content is shown: current, archived and, when asked for, others.
fn statuses(call: &Call<'_>) -> Result<Vec<Status>, Reply> {
    let asked = call.query_list("status");
    let mut found = Vec::new();
    for status in &asked {
        match *status {
            "current" => found.push(Status::Current),
            "archived" => found.push(Status::Archived),
            "trashed" => found.push(Status::Trashed),
            "draft" => found.push(Status::Draft),
            "historical" | "deleted" => {}
            _ => return Err(confluence::v2_bad_parameter("status", "ContentStatus")),
        }
    }
    if asked.is_empty() {
        found.extend([Status::Current, Status::Archived]);
    }
    if call.query_flag("get-draft") {
        found.push(Status::Draft);
    }
    Ok(found)
}

fn get(call: &Call<'_>) -> Answer {
    let statuses = statuses(call)?;
    let format = Format::of_single(call)?;
    let kind = find::kind_of(call);
    let id = find::path_number(call, "id")?;
    let world = call.world();
    let view = ConfluenceView::new(&world, call.caller.account());
    let found = world.confluence.content.get(&id).filter(|content| content.kind == kind);
    let seen = found.filter(|content| statuses.contains(&content.status) && view.can_see_content(content));
    let Some(content) = seen else { return Err(confluence::v2_not_found(kind.as_str(), &id.to_string())) };
    let Some(number) = call.query("version") else {
        return Ok(Reply::ok(&single(call, &world, &view, content, format)).objects(1));
    };
    let number: u64 = number.parse().map_err(|_| confluence::v2_bad_parameter("version", "Integer"))?;
    let versions = all_versions(content);
    let Some((version, title, stored)) = versions.iter().find(|(version, ..)| version.number == number) else {
        return Err(confluence::v2_not_found(kind.as_str(), &id.to_string()));
    };
    let mut row = single(call, &world, &view, content, None);
    row["version"] = version_row(version);
    row["title"] = json!(title);
    row["body"] = body::shown(stored, format);
    if version.number != content.version.number {
        row["status"] = json!("historical");
    }
    Ok(Reply::ok(&row).objects(1))
}

/// The answer about one page or blog post, also after a write.
pub(crate) fn single(
    call: &Call<'_>,
    world: &World,
    view: &ConfluenceView<'_>,
    content: &Content,
    format: Option<Format>,
) -> Value {
    let mut row = content_row(world, content);
    row["body"] = body::shown(&content.body, format);
    row["_links"]["base"] = json!(call.simulation.site.wiki_base());
    if call.query_flag("include-labels") {
        row["labels"] = included(call, content.labels.iter().map(|label| label_row(label)).collect(), "labels");
    }
    if call.query_flag("include-versions") {
        let versions = all_versions(content).iter().map(|(version, ..)| version_row(version)).collect();
        row["versions"] = included(call, versions, "versions");
    }
    if call.query_flag("include-operations") {
        row["operations"] = included(call, operations::of_content(view, world, content), "operations");
    }
    if call.query_flag("include-properties") {
        row["properties"] = included(call, Vec::new(), "properties");
    }
    if call.query_flag("include-likes") {
        row["likes"] = included(call, Vec::new(), "likes");
    }
    if call.query_flag("include-favorited-by-current-user-status") {
        row["isFavoritedByCurrentUser"] = json!(false);
    }
    if call.query_flag("include-collaborators") {
        row["collaborators"] = json!({"results": content.collaborators.iter().map(|account| json!({"accountId": account})).collect::<Vec<_>>()});
    }
    if call.query_flag("include-direct-children") {
        row["directChildren"] = included(call, tree::child_rows(world, view, content), "direct-children");
    }
    row
}

fn permitted(call: &Call<'_>) -> Answer {
    let world = call.world();
    let view = ConfluenceView::new(&world, call.caller.account());
    let content = find::content(call, &world, &view, find::kind_of(call), "id")?;
    Ok(Reply::ok(&json!({"operations": operations::of_content(&view, &world, content)})))
}
