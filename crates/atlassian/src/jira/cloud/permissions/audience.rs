//! The narrower audience of a comment, or of a worklog, which Jira states in the same words (sheet sections 3.3, 4.1).

use crate::jira::cloud::wire::Visibility;
use model::{ClauseKey, Origin};

/// Whom a restricted comment or worklog is for, as far as it says itself.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(crate) enum Audience {
    /// Members of a group, by id.
    Group(String),
    /// Members of a group of which only the name is told.
    GroupName(String),
    /// Those who act in a role of the project, by the role's name.
    RoleName(String),
    /// Something that this version does not know.
    NotUnderstood(String),
}

impl Audience {
    /// Reads it. `identifier` is a group's id but a role's name.
    pub(crate) fn read(visibility: &Visibility) -> Self {
        let filled = |text: Option<&String>| text.filter(|text| !text.is_empty()).cloned();
        let identifier = filled(visibility.identifier.as_ref().map(|id| &id.0));
        let value = filled(visibility.value.as_ref());
        let lacking = |kind: &str| Self::NotUnderstood(format!("{kind}-without-a-name"));
        match visibility.r#type.to_ascii_lowercase().as_str() {
            "group" => match (identifier, value) {
                (Some(id), _) => Self::Group(id),
                (None, Some(name)) => Self::GroupName(name),
                (None, None) => lacking("group"),
            },
            "role" => value.or(identifier).map_or_else(|| lacking("role"), Self::RoleName),
            other => Self::NotUnderstood(other.to_owned()),
        }
    }

    /// The role and the project behind a key that [`key`](Self::key) made for a role that is known by its id.
    pub(crate) fn role_of(key: &ClauseKey) -> Option<(&str, &str)> {
        let (role, project) = key.native.strip_prefix("role:")?.rsplit_once('@')?;
        (!role.starts_with("name=")).then_some((role, project))
    }

    /// The key of its clause. `id` is that of the role or group once it is known; without it the name stands in, so
    /// that comments of one audience still share one clause.
    pub(crate) fn key(&self, id: Option<&str>, project: &str) -> ClauseKey {
        let native = match (self, id) {
            (Self::Group(id), _) => format!("group:{id}"),
            (Self::GroupName(_), Some(id)) => format!("group:{id}"),
            (Self::GroupName(name), None) => format!("group:name={name}"),
            (Self::RoleName(_), Some(id)) => format!("role:{id}@{project}"),
            (Self::RoleName(name), None) => format!("role:name={name}@{project}"),
            (Self::NotUnderstood(kind), _) => format!("unknown:{kind}@{project}"),
        };
        ClauseKey::new(Origin::Audience, native)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn read(visibility: Value) -> Audience {
        Audience::read(&serde_json::from_value(visibility).unwrap())
    }

    #[test]
    fn groups_go_by_id_and_roles_by_name() {
        let group = read(json!({"type": "group", "value": "staff", "identifier": "g-2"}));
        assert_eq!(group.key(None, "7").native, "group:g-2");
        let role = read(json!({"type": "role", "value": "Developers", "identifier": "Developers"}));
        assert_eq!(role, Audience::RoleName("Developers".into()));
        assert_eq!(role.key(Some("10005"), "7").native, "role:10005@7");
        assert_eq!(role.key(None, "7").native, "role:name=Developers@7");
        let old = read(json!({"type": "group", "value": "staff", "identifier": null}));
        assert_eq!(old, Audience::GroupName("staff".into()));
        assert_eq!(old.key(Some("g-2"), "7"), group.key(None, "7"), "one audience, one clause");
    }

    #[test]
    fn what_is_not_understood_has_a_clause_too() {
        for visibility in [json!({"type": "team", "value": "x"}), json!({}), json!({"type": "group"})] {
            assert!(matches!(read(visibility.clone()), Audience::NotUnderstood(_)), "{visibility}");
        }
    }
    #[test]
    fn worklogs_state_their_audience_as_comments_do() {
        let worklog = json!({"id": "100028", "timeSpentSeconds": 12000, "issueId": "10002",
            "visibility": {"type": "group", "value": "jira-developers", "identifier": "g-7"}});
        assert_eq!(read(worklog["visibility"].clone()), Audience::Group("g-7".into()));
    }
}
