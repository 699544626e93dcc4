//! Projects as the caller may find them.

use axum::http::Method;
use serde_json::{Value, json};

use super::user::user;
use crate::call::Call;
use crate::paging::JiraPage;
use crate::reply::{Answer, Reply, jira};
use crate::route::Route;
use crate::state::World;
use crate::state::project::{Project, ProjectStyle};
use crate::visibility::jira::JiraView;
use crate::wire_time;

pub(crate) fn routes() -> Vec<Route> {
    vec![Route::jira(Method::GET, "/rest/api/3/project/search", search).anonymous()]
}

/// A project as in lists; `expand` names what lists leave out.
pub fn project_row(world: &World, call: &Call<'_>, project: &Project, expand: &[&str]) -> Value {
    let mut row = json!({
        "expand": "description,lead,issueTypes,url,projectKeys,permissions,insight",
        "self": format!("{}/rest/api/3/project/{}", call.base, project.id),
        "id": project.id.to_string(),
        "key": project.key,
        "name": project.name,
        "avatarUrls": {"48x48": format!("{}/rest/api/3/universal_avatar/view/type/project/avatar/10400", call.base)},
        "projectTypeKey": project.type_key,
        "simplified": project.is_simplified(),
        "style": if project.style == ProjectStyle::Classic { "classic" } else { "next-gen" },
        "isPrivate": project.is_private(),
        "properties": {},
    });
    if project.archived {
        row["archived"] = json!(true);
    }
    if project.deleted {
        row["deleted"] = json!(true);
    }
    for part in expand {
        match *part {
            "description" => row["description"] = json!(project.description),
            "lead" => row["lead"] = user(world, &call.base, &project.lead),
            "projectKeys" => {
                let keys: Vec<&String> = [&project.key].into_iter().chain(&project.previous_keys).collect();
                row["projectKeys"] = json!(keys);
            }
            "insight" => {
                let last = world.jira.issues_in(project.id).map(|issue| issue.updated).max();
                let last = last.map(|at| wire_time::jira_time(at, &jiff::tz::TimeZone::UTC));
                row["insight"] =
                    json!({"totalIssueCount": world.jira.issues_in(project.id).count(), "lastIssueUpdateTime": last});
            }
            _ => {}
        }
    }
    row
}

fn search(call: &Call<'_>) -> Answer {
    let page = JiraPage::of(call, 50, 100)?;
    let world = call.world();
    let view = JiraView::new(&world, call.caller.account());
    let action = call.query("action").unwrap_or("view");
    let statuses = call.query_list("status");
    let (ids, keys, types) = (call.query_list("id"), call.query_list("keys"), call.query_list("typeKey"));
    let words = call.query("query").map(str::to_lowercase);
    if ids.len() > 50 || keys.len() > 50 {
        return Err(jira::bad_request("The maximum number of project IDs or keys is 50."));
    }
    let permitted = |project: &Project| match action {
        "browse" => view.can_browse_project(project),
        "edit" => view.can_administer_project(project),
        "create" => view.has_permission(project, "CREATE_ISSUES", None),
        _ => view.can_view_project(project),
    };
    let in_status = |project: &Project| {
        let status = if project.deleted {
            "deleted"
        } else if project.archived {
            "archived"
        } else {
            "live"
        };
        if statuses.is_empty() { status == "live" } else { statuses.contains(&status) }
    };
    let wanted = |project: &&Project| {
        (ids.is_empty() || ids.contains(&project.id.to_string().as_str()))
            && (keys.is_empty() || keys.contains(&project.key.as_str()))
            && (types.is_empty() || types.contains(&project.type_key.as_str()))
            && words.as_ref().is_none_or(|words| {
                project.name.to_lowercase().contains(words) || project.key.to_lowercase().contains(words)
            })
            && in_status(project)
            && permitted(project)
    };
    let mut found: Vec<&Project> = world.jira.projects.values().filter(wanted).collect();
    order(&mut found, call.query("orderBy").unwrap_or("key"))?;
    let expand = call.query_list("expand");
    Ok(page.reply(call, &found, |project| project_row(&world, call, project, &expand)))
}

fn order(projects: &mut [&Project], by: &str) -> Result<(), Reply> {
    let (descending, name) = match by.strip_prefix('-') {
        Some(name) => (true, name),
        None => (false, by.trim_start_matches('+').trim()),
    };
    match name {
        "key" => projects.sort_by(|a, b| a.key.cmp(&b.key)),
        "name" => projects.sort_by(|a, b| a.name.cmp(&b.name)),
        "category" | "owner" | "issueCount" | "lastIssueUpdatedDate" | "archivedDate" | "deletedDate" => {
            projects.sort_by_key(|project| project.id);
        }
        other => return Err(jira::bad_request(&format!("The value '{other}' is not valid for orderBy."))),
    }
    if descending {
        projects.reverse();
    }
    Ok(())
}
