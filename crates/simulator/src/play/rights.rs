//! What decides about single issues and spaces: levels, reporters, assignees, permissions of spaces.

use axum::http::Method;
use serde_json::{Value, json};

use super::Change;
use super::stage::{Done, Stage};
use crate::inside::Inside;
use crate::state::space::{Space, SpacePermission, SpacePrincipal, SpaceType};

pub(super) fn change(stage: &mut Stage<'_>) -> Done {
    match stage.draw.u32(..8) {
        0 | 1 => level(stage),
        2 => reporter(stage),
        3 => assignee(stage),
        4 | 5 => grant(stage),
        _ => revoke(stage),
    }
}

fn level(stage: &mut Stage<'_>) -> Done {
    let issue = stage.issue(|world, issue| {
        let project = world.jira.projects.get(&issue.project);
        !issue.archived && project.is_some_and(|project| project.security_scheme.is_some())
    })?;
    let levels: Vec<Option<u64>> = {
        let world = stage.world();
        let scheme = world.jira.projects.get(&issue.project)?.security_scheme?;
        let levels = world.jira.security_schemes.get(&scheme)?.levels.iter().map(|level| Some(level.id));
        levels.chain([None]).filter(|level| *level != issue.security).collect()
    };
    let level = stage.choose(levels)?;
    let security = level.map_or(Value::Null, |level| json!({"id": level.to_string()}));
    let target = format!("/rest/api/3/issue/{}", issue.id);
    let sent = json!({"fields": {"security": security}});
    let (by, _) = stage.send(Some(&issue.creator), &Inside::json(&issue.creator, Method::PUT, target, &sent))?;
    Some((by, Change::IssueLevelled { issue: issue.id, level }))
}

fn reporter(stage: &mut Stage<'_>) -> Done {
    let issue = stage.issue(|_, issue| !issue.archived)?;
    let reporter = stage.person().filter(|person| Some(person) != issue.reporter.as_ref())?;
    let target = format!("/rest/api/3/issue/{}", issue.id);
    let sent = json!({"fields": {"reporter": {"accountId": reporter}}});
    let (by, _) = stage.send(Some(&issue.creator), &Inside::json(&issue.creator, Method::PUT, target, &sent))?;
    Some((by, Change::IssueReported { issue: issue.id, reporter: reporter.to_string() }))
}

fn assignee(stage: &mut Stage<'_>) -> Done {
    let issue = stage.issue(|_, issue| !issue.archived)?;
    let assignee = if stage.one_in(4) { None } else { Some(stage.person()?) };
    let target = format!("/rest/api/3/issue/{}/assignee", issue.id);
    let sent = json!({"accountId": assignee});
    let (by, _) = stage.send(Some(&issue.creator), &Inside::json(&issue.creator, Method::PUT, target, &sent))?;
    Some((by, Change::IssueAssigned { issue: issue.id, assignee: assignee.map(|person| person.to_string()) }))
}

fn space(stage: &mut Stage<'_>) -> Option<Space> {
    let world = stage.world();
    let shared = |space: &&Space| space.space_type != SpaceType::Personal;
    stage.choose::<&Space>(world.confluence.spaces.values().filter(shared).collect()).cloned()
}

fn grant(stage: &mut Stage<'_>) -> Done {
    let space = space(stage)?;
    let (kind, principal) =
        if stage.one_in(2) { ("user", stage.person()?.to_string()) } else { ("group", stage.group()?.to_string()) };
    let sent = json!({
        "subject": {"type": kind, "identifier": principal}, "operation": {"key": "read", "target": "space"},
    });
    let target = format!("/wiki/rest/api/space/{}/permission", space.key);
    let (by, _) = stage.send(Some(&space.author), &Inside::json(&space.author, Method::POST, target, &sent))?;
    Some((by, Change::SpaceGranted { space: space.id, principal: format!("{kind} {principal}") }))
}

/// One reader less, as long as another one remains.
fn revoke(stage: &mut Stage<'_>) -> Done {
    let space = space(stage)?;
    let reads = |row: &&SpacePermission| (row.operation.as_str(), row.target.as_str()) == ("read", "space");
    let readers: Vec<SpacePermission> = space.permissions.iter().filter(reads).cloned().collect();
    if readers.len() < 2 {
        return None;
    }
    let row = stage.choose(readers)?;
    let principal = match &row.principal {
        SpacePrincipal::User(account) => format!("user {account}"),
        SpacePrincipal::Group(group) => format!("group {group}"),
        _ => return None,
    };
    let target = format!("/wiki/rest/api/space/{}/permission/{}", space.key, row.id);
    let (by, _) =
        stage.send(Some(&space.author), &Inside::json(&space.author, Method::DELETE, target, &Value::Null))?;
    Some((by, Change::SpaceRevoked { space: space.id, principal }))
}
