//! What the project depends on: nothing that is banned, nothing without a reason, nothing unused.

use std::collections::BTreeSet;

use super::{File, Problem};
use crate::workspace::Crate;

/// Where each dependency has its reason.
pub(super) const REASONS: &str = "docs/dependencies.md";

/// One TLS implementation, without a C library of the system and without cmake: ring, through rustls.
const BANNED: &[&str] = &["openssl", "openssl-sys", "native-tls", "aws-lc-rs", "aws-lc-sys"];

/// Looks for banned packages in the lock file.
pub(super) fn check_lock(lock: &str) -> Vec<Problem> {
    let names = lock.lines().filter_map(|line| line.strip_prefix("name = \"")?.strip_suffix('"'));
    names
        .filter(|name| BANNED.contains(name))
        .map(|name| {
            let message =
                format!("`{name}` is banned: TLS is rustls with ring; `cargo tree -i {name}` shows who asks for it");
            Problem::new("banned-dependency", "Cargo.lock", message)
        })
        .collect()
}

/// Compares the workspace's dependencies with the rows of the table of reasons, in both directions.
pub(super) fn check_reasons(manifest: &str, reasons: &str) -> Vec<Problem> {
    let named: BTreeSet<&str> = reasons.lines().filter_map(reason_row).collect();
    let wanted: BTreeSet<&str> = external(manifest).collect();
    let without_reason = wanted.difference(&named).map(|name| {
        Problem::new("dependency-reasons", REASONS, format!("no row says why `{name}`, and not its rival, is used"))
    });
    let without_use = named.difference(&wanted).map(|name| {
        Problem::new("dependency-reasons", REASONS, format!("`{name}` has a row but is not in the root `Cargo.toml`"))
    });
    without_reason.chain(without_use).collect()
}

/// Finds dependencies of a crate that its code never names, and lines of the root manifest that no crate takes.
pub(super) fn check_used(crates: &[Crate], sources: &[File], manifest: &str) -> Vec<Problem> {
    let mut problems = Vec::new();
    for member in crates {
        let folder = format!("{}/", member.folder);
        let own: Vec<&File> = sources.iter().filter(|source| source.path.starts_with(&folder)).collect();
        for dependency in &member.dependencies {
            let name = dependency.name.replace('-', "_");
            if !own.iter().any(|source| names(&source.text, &name)) {
                let message = format!("`{}` depends on `{}` but never names it", member.name, dependency.name);
                problems.push(Problem::new("unused-dependency", format!("{folder}Cargo.toml"), message));
            }
        }
    }
    let taken: BTreeSet<&str> =
        crates.iter().flat_map(|member| &member.dependencies).map(|dependency| dependency.name.as_str()).collect();
    let unused = external(manifest).filter(|name| !taken.contains(name));
    problems.extend(unused.map(|name| {
        Problem::new("unused-dependency", "Cargo.toml", format!("no crate depends on `{name}`; remove its line"))
    }));
    problems
}

/// Whether a word stands in the text, not only as part of another.
fn names(text: &str, word: &str) -> bool {
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    text.match_indices(word)
        .any(|(at, _)| !text[..at].ends_with(is_word) && !text[at + word.len()..].starts_with(is_word))
}

/// The names under `[workspace.dependencies]` that are not crates of ours.
fn external(manifest: &str) -> impl Iterator<Item = &str> {
    manifest
        .lines()
        .skip_while(|line| line.trim() != "[workspace.dependencies]")
        .skip(1)
        .take_while(|line| !line.starts_with('['))
        .filter(|line| !line.trim_start().starts_with('#') && !line.contains("path ="))
        .filter_map(|line| line.split_once('='))
        .map(|(name, _)| name.trim())
}

/// The name in a row of the table: `| name | reason |`, with or without backticks.
fn reason_row(line: &str) -> Option<&str> {
    let mut cells = line.strip_prefix('|')?.split('|').map(|cell| cell.trim().trim_matches('`'));
    let name = cells.next()?;
    let has_reason = cells.next().is_some_and(|reason| reason.len() > 15);
    let is_name = name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '_');
    (has_reason && is_name && !name.is_empty() && !name.starts_with('-') && name != "dependency").then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workspace::{Dependency, Use};

    const MANIFEST: &str = "[workspace]\nmembers = []\n\n[workspace.dependencies]\naccess = { path = \"crates/access\" }\n\n\
                            anyhow = \"1\"\nserde_json = { version = \"1\" }\n\n[workspace.lints.rust]\nunsafe_code = \"forbid\"\n";

    #[test]
    fn banned_packages_are_found_by_their_whole_name() {
        let lock = "[[package]]\nname = \"openssl-probe\"\n[[package]]\nname = \"openssl-sys\"\nversion = \"1\"\n";
        let problems = check_lock(lock);
        assert_eq!(problems.len(), 1);
        assert!(problems[0].message.contains("`openssl-sys`"));
    }

    #[test]
    fn every_dependency_has_a_row_and_every_row_a_dependency() {
        let header = "| dependency | why it and not its rival |\n|---|---|\n";
        let full =
            format!("{header}| `anyhow` | errors with context in tools |\n| serde_json | the usual JSON reader |\n");
        assert_eq!(check_reasons(MANIFEST, &full), []);
        let half = format!("{header}| `anyhow` | errors with context in tools |\n| tokio | an executor of futures |\n");
        let messages: Vec<String> = check_reasons(MANIFEST, &half).into_iter().map(|p| p.message).collect();
        assert_eq!(messages.len(), 2, "{messages:?}");
        assert!(messages[0].contains("serde_json") && messages[1].contains("tokio"), "{messages:?}");
    }

    #[test]
    fn a_row_without_a_reason_does_not_count() {
        let rows = "| anyhow | |\n| serde_json | the usual JSON reader |\n";
        assert_eq!(check_reasons(MANIFEST, rows).len(), 1);
    }

    #[test]
    fn unused_dependencies_are_found_in_crates_and_in_the_root() {
        let dependency =
            Dependency { name: "serde_json".to_owned(), ours: false, used: Use::Product, features: Vec::new() };
        let member = Crate {
            name: "a".to_owned(),
            folder: "crates/a".to_owned(),
            dependencies: vec![dependency],
            has_binary: false,
            default_features: Vec::new(),
        };
        let source = |text: &str| vec![File { path: "crates/a/src/lib.rs".to_owned(), text: text.to_owned() }];
        let places = |text: &str| -> Vec<String> {
            let crates = std::slice::from_ref(&member);
            check_used(crates, &source(text), MANIFEST).into_iter().map(|problem| problem.place).collect()
        };
        assert_eq!(places("use serde_json::Value;"), ["Cargo.toml"]);
        assert_eq!(places("use my_serde_json::Value;"), ["crates/a/Cargo.toml", "Cargo.toml"]);
    }
}
