//! Who may import whom: the table that keeps the parts apart.

use super::Problem;
use crate::workspace::{Crate, Use};

/// What a crate of ours may import of ours.
struct Row {
    name: &'static str,
    may_import: &'static [&'static str],
    /// Whether it may use anything beyond the standard library in the product.
    third_party: bool,
}

const fn row(name: &'static str, may_import: &'static [&'static str]) -> Row {
    Row { name, may_import, third_party: true }
}

/// One row per crate under `crates/`. A new arrow is a decision: it comes with a record in `docs/adr/`.
const TABLE: &[Row] = &[
    Row { name: "access", may_import: &[], third_party: false },
    row("model", &["access"]),
    row("text", &[]),
    row("search", &["access", "model"]),
    row("sync", &["access", "model", "search"]),
    row("index", &["access", "model", "search", "sync"]),
    row("atlassian", &["access", "model", "text", "sync"]),
    row("store", &["access", "model", "sync"]),
    row("explain", &["access", "model", "search", "store"]),
    row("web", &["access", "model", "search", "sync", "store", "explain"]),
    row("simulator", &[]),
    row(
        "fossick",
        &["access", "model", "text", "search", "sync", "index", "atlassian", "store", "explain", "web", "simulator"],
    ),
];

/// Tests of the parts that talk to Atlassian may run against its double.
const TESTS_MAY_IMPORT: &[(&str, &[&str])] = &[("atlassian", &["simulator"]), ("fossick", &["simulator"])];

/// These see the whole program from outside and may import anything.
const EXEMPT: &[&str] = &["e2e", "benches", "xtask"];

const RULE: &str = "arrows";

/// Compares the manifests with the table.
pub(super) fn check(crates: &[Crate]) -> Vec<Problem> {
    let mut problems = Vec::new();
    for member in crates.iter().filter(|member| !EXEMPT.contains(&member.name.as_str())) {
        match TABLE.iter().find(|row| row.name == member.name) {
            Some(row) => problems.extend(check_crate(member, row)),
            None => {
                let message =
                    format!("`{}` has no row in the table of arrows in `xtask/src/tidy/arrows.rs`", member.name);
                problems.push(Problem::new(RULE, member.folder.clone(), message));
            }
        }
    }
    for row in TABLE.iter().filter(|row| !crates.iter().any(|member| member.name == row.name)) {
        let message = format!("the table of arrows names `{}`, which is not a crate", row.name);
        problems.push(Problem::new(RULE, "xtask/src/tidy/arrows.rs", message));
    }
    problems
}

fn check_crate(member: &Crate, row: &Row) -> Vec<Problem> {
    let in_tests = TESTS_MAY_IMPORT.iter().find(|(name, _)| *name == row.name).map_or(&[][..], |(_, names)| names);
    let mut problems = Vec::new();
    for dependency in &member.dependencies {
        let name = dependency.name.as_str();
        let place = format!("{}/Cargo.toml", member.folder);
        if dependency.ours {
            let allowed = row.may_import.contains(&name) || (dependency.used == Use::Tests && in_tests.contains(&name));
            if !allowed {
                problems.push(Problem::new(RULE, place, format!("`{}` may not import `{name}`", row.name)));
            }
        } else if !row.third_party && dependency.used == Use::Product {
            let message = format!("`{}` uses the standard library only, not `{name}`", row.name);
            problems.push(Problem::new(RULE, place, message));
        }
    }
    problems
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workspace::Dependency;

    /// All crates of the table, without dependencies.
    fn crates() -> Vec<Crate> {
        let member = |row: &Row| Crate {
            name: row.name.to_owned(),
            folder: format!("crates/{}", row.name),
            dependencies: Vec::new(),
            has_binary: false,
            default_features: Vec::new(),
        };
        TABLE.iter().map(member).collect()
    }

    fn with(name: &str, import: &str, ours: bool, used: Use) -> Vec<Problem> {
        let mut crates = crates();
        let member = crates.iter_mut().find(|member| member.name == name).unwrap();
        member.dependencies.push(Dependency { name: import.to_owned(), ours, used, features: Vec::new() });
        check(&crates)
    }

    #[test]
    fn the_table_points_downwards_only() {
        // Each row imports rows above itself, so there can be no circle.
        for (at, row) in TABLE.iter().enumerate() {
            for import in row.may_import {
                assert!(TABLE[..at].iter().any(|above| above.name == *import), "{} imports {import}", row.name);
            }
        }
    }

    #[test]
    fn an_arrow_of_the_table_is_fine_and_any_other_is_not() {
        assert_eq!(with("index", "search", true, Use::Product), []);
        assert_eq!(with("index", "store", true, Use::Product).len(), 1);
        assert_eq!(with("simulator", "access", true, Use::Tests).len(), 1);
    }

    #[test]
    fn only_tests_of_the_adapters_may_use_the_double() {
        assert_eq!(with("atlassian", "simulator", true, Use::Tests), []);
        assert_eq!(with("atlassian", "simulator", true, Use::Product).len(), 1);
        assert_eq!(with("web", "simulator", true, Use::Tests).len(), 1);
    }

    #[test]
    fn access_stays_with_the_standard_library() {
        assert_eq!(with("access", "serde", false, Use::Product).len(), 1);
        assert_eq!(with("access", "proptest", false, Use::Tests), []);
        assert_eq!(with("model", "serde", false, Use::Product), []);
    }

    #[test]
    fn a_crate_without_a_row_and_a_row_without_a_crate_are_found() {
        let mut crates = crates();
        crates[0].name = "accesses".to_owned();
        let messages: Vec<String> = check(&crates).into_iter().map(|problem| problem.message).collect();
        assert_eq!(messages.len(), 2, "{messages:?}");
    }
}
