//! Lists that hardly change: server, statuses, priorities, types, resolutions, application roles; and what is refused.

use axum::http::Method;
use serde_json::{Value, json};

use super::gate;
use super::group::group_json;
use super::scene::{CATEGORIES, category_json, issue_type_json, priority_json, resolution_json, status_json};
use crate::call::Call;
use crate::reply::{Answer, Reply, jira};
use crate::route::Route;
use crate::state::World;
use crate::state::project::ApplicationRole;
use crate::visibility::jira::JiraView;
use crate::wire_time;

pub(crate) fn routes() -> Vec<Route> {
    let mut routes = vec![
        Route::jira(Method::GET, "/rest/api/3/serverInfo", server_info).anonymous(),
        Route::jira(Method::GET, "/rest/api/3/status", statuses).anonymous(),
        Route::jira(Method::GET, "/rest/api/3/statuscategory", categories).anonymous(),
        Route::jira(Method::GET, "/rest/api/3/priority", priorities),
        Route::jira(Method::GET, "/rest/api/3/issuetype", issue_types).anonymous(),
        Route::jira(Method::GET, "/rest/api/3/resolution", resolutions),
        Route::jira(Method::GET, "/rest/api/3/applicationrole", application_roles),
        Route::jira(Method::GET, "/rest/api/3/applicationrole/{key}", application_role),
    ];
    for method in [Method::GET, Method::POST, Method::DELETE] {
        routes.push(Route::jira(method, "/rest/api/3/webhook", no_webhooks));
    }
    routes
}

fn server_info(call: &Call<'_>) -> Answer {
    let (site, now) = (&call.simulation.site, call.simulation.clock.now());
    let time = wire_time::jira_time(now, &wire_time::zone(&site.time_zone));
    Ok(Reply::ok(&json!({
        "baseUrl": site.base(), "displayUrl": site.base(), "displayUrlConfluence": site.base(),
        "displayUrlServicedeskHelpCenter": site.base(),
        "version": "1001.0.0-SNAPSHOT", "versionNumbers": [1001, 0, 0], "deploymentType": "Cloud",
        "buildNumber": 100_290, "buildDate": "2026-01-14T01:32:47.000+0000", "serverTime": time,
        "scmInfo": "ed1a38b4b07bf5a1a5d7fdd0e07e4fd59f6de5b6", "serverTitle": "Jira", "serverTimeZone": site.time_zone,
    })))
}

fn list(values: &[Value]) -> Answer {
    Ok(Reply::ok(&values).objects(values.len()))
}

fn statuses(call: &Call<'_>) -> Answer {
    let world = call.world();
    list(&world.jira.statuses.values().map(|status| status_json(&call.base, status)).collect::<Vec<_>>())
}

fn categories(call: &Call<'_>) -> Answer {
    list(&CATEGORIES.map(|category| category_json(&call.base, category.1)))
}

fn priorities(call: &Call<'_>) -> Answer {
    let world = call.world();
    let all = world.jira.priorities.iter().map(|(id, name)| {
        let mut value = priority_json(&call.base, *id, name);
        value["description"] = json!("");
        value["statusColor"] = json!("#f15C75");
        value
    });
    list(&all.collect::<Vec<_>>())
}

/// Types of team-managed projects are listed to those who find the project.
fn issue_types(call: &Call<'_>) -> Answer {
    let world = call.world();
    let view = JiraView::new(&world, call.caller.account());
    let finds = |id: u64| world.jira.projects.get(&id).is_some_and(|project| view.can_view_project(project));
    let types = world.jira.issue_types.values().filter(|kind| kind.project.is_none_or(finds));
    list(&types.map(|kind| issue_type_json(&world, &call.base, kind.id)).collect::<Vec<_>>())
}

fn resolutions(call: &Call<'_>) -> Answer {
    let world = call.world();
    list(&world.jira.resolutions.iter().map(|(id, name)| resolution_json(&call.base, *id, name)).collect::<Vec<_>>())
}

fn role_json(world: &World, base: &str, role: &ApplicationRole) -> Value {
    let groups = role.groups.iter().filter_map(|id| world.directory.group(id));
    let (mut names, mut details, mut members) = (Vec::new(), Vec::new(), std::collections::BTreeSet::new());
    for group in groups {
        names.push(group.name.clone());
        details.push(group_json(base, group));
        members.extend(&group.members);
    }
    let first: Vec<&String> = names.iter().take(1).collect();
    let first_details: Vec<&Value> = details.iter().take(1).collect();
    json!({
        "key": role.key, "name": role.name, "groups": names, "groupDetails": details, "defaultGroups": first,
        "defaultGroupsDetails": first_details, "selectedByDefault": true, "defined": true, "hasUnlimitedSeats": true,
        "numberOfSeats": -1, "remainingSeats": -1, "userCount": members.len(), "userCountDescription": "users",
        "platform": false,
    })
}

fn application_roles(call: &Call<'_>) -> Answer {
    let world = call.world();
    gate::admin(&JiraView::new(&world, call.caller.account()))?;
    let roles: Vec<Value> =
        world.jira.application_roles.values().map(|role| role_json(&world, &call.base, role)).collect();
    Ok(Reply::ok(&roles).identities(roles.len()))
}

fn application_role(call: &Call<'_>) -> Answer {
    let world = call.world();
    gate::admin(&JiraView::new(&world, call.caller.account()))?;
    let key = call.path_value("key");
    let role = world.jira.application_roles.get(key);
    let role = role.ok_or_else(|| jira::not_found(&format!("The application role '{key}' does not exist.")))?;
    Ok(Reply::ok(&role_json(&world, &call.base, role)).identities(1))
}

/// Dynamic webhooks are for apps only.
fn no_webhooks(_call: &Call<'_>) -> Answer {
    Err(jira::forbidden("The caller must be a Connect or OAuth 2.0 app."))
}
