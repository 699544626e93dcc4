//! Which change comes next: the one that a company as it is now makes most likely to be handled wrongly.

use super::change::{Change, living};
use super::jira::{ROLES, holders};
use super::{Draw, ROBOT, WORD};
use crate::state::World;
use crate::state::confluence::RoleMode;
use crate::state::issue::adf_text;

pub(super) fn draw(world: &World, n: usize, draw: &mut Draw) -> Change {
    match draw.rng.u8(0..100) {
        0..40 => in_wiki(world, n, draw),
        40..58 => of_people(world, n, draw),
        _ => in_jira(world, n, draw),
    }
}

fn some(draw: &mut Draw, names: impl Iterator<Item = String>) -> String {
    let names: Vec<String> = names.collect();
    draw.rng.choice(&names).cloned().unwrap_or_default()
}

/// Somebody by handle. The service account stays as it is: without it there is nothing to compare.
fn person(world: &World, draw: &mut Draw) -> String {
    some(draw, world.directory.people.values().map(|person| person.display_name.clone()).filter(|name| name != ROBOT))
}

/// A group that still exists and gives the service account nothing that it needs.
fn group(world: &World, draw: &mut Draw) -> String {
    let groups = world.directory.groups.values().filter(|group| !group.deleted);
    some(draw, groups.map(|group| group.name.clone()))
}

fn plain_group(world: &World, draw: &mut Draw) -> String {
    let groups = world.directory.groups.values().filter(|group| !group.deleted && group.name.starts_with('g'));
    some(draw, groups.map(|group| group.name.clone()).filter(|name| name != "guests"))
}

fn subjects(world: &World, draw: &mut Draw) -> Vec<String> {
    let list = (0..draw.rng.usize(1..4)).map(|_| {
        if draw.chance(50) { format!("@{}", person(world, draw)) } else { format!("group:{}", group(world, draw)) }
    });
    let list = list.collect();
    draw.served(list)
}

fn page(world: &World, draw: &mut Draw) -> String {
    let content = world.confluence.content.values().filter(|content| living(content) || draw_all(content.id));
    some(draw, content.map(|content| content.title.clone()))
}

/// One in eight of what is not listed may change as well.
fn draw_all(id: u64) -> bool {
    id.is_multiple_of(8)
}

fn space(world: &World, draw: &mut Draw) -> String {
    some(draw, world.confluence.spaces.values().map(|space| space.key.clone()))
}

fn in_wiki(world: &World, n: usize, draw: &mut Draw) -> Change {
    let page = page(world, draw);
    match draw.rng.u8(0..44) {
        0..8 => Change::View { page, list: subjects(world, draw) },
        8 | 9 => {
            // Of what was for a few only: else nothing is disclosed.
            let secret = world.confluence.content.values().filter(|content| !content.restrictions.read.is_empty());
            let page = some(draw, secret.filter(|content| living(content)).map(|content| content.title.clone()));
            Change::Disclose { page, title: format!("disclosed {n} {WORD}") }
        }
        10..15 => Change::View { page, list: Vec::new() },
        15..21 => {
            let under = draw.chance(80).then(|| self::page(world, draw));
            Change::Move { page, under }
        }
        21..24 => Change::MoveToSpace { page, space: space(world, draw) },
        24 => {
            let title = format!("{page} renamed {n}");
            Change::Retitle { page, title }
        }
        25..28 => {
            let status = draw.one(&["archived", "trashed", "current", "current"]).to_owned();
            Change::PageStatus { page, status }
        }
        28 => {
            let parents = world.confluence.content.values().filter(|content| content.parent.is_some());
            let parents = parents.filter_map(|content| world.confluence.content.get(&content.parent?));
            Change::Orphan { page: some(draw, parents.map(|content| content.title.clone())) }
        }
        29 => Change::Purge { page },
        30..34 => {
            let mut list = subjects(world, draw);
            if draw.chance(25) {
                list.push(draw.one(&["anyone", "unlicensed"]).to_owned());
            }
            Change::Readers { space: space(world, draw), list }
        }
        34 => Change::ArchiveSpace { space: space(world, draw), archived: draw.chance(50) },
        35 => Change::NoRoles { space: space(world, draw) },
        40..44 if world.confluence.mode != RoleMode::PreRoles => {
            let role = draw.one(&["Viewer", "Collaborator"]).to_owned();
            Change::RoleReads { role, reads: draw.chance(30) }
        }
        40..44 => Change::Exporters { space: space(world, draw), list: subjects(world, draw) },
        _ => {
            let view = if draw.chance(50) { subjects(world, draw) } else { Vec::new() };
            Change::Page { under: page, title: format!("paper c{n} {WORD}"), view }
        }
    }
}

