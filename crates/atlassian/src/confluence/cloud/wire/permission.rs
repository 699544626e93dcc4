//! Spaces, their permissions and roles, and view restrictions.

use super::Id;
use serde::Deserialize;
use serde_json::Value;
use std::collections::BTreeMap;

/// A space of version 2.
#[derive(Clone, Debug, Deserialize)]
pub(in super::super) struct Space {
    pub(in super::super) id: Id,
    pub(in super::super) key: String,
    #[serde(default)]
    pub(in super::super) name: String,
    #[serde(rename = "type")]
    pub(in super::super) kind: Option<String>,
    pub(in super::super) status: Option<String>,
    #[serde(default, rename = "_links")]
    pub(in super::super) links: super::content::Links,
}

/// One row of a space's permissions.
#[derive(Clone, Debug, Deserialize)]
pub(in super::super) struct Permission {
    pub(in super::super) principal: PermissionPrincipal,
    pub(in super::super) operation: Operation,
}

#[derive(Clone, Debug, Deserialize)]
pub(in super::super) struct PermissionPrincipal {
    #[serde(rename = "type")]
    pub(in super::super) kind: String,
    pub(in super::super) id: Id,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(in super::super) struct Operation {
    #[serde(alias = "operation")]
    pub(in super::super) key: String,
    pub(in super::super) target_type: String,
}

impl Operation {
    /// Whether it is the one operation that decides who sees the space.
    pub(in super::super) fn reads_space(&self) -> bool {
        (self.key == "read" || access::mutants::off("confluence.only-read-counts")) && self.target_type == "space"
    }
}

/// Whether spaces are governed by roles.
#[derive(Clone, Debug, Deserialize)]
pub(in super::super) struct RoleMode {
    pub(in super::super) mode: String,
}

/// A role with what it allows.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(in super::super) struct SpaceRole {
    pub(in super::super) id: Id,
    #[serde(default)]
    pub(in super::super) space_permissions: Vec<String>,
}

impl SpaceRole {
    /// Whether those who have it may see the space.
    pub(in super::super) fn reads_space(&self) -> bool {
        self.space_permissions.iter().any(|permission| permission == "read/space")
    }
}

/// Who has which role in a space.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(in super::super) struct Assignment {
    pub(in super::super) principal: AssignedPrincipal,
    pub(in super::super) role_id: Id,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(in super::super) struct AssignedPrincipal {
    pub(in super::super) principal_type: String,
    pub(in super::super) principal_id: Id,
}

/// A space of version 1, which alone tells whether anonymous people may read it.
#[derive(Clone, Debug, Deserialize)]
pub(in super::super) struct SpaceV1 {
    pub(in super::super) id: Id,
    #[serde(default)]
    pub(in super::super) permissions: Vec<PermissionV1>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(in super::super) struct PermissionV1 {
    operation: Operation,
    #[serde(default)]
    anonymous_access: bool,
}

impl SpaceV1 {
    pub(in super::super) fn is_public(&self) -> bool {
        self.permissions.iter().any(|row| row.anonymous_access && row.operation.reads_space())
    }
}

/// A user of version 1 or of `users-bulk`. Fields are missing as each user's privacy settings want it.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(in super::super) struct User {
    pub(in super::super) account_id: Option<String>,
    pub(in super::super) display_name: Option<String>,
    pub(in super::super) public_name: Option<String>,
}

/// Content as the search gives it with its own view restriction expanded.
#[derive(Clone, Debug, Deserialize)]
pub(in super::super) struct Restricted {
    pub(in super::super) id: Id,
    #[serde(rename = "type")]
    pub(in super::super) kind: String,
    pub(in super::super) restrictions: Option<Operations>,
}

#[derive(Clone, Debug, Deserialize)]
pub(in super::super) struct Operations {
    pub(in super::super) read: Option<StatedRestriction>,
}

/// One record of the audit log. It names things, it does not identify them.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(in super::super) struct AuditRecord {
    #[serde(default)]
    category: String,
    affected_object: Option<AuditObject>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct AuditObject {
    #[serde(default)]
    name: String,
    #[serde(default)]
    object_type: String,
}

impl AuditRecord {
    /// The title of the content whose restriction was changed. Those of spaces are read with the containers.
    pub(in super::super) fn restricted(&self) -> Option<&str> {
        let object = self.affected_object.as_ref().filter(|_| self.category.eq_ignore_ascii_case("permissions"))?;
        let of_content = !object.object_type.eq_ignore_ascii_case("space") && !object.name.is_empty();
        of_content.then_some(object.name.as_str())
    }
}

/// The lists of one operation.
#[derive(Clone, Debug, Deserialize)]
pub(in super::super) struct StatedRestriction {
    pub(in super::super) restrictions: Option<Principals>,
}

/// Who is named. A list that is missing was not expanded: nothing is known then.
#[derive(Clone, Debug, Deserialize)]
pub(in super::super) struct Principals {
    pub(in super::super) user: Option<Listing>,
    pub(in super::super) group: Option<Listing>,
    /// Lists of a kind that this version does not know.
    #[serde(flatten)]
    others: BTreeMap<String, Value>,
}

impl Principals {
    /// How many are named in lists of unknown kinds. A restriction to them alone is a restriction all the same.
    pub(in super::super) fn strangers(&self) -> usize {
        let listed = |list: &Value| list.get("results").and_then(Value::as_array).map_or(0, Vec::len);
        self.others.values().map(listed).sum()
    }
}

/// A nested list, which pages by itself. Its records stay raw: one that is malformed must not cost the whole list.
#[derive(Clone, Debug, Deserialize)]
pub(in super::super) struct Listing {
    pub(in super::super) results: Vec<Value>,
    pub(in super::super) limit: Option<usize>,
    pub(in super::super) size: Option<usize>,
}

impl Listing {
    /// Whether there may be more than what is here: a full list, or one shorter than it says.
    pub(in super::super) fn may_go_on(&self) -> bool {
        let here = self.results.len();
        self.size.is_some_and(|size| size > here) || (here > 0 && self.limit.is_none_or(|limit| here >= limit))
    }

    /// The ids that the records hold under `name`; and how many hold none, as those of deleted users and groups.
    pub(in super::super) fn ids(&self, name: &str) -> (Vec<String>, usize) {
        let id = |record: &Value| match record.get(name)? {
            Value::String(id) if !id.trim().is_empty() => Some(id.clone()),
            Value::Number(id) => Some(id.to_string()),
            _ => None,
        };
        let ids: Vec<String> = self.results.iter().filter_map(id).collect();
        let lost = self.results.len() - ids.len();
        (ids, lost)
    }
}
