//! Fields of an issue as sent, read against the project that it is in; each becomes one change of the issue.
//!
//! Reading and changing are apart, so that a request with one wrong field changes nothing.

use serde_json::Value;

use super::scene::category_id;
use crate::state::issue::{FieldValue, Issue, adf_of};
use crate::state::project::{CustomKind, Project};
use crate::state::{AccountId, GroupId, World};

/// One change.
pub(super) type Set = Box<dyn FnOnce(&mut Issue)>;

/// How a value of `update` is meant.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Op {
    Set,
    Add,
    Remove,
}

/// Where a field is read: names of components and levels belong to a project.
#[derive(Clone, Copy, Debug)]
pub(super) struct Input<'w> {
    pub(super) world: &'w World,
    pub(super) project: &'w Project,
}

const NOT_ON_SCREEN: &str = "It is not on the appropriate screen, or unknown.";

fn text(value: &Value) -> Result<String, String> {
    value.as_str().map(str::to_owned).ok_or_else(|| "Operation value must be a string".to_owned())
}

fn document(value: &Value) -> Result<Option<crate::state::issue::Adf>, String> {
    match value {
        Value::Null => Ok(None),
        Value::Object(map) if map.get("type") == Some(&Value::from("doc")) => Ok(Some(adf_of(value))),
        _ => Err("Operation value must be an Atlassian Document (see the Atlassian Document Format)".to_owned()),
    }
}

/// `{"id":…}`, `{"name":…}` or `{"value":…}` in a list of ids and names.
fn pick<'n>(value: &Value, all: impl Iterator<Item = (u64, &'n str)>, what: &str) -> Result<u64, String> {
    let id = value["id"].as_str().and_then(|id| id.parse().ok()).or_else(|| value["id"].as_u64());
    let name = value["name"].as_str().or_else(|| value["value"].as_str());
    let mut all = all;
    let found = all.find(|(known, title)| match (id, name) {
        (Some(id), _) => *known == id,
        (None, Some(name)) => title.eq_ignore_ascii_case(name),
        (None, None) => false,
    });
    found.map(|(id, _)| id).ok_or_else(|| format!("Specify a valid '{what}'"))
}

fn labels(value: &Value, op: Op) -> Result<Vec<String>, String> {
    let labels = many(value, op)?.into_iter().map(text).collect::<Result<Vec<_>, _>>()?;
    match labels.iter().find(|label| label.contains(char::is_whitespace)) {
        Some(label) => Err(format!("The label '{label}' contains spaces which is invalid.")),
        None => Ok(labels),
    }
}

fn day(value: &Value) -> Result<Option<String>, String> {
    let day = value.as_str().filter(|day| !day.is_empty()).map(str::to_owned);
    match day.as_ref().is_some_and(|day| day.parse::<jiff::civil::Date>().is_err()) {
        true => Err("Error parsing date string: use yyyy-MM-dd".to_owned()),
        false => Ok(day),
    }
}

/// Puts `values` into a list: instead of it, besides it, or out of it.
fn merge<T: PartialEq>(list: &mut Vec<T>, values: Vec<T>, op: Op) {
    match op {
        Op::Set => *list = values,
        Op::Add => values.into_iter().for_each(|value| {
            if !list.contains(&value) {
                list.push(value);
            }
        }),
        Op::Remove => list.retain(|value| !values.contains(value)),
    }
}

fn many(value: &Value, op: Op) -> Result<Vec<&Value>, String> {
    match (value, op) {
        (Value::Null, Op::Set) => Ok(Vec::new()),
        (Value::Array(values), Op::Set) => Ok(values.iter().collect()),
        (_, Op::Set) => Err("data was not an array".to_owned()),
        (single, _) => Ok(vec![single]),
    }
}

