//! Uploading files to issues, and deleting them.

use axum::http::{Method, StatusCode};
use serde_json::Value;

use super::attachment::{UPLOAD_LIMIT, file_json, seen};
use super::gate;
use super::scene::Scene;
use crate::call::Call;
use crate::multipart;
use crate::reply::{Answer, Reply, jira};
use crate::route::Route;
use crate::state::attachment::FileBytes;
use crate::visibility::jira::JiraView;

pub(crate) fn routes() -> Vec<Route> {
    vec![
        Route::jira(Method::POST, "/rest/api/3/issue/{issueIdOrKey}/attachments", upload),
        Route::jira(Method::DELETE, "/rest/api/3/attachment/{id}", delete),
    ]
}

/// A form with parts called `file`, and a header that no browser sends by itself.
fn upload(call: &Call<'_>) -> Answer {
    if !matches!(call.header("x-atlassian-token"), Some("no-check" | "nocheck")) {
        return Err(Reply::raw(StatusCode::FORBIDDEN, "text/html;charset=UTF-8", "XSRF check failed"));
    }
    let author = gate::author(call)?;
    let kind = call.header("content-type").unwrap_or_default();
    if !kind.starts_with("multipart/form-data") {
        let detail = format!("Content-Type '{kind}' is not supported.");
        return Err(jira::problem(StatusCode::UNSUPPORTED_MEDIA_TYPE, &detail, call.path));
    }
    let parts = multipart::parts(kind, &call.body).ok_or_else(|| jira::bad_request("The form could not be read."))?;
    let files: Vec<multipart::Part> = parts.into_iter().filter(|part| part.name == "file").collect();
    if let Some(file) = files.iter().find(|file| file.bytes.len() > UPLOAD_LIMIT) {
        let words =
            format!("The file '{}' is larger than {UPLOAD_LIMIT} bytes.", file.filename.as_deref().unwrap_or("file"));
        return Err(jira::error(StatusCode::PAYLOAD_TOO_LARGE, &words));
    }
    let mut world = call.world_mut();
    let issue = {
        let view = JiraView::new(&world, Some(&author));
        let issue = gate::issue(&world, &view, call.path_value("issueIdOrKey"))?;
        gate::require(&world, &view, issue, "CREATE_ATTACHMENTS")?;
        issue.id
    };
    let mut ids = Vec::new();
    for file in files {
        let name = file.filename.as_deref().unwrap_or("file");
        let media_type = file.content_type.as_deref().unwrap_or("application/octet-stream");
        ids.push(world.attach_to_issue(issue, name, media_type, FileBytes::Stored(file.bytes), &author));
    }
    let scene = Scene::new(&world, call);
    let files = ids.iter().filter_map(|id| world.jira.attachments.get(id));
    let files: Vec<Value> = files.map(|file| file_json(&scene, file)).collect();
    Ok(Reply::ok(&files).objects(files.len()))
}

fn delete(call: &Call<'_>) -> Answer {
    let author = gate::author(call)?;
    let mut world = call.world_mut();
    let (id, issue) = {
        let scene = Scene::new(&world, call);
        let file = seen(&scene, call)?;
        let Some(issue) = world.jira.issues.get(&file.issue) else { return Err(jira::no_issue()) };
        let own = file.author == author && gate::may(&world, &scene.view, issue, "CREATE_ATTACHMENTS");
        if !own {
            gate::require(&world, &scene.view, issue, "DELETE_ALL_ATTACHMENTS")?;
        }
        (file.id, issue.id)
    };
    world.jira.remove_attachment(id);
    world.edit_issue(issue, &author, Vec::new(), |_| {});
    Ok(Reply::no_content())
}
