//! A world from real issues and pages that lie in a folder outside this repository.
//!
//! `jira-issues/issues.jsonl` gives projects, issues, comments, links and files' names; `confluence-bodies.jsonl` gives
//! bodies in storage format. What the data says is kept: keys, dates, people by name, states, components, versions. Who may
//! see what is not in the data, so it is laid out here, by rules that depend on names and numbers alone: the same in
//! every run, and different for most people.

mod adf;
mod issues;
mod lines;
mod pages;
mod people;
mod projects;
#[cfg(test)]
mod tests;

use std::path::{Path, PathBuf};

use crate::clock::{Clock, Millis};
use crate::state::directory::stable_uuid;
use crate::state::{Site, World};

/// Host of the site.
pub const HOST: &str = "real.atlassian.net";
/// Token of the service account `fossick`, with every scope that reading needs.
pub const TOKEN: &str = "ATSTT-real";
/// Key of the organization.
pub const ORGANIZATION_KEY: &str = "org-key-real";

/// The issues, below the folder.
pub const ISSUES: &str = "jira-issues/issues.jsonl";
/// The bodies, below the folder.
pub const BODIES: &str = "confluence-bodies.jsonl";

/// When pages begin, which have no dates in the data.
const PAGES_START: Millis = 1_704_067_200_000;

/// Why real data cannot be loaded.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// A file cannot be read.
    #[error("cannot read `{}`: {source}; name the folder that holds `{ISSUES}` and `{BODIES}`", .file.display())]
    Read {
        /// The file.
        file: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// A line is not a record of the expected shape.
    #[error("`{}`, line {line}: {source}", .file.display())]
    Line {
        /// The file.
        file: PathBuf,
        /// Counted from one.
        line: usize,
        /// What does not fit.
        source: serde_json::Error,
    },
    /// A value that means nothing.
    #[error("issue `{issue}`: `{value}` is not {expected}")]
    Value {
        /// Key of the issue.
        issue: String,
        /// What the data says.
        value: String,
        /// What it should be, with an example.
        expected: &'static str,
    },
}

/// Builds the world of `folder`; afterwards it runs on `clock`.
///
/// # Errors
/// When a file is missing or a record has another shape than the loader knows.
pub fn load(folder: &Path, clock: Clock) -> Result<World, LoadError> {
    let issues: Vec<issues::Record> = lines::read(&folder.join(ISSUES))?;
    let bodies: Vec<pages::Record> = lines::read(&folder.join(BODIES))?;
    build(&issues, &bodies, clock)
}

fn build(issues: &[issues::Record], bodies: &[pages::Record], clock: Clock) -> Result<World, LoadError> {
    let mut world = World::new(site(), Clock::frozen(0));
    world.install_defaults();
    let people = people::add(&mut world, issues);
    let projects = projects::add(&mut world, &people, issues);
    issues::add(&mut world, &people, &projects, issues)?;
    world.clock.set(PAGES_START);
    pages::add(&mut world, &people, bodies);
    world.clock = clock;
    Ok(world)
}

fn site() -> Site {
    let id = |what: &str| stable_uuid(&format!("{what} of {HOST}"));
    Site {
        host: HOST.to_owned(),
        cloud_id: id("cloud"),
        org_id: id("organization"),
        org_name: "Real".to_owned(),
        directory_id: id("directory"),
        time_zone: "UTC".to_owned(),
        has_jira: true,
        has_confluence: true,
    }
}
