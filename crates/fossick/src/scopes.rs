//! The scopes that the Connect page shows for copying, from the adapters' own list.

use atlassian::check::scopes_to_grant;
use model::Product;
use web::pages::connect::ScopeGroup;

/// One group per product.
pub(crate) fn groups() -> Vec<ScopeGroup> {
    let group = |product, title: &str| ScopeGroup {
        title: title.to_owned(),
        scopes: scopes_to_grant(product).map(|need| need.scope.to_owned()).collect(),
    };
    vec![group(Product::Jira, "Jira"), group(Product::Confluence, "Confluence")]
}
