//! Runs the chaos proof, a program of its own in `e2e`.

use std::process::{Command, Stdio};

use anyhow::Result;

use crate::command::{cargo, succeeds};
use crate::workspace::Workspace;

/// Builds all programs, the hub among them, and plays as many seeds as the arguments ask for. With `--mutants` they are
/// built with the switches that turn rules off, into a folder of its own, so that no program with switches ever lies
/// where the product lies.
pub(crate) fn run(workspace: &Workspace, arguments: &[String]) -> Result<bool> {
    let mutants = arguments.iter().any(|word| word == "--mutants");
    let apart = workspace.target.join("mutants");
    let folder = apart.display().to_string();
    let mut programs = vec!["build", "--quiet", "--release", "--workspace", "--bins"];
    if mutants {
        programs.extend(["--features", "e2e/mutants", "--target-dir", &folder]);
    }
    if !succeeds(&mut cargo(&workspace.root, &programs))? {
        return Ok(false);
    }
    let built = if mutants { apart.join("release").join("chaos") } else { workspace.built("chaos") };
    let mut chaos = Command::new(built);
    chaos.args(arguments).current_dir(&workspace.root).stdin(Stdio::null());
    succeeds(&mut chaos)
}
