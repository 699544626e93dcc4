//! Scopes of Confluence's routes. v2 knows granular scopes only.

use super::Row;

const PAGE: &[&[&str]] = &[&["read:page:confluence"]];
const PAGE_WRITE: &[&[&str]] = &[&["write:page:confluence"]];
const SPACE: &[&[&str]] = &[&["read:space:confluence"]];
const COMMENT: &[&[&str]] = &[&["read:comment:confluence"]];
const COMMENT_WRITE: &[&[&str]] = &[&["write:comment:confluence"]];
const FILE: &[&[&str]] = &[&["read:attachment:confluence"]];
const METADATA: &[&[&str]] = &[&["read:content.metadata:confluence"]];
const HIERARCHY: &[&[&str]] = &[&["read:hierarchical-content:confluence"]];
const ROLES: &[&[&str]] = &[&["read:space.permission:confluence"]];
const SEARCH: &[&[&str]] = &[&["search:confluence"], &["read:content-details:confluence"]];
const USER: &[&[&str]] = &[&["read:confluence-user"], &["read:content-details:confluence"]];
const GROUP: &[&[&str]] = &[&["read:confluence-groups"], &["read:group:confluence"]];
const GROUP_WRITE: &[&[&str]] = &[&["write:confluence-groups"], &["write:group:confluence"]];
const CONTENT_V1: &[&[&str]] = &[&["read:confluence-content.all"], &["read:content-details:confluence"]];
const CONTENT_V1_WRITE: &[&[&str]] = &[&["write:confluence-content"], &["write:content:confluence"]];
const RESTRICTION_WRITE: &[&[&str]] = &[&["write:confluence-content"], &["write:content.restriction:confluence"]];
const PROBE: &[&[&str]] = &[&["read:confluence-content.all"], &["read:content.restriction:confluence"]];
const SPACE_V1: &[&[&str]] = &[&["read:confluence-space.summary"], &["read:space:confluence"]];
const SPACE_V1_WRITE: &[&[&str]] = &[&["write:confluence-space"], &["write:space:confluence"]];
const SPACE_PERMISSION_WRITE: &[&[&str]] = &[&["write:confluence-space"], &["write:space.permission:confluence"]];
const DOWNLOAD: &[&[&str]] = &[&["readonly:content.attachment:confluence"], &["read:attachment:confluence"]];

