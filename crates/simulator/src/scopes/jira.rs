//! Scopes of Jira's routes.

use super::Row;

const WORK: &[&str] = &["read:jira-work"];
const USER: &[&str] = &["read:jira-user"];
const CONFIGURE: &[&str] = &["manage:jira-configuration"];
const PROJECT: &[&str] = &["manage:jira-project"];
const WRITE: &[&str] = &["write:jira-work"];
const USER_READ: &[&str] = &["read:user:jira", "read:application-role:jira", "read:group:jira", "read:avatar:jira"];
const COMMENT_READ: &[&str] = &[
    "read:comment:jira",
    "read:comment.property:jira",
    "read:group:jira",
    "read:project:jira",
    "read:project-role:jira",
    "read:user:jira",
    "read:avatar:jira",
];
const LEVEL_READ: &[&str] = &["read:issue-security-level:jira", "read:issue-security-scheme:jira"];
const ROLE_READ: &[&str] = &[
    "read:project-role:jira",
    "read:user:jira",
    "read:group:jira",
    "read:project:jira",
    "read:avatar:jira",
    "read:project-category:jira",
];
const SCHEME_READ: &[&str] = &[
    "read:permission-scheme:jira",
    "read:permission:jira",
    "read:application-role:jira",
    "read:field:jira",
    "read:group:jira",
    "read:project-role:jira",
    "read:user:jira",
    "read:avatar:jira",
    "read:project-category:jira",
    "read:project:jira",
];

