//! Whom one grant or level member names, by the holder's type: a table of every type that Jira has (sheet 3.5, 4.1).
//!
//! Types compare without case: grants say `projectRole`, the members of security levels `projectrole`. Security levels
//! take the same types as grants of Browse. There is no type that forbids, and none that lets an administrator pass.

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

/// How a type of holder becomes [`Named`].
enum Reading {
    /// The type says it all.
    Fixed(Named),
    /// The type names a field of the issue that every issue has.
    OfIssue(DynamicHolder),
    /// `value`, or else `parameter`, holds the id.
    ById(fn(String) -> Named),
    /// The group's id is in `value`; `parameter` is its name, which says nothing for sure: names can be given again.
    GroupById,
    /// With an id the one, without an id the other.
    OptionalId(fn(String) -> Named, Named),
}

/// One row: a type of holder and what it means for who sees an issue.
pub(crate) struct HolderType {
    /// As Jira writes it, in lower case.
    pub(crate) name: &'static str,
    /// How it is read.
    reading: Reading,
    /// Whom it admits, as `docs/permissions.md` tells it.
    pub(crate) admits: &'static str,
}

/// Every type that Jira documents. A type that is not here grants nothing and is told.
pub(crate) static HOLDER_TYPES: [HolderType; 11] = [
    HolderType {
        name: "anyone",
        reading: Reading::Fixed(Named::Anyone),
        admits: "every person with access to Jira; Fossick has no anonymous search",
    },
    HolderType {
        name: "applicationrole",
        reading: Reading::OptionalId(Named::Application, Named::Licensed),
        admits: "with a key the members of that application's groups, without one everybody with access to Jira",
    },
    HolderType { name: "group", reading: Reading::GroupById, admits: "the group's members, by the group's id" },
    HolderType { name: "user", reading: Reading::ById(Named::User), admits: "that account" },
    HolderType {
        name: "projectrole",
        reading: Reading::ById(Named::Role),
        admits: "the role's actors in this project, users and groups; a role's default actors count only once copied there",
    },
    HolderType { name: "projectlead", reading: Reading::Fixed(Named::Lead), admits: "the project's lead of today" },
    HolderType {
        name: "reporter",
        reading: Reading::OfIssue(DynamicHolder::Reporter),
        admits: "the issue's reporter of today",
    },
    HolderType {
        name: "assignee",
        reading: Reading::OfIssue(DynamicHolder::Assignee),
        admits: "the issue's assignee of today",
    },
    HolderType {
        name: "usercustomfield",
        reading: Reading::ById(user_field),
        admits: "the accounts in that field of the issue, one or several",
    },
    HolderType {
        name: "groupcustomfield",
        reading: Reading::ById(group_field),
        admits: "the members of the groups in that field of the issue, one or several",
    },
    HolderType {
        name: "sd.customer.portal.only",
        reading: Reading::Fixed(Named::PortalOnly),
        admits: "nobody: portal customers see nothing through Jira itself",
    },
];

impl Named {
    /// Reads a holder. Never fails: what cannot be read is [`Named::NotUnderstood`], which grants nothing.
    pub(crate) fn read(holder: &wire::Holder) -> Self {
        let Some(kind) = HOLDER_TYPES.iter().find(|kind| kind.name.eq_ignore_ascii_case(&holder.r#type)) else {
            return Self::NotUnderstood(format!("a holder of the unknown type `{}`", holder.r#type));
        };
        let lacking = || Self::NotUnderstood(format!("a holder of type `{}` without an id", holder.r#type));
        match &kind.reading {
            Reading::Fixed(named) => named.clone(),
            Reading::OfIssue(field) => Self::Field(field.clone()),
            Reading::ById(make) => id(holder).map_or_else(lacking, make),
            Reading::GroupById => group(holder).map_or_else(lacking, Self::Group),
            Reading::OptionalId(make, without) => id(holder).map_or_else(|| without.clone(), make),
        }
    }
}

fn id(holder: &wire::Holder) -> Option<String> {
    let id = holder.value.as_ref().or(holder.parameter.as_ref()).map(|id| id.0.trim());
    id.filter(|id| !id.is_empty()).map(str::to_owned)
}

fn user_field(field: String) -> Named {
    Named::Field(DynamicHolder::UserField(field_id(field)))
}

fn group_field(field: String) -> Named {
    Named::Field(DynamicHolder::GroupField(field_id(field)))
}

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
