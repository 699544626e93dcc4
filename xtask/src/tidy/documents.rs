//! Documents may not rot: a path that they name exists, and an invariant that the code cites is written down.

use std::collections::BTreeSet;

use super::source::split;
use super::{File, Problem};

/// Where the invariants are written down.
pub(super) const ARCHITECTURE: &str = "docs/architecture.md";

/// Endings by which a word in backticks is taken for a path even where its first folder is unknown.
const ENDINGS: &[&str] = &[".rs", ".md", ".toml", ".txt", ".css", ".js", ".html", ".sql", ".sh", ".png"];
/// The letters before the number of an invariant.
const AREAS: &[&str] = &["ACL", "SYN", "STO", "IDX"];

/// Checks the paths in all documents against the files of the checkout.
pub(super) fn check_paths(documents: &[File], files: &[String]) -> Vec<Problem> {
    let known = Known::of(files);
    let mut problems = Vec::new();
    for document in documents {
        for (number, line) in prose(&document.text) {
            let missing = links(line)
                .filter(|target| !known.has_link(&document.path, target))
                .chain(code_spans(line).filter(|word| known.is_missing_path(&document.path, word)));
            for path in missing {
                let message = format!("line {number}: `{path}` does not exist");
                problems.push(Problem::new("document-paths", document.path.clone(), message));
            }
        }
    }
    problems
}

/// Checks that each invariant that a comment cites, such as the first of an area, has its line in the architecture.
pub(super) fn check_invariants(sources: &[File], architecture: Option<&File>) -> Vec<Problem> {
    let Some(architecture) = architecture else {
        return vec![Problem::new("invariants", ARCHITECTURE, "the document is missing")];
    };
    let written: BTreeSet<String> = architecture.text.lines().filter_map(defined_invariant).collect();
    let mut problems = Vec::new();
    for source in sources.iter().filter(|source| !source.path.starts_with("xtask/")) {
        let comments = split(&source.text).comments;
        for cited in cited_invariants(&comments).difference(&written) {
            let message = format!("cites {cited}, which `{ARCHITECTURE}` does not define");
            problems.push(Problem::new("invariants", source.path.clone(), message));
        }
    }
    problems
}

/// The files of the checkout and the folders that they lie in.
struct Known<'files> {
    paths: BTreeSet<&'files str>,
}

impl<'files> Known<'files> {
    fn of(files: &'files [String]) -> Self {
        let folders = files.iter().flat_map(|file| file.match_indices('/').map(|(at, _)| &file[..at]));
        Self { paths: folders.chain(files.iter().map(String::as_str)).collect() }
    }

    /// A link resolves from the document's own folder; one to elsewhere on the web is not ours to check.
    fn has_link(&self, document: &str, target: &str) -> bool {
        let target = target.split('#').next().unwrap_or_default();
        let elsewhere = target.contains("://") || target.starts_with("mailto:");
        target.is_empty() || elsewhere || self.has(&joined(document, target))
    }

    /// A word in backticks is a path when it begins with a folder of ours or ends like a file in a folder.
    fn is_missing_path(&self, document: &str, word: &str) -> bool {
        let word = word.split("::").next().unwrap_or(word);
        let word = word.trim_end_matches(|c: char| c.is_ascii_digit()).trim_end_matches(':');
        let Some((first, _)) = word.split_once('/') else { return false };
        let is_plain = word.chars().all(|c| c.is_ascii_alphanumeric() || "/._-".contains(c));
        let is_path = is_plain && !word.starts_with('/') && first != "target";
        let is_ours = self.paths.contains(first) || ENDINGS.iter().any(|ending| word.ends_with(ending));
        is_path && is_ours && !self.has(&joined("", word)) && !self.has(&joined(document, word))
    }

    fn has(&self, path: &str) -> bool {
        path.is_empty() || self.paths.contains(path)
    }
}

/// A path relative to the folder of `document`, without `.`, `..` and a slash at its end.
fn joined(document: &str, path: &str) -> String {
    let mut parts: Vec<&str> = document.split('/').collect();
    parts.pop();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            _ => parts.push(part),
        }
    }
    parts.join("/")
}

