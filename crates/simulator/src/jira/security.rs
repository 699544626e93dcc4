//! Issue security: schemes, levels, members and which project uses which scheme. Three calls give the whole model.

use axum::http::Method;
use serde_json::{Value, json};

use super::gate;
use super::holder::holder_json;
use crate::call::Call;
use crate::paging::JiraPage;
use crate::reply::{Answer, Reply, jira};
use crate::route::Route;
use crate::state::World;
use crate::state::project::{LevelMember, SecurityLevel, SecurityScheme};
use crate::visibility::jira::JiraView;

pub(crate) fn routes() -> Vec<Route> {
    vec![
        Route::jira(Method::GET, "/rest/api/3/issuesecurityschemes", list),
        Route::jira(Method::GET, "/rest/api/3/issuesecurityschemes/{id}", one),
        Route::jira(Method::GET, "/rest/api/3/issuesecurityschemes/level", levels),
        Route::jira(Method::GET, "/rest/api/3/issuesecurityschemes/level/member", members),
        Route::jira(Method::GET, "/rest/api/3/issuesecurityschemes/project", projects),
        Route::jira(Method::GET, "/rest/api/3/issuesecurityschemes/{issueSecuritySchemeId}/members", scheme_members),
        Route::jira(Method::GET, "/rest/api/3/project/{projectKeyOrId}/issuesecuritylevelscheme", of_project),
        Route::jira(Method::GET, "/rest/api/3/project/{projectKeyOrId}/securitylevel", project_levels).anonymous(),
        Route::jira(Method::GET, "/rest/api/3/securitylevel/{id}", level),
    ]
}

fn level_json(base: &str, scheme: &SecurityScheme, level: &SecurityLevel) -> Value {
    json!({
        "self": format!("{base}/rest/api/3/securitylevel/{}", level.id), "id": level.id.to_string(),
        "description": level.description, "name": level.name, "isDefault": scheme.default_level == Some(level.id),
        "issueSecuritySchemeId": scheme.id.to_string(),
    })
}

fn scheme_json(base: &str, scheme: &SecurityScheme, with_levels: bool) -> Value {
    let mut value = json!({
        "self": format!("{base}/rest/api/3/issuesecurityschemes/{}", scheme.id), "id": scheme.id, "name": scheme.name,
        "description": scheme.description,
    });
    if let Some(level) = scheme.default_level {
        value["defaultSecurityLevelId"] = json!(level);
    }
    if with_levels {
        let levels = scheme.levels.iter().map(|level| level_json(base, scheme, level));
        value["levels"] = json!(levels.collect::<Vec<_>>());
    }
    value
}

pub(super) fn no_scheme(id: &str) -> Reply {
    jira::not_found(&format!("The issue security scheme with id '{id}' does not exist."))
}

fn admin(world: &World, call: &Call<'_>) -> Result<(), Reply> {
    gate::admin(&JiraView::new(world, call.caller.account()))
}

fn list(call: &Call<'_>) -> Answer {
    let world = call.world();
    admin(&world, call)?;
    let schemes = world.jira.security_schemes.values().map(|scheme| scheme_json(&call.base, scheme, true));
    let schemes: Vec<Value> = schemes.collect();
    let count = schemes.len();
    Ok(Reply::ok(&json!({"issueSecuritySchemes": schemes})).identities(count))
}

/// For administrators of Jira, and of a project that uses the scheme.
fn one(call: &Call<'_>) -> Answer {
    let world = call.world();
    let view = JiraView::new(&world, call.caller.account());
    let scheme = call.path_id("id").and_then(|id| world.jira.security_schemes.get(&id));
    let uses = |id: u64| {
        let mut projects = world.jira.projects.values().filter(|project| project.security_scheme == Some(id));
        projects.any(|project| view.can_administer_project(project))
    };
    if !scheme.is_some_and(|scheme| uses(scheme.id)) {
        gate::admin(&view)?;
    }
    let scheme = scheme.ok_or_else(|| no_scheme(call.path_value("id")))?;
    Ok(Reply::ok(&scheme_json(&call.base, scheme, true)).identities(1))
}

fn all_levels(world: &World) -> impl Iterator<Item = (&SecurityScheme, &SecurityLevel)> {
    world.jira.security_schemes.values().flat_map(|scheme| scheme.levels.iter().map(move |level| (scheme, level)))
}

fn chosen(wanted: &[u64], id: u64) -> bool {
    wanted.is_empty() || wanted.contains(&id)
}

/// Ids in the query; what is no number is a 400, and not something that nothing has.
fn ids(call: &Call<'_>, name: &str) -> Result<Vec<u64>, Reply> {
    let bad = |word: &str| jira::bad_request(&format!("The value '{word}' is not valid for {name}."));
    call.query_list(name).into_iter().map(|word| word.parse().map_err(|_| bad(word))).collect()
}

fn levels(call: &Call<'_>) -> Answer {
    let page = JiraPage::of(call, 50, 100)?;
    let (wanted, schemes) = (ids(call, "id")?, ids(call, "schemeId")?);
    let only_default = call.query_flag("onlyDefault");
    let world = call.world();
    admin(&world, call)?;
    let fits = |(scheme, level): &(&SecurityScheme, &SecurityLevel)| {
        chosen(&wanted, level.id)
            && chosen(&schemes, scheme.id)
            && (!only_default || scheme.default_level == Some(level.id))
    };
    let found: Vec<_> = all_levels(&world).filter(fits).collect();
    Ok(page.reply(call, &found, |(scheme, level)| level_json(&call.base, scheme, level)))
}

