//! Runs the benchmarks' own program.

use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Result, bail};

use crate::command::{cargo, succeeds};
use crate::workspace::Workspace;

/// Builds and runs the `benches` program with the given arguments: a name and, maybe, `--scale N`.
pub(crate) fn run(workspace: &Workspace, arguments: &[String]) -> Result<bool> {
    if !exists(workspace) {
        bail!("the crate `benches` has no program yet");
    }
    // One of them runs the hub as people do.
    let build = ["build", "--quiet", "--release", "--package", "benches", "--package", "fossick", "--bins"];
    if !succeeds(&mut cargo(&workspace.root, &build))? {
        return Ok(false);
    }
    let mut command = Command::new(workspace.built("benches"));
    succeeds(command.args(arguments).current_dir(&workspace.root).stdin(Stdio::null()))
}

/// Whether there is a program to run.
pub(crate) fn exists(workspace: &Workspace) -> bool {
    workspace.member("benches").is_some_and(|member| member.has_binary)
}

/// All benchmarks at 1/20 of their size, with the program that the gate has already built.
///
/// Calling cargo here would build the shared dependencies again with the fewer features that `benches` alone asks for.
pub(crate) fn all_small(workspace: &Workspace) -> Result<bool> {
    run_built(&workspace.built("benches"), &workspace.root)
}

fn run_built(program: &Path, root: &Path) -> Result<bool> {
    let mut command = Command::new(program);
    command.args(["all", "--scale", "20"]).current_dir(root).stdin(Stdio::null());
    succeeds(&mut command)
}
