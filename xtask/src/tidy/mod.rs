//! The rules of the house that the compiler cannot check.
//!
//! A rule is a function from what lies in the checkout to problems, so that its tests can show it a bad sample. What
//! breaks a rule for a good reason stands in one list with that reason; an entry that is no longer needed is itself a
//! problem, so that the list can only shrink.

mod arrows;
mod dependencies;
mod documents;
mod exceptions;
mod mutants;
mod rust;
mod source;

use std::fmt;

use anyhow::{Context, Result};

use crate::workspace::Workspace;

/// One broken rule.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(crate) struct Problem {
    /// The rule's name, as in the list of exceptions.
    pub(crate) rule: &'static str,
    /// What broke it: a path relative to the root, maybe with `::` and a name.
    pub(crate) place: String,
    /// What is wrong and what to do.
    pub(crate) message: String,
}

impl Problem {
    fn new(rule: &'static str, place: impl Into<String>, message: impl Into<String>) -> Self {
        Self { rule, place: place.into(), message: message.into() }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}: {}: {}", self.place, self.rule, self.message)
    }
}

/// A text file of the checkout.
struct File {
    /// Relative to the root, with `/`.
    path: String,
    text: String,
}

/// Checks everything, prints the problems, and returns whether there were none.
pub(crate) fn run(workspace: &Workspace) -> Result<bool> {
    let problems = check(workspace)?;
    for problem in &problems {
        println!("{problem}");
    }
    println!("tidy: {} problems", problems.len());
    Ok(problems.is_empty())
}

fn check(workspace: &Workspace) -> Result<Vec<Problem>> {
    let paths = workspace.files()?;
    let sources = read(workspace, &paths, ".rs")?;
    let documents = read(workspace, &paths, ".md")?;
    let text_of = |path: &str| {
        std::fs::read_to_string(workspace.root.join(path)).with_context(|| format!("could not read `{path}`"))
    };
    let architecture = documents.iter().find(|file| file.path == documents::ARCHITECTURE);

    let mut problems = arrows::check(&workspace.crates);
    problems.extend(mutants::check(&workspace.crates));
    problems.extend(sources.iter().flat_map(rust::check));
    problems.extend(rust::check_names(&sources));
    problems.extend(documents::check_paths(&documents, &paths));
    problems.extend(documents::check_invariants(&sources, architecture));
    problems.extend(dependencies::check_lock(&text_of("Cargo.lock")?));
    problems.extend(dependencies::check_reasons(&text_of("Cargo.toml")?, &text_of(dependencies::REASONS)?));
    problems.extend(dependencies::check_used(&workspace.crates, &sources, &text_of("Cargo.toml")?));

    let mut remaining = exceptions::apply(problems, &exceptions::parse(&text_of(exceptions::LIST)?));
    remaining.sort();
    Ok(remaining)
}

fn read(workspace: &Workspace, paths: &[String], ending: &str) -> Result<Vec<File>> {
    let wanted = paths.iter().filter(|path| path.ends_with(ending));
    wanted
        .map(|path| {
            let text = std::fs::read_to_string(workspace.root.join(path));
            Ok(File { path: path.clone(), text: text.with_context(|| format!("could not read `{path}`"))? })
        })
        .collect()
}
