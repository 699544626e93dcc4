//! The proof of permissions on demand, and the hunt for rules that nothing proves.

use anyhow::{Result, bail};

use crate::command::{cargo, succeeds};
use crate::workspace::Workspace;

/// Builds and runs the program `prove`. With `--mutants` it is built with the switches that turn rules off, into a folder
/// of its own, so that no program with switches ever lies where the product lies.
pub(crate) fn run(workspace: &Workspace, arguments: &[String]) -> Result<bool> {
    if workspace.member("e2e").is_none() {
        bail!("the crate `e2e` is missing");
    }
    let mutants = arguments.iter().any(|word| word == "--mutants");
    let apart = workspace.target.join("mutants").display().to_string();
    let mut words = vec!["run", "--quiet", "--release", "--package", "e2e", "--bin", "prove"];
    if mutants {
        words.extend(["--features", "mutants", "--target-dir", &apart]);
    }
    words.push("--");
    words.extend(arguments.iter().map(String::as_str));
    succeeds(&mut cargo(&workspace.root, &words))
}