pub(super) const TABLE: &[Row] = &[
    ("GET", "/rest/api/3", &[WORK]),
    ("WRITE", "/rest/api/3", &[WRITE]),
    ("GET", "/rest/api/3/serverInfo", &[&[]]),
    ("GET", "/rest/api/3/myself", &[USER, USER_READ]),
    ("GET", "/rest/api/3/user", &[USER, USER_READ]),
    ("GET", "/rest/api/3/users", &[USER, USER_READ]),
    ("GET", "/rest/api/3/user/groups", &[USER, &["read:group:jira"]]),
    ("WRITE", "/rest/api/3/user", &[CONFIGURE, &["write:user:jira"]]),
    ("GET", "/rest/api/3/group/bulk", &[USER, &["read:group:jira"]]),
    ("GET", "/rest/api/3/groups/picker", &[USER, &["read:group:jira"]]),
    ("GET", "/rest/api/3/group", &[CONFIGURE, &["read:group:jira", "read:user:jira", "read:avatar:jira"]]),
    ("WRITE", "/rest/api/3/group", &[CONFIGURE, &["write:group:jira"]]),
    (
        "GET",
        "/rest/api/3/search/jql",
        &[
            WORK,
            &[
                "read:issue-details:jira",
                "read:audit-log:jira",
                "read:avatar:jira",
                "read:field-configuration:jira",
                "read:issue-meta:jira",
            ],
        ],
    ),
    ("POST", "/rest/api/3/search", &[WORK, SEARCH_POST]),
    ("*", "/rest/api/2/search", &[WORK]),
    ("POST", "/rest/api/3/jql/match", &[WORK, SEARCH_POST]),
    ("POST", "/rest/api/3/jql/parse", &[WORK, SEARCH_POST]),
    (
        "POST",
        "/rest/api/3/issue/bulkfetch",
        &[
            WORK,
            &[
                "read:issue-meta:jira",
                "read:issue-security-level:jira",
                "read:issue.vote:jira",
                "read:issue.changelog:jira",
                "read:avatar:jira",
                "read:issue:jira",
                "read:status:jira",
                "read:user:jira",
                "read:field-configuration:jira",
            ],
        ],
    ),
    ("POST", "/rest/api/3/changelog/bulkfetch", &[WORK, CHANGELOG]),
    ("GET", "/rest/api/3/issue/*/changelog", &[WORK, CHANGELOG]),
    (
        "GET",
        "/rest/api/3/project/search",
        &[
            WORK,
            &[
                "read:project:jira",
                "read:issue-type:jira",
                "read:project.property:jira",
                "read:user:jira",
                "read:application-role:jira",
                "read:avatar:jira",
                "read:group:jira",
                "read:issue-type-hierarchy:jira",
                "read:project-category:jira",
                "read:project-version:jira",
                "read:project.component:jira",
            ],
        ],
    ),
    ("WRITE", "/rest/api/3/project", &[CONFIGURE, &["write:project:jira"]]),
    ("WRITE", "/rest/api/3/project/*", &[PROJECT, &["write:project:jira"]]),
    ("GET", "/rest/api/3/permissionscheme", &[WORK, SCHEME_READ]),
    ("PUT", "/rest/api/3/project/*/permissionscheme", &[CONFIGURE, &["write:permission-scheme:jira"]]),
    ("WRITE", "/rest/api/3/project/*/archive", &[CONFIGURE, &["write:project:jira"]]),
    ("WRITE", "/rest/api/3/project/*/restore", &[CONFIGURE, &["write:project:jira"]]),
    ("WRITE", "/rest/api/3/component", &[PROJECT, &["write:project.component:jira"]]),
    ("WRITE", "/rest/api/3/version", &[PROJECT, &["write:project-version:jira"]]),
    ("GET", "/rest/api/3/task", &[CONFIGURE]),
    ("WRITE", "/rest/api/3/permissionscheme", &[CONFIGURE, &["write:permission-scheme:jira"]]),
    ("GET", "/rest/api/3/project/*/permissionscheme", &[WORK, SCHEME_READ]),
    ("GET", "/rest/api/3/project/*/role", &[WORK, ROLE_READ]),
    ("GET", "/rest/api/3/project/*/roledetails", &[WORK, ROLE_READ]),
    ("WRITE", "/rest/api/3/project/*/role", &[PROJECT, &["write:project-role:jira"]]),
    ("GET", "/rest/api/3/project/*/issuesecuritylevelscheme", &[WORK, LEVEL_READ]),
    ("GET", "/rest/api/3/project/*/securitylevel", &[WORK, &["read:issue-security-level:jira"]]),
    ("GET", "/rest/api/3/securitylevel", &[WORK, &["read:issue-security-level:jira"]]),
    ("GET", "/rest/api/3/role", &[CONFIGURE, ROLE_READ]),
    ("WRITE", "/rest/api/3/role", &[CONFIGURE, &["write:project-role:jira"]]),
    ("GET", "/rest/api/3/issuesecurityschemes", &[PROJECT, LEVEL_READ]),
    ("GET", "/rest/api/3/issuesecurityschemes/level", &[CONFIGURE, LEVEL_READ]),
    ("GET", "/rest/api/3/issuesecurityschemes/project", &[CONFIGURE]),
    ("WRITE", "/rest/api/3/issuesecurityschemes", &[CONFIGURE]),
    ("GET", "/rest/api/3/applicationrole", &[CONFIGURE, &["read:application-role:jira"]]),
    ("GET", "/rest/api/3/mypermissions", &[WORK, &["read:permission:jira"]]),
    ("POST", "/rest/api/3/permissions", &[WORK, &["read:permission:jira"]]),
    ("GET", "/rest/api/3/permissions", &[WORK, &["read:permission:jira"]]),
    ("GET", "/rest/api/3/issue/*/comment", &[WORK, COMMENT_READ]),
    (
        "POST",
        "/rest/api/3/comment/list",
        &[
            WORK,
            &[
                "read:comment:jira",
                "read:comment.property:jira",
                "read:group:jira",
                "read:project:jira",
                "read:project-role:jira",
                "read:user:jira",
                "read:avatar:jira",
                "delete:comment.property:jira",
            ],
        ],
    ),
    ("WRITE", "/rest/api/3/issue", &[WRITE, &["write:issue:jira"]]),
    ("WRITE", "/rest/api/3/issue/*/comment", &[WRITE, &["write:comment:jira"]]),
    ("WRITE", "/rest/api/3/issue/*/attachments", &[WRITE, &["write:attachment:jira"]]),
    ("GET", "/rest/api/3/attachment", &[WORK, &["read:attachment:jira"]]),
    ("WRITE", "/rest/api/3/attachment", &[WRITE, &["delete:attachment:jira"]]),
    (
        "GET",
        "/rest/api/3/field",
        &[
            WORK,
            &[
                "read:field:jira",
                "read:avatar:jira",
                "read:project-category:jira",
                "read:project:jira",
                "read:field-configuration:jira",
            ],
        ],
    ),
    ("WRITE", "/rest/api/3/field", &[CONFIGURE, &["write:field:jira"]]),
    ("GET", "/rest/api/3/auditing/record", &[CONFIGURE, &["read:audit-log:jira", "read:user:jira"]]),
    (
        "*",
        "/rest/api/3/webhook",
        &[&["read:jira-work", "manage:jira-webhook"], &["read:webhook:jira", "read:jql:jira"]],
    ),
];

const SEARCH_POST: &[&str] = &[
    "read:issue-details:jira",
    "read:field.default-value:jira",
    "read:field.option:jira",
    "read:field:jira",
    "read:group:jira",
];
const CHANGELOG: &[&str] = &["read:issue-meta:jira", "read:avatar:jira", "read:issue.changelog:jira"];
