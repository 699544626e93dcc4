//! Every key that a world file may hold.

use std::collections::BTreeMap;

use serde::Deserialize;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct File {
    pub(super) site: Site,
    #[serde(default)]
    pub(super) access: Access,
    #[serde(default)]
    pub(super) switches: Switches,
    #[serde(default)]
    pub(super) person: Vec<Person>,
    #[serde(default)]
    pub(super) group: Vec<Group>,
    pub(super) service_account: Option<ServiceAccount>,
    /// The organization's admin key.
    pub(super) org_key: Option<String>,
    #[serde(default)]
    pub(super) space: Vec<Space>,
    #[serde(default)]
    pub(super) role: Vec<Role>,
    #[serde(default)]
    pub(super) field: Vec<Field>,
    #[serde(default)]
    pub(super) permission_scheme: Vec<PermissionScheme>,
    #[serde(default)]
    pub(super) security_scheme: Vec<SecurityScheme>,
    #[serde(default)]
    pub(super) project: Vec<Project>,
    pub(super) generate: Option<Generate>,
}

fn yes() -> bool {
    true
}

fn utc() -> String {
    "UTC".to_owned()
}

fn starts() -> String {
    "2026-01-05T09:00:00Z".to_owned()
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Site {
    pub(super) host: String,
    pub(super) name: Option<String>,
    pub(super) cloud_id: Option<String>,
    pub(super) org_id: Option<String>,
    #[serde(default = "utc")]
    pub(super) time_zone: String,
    /// Time of the first document; each next one is a minute later.
    #[serde(default = "starts")]
    pub(super) starts: String,
    #[serde(default = "yes")]
    pub(super) jira: bool,
    #[serde(default = "yes")]
    pub(super) confluence: bool,
    /// `PRE_ROLES`, `ROLES_TRANSITION` or `ROLES`.
    pub(super) space_roles: Option<String>,
}

/// What `state::switches` says, from the start.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Switches {
    pub(super) comment_replies_in_site_lists: bool,
    pub(super) empty_pages_with_next: bool,
    pub(super) search_lag_seconds: u32,
}

impl Default for Switches {
    fn default() -> Self {
        Self { comment_replies_in_site_lists: true, empty_pages_with_next: false, search_lag_seconds: 0 }
    }
}

