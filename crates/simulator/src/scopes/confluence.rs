//! Scopes of Confluence's routes, one row per route, as the OpenAPI files state them. v2 knows granular scopes only.
//!
//! Routes about admin keys have no scope at all, so no scoped token can call them.

use super::Row;

const DELETE_COMMENT: &[&[&str]] = &[&["delete:comment:confluence"]];
const DELETE_PAGE: &[&[&str]] = &[&["delete:page:confluence"]];
const READ_ATTACHMENT: &[&[&str]] = &[&["read:attachment:confluence"]];
const READ_AUDIT_LOG: &[&[&str]] = &[&["read:audit-log:confluence"]];
const READ_COMMENT: &[&[&str]] = &[&["read:comment:confluence"]];
const READ_CONTENT_METADATA: &[&[&str]] = &[&["read:content.metadata:confluence"]];
const READ_HIERARCHICAL_CONTENT: &[&[&str]] = &[&["read:hierarchical-content:confluence"]];
const READ_PAGE: &[&[&str]] = &[&["read:page:confluence"]];
const READ_SPACE: &[&[&str]] = &[&["read:space:confluence"]];
const READ_SPACE_PERMISSION: &[&[&str]] = &[&["read:space.permission:confluence"]];
const READ_TASK: &[&[&str]] = &[&["read:task:confluence"]];
const V1_DELETE_CONTENT: &[&[&str]] = &[&["write:confluence-content"], &["delete:content:confluence"]];
const V1_READ_CONTENT: &[&[&str]] = &[&["read:confluence-content.summary"], &["read:content-details:confluence"]];
const V1_READ_CONTENT_ALL: &[&[&str]] = &[&["read:confluence-content.all"], &["read:content-details:confluence"]];
const V1_READ_USER: &[&[&str]] = &[&["read:confluence-user"], &["read:content-details:confluence"]];
const V1_SEARCH: &[&[&str]] = &[&["search:confluence"], &["read:content-details:confluence"]];
const V1_READ_SPACE: &[&[&str]] = &[&["read:confluence-space.summary"], &["read:content-details:confluence"]];
const V1_PROBE: &[&[&str]] = &[&["read:confluence-content.all"], &["read:content.restriction:confluence"]];
const V1_READ_GROUP: &[&[&str]] = &[&["read:confluence-groups"], &["read:group:confluence"]];
const V1_WRITE_ATTACHMENT: &[&[&str]] =
    &[&["write:confluence-file"], &["read:content-details:confluence", "write:attachment:confluence"]];
const V1_WRITE_CONTENT: &[&[&str]] =
    &[&["write:confluence-content"], &["read:content-details:confluence", "write:content:confluence"]];
const V1_RESTRICT_ONE: &[&[&str]] = &[&["write:confluence-content"], &["write:content.restriction:confluence"]];
const V1_RESTRICT: &[&[&str]] =
    &[&["write:confluence-content"], &["read:content-details:confluence", "write:content.restriction:confluence"]];
const V1_WRITE_GROUP: &[&[&str]] = &[&["write:confluence-groups"], &["write:group:confluence"]];
const V1_WRITE_LABEL: &[&[&str]] = &[&["write:confluence-content"], &["write:label:confluence"]];
const V1_WRITE_SPACE: &[&[&str]] = &[
    &["write:confluence-space"],
    &["read:space-details:confluence", "write:space.permission:confluence", "write:space:confluence"],
];
const WRITE_COMMENT: &[&[&str]] = &[&["write:comment:confluence"]];
const WRITE_PAGE: &[&[&str]] = &[&["write:page:confluence"]];
const WRITE_SPACE_PERMISSION: &[&[&str]] = &[&["write:space.permission:confluence"]];

