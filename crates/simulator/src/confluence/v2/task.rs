//! Tasks, read out of the task lists of pages and blog posts. Ids are made of the page's id and the task's place in it.

use axum::http::Method;
use serde_json::{Value, json};

use super::find;
use crate::call::Call;
use crate::confluence::body::{self, Format};
use crate::confluence::xhtml::{Element, escaped, parse};
use crate::paging::{V2Page, by_id};
use crate::reply::{Answer, Reply, confluence};
use crate::route::Route;
use crate::state::content::{Content, ContentKind, Status};
use crate::visibility::confluence::ConfluenceView;
use crate::wire_time::iso_utc;

pub(crate) fn routes() -> Vec<Route> {
    vec![
        Route::confluence(Method::GET, "/wiki/api/v2/tasks", list),
        Route::confluence(Method::GET, "/wiki/api/v2/tasks/{id}", one),
    ]
}

/// More tasks than this of one page are not numbered apart.
const PER_PAGE: u64 = 1_000;

fn task_rows(content: &Content, format: Option<Format>) -> Vec<(u64, Value)> {
    if !content.body.contains("<ac:task>") {
        return Vec::new();
    }
    let root = parse(&content.body);
    let mut rows = Vec::new();
    root.walk(&mut |element| {
        if element.name == "ac:task" {
            let id = content.id * PER_PAGE + rows.len() as u64;
            rows.push((id, task_row(content, element, id, format)));
        }
    });
    rows
}

fn task_row(content: &Content, task: &Element, id: u64, format: Option<Format>) -> Value {
    let text = |name: &str| task.child(name).map(Element::text).unwrap_or_default();
    let done = text("ac:task-status").trim() == "complete";
    let words = task.child("ac:task-body").map(Element::text).unwrap_or_default();
    let mut assignee = None;
    task.walk(&mut |element| {
        if element.name == "ri:user" && assignee.is_none() {
            assignee = element.attribute("ri:account-id").map(str::to_owned);
        }
    });
    let owner = if content.kind == ContentKind::BlogPost { "blogPostId" } else { "pageId" };
    let mut row = json!({
        "id": id.to_string(), "localId": text("ac:task-id"), "spaceId": content.space.to_string(),
        owner: content.id.to_string(), "status": if done { "complete" } else { "incomplete" },
        "body": body::shown(&format!("<p>{}</p>", escaped(&words)), format),
        "createdBy": content.author, "createdAt": iso_utc(content.created_at),
        "updatedAt": iso_utc(content.version.at),
    });
    if let Some(assignee) = assignee {
        row["assignedTo"] = json!(assignee);
    }
    if done {
        row["completedBy"] = json!(content.version.by);
        row["completedAt"] = json!(iso_utc(content.version.at));
    }
    row
}

fn list(call: &Call<'_>) -> Answer {
    let page = V2Page::of(call, 25, "id")?;
    let format = Format::of_list(call)?;
    call.v2_lacks(&[
        "created-at-from",
        "created-at-to",
        "due-at-from",
        "due-at-to",
        "completed-at-from",
        "completed-at-to",
    ])?;
    let status = call.query("status");
    if !matches!(status, None | Some("complete" | "incomplete")) {
        return Err(confluence::v2_bad_parameter("status", "TaskStatus"));
    }
    let (spaces, pages) = (find::query_ids(call, "space-id", 250)?, find::query_ids(call, "page-id", 250)?);
    let (posts, ids) = (find::query_ids(call, "blogpost-id", 250)?, find::query_ids(call, "task-id", 250)?);
    let (creators, assignees) = (call.query_list("created-by"), call.query_list("assigned-to"));
    let completers = call.query_list("completed-by");
    let world = call.world();
    let view = ConfluenceView::new(&world, call.caller.account());
    let from = page.after_id() / PER_PAGE;
    let owners = world.confluence.content.range(from..).map(|(_, content)| content).filter(|content| {
        content.status == Status::Current
            && (spaces.is_empty() || spaces.contains(&content.space))
            && (pages.is_empty() && posts.is_empty() || pages.contains(&content.id) || posts.contains(&content.id))
            && view.can_see_content(content)
    });
    let one_of = |wanted: &[&str], value: &Value| {
        wanted.is_empty() || value.as_str().is_some_and(|value| wanted.contains(&value))
    };
    let rows = owners.flat_map(|content| task_rows(content, format)).filter(|(id, row)| {
        (page.after.is_none() || *id > page.after_id())
            && (ids.is_empty() || ids.contains(id))
            && status.is_none_or(|status| row["status"] == status)
            && one_of(&creators, &row["createdBy"])
            && one_of(&assignees, &row["assignedTo"])
            && one_of(&completers, &row["completedBy"])
    });
    Ok(page.reply(call, rows, |(id, _)| by_id(*id), |(_, row)| row.clone()))
}

fn one(call: &Call<'_>) -> Answer {
    let id = find::path_number(call, "id")?;
    let format = Format::of_list(call)?;
    let world = call.world();
    let view = ConfluenceView::new(&world, call.caller.account());
    let owner = world.confluence.content.get(&(id / PER_PAGE));
    let owner = owner.filter(|content| content.status == Status::Current && view.can_see_content(content));
    let found = owner.and_then(|content| task_rows(content, format).into_iter().find(|(own, _)| *own == id));
    let (_, row) = found.ok_or_else(|| confluence::v2_not_found("task", &id.to_string()))?;
    Ok(Reply::ok(&row).objects(1))
}
