//! Users by their ids, and ids to content types: the two reads of v2 that are POSTs.

use axum::http::Method;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::find;
use crate::call::Call;
use crate::confluence::people;
use crate::reply::{Answer, Reply};
use crate::route::Route;
use crate::visibility::confluence::ConfluenceView;

pub(crate) fn routes() -> Vec<Route> {
    vec![
        Route::confluence(Method::POST, "/wiki/api/v2/users-bulk", users),
        Route::confluence(Method::POST, "/wiki/api/v2/content/convert-ids-to-types", types),
    ]
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Users {
    account_ids: Vec<String>,
}

/// Unknown ids are left out.
fn users(call: &Call<'_>) -> Answer {
    let sent: Users = call.confluence_body()?;
    if sent.account_ids.len() > 250 {
        return Err(find::bad_request("At most 250 account ids can be provided."));
    }
    let world = call.world();
    let mut ids: Vec<&String> = sent.account_ids.iter().collect();
    ids.sort();
    ids.dedup();
    let found: Vec<Value> =
        ids.iter().filter_map(|id| world.directory.person(id)).map(|person| people::v2_user(&world, person)).collect();
    let links = json!({"base": call.simulation.site.wiki_base()});
    Ok(Reply::ok(&json!({"results": found, "_links": links})).identities(found.len()))
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Ids {
    content_ids: Vec<Value>,
}

/// Unknown and hidden ids have the type `null`.
fn types(call: &Call<'_>) -> Answer {
    let sent: Ids = call.confluence_body()?;
    if sent.content_ids.len() > 100 {
        return Err(find::bad_request("At most 100 content ids can be provided."));
    }
    let world = call.world();
    let view = ConfluenceView::new(&world, call.caller.account());
    let mut results = Map::new();
    for id in &sent.content_ids {
        let text = id.as_str().map_or_else(|| id.to_string(), str::to_owned);
        let Ok(number) = text.trim_start_matches("att").parse::<u64>() else {
            return Err(find::bad_request(&format!("'{text}' is not a content id.")));
        };
        let confluence = &world.confluence;
        let content = confluence.content.get(&number).filter(|content| view.can_see_content(content));
        let comment = confluence.comments.get(&number).filter(|comment| view.can_see_comment(comment));
        let file = confluence.attachments.get(&number).filter(|file| view.can_see_attachment(file));
        let kind = match (content, comment, file) {
            (Some(content), ..) => Some(content.kind.as_str()),
            (_, Some(comment), _) => Some(if comment.is_inline() { "inline-comment" } else { "footer-comment" }),
            (.., Some(_)) => Some("attachment"),
            _ => None,
        };
        results.insert(text, json!(kind));
    }
    Ok(Reply::ok(&json!({"results": results})))
}
