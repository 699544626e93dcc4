//! Accounts and groups: joining, leaving, switching off and on, other names, new and deleted groups.

use axum::http::Method;
use serde_json::{Value, json};

use super::Change;
use super::stage::{Done, Stage, administrators, services};
use crate::inside::Inside;
use crate::state::directory::{AccountType, Group, Person};
use crate::state::{AccountId, World};

pub(super) fn change(stage: &mut Stage<'_>) -> Done {
    match stage.draw.u32(..14) {
        0..=3 => join(stage),
        4..=6 => leave(stage),
        7 => create_group(stage),
        8 => rename_group(stage),
        9 => delete_group(stage),
        10 => switch_account(stage, true),
        11 | 12 => switch_account(stage, false),
        _ => rename_account(stage),
    }
}

/// Groups that give a product, or administer something.
fn carries(world: &World, group: &Group) -> bool {
    let confluence = &world.confluence;
    let sets = [
        &confluence.user_groups,
        &confluence.admin_groups,
        &confluence.guest_groups,
        &world.jira.admin_groups,
        &world.jira.browse_users_groups,
        &world.directory.site_admin_groups,
    ];
    let roles = world.jira.application_roles.values().map(|role| &role.groups);
    sets.into_iter().chain(roles).any(|groups| groups.contains(&group.id))
}

/// Accounts without which nothing goes on.
fn kept(world: &World) -> Vec<AccountId> {
    [administrators(world), services(world)].concat()
}

fn group(stage: &mut Stage<'_>, fits: impl Fn(&World, &Group) -> bool) -> Option<Group> {
    let world = stage.world();
    let all = world.directory.groups.values().filter(|group| !group.deleted && fits(&world, group)).collect();
    stage.choose::<&Group>(all).cloned()
}

fn join(stage: &mut Stage<'_>) -> Done {
    let group = group(stage, |world, group| !carries(world, group) || group.members.len() > 3)?;
    let account = stage.person().filter(|account| !group.members.contains(account))?;
    let target = format!("/rest/api/3/group/user?groupId={}", group.id);
    let request = Inside::json(&account, Method::POST, target, &json!({"accountId": account}));
    let (by, _) = stage.send(None, &request)?;
    Some((by, Change::GroupJoined { group: group.id.to_string(), account: account.to_string() }))
}

fn leave(stage: &mut Stage<'_>) -> Done {
    let group = group(stage, |_, group| !group.members.is_empty())?;
    let members: Vec<AccountId> = {
        let world = stage.world();
        let stays = kept(&world);
        let free = |account: &&AccountId| !carries(&world, &group) || !stays.contains(account);
        group.members.iter().filter(free).cloned().collect()
    };
    let account = stage.choose(members)?;
    let target = format!("/rest/api/3/group/user?groupId={}&accountId={account}", group.id);
    let (by, _) = stage.send(None, &Inside::json(&account, Method::DELETE, target, &Value::Null))?;
    Some((by, Change::GroupLeft { group: group.id.to_string(), account: account.to_string() }))
}

fn create_group(stage: &mut Stage<'_>) -> Done {
    let name = format!("team-{}", stage.word);
    let anybody = stage.person()?;
    let request = Inside::json(&anybody, Method::POST, "/rest/api/3/group", &json!({"name": name}));
    let (by, answer) = stage.send(None, &request)?;
    Some((by, Change::GroupCreated { group: answer["groupId"].as_str()?.to_owned(), name }))
}

fn rename_group(stage: &mut Stage<'_>) -> Done {
    let group = group(stage, |_, _| true)?;
    let name = format!("renamed-{}", stage.word);
    let anybody = stage.person()?;
    let target = format!("/admin/o/{}/groups/{}", stage.simulation.site.org_id, group.id);
    let (by, _) = stage.send(None, &Inside::json(&anybody, Method::PUT, target, &json!({"name": name})))?;
    Some((by, Change::GroupRenamed { group: group.id.to_string(), name }))
}

fn delete_group(stage: &mut Stage<'_>) -> Done {
    let group = group(stage, |world, group| !carries(world, group))?;
    let anybody = stage.person()?;
    let target = format!("/rest/api/3/group?groupId={}", group.id);
    let (by, _) = stage.send(None, &Inside::json(&anybody, Method::DELETE, target, &Value::Null))?;
    Some((by, Change::GroupDeleted { group: group.id.to_string() }))
}

fn account(stage: &mut Stage<'_>, active: bool) -> Option<Person> {
    let world = stage.world();
    let stays = kept(&world);
    let fits = |person: &&Person| {
        person.active == active && person.account_type == AccountType::Atlassian && !stays.contains(&person.account_id)
    };
    let all: Vec<&Person> = world.directory.people.values().filter(fits).collect();
    // At least half of the company stays awake.
    if active && 2 * all.len() < world.directory.people.len() {
        return None;
    }
    stage.choose(all).cloned()
}

fn switch_account(stage: &mut Stage<'_>, off: bool) -> Done {
    let person = account(stage, off)?;
    let word = if off { "disable" } else { "enable" };
    let target = format!("/users/{}/manage/lifecycle/{word}", person.account_id);
    let (by, _) = stage.send(None, &Inside::json(&person.account_id, Method::POST, target, &json!({})))?;
    let account = person.account_id.to_string();
    Some((by, if off { Change::AccountDeactivated { account } } else { Change::AccountReactivated { account } }))
}

fn rename_account(stage: &mut Stage<'_>) -> Done {
    let person = account(stage, true)?;
    let name = format!("Person {}", stage.word);
    let target = format!("/users/{}/manage/profile", person.account_id);
    let (by, _) = stage.send(None, &Inside::json(&person.account_id, Method::PATCH, target, &json!({"name": name})))?;
    Some((by, Change::AccountRenamed { account: person.account_id.to_string(), name }))
}
