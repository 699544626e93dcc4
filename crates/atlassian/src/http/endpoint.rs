//! The closed list of calls. All of them read: `POST` stands only where Atlassian reads by `POST`.

use std::fmt;

/// The methods that the list uses.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Method {
    /// Reads.
    Get,
    /// Reads with a body that is too long for a URL.
    Post,
}

/// Whose API an endpoint belongs to. It decides the prefix at the gateway and the credential.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Family {
    /// `/ex/jira/{cloud id}` with the service account's token.
    Jira,
    /// `/ex/confluence/{cloud id}` with the service account's token.
    Confluence,
    /// `/admin` with the organization's key.
    Organization,
}

macro_rules! endpoints {
    ($($(#[$doc:meta])* $name:ident: $method:ident $family:ident $template:literal needs [$($scope:literal),*];)+) => {
        /// One call that may be made. `{}` in a template takes an argument of [`Call::to`](super::Call::to), in order.
        #[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
        pub enum Endpoint { $(#[doc = concat!("`", stringify!($method), " ", $template, "`")] $name),+ }

        impl Endpoint {
            /// The whole list.
            pub const ALL: &'static [Self] = &[$(Self::$name),+];

            /// How it is called.
            pub fn method(self) -> Method {
                match self { $(Self::$name => Method::$method),+ }
            }

            /// Whose it is.
            pub fn family(self) -> Family {
                match self { $(Self::$name => Family::$family),+ }
            }

            /// Its path below the family's prefix.
            pub fn template(self) -> &'static str {
                match self { $(Self::$name => $template),+ }
            }

            /// The scopes to grant for it: the practical set of the sheet, section 1.5. Empty where none is needed.
            pub fn scopes(self) -> &'static [&'static str] {
                match self { $(Self::$name => &[$($scope),*]),+ }
            }
        }
    };
}

endpoints! {
    ConfluenceCurrentUser: Get Confluence "/wiki/rest/api/user/current" needs ["read:content-details:confluence"];
    ConfluenceSpaces: Get Confluence "/wiki/api/v2/spaces" needs ["read:space:confluence"];
    ConfluenceSpacePermissions: Get Confluence "/wiki/api/v2/spaces/{}/permissions" needs ["read:space:confluence"];
    ConfluenceSpacesV1: Get Confluence "/wiki/rest/api/space" needs ["read:content-details:confluence"];
    ConfluenceSpaceRoleMode: Get Confluence "/wiki/api/v2/space-role-mode" needs ["read:configuration:confluence"];
    ConfluenceSpaceRoles: Get Confluence "/wiki/api/v2/space-roles" needs ["read:space.permission:confluence"];
    ConfluenceRoleAssignments: Get Confluence "/wiki/api/v2/spaces/{}/role-assignments" needs ["read:space.permission:confluence"];
    ConfluencePages: Get Confluence "/wiki/api/v2/pages" needs ["read:page:confluence"];
    ConfluencePage: Get Confluence "/wiki/api/v2/pages/{}" needs ["read:page:confluence"];
    ConfluenceBlogPost: Get Confluence "/wiki/api/v2/blogposts/{}" needs ["read:page:confluence"];
    ConfluenceBlogPosts: Get Confluence "/wiki/api/v2/blogposts" needs ["read:page:confluence"];
    ConfluenceFooterComments: Get Confluence "/wiki/api/v2/footer-comments" needs ["read:comment:confluence"];
    ConfluenceFooterComment: Get Confluence "/wiki/api/v2/footer-comments/{}" needs ["read:comment:confluence"];
    ConfluenceFooterReplies: Get Confluence "/wiki/api/v2/footer-comments/{}/children" needs ["read:comment:confluence"];
    ConfluenceInlineComments: Get Confluence "/wiki/api/v2/inline-comments" needs ["read:comment:confluence"];
    ConfluenceInlineComment: Get Confluence "/wiki/api/v2/inline-comments/{}" needs ["read:comment:confluence"];
    ConfluenceInlineReplies: Get Confluence "/wiki/api/v2/inline-comments/{}/children" needs ["read:comment:confluence"];
    ConfluenceAttachments: Get Confluence "/wiki/api/v2/attachments" needs ["read:attachment:confluence"];
    ConfluenceAttachment: Get Confluence "/wiki/api/v2/attachments/{}" needs ["read:attachment:confluence"];
    ConfluenceConvertIds: Post Confluence "/wiki/api/v2/content/convert-ids-to-types" needs ["read:content.metadata:confluence"];
    ConfluenceFolder: Get Confluence "/wiki/api/v2/folders/{}" needs ["read:folder:confluence"];
    ConfluenceWhiteboard: Get Confluence "/wiki/api/v2/whiteboards/{}" needs ["read:whiteboard:confluence"];
    ConfluenceDatabase: Get Confluence "/wiki/api/v2/databases/{}" needs ["read:database:confluence"];
    ConfluenceEmbed: Get Confluence "/wiki/api/v2/embeds/{}" needs ["read:embed:confluence"];
    ConfluenceContentSearch: Get Confluence "/wiki/rest/api/content/search" needs ["search:confluence"];
    ConfluenceRestriction: Get Confluence "/wiki/rest/api/content/{}/restriction" needs ["read:content-details:confluence"];
    ConfluenceReadRestriction: Get Confluence "/wiki/rest/api/content/{}/restriction/byOperation/read" needs ["read:content-details:confluence"];
    ConfluencePermissionCheck: Post Confluence "/wiki/rest/api/content/{}/permission/check" needs ["read:content.permission:confluence"];
    ConfluenceAudit: Get Confluence "/wiki/rest/api/audit" needs ["read:audit-log:confluence"];
    ConfluenceUsersBulk: Post Confluence "/wiki/api/v2/users-bulk" needs ["read:user:confluence"];
    ConfluenceGroups: Get Confluence "/wiki/rest/api/group" needs ["read:group:confluence"];
    ConfluenceGroupMembers: Get Confluence "/wiki/rest/api/group/{}/membersByGroupId" needs ["read:group:confluence", "read:user:confluence"];

    JiraServerInfo: Get Jira "/rest/api/3/serverInfo" needs [];
    JiraMyself: Get Jira "/rest/api/3/myself" needs ["read:jira-user"];
    JiraFields: Get Jira "/rest/api/3/field" needs ["read:jira-work"];
    JiraProjects: Get Jira "/rest/api/3/project/search" needs ["read:jira-work"];
    JiraProject: Get Jira "/rest/api/3/project/{}" needs ["read:jira-work"];
    JiraPermissionSchemes: Get Jira "/rest/api/3/permissionscheme" needs ["read:jira-work"];
    JiraProjectPermissionScheme: Get Jira "/rest/api/3/project/{}/permissionscheme" needs ["read:jira-work"];
    JiraProjectRoles: Get Jira "/rest/api/3/project/{}/role" needs ["read:jira-work"];
    JiraProjectRole: Get Jira "/rest/api/3/project/{}/role/{}" needs ["read:jira-work"];
    JiraRoles: Get Jira "/rest/api/3/role" needs ["manage:jira-configuration"];
    JiraSecuritySchemes: Get Jira "/rest/api/3/issuesecurityschemes" needs ["manage:jira-project"];
    JiraSecurityLevels: Get Jira "/rest/api/3/issuesecurityschemes/level" needs ["manage:jira-configuration"];
    JiraSecurityLevelMembers: Get Jira "/rest/api/3/issuesecurityschemes/level/member" needs ["manage:jira-configuration"];
    JiraSecuritySchemeProjects: Get Jira "/rest/api/3/issuesecurityschemes/project" needs ["manage:jira-configuration"];
    JiraProjectSecurityScheme: Get Jira "/rest/api/3/project/{}/issuesecuritylevelscheme" needs ["read:jira-work"];
    JiraProjectSecurityLevels: Get Jira "/rest/api/3/project/{}/securitylevel" needs ["read:jira-work"];
    JiraApplicationRoles: Get Jira "/rest/api/3/applicationrole" needs ["manage:jira-configuration"];
    JiraPermissionsCheck: Post Jira "/rest/api/3/permissions/check" needs ["read:jira-work"];
    JiraMyPermissions: Get Jira "/rest/api/3/mypermissions" needs ["read:jira-work"];
    JiraSearch: Get Jira "/rest/api/3/search/jql" needs ["read:jira-work"];
    JiraSearchByPost: Post Jira "/rest/api/3/search/jql" needs ["read:jira-work"];
    JiraApproximateCount: Post Jira "/rest/api/3/search/approximate-count" needs ["read:jira-work"];
    JiraBulkFetch: Post Jira "/rest/api/3/issue/bulkfetch" needs ["read:jira-work"];
    JiraIssue: Get Jira "/rest/api/3/issue/{}" needs ["read:jira-work"];
    JiraIssueComments: Get Jira "/rest/api/3/issue/{}/comment" needs ["read:jira-work"];
    JiraCommentList: Post Jira "/rest/api/3/comment/list" needs ["read:jira-work"];
    JiraIssueWorklogs: Get Jira "/rest/api/3/issue/{}/worklog" needs ["read:jira-work"];
    JiraUsers: Get Jira "/rest/api/3/users/search" needs ["read:jira-user"];
    JiraUsersBulk: Get Jira "/rest/api/3/user/bulk" needs ["read:jira-user"];
    JiraUserGroups: Get Jira "/rest/api/3/user/groups" needs ["read:jira-user"];
    JiraGroups: Get Jira "/rest/api/3/group/bulk" needs ["read:jira-user"];
    JiraGroupMembers: Get Jira "/rest/api/3/group/member" needs ["manage:jira-configuration"];
    JiraAudit: Get Jira "/rest/api/3/auditing/record" needs ["manage:jira-configuration"];

    OrgList: Get Organization "/v1/orgs" needs [];
    OrgManagedUsers: Get Organization "/v1/orgs/{}/users" needs ["read:accounts:admin"];
    OrgDirectories: Get Organization "/v2/orgs/{}/directories" needs ["read:directories:admin"];
    OrgUsersSearch: Post Organization "/v2/orgs/{}/directories/{}/users/search" needs ["read:accounts:admin"];
    OrgGroupsSearch: Post Organization "/v2/orgs/{}/directories/{}/groups/search" needs ["read:groups:admin"];
    OrgGroups: Get Organization "/v2/orgs/{}/directories/{}/groups" needs ["read:groups:admin"];
}

impl Endpoint {
    /// How many arguments its template takes.
    pub fn arity(self) -> usize {
        self.template().matches("{}").count()
    }

    /// The path in front of its template.
    pub(crate) fn prefix(self, cloud_id: &str) -> Vec<String> {
        match self.family() {
            Family::Jira => vec!["ex".to_owned(), "jira".to_owned(), cloud_id.to_owned()],
            Family::Confluence => vec!["ex".to_owned(), "confluence".to_owned(), cloud_id.to_owned()],
            Family::Organization => vec!["admin".to_owned()],
        }
    }
}

impl fmt::Display for Endpoint {
    /// As in errors and counters: `GET /wiki/api/v2/spaces/{}/permissions`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let method = match self.method() {
            Method::Get => "GET",
            Method::Post => "POST",
        };
        write!(f, "{method} {}", self.template())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::{BTreeMap, BTreeSet};

    #[test]
    fn post_stands_only_where_it_reads() {
        const READING: [&str; 8] = [
            "/search/jql",
            "/approximate-count",
            "/bulkfetch",
            "/permissions/check",
            "/permission/check",
            "/comment/list",
            "/users-bulk",
            "/convert-ids-to-types",
        ];
        for endpoint in Endpoint::ALL.iter().filter(|endpoint| endpoint.method() == Method::Post) {
            let template = endpoint.template();
            let organization = endpoint.family() == Family::Organization && template.ends_with("s/search");
            assert!(organization || READING.iter().any(|end| template.ends_with(end)), "{endpoint}");
        }
    }

    #[test]
    fn templates_are_unlike_and_stay_below_their_product() {
        let names: BTreeSet<String> = Endpoint::ALL.iter().map(ToString::to_string).collect();
        assert_eq!(names.len(), Endpoint::ALL.len());
        for endpoint in Endpoint::ALL {
            let start = match endpoint.family() {
                Family::Jira => "/rest/api/3/",
                Family::Confluence => "/wiki/",
                Family::Organization => "/v",
            };
            assert!(endpoint.template().starts_with(start), "{endpoint}");
        }
    }

    /// Method and path with nameless arguments, to the sets of scopes of which each opens it, in the documents of the API.
    fn documented(folder: &std::path::Path) -> BTreeMap<String, Vec<BTreeSet<String>>> {
        let files = [
            ("jira-cloud-v3_2026-02.json", ""),
            ("confluence-cloud-v2_2026-02.json", "/wiki/api/v2"),
            ("confluence-cloud-v1_2026-02.json", ""),
            ("confluence-cloud-v1_2023-08_with-deprecated.json", ""),
        ];
        let nameless = |path: &str| {
            let segments = path.split('/').map(|segment| if segment.starts_with('{') { "{}" } else { segment });
            segments.collect::<Vec<_>>().join("/")
        };
        let mut found = BTreeMap::new();
        for (file, base) in files {
            let text = std::fs::read_to_string(folder.join("openapi").join(file)).unwrap();
            let document: serde_json::Value = serde_json::from_str(&text).unwrap();
            for (path, operations) in document["paths"].as_object().unwrap() {
                for (method, operation) in operations.as_object().unwrap() {
                    let columns = operation["x-atlassian-oauth2-scopes"].as_array().into_iter().flatten();
                    let scopes = |column: &serde_json::Value| -> BTreeSet<String> {
                        let scopes = column["scopes"].as_array().into_iter().flatten();
                        scopes.filter_map(|scope| Some(scope.as_str()?.to_owned())).collect()
                    };
                    let key = format!("{} {}", method.to_uppercase(), nameless(&format!("{base}{path}")));
                    found.entry(key).or_insert_with(|| columns.map(scopes).collect());
                }
            }
        }
        found
    }

    #[test]
    fn every_call_needs_scopes_that_open_it_by_the_documents_of_the_api() {
        let Some(folder) = std::env::var_os("FOSSICK_REAL_DATA") else {
            println!(
                "SKIPPED: every_call_needs_scopes_that_open_it_by_the_documents_of_the_api: FOSSICK_REAL_DATA is not set"
            );
            return;
        };
        let documented = documented(folder.as_ref());
        let (mut told, mut wrong) = (0, Vec::new());
        for endpoint in Endpoint::ALL.iter().filter(|endpoint| endpoint.family() != Family::Organization) {
            // Some are documented without scopes, and one only with the operation as an argument.
            let columns = documented.get(&endpoint.to_string()).filter(|columns| !columns.is_empty());
            let Some(columns) = columns else { continue };
            told += 1;
            let needed: BTreeSet<String> = endpoint.scopes().iter().map(|scope| (*scope).to_owned()).collect();
            if !columns.iter().any(|column| column.is_subset(&needed)) {
                wrong.push(format!("{endpoint} needs {needed:?}, and is opened by {columns:?}"));
            }
        }
        assert!(told > 50 && wrong.is_empty(), "{told}: {wrong:#?}");
    }
}