/// The numbered lines outside fenced blocks and comments of one line.
fn prose(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut fenced = false;
    text.lines().enumerate().filter_map(move |(at, line)| {
        let fence = line.trim_start().starts_with("```");
        fenced ^= fence;
        (!fenced && !fence && !line.trim_start().starts_with("<!--")).then_some((at + 1, line))
    })
}

/// The targets of `[text](target)`.
fn links(line: &str) -> impl Iterator<Item = &str> {
    line.split("](").skip(1).filter_map(|rest| rest.split_once(')')).map(|(target, _)| target)
}

/// What stands in backticks.
fn code_spans(line: &str) -> impl Iterator<Item = &str> {
    line.split('`').skip(1).step_by(2)
}

/// The invariant that a line of the architecture defines: `- **ACL-1** ...`.
fn defined_invariant(line: &str) -> Option<String> {
    let (name, _) = line.trim_start().strip_prefix("- **")?.split_once("**")?;
    Some(name.trim_end_matches([':', '.']).to_owned()).filter(|name| cited_invariants(name).contains(name))
}

fn cited_invariants(text: &str) -> BTreeSet<String> {
    let words = text.split(|c: char| !c.is_ascii_alphanumeric() && c != '-');
    words
        .filter(|word| {
            let parts = word.split_once('-');
            parts.is_some_and(|(area, number)| AREAS.contains(&area) && number.parse::<u8>().is_ok())
        })
        .map(str::to_owned)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(path: &str, text: &str) -> File {
        File { path: path.to_owned(), text: text.to_owned() }
    }

    fn missing_in(text: &str) -> Vec<String> {
        let files = ["README.md", "docs/architecture.md", "docs/adr/README.md", "crates/access/src/lib.rs", ".ci/run"];
        let problems = check_paths(&[file("docs/guide.md", text)], &files.map(str::to_owned));
        problems.into_iter().map(|problem| problem.message).collect()
    }

    #[test]
    fn paths_that_exist_pass() {
        let fine = "See [the plan](architecture.md#layers), [home](../README.md), `crates/access/src/lib.rs:12`,\n\
                    `crates/access`, `.ci/run`, `adr/README.md`, `docs/adr/` and <https://example.org/a.md>.";
        assert_eq!(missing_in(fine), [""; 0]);
    }

    #[test]
    fn a_moved_file_is_found_in_links_and_in_backticks() {
        assert_eq!(missing_in("text\n[gone](old.md)"), ["line 2: `old.md` does not exist"]);
        assert_eq!(missing_in("`crates/access/src/acl.rs`"), ["line 1: `crates/access/src/acl.rs` does not exist"]);
        assert_eq!(missing_in("`crates/tunnel`").len(), 1);
        assert_eq!(missing_in("`removed/file.rs`").len(), 1);
    }

    #[test]
    fn what_is_not_a_path_passes() {
        assert_eq!(missing_in("`/api/v1/search` `and/or` `a::b` `target/release/x.md` `crates/*/src`"), [""; 0]);
        assert_eq!(missing_in("```\ncat crates/gone.rs `crates/gone.rs`\n```"), [""; 0]);
        assert_eq!(missing_in("[site](https://example.org/x) [mail](mailto:a@example.org)"), [""; 0]);
    }

    #[test]
    fn an_invariant_must_be_defined_where_it_is_cited() {
        let architecture = file(ARCHITECTURE, "- **ACL-1** adding a clause never widens.\nACL-2 is only mentioned.");
        let cited = |text: &str| check_invariants(&[file("crates/a/src/b.rs", text)], Some(&architecture)).len();
        assert_eq!(cited("/// Keeps ACL-1.\nfn f() {}"), 0);
        assert_eq!(cited("/// Keeps ACL-2.\nfn f() {}"), 1);
        assert_eq!(cited("const KEY: &str = \"ACL-9\"; // not UTF-8, nor ACL-x"), 0);
        assert_eq!(check_invariants(&[], None).len(), 1);
    }
}