/// Groups by what they give.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Access {
    pub(super) jira: BTreeMap<String, Vec<String>>,
    pub(super) confluence: Vec<String>,
    pub(super) confluence_guests: Vec<String>,
    pub(super) confluence_admins: Vec<String>,
    pub(super) jira_admins: Vec<String>,
    pub(super) site_admins: Vec<String>,
    pub(super) browse_users: Vec<String>,
    /// Global "anonymous can use" of Confluence.
    pub(super) anonymous: bool,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Person {
    pub(super) handle: String,
    pub(super) name: Option<String>,
    pub(super) email: Option<String>,
    /// `visible`, `null`, `empty`, `absent`.
    pub(super) email_shown: Option<String>,
    /// `atlassian`, `app`, `customer`.
    #[serde(rename = "type")]
    pub(super) kind: Option<String>,
    #[serde(default = "yes")]
    pub(super) active: bool,
    #[serde(default)]
    pub(super) guest: bool,
    #[serde(default = "yes")]
    pub(super) managed: bool,
    #[serde(default = "yes")]
    pub(super) email_verified: bool,
    pub(super) time_zone: Option<String>,
    #[serde(default)]
    pub(super) groups: Vec<String>,
    /// Personal API token; with `token_scopes` it is a scoped one. Without: `ATATT-` and the handle.
    pub(super) token: Option<String>,
    #[serde(default)]
    pub(super) token_scopes: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Group {
    pub(super) name: String,
    #[serde(default)]
    pub(super) description: String,
    #[serde(default)]
    pub(super) members: Vec<String>,
    #[serde(default)]
    pub(super) deleted: bool,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ServiceAccount {
    pub(super) handle: String,
    pub(super) name: Option<String>,
    pub(super) token: String,
    /// Left out: the documented read-only set for indexing.
    pub(super) scopes: Option<Vec<String>>,
    #[serde(default)]
    pub(super) groups: Vec<String>,
    pub(super) expires: Option<String>,
    pub(super) time_zone: Option<String>,
    /// Its OAuth credential, of the same scopes.
    pub(super) client: Option<Client>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Client {
    pub(super) id: String,
    pub(super) secret: String,
}

/// Lists hold `@handle`, `group:name`, `anyone`, `unlicensed`, `class:all-licensed-users`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Space {
    pub(super) key: String,
    pub(super) name: Option<String>,
    /// `global`, `personal`, `collaboration`, `knowledge_base`.
    #[serde(rename = "type")]
    pub(super) kind: Option<String>,
    #[serde(default)]
    pub(super) description: String,
    #[serde(default)]
    pub(super) archived: bool,
    pub(super) owner: Option<String>,
    #[serde(default)]
    pub(super) read: Vec<String>,
    #[serde(default)]
    pub(super) write: Vec<String>,
    #[serde(default)]
    pub(super) admin: Vec<String>,
    /// Role name to principals, for sites with space roles.
    #[serde(default)]
    pub(super) roles: BTreeMap<String, Vec<String>>,
    #[serde(default)]
    pub(super) page: Vec<Page>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Page {
    pub(super) slug: Option<String>,
    pub(super) title: String,
    /// `page`, `blogpost`, `folder`, `whiteboard`, `database`, `embed`.
    pub(super) kind: Option<String>,
    /// Slug of a page above it in the file.
    pub(super) parent: Option<String>,
    /// `current`, `archived`, `draft`, `trashed`.
    pub(super) status: Option<String>,
    pub(super) by: Option<String>,
    pub(super) at: Option<String>,
    /// Storage format if it begins with `<`, else paragraphs, `# headings` and `- items`.
    #[serde(default)]
    pub(super) body: String,
    #[serde(default)]
    pub(super) live: bool,
    #[serde(default)]
    pub(super) home: bool,
    #[serde(default)]
    pub(super) view: Vec<String>,
    #[serde(default)]
    pub(super) edit: Vec<String>,
    #[serde(default)]
    pub(super) collaborators: Vec<String>,
    #[serde(default)]
    pub(super) labels: Vec<String>,
    #[serde(default)]
    pub(super) comments: Vec<Comment>,
    #[serde(default)]
    pub(super) attachments: Vec<Attachment>,
}

/// A comment of a page or an issue.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Comment {
    pub(super) by: String,
    pub(super) text: String,
    pub(super) at: Option<String>,
    /// Page: the marked text of an inline comment.
    pub(super) inline: Option<String>,
    /// Page: answers.
    #[serde(default)]
    pub(super) replies: Vec<Comment>,
    /// Issue: `group:name` or `role:Name`.
    pub(super) only: Option<String>,
    /// Issue: internal note of a service project.
    #[serde(default)]
    pub(super) internal: bool,
    /// Issue: files that came through the comment.
    #[serde(default)]
    pub(super) attachments: Vec<Attachment>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Attachment {
    pub(super) name: String,
    pub(super) media_type: Option<String>,
    pub(super) text: Option<String>,
    /// Bytes of generated text.
    pub(super) size: Option<usize>,
    pub(super) by: Option<String>,
    /// Page: in the trash of its space.
    #[serde(default)]
    pub(super) trashed: bool,
    /// Page: comments on the file.
    #[serde(default)]
    pub(super) comments: Vec<Comment>,
}

/// Time spent on an issue.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Worklog {
    pub(super) by: String,
    pub(super) text: Option<String>,
    /// `group:name` or `role:Name`.
    pub(super) only: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Role {
    pub(super) name: String,
    #[serde(default)]
    pub(super) default: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Field {
    pub(super) name: String,
    /// `user`, `users`, `group`, `groups`, `text`, `textarea`, `select`, `multiselect`, `cascading`, `labels`, `date`,
    /// `number`.
    #[serde(rename = "type")]
    pub(super) kind: String,
    #[serde(default)]
    pub(super) options: Vec<String>,
}

/// Holders: `anyone`, `licensed`, `app:jira-software`, `group:x`, `@alice`, `role:Developers`, `lead`, `reporter`,
/// `assignee`, `portal`, `user-field:Name`, `group-field:Name`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PermissionScheme {
    pub(super) name: String,
    /// Permission to holders.
    pub(super) grants: BTreeMap<String, Vec<String>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SecurityScheme {
    pub(super) name: String,
    pub(super) default: Option<String>,
    pub(super) levels: Vec<Level>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Level {
    pub(super) name: String,
    #[serde(default)]
    pub(super) members: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Project {
    pub(super) key: String,
    pub(super) name: Option<String>,
    pub(super) lead: String,
    /// `software`, `business`, `service_desk`, `product_discovery`.
    #[serde(rename = "type")]
    pub(super) kind: Option<String>,
    /// `classic`, `open`, `limited`, `private` (the last three are team-managed).
    pub(super) style: Option<String>,
    pub(super) scheme: Option<String>,
    pub(super) security: Option<String>,
    #[serde(default)]
    pub(super) roles: BTreeMap<String, Vec<String>>,
    #[serde(default)]
    pub(super) archived: bool,
    #[serde(default)]
    pub(super) issue: Vec<Issue>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Issue {
    pub(super) slug: Option<String>,
    pub(super) summary: String,
    #[serde(default)]
    pub(super) description: String,
    #[serde(rename = "type")]
    pub(super) kind: Option<String>,
    pub(super) status: Option<String>,
    pub(super) priority: Option<String>,
    pub(super) by: Option<String>,
    pub(super) reporter: Option<String>,
    pub(super) assignee: Option<String>,
    /// Name of a level of the project's security scheme.
    pub(super) level: Option<String>,
    /// Slug of an issue above it in the file.
    pub(super) parent: Option<String>,
    /// Slugs that it relates to.
    #[serde(default)]
    pub(super) relates: Vec<String>,
    #[serde(default)]
    pub(super) labels: Vec<String>,
    pub(super) due: Option<String>,
    pub(super) at: Option<String>,
    /// Field name to value; several people, groups, options or labels as an array, and so an option with one below it.
    #[serde(default)]
    pub(super) fields: BTreeMap<String, toml::Value>,
    #[serde(default)]
    pub(super) archived: bool,
    #[serde(default)]
    pub(super) comments: Vec<Comment>,
    #[serde(default)]
    pub(super) attachments: Vec<Attachment>,
    #[serde(default)]
    pub(super) worklogs: Vec<Worklog>,
}

/// Bulk: people, groups, spaces, projects and documents, evenly spread.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[derive(Default)]
pub(super) struct Generate {
    pub(super) people: usize,
    pub(super) groups: usize,
    pub(super) spaces: usize,
    pub(super) pages: usize,
    pub(super) comments_per_page: usize,
    pub(super) attachments_per_page: usize,
    pub(super) projects: usize,
    pub(super) issues: usize,
    pub(super) comments_per_issue: usize,
    /// Words in a body; 60 if left out.
    pub(super) words: Option<usize>,
}
