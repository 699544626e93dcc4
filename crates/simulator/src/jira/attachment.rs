//! The bytes of an issue's file.

use axum::http::{Method, StatusCode, header};

use crate::call::Call;
use crate::reply::{Answer, Reply, jira};
use crate::route::Route;
use crate::visibility::jira::JiraView;

pub(crate) fn routes() -> Vec<Route> {
    vec![Route::jira(Method::GET, "/rest/api/3/attachment/content/{id}", content).anonymous()]
}

/// 303 to a signed address at another host, or the bytes themselves for `redirect=false`.
fn content(call: &Call<'_>) -> Answer {
    let world = call.world();
    let view = JiraView::new(&world, call.caller.account());
    let file = call.path_id("id").and_then(|id| world.jira.attachments.get(&id));
    let Some(file) = file.filter(|file| view.can_see_attachment(file)) else {
        let id = call.path_value("id");
        return Err(jira::not_found(&format!("The attachment with id '{id}' does not exist")));
    };
    let bytes = file.bytes.read();
    if call.query("redirect") == Some("false") {
        return Ok(Reply::raw(StatusCode::OK, &file.media_type, bytes).objects(1));
    }
    let ticket = call.simulation.media.issue(bytes, &file.media_type, world.clock.now());
    let location = format!("http://localhost:{}/media/{ticket}", call.simulation.port());
    Ok(Reply::raw(StatusCode::SEE_OTHER, "text/plain", "").with(header::LOCATION, &location).objects(1))
}
