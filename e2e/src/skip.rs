//! Tests that need what a machine may lack: they pass, but say so in the line that `cargo xtask test` counts.

use crate::program;
use std::path::PathBuf;
use std::process::{Command, Stdio};

/// Says that a test did not run. `test` is its full name.
pub fn skipped(test: &str, reason: &str) {
    println!("SKIPPED: {test}: {reason}");
}

/// The Python that holds the clients of `clients/requirements.txt`, if `cargo xtask setup` has made it.
pub fn python() -> Option<PathBuf> {
    let path = program::target().join("clients-venv/bin/python");
    let ready = Command::new(&path)
        .args(["-c", "import jira, atlassian"])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    ready.is_ok_and(|status| status.success()).then_some(path)
}

/// A Chromium on the path.
pub fn chromium() -> Option<&'static str> {
    ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"].into_iter().find(|name| {
        let started = Command::new(name).arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status();
        started.is_ok_and(|status| status.success())
    })
}
