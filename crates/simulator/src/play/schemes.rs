//! Roles, permission schemes and security levels: many issues change hands, and none of them says so.

use axum::http::Method;
use serde_json::{Value, json};

use super::stage::{Done, Stage};
use super::{Change, issues};
use crate::inside::Inside;
use crate::state::project::{Grant, Holder, SecurityLevel};
use crate::visibility::jira::BROWSE;

pub(super) fn change(stage: &mut Stage<'_>) -> Done {
    match stage.draw.u32(..10) {
        0 | 1 => add_actor(stage),
        2 | 3 => remove_actor(stage),
        4 => grant(stage),
        5 => revoke(stage),
        6 => assign(stage),
        7 | 8 => add_member(stage),
        _ => remove_member(stage),
    }
}

fn words(holder: &Holder) -> String {
    match holder.wire_value() {
        Some(value) => format!("{} {value}", holder.wire_type()),
        None => holder.wire_type().to_owned(),
    }
}

/// A person or a group, as a role's route takes it: (kind, property, id).
fn actor(stage: &mut Stage<'_>) -> Option<(&'static str, &'static str, String)> {
    if stage.one_in(2) {
        Some(("user", "user", stage.person()?.to_string()))
    } else {
        Some(("group", "groupId", stage.group()?.to_string()))
    }
}

fn add_actor(stage: &mut Stage<'_>) -> Done {
    let project = issues::project(stage)?;
    let role = stage.choose::<u64>(project.roles.keys().copied().collect())?;
    let (kind, property, id) = actor(stage)?;
    let mut sent = serde_json::Map::new();
    sent.insert(property.to_owned(), json!([id]));
    let target = format!("/rest/api/3/project/{}/role/{role}", project.key);
    let request = Inside::json(&project.lead, Method::POST, target, &sent.into());
    let (by, _) = stage.send(Some(&project.lead), &request)?;
    Some((by, Change::RoleActorAdded { project: project.id, role, actor: format!("{kind} {id}") }))
}

fn remove_actor(stage: &mut Stage<'_>) -> Done {
    let project = issues::project(stage)?;
    let mut all = Vec::new();
    for (role, actors) in &project.roles {
        all.extend(actors.users.iter().map(|account| (*role, "user", "user", account.to_string())));
        all.extend(actors.groups.iter().map(|group| (*role, "group", "groupId", group.to_string())));
    }
    let (role, kind, property, id) = stage.choose(all)?;
    let target = format!("/rest/api/3/project/{}/role/{role}?{property}={id}", project.key);
    let request = Inside::json(&project.lead, Method::DELETE, target, &Value::Null);
    let (by, _) = stage.send(Some(&project.lead), &request)?;
    Some((by, Change::RoleActorRemoved { project: project.id, role, actor: format!("{kind} {id}") }))
}

/// A holder of any type, as it is sent.
fn holder(stage: &mut Stage<'_>) -> Option<(Value, String)> {
    let (kind, value) = match stage.draw.u32(..7) {
        0 => ("reporter", None),
        1 => ("assignee", None),
        2 => ("projectLead", None),
        3 => ("user", Some(stage.person()?.to_string())),
        4 => {
            let roles = stage.world().jira.roles.keys().copied().collect();
            ("projectRole", Some(stage.choose::<u64>(roles)?.to_string()))
        }
        _ => ("group", Some(stage.group()?.to_string())),
    };
    let words = value.as_ref().map_or_else(|| kind.to_owned(), |value| format!("{kind} {value}"));
    Some((json!({"type": kind, "parameter": value, "value": value}), words))
}

fn scheme(stage: &mut Stage<'_>) -> Option<(u64, Vec<Grant>)> {
    let project = issues::project(stage)?;
    let world = stage.world();
    let scheme = world.jira.permission_schemes.get(&project.permission_scheme)?;
    let browse = scheme.grants.iter().filter(|grant| grant.permission == BROWSE).cloned().collect();
    Some((scheme.id, browse))
}

fn grant(stage: &mut Stage<'_>) -> Done {
    let (scheme, _) = scheme(stage)?;
    let (holder, words) = holder(stage)?;
    let anybody = stage.person()?;
    let target = format!("/rest/api/3/permissionscheme/{scheme}/permission");
    let sent = json!({"holder": holder, "permission": BROWSE});
    let (by, _) = stage.send(None, &Inside::json(&anybody, Method::POST, target, &sent))?;
    Some((by, Change::BrowseGranted { scheme, holder: words }))
}

/// One grant less, as long as another one remains.
fn revoke(stage: &mut Stage<'_>) -> Done {
    let (scheme, grants) = scheme(stage)?;
    if grants.len() < 2 {
        return None;
    }
    let grant = stage.choose(grants)?;
    let anybody = stage.person()?;
    let target = format!("/rest/api/3/permissionscheme/{scheme}/permission/{}", grant.id);
    let (by, _) = stage.send(None, &Inside::json(&anybody, Method::DELETE, target, &Value::Null))?;
    Some((by, Change::BrowseRevoked { scheme, holder: words(&grant.holder) }))
}

fn assign(stage: &mut Stage<'_>) -> Done {
    let project = issues::project(stage)?;
    let schemes: Vec<u64> = {
        let world = stage.world();
        let shared = world.jira.permission_schemes.values().filter(|scheme| scheme.project.is_none());
        shared.map(|scheme| scheme.id).filter(|id| *id != project.permission_scheme).collect()
    };
    let scheme = stage.choose(schemes)?;
    let target = format!("/rest/api/3/project/{}/permissionscheme", project.key);
    let (by, _) = stage.send(None, &Inside::json(&project.lead, Method::PUT, target, &json!({"id": scheme})))?;
    Some((by, Change::SchemeAssigned { project: project.id, scheme }))
}

/// A level with the scheme that holds it.
fn level(stage: &mut Stage<'_>) -> Option<(u64, SecurityLevel)> {
    let world = stage.world();
    let schemes = world.jira.security_schemes.values();
    let levels = schemes.flat_map(|scheme| scheme.levels.iter().map(move |level| (scheme.id, level)));
    stage.choose::<(u64, &SecurityLevel)>(levels.collect()).map(|(scheme, level)| (scheme, level.clone()))
}

fn add_member(stage: &mut Stage<'_>) -> Done {
    let (scheme, level) = level(stage)?;
    let (holder, words) = holder(stage)?;
    let anybody = stage.person()?;
    let target = format!("/rest/api/3/issuesecurityschemes/{scheme}/level/{}/member", level.id);
    let request = Inside::json(&anybody, Method::PUT, target, &json!({"members": [holder]}));
    let (by, _) = stage.send(None, &request)?;
    Some((by, Change::LevelMemberAdded { level: level.id, holder: words }))
}

fn remove_member(stage: &mut Stage<'_>) -> Done {
    let (scheme, level) = level(stage)?;
    let member = stage.choose(level.members)?;
    let anybody = stage.person()?;
    let target = format!("/rest/api/3/issuesecurityschemes/{scheme}/level/{}/member/{}", level.id, member.id);
    let (by, _) = stage.send(None, &Inside::json(&anybody, Method::DELETE, target, &Value::Null))?;
    Some((by, Change::LevelMemberRemoved { level: level.id, holder: words(&member.holder) }))
}