type Membership<'w> = (&'w SecurityScheme, &'w SecurityLevel, &'w LevelMember);

fn all_members(world: &World) -> impl Iterator<Item = Membership<'_>> {
    all_levels(world).flat_map(|(scheme, level)| level.members.iter().map(move |member| (scheme, level, member)))
}

/// Ids are text here and numbers at a single scheme's members, as at Atlassian.
fn members(call: &Call<'_>) -> Answer {
    let page = JiraPage::of(call, 50, 100)?;
    let (wanted, schemes, levels) = (ids(call, "id")?, ids(call, "schemeId")?, ids(call, "levelId")?);
    let expand = call.query_list("expand");
    let world = call.world();
    admin(&world, call)?;
    let fits = |(scheme, level, member): &Membership<'_>| {
        chosen(&wanted, member.id) && chosen(&schemes, scheme.id) && chosen(&levels, level.id)
    };
    let found: Vec<Membership<'_>> = all_members(&world).filter(fits).collect();
    Ok(page.reply(call, &found, |(scheme, level, member)| {
        json!({
            "id": member.id.to_string(), "issueSecurityLevelId": level.id.to_string(),
            "issueSecuritySchemeId": scheme.id.to_string(), "managed": false,
            "holder": level_holder(&world, &call.base, member, &expand),
        })
    }))
}

/// Levels write their holders' types in lower case for roles, unlike permission schemes.
fn level_holder(world: &World, base: &str, member: &LevelMember, expand: &[&str]) -> Value {
    let mut holder = holder_json(world, base, &member.holder, expand);
    if holder["type"] == "projectRole" {
        holder["type"] = json!("projectrole");
    }
    holder
}

fn scheme_members(call: &Call<'_>) -> Answer {
    let page = JiraPage::of(call, 50, 100)?;
    let (levels, expand) = (ids(call, "issueSecurityLevelId")?, call.query_list("expand"));
    let world = call.world();
    admin(&world, call)?;
    let id = call.path_id("issueSecuritySchemeId").filter(|id| world.jira.security_schemes.contains_key(id));
    let id = id.ok_or_else(|| no_scheme(call.path_value("issueSecuritySchemeId")))?;
    let fits = |(scheme, level, _): &Membership<'_>| scheme.id == id && chosen(&levels, level.id);
    let found: Vec<Membership<'_>> = all_members(&world).filter(fits).collect();
    Ok(page.reply(call, &found, |(_, level, member)| {
        let holder = level_holder(&world, &call.base, member, &expand);
        json!({"id": member.id, "issueSecurityLevelId": level.id, "holder": holder})
    }))
}

fn projects(call: &Call<'_>) -> Answer {
    let page = JiraPage::of(call, 50, 100)?;
    let (schemes, wanted) = (ids(call, "issueSecuritySchemeId")?, ids(call, "projectId")?);
    let world = call.world();
    admin(&world, call)?;
    let pairs = world.jira.projects.values().filter_map(|project| Some((project.security_scheme?, project.id)));
    let found: Vec<(u64, u64)> =
        pairs.filter(|(scheme, project)| chosen(&schemes, *scheme) && chosen(&wanted, *project)).collect();
    Ok(page.reply(
        call,
        &found,
        |(scheme, project)| json!({"issueSecuritySchemeId": scheme.to_string(), "projectId": project.to_string()}),
    ))
}

fn of_project(call: &Call<'_>) -> Answer {
    let world = call.world();
    let view = JiraView::new(&world, call.caller.account());
    let project = gate::administered(&world, &view, call.path_value("projectKeyOrId"))?;
    let scheme = project.security_scheme.and_then(|id| world.jira.security_schemes.get(&id));
    let scheme = scheme.ok_or_else(|| jira::not_found("The project has no issue security scheme."))?;
    Ok(Reply::ok(&scheme_json(&call.base, scheme, true)).identities(1))
}

/// Levels that the caller may set: none without Set Issue Security, and only those to which it belongs.
fn project_levels(call: &Call<'_>) -> Answer {
    let world = call.world();
    let view = JiraView::new(&world, call.caller.account());
    let project = gate::project(&world, &view, call.path_value("projectKeyOrId"))?;
    let scheme = project.security_scheme.and_then(|id| world.jira.security_schemes.get(&id));
    let may_set = call.caller.account.is_some() && view.has_permission(project, "SET_ISSUE_SECURITY", None);
    let mut values: Vec<Value> = Vec::new();
    if let Some(scheme) = scheme.filter(|_| may_set) {
        let inside =
            |level: &&SecurityLevel| level.members.iter().any(|member| view.holds(&member.holder, project, None));
        values.extend(scheme.levels.iter().filter(inside).map(|level| level_json(&call.base, scheme, level)));
    }
    let count = values.len();
    Ok(Reply::ok(&json!({"levels": values})).identities(count))
}

fn level(call: &Call<'_>) -> Answer {
    let world = call.world();
    let found = call.path_id("id").and_then(|id| world.jira.security_level(id));
    let words = || jira::not_found(&format!("The security level with id '{}' does not exist.", call.path_value("id")));
    let (scheme, level) = found.ok_or_else(words)?;
    Ok(Reply::ok(&level_json(&call.base, scheme, level)).identities(1))
}
