//! Companies in TOML: `worlds/*.toml`, written by hand, and how they become a [`World`].
//!
//! People are named by handle (`@alice`), groups by name (`group:legal`), spaces and projects by key, pages and issues by a
//! slug of the file's own. What a key may hold is in `shape`; how it acts is in `people`, `spaces`, `projects`. `[generate]`
//! adds documents in bulk. Nothing random: a file gives the same world, ids and times in every run.

mod generate;
mod people;
mod projects;
mod shape;
mod spaces;
mod words;

pub(crate) use people::READING_SCOPES;

use std::collections::HashMap;
use std::path::Path;

use crate::clock::{Clock, Millis};
use crate::state::directory::stable_uuid;
use crate::state::{AccountId, GroupId, Site, World};

/// Why a world file cannot be loaded.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// The file cannot be read.
    #[error("cannot read world file `{file}`: {source}; name an existing file such as `worlds/tiny.toml`")]
    Read {
        /// Path as given.
        file: String,
        /// Cause.
        source: std::io::Error,
    },
    /// Not TOML, or a key that does not exist, or a value of the wrong type; names line and key.
    #[error("world file `{file}` is not valid: {message}; a correct entry is `{example}`")]
    Shape {
        /// Path as given.
        file: String,
        /// What and where.
        message: String,
        /// A correct entry of the kind.
        example: &'static str,
    },
    /// A name that leads nowhere, or is given twice.
    #[error("world file `{file}`, key `{key}`: {problem} `{value}`; write it as `{example}`")]
    Reference {
        /// Path as given.
        file: String,
        /// Key in the file, `space.page.view`.
        key: String,
        /// `no such person`, ….
        problem: &'static str,
        /// Value in the file.
        value: String,
        /// A correct value.
        example: &'static str,
    },
}

/// Loads a file. Times of loaded documents begin at `site.starts`; afterwards the world runs on `clock`.
pub fn load(path: &Path, clock: Clock) -> Result<World, LoadError> {
    let file = path.display().to_string();
    let text = std::fs::read_to_string(path).map_err(|source| LoadError::Read { file: file.clone(), source })?;
    parse(&text, &file, clock)
}

/// Loads text; `file` is named in errors.
pub fn parse(text: &str, file: &str, clock: Clock) -> Result<World, LoadError> {
    let shape: shape::File = toml::from_str(text).map_err(|error| LoadError::Shape {
        file: file.to_owned(),
        message: error.to_string().trim().to_owned(),
        example: example_near(text, error.span().map_or(0, |span| span.start)),
    })?;
    let mut loader = Loader::new(file, &shape.site)?;
    loader.set_switches(&shape.switches);
    loader.add_people(&shape)?;
    loader.add_spaces(&shape)?;
    loader.add_projects(&shape)?;
    if let Some(generate) = &shape.generate {
        loader.generate(generate)?;
    }
    loader.world.clock = clock;
    Ok(loader.world)
}

/// The example for the table in which an error stands.
fn example_near(text: &str, at: usize) -> &'static str {
    let before = text.get(..at).unwrap_or(text);
    let through = text.get(at..).and_then(|rest| rest.lines().next()).unwrap_or_default();
    let table = before.lines().chain([through]).rfind(|line| line.starts_with('[')).unwrap_or_default();
    match table.trim_matches(['[', ']', ' ']) {
        "person" => "[[person]] handle = \"alice\", name = \"Alice Ash\"",
        "group" => "[[group]] name = \"legal\", members = [\"alice\"]",
        "service_account" => {
            "[service_account] handle = \"robot\", token = \"ATSTT-robot\", scopes = [\"read:jira-work\"]"
        }
        "access" => "[access] confluence = [\"staff\"], jira = { jira-software = [\"staff\"] }",
        "space" => "[[space]] key = \"ENG\", name = \"Engineering\", read = [\"group:staff\"]",
        "space.page" => "[[space.page]] title = \"Runbook\", parent = \"home\", view = [\"@alice\"], body = \"Text\"",
        "project" => "[[project]] key = \"ENG\", name = \"Engine\", lead = \"alice\", scheme = \"Open\"",
        "project.issue" => "[[project.issue]] summary = \"Rotate keys\", level = \"Staff\"",
        "permission_scheme" => "[[permission_scheme]] name = \"Open\", grants = { BROWSE_PROJECTS = [\"licensed\"] }",
        "security_scheme" => {
            "[[security_scheme]] name = \"Levels\", levels = [{ name = \"Staff\", members = [\"reporter\"] }]"
        }
        "generate" => "[generate] spaces = 5, pages = 1000, projects = 5, issues = 1000, groups = 10",
        _ => "[site] host = \"acme.atlassian.net\"",
    }
}

