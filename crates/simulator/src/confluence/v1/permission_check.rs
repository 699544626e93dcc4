//! `POST /content/{id}/permission/check`: may this subject do that? A denial is a 200.

use axum::http::Method;
use serde::Deserialize;
use serde_json::json;

use super::find;
use crate::call::Call;
use crate::confluence::operations;
use crate::confluence::writer::{self, bad_request_v1};
use crate::reply::{Answer, Reply, confluence};
use crate::route::Route;
use crate::visibility::confluence::ConfluenceView;

pub(crate) fn routes() -> Vec<Route> {
    vec![Route::confluence(Method::POST, "/wiki/rest/api/content/{id}/permission/check", check)]
}

#[derive(Deserialize)]
struct Question {
    subject: Subject,
    operation: String,
}

#[derive(Deserialize)]
struct Subject {
    #[serde(rename = "type")]
    kind: String,
    identifier: String,
}

fn check(call: &Call<'_>) -> Answer {
    let sent = find::body(call)?;
    let question: Question =
        serde_json::from_value(sent).map_err(|error| bad_request_v1(&format!("Could not read JSON: {error}")))?;
    let world = call.world();
    let own = ConfluenceView::new(&world, call.caller.account());
    let about_self =
        question.subject.kind == "user" && call.caller.account() == Some(question.subject.identifier.as_str());
    let id = call.path_id("id").unwrap_or(0);
    let found = world.confluence.content.get(&id);
    // Administrators may ask about content that they themselves cannot see.
    let found = found.filter(|content| own.is_admin() || own.can_see_content(content));
    let Some(content) = found else { return Err(confluence::v1_no_content(call.path_value("id"))) };
    if !about_self && !own.is_admin() {
        return Err(writer::not_permitted_v1("Only administrators can check the permissions of others"));
    }
    let id = question.subject.identifier.as_str();
    let view = match question.subject.kind.as_str() {
        "user" if id == "anonymous" => ConfluenceView::new(&world, None),
        "user" if world.directory.person(id).is_some() => ConfluenceView::new(&world, Some(id)),
        "group" if world.directory.group(id).is_some() => ConfluenceView::of_group(&world, id),
        kind => return Err(bad_request_v1(&format!("No {kind} found with identifier {id}"))),
    };
    let allowed = match question.operation.as_str() {
        "read" => view.can_see_content(content),
        "update" => operations::may_edit(&view, &world, content),
        "delete" => operations::may_delete(&view, &world, content),
        other => return Err(bad_request_v1(&format!("Unsupported operation: {other}"))),
    };
    let errors = if allowed {
        json!([])
    } else {
        json!([{"translation": format!("The subject may not {} this content.", question.operation), "args": []}])
    };
    let links = json!({"base": call.simulation.site.wiki_base(), "context": "/wiki"});
    Ok(Reply::ok(&json!({"hasPermission": allowed, "errors": errors, "_links": links})))
}
