//! What the tests need beyond cargo: a browser and, for clients written by others, Python packages.
//!
//! Missing things are installed where this process may (root on a Debian-like system); elsewhere they are named, and
//! the tests that need them say `SKIPPED`. Where things are found is a contract with `e2e`: a Chromium on the `PATH`,
//! and the Python of the environment in `clients-venv` under cargo's target directory.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::command::{cargo, quietly_succeeds, succeeds};
use crate::workspace::Workspace;

/// The Python packages of clients written by others, relative to the root.
const REQUIREMENTS: &str = "e2e/clients/requirements.txt";
/// The Python environment, relative to the target directory.
const ENVIRONMENT: &str = "clients-venv";
const BROWSERS: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
/// The second is Debian's own, for machines whose first lacks the `venv` module.
const PYTHONS: [&str; 2] = ["python3", "/usr/bin/python3"];

/// What could not be provided, in words.
#[derive(Debug, Default)]
pub(crate) struct Provided {
    missing: Vec<String>,
}

impl Provided {
    /// Whether every test can run.
    pub(crate) fn complete(&self) -> bool {
        self.missing.is_empty()
    }

    fn note(&mut self, what: &str, result: Result<()>) {
        match result {
            Ok(()) => println!("{what}: ready"),
            Err(error) => {
                println!("{what}: MISSING, tests that need it will be skipped: {error:#}");
                self.missing.push(what.to_owned());
            }
        }
    }
}

/// Checks and, where possible, installs.
pub(crate) fn run(workspace: &Workspace) -> Provided {
    let mut provided = Provided::default();
    let mut packages = Packages { lists_read: false };
    provided.note("rustfmt and clippy", toolchain(&workspace.root));
    provided.note("browser", browser(&mut packages));
    if workspace.root.join(REQUIREMENTS).is_file() {
        provided.note("clients in Python", clients(workspace, &mut packages));
    }
    provided
}

fn toolchain(root: &Path) -> Result<()> {
    for (component, subcommand) in [("rustfmt", "fmt"), ("clippy", "clippy")] {
        if quietly_succeeds(&mut cargo(root, &[subcommand, "--version"])) {
            continue;
        }
        if !succeeds(Command::new("rustup").args(["component", "add", component]))? {
            bail!("`rustup component add {component}` failed");
        }
    }
    Ok(())
}

fn browser(packages: &mut Packages) -> Result<()> {
    let found = || BROWSERS.iter().any(|name| quietly_succeeds(Command::new(name).arg("--version")));
    if found() {
        return Ok(());
    }
    packages.install(&["chromium"])?;
    if !found() {
        bail!("chromium was installed but does not start");
    }
    Ok(())
}

fn clients(workspace: &Workspace, packages: &mut Packages) -> Result<()> {
    let requirements = workspace.root.join(REQUIREMENTS);
    let wanted = std::fs::read_to_string(&requirements).with_context(|| format!("could not read `{REQUIREMENTS}`"))?;
    let environment = workspace.target.join(ENVIRONMENT);
    // Written last, so that an interrupted installation is not taken for a finished one.
    let stamp = environment.join("installed-requirements.txt");
    if std::fs::read_to_string(&stamp).is_ok_and(|installed| installed == wanted) {
        return Ok(());
    }
    let python = python(packages)?;
    if environment.exists() {
        std::fs::remove_dir_all(&environment)
            .with_context(|| format!("could not clear `{}`", environment.display()))?;
    }
    if !succeeds(Command::new(python).args(["-m", "venv"]).arg(&environment))? {
        bail!("could not make the Python environment `{}`", environment.display());
    }
    let mut pip = Command::new(environment.join("bin/python"));
    pip.args(["-m", "pip", "install", "--quiet", "--no-input", "--disable-pip-version-check", "--requirement"]);
    if !succeeds(pip.arg(&requirements))? {
        bail!("could not install `{REQUIREMENTS}`");
    }
    std::fs::write(&stamp, wanted).with_context(|| format!("could not write `{}`", stamp.display()))
}

/// A Python that can make environments.
fn python(packages: &mut Packages) -> Result<PathBuf> {
    let found = || {
        PYTHONS
            .iter()
            .find(|name| quietly_succeeds(Command::new(name).args(["-c", "import venv, ensurepip"])))
            .map(PathBuf::from)
    };
    if let Some(python) = found() {
        return Ok(python);
    }
    packages.install(&["python3", "python3-venv"])?;
    found().context("python3 was installed but has no `venv` module")
}

/// The system's packages; its lists are read once, and only when something is missing.
struct Packages {
    lists_read: bool,
}

impl Packages {
    fn install(&mut self, names: &[&str]) -> Result<()> {
        if !quietly_succeeds(Command::new("apt-get").arg("--version")) {
            bail!("no apt-get here; please install {} by hand", names.join(", "));
        }
        if !is_root() {
            bail!("not root; please run `apt-get install {}`", names.join(" "));
        }
        if !self.lists_read {
            self.lists_read = succeeds(apt().args(["update", "--quiet=2"]))?;
        }
        if !succeeds(apt().args(["install", "--yes", "--quiet=2", "--no-install-recommends"]).args(names))? {
            bail!("`apt-get install {}` failed", names.join(" "));
        }
        Ok(())
    }
}

fn apt() -> Command {
    let mut command = Command::new("apt-get");
    command.env("DEBIAN_FRONTEND", "noninteractive").stdin(std::process::Stdio::null());
    command
}

fn is_root() -> bool {
    let output = Command::new("id").arg("-u").output();
    output.is_ok_and(|output| output.stdout.trim_ascii() == b"0")
}
