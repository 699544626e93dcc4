//! What a backup says of itself: the first file in it.

use crate::work::{Watch, Watched};
use model::Millis;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

/// The layout of backups that this version makes. A backup of a higher one is refused.
pub(crate) const LAYOUT: u32 = 1;

/// The name of the manifest in the backup.
pub(crate) const MANIFEST: &str = "manifest.json";

/// What a backup says of itself.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Manifest {
    /// How the backup is laid out.
    pub layout: u32,
    /// The version of the program that made it.
    pub version: String,
    /// When it was made.
    pub made_at: Millis,
    /// The life of the store that it is a copy of.
    pub generation: String,
    /// The files in it, in order.
    pub files: Vec<Listed>,
}

/// One file of a backup.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Listed {
    /// Its name.
    pub name: String,
    /// Its size in bytes.
    pub size: u64,
    /// The SHA-256 of its content, in hexadecimal digits.
    pub sha256: String,
    /// For a database: its format.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub format: Option<i64>,
}

impl Listed {
    /// Reads a file and describes it.
    pub(super) fn of(path: &Path, name: &str, format: Option<i64>, watch: &mut Watch<'_>) -> io::Result<Self> {
        let size = std::fs::metadata(path)?.len();
        let mut reader = Watched::new(File::open(path)?, "hashing", size, watch);
        let mut hashing = Hashing::new(io::sink());
        io::copy(&mut reader, &mut hashing)?;
        Ok(Self { name: name.to_owned(), size, sha256: hashing.end(), format })
    }
}

impl Manifest {
    /// As it is written.
    pub(super) fn to_json(&self) -> String {
        serde_json::to_string_pretty(self).unwrap_or_default()
    }

    /// Reads what [`to_json`](Self::to_json) wrote; `None` if this is something else.
    pub(crate) fn of_json(reader: impl Read) -> Option<Self> {
        serde_json::from_reader(reader.take(1 << 20)).ok()
    }

    /// The file of this name.
    pub fn file(&self, name: &str) -> Option<&Listed> {
        self.files.iter().find(|listed| listed.name == name)
    }

    /// Bytes of all files.
    pub fn size(&self) -> u64 {
        self.files.iter().map(|listed| listed.size).sum()
    }
}

/// Writes on, and knows in the end the hash of everything written.
pub(crate) struct Hashing<W> {
    inner: W,
    hash: Sha256,
}

impl<W: io::Write> Hashing<W> {
    pub(crate) fn new(inner: W) -> Self {
        Self { inner, hash: Sha256::new() }
    }

    /// The hash, in hexadecimal digits.
    pub(crate) fn end(self) -> String {
        hex::encode(self.hash.finalize())
    }
}

impl<W: io::Write> io::Write for Hashing<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.inner.write(bytes)?;
        self.hash.update(&bytes[..written]);
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}
