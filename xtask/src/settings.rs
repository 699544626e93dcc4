//! The only place where the tools read the environment.

use std::path::PathBuf;

/// What the surroundings say about this run.
#[derive(Debug, Default)]
pub(crate) struct Settings {
    /// `CI=true`: nobody reads the log line by line, so a test that was skipped without leave fails the run and
    /// `Cargo.lock` may not change.
    pub(crate) ci: bool,
    /// `FOSSICK_REAL_DATA`: the folder with real issues and pages, where this machine has one.
    pub(crate) real_data: Option<PathBuf>,
}

impl Settings {
    /// Reads `CI` and `FOSSICK_REAL_DATA`. An empty value counts as unset.
    pub(crate) fn from_environment() -> Self {
        let read = |name| std::env::var_os(name).filter(|value| !value.is_empty());
        Self {
            ci: read("CI").is_some_and(|value| value == "true" || value == "1"),
            real_data: read("FOSSICK_REAL_DATA").map(PathBuf::from),
        }
    }
}
