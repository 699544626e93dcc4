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
    let mut words = vec!["run", "--quiet", "--release", "--package", "benches", "--"];
    words.extend(arguments.iter().map(String::as_str));
    succeeds(&mut cargo(&workspace.root, &words))
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
