//! Labels: of the site, of content, of a space. A label's id follows from its name alone.

use std::collections::BTreeSet;

use axum::http::Method;
use serde_json::{Value, json};
use sha2::Digest as _;

use super::find;
use crate::call::Call;
use crate::paging::{Cursor, V2Page};
use crate::reply::{Answer, confluence};
use crate::route::Route;
use crate::state::World;
use crate::state::content::Status;
use crate::visibility::confluence::ConfluenceView;

pub(crate) fn routes() -> Vec<Route> {
    vec![
        Route::confluence(Method::GET, "/wiki/api/v2/labels", list),
        Route::confluence(Method::GET, "/wiki/api/v2/pages/{id}/labels", of_content),
        Route::confluence(Method::GET, "/wiki/api/v2/blogposts/{id}/labels", of_content),
        Route::confluence(Method::GET, "/wiki/api/v2/attachments/{id}/labels", of_attachment),
        Route::confluence(Method::GET, "/wiki/api/v2/spaces/{id}/labels", of_space),
        Route::confluence(Method::GET, "/wiki/api/v2/spaces/{id}/content/labels", of_space_content),
    ]
}

/// The id of a label: stable, positive, below 2^31.
pub(crate) fn id_of(name: &str) -> u64 {
    let digest = sha2::Sha256::digest(name.as_bytes());
    u64::from(u32::from_be_bytes([digest[0] & 0x7f, digest[1], digest[2], digest[3]])).max(1)
}

/// The label of that id that something carries.
pub(crate) fn name_of(world: &World, id: u64) -> Option<String> {
    let content = world.confluence.content.values().flat_map(|content| &content.labels);
    let spaces = world.confluence.spaces.values().flat_map(|space| &space.labels);
    content.chain(spaces).find(|name| id_of(name) == id).cloned()
}

/// A label as v2 writes it; `my:` and `team:` are prefixes.
pub(crate) fn label_row(label: &str) -> Value {
    let (prefix, name) = label.split_once(':').filter(|(prefix, _)| is_prefix(prefix)).unwrap_or(("global", label));
    json!({"id": id_of(label).to_string(), "name": name, "prefix": prefix})
}

fn is_prefix(text: &str) -> bool {
    matches!(text, "my" | "team" | "global" | "system")
}

fn answer(call: &Call<'_>, labels: &BTreeSet<String>) -> Answer {
    let descending = call.query("sort").is_some_and(|sort| sort.starts_with('-'));
    match call.query("sort").map(|sort| sort.trim_start_matches('-')) {
        None | Some("id" | "name" | "created-date") => {}
        Some(_) => return Err(confluence::v2_bad_parameter("sort", "LabelSortOrder")),
    }
    let page = V2Page::of(call, 25, "name")?;
    let ids = find::query_ids(call, "label-id", 250)?;
    let prefixes = call.query_list("prefix");
    let after = page.after.as_ref().and_then(|cursor| cursor.content_order_value.as_str());
    let mut wanted: Vec<&String> = labels
        .iter()
        .filter(|label| ids.is_empty() || ids.contains(&id_of(label)))
        .filter(|label| prefixes.is_empty() || prefixes.contains(&label_row(label)["prefix"].as_str().unwrap_or("")))
        .filter(|label| {
            after.is_none_or(|after| if descending { label.as_str() < after } else { label.as_str() > after })
        })
        .collect();
    if descending {
        wanted.reverse();
    }
    let place = |label: &&String| Cursor::new(id_of(label), "name", label.as_str());
    Ok(page.reply(call, wanted.into_iter(), place, |label| label_row(label)))
}

/// Labels that something which the caller sees carries.
fn list(call: &Call<'_>) -> Answer {
    let world = call.world();
    let view = ConfluenceView::new(&world, call.caller.account());
    let content = world.confluence.content.values().filter(|content| {
        !content.labels.is_empty() && content.status != Status::Trashed && view.can_see_content(content)
    });
    let labels: BTreeSet<String> = content.flat_map(|content| content.labels.iter().cloned()).collect();
    answer(call, &labels)
}

fn of_content(call: &Call<'_>) -> Answer {
    let world = call.world();
    let view = ConfluenceView::new(&world, call.caller.account());
    answer(call, &find::content(call, &world, &view, find::kind_of(call), "id")?.labels)
}

fn of_attachment(call: &Call<'_>) -> Answer {
    let world = call.world();
    let view = ConfluenceView::new(&world, call.caller.account());
    answer(call, &find::attachment(call, &world, &view)?.labels)
}

fn of_space(call: &Call<'_>) -> Answer {
    let world = call.world();
    let view = ConfluenceView::new(&world, call.caller.account());
    answer(call, &find::space(call, &world, &view)?.labels)
}

fn of_space_content(call: &Call<'_>) -> Answer {
    let world = call.world();
    let view = ConfluenceView::new(&world, call.caller.account());
    let space = find::space(call, &world, &view)?.id;
    let content =
        world.confluence.content.values().filter(|content| {
            content.space == space && content.status != Status::Trashed && view.can_see_content(content)
        });
    let labels: BTreeSet<String> = content.flat_map(|content| content.labels.iter().cloned()).collect();
    answer(call, &labels)
}
