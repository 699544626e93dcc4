//! The one gate: every check that a change must pass, in an order that builds each thing once.
//!
//! All builds use the release profile and name the whole workspace: cargo chooses the features of shared dependencies
//! by the set of packages that it is asked for, so that asking for fewer would compile them again.

use std::num::NonZero;
use std::process::Command;

use anyhow::Result;

use crate::command::{cargo, succeeds, watched};
use crate::settings::Settings;
use crate::tally::Tally;
use crate::timing::{Outcome, Timing};
use crate::workspace::Workspace;
use crate::{bench, setup, skips, tidy};

/// Runs all steps and prints the table and the closing line. `quick` leaves out documentation, integration tests and
/// benchmarks.
///
/// A failed check does not stop the others, so that one run shows all that is wrong; a failed build does.
pub(crate) fn run(workspace: &Workspace, settings: &Settings, quick: bool) -> Result<bool> {
    let mut timing = Timing::default();
    let mut tally = Tally::default();
    timing.step("setup", || {
        let complete = setup::run(workspace).complete();
        Ok(if complete { Outcome::Ok } else { Outcome::Skipped })
    });
    timing.step("format", || checked(&mut cargo(&workspace.root, &["fmt", "--all", "--check"])));
    timing.step("tidy", || Ok(Outcome::of(tidy::run(workspace)?)));
    timing.step("lints", || checked(&mut lints(workspace, settings)));
    if !quick {
        timing.step("documentation", || checked(&mut documentation(workspace)));
    }
    let built = timing.step("build", || checked(&mut build(workspace, settings, quick)));
    if built == Outcome::Ok {
        timing.step("tests", || tests(workspace, settings, quick, &mut tally));
        if !quick {
            timing.step("benchmarks", || benchmarks(workspace));
        }
    }
    print!("{}", timing.table());
    println!("{}", tally.summary());
    Ok(timing.succeeded())
}

fn checked(command: &mut Command) -> Result<Outcome> {
    Ok(Outcome::of(succeeds(command)?))
}

/// Adds `--locked` where nobody would notice that a build rewrote `Cargo.lock`.
fn cargo_locked(workspace: &Workspace, settings: &Settings, arguments: &[&str]) -> Command {
    let mut command = cargo(&workspace.root, arguments);
    if settings.ci {
        command.arg("--locked");
    }
    command
}

fn lints(workspace: &Workspace, settings: &Settings) -> Command {
    let mut command = cargo_locked(workspace, settings, &["clippy", "--release", "--workspace", "--all-targets"]);
    command.args(["--", "--deny", "warnings"]);
    command
}

fn documentation(workspace: &Workspace) -> Command {
    let arguments = ["doc", "--release", "--workspace", "--no-deps", "--document-private-items"];
    let mut command = cargo(&workspace.root, &arguments);
    command.env("RUSTDOCFLAGS", "--deny warnings");
    command
}

/// Programs too, not only tests: the stories run the `fossick` program, and the benchmarks are one.
fn build(workspace: &Workspace, settings: &Settings, quick: bool) -> Command {
    let everything = ["build", "--release", "--workspace", "--all-targets"];
    let unit_tests = ["test", "--release", "--workspace", "--lib", "--bins", "--no-run"];
    cargo_locked(workspace, settings, if quick { &unit_tests } else { &everything })
}

fn tests(workspace: &Workspace, settings: &Settings, quick: bool, tally: &mut Tally) -> Result<Outcome> {
    let mut command = cargo_locked(workspace, settings, &["test", "--release", "--workspace", "--no-fail-fast"]);
    if quick {
        command.args(["--lib", "--bins"]);
    }
    // Stories mostly wait: for programs, for sources that are slow on purpose, for what is tried again later.
    let cores = std::thread::available_parallelism().map_or(1, NonZero::get);
    command.env("RUST_TEST_THREADS", (2 * cores).to_string());
    command.args(["--", "--show-output"]);
    let success = watched(&mut command, |stream, line| tally.line(stream, line))?;
    for (name, reason) in &tally.skipped {
        println!("skipped: {name}: {reason}");
    }
    let mut unlisted = Vec::new();
    if settings.ci {
        unlisted = skips::without_leave(&tally.skipped, &skips::allowed(&workspace.root)?);
    }
    for problem in &unlisted {
        println!("{problem}");
    }
    Ok(Outcome::of(success && tally.failed == 0 && unlisted.is_empty()))
}

fn benchmarks(workspace: &Workspace) -> Result<Outcome> {
    if !bench::exists(workspace) {
        println!("the crate `benches` has no program yet");
        return Ok(Outcome::Skipped);
    }
    Ok(Outcome::of(bench::all_small(workspace)?))
}
