//! The workspace as cargo and git see it: its crates, what they depend on, and its files.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};
use serde_json::Value;

use crate::command::{cargo, output_of};

/// Where a dependency is used.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Use {
    /// In the crate itself or its build script.
    Product,
    /// In its tests only.
    Tests,
}

/// One line of a crate's dependency table.
#[derive(Clone, Debug)]
pub(crate) struct Dependency {
    /// The name under which the code knows it.
    pub(crate) name: String,
    /// Whether it is a crate of this workspace.
    pub(crate) ours: bool,
    pub(crate) used: Use,
    /// Features that the line turns on.
    pub(crate) features: Vec<String>,
}

/// A member of the workspace.
#[derive(Clone, Debug)]
pub(crate) struct Crate {
    pub(crate) name: String,
    /// Its folder relative to the root, such as `crates/access`.
    pub(crate) folder: String,
    pub(crate) dependencies: Vec<Dependency>,
    pub(crate) has_binary: bool,
    /// What its feature `default` turns on.
    pub(crate) default_features: Vec<String>,
}

/// Everything that the tools need to know about the checkout.
#[derive(Debug)]
pub(crate) struct Workspace {
    pub(crate) root: PathBuf,
    pub(crate) target: PathBuf,
    pub(crate) crates: Vec<Crate>,
}

impl Workspace {
    /// Asks cargo about the checkout around the current directory. Fails outside one, or where a manifest is broken.
    pub(crate) fn load() -> Result<Self> {
        let text = output_of(&mut cargo(Path::new("."), &["metadata", "--format-version", "1", "--no-deps"]))?;
        let metadata: Value = serde_json::from_str(&text).context("cargo metadata is not JSON")?;
        let root = PathBuf::from(string(&metadata, "workspace_root")?);
        let target = PathBuf::from(string(&metadata, "target_directory")?);
        let packages = metadata["packages"].as_array().context("cargo metadata names no packages")?;
        let crates = packages.iter().map(|package| read_crate(package, &root)).collect::<Result<_>>()?;
        Ok(Self { root, target, crates })
    }

    /// All files that are, or could be, under version control, relative to the root, with `/`, sorted.
    pub(crate) fn files(&self) -> Result<Vec<String>> {
        let mut git = Command::new("git");
        git.args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"]).current_dir(&self.root);
        let mut files: Vec<String> = output_of(&mut git)?
            .split('\0')
            .filter(|name| !name.is_empty() && self.root.join(name).is_file())
            .map(str::to_owned)
            .collect();
        files.sort();
        files.dedup();
        Ok(files)
    }

    /// A program of this workspace as the release profile builds it.
    pub(crate) fn built(&self, program: &str) -> PathBuf {
        self.target.join("release").join(program)
    }

    /// The member with this name, where there is one.
    pub(crate) fn member(&self, name: &str) -> Option<&Crate> {
        self.crates.iter().find(|member| member.name == name)
    }
}

fn read_crate(package: &Value, root: &Path) -> Result<Crate> {
    let manifest = PathBuf::from(string(package, "manifest_path")?);
    let folder = manifest.parent().and_then(|folder| folder.strip_prefix(root).ok());
    let folder = folder.with_context(|| format!("`{}` lies outside the workspace", manifest.display()))?;
    let dependencies = package["dependencies"].as_array().map(Vec::as_slice).unwrap_or_default();
    let targets = package["targets"].as_array().map(Vec::as_slice).unwrap_or_default();
    Ok(Crate {
        name: string(package, "name")?,
        folder: folder.to_string_lossy().replace('\\', "/"),
        dependencies: dependencies.iter().map(read_dependency).collect::<Result<_>>()?,
        has_binary: targets
            .iter()
            .any(|target| target["kind"].as_array().is_some_and(|kinds| kinds.iter().any(|kind| kind == "bin"))),
        default_features: strings(&package["features"]["default"]),
    })
}

fn read_dependency(dependency: &Value) -> Result<Dependency> {
    let name = dependency["rename"].as_str().or(dependency["name"].as_str());
    Ok(Dependency {
        name: name.context("a dependency has no name")?.to_owned(),
        ours: dependency["path"].is_string(),
        used: if dependency["kind"] == "dev" { Use::Tests } else { Use::Product },
        features: strings(&dependency["features"]),
    })
}

fn strings(list: &Value) -> Vec<String> {
    list.as_array().into_iter().flatten().filter_map(|text| Some(text.as_str()?.to_owned())).collect()
}

fn string(value: &Value, key: &str) -> Result<String> {
    Ok(value[key].as_str().with_context(|| format!("cargo metadata has no `{key}`"))?.to_owned())
}