fn of_people(world: &World, n: usize, draw: &mut Draw) -> Change {
    let person = person(world, draw);
    match draw.rng.u8(0..18) {
        0..6 => Change::Join { person, group: group(world, draw) },
        6..12 => Change::Leave { person, group: group(world, draw) },
        12..14 => Change::Active { person, active: draw.chance(50) },
        14..16 => {
            let group = plain_group(world, draw);
            let name = format!("{group}r{n}");
            Change::RenameGroup { group, name }
        }
        _ => Change::DeleteGroup { group: plain_group(world, draw) },
    }
}

fn in_jira(world: &World, n: usize, draw: &mut Draw) -> Change {
    let project = some(draw, world.jira.projects.values().map(|project| project.key.clone()));
    let scheme = some(draw, world.jira.permission_schemes.values().map(|scheme| scheme.name.clone()));
    let known_holders = |draw: &mut Draw| {
        let list = holders(draw, 3);
        let known = |text: &String| super::names::Names(world).holder(text).is_some();
        let list = list.into_iter().filter(known).collect();
        draw.served(list)
    };
    match draw.rng.u8(0..44) {
        0..3 => Change::Scheme { project, scheme },
        3..7 => {
            let holders = known_holders(draw);
            Change::Browse { scheme, holders }
        }
        7..10 => {
            let level = format!("level {}", draw.rng.u8(0..4));
            let members = known_holders(draw);
            Change::Level { level, members }
        }
        10..14 => {
            let role = draw.one(&ROLES).to_owned();
            Change::Actors { project, role, list: subjects(world, draw) }
        }
        14 => Change::Lead { project, person: person(world, draw) },
        15 => Change::ArchiveProject { project, archived: draw.chance(50) },
        16 => Change::Rekey { project, key: format!("K{n}X") },
        42..44 => Change::TrashProject { project, trashed: draw.chance(60) },
        17 | 18 => Change::Issue { project, summary: format!("matter c{n} {WORD}") },
        _ => on_issue(world, project, n, draw),
    }
}

fn on_issue(world: &World, project: String, n: usize, draw: &mut Draw) -> Change {
    let issue = some(draw, world.jira.issues.values().map(|issue| issue.summary.clone()));
    let comments = world.jira.comments.values().map(|comment| adf_text(&comment.body).trim().to_owned());
    let comment = some(draw, comments);
    let only = match draw.rng.u8(0..3) {
        0 => None,
        1 => Some(format!("group:{}", group(world, draw))),
        _ => Some(format!("role:{}", draw.one(&ROLES))),
    };
    match draw.rng.u8(0..23) {
        0..5 => {
            let level = draw.chance(75).then(|| format!("level {}", draw.rng.u8(0..4)));
            Change::Secure { issue, level }
        }
        5..8 => Change::Report { issue, person: person(world, draw) },
        8..11 => {
            let person = draw.chance(80).then(|| person(world, draw));
            Change::Assign { issue, person }
        }
        11..13 => Change::Fields { issue, person: person(world, draw), group: group(world, draw) },
        13..15 => Change::MoveIssue { issue, project },
        15 => Change::DeleteIssue { issue },
        16..19 => Change::Audience { comment, only },
        19..22 => Change::Note { issue, text: format!("note c{n} {WORD}"), only },
        _ => Change::DeleteNote { comment },
    }
}
