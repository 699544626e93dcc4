//! What an edit changed, as the changelog states it.

use crate::state::World;
use crate::state::issue::{ChangedField, FieldValue, Issue, adf_text};

type Shown = (Option<String>, Option<String>);

/// The fields that differ between two states of one issue.
pub(super) fn diff(world: &World, before: &Issue, after: &Issue) -> Vec<ChangedField> {
    let mut changes = Vec::new();
    let (old, new) = (facts(world, before), facts(world, after));
    for ((field, old), (_, new)) in old.into_iter().zip(new) {
        push(&mut changes, field, old, new);
    }
    let customs = before.custom.keys().chain(after.custom.keys().filter(|id| !before.custom.contains_key(*id)));
    for id in customs {
        let show = |issue: &Issue| issue.custom.get(id).map_or((None, None), |value| custom(world, value));
        push(&mut changes, id, show(before), show(after));
    }
    changes
}

fn push(changes: &mut Vec<ChangedField>, field: &str, old: Shown, new: Shown) {
    if old != new {
        changes.push(ChangedField { field: field.to_owned(), ids: (old.0, new.0), names: (old.1, new.1) });
    }
}

fn named<'n>(id: Option<u64>, name: impl Fn(u64) -> Option<&'n str>) -> Shown {
    (id.map(|id| id.to_string()), id.and_then(name).map(str::to_owned))
}

fn person(world: &World, account: Option<&str>) -> Shown {
    let name = account.and_then(|account| world.directory.person(account)).map(|person| person.display_name.clone());
    (account.map(str::to_owned), name)
}

fn plain(text: Option<String>) -> Shown {
    (None, text)
}

fn list(ids: &[u64]) -> Shown {
    let text = ids.iter().map(u64::to_string).collect::<Vec<_>>().join(",");
    (Some(text.clone()), Some(text))
}

fn facts(world: &World, issue: &Issue) -> Vec<(&'static str, Shown)> {
    let jira = &world.jira;
    let prose =
        |document: &Option<crate::state::issue::Adf>| plain(document.as_ref().map(|document| adf_text(document)));
    vec![
        ("summary", plain(Some(issue.summary.clone()))),
        ("description", prose(&issue.description)),
        ("environment", prose(&issue.environment)),
        ("issuetype", named(Some(issue.issue_type), |id| jira.issue_types.get(&id).map(|kind| kind.name.as_str()))),
        ("status", named(Some(issue.status), |id| jira.statuses.get(&id).map(|status| status.name.as_str()))),
        ("priority", named(issue.priority, |id| jira.priorities.get(&id).map(String::as_str))),
        ("resolution", named(issue.resolution, |id| jira.resolutions.get(&id).map(String::as_str))),
        ("labels", plain(Some(issue.labels.iter().cloned().collect::<Vec<_>>().join(" ")))),
        ("components", list(&issue.components)),
        ("fixVersions", list(&issue.fix_versions)),
        ("versions", list(&issue.affects_versions)),
        ("assignee", person(world, issue.assignee.as_deref())),
        ("reporter", person(world, issue.reporter.as_deref())),
        ("duedate", plain(issue.due_date.clone())),
        ("security", named(issue.security, |id| jira.security_level(id).map(|(_, level)| level.name.as_str()))),
        ("parent", named(issue.parent, |id| jira.issues.get(&id).map(|parent| parent.key.as_str()))),
    ]
}

fn custom(world: &World, value: &FieldValue) -> Shown {
    let both = |words: Vec<String>| (Some(words.join(",")), Some(words.join(", ")));
    match value {
        FieldValue::User(account) => person(world, Some(account)),
        FieldValue::Users(accounts) => both(accounts.iter().map(ToString::to_string).collect()),
        FieldValue::Group(group) => both(vec![group.to_string()]),
        FieldValue::Groups(groups) => both(groups.iter().map(ToString::to_string).collect()),
        FieldValue::Text(text) => plain(Some(text.clone())),
        FieldValue::Document(document) => plain(Some(adf_text(document))),
        FieldValue::Choice(id) => both(vec![id.to_string()]),
        FieldValue::Choices(ids) => both(ids.iter().map(u64::to_string).collect()),
        FieldValue::Nested(id, below) => both(std::iter::once(id).chain(below).map(u64::to_string).collect()),
        FieldValue::Labels(labels) => plain(Some(labels.join(" "))),
        FieldValue::Day(day) => plain(Some(day.clone())),
        FieldValue::Number(number) => plain(Some(number.to_string())),
    }
}
