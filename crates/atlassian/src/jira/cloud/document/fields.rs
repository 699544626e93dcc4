//! Which custom fields matter: those that hold text, and those that a grant can name.

use crate::jira::cloud::wire::Field;

/// The system fields that an issue is read with. Named one by one, since `search` and `bulkfetch` give ids only
/// without them (sheet section 3.1).
const SYSTEM: [&str; 19] = [
    "summary",
    "description",
    "environment",
    "status",
    "issuetype",
    "priority",
    "labels",
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
];

/// The custom fields that are read, by their ids.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(crate) struct Fields {
    /// Text, plain or as ADF.
    pub(crate) text: Vec<String>,
    /// One user or several.
    pub(crate) users: Vec<String>,
    /// One group or several.
    pub(crate) groups: Vec<String>,
}

impl Fields {
    /// Sorts the site's fields by what they hold.
    pub(crate) fn read(fields: Vec<Field>) -> Self {
        let mut found = Self::default();
        for field in fields.into_iter().filter(|field| field.custom) {
            let Some(schema) = field.schema else { continue };
            match (schema.r#type.as_deref(), schema.items.as_deref()) {
                (Some("string"), _) => found.text.push(field.id),
                (Some("user"), _) | (Some("array"), Some("user")) => found.users.push(field.id),
                (Some("group"), _) | (Some("array"), Some("group")) => found.groups.push(field.id),
                _ => {}
            }
        }
        found
    }

    /// All names to ask for.
    pub(crate) fn asked(&self) -> Vec<&str> {
        let custom = self.text.iter().chain(&self.users).chain(&self.groups).map(String::as_str);
        SYSTEM.into_iter().chain(custom).collect()
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
        ]);
        let fields = Fields::read(serde_json::from_value(list).unwrap());
        assert_eq!(fields.text, ["customfield_5"]);
        assert_eq!(fields.users, ["customfield_1", "customfield_2"]);
        assert_eq!(fields.groups, ["customfield_3", "customfield_4"]);
        let asked = fields.asked();
        assert!(asked.contains(&"security") && asked.contains(&"comment") && asked.contains(&"customfield_4"));
        assert!(asked.iter().all(|name| !name.starts_with(['*', '-'])), "names only");
    }
}
