//! Which fields an answer holds: `*all`, `*navigable`, names, `-name`, and what these choices do to limits.

use crate::state::World;

/// Fields that `*navigable` leaves out.
const NOT_NAVIGABLE: [&str; 2] = ["comment", "worklog"];
/// Fields with entries of their own: they keep a bulk fetch at 100 issues.
const MULTI_VALUED: [&str; 5] = ["comment", "worklog", "attachment", "issuelinks", "subtasks"];
/// Fields that `/field` does not list.
const UNLISTED: [&str; 2] = ["subtasks", "archiveddate"];

/// The fields to write, in order.
#[derive(Clone, Debug, Default)]
pub(super) struct Selection {
    pub(super) fields: Vec<String>,
    /// Something besides `id` was asked for, so issues also have `key` and `self`.
    pub(super) keyed: bool,
}

/// What an answer holds when the caller names no fields.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Otherwise {
    /// `search/jql`.
    Id,
    /// `issue/bulkfetch`.
    Navigable,
    /// `issue/{key}`.
    All,
}

impl Selection {
    pub(super) fn of(world: &World, asked: &[&str], otherwise: Otherwise) -> Self {
        if asked.is_empty() && otherwise == Otherwise::Id || asked == ["id"] {
            return Self::default();
        }
        let only_negative = asked.iter().all(|name| name.starts_with('-'));
        let all = || world.jira.fields.keys().map(String::as_str).chain(UNLISTED);
        let mut fields: Vec<&str> = Vec::new();
        let mut add = |name| {
            if !fields.contains(&name) {
                fields.push(name);
            }
        };
        if only_negative && otherwise == Otherwise::All {
            all().for_each(&mut add);
        } else if only_negative {
            all().filter(|name| !NOT_NAVIGABLE.contains(name)).for_each(&mut add);
        }
        for name in asked {
            match *name {
                "*all" => all().for_each(&mut add),
                "*navigable" => all().filter(|name| !NOT_NAVIGABLE.contains(name)).for_each(&mut add),
                name if name.starts_with('-') => {}
                name => {
                    if let Some(known) = all().find(|known| *known == name) {
                        add(known);
                    }
                }
            }
        }
        fields.retain(|field| !asked.iter().any(|name| name.strip_prefix('-') == Some(field)));
        Self { fields: fields.into_iter().map(str::to_owned).collect(), keyed: true }
    }

    /// True for `id` and `key` alone, which come 5000 to a page.
    pub(super) fn is_bare(&self) -> bool {
        self.fields.is_empty()
    }
}

/// Whether up to 1000 issues may be fetched at once: few, plain, explicitly named fields and no costly expansion.
pub(super) fn is_light(fields: &[&str], expand: &[&str]) -> bool {
    const COSTLY: [&str; 6] =
        ["changelog", "editmeta", "operations", "renderedFields", "transitions", "versionedRepresentations"];
    let plain = |name: &&str| !name.starts_with(['*', '-']) && !MULTI_VALUED.contains(name);
    !fields.is_empty()
        && fields.len() <= 100
        && fields.iter().all(plain)
        && !expand.iter().any(|part| COSTLY.contains(part))
}
