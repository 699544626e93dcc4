//! Runs the chaos proof, a program of its own in `e2e`.

use std::process::{Command, Stdio};

use anyhow::Result;

use crate::command::{cargo, succeeds};
use crate::workspace::Workspace;

/// Builds all programs, the hub among them, and plays as many seeds as the arguments ask for.
pub(crate) fn run(workspace: &Workspace, arguments: &[String]) -> Result<bool> {
    let programs = ["build", "--quiet", "--release", "--workspace", "--bins"];
    if !succeeds(&mut cargo(&workspace.root, &programs))? {
        return Ok(false);
    }
    let mut chaos = Command::new(workspace.built("chaos"));
    chaos.args(arguments).current_dir(&workspace.root).stdin(Stdio::null());
    succeeds(&mut chaos)
}
