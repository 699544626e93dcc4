//! Changes of issue security schemes. A change of members moves no issue's `updated`.

use axum::http::Method;
use serde::Deserialize;
use serde_json::json;

use super::gate;
use super::holder::SentHolder;
use super::security::no_scheme;
use super::task;
use crate::call::Call;
use crate::reply::{Answer, Reply, jira};
use crate::route::Route;
use crate::state::issue::Issue;
use crate::state::project::{LevelMember, SecurityLevel, SecurityScheme};
use crate::state::{AccountId, World};
use crate::visibility::jira::JiraView;

pub(crate) fn routes() -> Vec<Route> {
    const SCHEME: &str = "/rest/api/3/issuesecurityschemes/{id}";
    const LEVEL: &str = "/rest/api/3/issuesecurityschemes/{schemeId}/level/{levelId}";
    const MEMBER: &str = "/rest/api/3/issuesecurityschemes/{schemeId}/level/{levelId}/member/{memberId}";
    vec![
        Route::jira(Method::POST, "/rest/api/3/issuesecurityschemes", create),
        Route::jira(Method::PUT, "/rest/api/3/issuesecurityschemes/project", assign),
        Route::jira(Method::PUT, "/rest/api/3/issuesecurityschemes/level/default", set_defaults),
        Route::jira(Method::PUT, SCHEME, update),
        Route::jira(Method::DELETE, "/rest/api/3/issuesecurityschemes/{schemeId}", delete),
        Route::jira(Method::PUT, "/rest/api/3/issuesecurityschemes/{schemeId}/level", add_levels),
        Route::jira(Method::PUT, LEVEL, update_level),
        Route::jira(Method::DELETE, LEVEL, delete_level),
        Route::jira(Method::PUT, "/rest/api/3/issuesecurityschemes/{schemeId}/level/{levelId}/member", add_members),
        Route::jira(Method::DELETE, MEMBER, remove_member),
    ]
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct SentLevel {
    name: String,
    #[serde(default)]
    description: Option<String>,
    #[serde(default)]
    is_default: bool,
    #[serde(default)]
    members: Vec<SentHolder>,
}

#[derive(Deserialize)]
struct SentScheme {
    name: String,
    #[serde(default)]
    description: Option<String>,
    #[serde(default)]
    levels: Vec<SentLevel>,
}

fn admin(call: &Call<'_>, world: &World) -> Result<AccountId, Reply> {
    let author = gate::author(call)?;
    gate::admin(&JiraView::new(world, Some(&author)))?;
    Ok(author)
}

fn log(world: &mut World, author: &AccountId, summary: &str, id: u64) {
    let name = world.jira.security_schemes.get(&id).map(|scheme| scheme.name.clone()).unwrap_or_default();
    gate::audit(world, author, summary, "permissions", ("SCHEME", &id.to_string(), &name));
}

fn member(world: &mut World, sent: &SentHolder) -> Result<LevelMember, Reply> {
    let holder = sent.read(world).map_err(|words| jira::bad_request(&words))?;
    Ok(LevelMember { id: world.jira.take_id("level member"), holder })
}

fn level(world: &mut World, sent: &SentLevel) -> Result<SecurityLevel, Reply> {
    if sent.name.trim().is_empty() {
        return Err(jira::bad_field("name", "The name of a level is required."));
    }
    let members = sent.members.iter().map(|sent| member(world, sent)).collect::<Result<Vec<_>, Reply>>()?;
    let id = world.jira.take_id("level");
    let (name, description) = (sent.name.clone(), sent.description.clone().unwrap_or_default());
    Ok(SecurityLevel { id, name, description, members })
}

fn create(call: &Call<'_>) -> Answer {
    let sent: SentScheme = call.jira_body()?;
    let mut world = call.world_mut();
    let author = admin(call, &world)?;
    if sent.name.trim().is_empty() || world.jira.security_schemes.values().any(|scheme| scheme.name == sent.name) {
        return Err(jira::bad_field("name", "The name is empty, or another scheme has it."));
    }
    let levels = sent.levels.iter().map(|sent| level(&mut world, sent)).collect::<Result<Vec<_>, Reply>>()?;
    let default_level = sent.levels.iter().position(|level| level.is_default).map(|index| levels[index].id);
    let id = world.jira.take_id("security scheme");
    let (name, description) = (sent.name, sent.description.unwrap_or_default());
    world.jira.security_schemes.insert(id, SecurityScheme { id, name, description, default_level, levels });
    log(&mut world, &author, "Issue security scheme created", id);
    Ok(Reply::created(&json!({"id": id.to_string()})))
}

/// The scheme of that parameter of the path, to be changed.
fn scheme<'w>(world: &'w mut World, call: &Call<'_>, name: &str) -> Result<&'w mut SecurityScheme, Reply> {
    let scheme = call.path_id(name).and_then(|id| world.jira.security_schemes.get_mut(&id));
    scheme.ok_or_else(|| no_scheme(call.path_value(name)))
}

fn of_path<'w>(world: &'w mut World, call: &Call<'_>) -> Result<&'w mut SecurityLevel, Reply> {
    let id = call.path_id("levelId");
    let level = scheme(world, call, "schemeId")?.levels.iter_mut().find(|level| Some(level.id) == id);
    let words = format!("The security level with id '{}' does not exist.", call.path_value("levelId"));
    level.ok_or_else(|| jira::not_found(&words))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Renamed {
    #[serde(default)]
    name: Option<String>,
    #[serde(default)]
    description: Option<String>,
}

fn update(call: &Call<'_>) -> Answer {
    let sent: Renamed = call.jira_body()?;
    let mut world = call.world_mut();
    let author = admin(call, &world)?;
    let scheme = scheme(&mut world, call, "id")?;
    let id = scheme.id;
    scheme.name = sent.name.unwrap_or_else(|| scheme.name.clone());
    scheme.description = sent.description.unwrap_or_else(|| scheme.description.clone());
    log(&mut world, &author, "Issue security scheme updated", id);
    Ok(Reply::no_content())
}

fn delete(call: &Call<'_>) -> Answer {
    let mut world = call.world_mut();
    let author = admin(call, &world)?;
    let id = scheme(&mut world, call, "schemeId")?.id;
    if world.jira.projects.values().any(|project| project.security_scheme == Some(id)) {
        return Err(jira::bad_request("The issue security scheme is used by projects and cannot be deleted."));
    }
    log(&mut world, &author, "Issue security scheme deleted", id);
    world.jira.security_schemes.remove(&id);
    Ok(Reply::no_content())
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Levels {
    levels: Vec<SentLevel>,
}

fn add_levels(call: &Call<'_>) -> Answer {
    let sent: Levels = call.jira_body()?;
    let mut world = call.world_mut();
    let author = admin(call, &world)?;
    let id = scheme(&mut world, call, "schemeId")?.id;
    let levels = sent.levels.iter().map(|sent| level(&mut world, sent)).collect::<Result<Vec<_>, Reply>>()?;
    let default = sent.levels.iter().position(|level| level.is_default).map(|index| levels[index].id);
    let scheme = scheme(&mut world, call, "schemeId")?;
    scheme.levels.extend(levels);
    scheme.default_level = default.or(scheme.default_level);
    log(&mut world, &author, "Issue security level added", id);
    Ok(Reply::no_content())
}

fn update_level(call: &Call<'_>) -> Answer {
    let sent: Renamed = call.jira_body()?;
    let mut world = call.world_mut();
    admin(call, &world)?;
    let level = of_path(&mut world, call)?;
    level.name = sent.name.unwrap_or_else(|| level.name.clone());
    level.description = sent.description.unwrap_or_else(|| level.description.clone());
    Ok(Reply::no_content())
}

/// Gives issues of a project other levels; those that the mapping does not name lose theirs.
fn relevel(world: &mut World, project: u64, keep: &dyn Fn(u64) -> Option<u64>) {
    let levelled = world.jira.issues_in(project).filter(|issue| issue.security.is_some()).cloned();
    for issue in levelled.collect::<Vec<Issue>>() {
        let security = issue.security.and_then(keep);
        world.jira.put_issue(Issue { security, ..issue });
    }
}

fn delete_level(call: &Call<'_>) -> Answer {
    let mut world = call.world_mut();
    let author = admin(call, &world)?;
    let gone = of_path(&mut world, call)?.id;
    let scheme = scheme(&mut world, call, "schemeId")?;
    let replacement = call.query("replaceWith").and_then(|id| id.parse::<u64>().ok());
    let replacement = replacement.filter(|id| scheme.levels.iter().any(|level| level.id == *id));
    scheme.levels.retain(|level| level.id != gone);
    scheme.default_level = scheme.default_level.filter(|level| *level != gone);
    let id = scheme.id;
    let uses = world.jira.projects.values().filter(|project| project.security_scheme == Some(id));
    for project in uses.map(|project| project.id).collect::<Vec<_>>() {
        relevel(&mut world, project, &|level| if level == gone { replacement } else { Some(level) });
    }
    log(&mut world, &author, "Issue security level removed", id);
    Ok(task::done(call, &mut world))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Members {
    members: Vec<SentHolder>,
}

fn add_members(call: &Call<'_>) -> Answer {
    let sent: Members = call.jira_body()?;
    let mut world = call.world_mut();
    let author = admin(call, &world)?;
    of_path(&mut world, call)?;
    let members = sent.members.iter().map(|sent| member(&mut world, sent)).collect::<Result<Vec<_>, Reply>>()?;
    of_path(&mut world, call)?.members.extend(members);
    log(&mut world, &author, "Issue security level member added", call.path_id("schemeId").unwrap_or(0));
    Ok(Reply::no_content())
}

fn remove_member(call: &Call<'_>) -> Answer {
    let mut world = call.world_mut();
    let author = admin(call, &world)?;
    let id = call.path_id("memberId");
    let level = of_path(&mut world, call)?;
    let before = level.members.len();
    level.members.retain(|member| Some(member.id) != id);
    if level.members.len() == before {
        return Err(jira::not_found("The member does not belong to the level."));
    }
    log(&mut world, &author, "Issue security level member removed", call.path_id("schemeId").unwrap_or(0));
    Ok(Reply::no_content())
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct DefaultValue {
    default_level_id: String,
    issue_security_scheme_id: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct DefaultValues {
    default_values: Vec<DefaultValue>,
}

/// `-1` takes the default away.
fn set_defaults(call: &Call<'_>) -> Answer {
    let sent: DefaultValues = call.jira_body()?;
    let mut world = call.world_mut();
    admin(call, &world)?;
    for value in &sent.default_values {
        let id = &value.issue_security_scheme_id;
        let scheme = id.parse().ok().and_then(|id: u64| world.jira.security_schemes.get_mut(&id));
        let scheme = scheme.ok_or_else(|| no_scheme(id))?;
        let level = value.default_level_id.parse::<u64>().ok();
        let known = level.filter(|id| scheme.levels.iter().any(|level| level.id == *id));
        if known.is_none() && value.default_level_id != "-1" {
            return Err(jira::not_found("The default level does not belong to the scheme."));
        }
        scheme.default_level = known;
    }
    Ok(Reply::no_content())
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Assigned {
    project_id: String,
    scheme_id: Option<String>,
    #[serde(default)]
    old_to_new_security_level_mappings: Vec<Mapped>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Mapped {
    old_level_id: String,
    new_level_id: String,
}

fn assign(call: &Call<'_>) -> Answer {
    let sent: Assigned = call.jira_body()?;
    let mut world = call.world_mut();
    let author = admin(call, &world)?;
    let project = sent.project_id.parse().ok().and_then(|id: u64| world.jira.projects.get(&id));
    let mut project = project.cloned().ok_or_else(|| jira::no_project(&sent.project_id))?;
    let scheme = match sent.scheme_id.as_deref() {
        None | Some("-1") => None,
        Some(id) => {
            let known = id.parse::<u64>().ok().filter(|id| world.jira.security_schemes.contains_key(id));
            Some(known.ok_or_else(|| no_scheme(id))?)
        }
    };
    let (id, name, same) = (project.id, project.name.clone(), project.security_scheme == scheme);
    project.security_scheme = scheme;
    world.jira.put_project(project);
    if !same {
        let mapped = |old: u64| {
            let row = sent.old_to_new_security_level_mappings.iter().find(|row| row.old_level_id.parse() == Ok(old))?;
            row.new_level_id.parse().ok()
        };
        relevel(&mut world, id, &mapped);
    }
    let object = ("PROJECT", &*id.to_string(), &*name);
    gate::audit(&mut world, &author, "Issue security scheme added to project", "permissions", object);
    Ok(task::done(call, &mut world))
}
