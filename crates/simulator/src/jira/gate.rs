//! Doors that every handler of this folder passes: is the issue or project there for this caller, may it be changed.
//!
//! What a caller may not see is "not found"; what it sees but may not do is "forbidden", as at Atlassian.

use axum::http::StatusCode;
use serde_json::{Map, Value, json};

use crate::call::Call;
use crate::reply::{Reply, jira};
use crate::state::issue::Issue;
use crate::state::project::Project;
use crate::state::{AccountId, AuditRecord, World};
use crate::visibility::jira::JiraView;

/// The issue of that key or id, if the caller sees it.
pub(super) fn issue<'w>(world: &'w World, view: &JiraView<'_>, key: &str) -> Result<&'w Issue, Reply> {
    world.jira.issue(key).filter(|issue| view.can_see_issue(issue)).ok_or_else(jira::no_issue)
}

/// The project of that key or id, if the caller finds it (`action=view`).
pub(super) fn project<'w>(world: &'w World, view: &JiraView<'_>, key: &str) -> Result<&'w Project, Reply> {
    let found = world.jira.project(key).filter(|project| view.can_view_project(project));
    found.ok_or_else(|| jira::no_project(key))
}

/// The project, if the caller administers it: 404 where it is hidden, 403 where it is only visible.
pub(super) fn administered<'w>(world: &'w World, view: &JiraView<'_>, key: &str) -> Result<&'w Project, Reply> {
    let project = project(world, view, key)?;
    if view.can_administer_project(project) {
        return Ok(project);
    }
    Err(jira::forbidden("You do not have permission to administer this project."))
}

/// Administer Jira.
pub(super) fn admin(view: &JiraView<'_>) -> Result<(), Reply> {
    if view.is_admin() { Ok(()) } else { Err(jira::forbidden("Only Jira administrators can perform this action.")) }
}

/// Browse users and groups, or Administer Jira.
pub(super) fn browse_users(view: &JiraView<'_>) -> Result<(), Reply> {
    if view.can_browse_users() {
        return Ok(());
    }
    Err(jira::forbidden("You do not have permission to browse users and groups."))
}

/// A permission on this very issue; its project's administrators hold all of them.
pub(super) fn may(world: &World, view: &JiraView<'_>, issue: &Issue, permission: &str) -> bool {
    let project = world.jira.projects.get(&issue.project);
    project.is_some_and(|project| {
        view.has_permission(project, permission, Some(issue)) || view.can_administer_project(project)
    })
}

/// As [`may`], or 403 with the permission's name.
pub(super) fn require(world: &World, view: &JiraView<'_>, issue: &Issue, permission: &str) -> Result<(), Reply> {
    if may(world, view, issue, permission) {
        return Ok(());
    }
    let words = permission.to_lowercase().replace('_', " ");
    Err(jira::forbidden(&format!("You do not have the permission to {words} in this project.")))
}

/// The caller, for routes that change something.
pub(super) fn author(call: &Call<'_>) -> Result<AccountId, Reply> {
    let nobody = || {
        let words = "Client must be authenticated to access this resource.";
        Reply::raw(StatusCode::UNAUTHORIZED, "text/plain;charset=UTF-8", words)
    };
    call.caller.account.clone().ok_or_else(nobody)
}

/// 400 about one or several fields.
pub(super) fn bad_fields(errors: &[(String, String)]) -> Reply {
    let errors: Map<String, Value> = errors.iter().map(|(field, words)| (field.clone(), json!(words))).collect();
    Reply::json(StatusCode::BAD_REQUEST, &json!({"errorMessages": [], "errors": errors}))
}

/// Writes a line of the audit log; `object` is (kind, id, name).
pub(super) fn audit(world: &mut World, author: &AccountId, summary: &str, category: &str, object: (&str, &str, &str)) {
    let record = AuditRecord {
        id: world.jira.take_id("audit"),
        created: world.clock.now(),
        author: author.clone(),
        summary: summary.to_owned(),
        category: category.to_owned(),
        object_type: object.0.to_owned(),
        object_id: object.1.to_owned(),
        object_name: object.2.to_owned(),
        space: None,
        changes: Vec::new(),
    };
    world.jira.audit.push(record);
}