pub(super) const TABLE: &[Row] = &[
    ("GET", "/wiki/api/v2/attachments", READ_ATTACHMENT),
    ("DELETE", "/wiki/api/v2/attachments/*", &[&["delete:attachment:confluence"]]),
    ("GET", "/wiki/api/v2/attachments/*", READ_ATTACHMENT),
    ("GET", "/wiki/api/v2/attachments/*/footer-comments", READ_COMMENT),
    ("GET", "/wiki/api/v2/attachments/*/labels", READ_ATTACHMENT),
    ("GET", "/wiki/api/v2/attachments/*/versions", READ_ATTACHMENT),
    ("GET", "/wiki/api/v2/blogposts", READ_PAGE),
    ("POST", "/wiki/api/v2/blogposts", WRITE_PAGE),
    ("DELETE", "/wiki/api/v2/blogposts/*", DELETE_PAGE),
    ("GET", "/wiki/api/v2/blogposts/*", READ_PAGE),
    ("PUT", "/wiki/api/v2/blogposts/*", WRITE_PAGE),
    ("GET", "/wiki/api/v2/blogposts/*/attachments", READ_ATTACHMENT),
    ("GET", "/wiki/api/v2/blogposts/*/footer-comments", READ_COMMENT),
    ("GET", "/wiki/api/v2/blogposts/*/inline-comments", READ_COMMENT),
    ("GET", "/wiki/api/v2/blogposts/*/labels", READ_PAGE),
    ("GET", "/wiki/api/v2/blogposts/*/operations", READ_PAGE),
    ("GET", "/wiki/api/v2/blogposts/*/versions", READ_PAGE),
    ("GET", "/wiki/api/v2/blogposts/*/versions/*", READ_PAGE),
    ("POST", "/wiki/api/v2/content/convert-ids-to-types", READ_CONTENT_METADATA),
    ("POST", "/wiki/api/v2/databases", &[&["write:database:confluence"]]),
    ("DELETE", "/wiki/api/v2/databases/*", &[&["delete:database:confluence"]]),
    ("GET", "/wiki/api/v2/databases/*", &[&["read:database:confluence"]]),
    ("GET", "/wiki/api/v2/databases/*/ancestors", READ_CONTENT_METADATA),
    ("GET", "/wiki/api/v2/databases/*/descendants", READ_HIERARCHICAL_CONTENT),
    ("GET", "/wiki/api/v2/databases/*/direct-children", READ_HIERARCHICAL_CONTENT),
    ("POST", "/wiki/api/v2/embeds", &[&["write:embed:confluence"]]),
    ("DELETE", "/wiki/api/v2/embeds/*", &[&["delete:embed:confluence"]]),
    ("GET", "/wiki/api/v2/embeds/*", &[&["read:embed:confluence"]]),
    ("GET", "/wiki/api/v2/embeds/*/ancestors", READ_CONTENT_METADATA),
    ("GET", "/wiki/api/v2/embeds/*/descendants", READ_HIERARCHICAL_CONTENT),
    ("GET", "/wiki/api/v2/embeds/*/direct-children", READ_HIERARCHICAL_CONTENT),
    ("POST", "/wiki/api/v2/folders", &[&["write:folder:confluence"]]),
    ("DELETE", "/wiki/api/v2/folders/*", &[&["delete:folder:confluence"]]),
    ("GET", "/wiki/api/v2/folders/*", &[&["read:folder:confluence"]]),
    ("GET", "/wiki/api/v2/folders/*/ancestors", READ_CONTENT_METADATA),
    ("GET", "/wiki/api/v2/folders/*/descendants", READ_HIERARCHICAL_CONTENT),
    ("GET", "/wiki/api/v2/folders/*/direct-children", READ_HIERARCHICAL_CONTENT),
    ("GET", "/wiki/api/v2/footer-comments", READ_COMMENT),
    ("POST", "/wiki/api/v2/footer-comments", WRITE_COMMENT),
    ("DELETE", "/wiki/api/v2/footer-comments/*", DELETE_COMMENT),
    ("GET", "/wiki/api/v2/footer-comments/*", READ_COMMENT),
    ("PUT", "/wiki/api/v2/footer-comments/*", WRITE_COMMENT),
    ("GET", "/wiki/api/v2/footer-comments/*/children", READ_COMMENT),
    ("GET", "/wiki/api/v2/footer-comments/*/versions", READ_COMMENT),
    ("GET", "/wiki/api/v2/inline-comments", READ_COMMENT),
    ("POST", "/wiki/api/v2/inline-comments", WRITE_COMMENT),
    ("DELETE", "/wiki/api/v2/inline-comments/*", DELETE_COMMENT),
    ("GET", "/wiki/api/v2/inline-comments/*", READ_COMMENT),
    ("PUT", "/wiki/api/v2/inline-comments/*", WRITE_COMMENT),
    ("GET", "/wiki/api/v2/inline-comments/*/children", READ_COMMENT),
    ("GET", "/wiki/api/v2/inline-comments/*/versions", READ_COMMENT),
    ("GET", "/wiki/api/v2/labels", &[&["read:label:confluence"]]),
    ("GET", "/wiki/api/v2/labels/*/blogposts", READ_PAGE),
    ("GET", "/wiki/api/v2/labels/*/pages", READ_PAGE),
    ("GET", "/wiki/api/v2/pages", READ_PAGE),
    ("POST", "/wiki/api/v2/pages", WRITE_PAGE),
    ("DELETE", "/wiki/api/v2/pages/*", DELETE_PAGE),
    ("GET", "/wiki/api/v2/pages/*", READ_PAGE),
    ("PUT", "/wiki/api/v2/pages/*", WRITE_PAGE),
    ("GET", "/wiki/api/v2/pages/*/ancestors", READ_CONTENT_METADATA),
    ("GET", "/wiki/api/v2/pages/*/attachments", READ_ATTACHMENT),
    ("GET", "/wiki/api/v2/pages/*/children", READ_PAGE),
    ("GET", "/wiki/api/v2/pages/*/descendants", READ_HIERARCHICAL_CONTENT),
    ("GET", "/wiki/api/v2/pages/*/direct-children", READ_HIERARCHICAL_CONTENT),
    ("GET", "/wiki/api/v2/pages/*/footer-comments", READ_COMMENT),
    ("GET", "/wiki/api/v2/pages/*/inline-comments", READ_COMMENT),
    ("GET", "/wiki/api/v2/pages/*/labels", READ_PAGE),
    ("GET", "/wiki/api/v2/pages/*/operations", READ_PAGE),
    ("PUT", "/wiki/api/v2/pages/*/title", WRITE_PAGE),
    ("GET", "/wiki/api/v2/pages/*/versions", READ_PAGE),
    ("GET", "/wiki/api/v2/pages/*/versions/*", READ_PAGE),
    ("GET", "/wiki/api/v2/space-permissions", READ_SPACE_PERMISSION),
    ("GET", "/wiki/api/v2/space-role-mode", &[&["read:configuration:confluence"]]),
    ("GET", "/wiki/api/v2/space-roles", READ_SPACE_PERMISSION),
    ("GET", "/wiki/api/v2/space-roles/*", READ_SPACE_PERMISSION),
    ("GET", "/wiki/api/v2/spaces", READ_SPACE),
    ("POST", "/wiki/api/v2/spaces", &[&["write:space:confluence"]]),
    ("GET", "/wiki/api/v2/spaces/*", READ_SPACE),
    ("GET", "/wiki/api/v2/spaces/*/blogposts", READ_PAGE),
    ("GET", "/wiki/api/v2/spaces/*/content/labels", READ_SPACE),
    ("GET", "/wiki/api/v2/spaces/*/labels", READ_SPACE),
    ("GET", "/wiki/api/v2/spaces/*/operations", READ_SPACE),
    ("GET", "/wiki/api/v2/spaces/*/pages", READ_PAGE),
    ("GET", "/wiki/api/v2/spaces/*/permissions", READ_SPACE),
    ("GET", "/wiki/api/v2/spaces/*/role-assignments", READ_SPACE_PERMISSION),
    ("POST", "/wiki/api/v2/spaces/*/role-assignments", WRITE_SPACE_PERMISSION),
    ("GET", "/wiki/api/v2/tasks", READ_TASK),
    ("GET", "/wiki/api/v2/tasks/*", READ_TASK),
    ("POST", "/wiki/api/v2/users-bulk", &[&["read:user:confluence"]]),
    ("POST", "/wiki/api/v2/whiteboards", &[&["write:whiteboard:confluence"]]),
    ("DELETE", "/wiki/api/v2/whiteboards/*", &[&["delete:whiteboard:confluence"]]),
    ("GET", "/wiki/api/v2/whiteboards/*", &[&["read:whiteboard:confluence"]]),
    ("GET", "/wiki/api/v2/whiteboards/*/ancestors", READ_CONTENT_METADATA),
    ("GET", "/wiki/api/v2/whiteboards/*/descendants", READ_HIERARCHICAL_CONTENT),
    ("GET", "/wiki/api/v2/whiteboards/*/direct-children", READ_HIERARCHICAL_CONTENT),
    ("GET", "/wiki/rest/api/audit", READ_AUDIT_LOG),
    ("GET", "/wiki/rest/api/audit/since", READ_AUDIT_LOG),
    ("GET", "/wiki/rest/api/content", V1_READ_CONTENT),
    ("POST", "/wiki/rest/api/content", V1_WRITE_CONTENT),
    ("DELETE", "/wiki/rest/api/content/*", V1_DELETE_CONTENT),
    ("GET", "/wiki/rest/api/content/*", V1_READ_CONTENT),
    ("PUT", "/wiki/rest/api/content/*", V1_WRITE_CONTENT),
    ("GET", "/wiki/rest/api/content/*/child", V1_READ_CONTENT),
    ("GET", "/wiki/rest/api/content/*/child/*", V1_READ_CONTENT),
    ("POST", "/wiki/rest/api/content/*/child/attachment", V1_WRITE_ATTACHMENT),
    ("PUT", "/wiki/rest/api/content/*/child/attachment", V1_WRITE_ATTACHMENT),
    (
        "PUT",
        "/wiki/rest/api/content/*/child/attachment/*",
        &[
            &["write:confluence-file", "write:confluence-props"],
            &["read:content-details:confluence", "write:attachment:confluence"],
        ],
    ),
    ("POST", "/wiki/rest/api/content/*/child/attachment/*/data", V1_WRITE_ATTACHMENT),
    (
        "GET",
        "/wiki/rest/api/content/*/child/attachment/*/download",
        &[&["readonly:content.attachment:confluence"], &["read:attachment:confluence"]],
    ),
    ("GET", "/wiki/rest/api/content/*/descendant/*", V1_READ_CONTENT),
    (
        "GET",
        "/wiki/rest/api/content/*/history",
        &[&["read:confluence-content.summary"], &["read:content.metadata:confluence", "read:user:confluence"]],
    ),
    ("DELETE", "/wiki/rest/api/content/*/label", V1_WRITE_LABEL),
    ("GET", "/wiki/rest/api/content/*/label", &[&["read:confluence-content.summary"], &["read:label:confluence"]]),
    (
        "POST",
        "/wiki/rest/api/content/*/label",
        &[&["write:confluence-content"], &["read:label:confluence", "write:label:confluence"]],
    ),
    ("DELETE", "/wiki/rest/api/content/*/label/*", V1_WRITE_LABEL),
    ("PUT", "/wiki/rest/api/content/*/move/*/*", &[&["write:confluence-content"], &["write:page:confluence"]]),
    ("DELETE", "/wiki/rest/api/content/*/pageTree", V1_DELETE_CONTENT),
    (
        "POST",
        "/wiki/rest/api/content/*/permission/check",
        &[&["read:confluence-content.permission"], &["read:content.permission:confluence"]],
    ),
    ("DELETE", "/wiki/rest/api/content/*/restriction", V1_RESTRICT),
    ("GET", "/wiki/rest/api/content/*/restriction", V1_READ_CONTENT_ALL),
    ("POST", "/wiki/rest/api/content/*/restriction", V1_RESTRICT),
    ("PUT", "/wiki/rest/api/content/*/restriction", V1_RESTRICT),
    ("GET", "/wiki/rest/api/content/*/restriction/byOperation", V1_READ_CONTENT_ALL),
    ("GET", "/wiki/rest/api/content/*/restriction/byOperation/*", V1_READ_CONTENT_ALL),
    ("DELETE", "/wiki/rest/api/content/*/restriction/byOperation/*/byGroupId/*", V1_RESTRICT_ONE),
    ("GET", "/wiki/rest/api/content/*/restriction/byOperation/*/byGroupId/*", V1_PROBE),
    ("PUT", "/wiki/rest/api/content/*/restriction/byOperation/*/byGroupId/*", V1_RESTRICT_ONE),
    ("DELETE", "/wiki/rest/api/content/*/restriction/byOperation/*/user", V1_RESTRICT_ONE),
    ("GET", "/wiki/rest/api/content/*/restriction/byOperation/*/user", V1_PROBE),
    ("PUT", "/wiki/rest/api/content/*/restriction/byOperation/*/user", V1_RESTRICT_ONE),
    ("GET", "/wiki/rest/api/content/*/version", V1_READ_CONTENT),
    ("GET", "/wiki/rest/api/content/*/version/*", V1_READ_CONTENT),
    (
        "POST",
        "/wiki/rest/api/content/archive",
        &[&["write:confluence-content"], &["read:content.metadata:confluence", "write:page:confluence"]],
    ),
    ("GET", "/wiki/rest/api/content/search", V1_SEARCH),
    ("GET", "/wiki/rest/api/group", V1_READ_GROUP),
    (
        "POST",
        "/wiki/rest/api/group",
        &[&["write:confluence-groups"], &["read:group:confluence", "write:group:confluence"]],
    ),
    (
        "GET",
        "/wiki/rest/api/group/*/membersByGroupId",
        &[&["read:confluence-groups"], &["read:group:confluence", "read:user:confluence"]],
    ),
    ("DELETE", "/wiki/rest/api/group/by-id", V1_WRITE_GROUP),
    ("GET", "/wiki/rest/api/group/by-id", V1_READ_GROUP),
    ("GET", "/wiki/rest/api/group/picker", V1_READ_GROUP),
    ("DELETE", "/wiki/rest/api/group/userByGroupId", V1_WRITE_GROUP),
    ("POST", "/wiki/rest/api/group/userByGroupId", V1_WRITE_GROUP),
    ("GET", "/wiki/rest/api/longtask", READ_CONTENT_METADATA),
    ("GET", "/wiki/rest/api/longtask/*", &[&["read:confluence-space.summary"], &["read:content.metadata:confluence"]]),
    ("GET", "/wiki/rest/api/search", V1_SEARCH),
    ("GET", "/wiki/rest/api/search/user", &[&["read:content-details:confluence"]]),
    (
        "GET",
        "/wiki/rest/api/settings/systemInfo",
        &[&["manage:confluence-configuration"], &["read:configuration:confluence"]],
    ),
    ("GET", "/wiki/rest/api/space", V1_READ_SPACE),
    ("POST", "/wiki/rest/api/space", V1_WRITE_SPACE),
    (
        "DELETE",
        "/wiki/rest/api/space/*",
        &[&["write:confluence-space"], &["delete:space:confluence", "read:content.metadata:confluence"]],
    ),
    ("GET", "/wiki/rest/api/space/*", V1_READ_SPACE),
    ("PUT", "/wiki/rest/api/space/*", V1_WRITE_SPACE),
    ("GET", "/wiki/rest/api/space/*/content", V1_READ_CONTENT),
    ("GET", "/wiki/rest/api/space/*/content/*", V1_READ_CONTENT),
    ("GET", "/wiki/rest/api/space/*/label", &[&["read:confluence-space.summary"], &["read:label:confluence"]]),
    (
        "POST",
        "/wiki/rest/api/space/*/permission",
        &[&["read:space.permission:confluence", "write:space.permission:confluence"]],
    ),
    ("DELETE", "/wiki/rest/api/space/*/permission/*", WRITE_SPACE_PERMISSION),
    ("POST", "/wiki/rest/api/space/_private", V1_WRITE_SPACE),
    ("GET", "/wiki/rest/api/user", V1_READ_USER),
    ("GET", "/wiki/rest/api/user/anonymous", &[&["read:confluence-user"], &["read:user:confluence"]]),
    ("GET", "/wiki/rest/api/user/bulk", V1_READ_USER),
    ("GET", "/wiki/rest/api/user/current", V1_READ_USER),
    (
        "GET",
        "/wiki/rest/api/user/memberof",
        &[&["read:confluence-user"], &["read:group:confluence", "read:user:confluence"]],
    ),
];
