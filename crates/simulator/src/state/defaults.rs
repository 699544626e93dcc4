//! What every new Jira has before anybody configures it: types, statuses, fields, roles, the default scheme.

use super::World;
use super::project::{Actors, CustomKind, Field, Grant, Holder, IssueStatus, IssueType, PermissionScheme, Role};
use super::space::SpaceRole;

/// Permissions that the default scheme gives to every licensed account.
pub(crate) const FOR_ALL: [&str; 10] = [
    "BROWSE_PROJECTS",
    "CREATE_ISSUES",
    "EDIT_ISSUES",
    "ASSIGN_ISSUES",
    "ADD_COMMENTS",
    "CREATE_ATTACHMENTS",
    "LINK_ISSUES",
    "TRANSITION_ISSUES",
    "WORK_ON_ISSUES",
    "SET_ISSUE_SECURITY",
];

const SYSTEM_FIELDS: [(&str, &str, &str, &str); 24] = [
    ("summary", "Summary", "string", ""),
    ("description", "Description", "string", ""),
    ("environment", "Environment", "string", ""),
    ("status", "Status", "status", ""),
    ("issuetype", "Issue Type", "issuetype", ""),
    ("priority", "Priority", "priority", ""),
    ("resolution", "Resolution", "resolution", ""),
    ("resolutiondate", "Resolved", "datetime", ""),
    ("labels", "Labels", "array", "string"),
    ("components", "Components", "array", "component"),
    ("fixVersions", "Fix versions", "array", "version"),
    ("versions", "Affects versions", "array", "version"),
    ("project", "Project", "project", ""),
    ("parent", "Parent", "", ""),
    ("assignee", "Assignee", "user", ""),
    ("reporter", "Reporter", "user", ""),
    ("creator", "Creator", "user", ""),
    ("created", "Created", "datetime", ""),
    ("updated", "Updated", "datetime", ""),
    ("duedate", "Due date", "date", ""),
    ("security", "Security Level", "securitylevel", ""),
    ("comment", "Comment", "comments-page", ""),
    ("attachment", "Attachment", "array", "attachment"),
    ("worklog", "Log Work", "array", "worklog"),
];

impl World {
    /// Fills an empty world with what a new site has.
    pub fn install_defaults(&mut self) {
        let jira = &mut self.jira;
        jira.audit_enabled = true;
        for (id, name, category) in
            [(10_000, "To Do", "new"), (3, "In Progress", "indeterminate"), (10_001, "Done", "done")]
        {
            jira.statuses.insert(id, IssueStatus { id, name: name.to_owned(), category });
        }
        for (id, name) in [(1, "Highest"), (2, "High"), (3, "Medium"), (4, "Low"), (5, "Lowest")] {
            jira.priorities.insert(id, name.to_owned());
        }
        for (id, name) in [(10_000, "Done"), (10_001, "Won't Do"), (10_002, "Duplicate")] {
            jira.resolutions.insert(id, name.to_owned());
        }
        for (id, name, level) in [
            (10_001, "Task", 0),
            (10_002, "Bug", 0),
            (10_003, "Story", 0),
            (10_004, "Epic", 1),
            (10_005, "Sub-task", -1),
        ] {
            jira.issue_types.insert(id, IssueType { id, name: name.to_owned(), level, project: None });
        }
        for (id, name, kind, items) in SYSTEM_FIELDS {
            let (id, name) = (id.to_owned(), name.to_owned());
            let field =
                Field { id: id.clone(), name, custom: None, schema: (kind, items), options: Vec::new(), project: None };
            jira.fields.insert(id, field);
        }
        jira.fields.insert(
            "issuelinks".to_owned(),
            Field {
                id: "issuelinks".to_owned(),
                name: "Linked Issues".to_owned(),
                custom: None,
                schema: ("array", "issuelinks"),
                options: Vec::new(),
                project: None,
            },
        );
        for (id, name) in [(10_002, "Administrators"), (10_003, "Developers"), (10_004, "Users")] {
            let description = String::new();
            let default_actors = Actors::default();
            jira.roles.insert(id, Role { id, name: name.to_owned(), description, default_actors, project: None });
        }
        let mut grants: Vec<Grant> = Vec::new();
        for (id, permission) in (10_000..).zip(FOR_ALL) {
            grants.push(Grant { id, holder: Holder::ApplicationRole(None), permission: permission.to_owned() });
        }
        let holder = Holder::ProjectRole(10_002);
        grants.push(Grant { id: 10_050, holder, permission: "ADMINISTER_PROJECTS".to_owned() });
        let (name, description) = ("Default Permission Scheme".to_owned(), String::new());
        jira.permission_schemes.insert(0, PermissionScheme { id: 0, name, description, project: None, grants });
        self.install_space_roles();
    }

    fn install_space_roles(&mut self) {
        let may = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect();
        let view = ["read/space"];
        let write =
            ["read/space", "create/page", "update/page", "create/blogpost", "create/comment", "create/attachment"];
        let admin = [&write[..], &["administer/space", "delete/page", "restrict_content/space"]].concat();
        for (name, permissions) in [("Viewer", may(&view)), ("Collaborator", may(&write)), ("Admin", may(&admin))] {
            let id = super::directory::stable_uuid(&format!("space role {name}"));
            let role = SpaceRole {
                id: id.clone(),
                name: name.to_owned(),
                description: String::new(),
                system: true,
                permissions,
            };
            self.confluence.space_roles.insert(id, role);
        }
    }

    /// Adds a custom field with these options (select fields only) and gives its id, `customfield_…`.
    pub fn create_field(&mut self, name: &str, kind: CustomKind, options: &[String]) -> String {
        let id = format!("customfield_{}", self.jira.take_id("field"));
        let options = options.iter().map(|value| (self.jira.take_id("option"), value.clone())).collect();
        let field = Field {
            id: id.clone(),
            name: name.to_owned(),
            custom: Some(kind),
            schema: ("", ""),
            options,
            project: None,
        };
        self.jira.fields.insert(id.clone(), field);
        id
    }
}
