//! Files of issues: metadata and bytes. Bytes come from another host by a redirect, or directly for `redirect=false`.

use axum::http::{Method, StatusCode, header};
use serde_json::{Value, json};

use super::scene::Scene;
use crate::call::Call;
use crate::reply::{Answer, Reply, jira};
use crate::route::Route;
use crate::state::issue::IssueAttachment;

pub(crate) fn routes() -> Vec<Route> {
    vec![
        Route::jira(Method::GET, "/rest/api/3/attachment/content/{id}", content).anonymous(),
        Route::jira(Method::GET, "/rest/api/3/attachment/meta", meta),
        Route::jira(Method::GET, "/rest/api/3/attachment/{id}", one).anonymous(),
    ]
}

/// Largest upload, in bytes.
pub(super) const UPLOAD_LIMIT: usize = 100 * 1024 * 1024;

/// A file as in `fields.attachment`: its id is text there, and a number at `/attachment/{id}`.
pub(super) fn file_json(scene: &Scene<'_>, file: &IssueAttachment) -> Value {
    json!({
        "self": format!("{}/rest/api/3/attachment/{}", scene.base, file.id), "id": file.id.to_string(),
        "filename": file.filename, "author": scene.user(&file.author), "created": scene.time(file.created),
        "size": file.bytes.size(), "mimeType": file.media_type,
        "content": format!("{}/rest/api/3/attachment/content/{}", scene.base, file.id),
    })
}

/// The file of the path, if the caller sees it.
pub(super) fn seen<'w>(scene: &Scene<'w>, call: &Call<'_>) -> Result<&'w IssueAttachment, Reply> {
    let id = call.path_value("id");
    if id.parse::<u64>().is_err() {
        return Err(jira::problem(
            StatusCode::BAD_REQUEST,
            &format!("Failed to convert 'id' with value: '{id}'"),
            call.path,
        ));
    }
    let file = call.path_id("id").and_then(|id| scene.world.jira.attachments.get(&id));
    let file = file.filter(|file| scene.view.can_see_attachment(file));
    file.ok_or_else(|| jira::not_found(&format!("The attachment with id '{id}' does not exist")))
}

fn one(call: &Call<'_>) -> Answer {
    let world = call.world();
    let scene = Scene::new(&world, call);
    let file = seen(&scene, call)?;
    let mut value = file_json(&scene, file);
    value["id"] = json!(file.id);
    Ok(Reply::ok(&value).objects(1))
}

fn meta(_call: &Call<'_>) -> Answer {
    Ok(Reply::ok(&json!({"enabled": true, "uploadLimit": UPLOAD_LIMIT})))
}

/// First and last byte of `Range: bytes=…` in a file of `size` bytes; `None` = it lies outside.
fn range(text: &str, size: usize) -> Option<(usize, usize)> {
    let (first, last) = text.strip_prefix("bytes=")?.split_once('-')?;
    let end = size.checked_sub(1)?;
    let found = match (first.parse::<usize>(), last.parse::<usize>()) {
        (Ok(first), Ok(last)) => (first, last.min(end)),
        (Ok(first), Err(_)) if last.is_empty() => (first, end),
        (Err(_), Ok(tail)) if first.is_empty() && tail > 0 => (size.saturating_sub(tail), end),
        _ => return None,
    };
    (found.0 <= found.1).then_some(found)
}

fn content(call: &Call<'_>) -> Answer {
    let world = call.world();
    let scene = Scene::new(&world, call);
    let file = seen(&scene, call)?;
    let bytes = file.bytes.read();
    if call.query("redirect") == Some("false") {
        let size = bytes.len();
        let Some(wanted) = call.header("range") else {
            return Ok(Reply::raw(StatusCode::OK, &file.media_type, bytes).objects(1));
        };
        let Some((first, last)) = range(wanted, size) else {
            let reply = Reply::raw(StatusCode::RANGE_NOT_SATISFIABLE, "text/plain", "");
            return Err(reply.with(header::CONTENT_RANGE, &format!("bytes */{size}")));
        };
        let part = bytes.slice(first..=last);
        let reply = Reply::raw(StatusCode::PARTIAL_CONTENT, &file.media_type, part).objects(1);
        return Ok(reply.with(header::CONTENT_RANGE, &format!("bytes {first}-{last}/{size}")));
    }
    let ticket = call.simulation.media.issue(bytes, &file.media_type, world.clock.now());
    let location = format!("http://localhost:{}/media/{ticket}", call.simulation.port());
    Ok(Reply::raw(StatusCode::SEE_OTHER, "text/plain", "").with(header::LOCATION, &location).objects(1))
}
