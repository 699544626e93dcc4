//! The files of a backup, taken out and held against its manifest.

use super::{PLACED, RestoreError, refused};
use crate::backup::{Hashing, LAYOUT, Listed, MANIFEST, Manifest, private_file};
use crate::migrate;
use crate::open::{CONTENT_FILE, HUB_FILE};
use crate::work::{Watch, Watched};
use std::fs::File;
use std::io::{self, BufReader};
use std::path::Path;
use tar::{Archive, Entry};

fn no_backup(from: &Path, reason: &dyn std::fmt::Display) -> RestoreError {
    RestoreError::NoBackup { path: from.to_owned(), reason: reason.to_string() }
}

fn open(from: &Path) -> Result<Archive<BufReader<File>>, RestoreError> {
    let file = File::open(from).map_err(|error| no_backup(from, &error))?;
    if file.metadata().is_ok_and(|found| found.is_dir()) {
        return Err(no_backup(from, &"it is a folder"));
    }
    Ok(Archive::new(BufReader::with_capacity(1 << 20, file)))
}

fn is_called<R: io::Read>(entry: &Entry<'_, R>, name: &str) -> bool {
    *entry.path_bytes() == *name.as_bytes()
}

/// Reads and judges the manifest, and nothing else.
pub(super) fn manifest(from: &Path) -> Result<Manifest, RestoreError> {
    let mut archive = open(from)?;
    let mut entries = archive.entries().map_err(|error| no_backup(from, &error))?;
    let first = entries.next().and_then(Result::ok).filter(|entry| is_called(entry, MANIFEST));
    let Some(first) = first else { return Err(no_backup(from, &"it does not begin with a manifest")) };
    let Some(manifest) = Manifest::of_json(first) else {
        return Err(no_backup(from, &"its manifest cannot be read"));
    };
    let newer = || RestoreError::Newer { version: manifest.version.clone() };
    if manifest.layout > LAYOUT {
        return Err(newer());
    }
    for (name, steps) in [(CONTENT_FILE, migrate::CONTENT), (HUB_FILE, migrate::HUB)] {
        let format = manifest.file(name).and_then(|listed| listed.format);
        let Some(format) = format else { return Err(no_backup(from, &format!("its manifest does not list `{name}`"))) };
        if format > migrate::newest(steps) {
            return Err(newer());
        }
    }
    match manifest.files.iter().find(|listed| !PLACED.contains(&listed.name.as_str())) {
        Some(strange) => Err(no_backup(from, &format!("its manifest lists `{}`", strange.name))),
        None => Ok(manifest),
    }
}

/// Takes out exactly what the manifest lists, and checks each size and hash.
pub(super) fn files(from: &Path, manifest: &Manifest, stage: &Path, watch: &mut Watch<'_>) -> Result<(), RestoreError> {
    let mut archive = open(from)?;
    let mut entries = archive.entries().map_err(|error| no_backup(from, &error))?.skip(1);
    for listed in &manifest.files {
        let damaged = |reason: &str| RestoreError::Damaged { file: listed.name.clone(), reason: reason.to_owned() };
        let entry = match entries.next() {
            Some(Ok(entry)) if is_called(&entry, &listed.name) => entry,
            Some(Ok(_)) => return Err(damaged("is not where the manifest says")),
            Some(Err(_)) | None => return Err(damaged("is missing")),
        };
        let (size, hash) = take(entry, listed, &stage.join(&listed.name), watch)?;
        if size != listed.size {
            return Err(damaged("is cut off"));
        }
        if hash != listed.sha256 {
            return Err(damaged("does not have the hash that the manifest names"));
        }
    }
    Ok(())
}

/// Copies one file, at most as long as it should be; what came of it.
fn take(
    entry: impl io::Read,
    listed: &Listed,
    to: &Path,
    watch: &mut Watch<'_>,
) -> Result<(u64, String), RestoreError> {
    let mut reader = Watched::new(entry.take(listed.size), "unpacking", listed.size, watch);
    let mut hashing = Hashing::new(private_file(to).map_err(refused(to))?);
    // A backup that ends in the middle reads as an error here, and as a file that is too short without one.
    let copied = io::copy(&mut reader, &mut hashing);
    let size = match copied {
        Ok(size) => size,
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => 0,
        Err(error) => return Err(refused(to)(error)),
    };
    Ok((size, hashing.end()))
}
