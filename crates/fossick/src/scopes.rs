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

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn the_readme_names_these_scopes_and_no_others() {
        let readme = include_str!("../../../README.md");
        let rows = readme
            .lines()
            .filter(|line| line.trim_start().starts_with("| ") && line.contains("`read:") || line.contains("`search:"));
        let named: BTreeSet<String> = rows
            .flat_map(|row| row.split('`').filter(|word| word.contains(':') && !word.contains(' ')))
            .map(str::to_owned)
            .collect();
        let granted: BTreeSet<String> = groups().into_iter().flat_map(|group| group.scopes).collect();
        assert_eq!(named, granted);
    }
}
