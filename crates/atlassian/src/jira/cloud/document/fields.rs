//! Which fields are read: those that hold words, and those that a grant can name.
//!
//! Left out are fields that hold other things of the site, such as projects, sprints and issues: their names are not the
//! issue's own, and not everybody may see what they name.

use crate::jira::cloud::wire::Field;
use std::collections::BTreeMap;

/// The system fields that an issue is read with. Named one by one, since `search` and `bulkfetch` give ids only
/// without them (sheet section 3.1).
const SYSTEM: [&str; 25] = [
    "summary",
    "description",
    "environment",
    "status",
    "issuetype",
    "priority",
    "labels",
    "components",
    "versions",
    "fixVersions",
    "resolution",
    "duedate",
    "project",
    "parent",
    "assignee",
    "reporter",
    "creator",
    "created",
    "updated",
    "security",
    "comment",
    "attachment",
    "issuelinks",
    "subtasks",
    "archiveddate",
];

/// The types of fields that hold short values, alone or in lists: choices, versions, words, numbers and days.
const SHORT: [&str; 7] = ["option", "option-with-child", "version", "string", "number", "date", "datetime"];

/// The custom fields that are read, by their ids.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(crate) struct Fields {
    /// Text, plain or as ADF.
    pub(crate) text: Vec<String>,
    /// Short values, one or several.
    pub(crate) short: Vec<String>,
    /// One user or several.
    pub(crate) users: Vec<String>,
    /// One group or several.
    pub(crate) groups: Vec<String>,
    /// What Jira calls the fields that a grant can name, by their ids.
    pub(crate) names: BTreeMap<String, String>,
}

impl Fields {
    /// Sorts the site's fields by what they hold.
    pub(crate) fn read(fields: Vec<Field>) -> Self {
        let mut found = Self::default();
        for field in fields.into_iter().filter(|field| field.custom) {
            let Some(schema) = field.schema else { continue };
            let (list, can_be_granted) = match (schema.r#type.as_deref(), schema.items.as_deref()) {
                (Some("string"), _) => (&mut found.text, false),
                (Some("user"), _) | (Some("array"), Some("user")) => (&mut found.users, true),
                (Some("group"), _) | (Some("array"), Some("group")) => (&mut found.groups, true),
                (Some("array"), Some(kind)) | (Some(kind), _) if SHORT.contains(&kind) => (&mut found.short, false),
                _ => continue,
            };
            list.push(field.id.clone());
            found.names.extend(field.name.filter(|_| can_be_granted).map(|name| (field.id, name)));
        }
        found
    }

    /// All names to ask for.
    pub(crate) fn asked(&self) -> Vec<&str> {
        let custom = [&self.text, &self.short, &self.users, &self.groups].into_iter().flatten();
        SYSTEM.into_iter().chain(custom.map(String::as_str)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn fields_are_sorted_by_what_they_hold() {
        let list = json!([
            {"id": "summary", "custom": false, "schema": {"type": "string", "system": "summary"}},
            {"id": "customfield_1", "custom": true, "schema": {"type": "user", "customId": 1}},
            {"id": "customfield_2", "custom": true, "schema": {"type": "array", "items": "user", "customId": 2}},
            {"id": "customfield_3", "custom": true, "schema": {"type": "group"}},
            {"id": "customfield_4", "custom": true, "schema": {"type": "array", "items": "group"}},
            {"id": "customfield_5", "custom": true, "schema": {"type": "string", "custom": "x:textarea"}},
            {"id": "customfield_6", "custom": true, "schema": {"type": "option"}},
            {"id": "customfield_7", "custom": true},
            {"id": "customfield_8", "custom": true, "schema": {"type": "array", "items": "option"}},
            {"id": "customfield_9", "custom": true, "schema": {"type": "option-with-child"}},
            {"id": "customfield_10", "custom": true, "schema": {"type": "array", "items": "string"}},
            {"id": "customfield_11", "custom": true, "schema": {"type": "number"}},
            {"id": "customfield_12", "custom": true, "schema": {"type": "date"}},
            {"id": "customfield_13", "custom": true, "schema": {"type": "project"}},
            {"id": "customfield_14", "custom": true, "schema": {"type": "array", "items": "json"}},
            {"id": "customfield_15", "custom": true, "schema": {"type": "any"}},
        ]);
        let fields = Fields::read(serde_json::from_value(list).unwrap());
        assert_eq!(fields.text, ["customfield_5"]);
        assert_eq!(fields.short, ["6", "8", "9", "10", "11", "12"].map(|number| format!("customfield_{number}")));
        assert_eq!(fields.users, ["customfield_1", "customfield_2"]);
        assert_eq!(fields.groups, ["customfield_3", "customfield_4"]);
        let asked = fields.asked();
        for name in ["security", "comment", "components", "customfield_4", "customfield_9"] {
            assert!(asked.contains(&name), "{name}");
        }
        assert!(asked.iter().all(|name| !name.starts_with(['*', '-'])), "names only");
    }
}
