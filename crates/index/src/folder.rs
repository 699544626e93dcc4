//! The folder of the index: one folder per build, and a file that names the one in force.
//!
//! A new build never touches the old one. The name is replaced in one step, then the old folder goes.

use crate::analysis::{ANALYSIS, analyzer};
use crate::schema::{fingerprint, schema};
use access::mutants::off;
use serde::{Deserialize, Serialize};
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use sync::Generation;
use tantivy::Index;

const CURRENT: &str = "CURRENT";
/// Names the build that was found damaged. It may still serve, until another one is in force.
const DAMAGED: &str = "DAMAGED";

/// What each commit says of itself (IDX-2).
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub(crate) struct Payload {
    pub(crate) generation: String,
    pub(crate) sequence: u64,
    pub(crate) schema: String,
}

impl Payload {
    pub(crate) fn new(generation: &Generation, sequence: u64) -> Self {
        Self { generation: generation.0.clone(), sequence, schema: fingerprint() }
    }
}

/// Why a build on the disk cannot be used.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Unusable {
    #[error("there is none yet")]
    Missing,
    #[error("it cannot be read: {0}")]
    Damaged(String),
    #[error("it belongs to another life of the store")]
    OtherGeneration,
    #[error("it was built by another version")]
    OtherSchema,
    #[error("it is ahead of the store: it holds change {found}, the store has given {last}")]
    Ahead { found: u64, last: u64 },
}

/// All builds of one index.
#[derive(Clone, Debug)]
pub(crate) struct Folder(PathBuf);

impl Folder {
    /// The folder, made if it is missing.
    pub(crate) fn open(path: &Path) -> io::Result<Self> {
        fs::create_dir_all(path)?;
        Ok(Self(path.to_owned()))
    }

    /// The name of the build in force.
    pub(crate) fn named(&self) -> Result<String, Unusable> {
        let name = match fs::read(self.0.join(CURRENT)) {
            Ok(name) => String::from_utf8(name).unwrap_or_default().trim().to_owned(),
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Err(Unusable::Missing),
            Err(error) => return Err(Unusable::Damaged(error.to_string())),
        };
        if name.is_empty() || name.contains(['/', '\\', '.']) {
            return Err(Unusable::Damaged("the file that names it is damaged".to_owned()));
        }
        Ok(name)
    }

    /// Opens a build.
    pub(crate) fn build(&self, name: &str) -> tantivy::Result<Index> {
        let index = Index::open_in_dir(self.0.join(name))?;
        index.tokenizers().register(ANALYSIS, analyzer());
        Ok(index)
    }

    /// Notes that a build is damaged, for a start that comes before another one is in force.
    pub(crate) fn note_damage(&self, name: &str) -> io::Result<()> {
        fs::write(self.0.join(DAMAGED), name)
    }

    /// Whether a build was found damaged.
    pub(crate) fn is_damaged(&self, name: &str) -> bool {
        fs::read_to_string(self.0.join(DAMAGED)).is_ok_and(|noted| noted == name)
    }

    /// The build in force with the sequence that it holds, if it fits the store.
    pub(crate) fn current(&self, generation: &Generation, last: u64) -> Result<(String, Index, u64), Unusable> {
        let name = self.named()?;
        let damaged = |error: tantivy::TantivyError| Unusable::Damaged(error.to_string());
        let index = self.build(&name).map_err(damaged)?;
        let payload = index.load_metas().map_err(damaged)?.payload.unwrap_or_default();
        let payload: Payload = serde_json::from_str(&payload).map_err(|_| Unusable::OtherSchema)?;
        if payload.schema != fingerprint() {
            return Err(Unusable::OtherSchema);
        }
        if payload.generation != generation.0 && !off("index.generation") {
            return Err(Unusable::OtherGeneration);
        }
        if payload.sequence > last {
            return Err(Unusable::Ahead { found: payload.sequence, last });
        }
        Ok((name, index, payload.sequence))
    }

    /// An empty build beside the others.
    pub(crate) fn fresh(&self) -> tantivy::Result<(String, Index)> {
        let mut number = 1_u64;
        for entry in fs::read_dir(&self.0)? {
            let known = entry?.file_name().to_str().and_then(|name| name.strip_prefix("build-")?.parse::<u64>().ok());
            number = number.max(known.map_or(1, |known| known + 1));
        }
        let name = format!("build-{number}");
        let path = self.0.join(&name);
        fs::create_dir(&path)?;
        let (schema, _) = schema();
        let index = Index::create_in_dir(&path, schema)?;
        index.tokenizers().register(ANALYSIS, analyzer());
        Ok((name, index))
    }

    /// Puts a build in force, in one step that survives a crash, and removes the others.
    pub(crate) fn put_in_force(&self, name: &str) -> io::Result<()> {
        let draft = self.0.join("CURRENT.new");
        let mut file = fs::File::create(&draft)?;
        file.write_all(name.as_bytes())?;
        file.sync_all()?;
        fs::rename(&draft, self.0.join(CURRENT))?;
        fs::File::open(&self.0)?.sync_all()?;
        match fs::remove_file(self.0.join(DAMAGED)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        self.remove_others(name)
    }

    /// Removes every build but this one. What a search still reads stays readable until it ends.
    pub(crate) fn remove_others(&self, name: &str) -> io::Result<()> {
        for entry in fs::read_dir(&self.0)? {
            let entry = entry?;
            let other = entry.file_name();
            if other.to_str().is_some_and(|other| other.starts_with("build-") && other != name) {
                fs::remove_dir_all(entry.path())?;
            }
        }
        Ok(())
    }
}
