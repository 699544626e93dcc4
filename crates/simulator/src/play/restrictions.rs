//! View restrictions are set, narrowed, widened and lifted: no version, no time and no listing by date tells of it.
//!
//! Often enough the service account is not on the new list, so that a client loses sight of the page and of all below it.

use axum::http::Method;
use serde_json::{Value, json};

use super::stage::{Done, Stage, services};
use super::{Change, content};
use crate::inside::Inside;
use crate::state::World;
use crate::state::content::{Content, ContentKind, Status, Subjects};
use crate::visibility::confluence::ConfluenceView;

pub(super) fn restrict(stage: &mut Stage<'_>) -> Done {
    match stage.draw.u32(..7) {
        0..=2 => set(stage),
        3 => narrow(stage),
        4 => widen(stage),
        _ => lift(stage),
    }
}

fn list(subjects: &Subjects) -> Value {
    let users: Vec<Value> =
        subjects.users.iter().map(|account| json!({"type": "known", "accountId": account})).collect();
    let groups: Vec<Value> = subjects.groups.iter().map(|group| json!({"type": "group", "id": group})).collect();
    json!([{"operation": "read", "restrictions": {"user": users, "group": groups}}])
}

/// Replaces the list, and tells whether the service account still reads the content.
fn replace(stage: &Stage<'_>, content: &Content, subjects: &Subjects) -> Option<(crate::state::AccountId, bool)> {
    let target = format!("/wiki/rest/api/content/{}/restriction", content.id);
    let request = Inside::json(&content.author, Method::PUT, target, &list(subjects));
    let (by, _) = stage.send(Some(&content.author), &request)?;
    let world = stage.world();
    let reads = |account| {
        let content = world.confluence.content.get(&content.id);
        content.is_some_and(|content| ConfluenceView::new(&world, Some(account)).can_see_content(content))
    };
    let left_out = services(&world).iter().any(|account| !reads(account));
    Some((by, left_out))
}

/// Folders carry restrictions, too.
fn restrictable(world: &World, content: &Content) -> bool {
    content::is_read(world, content) || content.kind == ContentKind::Folder && content.status == Status::Current
}

fn restricted(stage: &mut Stage<'_>) -> Option<Content> {
    stage.content(|world, content| restrictable(world, content) && !content.restrictions.read.is_empty())
}

fn set(stage: &mut Stage<'_>) -> Done {
    let open = stage.content(|world, content| restrictable(world, content) && content.restrictions.read.is_empty())?;
    let mut subjects = Subjects { users: [open.author.clone()].into(), ..Subjects::default() };
    if stage.one_in(2) {
        subjects.users.extend(stage.person());
    } else {
        subjects.groups.extend(stage.group());
    }
    if !stage.one_in(3) {
        let world = stage.world();
        subjects.users.extend(services(&world));
    }
    let (by, service_left_out) = replace(stage, &open, &subjects)?;
    Some((by, Change::ContentRestricted { content: open.id, service_left_out }))
}

fn narrow(stage: &mut Stage<'_>) -> Done {
    let content = restricted(stage)?;
    let mut subjects = content.restrictions.read.clone();
    if subjects.users.len() + subjects.groups.len() < 2 {
        return None;
    }
    let at = stage.draw.usize(..subjects.users.len() + subjects.groups.len());
    match subjects.users.iter().nth(at).cloned() {
        Some(account) => drop(subjects.users.remove(&account)),
        None => {
            let group = subjects.groups.iter().nth(at - subjects.users.len()).cloned()?;
            subjects.groups.remove(&group);
        }
    }
    keep_known(stage, &mut subjects);
    let (by, service_left_out) = replace(stage, &content, &subjects)?;
    Some((by, Change::RestrictionNarrowed { content: content.id, service_left_out }))
}

fn widen(stage: &mut Stage<'_>) -> Done {
    let content = restricted(stage)?;
    let mut subjects = content.restrictions.read.clone();
    if stage.one_in(2) {
        subjects.groups.extend(stage.group());
    } else if stage.one_in(2) {
        subjects.users.extend(stage.person());
    } else {
        let world = stage.world();
        subjects.users.extend(services(&world));
    }
    if subjects == content.restrictions.read {
        return None;
    }
    keep_known(stage, &mut subjects);
    let (by, service_left_out) = replace(stage, &content, &subjects)?;
    Some((by, Change::RestrictionWidened { content: content.id, service_left_out }))
}

fn lift(stage: &mut Stage<'_>) -> Done {
    let content = restricted(stage)?;
    let (by, _) = replace(stage, &content, &Subjects::default())?;
    Some((by, Change::RestrictionLifted { content: content.id }))
}

/// A list that is written anew cannot name a deleted group.
fn keep_known(stage: &Stage<'_>, subjects: &mut Subjects) {
    let world = stage.world();
    subjects.groups.retain(|group| world.directory.group(group).is_some());
}
