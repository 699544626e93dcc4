//! The rules of both products as data: every kind of holder, and whom it admits, for pages and documentation.
//!
//! The adapters decide by these very tables; `docs/permissions.md` tells them, and a test compares the two.

use crate::confluence::cloud::holder::{ACCESS_CLASSES, PRINCIPAL_KINDS};
use crate::jira::cloud::HOLDER_TYPES;

/// A kind of holder as the product writes it, and whom it admits, in words.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Rule {
    /// The product's word.
    pub name: &'static str,
    /// Whom it admits.
    pub admits: &'static str,
}

/// The types of holder in grants of Browse and in security levels of Jira.
pub fn jira_holders() -> impl Iterator<Item = Rule> {
    HOLDER_TYPES.iter().map(|row| Rule { name: row.name, admits: row.admits })
}

/// The kinds of principal in permissions and role assignments of a Confluence space.
pub fn space_principals() -> impl Iterator<Item = Rule> {
    PRINCIPAL_KINDS.iter().map(|row| Rule { name: row.name, admits: row.admits })
}

/// The access classes of Confluence.
pub fn access_classes() -> impl Iterator<Item = Rule> {
    ACCESS_CLASSES.iter().map(|row| Rule { name: row.name, admits: row.admits })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_documentation_tells_each_kind_of_holder_as_the_adapters_decide() {
        let documentation = include_str!("../../../docs/permissions.md");
        for Rule { name, admits } in jira_holders().chain(space_principals()).chain(access_classes()) {
            let row = format!("| `{name}` | {admits} |");
            assert!(documentation.contains(&row), "docs/permissions.md lacks: {row}");
        }
    }
}
