//! Projects with their people, schemes and levels, and the names that issues use: states, types, components, versions.
//!
//! Who browses a project depends on its place in the order of keys: `KEY-people`; role Developers, played by them; core,
//! reporter and assignee; or everybody with Jira. Every project may use the levels of one scheme: `Core`, and
//! `Reporter and lead`.

use std::collections::{BTreeMap, BTreeSet};

use super::issues::Record;
use super::people::{People, add_group};
use crate::state::project::{
    Actors, Grant, Holder, IssueStatus, IssueType, LevelMember, PermissionScheme, ProjectStyle, SecurityLevel,
    SecurityScheme,
};
use crate::state::{AccountId, GroupId, World};
use crate::visibility::jira::BROWSE;

/// Ids of what issues name.
#[derive(Debug)]
pub(super) struct Names {
    pub(super) kinds: BTreeMap<String, u64>,
    pub(super) statuses: BTreeMap<String, u64>,
    pub(super) priorities: BTreeMap<String, u64>,
    pub(super) resolutions: BTreeMap<String, u64>,
}

/// What issues refer to.
#[derive(Debug)]
pub(super) struct Projects {
    /// Types, states, priorities and resolutions.
    pub(super) names: Names,
    /// Project ids by key.
    pub(super) ids: BTreeMap<String, u64>,
    /// Component ids by project key and name.
    pub(super) components: BTreeMap<(String, String), u64>,
    /// Version ids by project key and name.
    pub(super) versions: BTreeMap<(String, String), u64>,
    /// The role that some comments are for.
    pub(super) developers: u64,
    /// Level of core.
    pub(super) core_level: u64,
    /// Level of reporter and lead.
    pub(super) own_level: u64,
}

/// Adds what all issues refer to.
pub(super) fn add(world: &mut World, people: &People, issues: &[Record]) -> Projects {
    world.clock.set(1_104_537_600_000);
    add_names(world, issues);
    let developers = world.jira.role_by_name("Developers").map_or(0, |role| role.id);
    let (scheme, core_level, own_level) = add_levels(world, people);
    let jira = &world.jira;
    let names = Names {
        kinds: jira.issue_types.values().map(|kind| (kind.name.clone(), kind.id)).collect(),
        statuses: jira.statuses.values().map(|status| (status.name.clone(), status.id)).collect(),
        priorities: jira.priorities.iter().map(|(id, name)| (name.clone(), *id)).collect(),
        resolutions: jira.resolutions.iter().map(|(id, name)| (name.clone(), *id)).collect(),
    };
    let mut projects = Projects {
        names,
        ids: BTreeMap::new(),
        components: BTreeMap::new(),
        versions: BTreeMap::new(),
        developers,
        core_level,
        own_level,
    };
    let mut of_project: BTreeMap<&str, Vec<&Record>> = BTreeMap::new();
    for issue in issues {
        of_project.entry(&issue.project.key).or_default().push(issue);
    }
    for (place, (key, issues)) in of_project.into_iter().enumerate() {
        add_project(world, people, &mut projects, (place, key), &issues, scheme);
    }
    projects
}

/// Types, states, priorities and resolutions that a new site does not have.
fn add_names(world: &mut World, issues: &[Record]) {
    let jira = &mut world.jira;
    let set = |of: fn(&Record) -> Option<&String>| issues.iter().filter_map(of).collect::<BTreeSet<_>>();
    for name in set(|issue| Some(&issue.kind)) {
        if !jira.issue_types.values().any(|known| known.name == *name) {
            let id = jira.take_id("issue type") + 100;
            let level = if name.starts_with("Sub-") || name == "Technical task" { -1 } else { 0 };
            jira.issue_types.insert(id, IssueType { id, name: name.clone(), level, project: None });
        }
    }
    for name in set(|issue| Some(&issue.status)) {
        if !jira.statuses.values().any(|known| known.name == *name) {
            let id = jira.take_id("status") + 100;
            let category = match name.as_str() {
                "Open" | "Reopened" => "new",
                "Pull Request" => "indeterminate",
                _ => "done",
            };
            jira.statuses.insert(id, IssueStatus { id, name: name.clone(), category });
        }
    }
    for name in set(|issue| issue.priority.as_ref()) {
        if !jira.priorities.values().any(|known| known == name) {
            let id = jira.take_id("priority");
            jira.priorities.insert(id, name.clone());
        }
    }
    for name in set(|issue| issue.resolution.as_ref()) {
        if !jira.resolutions.values().any(|known| known == name) {
            let id = jira.take_id("resolution") + 100;
            jira.resolutions.insert(id, name.clone());
        }
    }
}