impl Input<'_> {
    /// The account of `{"accountId":…}` (or `{"id":…}`); `None` for `null`.
    fn account(&self, value: &Value) -> Result<Option<AccountId>, String> {
        if value.is_null() || value["accountId"].is_null() && value["id"].is_null() {
            return Ok(None);
        }
        let word = value["accountId"].as_str().or_else(|| value["id"].as_str()).unwrap_or_default();
        let person = self.world.directory.person(word);
        person
            .map(|person| Some(person.account_id.clone()))
            .ok_or_else(|| format!("Specify a valid value for '{word}'"))
    }

    fn group(&self, value: &Value) -> Result<GroupId, String> {
        let directory = &self.world.directory;
        let by_id = value["groupId"].as_str().and_then(|id| directory.group(id));
        let found = by_id.or_else(|| value["name"].as_str().and_then(|name| directory.group_by_name(name)));
        found.map(|group| group.id.clone()).ok_or_else(|| "Could not find valid 'group' names".to_owned())
    }

    /// Reads one field. The error is the text for `errors[field]`.
    pub(super) fn read(&self, field: &str, value: &Value, op: Op) -> Result<Set, String> {
        let jira = &self.world.jira;
        Ok(match field {
            "summary" => {
                let summary = text(value)?;
                if summary.trim().is_empty() {
                    return Err("You must specify a summary of the issue.".to_owned());
                }
                if summary.chars().count() > 255 || summary.contains('\n') {
                    return Err("The summary is invalid: one line of at most 255 characters.".to_owned());
                }
                Box::new(move |issue| issue.summary = summary)
            }
            "description" => {
                let body = document(value)?;
                Box::new(move |issue| issue.description = body)
            }
            "environment" => {
                let body = document(value)?;
                Box::new(move |issue| issue.environment = body)
            }
            "issuetype" => {
                let types = self.project.issue_types.iter().filter_map(|id| jira.issue_types.get(id));
                let id = pick(value, types.map(|kind| (kind.id, kind.name.as_str())), "issue type")?;
                Box::new(move |issue| issue.issue_type = id)
            }
            "priority" if value.is_null() => Box::new(|issue| issue.priority = None),
            "priority" => {
                let id = pick(value, jira.priorities.iter().map(|(id, name)| (*id, name.as_str())), "priority")?;
                Box::new(move |issue| issue.priority = Some(id))
            }
            "labels" => {
                let labels = labels(value, op)?;
                Box::new(move |issue| put_labels(issue, labels, op))
            }
            "components" => {
                let ids = self.parts(value, op, &self.project.components, "component")?;
                Box::new(move |issue| merge(&mut issue.components, ids, op))
            }
            "fixVersions" => {
                let ids = self.parts(value, op, &self.project.versions, "version")?;
                Box::new(move |issue| merge(&mut issue.fix_versions, ids, op))
            }
            "versions" => {
                let ids = self.parts(value, op, &self.project.versions, "version")?;
                Box::new(move |issue| merge(&mut issue.affects_versions, ids, op))
            }
            "assignee" => {
                let account = self.account(value)?;
                Box::new(move |issue| issue.assignee = account)
            }
            "reporter" => {
                let account = self.account(value)?;
                Box::new(move |issue| issue.reporter = account)
            }
            "duedate" => day(value).map(|day| -> Set { Box::new(move |issue| issue.due_date = day) })?,
            "security" => self.level(value)?,
            "parent" => self.parent(value)?,
            _ => self.custom(field, value, op)?,
        })
    }

    fn parts(
        &self,
        value: &Value,
        op: Op,
        all: &std::collections::BTreeMap<u64, String>,
        what: &str,
    ) -> Result<Vec<u64>, String> {
        let one = |value| pick(value, all.iter().map(|(id, name)| (*id, name.as_str())), what);
        many(value, op)?.into_iter().map(one).collect()
    }

    /// A level of the project's scheme; `null` takes the level away.
    fn level(&self, value: &Value) -> Result<Set, String> {
        if value.is_null() || value["id"] == "-1" {
            return Ok(Box::new(|issue| issue.security = None));
        }
        let scheme = self.project.security_scheme.and_then(|id| self.world.jira.security_schemes.get(&id));
        let scheme = scheme.ok_or_else(|| format!("Field 'security' cannot be set. {NOT_ON_SCREEN}"))?;
        let id = pick(value, scheme.levels.iter().map(|level| (level.id, level.name.as_str())), "security level")?;
        Ok(Box::new(move |issue| issue.security = Some(id)))
    }

    fn parent(&self, value: &Value) -> Result<Set, String> {
        if value.is_null() {
            return Ok(Box::new(|issue| issue.parent = None));
        }
        let word = value["key"].as_str().or_else(|| value["id"].as_str()).unwrap_or_default();
        let parent = self.world.jira.issue(word).map(|issue| issue.id);
        let id = parent.ok_or_else(|| "Could not find issue by id or key.".to_owned())?;
        Ok(Box::new(move |issue| issue.parent = Some(id)))
    }

    fn custom(&self, id: &str, value: &Value, op: Op) -> Result<Set, String> {
        let unknown = || format!("Field '{id}' cannot be set. {NOT_ON_SCREEN}");
        let field = self.world.jira.fields.get(id).ok_or_else(unknown)?;
        let kind = field.custom.ok_or_else(unknown)?;
        let id = id.to_owned();
        if value.is_null() {
            return Ok(Box::new(move |issue| drop(issue.custom.remove(&id))));
        }
        let option = |value| pick(value, field.options.iter().map(|(id, name)| (*id, name.as_str())), "value");
        let each = || many(value, op);
        let account = |value| self.account(value)?.ok_or_else(|| "Specify a valid user".to_owned());
        let read = match kind {
            CustomKind::UserPicker => FieldValue::User(account(value)?),
            CustomKind::MultiUserPicker => {
                FieldValue::Users(each()?.into_iter().map(account).collect::<Result<_, _>>()?)
            }
            CustomKind::GroupPicker => FieldValue::Group(self.group(value)?),
            CustomKind::MultiGroupPicker => {
                FieldValue::Groups(each()?.into_iter().map(|value| self.group(value)).collect::<Result<_, _>>()?)
            }
            CustomKind::Text => FieldValue::Text(text(value)?),
            CustomKind::TextArea => FieldValue::Document(document(value)?.ok_or_else(unknown)?),
            CustomKind::Select => FieldValue::Choice(option(value)?),
            CustomKind::MultiSelect => FieldValue::Choices(each()?.into_iter().map(option).collect::<Result<_, _>>()?),
            CustomKind::Cascading => {
                let below = value.get("child").filter(|child| !child.is_null());
                FieldValue::Nested(option(value)?, below.map(option).transpose()?)
            }
            CustomKind::Labels => FieldValue::Labels(labels(value, op)?),
            CustomKind::Date => FieldValue::Day(day(value)?.ok_or_else(unknown)?),
            CustomKind::Number => {
                FieldValue::Number(value.as_f64().ok_or_else(|| "Operation value must be a number".to_owned())?)
            }
        };
        Ok(Box::new(move |issue| put_custom(issue, id, read, op)))
    }
}

