//! Accounts for the names in the data, and the groups that give them access.
//!
//! | group | who |
//! |---|---|
//! | `everyone` | all accounts; access to Jira |
//! | `wiki` | four of five; access to Confluence |
//! | `core` | every ninth, and the service account |
//! | `robots` | the service account; administers both products, as one that reads permissions must |
//! | `KEY-people` | whoever is named in an issue of that project |
//!
//! Every twelfth account is deactivated.

use std::collections::{BTreeMap, BTreeSet};

use super::issues::Record;
use super::{ORGANIZATION_KEY, TOKEN};
use crate::state::credentials::{Token, TokenKind};
use crate::state::directory::{AccountType, EmailVisibility, Group, Person, stable_uuid};
use crate::state::project::ApplicationRole;
use crate::state::{AccountId, GroupId, World};
use crate::world_file::READING_SCOPES;

/// Who there is.
#[derive(Debug)]
pub(super) struct People {
    by_name: BTreeMap<String, AccountId>,
    /// All people in order of their names, without the service account.
    pub(super) all: Vec<AccountId>,
    /// The service account.
    pub(super) robot: AccountId,
    pub(super) wiki: GroupId,
    pub(super) core: GroupId,
    pub(super) robots: GroupId,
}

impl People {
    /// The account of a name in the data.
    pub(super) fn named(&self, name: Option<&String>) -> Option<AccountId> {
        self.by_name.get(name?).cloned()
    }

    /// Somebody, chosen by number.
    pub(super) fn number(&self, number: usize) -> AccountId {
        self.all.get(number % self.all.len().max(1)).unwrap_or(&self.robot).clone()
    }
}

/// Adds a group with its members.
pub(super) fn add_group(world: &mut World, name: &str, members: BTreeSet<AccountId>) -> GroupId {
    let id: GroupId = stable_uuid(&format!("group {name}")).into();
    let (name, description) = (name.to_owned(), String::new());
    world.directory.put_group(Group { id: id.clone(), name, description, members, deleted: false });
    id
}

/// Adds everybody who is named in an issue, the service account, groups and credentials.
pub(super) fn add(world: &mut World, issues: &[Record]) -> People {
    let names: BTreeSet<&String> = issues.iter().flat_map(Record::names).collect();
    let mut by_name = BTreeMap::new();
    for (number, name) in names.into_iter().enumerate() {
        let email = format!("person{number}@real.example");
        let id = put_person(world, name, email, AccountType::Atlassian, number % 12 != 11);
        put_token(world, &format!("ATATT-person{number}"), Some(&id), TokenKind::Personal);
        by_name.insert(name.clone(), id);
    }
    let all: Vec<AccountId> = by_name.values().cloned().collect();
    let robot = put_person(world, "fossick", "fossick@serviceaccount.atlassian.com".to_owned(), AccountType::App, true);
    put_token(world, TOKEN, Some(&robot), TokenKind::ServiceAccount);
    put_token(world, ORGANIZATION_KEY, None, TokenKind::OrgAdmin);
    let with_robot = |chosen: fn(usize) -> bool| {
        let chosen = all.iter().enumerate().filter(|(number, _)| chosen(*number)).map(|(_, id)| id.clone());
        chosen.chain([robot.clone()]).collect()
    };
    let everyone = add_group(world, "everyone", with_robot(|_| true));
    let wiki = add_group(world, "wiki", with_robot(|number| number % 5 != 4));
    let core = add_group(world, "core", with_robot(|number| number % 9 == 0));
    let robots = add_group(world, "robots", with_robot(|_| false));
    let (key, name) = ("jira-software".to_owned(), "Jira".to_owned());
    let role = ApplicationRole { key: key.clone(), name, groups: [everyone].into() };
    world.jira.application_roles.insert(key, role);
    world.jira.admin_groups.insert(robots.clone());
    world.jira.browse_users_groups.insert(robots.clone());
    world.confluence.user_groups.insert(wiki.clone());
    world.confluence.admin_groups.insert(robots.clone());
    People { by_name, all, robot, wiki, core, robots }
}

fn put_person(world: &mut World, name: &str, email: String, account_type: AccountType, active: bool) -> AccountId {
    let digest = stable_uuid(&format!("person {name}")).replace('-', "");
    let account_id: AccountId = digest[..24].into();
    world.directory.put_person(Person {
        account_id: account_id.clone(),
        display_name: name.to_owned(),
        email,
        email_visibility: EmailVisibility::Visible,
        account_type,
        active,
        time_zone: world.site.time_zone.clone(),
        guest: false,
        managed: account_type == AccountType::Atlassian,
        email_verified: true,
        created_at: world.clock.now(),
    });
    account_id
}

fn put_token(world: &mut World, secret: &str, account: Option<&AccountId>, kind: TokenKind) {
    let scopes = if kind == TokenKind::ServiceAccount { &READING_SCOPES[..] } else { &[] };
    let scopes = scopes.iter().map(|scope| (*scope).to_owned()).collect();
    let (secret, account) = (secret.to_owned(), account.cloned());
    world.credentials.put(Token { secret, account, kind, scopes, expires_at: None, revoked: false });
}