/// A world in the making, with the file's own names.
#[derive(Debug)]
struct Loader<'f> {
    file: &'f str,
    world: World,
    /// Slugs of pages.
    pages: HashMap<String, u64>,
    /// Slugs of issues.
    issues: HashMap<String, u64>,
}

/// Between two documents that state no time of their own.
const STEP: Millis = 61_000;

impl<'f> Loader<'f> {
    fn new(file: &'f str, site: &shape::Site) -> Result<Self, LoadError> {
        let id = |what: &str| stable_uuid(&format!("{what} of {}", site.host));
        let mut loader = Self {
            file,
            world: World::new(
                Site {
                    host: site.host.clone(),
                    cloud_id: site.cloud_id.clone().unwrap_or_else(|| id("cloud")),
                    org_id: site.org_id.clone().unwrap_or_else(|| id("organization")),
                    org_name: site.name.clone().unwrap_or_else(|| site.host.clone()),
                    directory_id: id("directory"),
                    time_zone: site.time_zone.clone(),
                    has_jira: site.jira,
                    has_confluence: site.confluence,
                },
                Clock::frozen(0),
            ),
            pages: HashMap::new(),
            issues: HashMap::new(),
        };
        let starts = loader.time("site.starts", &site.starts)?;
        loader.world.clock.set(starts);
        loader.world.install_defaults();
        Ok(loader)
    }

    fn set_switches(&self, wanted: &shape::Switches) {
        let switches = &self.world.switches;
        switches.set_replies_in_site_lists(wanted.comment_replies_in_site_lists);
        switches.set_empty_pages(wanted.empty_pages_with_next);
        switches.set_search_lag(Millis::from(wanted.search_lag_seconds) * 1_000);
    }

    fn error(&self, key: &str, problem: &'static str, value: &str, example: &'static str) -> LoadError {
        let (file, key, value) = (self.file.to_owned(), key.to_owned(), value.to_owned());
        LoadError::Reference { file, key, problem, value, example }
    }

    fn time(&self, key: &str, text: &str) -> Result<Millis, LoadError> {
        let time: Result<jiff::Timestamp, _> = text.parse();
        time.map(jiff::Timestamp::as_millisecond)
            .map_err(|_| self.error(key, "not a time", text, "2026-01-05T09:00:00Z"))
    }

    /// Moves the clock to `at`, or one step on.
    fn tick(&self, key: &str, at: Option<&String>) -> Result<(), LoadError> {
        match at {
            Some(text) => self.world.clock.set(self.time(key, text)?),
            None => self.world.clock.advance(STEP),
        }
        Ok(())
    }

    /// The account of a handle, with or without `@`.
    fn account(&self, key: &str, handle: &str) -> Result<AccountId, LoadError> {
        let id = people::account_id(handle.trim_start_matches('@'));
        let person = self.world.directory.person(&id);
        person.map(|person| person.account_id.clone()).ok_or_else(|| self.error(key, "no such person", handle, "alice"))
    }

    /// The group of a name, with or without `group:`; deleted ones included.
    fn group(&self, key: &str, name: &str) -> Result<GroupId, LoadError> {
        let name = name.strip_prefix("group:").unwrap_or(name);
        let found = self.world.directory.groups.values().find(|group| group.name == name);
        found.map(|group| group.id.clone()).ok_or_else(|| self.error(key, "no such group", name, "group:legal"))
    }
}
