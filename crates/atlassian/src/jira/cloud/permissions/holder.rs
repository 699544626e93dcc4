//! Whom one grant or level member names, by the holder's type.
//!
//! Types compare without case: grants say `projectRole`, the members of security levels `projectrole` (sheet 4.1).

use crate::jira::cloud::wire;
use access::DynamicHolder;

/// What a holder names, before roles and leads are resolved for a project.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(crate) enum Named {
    /// Everybody, the public included where the site allows it.
    Anyone,
    /// Everybody with access to any Jira application.
    Licensed,
    /// Everybody in the groups of one application.
    Application(String),
    /// A group, by id.
    Group(String),
    /// A user, by account id.
    User(String),
    /// Those who act in a role of the project, by the role's id.
    Role(String),
    /// The project's lead.
    Lead,
    /// Whoever a field of the issue names.
    Field(DynamicHolder),
    /// Portal customers, who see nothing in Jira itself.
    PortalOnly,
    /// A type that this version does not know, or one that lacks its id; the words for the administrator.
    NotUnderstood(String),
}

impl Named {
    /// Reads a holder. Never fails: what cannot be read is [`Named::NotUnderstood`], which grants nothing.
    pub(crate) fn read(holder: &wire::Holder) -> Self {
        let id = || {
            let id = holder.value.as_ref().or(holder.parameter.as_ref()).map(|id| id.0.trim());
            id.filter(|id| !id.is_empty()).map(str::to_owned)
        };
        let kind = holder.r#type.to_ascii_lowercase();
        let lacking = || Self::NotUnderstood(format!("a holder of type `{}` without an id", holder.r#type));
        let with = |make: fn(String) -> Self| id().map_or_else(lacking, make);
        match kind.as_str() {
            "anyone" => Self::Anyone,
            "applicationrole" => id().map_or(Self::Licensed, Self::Application),
            "group" => group(holder).map_or_else(lacking, Self::Group),
            "user" => with(Self::User),
            "projectrole" => with(Self::Role),
            "projectlead" => Self::Lead,
            "reporter" => Self::Field(DynamicHolder::Reporter),
            "assignee" => Self::Field(DynamicHolder::Assignee),
            "usercustomfield" => with(|field| Self::Field(DynamicHolder::UserField(field_id(field)))),
            "groupcustomfield" => with(|field| Self::Field(DynamicHolder::GroupField(field_id(field)))),
            "sd.customer.portal.only" => Self::PortalOnly,
            _ => Self::NotUnderstood(format!("a holder of the unknown type `{}`", holder.r#type)),
        }
    }
}

/// A group's `parameter` is its name, which says nothing for sure: names can be given again.
fn group(holder: &wire::Holder) -> Option<String> {
    let value = holder.value.as_ref().map(|id| id.0.clone());
    let expanded = || holder.group.as_ref().and_then(|group| group.group_id.clone());
    value.filter(|id| !id.is_empty()).or_else(expanded).filter(|id| !id.is_empty())
}

fn field_id(field: String) -> Box<str> {
    let bare = !field.is_empty() && field.bytes().all(|byte| byte.is_ascii_digit());
    if bare { format!("customfield_{field}").into() } else { field.into() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn named(holder: Value) -> Named {
        Named::read(&serde_json::from_value(holder).unwrap())
    }

    #[test]
    fn every_type_of_holder_is_translated() {
        let field = |holder| Named::Field(holder);
        let table = [
            (json!({"type": "anyone"}), Named::Anyone),
            (json!({"type": "applicationRole"}), Named::Licensed),
            (
                json!({"type": "applicationRole", "parameter": "jira-software", "value": "jira-software"}),
                Named::Application("jira-software".into()),
            ),
            (json!({"type": "group", "parameter": "eng", "value": "g-1"}), Named::Group("g-1".into())),
            (
                json!({"type": "group", "parameter": "eng", "group": {"name": "eng", "groupId": "g-2"}}),
                Named::Group("g-2".into()),
            ),
            (json!({"type": "user", "parameter": "acc-1"}), Named::User("acc-1".into())),
            (json!({"type": "projectRole", "parameter": "10002", "value": "10002"}), Named::Role("10002".into())),
            (json!({"type": "projectRole", "value": 10002}), Named::Role("10002".into())),
            (json!({"type": "projectLead"}), Named::Lead),
            (json!({"type": "reporter"}), field(DynamicHolder::Reporter)),
            (json!({"type": "assignee"}), field(DynamicHolder::Assignee)),
            (
                json!({"type": "userCustomField", "value": "customfield_10055"}),
                field(DynamicHolder::UserField("customfield_10055".into())),
            ),
            (
                json!({"type": "groupCustomField", "parameter": "10056"}),
                field(DynamicHolder::GroupField("customfield_10056".into())),
            ),
            (json!({"type": "sd.customer.portal.only"}), Named::PortalOnly),
        ];
        for (holder, expected) in table {
            assert_eq!(named(holder.clone()), expected, "{holder}");
        }
    }

    #[test]
    fn trap_members_of_levels_spell_types_in_lower_case() {
        assert_eq!(named(json!({"type": "projectrole", "value": "10002"})), Named::Role("10002".into()));
        assert_eq!(named(json!({"type": "APPLICATIONROLE"})), Named::Licensed);
    }

    #[test]
    fn a_group_by_name_alone_an_unknown_type_and_a_missing_id_name_nobody() {
        for holder in [
            json!({"type": "group", "parameter": "eng"}),
            json!({"type": "user"}),
            json!({"type": "user", "value": ""}),
            json!({"type": "projectRole"}),
            json!({"type": "userCustomField"}),
            json!({"type": "robots", "value": "all"}),
            json!({"type": ""}),
        ] {
            assert!(matches!(named(holder.clone()), Named::NotUnderstood(_)), "{holder}");
        }
    }
}
