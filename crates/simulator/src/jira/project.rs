//! Projects as the caller may find them.

use axum::http::Method;
use serde_json::{Value, json};

use super::gate;
use super::scene::issue_type_json;
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
    vec![
        Route::jira(Method::GET, "/rest/api/3/project/search", search).anonymous(),
        Route::jira(Method::GET, "/rest/api/3/project", list).anonymous(),
        Route::jira(Method::GET, "/rest/api/3/project/{projectIdOrKey}", one).anonymous(),
        Route::jira(Method::GET, "/rest/api/3/project/{projectIdOrKey}/components", components).anonymous(),
        Route::jira(Method::GET, "/rest/api/3/project/{projectIdOrKey}/versions", versions).anonymous(),
    ]
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
                row["insight"] = json!({"totalIssueCount": world.jira.issues_in(project.id).count()});
                if let Some(last) = last {
                    let zone = super::scene::caller_zone(world, call);
                    row["insight"]["lastIssueUpdateTime"] = json!(wire_time::jira_time(last, &zone));
                }
            }
            "issueTypes" => {
                let types = project.issue_types.iter().map(|id| issue_type_json(world, &call.base, *id));
                row["issueTypes"] = json!(types.collect::<Vec<_>>());
            }
            "url" => row["url"] = json!(""),
            _ => {}
        }
    }
    row
}

/// A project alone, with all that lists leave out.
pub(super) fn project_json(world: &World, call: &Call<'_>, project: &Project) -> Value {
    let mut expand = vec!["description", "lead", "issueTypes"];
    expand.extend(call.query_list("expand"));
    let mut value = project_row(world, call, project, &expand);
    value["assigneeType"] = json!("UNASSIGNED");
    value["components"] = json!(component_list(call, project));
    value["versions"] = json!(version_list(call, project));
    let address = |role: u64| format!("{}/rest/api/3/project/{}/role/{role}", call.base, project.id);
    let roles = world.jira.roles.values().filter(|role| role.project.is_none_or(|own| own == project.id));
    value["roles"] = Value::Object(roles.map(|role| (role.name.clone(), json!(address(role.id)))).collect());
    value
}

fn component_list(call: &Call<'_>, project: &Project) -> Vec<Value> {
    let component = |(id, name): (&u64, &String)| {
        json!({
            "self": format!("{}/rest/api/3/component/{id}", call.base), "id": id.to_string(), "name": name,
            "project": project.key, "projectId": project.id, "isAssigneeTypeValid": false,
        })
    };
    project.components.iter().map(component).collect()
}

fn version_list(call: &Call<'_>, project: &Project) -> Vec<Value> {
    let version = |(id, name): (&u64, &String)| {
        json!({
            "self": format!("{}/rest/api/3/version/{id}", call.base), "id": id.to_string(), "name": name,
            "archived": false, "released": false, "projectId": project.id,
        })
    };
    project.versions.iter().map(version).collect()
}

fn one(call: &Call<'_>) -> Answer {
    let world = call.world();
    let view = JiraView::new(&world, call.caller.account());
    let project = gate::project(&world, &view, call.path_value("projectIdOrKey"))?;
    Ok(Reply::ok(&project_json(&world, call, project)).objects(1))
}

fn components(call: &Call<'_>) -> Answer {
    let world = call.world();
    let view = JiraView::new(&world, call.caller.account());
    let project = gate::project(&world, &view, call.path_value("projectIdOrKey"))?;
    Ok(Reply::ok(&component_list(call, project)).objects(project.components.len()))
}

fn versions(call: &Call<'_>) -> Answer {
    let world = call.world();
    let view = JiraView::new(&world, call.caller.account());
    let project = gate::project(&world, &view, call.path_value("projectIdOrKey"))?;
    Ok(Reply::ok(&version_list(call, project)).objects(project.versions.len()))
}

/// The deprecated listing: everything at once.
fn list(call: &Call<'_>) -> Answer {
    let expand = call.query_list("expand");
    let world = call.world();
    let view = JiraView::new(&world, call.caller.account());
    let seen = world.jira.projects.values().filter(|project| !project.archived && view.can_view_project(project));
    let rows: Vec<Value> = seen.map(|project| project_row(&world, call, project, &expand)).collect();
    Ok(Reply::ok(&rows).objects(rows.len()))
}

fn search(call: &Call<'_>) -> Answer {
    let page = JiraPage::of(call, 50, 100)?;
    let world = call.world();
    let view = JiraView::new(&world, call.caller.account());
    call.jira_lacks(&["categoryId", "propertyQuery", "properties"])?;
    let action = call.jira_words("action", &["view", "browse", "edit", "create"])?.first().copied().unwrap_or("view");
    let statuses = call.jira_words("status", &["live", "archived", "deleted"])?;
    let types = call.jira_words("typeKey", &["business", "service_desk", "software", "product_discovery"])?;
    let (ids, keys) = (call.query_list("id"), call.query_list("keys"));
    let words = call.query("query").map(str::to_lowercase);
    if ids.len() > 50 || keys.len() > 50 {
        return Err(jira::bad_request("The maximum number of project IDs or keys is 50."));
    }
    let permitted = |project: &Project| match action {
        "browse" => view.can_browse_project(project),
        "edit" => view.can_administer_project(project),
        "create" => view.has_permission(project, "CREATE_ISSUES", None),
        _ => view.can_view_project(project) || project.deleted && view.is_admin(),
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
        // Documented are further ones by what projects here do not have.
        other => return Err(jira::bad_request(&format!("The value '{other}' is not valid for orderBy."))),
    }
    if descending {
        projects.reverse();
    }
    Ok(())
}
