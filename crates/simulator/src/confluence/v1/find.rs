//! From the parameters of a v1 request to things that the caller may see, or to the product's 400 and 404; and the headers
//! of what v2 replaced.

use axum::http::{HeaderName, StatusCode, header};
use serde_json::Value;

use super::record::Record;
use super::row::Scene;
use crate::call::Call;
use crate::reply::{Reply, confluence};
use crate::state::World;
use crate::state::content::{Content, Status};
use crate::state::space::Space;
use crate::visibility::confluence::ConfluenceView;

/// The JSON body: 415 without a JSON content type, 400 if it cannot be read.
pub(crate) fn body(call: &Call<'_>) -> Result<Value, Reply> {
    if !call.header("content-type").is_some_and(|kind| kind.starts_with("application/json")) {
        return Err(confluence::v1(StatusCode::UNSUPPORTED_MEDIA_TYPE, "null"));
    }
    let bad = |error| confluence::v1(StatusCode::BAD_REQUEST, &format!("Could not read JSON: {error}"));
    serde_json::from_slice(&call.body).map_err(bad)
}

/// What the id of the path names, if the caller sees it, in any status.
pub(crate) fn record_any<'w>(
    call: &Call<'_>,
    world: &'w World,
    view: &ConfluenceView<'_>,
    parameter: &str,
) -> Result<Record<'w>, Reply> {
    let id = call.path_value(parameter);
    let found = Record::named(world, id).filter(|record| record.is_seen(view));
    found.ok_or_else(|| confluence::v1_no_content(id))
}

/// [`record_any`], not in the trash.
pub(crate) fn record<'w>(
    call: &Call<'_>,
    world: &'w World,
    view: &ConfluenceView<'_>,
    parameter: &str,
) -> Result<Record<'w>, Reply> {
    let record = record_any(call, world, view, parameter)?;
    if record.status(world) == Status::Trashed {
        return Err(confluence::v1_no_content(call.path_value(parameter)));
    }
    Ok(record)
}

/// A page, blog post, … that the caller sees and that is not in the trash.
pub(crate) fn content<'w>(
    call: &Call<'_>,
    world: &'w World,
    view: &ConfluenceView<'_>,
    parameter: &str,
) -> Result<&'w Content, Reply> {
    match record(call, world, view, parameter)? {
        Record::Content(content) => Ok(content),
        Record::Comment(_) | Record::File(_) => Err(confluence::v1_no_content(call.path_value(parameter))),
    }
}

/// A space that is missing or hidden.
pub(crate) fn no_space(key: &str) -> Reply {
    let kind = "com.atlassian.confluence.api.service.exceptions.NotFoundException";
    confluence::v1(StatusCode::NOT_FOUND, &format!("{kind}: No space with key : {key}"))
}

/// The space of the path, if the caller sees it.
pub(crate) fn space<'w>(call: &Call<'_>, world: &'w World, view: &ConfluenceView<'_>) -> Result<&'w Space, Reply> {
    let key = call.path_value("spaceKey");
    world.confluence.space_by_key(key).filter(|space| view.can_see_space(space)).ok_or_else(|| no_space(key))
}

/// World, caller's view and base of links.
pub(crate) fn scene<'s, 'w>(call: &'s Call<'_>, world: &'w World, view: &'s ConfluenceView<'w>) -> Scene<'s, 'w> {
    Scene { world, view, base: &call.base }
}

const DEPRECATION: HeaderName = HeaderName::from_static("deprecation");

/// Adds what answers of replaced routes carry.
pub(crate) fn deprecated(reply: Reply) -> Reply {
    let page = "https://developer.atlassian.com/cloud/confluence/deprecation-notice-v1-apis/";
    reply
        .with(DEPRECATION, "Wed, 1 Mar 2023 00:00:00 GMT")
        .with(header::WARNING, "299 - \"Deprecated API\"")
        .with(header::LINK, &format!("<{page}>; rel=\"deprecation\"; type=\"text/html\""))
}
