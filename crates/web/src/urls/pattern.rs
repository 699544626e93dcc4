//! Path patterns for the router: one constant per address, written once.

/// Search page without a query.
pub const HOME: &str = "/";
/// Search results.
pub const SEARCH: &str = "/search";
/// Sign in.
pub const LOGIN: &str = "/login";
/// Sign out.
pub const LOGOUT: &str = "/logout";
/// One's own account.
pub const ACCOUNT: &str = "/account";
/// Change of password.
pub const PASSWORD: &str = "/account/password";
/// Choice of theme.
pub const THEME: &str = "/account/theme";
/// Leads to the first page of the settings.
pub const SETTINGS: &str = "/settings";
/// All sources.
pub const SOURCES: &str = "/settings/sources";
/// Connect Atlassian.
pub const CONNECT: &str = "/settings/connect";
/// One source.
pub const SOURCE: &str = "/settings/sources/{id}";
/// Spaces and projects of a source.
pub const SOURCE_SCOPE: &str = "/settings/sources/{id}/scope";
/// Start of a sync.
pub const SOURCE_SYNC: &str = "/settings/sources/{id}/sync";
/// End of a running sync.
pub const SOURCE_CANCEL: &str = "/settings/sources/{id}/cancel";
/// Removal of a source.
pub const SOURCE_REMOVE: &str = "/settings/sources/{id}/remove";
/// Live progress.
pub const SOURCE_EVENTS: &str = "/settings/sources/{id}/events";
/// One run of a source.
pub const SOURCE_RUN: &str = "/settings/sources/{id}/runs/{run}";
/// What runs of a source could not read.
pub const SOURCE_OWED: &str = "/settings/sources/{id}/owed";
/// Reading nothing more of a source.
pub const SOURCE_PAUSE: &str = "/settings/sources/{id}/pause";
/// Reading a paused source again.
pub const SOURCE_RESUME: &str = "/settings/sources/{id}/resume";
/// How often a source is read, and its limits.
pub const SOURCE_SCHEDULE: &str = "/settings/sources/{id}/schedule";
/// What has vanished from a source.
pub const SOURCE_DELETIONS: &str = "/settings/sources/{id}/deletions";
/// Bringing back what was deleted.
pub const SOURCE_UNDELETE: &str = "/settings/sources/{id}/deletions/undo";
/// Where a source may be told of changes: address, secret, what came of it.
pub const SOURCE_WEBHOOK: &str = "/settings/sources/{id}/webhook";
/// The secret of that address, once more.
pub const SOURCE_WEBHOOK_SECRET: &str = "/settings/sources/{id}/webhook/secret";
/// End of that address.
pub const SOURCE_WEBHOOK_REMOVE: &str = "/settings/sources/{id}/webhook/remove";
/// The address itself, for sites to call.
pub const WEBHOOK_CALL: &str = "/hooks/{address}";
/// Comparison with the source, and open projects.
pub const SOURCE_ACCESS: &str = "/settings/sources/{id}/access";
/// Start of a comparison.
pub const SOURCE_COMPARE: &str = "/settings/sources/{id}/compare";
/// Choice of open projects.
pub const SOURCE_OPEN_PROJECTS: &str = "/settings/sources/{id}/open-projects";
/// What of a source can be read.
pub const SOURCE_DOCTOR: &str = "/settings/sources/{id}/doctor";
/// All accounts.
pub const USERS: &str = "/settings/users";
/// Add an account.
pub const NEW_USER: &str = "/settings/users/new";
/// Who may see what.
pub const ACCESS: &str = "/settings/access";
/// How far everything is open.
pub const EXPOSURE: &str = "/settings/access/exposure";
/// The same for spreadsheets.
pub const EXPOSURE_SHEET: &str = "/settings/access/exposure.csv";
/// What members say they should not see.
pub const OBJECTIONS: &str = "/settings/access/objections";
/// End of an objection.
pub const SETTLE_OBJECTION: &str = "/settings/access/objections/{id}/settle";
/// Why one sees a document.
pub const WHY: &str = "/why";
/// As whom one account searches.
pub const PERSONS: &str = "/settings/users/{id}";
/// Mapping of an account to a user.
pub const PERSON_MAP: &str = "/settings/users/{id}/map";
/// End of a mapping.
pub const PERSON_UNMAP: &str = "/settings/users/{id}/unmap";
/// Audit log.
pub const AUDIT: &str = "/settings/audit";
/// Stylesheet, modules and logo.
pub const ASSET: &str = "/assets/{name}";
