//! Answers that may differ from the OpenAPI files, each with its reason: what live sites answer comes first.
//!
//! An entry covers one route, one status and one kind of difference; an entry that covers nothing fails the test.

/// So many exceptions at most.
pub(crate) const MOST: usize = 40;

pub(crate) struct Exception {
    /// `METHOD template`.
    pub(crate) route: &'static str,
    pub(crate) status: u16,
    /// One of these words is in every difference that is covered.
    pub(crate) about: &'static [&'static str],
    pub(crate) reason: &'static str,
}

impl Exception {
    pub(crate) fn covers(&self, route: &str, status: u16, difference: &str) -> bool {
        self.route == route && self.status == status && self.about.iter().any(|word| difference.contains(word))
    }
}

const fn except(route: &'static str, status: u16, about: &'static [&'static str], reason: &'static str) -> Exception {
    Exception { route, status, about, reason }
}

const MAIL: &str = "live sites answer null for an e-mail that its owner hides";
const HOLDER: &str =
    "expanded holders carry the group, role, user or field, which the file's list of expansions promises too";
const KEYS: &str = "the file lists projectKeys among the expansions and leaves it out of the schema";
const REMOVED: &str = "live sites have removed the route since the file was written, and say so with 410";
const GATEWAY: &str = "the gateway refuses a wrong token before the product is asked, on every route";
const ROOT: &str = "live sites answer null for the parent of what lies at the top of its space";
const SPACE: &str = "live sites answer null for what a space lacks and for what was not asked for";
const UNKNOWN_ID: &str = "live sites answer null for an id that names nothing";
const HIDDEN: &str = "what is hidden or missing is 404 on all routes of content; the file forgets it here";

const WEBHOOKS: &str = "serves the administration's page; the file has the webhooks of apps only";
const PATTERN: &str = "the file's pattern of account ids ends in a line break, which no id does";

pub(crate) const EXCEPTIONS: &[Exception] = &[
    except("POST /users/{account_id}/manage/lifecycle/disable", 401, &["\"key\" is a required"], GATEWAY),
    except("POST /users/{account_id}/manage/lifecycle/disable", 409, &["accountId"], PATTERN),
    except("POST /users/{account_id}/manage/lifecycle/enable", 409, &["accountId"], PATTERN),
    except("PATCH /users/{account_id}/manage/profile", 200, &["account_id"], PATTERN),
    except("GET /rest/api/3/group/member", 200, &["mailAddress: null"], MAIL),
    except("GET /rest/api/3/issue/{issueIdOrKey}/comment", 200, &["mailAddress: null"], MAIL),
    except("GET /rest/api/3/issue/{issueIdOrKey}/comment/{id}", 200, &["mailAddress: null"], MAIL),
    except("GET /rest/api/3/user", 200, &["mailAddress: null"], MAIL),
    except("GET /rest/api/3/users", 200, &["mailAddress: null"], MAIL),
    except("GET /rest/api/3/users/search", 200, &["mailAddress: null"], MAIL),
    except("POST /rest/api/3/comment/list", 200, &["mailAddress: null"], MAIL),
    except("GET /wiki/rest/api/user/bulk", 200, &["email: null"], MAIL),
    except("GET /rest/api/3/issuesecurityschemes/level/member", 200, &["holder: Additional properties"], HOLDER),
    except(
        "GET /rest/api/3/issuesecurityschemes/{issueSecuritySchemeId}/members",
        200,
        &["holder: Additional properties"],
        HOLDER,
    ),
    except("GET /rest/api/3/permissionscheme", 200, &["holder: Additional properties"], HOLDER),
    except("GET /rest/api/3/permissionscheme/{schemeId}", 200, &["holder: Additional properties"], HOLDER),
    except("GET /rest/api/3/permissionscheme/{schemeId}/permission", 200, &["holder: Additional properties"], HOLDER),
    except(
        "GET /rest/api/3/project/{projectKeyOrId}/permissionscheme",
        200,
        &["holder: Additional properties"],
        HOLDER,
    ),
    except("POST /rest/api/3/permissionscheme/{schemeId}/permission", 201, &["holder: Additional properties"], HOLDER),
    except("GET /rest/api/3/project/search", 200, &["'projectKeys' was unexpected"], KEYS),
    except("GET /rest/api/3/project/{projectIdOrKey}", 200, &["'projectKeys' was unexpected"], KEYS),
    except("GET /rest/api/3/search", 410, &["not documented"], REMOVED),
    except("POST /rest/api/3/search", 410, &["not documented"], REMOVED),
    except("GET /rest/api/3/groups/picker", 401, &["not documented"], GATEWAY),
    except("GET /rest/api/3/issuetype", 401, &["not documented"], GATEWAY),
    except("GET /wiki/api/v2/pages", 200, &["parentId: null", "parentType: null"], ROOT),
    except("GET /wiki/api/v2/pages/{id}", 200, &["parentId: null", "parentType: null"], ROOT),
    except("GET /wiki/api/v2/spaces/{id}/pages", 200, &["parentId: null", "parentType: null"], ROOT),
    except("GET /wiki/api/v2/folders/{id}", 200, &["parentId: null", "parentType: null"], ROOT),
    except("GET /wiki/api/v2/spaces", 200, &["description: null", "icon: null", "homepageId: null"], SPACE),
    except("POST /wiki/api/v2/spaces", 201, &["icon: null"], SPACE),
    except("POST /wiki/api/v2/content/convert-ids-to-types", 200, &["/results/999999: null"], UNKNOWN_ID),
    except("GET /wiki/api/v2/whiteboards/{id}/direct-children", 404, &["not documented"], HIDDEN),
    except("GET /wiki/rest/api/content/{id}/restriction/byOperation", 404, &["not documented"], HIDDEN),
    except("GET /wiki/rest/api/content/{id}/restriction/byOperation/{operationKey}", 404, &["not documented"], HIDDEN),
    except("GET /wiki/rest/api/content/{id}/version", 404, &["not documented"], HIDDEN),
    except(
        "POST /wiki/rest/api/content/{id}/restriction",
        400,
        &["not documented"],
        "a body with an unknown operation is refused as any body that cannot be read; the file names no refusal of bodies",
    ),
    except(
        "GET /admin/v2/orgs/{orgId}/directories",
        404,
        &["not documented"],
        "an unknown organization is not found, as on every route below this one",
    ),
];

/// Routes that refuse every caller here, and why.
pub(crate) const ALWAYS_REFUSED: &[(&str, &str)] = &[
    ("GET /rest/api/2/search", REMOVED),
    ("POST /rest/api/2/search", REMOVED),
    ("GET /rest/api/3/search", REMOVED),
    ("POST /rest/api/3/search", REMOVED),
    ("GET /rest/api/3/search/id", REMOVED),
    ("POST /rest/api/3/search/id", REMOVED),
    ("GET /wiki/rest/api/user/email", APPS_ONLY),
    ("GET /wiki/rest/api/user/email/bulk", APPS_ONLY),
    ("GET /rest/api/3/webhook", APPS_ONLY),
    ("POST /rest/api/3/webhook", APPS_ONLY),
    ("DELETE /rest/api/3/webhook", APPS_ONLY),
    ("GET /wiki/api/v2/admin-key", NO_ADMIN_KEY),
    ("POST /wiki/api/v2/admin-key", NO_ADMIN_KEY),
    ("DELETE /wiki/api/v2/admin-key", NO_ADMIN_KEY),
];

const APPS_ONLY: &str = "only approved apps may have it, and no caller here is an app of that kind";
const NO_ADMIN_KEY: &str = "the site's plan has no keys for administrators";

/// Routes that no OpenAPI file describes, and where they are known from.
pub(crate) const UNDESCRIBED: &[(&str, &str)] = &[
    ("GET /_edge/tenant_info", "answers for the site, not for a product; it never refuses anybody"),
    ("PUT /admin/o/{orgId}/groups/{groupId}", "stands for the administration's page: no public route renames a group"),
    ("GET /rest/api/2/search", "belongs to version 2"),
    ("POST /rest/api/2/search", "belongs to version 2"),
    ("GET /rest/api/3/search/id", "removed before the file was written"),
    ("POST /rest/api/3/search/id", "removed before the file was written"),
    ("GET /rest/webhooks/1.0/webhook", WEBHOOKS),
    ("POST /rest/webhooks/1.0/webhook", WEBHOOKS),
    ("GET /rest/webhooks/1.0/webhook/{id}", WEBHOOKS),
    ("DELETE /rest/webhooks/1.0/webhook/{id}", WEBHOOKS),
];
