//! Which scopes are needed, for what, and the cheapest call that tells whether a token has each.
//!
//! Atlassian never names the missing scope (sheet 1.3), so each is tried by an endpoint that needs it. The scope is
//! looked at before anything else: a 403 or 404 of the product means that the scope is there.

use crate::http::{Call, CallError, Endpoint, Fault, Gateway};
use futures_util::{StreamExt, stream};
use model::Product;
use serde_json::json;

/// One scope and what it serves.
#[derive(Clone, Copy, Debug)]
pub struct Need {
    /// The scope to grant.
    pub scope: &'static str,
    /// The product that it belongs to.
    pub product: Product,
    /// What is missing without it, as the end of "without it, …".
    pub without: &'static str,
    /// Whether the product cannot be read at all without it.
    pub essential: bool,
    probe: Endpoint,
}

const fn need(product: Product, scope: &'static str, probe: Endpoint, without: &'static str) -> Need {
    Need { scope, product, without, essential: false, probe }
}

const fn essential(product: Product, scope: &'static str, probe: Endpoint, without: &'static str) -> Need {
    Need { scope, product, without, essential: true, probe }
}

use Endpoint as E;
use Product::{Confluence, Jira};

/// All scopes of a token for indexing, all of them reading except for the two that Jira demands for reading
/// configuration (sheet 1.5).
const NEEDS: &[Need] = &[
    essential(Confluence, "read:space:confluence", E::ConfluenceSpaces, "no space can be read"),
    essential(Confluence, "read:page:confluence", E::ConfluencePages, "no page or blog post can be read"),
    essential(
        Confluence,
        "read:content-details:confluence",
        E::ConfluenceCurrentUser,
        "page restrictions cannot be read, so every page stays hidden",
    ),
    need(Confluence, "search:confluence", E::ConfluenceContentSearch, "page restrictions are read one by one, slowly"),
    need(Confluence, "read:comment:confluence", E::ConfluenceFooterComments, "comments are not found"),
    need(Confluence, "read:attachment:confluence", E::ConfluenceAttachments, "attachments are not found"),
    need(Confluence, "read:group:confluence", E::ConfluenceGroups, "nobody is admitted through a group"),
    need(Confluence, "read:user:confluence", E::ConfluenceUsersBulk, "people on pages have no names"),
    need(
        Confluence,
        "read:content.metadata:confluence",
        E::ConfluenceConvertIds,
        "pages below whiteboards and databases stay hidden",
    ),
    need(Confluence, "read:folder:confluence", E::ConfluenceFolder, "pages below folders stay hidden"),
    need(Confluence, "read:whiteboard:confluence", E::ConfluenceWhiteboard, "pages below whiteboards stay hidden"),
    need(Confluence, "read:database:confluence", E::ConfluenceDatabase, "pages below databases stay hidden"),
    need(Confluence, "read:embed:confluence", E::ConfluenceEmbed, "pages below smart links stay hidden"),
    need(Confluence, "read:configuration:confluence", E::ConfluenceSpaceRoleMode, "roles of spaces admit nobody"),
    need(Confluence, "read:space.permission:confluence", E::ConfluenceSpaceRoles, "roles of spaces admit nobody"),
    need(
        Confluence,
        "read:audit-log:confluence",
        E::ConfluenceAudit,
        "changed page restrictions are noticed by the next sweep, not by the next cycle",
    ),
    need(
        Confluence,
        "read:content.permission:confluence",
        E::ConfluencePermissionCheck,
        "pages and blog posts are left out when Fossick is compared with the source",
    ),
    essential(Jira, "read:jira-work", E::JiraProjects, "no project or issue can be read"),
    essential(Jira, "read:jira-user", E::JiraMyself, "people and groups cannot be read, so nobody finds anything"),
    need(
        Jira,
        "manage:jira-configuration",
        E::JiraApplicationRoles,
        "members of groups and of security levels cannot be read, and what depends on them stays hidden",
    ),
    need(Jira, "manage:jira-project", E::JiraSecuritySchemes, "issues with a security level stay hidden"),
];

/// The scopes to copy when a token is created.
pub fn scopes_to_grant(product: Product) -> impl Iterator<Item = &'static Need> {
    NEEDS.iter().filter(move |need| need.product == product)
}

/// What a probe told.
pub(super) enum Probed {
    /// The scope is there.
    Granted,
    /// The scope is there, but the account itself is refused.
    AccountRefused,
    /// The scope is missing.
    Missing,
    /// The account has no access to the product.
    NoProduct,
    /// It could not be found out.
    Unknown(String),
}

/// Tries every scope of a product.
pub(super) async fn probe(gateway: &Gateway, product: Product) -> Vec<(&'static Need, Probed)> {
    // Collected first: a closure over `&'static` held across the await would keep callers from being spawned.
    let asked: Vec<_> = scopes_to_grant(product)
        .map(|need| async move { (need, told(gateway.send(cheapest(need.probe)).await.map(drop))) })
        .collect();
    stream::iter(asked).buffered(8).collect().await
}

fn told(answer: Result<(), CallError>) -> Probed {
    match answer {
        Ok(()) => Probed::Granted,
        Err(error) => match &error.fault {
            Fault::ScopeMissing => Probed::Missing,
            // The gateway took the other product's calls: the site is there, and lacks this product.
            Fault::NoProductAccess | Fault::SiteNotRouted => Probed::NoProduct,
            Fault::Forbidden(_) => Probed::AccountRefused,
            Fault::NotFound | Fault::Rejected { .. } => Probed::Granted,
            _ => Probed::Unknown(error.reason()),
        },
    }
}

/// A call that is as cheap as the endpoint allows. An id that does not exist serves as well as one that does.
fn cheapest(endpoint: Endpoint) -> Call {
    match endpoint {
        E::ConfluenceFolder | E::ConfluenceWhiteboard | E::ConfluenceDatabase | E::ConfluenceEmbed => {
            Call::to(endpoint, ["1"])
        }
        E::ConfluencePermissionCheck => Call::to(endpoint, ["1"]).json(&json!({
            "subject": { "type": "user", "identifier": "0" },
            "operation": "read",
        })),
        E::ConfluenceUsersBulk => Call::new(endpoint).json(&json!({ "accountIds": ["0"] })),
        E::ConfluenceConvertIds => Call::new(endpoint).json(&json!({ "contentIds": [1] })),
        E::ConfluenceContentSearch => Call::new(endpoint).query("cql", "type = page").query("limit", 1),
        E::JiraProjects => Call::new(endpoint).query("maxResults", 1),
        E::JiraApplicationRoles | E::JiraSecuritySchemes | E::JiraMyself => Call::new(endpoint),
        E::ConfluenceCurrentUser | E::ConfluenceSpaceRoleMode => Call::new(endpoint),
        _ => Call::new(endpoint).query("limit", 1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_probe_needs_the_scope_that_it_stands_for() {
        for need in NEEDS {
            assert!(need.probe.scopes().contains(&need.scope), "{}", need.scope);
            assert!(cheapest(need.probe).url(&"https://api.atlassian.com".parse().unwrap(), "cid").is_some());
        }
    }

    #[test]
    fn every_scope_of_the_list_of_calls_is_granted() {
        let granted: Vec<_> = NEEDS.iter().map(|need| need.scope).collect();
        for scope in Endpoint::ALL.iter().flat_map(|endpoint| endpoint.scopes()) {
            assert!(granted.contains(scope) || scope.ends_with(":admin"), "{scope}");
        }
    }
}
