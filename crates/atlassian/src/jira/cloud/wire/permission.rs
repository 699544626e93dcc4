//! Permission schemes, project roles and security levels (sheet section 3.5, Appendix A3 to A5).

use super::Id;
use serde::Deserialize;
use serde_json::Value;

/// `GET /permissionscheme?expand=all`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PermissionSchemes {
    pub(crate) permission_schemes: Vec<Value>,
}

/// One scheme; its grants are absent unless they were asked for.
#[derive(Debug, Deserialize)]
pub(crate) struct PermissionScheme {
    pub(crate) id: Id,
    pub(crate) permissions: Option<Vec<Value>>,
    /// Stated for the own scheme of a team-managed project only.
    scope: Option<SchemeScope>,
}

#[derive(Debug, Deserialize)]
struct SchemeScope {
    r#type: Option<String>,
}

impl PermissionScheme {
    /// Whether it is the own scheme of one project and no shared one (sheet section 4.2).
    pub(crate) fn is_of_one_project(&self) -> bool {
        self.scope.as_ref().and_then(|scope| scope.r#type.as_deref()) == Some("PROJECT")
    }
}

/// One grant of a scheme.
#[derive(Debug, Deserialize)]
pub(crate) struct Grant {
    pub(crate) permission: String,
    pub(crate) holder: Holder,
}

/// Whom a grant or a security level names. Which part holds the id depends on `type`.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Holder {
    pub(crate) r#type: String,
    pub(crate) parameter: Option<Id>,
    pub(crate) value: Option<Id>,
    pub(crate) group: Option<GroupName>,
}

/// A group by name and id.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct GroupName {
    pub(crate) group_id: Option<String>,
}

/// `GET /project/{id}/role/{id}`.
#[derive(Debug, Deserialize)]
pub(crate) struct ProjectRole {
    #[serde(default)]
    pub(crate) actors: Vec<Value>,
}

/// Somebody who acts in a role.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Actor {
    pub(crate) r#type: Option<String>,
    pub(crate) actor_group: Option<GroupName>,
    pub(crate) actor_user: Option<ActorUser>,
}

/// A user who acts in a role.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ActorUser {
    pub(crate) account_id: Option<String>,
}

/// `GET /issuesecurityschemes`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SecuritySchemes {
    pub(crate) issue_security_schemes: Vec<SecurityScheme>,
}

/// One security scheme.
#[derive(Debug, Deserialize)]
pub(crate) struct SecurityScheme {
    pub(crate) id: Id,
    #[serde(default)]
    pub(crate) levels: Vec<SecurityLevel>,
}

/// One level of a security scheme.
#[derive(Debug, Deserialize)]
pub(crate) struct SecurityLevel {
    pub(crate) id: Id,
    pub(crate) name: Option<String>,
}

/// `GET /issuesecurityschemes/level/member`, one value.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct LevelMember {
    pub(crate) issue_security_level_id: Id,
    pub(crate) holder: Holder,
}

/// `GET /issuesecurityschemes/project`, one value.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SchemeProject {
    pub(crate) issue_security_scheme_id: Id,
    pub(crate) project_id: Id,
}
