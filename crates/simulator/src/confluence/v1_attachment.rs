//! The bytes of a page's file.

use axum::http::{Method, StatusCode, header};

use crate::call::Call;
use crate::reply::{Answer, Reply, confluence};
use crate::route::Route;
use crate::visibility::confluence::ConfluenceView;

pub(crate) fn routes() -> Vec<Route> {
    let template = "/wiki/rest/api/content/{id}/child/attachment/{attachmentId}/download";
    vec![Route::confluence(Method::GET, template, download)]
}

/// 302 to a signed address at another host.
fn download(call: &Call<'_>) -> Answer {
    let world = call.world();
    let view = ConfluenceView::new(&world, call.caller.account());
    let id = call.path_value("attachmentId");
    let number = id.strip_prefix("att").unwrap_or(id).parse::<u64>().ok();
    let file = number.and_then(|number| world.confluence.attachments.get(&number));
    let here = file.filter(|file| Some(file.container) == call.path_id("id") && view.can_see_attachment(file));
    let Some(file) = here else { return Err(confluence::v1_no_content(id)) };
    let ticket = call.simulation.media.issue(file.bytes.read(), &file.media_type, world.clock.now());
    let location = format!("http://localhost:{}/media/{ticket}", call.simulation.port());
    Ok(Reply::raw(StatusCode::FOUND, "text/plain", "").with(header::LOCATION, &location).objects(1))
}