/// The scheme, its level of core, and its level of reporter and lead.
fn add_levels(world: &mut World, people: &People) -> (u64, u64, u64) {
    let robots = || Holder::Group(people.robots.clone());
    let levels = [
        ("Core", vec![Holder::Group(people.core.clone()), robots()]),
        ("Reporter and lead", vec![Holder::Reporter, Holder::ProjectLead, robots()]),
    ];
    let levels = levels.map(|(name, holders)| {
        let members = holders.into_iter();
        let members = members.map(|holder| LevelMember { id: world.jira.take_id("level member"), holder }).collect();
        SecurityLevel { id: world.jira.take_id("level"), name: name.to_owned(), description: String::new(), members }
    });
    let id = world.jira.take_id("security scheme");
    let (core, own) = (levels[0].id, levels[1].id);
    let (name, description) = ("Levels".to_owned(), String::new());
    let levels = levels.into();
    world.jira.security_schemes.insert(id, SecurityScheme { id, name, description, default_level: None, levels });
    (id, core, own)
}

fn add_project(
    world: &mut World,
    people: &People,
    projects: &mut Projects,
    (place, key): (usize, &str),
    issues: &[&Record],
    levels: u64,
) {
    let names: BTreeSet<&String> = issues.iter().flat_map(|issue| issue.names()).collect();
    let lead = people.named(names.first().copied()).unwrap_or_else(|| people.robot.clone());
    let members: BTreeSet<AccountId> = names.into_iter().filter_map(|name| people.named(Some(name))).collect();
    let group = add_group(world, &format!("{key}-people"), members);
    let name = issues.first().map_or(key, |issue| &issue.project.title);
    let Some(id) = world.create_project(key, name, "software", ProjectStyle::Classic, &lead) else { return };
    let scheme = add_scheme(world, people, place, key, &group, projects.developers);
    let Some(mut project) = world.jira.projects.get(&id).cloned() else { return };
    project.permission_scheme = scheme;
    project.security_scheme = Some(levels);
    let users = [people.robot.clone()].into();
    project.roles.insert(projects.developers, Actors { users, groups: [group].into() });
    for name in issues.iter().flat_map(|issue| &issue.components).collect::<BTreeSet<_>>() {
        let component = world.jira.take_id("component");
        project.components.insert(component, name.clone());
        projects.components.insert((key.to_owned(), name.clone()), component);
    }
    let versions = issues.iter().flat_map(|issue| issue.versions.iter().chain(&issue.fix_versions));
    for name in versions.collect::<BTreeSet<_>>() {
        let version = world.jira.take_id("version");
        project.versions.insert(version, name.clone());
        projects.versions.insert((key.to_owned(), name.clone()), version);
    }
    world.jira.put_project(project);
    projects.ids.insert(key.to_owned(), id);
}

fn add_scheme(world: &mut World, people: &People, place: usize, key: &str, group: &GroupId, developers: u64) -> u64 {
    let robots = Holder::Group(people.robots.clone());
    let holders = match place % 4 {
        0 => vec![Holder::Group(group.clone()), robots],
        1 => vec![Holder::ProjectRole(developers)],
        2 => vec![Holder::Group(people.core.clone()), Holder::Reporter, Holder::Assignee],
        _ => vec![Holder::ApplicationRole(None)],
    };
    let mut grants = Vec::new();
    for holder in holders {
        let id = world.jira.take_id("grant") + 100;
        grants.push(Grant { id, holder, permission: BROWSE.to_owned() });
    }
    let id = world.jira.take_id("permission scheme");
    let (name, description) = (format!("Scheme of {key}"), String::new());
    world.jira.permission_schemes.insert(id, PermissionScheme { id, name, description, project: None, grants });
    id
}
