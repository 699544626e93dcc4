//! A company and what happens in it: drawn from a seed, or kept because it once showed a fault.

use crate::program::root;
use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};
use simulator::clock::Clock;
use simulator::drawn::change::{self, Change};
use simulator::drawn::{self, Size};
use simulator::state::World;
use simulator::world_file;
use std::path::Path;

/// What happens between two looks.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Step {
    /// Somebody changes something; then a cycle completes.
    Change(Change),
    /// Somebody changes something, and the cycle after it is cut off as by a crash.
    Crash(Change),
    /// Somebody changes something, and the cycle after it is refused part of what it asks for.
    Partial(Change),
    /// Somebody changes something, and no cycle confirms anything for longer than permissions are believed.
    Stale(Change),
}

impl Step {
    /// What is changed.
    pub fn change(&self) -> &Change {
        match self {
            Self::Change(change) | Self::Crash(change) | Self::Partial(change) | Self::Stale(change) => change,
        }
    }
}

/// One company with its steps.
#[derive(Clone, Debug, PartialEq)]
pub struct Case {
    /// What it is called: its seed, or its file.
    pub name: String,
    /// The text of its world file.
    pub world: String,
    /// What happens in it.
    pub steps: Vec<Step>,
    /// Whether archived and personal spaces and projects are wanted, too.
    pub wide: bool,
}

#[derive(Deserialize, Serialize)]
struct Kept {
    wide: bool,
    steps: Vec<Step>,
    world: toml::Table,
}

impl Case {
    /// Draws a case.
    ///
    /// # Panics
    /// If the drawn file is no company, which is a defect of the draw.
    pub fn draw(seed: u64, size: Size, steps: usize) -> Self {
        let world = drawn::company(seed, size);
        let mut case = Self { name: format!("seed {seed}"), world, steps: Vec::new(), wide: seed % 2 == 1 };
        let mut playing = case.company().unwrap_or_else(|error| panic!("seed {seed}: {error:#}"));
        let mut rng = fastrand::Rng::with_seed(seed ^ 0x5eed);
        for n in 1..=steps {
            // Draws again until something happens.
            let change = loop {
                let change = change::draw(&playing, size, n, &mut rng);
                if change.apply(&mut playing) {
                    break change;
                }
            };
            case.steps.push(match rng.u8(0..20) {
                0 => Step::Crash(change),
                1 => Step::Partial(change),
                2 => Step::Stale(change),
                _ => Step::Change(change),
            });
        }
        case
    }

    /// The company before anything happens.
    ///
    /// # Errors
    /// If the text is no world file.
    pub fn company(&self) -> Result<World> {
        Ok(world_file::parse(&self.world, &self.name, Clock::system())?)
    }

    /// Reads a kept case.
    ///
    /// # Errors
    /// If there is no such file, or it is wrong.
    pub fn read(path: &Path) -> Result<Self> {
        let text = std::fs::read_to_string(path).with_context(|| format!("cannot read `{}`", path.display()))?;
        let kept: Kept = toml::from_str(&text).with_context(|| format!("`{}` is no kept case", path.display()))?;
        let name = path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
        Ok(Self { name, world: toml::to_string(&kept.world)?, steps: kept.steps, wide: kept.wide })
    }

    /// All kept cases, by name.
    ///
    /// # Errors
    /// If one is wrong.
    pub fn kept() -> Result<Vec<Self>> {
        let files = std::fs::read_dir(root().join("worlds/found")).into_iter().flatten().flatten();
        let mut paths: Vec<_> = files.map(|file| file.path()).collect();
        paths.retain(|path| path.extension().is_some_and(|extension| extension == "toml"));
        paths.sort();
        paths.iter().map(|path| Self::read(path)).collect()
    }

    /// The text under which a case is kept.
    ///
    /// # Errors
    /// If the world is no TOML.
    pub fn text(&self) -> Result<String> {
        let kept = Kept { wide: self.wide, steps: self.steps.clone(), world: toml::from_str(&self.world)? };
        Ok(toml::to_string(&kept)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_case_survives_being_kept() {
        let case = Case::draw(5, Size::SMALL, 10);
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("five.toml");
        std::fs::write(&path, case.text().unwrap()).unwrap();
        let read = Case::read(&path).unwrap();
        assert_eq!((read.steps.clone(), read.wide), (case.steps.clone(), case.wide));
        let worlds = [&case, &read].map(|case| case.company().unwrap());
        let [titles, again] = worlds.each_ref().map(|world| {
            world.confluence.content.values().map(|content| (content.id, content.title.clone())).collect::<Vec<_>>()
        });
        assert_eq!(titles, again);
    }
}