fn put_labels(issue: &mut Issue, labels: Vec<String>, op: Op) {
    let mut list: Vec<String> = std::mem::take(&mut issue.labels).into_iter().collect();
    merge(&mut list, labels, op);
    issue.labels = list.into_iter().collect();
}

/// Lists of people, groups and choices are merged; everything else is replaced.
fn put_custom(issue: &mut Issue, id: String, value: FieldValue, op: Op) {
    match (issue.custom.get_mut(&id), value) {
        (Some(FieldValue::Users(list)), FieldValue::Users(values)) => merge(list, values, op),
        (Some(FieldValue::Groups(list)), FieldValue::Groups(values)) => merge(list, values, op),
        (Some(FieldValue::Choices(list)), FieldValue::Choices(values)) => merge(list, values, op),
        (Some(FieldValue::Labels(list)), FieldValue::Labels(values)) => merge(list, values, op),
        (_, value) => drop(issue.custom.insert(id, value)),
    }
}

/// What moving to a status does to the resolution: done sets the first one, anything else clears it.
pub(super) fn set_status(world: &World, issue: &mut Issue, status: u64) {
    let category = world.jira.statuses.get(&status).map_or("", |status| status.category);
    issue.status = status;
    if category_id(category) == category_id("done") {
        issue.resolution = issue.resolution.or(world.jira.resolutions.keys().next().copied());
        issue.resolved_at = issue.resolved_at.or(Some(world.clock.now()));
    } else {
        (issue.resolution, issue.resolved_at) = (None, None);
    }
}
