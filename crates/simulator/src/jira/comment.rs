//! Comments: each with its audience, per issue or in bulk by id; those that the caller may not see are simply missing.

use axum::http::{Method, StatusCode};
use serde::Deserialize;
use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::{Value, json};

use super::gate;
use super::scene::Scene;
use crate::call::Call;
use crate::paging::JiraPage;
use crate::reply::{Answer, Reply, jira};
use crate::route::Route;
use crate::state::World;
use crate::state::issue::{Audience, IssueComment, adf_text};

pub(crate) fn routes() -> Vec<Route> {
    vec![
        Route::jira(Method::GET, "/rest/api/3/issue/{issueIdOrKey}/comment", of_issue).anonymous(),
        Route::jira(Method::GET, "/rest/api/3/issue/{issueIdOrKey}/comment/{id}", one).anonymous(),
        Route::jira(Method::POST, "/rest/api/3/comment/list", list).anonymous(),
    ]
}

/// One comment.
#[derive(Debug)]
pub(super) struct CommentJson<'a> {
    pub(super) scene: &'a Scene<'a>,
    pub(super) comment: &'a IssueComment,
    /// `expand=renderedBody`.
    pub(super) rendered: bool,
}

impl Serialize for CommentJson<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let (scene, comment) = (self.scene, self.comment);
        let mut map = serializer.serialize_map(None)?;
        let path = format!("{}/rest/api/3/issue/{}/comment/{}", scene.base, comment.issue, comment.id);
        map.serialize_entry("self", &path)?;
        map.serialize_entry("id", &comment.id.to_string())?;
        map.serialize_entry("author", &scene.user(&comment.author))?;
        map.serialize_entry("body", &comment.body)?;
        if self.rendered {
            let text = adf_text(&comment.body).trim().replace('&', "&amp;").replace('<', "&lt;");
            map.serialize_entry("renderedBody", &format!("<p>{text}</p>"))?;
        }
        map.serialize_entry("updateAuthor", &scene.user(&comment.update_author))?;
        map.serialize_entry("created", &scene.time(comment.created))?;
        map.serialize_entry("updated", &scene.time(comment.updated))?;
        if let Some(audience) = &comment.visibility {
            map.serialize_entry("visibility", &audience_json(scene.world, audience))?;
        }
        map.serialize_entry("jsdPublic", &comment.jsd_public)?;
        map.end()
    }
}

/// `visibility` of a comment or worklog. A group or role that is gone keeps its id as its name.
pub(super) fn audience_json(world: &World, audience: &Audience) -> Value {
    match audience {
        Audience::Group(id) => {
            let name = world.directory.groups.get(id).map_or(&**id, |group| group.name.as_str());
            json!({"type": "group", "value": name, "identifier": id})
        }
        Audience::Role(id) => {
            let name = world.jira.roles.get(id).map_or_else(|| id.to_string(), |role| role.name.clone());
            json!({"type": "role", "value": name, "identifier": name})
        }
    }
}

fn of_issue(call: &Call<'_>) -> Answer {
    let page = JiraPage::of(call, 100, 100)?;
    let world = call.world();
    let scene = Scene::new(&world, call);
    let issue = gate::issue(&world, &scene.view, call.path_value("issueIdOrKey"))?;
    let seen = |comment: &&IssueComment| scene.view.in_comment_audience(issue, comment);
    let mut comments: Vec<&IssueComment> = world.jira.comments_of(issue.id).filter(seen).collect();
    match call.query("orderBy").map(str::trim) {
        None | Some("created" | "+created" | "") => {}
        Some("-created") => comments.reverse(),
        Some(other) => {
            return Err(jira::bad_request(&format!("The orderBy value '{other}' is not valid. Use created.")));
        }
    }
    let rendered = call.query_list("expand").contains(&"renderedBody");
    let shown = comments.iter().skip(page.start).take(page.max);
    let shown: Vec<CommentJson<'_>> = shown.map(|comment| CommentJson { scene: &scene, comment, rendered }).collect();
    Ok(page_of_comments(&page, comments.len(), &shown))
}

#[derive(serde::Serialize)]
#[serde(rename_all = "camelCase")]
struct CommentPage<'a> {
    start_at: usize,
    max_results: usize,
    total: usize,
    comments: &'a [CommentJson<'a>],
}

fn page_of_comments(page: &JiraPage, total: usize, comments: &[CommentJson<'_>]) -> Reply {
    let body = CommentPage { start_at: page.start, max_results: page.max, total, comments };
    Reply::ok(&body).objects(comments.len())
}

/// The comment of the path, if the caller sees it and it belongs to the issue of the path.
pub(super) fn seen<'w>(scene: &Scene<'w>, call: &Call<'_>) -> Result<&'w IssueComment, Reply> {
    let issue = gate::issue(scene.world, &scene.view, call.path_value("issueIdOrKey"))?;
    let comment = call.path_id("id").and_then(|id| scene.world.jira.comments.get(&id));
    let comment = comment.filter(|comment| comment.issue == issue.id);
    let comment = comment.filter(|comment| scene.view.in_comment_audience(issue, comment));
    comment.ok_or_else(|| jira::not_found(&format!("Can not find a comment for the id: {}.", call.path_value("id"))))
}

fn one(call: &Call<'_>) -> Answer {
    let world = call.world();
    let scene = Scene::new(&world, call);
    let comment = seen(&scene, call)?;
    let rendered = call.query_list("expand").contains(&"renderedBody");
    Ok(Reply::ok(&CommentJson { scene: &scene, comment, rendered }).objects(1))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Ids {
    ids: Vec<u64>,
}

/// PageBean of comments of any issues.
#[derive(serde::Serialize)]
#[serde(rename_all = "camelCase")]
struct Listed<'a> {
    max_results: usize,
    start_at: usize,
    total: usize,
    is_last: bool,
    values: Vec<CommentJson<'a>>,
}

fn list(call: &Call<'_>) -> Answer {
    let Ids { ids } = call.jira_body()?;
    if ids.is_empty() || ids.len() > 1000 {
        let words = "The number of comment IDs must be between 1 and 1000.";
        return Err(Reply::json(StatusCode::BAD_REQUEST, &json!({"errorMessages": [words], "errors": {}})));
    }
    let world = call.world();
    let scene = Scene::new(&world, call);
    let rendered = call.query_list("expand").contains(&"renderedBody");
    let comments = ids.iter().filter_map(|id| world.jira.comments.get(id));
    let seen = comments.filter(|comment| scene.view.can_see_comment(comment));
    let values: Vec<CommentJson<'_>> = seen.map(|comment| CommentJson { scene: &scene, comment, rendered }).collect();
    let count = values.len();
    let body = Listed { max_results: 1000, start_at: 0, total: count, is_last: true, values };
    Ok(Reply::ok(&body).objects(count))
}
