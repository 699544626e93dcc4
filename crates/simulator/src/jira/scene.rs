//! What all issues of one answer share: the caller's view and zone, and small objects that are written once and repeated.
//!
//! A page of 100 issues names the same few people, statuses and projects hundreds of times; each is turned into JSON once
//! per answer.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use jiff::tz::TimeZone;
use serde_json::value::{RawValue, to_raw_value};
use serde_json::{Value, json};

use super::user::user;
use crate::call::Call;
use crate::state::project::IssueStatus;
use crate::state::{Millis, World};
use crate::visibility::jira::JiraView;
use crate::wire_time;

/// JSON text that is written once.
pub(super) type Text = Rc<RawValue>;

/// Kind of a shared object.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub(super) enum Shared {
    Status,
    IssueType,
    Priority,
    Resolution,
    Project,
    Level,
}

/// The frame of one answer.
#[derive(Debug)]
pub(super) struct Scene<'w> {
    pub(super) world: &'w World,
    pub(super) view: JiraView<'w>,
    /// Start of `self` links.
    pub(super) base: &'w str,
    /// Zone of the caller's profile, in which all times are written.
    pub(super) zone: TimeZone,
    users: RefCell<HashMap<Box<str>, Text>>,
    shared: RefCell<HashMap<(Shared, u64), Text>>,
}

/// The zone of the caller's profile; the site's for nobody in particular.
pub(super) fn caller_zone(world: &World, call: &Call<'_>) -> TimeZone {
    let person = call.caller.account().and_then(|account| world.directory.person(account));
    wire_time::zone(person.map_or(world.site.time_zone.as_str(), |person| person.time_zone.as_str()))
}

impl<'w> Scene<'w> {
    pub(super) fn new(world: &'w World, call: &'w Call<'_>) -> Self {
        Self {
            world,
            view: JiraView::new(world, call.caller.account()),
            base: &call.base,
            zone: caller_zone(world, call),
            users: RefCell::default(),
            shared: RefCell::default(),
        }
    }

    pub(super) fn time(&self, at: Millis) -> String {
        wire_time::jira_time(at, &self.zone)
    }

    pub(super) fn user(&self, account: &str) -> Text {
        if let Some(known) = self.users.borrow().get(account) {
            return Rc::clone(known);
        }
        let made = text(&user(self.world, self.base, account));
        self.users.borrow_mut().insert(account.into(), Rc::clone(&made));
        made
    }

    /// `null` if there is no such object any more.
    pub(super) fn shared(&self, kind: Shared, id: u64) -> Text {
        let make = || text(&self.object(kind, id));
        Rc::clone(self.shared.borrow_mut().entry((kind, id)).or_insert_with(make))
    }

    fn object(&self, kind: Shared, id: u64) -> Value {
        let (world, base) = (self.world, self.base);
        match kind {
            Shared::Status => world.jira.statuses.get(&id).map_or(Value::Null, |status| status_json(base, status)),
            Shared::IssueType => issue_type_json(world, base, id),
            Shared::Priority => world.jira.priorities.get(&id).map_or(Value::Null, |name| priority_json(base, id, name)),
            Shared::Resolution => {
                world.jira.resolutions.get(&id).map_or(Value::Null, |name| resolution_json(base, id, name))
            }
            Shared::Level => world.jira.security_level(id).map_or(Value::Null, |(_, level)| {
                json!({
                    "self": format!("{base}/rest/api/3/securitylevel/{id}"), "id": id.to_string(),
                    "description": level.description, "name": level.name,
                })
            }),
            Shared::Project => world.jira.projects.get(&id).map_or(Value::Null, |project| {
                json!({
                    "self": format!("{base}/rest/api/3/project/{id}"), "id": id.to_string(), "key": project.key,
                    "name": project.name, "projectTypeKey": project.type_key, "simplified": project.is_simplified(),
                    "avatarUrls": {"48x48": format!("{base}/rest/api/3/universal_avatar/view/type/project/avatar/10400")},
                })
            }),
        }
    }
}

/// A value as it will be sent.
pub(super) fn text(value: &Value) -> Text {
    // A `Value` always prints as valid JSON, so this cannot fail.
    to_raw_value(value).map_or_else(|_| Rc::from(RawValue::NULL.to_owned()), Rc::from)
}

/// Id, key, colour and name of a status category.
pub(super) const CATEGORIES: [(u64, &str, &str, &str); 4] = [
    (1, "undefined", "medium-gray", "No Category"),
    (2, "new", "blue-gray", "To Do"),
    (4, "indeterminate", "yellow", "In Progress"),
    (3, "done", "green", "Done"),
];

/// Id of a status category.
pub(super) fn category_id(key: &str) -> u64 {
    CATEGORIES.iter().find(|category| category.1 == key).map_or(1, |category| category.0)
}

pub(super) fn category_json(base: &str, key: &str) -> Value {
    let (id, key, colour, name) = *CATEGORIES.iter().find(|category| category.1 == key).unwrap_or(&CATEGORIES[0]);
    json!({"self": format!("{base}/rest/api/3/statuscategory/{id}"), "id": id, "key": key, "colorName": colour, "name": name})
}

pub(super) fn status_json(base: &str, status: &IssueStatus) -> Value {
    json!({
        "self": format!("{base}/rest/api/3/status/{}", status.id), "description": "",
        "iconUrl": format!("{base}/images/icons/statuses/generic.png"), "name": status.name,
        "id": status.id.to_string(), "statusCategory": category_json(base, status.category),
    })
}

pub(super) fn priority_json(base: &str, id: u64, name: &str) -> Value {
    json!({
        "self": format!("{base}/rest/api/3/priority/{id}"), "name": name, "id": id.to_string(),
        "iconUrl": format!("{base}/images/icons/priorities/{}_new.svg", name.to_lowercase()),
    })
}

pub(super) fn resolution_json(base: &str, id: u64, name: &str) -> Value {
    json!({"self": format!("{base}/rest/api/3/resolution/{id}"), "id": id.to_string(), "description": "", "name": name})
}

pub(super) fn issue_type_json(world: &World, base: &str, id: u64) -> Value {
    let Some(kind) = world.jira.issue_types.get(&id) else { return Value::Null };
    let mut value = json!({
        "self": format!("{base}/rest/api/3/issuetype/{id}"), "id": id.to_string(), "description": "",
        "iconUrl": format!("{base}/rest/api/3/universal_avatar/view/type/issuetype/avatar/{id}"),
        "name": kind.name, "subtask": kind.level < 0, "avatarId": 10_300, "hierarchyLevel": kind.level,
    });
    if let Some(project) = kind.project {
        value["scope"] = scope_json(project);
    }
    value
}

/// The scope of something that belongs to one team-managed project.
pub(super) fn scope_json(project: u64) -> Value {
    json!({"type": "PROJECT", "project": {"id": project.to_string()}})
}