pub(super) const TABLE: &[Row] = &[
    ("GET", "/wiki/api/v2/pages", PAGE),
    ("WRITE", "/wiki/api/v2/pages", PAGE_WRITE),
    ("DELETE", "/wiki/api/v2/pages", &[&["delete:page:confluence"]]),
    ("GET", "/wiki/api/v2/blogposts", PAGE),
    ("WRITE", "/wiki/api/v2/blogposts", PAGE_WRITE),
    ("DELETE", "/wiki/api/v2/blogposts", &[&["delete:page:confluence"]]),
    ("GET", "/wiki/api/v2/labels", PAGE),
    ("GET", "/wiki/api/v2/pages/*/labels", &[&["read:label:confluence"]]),
    ("GET", "/wiki/api/v2/blogposts/*/labels", &[&["read:label:confluence"]]),
    ("GET", "/wiki/api/v2/pages/*/footer-comments", COMMENT),
    ("GET", "/wiki/api/v2/pages/*/inline-comments", COMMENT),
    ("GET", "/wiki/api/v2/blogposts/*/footer-comments", COMMENT),
    ("GET", "/wiki/api/v2/blogposts/*/inline-comments", COMMENT),
    ("GET", "/wiki/api/v2/pages/*/attachments", FILE),
    ("GET", "/wiki/api/v2/blogposts/*/attachments", FILE),
    ("GET", "/wiki/api/v2/pages/*/ancestors", METADATA),
    ("GET", "/wiki/api/v2/folders/*/ancestors", METADATA),
    ("GET", "/wiki/api/v2/pages/*/descendants", HIERARCHY),
    ("GET", "/wiki/api/v2/pages/*/direct-children", HIERARCHY),
    ("GET", "/wiki/api/v2/pages/*/children", HIERARCHY),
    ("GET", "/wiki/api/v2/folders/*/descendants", HIERARCHY),
    ("GET", "/wiki/api/v2/folders/*/direct-children", HIERARCHY),
    ("GET", "/wiki/api/v2/spaces", SPACE),
    ("WRITE", "/wiki/api/v2/spaces", &[&["write:space:confluence"]]),
    ("GET", "/wiki/api/v2/spaces/*/pages", PAGE),
    ("GET", "/wiki/api/v2/spaces/*/blogposts", PAGE),
    ("GET", "/wiki/api/v2/spaces/*/role-assignments", ROLES),
    ("WRITE", "/wiki/api/v2/spaces/*/role-assignments", &[&["write:space.permission:confluence"]]),
    ("GET", "/wiki/api/v2/space-roles", ROLES),
    ("GET", "/wiki/api/v2/space-permissions", ROLES),
    ("GET", "/wiki/api/v2/space-role-mode", &[&["read:configuration:confluence"]]),
    ("GET", "/wiki/api/v2/footer-comments", COMMENT),
    ("WRITE", "/wiki/api/v2/footer-comments", COMMENT_WRITE),
    ("DELETE", "/wiki/api/v2/footer-comments", &[&["delete:comment:confluence"]]),
    ("GET", "/wiki/api/v2/inline-comments", COMMENT),
    ("WRITE", "/wiki/api/v2/inline-comments", COMMENT_WRITE),
    ("DELETE", "/wiki/api/v2/inline-comments", &[&["delete:comment:confluence"]]),
    ("GET", "/wiki/api/v2/attachments", FILE),
    ("GET", "/wiki/api/v2/attachments/*/footer-comments", COMMENT),
    ("DELETE", "/wiki/api/v2/attachments", &[&["delete:attachment:confluence"]]),
    ("GET", "/wiki/api/v2/folders", &[&["read:folder:confluence"]]),
    ("WRITE", "/wiki/api/v2/folders", &[&["write:folder:confluence"]]),
    ("DELETE", "/wiki/api/v2/folders", &[&["delete:folder:confluence"]]),
    ("GET", "/wiki/api/v2/whiteboards", &[&["read:whiteboard:confluence"]]),
    ("WRITE", "/wiki/api/v2/whiteboards", &[&["write:whiteboard:confluence"]]),
    ("GET", "/wiki/api/v2/databases", &[&["read:database:confluence"]]),
    ("WRITE", "/wiki/api/v2/databases", &[&["write:database:confluence"]]),
    ("GET", "/wiki/api/v2/embeds", &[&["read:embed:confluence"]]),
    ("WRITE", "/wiki/api/v2/embeds", &[&["write:embed:confluence"]]),
    ("GET", "/wiki/api/v2/tasks", &[&["read:task:confluence"]]),
    ("POST", "/wiki/api/v2/users-bulk", &[&["read:user:confluence"]]),
    ("POST", "/wiki/api/v2/content/convert-ids-to-types", METADATA),
    ("GET", "/wiki/rest/api/content", CONTENT_V1),
    ("WRITE", "/wiki/rest/api/content", CONTENT_V1_WRITE),
    ("GET", "/wiki/rest/api/content/search", SEARCH),
    ("GET", "/wiki/rest/api/search", SEARCH),
    ("GET", "/wiki/rest/api/search/user", &[&["read:content-details:confluence"]]),
    ("GET", "/wiki/rest/api/content/*/restriction", CONTENT_V1),
    ("WRITE", "/wiki/rest/api/content/*/restriction", RESTRICTION_WRITE),
    ("GET", "/wiki/rest/api/content/*/restriction/byOperation/*/user", PROBE),
    ("GET", "/wiki/rest/api/content/*/restriction/byOperation/*/byGroupId", PROBE),
    (
        "POST",
        "/wiki/rest/api/content/*/permission/check",
        &[&["read:confluence-content.permission"], &["read:content.permission:confluence"]],
    ),
    ("GET", "/wiki/rest/api/content/*/child/attachment/*/download", DOWNLOAD),
    (
        "WRITE",
        "/wiki/rest/api/content/*/child/attachment",
        &[&["write:confluence-file"], &["write:attachment:confluence"]],
    ),
    ("GET", "/wiki/rest/api/user", USER),
    (
        "GET",
        "/wiki/rest/api/user/memberof",
        &[&["read:confluence-user"], &["read:user:confluence", "read:group:confluence"]],
    ),
    ("GET", "/wiki/rest/api/group", GROUP),
    ("WRITE", "/wiki/rest/api/group", GROUP_WRITE),
    (
        "GET",
        "/wiki/rest/api/group/*/membersByGroupId",
        &[&["read:confluence-groups"], &["read:group:confluence", "read:user:confluence"]],
    ),
    ("GET", "/wiki/rest/api/audit", &[&["read:audit-log:confluence"]]),
    ("GET", "/wiki/rest/api/space", SPACE_V1),
    ("WRITE", "/wiki/rest/api/space", SPACE_V1_WRITE),
    ("WRITE", "/wiki/rest/api/space/*/permission", SPACE_PERMISSION_WRITE),
    ("GET", "/wiki/rest/api/settings", &[&["manage:confluence-configuration"], &["read:configuration:confluence"]]),
    ("GET", "/wiki/rest/api/longtask", &[&["read:confluence-content.all"], &["read:content.metadata:confluence"]]),
];
