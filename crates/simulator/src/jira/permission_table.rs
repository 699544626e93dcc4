//! Every permission that Jira knows, as its permission routes list them.

/// Id, key, name and whether it is global.
pub(super) type Row = (&'static str, &'static str, &'static str, bool);

pub(super) const PERMISSIONS: &[Row] = &[
    ("0", "ADMINISTER", "Administer Jira", true),
    ("44", "SYSTEM_ADMIN", "System Administer", true),
    ("27", "USER_PICKER", "Browse users and groups", true),
    ("22", "CREATE_SHARED_OBJECTS", "Share dashboards and filters", true),
    ("24", "MANAGE_GROUP_FILTER_SUBSCRIPTIONS", "Manage group filter subscriptions", true),
    ("33", "BULK_CHANGE", "Make bulk changes", true),
    ("-1", "CREATE_PROJECT", "Create team-managed projects", true),
    ("23", "ADMINISTER_PROJECTS", "Administer Projects", false),
    ("10", "BROWSE_PROJECTS", "Browse Projects", false),
    ("11", "CREATE_ISSUES", "Create Issues", false),
    ("12", "EDIT_ISSUES", "Edit Issues", false),
    ("13", "ASSIGN_ISSUES", "Assign Issues", false),
    ("14", "RESOLVE_ISSUES", "Resolve Issues", false),
    ("15", "ADD_COMMENTS", "Add Comments", false),
    ("16", "DELETE_ISSUES", "Delete Issues", false),
    ("17", "ASSIGNABLE_USER", "Assignable User", false),
    ("18", "CLOSE_ISSUES", "Close Issues", false),
    ("19", "CREATE_ATTACHMENTS", "Create Attachments", false),
    ("20", "WORK_ON_ISSUES", "Work On Issues", false),
    ("21", "LINK_ISSUES", "Link Issues", false),
    ("25", "MOVE_ISSUES", "Move Issues", false),
    ("26", "SET_ISSUE_SECURITY", "Set Issue Security", false),
    ("28", "SCHEDULE_ISSUES", "Schedule Issues", false),
    ("29", "VIEW_DEV_TOOLS", "View Development Tools", false),
    ("30", "MODIFY_REPORTER", "Modify Reporter", false),
    ("31", "VIEW_VOTERS_AND_WATCHERS", "View Voters and Watchers", false),
    ("32", "MANAGE_WATCHERS", "Manage Watchers", false),
    ("34", "EDIT_ALL_COMMENTS", "Edit All Comments", false),
    ("35", "EDIT_OWN_COMMENTS", "Edit Own Comments", false),
    ("36", "DELETE_ALL_COMMENTS", "Delete All Comments", false),
    ("37", "DELETE_OWN_COMMENTS", "Delete Own Comments", false),
    ("38", "DELETE_ALL_ATTACHMENTS", "Delete All Attachments", false),
    ("39", "DELETE_OWN_ATTACHMENTS", "Delete Own Attachments", false),
    ("40", "EDIT_OWN_WORKLOGS", "Edit Own Worklogs", false),
    ("41", "EDIT_ALL_WORKLOGS", "Edit All Worklogs", false),
    ("42", "DELETE_OWN_WORKLOGS", "Delete Own Worklogs", false),
    ("43", "DELETE_ALL_WORKLOGS", "Delete All Worklogs", false),
    ("45", "VIEW_READONLY_WORKFLOW", "View Read-Only Workflow", false),
    ("46", "TRANSITION_ISSUES", "Transition Issues", false),
    ("-2", "ARCHIVE_ISSUES", "Archive Issues", false),
    ("-3", "UNARCHIVE_ISSUES", "Restore Issues", false),
    ("-4", "MANAGE_SPRINTS_PERMISSION", "Manage sprints", false),
    ("-5", "SERVICEDESK_AGENT", "Service project agent", false),
    ("-6", "VIEW_AGGREGATED_DATA", "View aggregated data", false),
];

/// The row of a key.
pub(super) fn permission(key: &str) -> Option<&'static Row> {
    PERMISSIONS.iter().find(|row| row.1 == key)
}

/// Whether a scheme can grant it.
pub(super) fn is_project_permission(key: &str) -> bool {
    permission(key).is_some_and(|row| !row.3)
}
